"""What leaves the workspace as a file: the archive, alone or with attachments, and tables."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from app.domain import validation
from app.domain.files import named_by
from app.domain.records import Envelope
from app.domain.titles import label_of
from app.domain.validation import name_of
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
            unmet = _unmet(unit, kind)
            whole = kind is None and not history
            records = _with_named(unit, unmet) if whole else unit.select(kind, deleted=history)
            lacking = unmet.difference(_gone(unit)) if unmet else unmet
            made_at = self.workspace.clock().isoformat()
            number = 0
            files, absent = dict[str, None](), set[str]()

            def leaving() -> Iterator[Entry]:
                nonlocal number
                for each in records:
                    number += 1
                    if sha256 := named_by(each.kind, each.fields):
                        files[sha256] = None
                        if not each.deleted:
                            absent.add(sha256)
                    yield _entry(unit, each, history)

            def contents() -> Iterator[tuple[str, bytes]]:
                for sha256 in files:
                    content = blobs.content(unit, sha256)
                    if content is not None:
                        absent.discard(sha256)
                        yield sha256, content

            pieces = archive.encode(leaving(), made_at, lacking)
            with replacing(path) as stream:
                if path.suffix.lower() == ".zip":
                    bundle.write(stream, pieces, contents())
                else:
                    stream.writelines(pieces)
                    absent.clear()  # no file is meant to come along
        return Archived(number, len(absent))

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


def _unmet(unit: UnitOfWork, kind: str | None) -> set[str]:
    """What live records, of one kind when named, refer to and which no live record is."""
    unmet, alive = set[str](), set[str]()
    for each in unit.select():
        alive.add(name_of(each))
        if kind in (None, each.kind):
            references = validation.references(each.kind, each.fields)
            unmet.update(reference.target for reference in references if reference.ref.local)
    return unmet - alive


def _gone(unit: UnitOfWork) -> Iterator[str]:
    """The names of the deleted records."""
    return (name_of(one) for one in unit.select(deleted=True) if one.deleted)


def _with_named(unit: UnitOfWork, unmet: Collection[str]) -> Iterator[Envelope]:
    """The live records, and the tombstones that a sync left some of them referring to.

    Without these the archive would be refused where it is read.
    """
    for each in unit.select(deleted=True):
        if not each.deleted or name_of(each) in unmet:
            yield each


def _entry(unit: UnitOfWork, envelope: Envelope, history: bool) -> Entry:
    if not history:
        return Entry(envelope)
    past = entries(unit, envelope.id)
    return Entry(envelope, msgspec.convert(past, tuple[PastChange, ...], from_attributes=True))
