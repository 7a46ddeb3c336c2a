"""Copies of the central, taken while it serves, the same file for SQLite and for PostgreSQL.

A copy is one zstd stream of msgpack values: a header, then each table's name, columns and rows in
portions. It holds the accounts and the signing key: it is written readable by its owner alone.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

import msgspec
from sqlalchemy import Connection, MetaData, Table, select

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
    rows: list[list[Any]]


class End(msgspec.Struct, tag="end"):
    """What stands last: a copy without it was cut short."""

    rows: int


_Part = Header | Rows | End
_decode = msgspec.msgpack.Decoder(_Part).decode


def save(database: Database, file: Path, now: datetime) -> None:
    """Writes a consistent copy, beside the file first; UserError when it cannot be written."""
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
            f"La sauvegarde « {file} » ne peut être écrite : choisissez un autre endroit."
        ) from error
    finally:
        with suppress(OSError):  # it took its place, or its folder is not there
            beside.unlink()


def _write(database: Database, stream: BinaryIO, now: datetime) -> None:
    count = 0
    with database.snapshot() as connection:
        found = version(connection)
        assert found is not None
        _put(stream, Header(format=FORMAT, version=1, schema=found, made_at=stamp(now)))
        for table in metadata.sorted_tables:
            columns = [str(column.name) for column in table.columns]
            query = select(table).execution_options(yield_per=_ROWS)
            for some in connection.execute(query).partitions():
                count += len(some)
                _put(stream, Rows(str(table.name), columns, [list(row) for row in some]))
        _put(stream, End(count))


def _put(stream: BinaryIO, part: _Part) -> None:
    body = msgspec.msgpack.encode(part)
    stream.write(len(body).to_bytes(8, "big") + body)


def restore(database: Database, file: Path) -> str:
    """Replaces all that the central holds by a copy, in one transaction; gives the new epoch.

    The signing keys made since the copy stay, so that laptops still believe the receipts.
    UserError when the file is no whole copy, or of a newer program: nothing is changed then.
    """
    try:
        with file.open("rb") as raw, zstd.open(raw, "rb") as stream:
            return _read(database, _parts(cast(BinaryIO, stream)))
    except OSError as error:
        raise UserError(f"Le fichier « {file} » ne peut être lu : vérifiez son nom.") from error
    except (zstd.ZstdError, msgspec.DecodeError, EOFError) as error:
        raise UserError(
            f"« {file} » n'est pas une sauvegarde entière du central : rien n'a été modifié."
        ) from error


def _parts(stream: BinaryIO) -> Iterator[_Part]:
    while True:
        head = stream.read(8)
        if len(head) < 8:
            raise EOFError("cut short")
        size = int.from_bytes(head, "big")
        body = stream.read(size)
        if len(body) < size:
            raise EOFError("cut short")
        part = _decode(body)
        yield part
        if isinstance(part, End):
            return


def _read(database: Database, parts: Iterator[_Part]) -> str:
    header = next(parts)
    if not isinstance(header, Header) or header.format != FORMAT:
        raise EOFError("not a copy of a central")
    if header.version != 1 or header.schema not in KNOWN:
        raise UserError(
            "Cette sauvegarde vient d'une version plus récente du programme : mettez-le à jour,"
            " rien n'a été modifié."
        )
    with database.writing() as connection:
        keys = chain(connection)
        tables = _emptied(connection, header.schema)
        count = 0
        for part in parts:
            if isinstance(part, Rows):
                count += len(part.rows)
                rows = [dict(zip(part.columns, row, strict=True)) for row in part.rows]
                connection.execute(tables[part.table].insert(), rows)
            elif isinstance(part, End) and part.rows != count:
                raise EOFError("rows are missing")
        upgrade(connection, HEAD)
        add_later(connection, keys)
        return begin_epoch(connection)


def _emptied(connection: Connection, schema: str) -> Mapping[str, Table]:
    """The tables as they were at a schema, without rows."""
    present = MetaData()
    present.reflect(connection)
    present.drop_all(connection)
    upgrade(connection, schema)
    past = MetaData()
    past.reflect(connection)
    return past.tables
