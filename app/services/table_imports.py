"""Tables that come into the workspace, files or cells pasted: looked at, tried, taken whole.

A dry run does the same work and takes it back, so that what it announces is what would happen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from app.domain import validation
from app.domain.refusals import Refusal
from app.exchange import csv_file, mapping, table_file, tables, titles, workbook
from app.exchange.mapping import Columns
from app.exchange.sheet import Sheet
from app.services.imports import LABEL
from app.services.records import Records
from app.services.table_writing import Progress, TableReport, Writing
from app.services.translation import of_record, translated
from app.storage import files

_FIRST_ROWS = 5


@dataclass(frozen=True)
class Pasted:
    """Cells copied from a spreadsheet, in the place of a file."""

    text: str
    name = stem = "Cellules collées"


Source = Path | Pasted


class Look(NamedTuple):
    """A table before it is taken in: what it holds, and what its columns seem to be."""

    headings: Sequence[str]
    first_rows: Sequence[Sequence[str]]
    columns: Columns
    fields: Sequence[tuple[str, str]]
    """Each field that a column may hold, with its French title."""
    deputies: bool
    """Whether each line names a deputy beside the titular."""


class TableImports:
    """Reads tables of one kind into the workspace, each in one operation that can be undone."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._workspace = records.workspace

    def look(self, source: Source, kind: str) -> Look:
        """The table's headings and first rows; UserError when the file is no table."""
        sheet = mapping.headed(kind, self._read(source, [kind]), {})
        columns = _known(kind, sheet)
        fields = [(each, titles.title(kind, each)) for each in titles.columns_of(kind)]
        first = [row.cells[: len(sheet.headings)] for row in sheet.rows[:_FIRST_ROWS]]
        deputies = not titles.ALTERNATES.keys().isdisjoint(columns)
        return Look(sheet.headings, first, columns, fields, deputies)

    def likeliest(self, source: Source, kinds: Sequence[str]) -> str:
        """The one of these kinds for which most columns of the table are known; of several, the one
        of persons where it names some, whose addresses are not those of their communes.
        """
        sheet = self._read(source, kinds)

        def known(kind: str) -> tuple[int, bool]:
            columns = _known(kind, mapping.headed(kind, sheet, {}))
            return len(columns), not columns.keys().isdisjoint(("first_name", *titles.WHOLE_NAMES))

        return max(kinds, key=known)

    def take(
        self,
        source: Source,
        kind: str,
        told: Mapping[str, str] | None = None,
        *,
        columns: Columns | None = None,
        commission_id: str | None = "",
        seats: bool = False,
        since: str | None = None,
        dry_run: bool = False,
        progress: Progress = lambda line, lines: None,
    ) -> TableReport:
        """Takes in every line of a table, or none when one is refused.

        The columns are those given by their rank, or else guessed, but for those `told` as
        {field: heading}. `commission_id` is that of new records ("": the workspace's only one).
        `seats` gives each person taken in a place that is free, or that of whoever sat there until
        the day `since` (see `Seating`).
        UserError when the file is no table, or when no column is understood.
        """
        sheet = mapping.headed(kind, self._read(source, [kind], told or {}), told or {})
        with translated(self._workspace), of_record(f"« {source.name} »", ""):
            if columns is None:
                columns = _guessed(kind, sheet, told or {})
            columns = mapping.parted(columns)
            writing = Writing(
                self._records, kind, sheet, columns, commission_id, seats=seats, since=since
            )
            with self._workspace.unit(LABEL, undoable=True) as unit:
                writing.write(unit, progress)
                done = not dry_run and not writing.report.refused
                if done and (writing.report.created or writing.report.changed):
                    unit.commit()
        return writing.outcome(done)

    def keep(self, path: Path, found: TableReport, *, refused: bool) -> int:
        """Writes the refused lines, with their reasons, or the others, as a CSV; gives how many."""
        rows = found.refused_rows if refused else found.accepted_rows
        headings = [*found.headings, tables.REASON] if refused else found.headings
        with translated(self._workspace), files.replacing(path) as stream:
            stream.write(csv_file.write(headings, rows))
        return len(rows)

    def _read(
        self, source: Source, kinds: Sequence[str], told: Mapping[str, str] | None = None
    ) -> Sheet:
        """The table; in a workbook, of the sheet whose columns are best known for these kinds."""

        def known(top: Sheet) -> int:
            return max(
                len(_known(kind, mapping.headed(kind, top, told or {}), told)) for kind in kinds
            )

        with translated(self._workspace), of_record(f"« {source.name} »", ""):
            for kind in kinds:
                validation.known_kind(kind)
            if isinstance(source, Pasted):
                return csv_file.pasted(source.text)
            data = files.content(source, workbook.MOST_BYTES)
            return table_file.read(data, source.suffix.lower(), known)


def _guessed(kind: str, sheet: Sheet, told: Mapping[str, str]) -> Columns:
    columns = mapping.with_flags(mapping.guess(kind, sheet.headings, told), sheet)
    return mapping.with_identifiers(kind, columns, sheet, told)


def _known(kind: str, sheet: Sheet, told: Mapping[str, str] | None = None) -> Columns:
    """The columns that are known for a kind, none when they cannot be guessed."""
    try:
        return _guessed(kind, sheet, told or {})
    except Refusal:
        return {}
