"""Reads all that is still readable of a workspace's database, table by table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Column, Integer, LargeBinary, Table
from sqlcipher3 import dbapi2

from app.domain.records import KINDS, SCHEMA
from app.domain.validation import is_id
from app.storage import tables
from app.storage.btree import Row, Tree
from app.storage.pages import Pages
from app.storage.rows import changes_in, object_in

Line = dict[str, Any]
"""A row by the names of its columns."""

_JSON = {
    "setting": ("value",),
    "central_link": ("value",),
    "outbox": ("edits",),
    "receipt": ("content",),
}
_FORMERLY = {  # up to schema 0003 these stood in the table `record`
    "content": {"fields": "fields"},
    "base": {"fields": "base", "deleted": "base_deleted"},
}
_STRAY = (tables.record, tables.content, tables.history)
_APART = (tables.blob, tables.link)  # blobs are read one at a time, see `files`; links are remade
_INDEX_OF_IDS = "sqlite_autoindex_record_1"


@dataclass(frozen=True)
class Identity:
    """What the indexes or the row still tell of a record."""

    record_id: str = ""
    kind: str = ""
    commission_id: str | None = None

    def row(self, n: int) -> Line | None:
        """A row of `record` to replace a lost one, as if the record had been created here."""
        if not (is_id(self.record_id) and self.kind in KINDS):
            return None
        return {
            "n": n,
            "id": self.record_id,
            "kind": self.kind,
            "commission_id": self.commission_id,
            "schema": SCHEMA,
            "revision": 0,
            "deleted": 0,
            "edits": 1,
            "indexed": 0,
        }


class Salvage:
    """The sound rows of a file. A damaged page costs the rows on it, and no others.

    `lines` holds each table's rows by primary key, those of `record` with the `fields`, `base` and
    `base_deleted` from other tables; `stray` the ids of the records found on pages that no tree
    leads to any more, whose state may be an old one; `rowless` those of which only the fields are
    certain; `identities` what is known of records, by record.n; `owners` the record of each change
    of the history, `last_change` the number of the latest (None when that cannot be read). `like`
    is a file that tells where the tables begin if this one no longer does.
    """

    def __init__(self, path: Path, key: bytes | None, like: Salvage | None = None) -> None:
        self.pages = Pages(path, key)
        self._tree = Tree(self.pages)
        self.unsound = 0
        self.roots = self._find_roots(like)
        self.lines: dict[str, dict[Any, Line]] = {}
        self._reached: set[int] = set()
        for table in tables.metadata.sorted_tables:
            if table not in _APART:
                self.lines[table.name] = self._read(table)
        stray = self._add_stray()
        self.identities = self._read_identities()
        self.stray: set[str] = set()
        self.rowless: set[str] = set()
        self.lines["record"] = dict(self._whole_records(stray))
        self.owners = self._read_owners()
        sequences = {values[0]: values[1] for _, values in self._rows("sqlite_sequence")}
        self.last_change: int | None = sequences.get("history")
        self.free = len(self._tree.free())

    @property
    def faults(self) -> int:
        """How many damaged pages were met, and damaged rows on good pages."""
        return len(self.pages.damaged) + self._tree.broken + self.unsound

    @property
    def schema(self) -> str:
        """The version of the schema; "" where that cannot be read."""
        match [list(row.values) for row in self._rows("alembic_version")]:
            case [[str(version)]] if version.isdecimal():
                return version
        return ""

    def records(self) -> dict[str, Line]:
        """The rows of records by id."""
        return {line["id"]: line for line in self.lines["record"].values()}

    def files(self) -> Iterator[Line]:
        """The attachments and frozen PDFs whose bytes are those of their SHA-256, one at a time."""
        for row in self._rows("blob"):
            line = self._line(tables.blob, row)
            if line is not None:
                yield line

    def file_names(self) -> set[str]:
        """The SHA-256 of the files that the workspace held, readable or not."""
        return {row.values[0] for row in self._rows("sqlite_autoindex_blob_1")}

    # Where the tables are

    def leaves(self, name: str) -> list[int]:
        """The numbers of the pages that hold the rows of a table, or the entries of an index."""
        root, _ = self.roots.get(name, (0, ""))
        return list(self._tree.leaves(root)) if root else []

    def _find_roots(self, like: Salvage | None) -> dict[str, tuple[int, str]]:
        """(first page, SQL) of each table and index."""
        found = dict(_masters(self._tree.rows(1)))
        if not {table.name for table in tables.metadata.sorted_tables} <= found.keys():
            for number in self._tree.table_leaves():
                found = dict(_masters(self._tree.rows_on(number))) | found
        return (like.roots if like else {}) | found

    def _rows(self, name: str) -> Iterator[Row]:
        root, _ = self.roots.get(name, (0, ""))
        return self._tree.rows(root) if root else iter(())

    # Rows

    def _read(self, table: Table) -> dict[Any, Line]:
        (key,) = table.primary_key.columns.keys() or ("",)
        found = {}
        self._reached.update(self.leaves(self._place(table)))
        for row in self._rows(self._place(table)):
            line = self._line(table, row)
            if line is not None:
                found[line[key]] = line
        return found

    def _place(self, table: Table) -> str:
        """The table of this file, maybe of an older schema, that holds the rows of one of ours."""
        apart = table.name not in _FORMERLY or "fields" not in self._columns("record")
        return table.name if apart else "record"

    def _columns(self, name: str) -> tuple[str, ...]:
        return _columns(name, self.roots.get(name, (0, ""))[1])

    def _line(self, table: Table, row: Row) -> Line | None:
        line = self._named(table, row)
        if line is None or not _is_sound(table, line):
            self.unsound += table is not tables.base or line is None or line["fields"] is not None
            return None
        return line

    def _named(self, table: Table, row: Row) -> Line | None:
        """A row by the names of our columns; None when it cannot be one of the table's."""
        place = self._place(table)
        given = _named(row, self._columns(place))
        if given is None:
            return None
        former = _FORMERLY[table.name] if place != table.name else {}
        line = {
            column.name: given.get(former.get(column.name, column.name), _default(column))
            for column in table.columns
        }
        for column in table.primary_key.columns:
            if isinstance(column.type, Integer):  # SQLite keeps it as the row's number alone
                if given.get(column.name) is not None:
                    return None
                line[column.name] = row.number
        return line

    def _add_stray(self) -> set[int]:
        """Takes in the rows of records and of the history on pages that no tree leads to.

        Gives the numbers of these records.
        """
        if not self.pages.damaged:
            return set()
        unused = self._reached | self._tree.free()
        found = set()
        for number in self._tree.table_leaves():
            if number in unused:
                continue
            for table in _STRAY:
                (key,) = table.primary_key.columns.keys()
                for row in self._tree.rows_on(number):
                    line = self._named(table, row)
                    if line is None or not _is_sound(table, line):
                        continue
                    if line[key] in self.lines[table.name]:
                        continue
                    self.lines[table.name][line[key]] = line
                    if table is not tables.history:
                        found.add(line[key])
        return found

    def _whole_records(self, stray: set[int]) -> Iterator[tuple[int, Line]]:
        """The records whose fields can be read, by number, with all else that is known of them."""
        rows, bases = self.lines["record"], self.lines["base"]
        for n, words in self.lines["content"].items():
            row = rows.get(n) or self.identities.get(n, Identity()).row(n)
            if row is None or not _fits(row, words["fields"]):
                self.unsound += 1
                continue
            if n in stray:
                self.stray.add(row["id"])
            elif n not in rows:
                self.rowless.add(row["id"])
            base = bases.get(n, {})
            apart = {"base": base.get("fields"), "base_deleted": base.get("deleted")}
            yield n, row | {"fields": words["fields"]} | apart

    # Indexes

    def _read_identities(self) -> dict[int, Identity]:
        ids = {row.number: row.values[0] for row in self._rows(_INDEX_OF_IDS)}
        kinds = {row.number: row.values[:2] for row in self._rows("record_kind")}
        told = {
            n: Identity(ids.get(n, ""), *kinds.get(n, ("", None)))
            for n in ids.keys() | kinds.keys()
        }
        read = {
            n: Identity(line["id"], line["kind"], line["commission_id"])
            for n, line in self.lines["record"].items()
        }
        return told | read

    def _read_owners(self) -> dict[int, str]:
        return {row.number: row.values[0] for row in self._rows("history_record")}


