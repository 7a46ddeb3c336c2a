"""What leaves the workspace as a file: the archive, alone or with attachments, and tables."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from app.domain import validation
from app.domain.files import named_by
from app.domain.records import Envelope
from app.domain.titles import label_of
from app.exchange import archive, bundle, cells, csv_file, tables, xlsx_file
from app.exchange.archive import Entry, PastChange
from app.exchange.cells import Cell
from app.exchange.directory import Directory
from app.services.history import entries
from app.services.translation import translated
from app.storage import blobs
from app.storage.files import replacing
from app.storage.unit_of_work import UnitOfWork
from app.storage.workspace import Workspace


class Archived(NamedTuple):
    """How many records an archive holds, and how many files that the live ones name it lacks."""

    records: int
    absent: int = 0


class Exports:
    """Writes files; each is replaced in one step, and stays as it was when that fails."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def archive(self, path: Path, kind: str | None = None, *, history: bool = False) -> Archived:
        """Writes the archive of CONTRACTS §3, of one kind when named.

        A path that ends in `.zip` takes the attachments along, but for those that have not reached
        this laptop: a sync brings no file of a deleted record. `history` adds what was deleted and
        what happened to each record.
        """
        with translated(self.workspace), self.workspace.reading() as unit:
            if kind is not None:
                validation.known_kind(kind)
            records = list(unit.select(kind, deleted=history))
            if kind is None and not history:
                records = _with_named(records, unit.select(deleted=True))
            made_at = self.workspace.clock().isoformat()
            absent = 0
            data = archive.encode((_entry(unit, each, history) for each in records), made_at)
            with replacing(path) as stream:
                if path.suffix.lower() == ".zip":
                    held = blobs.held(unit, _files(records))
                    alive = (one for one in records if not one.deleted)
                    absent = len({*_files(alive)}.difference(held))
                    contents = ((each, blobs.content(unit, each) or b"") for each in held)
                    bundle.write(stream, data, contents)
                else:
                    stream.write(data)
        return Archived(len(records), absent)

    def table(self, path: Path, kind: str, separator: str = ";") -> int:
        """Writes the live records of a kind as CSV or, by the path's ending, as XLSX."""
        with translated(self.workspace), self.workspace.reading() as unit:
            validation.known_kind(kind)
            records = list(unit.select(kind))
            rows = list(tables.rows(kind, records, directory(unit)))
        return self._write(path, label_of(kind), tables.headings(kind), rows, separator)

    def seen(
        self,
        path: Path,
        name: str,
        headings: Sequence[str],
        rows: Iterable[Sequence[Cell]],
        separator: str = ";",
    ) -> int:
        """Writes a list as it is seen; what a spreadsheet would take for a formula is a text."""
        safe = [
            [cells.guarded(cell) if isinstance(cell, str) else cell for cell in row] for row in rows
        ]
        return self._write(path, name, headings, safe, separator)

    def _write(
        self,
        path: Path,
        name: str,
        headings: Sequence[str],
        rows: Sequence[Sequence[Cell]],
        separator: str,
    ) -> int:
        with translated(self.workspace):
            if path.suffix.lower() == ".xlsx":
                data = xlsx_file.write(name, headings, rows)
            else:
                data = csv_file.write(headings, rows, separator)
            with replacing(path) as stream:
                stream.write(data)
        return len(rows)


def directory(
    unit: UnitOfWork, near: Collection[str] = (), persons: Iterable[Envelope] = ()
) -> Directory:
    """A directory of the workspace's organisations and themes, and of `persons`; `near` as in
    `Directory`.
    """
    return Directory(unit.select("organisation"), unit.select("theme"), near, persons)


def _files(records: Iterable[Envelope]) -> Iterable[str]:
    """The SHA-256 that records name, one after the other."""
    return filter(None, (named_by(one.kind, one.fields) for one in records))


def _with_named(records: Sequence[Envelope], everything: Iterable[Envelope]) -> list[Envelope]:
    """The live records, and the tombstones that a sync left some of them referring to.

    Without these the archive would be refused where it is read.
    """
    named = {
        reference.target
        for each in records
        for reference in validation.references(each.kind, each.fields)
        if reference.ref.local
    }
    named -= {validation.name_of(each) for each in records}
    return [each for each in everything if not each.deleted or validation.name_of(each) in named]


def _entry(unit: UnitOfWork, envelope: Envelope, history: bool) -> Entry:
    if not history:
        return Entry(envelope)
    past = entries(unit, envelope.id)
    return Entry(envelope, msgspec.convert(past, tuple[PastChange, ...], from_attributes=True))
