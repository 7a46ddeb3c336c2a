"""Copies of the central, taken while it serves, the same file for SQLite and for PostgreSQL.

A copy is one zstd stream of msgpack values: a header, each table's name, columns and rows in
portions, an end mark, then the SHA-256 of all this. It holds the accounts and the signing keys:
only its owner can read the file.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, BinaryIO, cast

import msgspec
from sqlalchemy import Connection, MetaData, Table, inspect, select
from sqlalchemy.exc import InternalError, OperationalError, SQLAlchemyError

from app.central.database import Database
from app.central.lineage import begin_epoch
from app.central.migration import HEAD, KNOWN, upgrade, version
from app.central.schema import metadata
from app.central.signing import add_later, chain
from app.clock import stamp
from app.errors import UserError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

FORMAT = "commissions-central"
_ROWS = 500  # in one portion
_LARGE = {"chunks": 1, "batches": 20, "bulk_revisions": 20}
"""Rows per portion where a row may take megabytes: a portion is in memory several times over."""

_SEAL = sha256().digest_size
_PIECE = 1 << 20  # bytes read at once


class Header(msgspec.Struct, tag="header"):
    """What stands first in a copy; `schema` is the revision of its tables."""

    format: str
    version: int
    schema: str
    made_at: str


class Rows(msgspec.Struct, tag="rows"):
    """Some rows of a table, in the order of the columns."""

    table: str
    columns: list[str]
    rows: Annotated[list[list[Any]], msgspec.Meta(min_length=1)]


class End(msgspec.Struct, tag="end"):
    """What stands last: a copy without it was cut short."""

    rows: int


_Part = Header | Rows | End
_decode = msgspec.msgpack.Decoder(_Part).decode


def save(database: Database, file: Path, now: datetime) -> None:
    """Writes a consistent copy, under another name first; UserError when it cannot be written.

    An older program's tables are copied as they are, so that it can restore the copy.
    """
    beside = file.with_name(file.name + ".partial")
    try:
        descriptor = os.open(beside, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as raw:
            with zstd.open(raw, "wb") as stream:
                _write(database, cast(BinaryIO, stream), now)
            raw.flush()
            os.fsync(raw.fileno())
        beside.replace(file)
    except OSError as error:
        raise UserError(
            f"La sauvegarde « {file} » ne peut être écrite : vérifiez la place et les droits, ou"
            " choisissez un autre endroit."
        ) from error
    finally:
        with suppress(OSError):  # already renamed, or its folder does not exist
            beside.unlink()


def _write(database: Database, stream: BinaryIO, now: datetime) -> None:
    seal = sha256()
    for part in _content(database, now):
        framed = _framed(part)
        seal.update(framed)
        stream.write(framed)
    stream.write(seal.digest())


def _content(database: Database, now: datetime) -> Iterator[_Part]:
    count = 0
    with database.snapshot() as connection:
        found = version(connection)
        assert found is not None
        yield Header(format=FORMAT, version=1, schema=found, made_at=stamp(now))
        present = {*inspect(connection).get_table_names()}
        for table in metadata.sorted_tables:  # its columns are the same in every known schema
            if table.name not in present:
                continue  # a later schema adds it
            columns = [str(column.name) for column in table.columns]
            at_once = _LARGE.get(table.name, _ROWS)
            query = select(table).execution_options(yield_per=at_once)
            for some in connection.execute(query).partitions():
                count += len(some)
                yield Rows(str(table.name), columns, [list(row) for row in some])
        yield End(count)


def _framed(part: _Part) -> bytes:
    body = msgspec.msgpack.encode(part)
    return len(body).to_bytes(8, "big") + body


@dataclass(frozen=True)
class Contents:
    """What a whole copy holds: the rows of each table that has any."""

    made_at: str
    schema: str
    rows: dict[str, int]


def check(file: Path) -> None:
    """UserError when the checksum shows that the copy is not whole, or a newer program made it."""
    with _opened(file) as stream:
        _check_seal(stream)
    with _opened(file) as stream:
        _check_header(_parts(stream))


def contents(file: Path) -> Contents:
    """What a copy holds, read whole; UserError as in `check`."""
    check(file)
    rows: Counter[str] = Counter()
    with _opened(file) as stream:
        parts = _parts(stream)
        header = _check_header(parts)
        for part in parts:
            if isinstance(part, Rows):
                rows[part.table] += len(part.rows)
    return Contents(header.made_at, header.schema, dict(rows))


def restore(database: Database, file: Path) -> str:
    """Replaces all that the central holds with a copy, in one transaction; gives the new epoch.

    Signing keys made since the copy are kept, so that laptops still trust the receipts.
    UserError as in `check`, with nothing changed.
    """
    check(file)
    with _opened(file) as stream:
        return _read(database, _parts(stream))


@contextmanager
def _opened(file: Path) -> Iterator[BinaryIO]:
    """Opens a copy to read; UserError when reading shows that it is not a whole one."""
    try:
        with file.open("rb") as raw, zstd.open(raw, "rb") as stream:
            yield cast(BinaryIO, stream)
    except (OperationalError, InternalError):  # of the database, not of the copy
        raise
    except OSError as error:
        raise UserError(
            f"Le fichier « {file} » ne peut être lu : vérifiez son nom, et que ce compte peut le"
            " lire (« sudo -u »)."
        ) from error
    except _FAULTS as error:
        raise UserError(
            f"« {file} » n'est pas une sauvegarde entière du central : rien n'a été modifié."
        ) from error


_FAULTS = (
    EOFError,
    KeyError,
    MemoryError,
    OverflowError,
    TypeError,
    ValueError,
    SQLAlchemyError,
    msgspec.DecodeError,
    zstd.ZstdError,
)
"""What reading a copy or writing its rows may raise: a right checksum proves no right content."""


def _check_seal(stream: BinaryIO) -> None:
    seal, last = sha256(), b""
    while piece := stream.read(_PIECE):
        last += piece
        seal.update(last[:-_SEAL])
        last = last[-_SEAL:]
    if last != seal.digest():
        raise ValueError("another checksum")


def _parts(stream: BinaryIO) -> Iterator[_Part]:
    while True:
        size = int.from_bytes(stream.read(8), "big")
        part = _decode(stream.read(size))
        yield part
        if isinstance(part, End):
            return


def _check_header(parts: Iterator[_Part]) -> Header:
    header = next(parts)
    if not isinstance(header, Header) or header.format != FORMAT:
        raise ValueError("not a copy of a central")
    if header.version != 1 or header.schema not in KNOWN:
        raise UserError(
            "Cette sauvegarde vient d'une version plus récente du programme : mettez-le à jour,"
            " rien n'a été modifié."
        )
    return header


def _read(database: Database, parts: Iterator[_Part]) -> str:
    header = _check_header(parts)
    with database.writing() as connection:
        keys = chain(connection)
        tables = _emptied(connection, header.schema)
        count = 0
        for part in parts:
            if isinstance(part, Rows):
                count += len(part.rows)
                _insert(connection, tables[part.table], part)
            elif isinstance(part, End) and part.rows != count:
                raise ValueError("rows are missing")
        upgrade(connection, HEAD)
        add_later(connection, keys)
        return begin_epoch(connection)


def _insert(connection: Connection, table: Table, part: Rows) -> None:
    if {*part.columns} != {*table.columns.keys()}:
        raise ValueError("other columns")
    rows = [dict(zip(part.columns, row, strict=True)) for row in part.rows]
    connection.execute(table.insert(), rows)


_TURNS = 20

_TURN = "500ms"
"""Less than PostgreSQL's `deadlock_timeout` (1 s), after which it aborts one side of a deadlock."""


def _take(connection: Connection, tables: Iterable[Table]) -> None:
    """Locks every table of PostgreSQL for the restore, once no running request holds any.

    A failed turn releases the tables it locked: the running request may be waiting for one.
    """
    named = ", ".join(map(connection.dialect.identifier_preparer.format_table, tables))
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_TURN}'")
    for turn in range(_TURNS):
        try:
            with connection.begin_nested():
                connection.exec_driver_sql(f"LOCK TABLE {named}")
            return
        except OperationalError:
            if turn == _TURNS - 1:
                raise


def _emptied(connection: Connection, schema: str) -> Mapping[str, Table]:
    """Drops every table, and gives the empty ones made in their place at a schema."""
    present = MetaData()
    present.reflect(connection)
    if connection.dialect.name == "postgresql" and present.tables:
        _take(connection, present.tables.values())
    present.drop_all(connection)
    upgrade(connection, schema)
    past = MetaData()
    past.reflect(connection)
    return past.tables