def _masters(rows: Iterator[Row]) -> Iterator[tuple[str, tuple[int, str]]]:
    """The rows of sqlite_master among these."""
    for _, values in rows:
        if len(values) == 5 and values[0] in ("table", "index") and isinstance(values[3], int):
            yield values[1], (values[3], values[4] or "")


@cache
def _columns(name: str, sql: str) -> tuple[str, ...]:
    """The columns of a table as the file declares them, else as this program does."""
    if not sql:
        return tuple(tables.metadata.tables[name].columns.keys())
    scratch = dbapi2.connect(":memory:")
    try:
        scratch.execute(sql)
        return tuple(row[1] for row in scratch.execute(f"PRAGMA table_info('{name}')"))
    except (dbapi2.DatabaseError, ValueError, TypeError):  # not SQL, not text that can be, no text
        return tuple(tables.metadata.tables[name].columns.keys())
    finally:
        scratch.close()


def _named(row: Row, names: tuple[str, ...]) -> Line | None:
    """A row by the names of its columns; None when it has another number of values."""
    if len(row.values) != len(names):
        return None
    return dict(zip(names, row.values, strict=True))


def _default(column: Column[Any]) -> Any:
    text = getattr(column.server_default, "arg", None)
    return None if text is None else int(str(text))


def _is_sound(table: Table, line: Line) -> bool:
    """Whether each value is of its column's type, and the line as a whole of its table's form."""
    for column in table.columns:
        value = line[column.name]
        wanted = _type(column)
        if not (isinstance(value, wanted) or (value is None and column.nullable)):
            return False
    if not all(_is_json(line[name]) for name in _JSON.get(table.name, ())):
        return False
    has_form = _FORMS.get(table.name)
    return has_form is None or has_form(line)


_FORMS: dict[str, Callable[[Line], bool]] = {
    "record": lambda line: is_id(line["id"]),
    "content": lambda line: object_in(line["fields"]) is not None,
    "base": lambda line: object_in(line["fields"]) is not None,
    "history": lambda line: is_id(line["record_id"]) and changes_in(line["changes"]) is not None,
    "blob": lambda line: sha256(line["content"]).hexdigest() == line["sha256"],
}
"""By table, whether a line has the form that its readers count on."""


def _fits(row: Line, fields: str) -> bool:
    """Whether the fields are those of the record's kind; a newer program may have added some."""
    if row["schema"] > SCHEMA:
        return True
    try:
        cls = KINDS[row["kind"]]
        names = set(cls.__struct_encode_fields__)
        known = {
            name: value for name, value in msgspec.json.decode(fields).items() if name in names
        }
        msgspec.convert(known, cls)
    except (KeyError, msgspec.ValidationError):
        return False
    return True


def _type(column: Column[Any]) -> type:
    if isinstance(column.type, Integer):
        return int
    return bytes if isinstance(column.type, LargeBinary) else str


def _is_json(text: str | bytes | None) -> bool:
    if text is None:
        return True
    try:
        msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return True
