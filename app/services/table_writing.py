"""Writes the lines of a table, and reports on each and on the whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from app.domain import validation
from app.domain.dates import day
from app.domain.full_names import part
from app.domain.records import Envelope
from app.domain.refusals import Refusal
from app.domain.search_text import fold
from app.domain.titles import title_of
from app.domain.wording import count, of_place, short_day, some
from app.exchange import cells, mapping, tables, titles
from app.exchange.known import likeness
from app.exchange.mapping import Columns
from app.exchange.sheet import Row, Sheet
from app.exchange.tables import Line
from app.services import guards
from app.services.changes import Change, coded_id
from app.services.exports import directory
from app.services.imports import Outcome, Report, note
from app.services.meeting_rules import settle
from app.services.records import Records
from app.services.seating import SEATLESS, Asked, Place, Seating, place_said
from app.services.table_oddities import ODD, odd, read_as
from app.storage.unit_of_work import UnitOfWork

Progress = Callable[[int, int], object]
"""Is given how many lines are done, of how many; an exception that it raises stops the import."""


@dataclass(frozen=True)
class TableReport:
    """What became of each line; nothing was written unless `done`.

    `written` are the lines that make or change something, in the order of the table. `columns`
    names the heading of each field, `remarks` say what else to look at before the lines are taken
    in. The rows are those of the file, as a table that is read again gives them; a refused one ends
    with its reason.
    """

    report: Report
    written: Sequence[Outcome]
    columns: Mapping[str, str]
    remarks: Sequence[str]
    done: bool
    headings: Sequence[str]
    accepted_rows: Sequence[Sequence[str]]
    refused_rows: Sequence[Sequence[str]]


class Writing:
    """Writes the lines of a table one by one; one that is refused does not stop the others."""

    def __init__(
        self,
        records: Records,
        kind: str,
        sheet: Sheet,
        columns: Columns,
        commission_id: str | None,
        *,
        seats: bool,
        since: str | None,
    ) -> None:
        self.report = Report()
        self._written: list[Outcome] = []
        self._refused: list[tuple[Row, str]] = []
        self._records = records
        self._kind = kind
        self._sheet = sheet
        self._columns = columns
        self._commission_id = commission_id
        self._seats = seats and kind == "person"
        self._since = since
        self._lacking: dict[str, str] = {}
        self._made: dict[str, str] = {}
        self._odd: dict[str, list[tuple[int, str]]] = {}  # (line, words) by key of `ODD`
        self._whole = Counter[int]()  # by column, the last names that seem to hold a first one
        self._titulars: dict[int, str] = {}  # by line, the id of the person who does not deputise

    def write(self, unit: UnitOfWork, progress: Progress) -> None:
        """Writes what each line asks, those of persons in a seat first; sets refused ones aside."""
        known = directory(unit, self._departments(unit), self._existing(unit, "person"))
        lines = tables.lines(
            self._kind, self._sheet, self._columns, known, self._existing(unit, self._kind)
        )
        every = list(lines)
        seats = self._existing(unit, "roster_entry") if self._seats else ()
        asked = self._asked(every)
        self._places_said = any(one.place for one in asked)
        self._seating = Seating(self._records, seats, asked, self._since)
        sitting = {one.row.line for one in every if self._seating.sits(one.record_id)}
        order = sorted(range(len(every)), key=lambda rank: every[rank].row.line not in sitting)
        told = [Report() for _ in every]
        for done, rank in enumerate(order):
            progress(done, len(every))
            line, report = every[rank], told[rank]
            try:
                self._write_line(unit, line, report)
            except Refusal as refusal:
                sentence = self._of_line(line, refusal)
                self._refused.append((line.row, sentence))
                report.refused.append(Outcome(kind=self._kind, id="", sentence=sentence))
        for report in told:  # in the order of the table, whatever that of the writing
            self.report.add(report)
            self._written += [*report.created, *report.changed]

    def _asked(self, lines: Sequence[Line]) -> Collection[Asked]:
        """The places that the lines ask for, each person once."""
        return {
            line.record_id or likeness(self._kind, line.fields): Asked(
                line.record_id, line.fields.get("organisation_id"), self._place(line)
            )
            for line in lines
            if self._seats and line.refusal is None
        }.values()

    def _place(self, line: Line) -> Place | None:
        """The place that a line says: as its seat, else as its role (« Suppléant » at times), else
        by the heading of its names (« Nom du suppléant »).
        """
        names = (line.columns.get(field) for field in ("last_name", *titles.WHOLE_NAMES))
        headings = (self._sheet.headings[rank] for rank in names if rank is not None)
        said = (self._seat(line), str(line.fields.get("role", "")), *headings)
        return next((place for each in said if (place := place_said(each))), None)

    def _seat(self, line: Line) -> str:
        """What a line says of the seat; a yes or no is put in words by its column's heading."""
        answer = fold(line.seat.strip())
        if answer not in cells.YES | cells.NO:
            return line.seat
        heading = self._sheet.headings[line.columns[titles.SEAT]]
        deputises = place_said(heading) == "alternate_person_id"
        return "suppléant" if deputises == (answer in cells.YES) else "titulaire"

    def _existing(self, unit: UnitOfWork, kind: str) -> Any:
        """The records that a line without identifier may be about, of the commission if given."""
        everywhere = validation.known_kind(kind).regional or self._commission_id == ""
        return unit.select(kind, space="*" if everywhere else self._commission_id)

    def _departments(self, unit: UnitOfWork) -> Sequence[str]:
        """The departments of the commission, whose organisations go before their namesakes."""
        found = [
            one.fields["departments"]
            for one in unit.select("commission")
            if self._commission_id in ("", one.id)
        ]
        return found[0] if len(found) == 1 else ()

    def _write_line(self, unit: UnitOfWork, line: Line, report: Report) -> None:
        if line.refusal is not None:
            raise line.refusal
        if not line.fields:
            nothing = "ne nomme personne" if self._kind == "person" else "ne demande rien"
            why = "un total n'est pas lu." if line.total else f"elle {nothing}."
            sentence = f"Ligne {line.row.line} : {why}"
            report.skipped.append(Outcome(kind=self._kind, id="", sentence=sentence))
            return
        key = likeness(self._kind, line.fields)
        made = self._made.get(key) if key else None
        record_id = line.record_id or made or coded_id(unit, self._kind, line.fields)
        before = unit.stored(record_id) if record_id else None
        space = "" if before is not None else self._commission_id
        with unit.part():
            after = self._records.write(unit, Change(self._kind, line.fields, record_id, space))
            guards.check_written(unit, [after.id])
            settle(self._records.workspace, unit, {after.id: line.fields}, imported=True)
            asked = self._place(line)
            beside = self._titulars.get(line.row.line) if line.deputises else None
            given = self._seating.give(unit, after, asked, beside) if self._seats else ""
        lacking = self._seating.lacking(after, asked) if self._seats else ""
        if lacking:
            self._lacking[after.id] = lacking
        self._made.setdefault(key, after.id)
        if not line.deputises:
            self._titulars[line.row.line] = after.id
        known = before.envelope if before else None
        self._doubt(line, known, after)
        unsure = line.parted if line.parted and not line.parted.sure else None
        place = f"Ligne {line.row.line}{f' ({read_as(unsure)})' if unsure else ''} : "
        home = _home(unit, after)
        note(report, known, after, place, home=home, given=given, lacking=lacking)

    def _doubt(self, line: Line, before: Envelope | None, after: Envelope) -> None:
        """Counts what may be mistaken in a line, to be said of the whole table."""
        last_name = line.fields.get("last_name", "")
        if last_name and not line.parted and not line.fields.get("first_name"):
            told = bool(part(last_name, last_comes_first=True).first)
            self._whole[line.columns["last_name"]] += told
        for field, words in odd(line, before, after):
            self._odd.setdefault(field, []).append((line.row.line, words))

    def _of_line(self, line: Line, refusal: Refusal) -> str:
        """Where in the table, then what is wrong."""
        where, field = "", refusal.field
        if field in line.columns:
            where = f", {self._sheet.column(line.columns[field])}"
        elif field in titles.columns_of(self._kind):
            where = f", champ « {titles.title(self._kind, field)} »"
        return f"Ligne {line.row.line}{where} : {refusal.sentence}"

    def _remarks(self) -> Iterator[str]:
        headings = self._sheet.headings
        yield from self._sheet.notes
        if not self._sheet.rows:
            yield "Il n'y a aucune ligne sous les titres."
        for heading in mapping.overlooked(headings, self._columns):
            yield f"Plusieurs colonnes s'appellent « {heading} » : une seule est lue."
        unread = mapping.unread(headings, self._columns)
        if unread:
            columns = count(len(unread), "colonne n'est pas lue", "colonnes ne sont pas lues")
            yield f"{columns} : {some([f'« {heading} »' for heading in unread])}"
        named = [one for one in unread if self._kind == "person" and titles.may_name(one)]
        others = [one for one in named if place_said(one)]
        if others and titles.SEAT not in self._columns:
            yield (
                f"Pour prendre aussi ceux de « {others[0]} », importez le tableau une seconde fois"
                " en disant que cette colonne contient leur nom."
            )
        yield from self._cell_remarks()
        yield from self._seat_remarks()

    def _cell_remarks(self) -> Iterator[str]:
        """What the cells of some columns seem to say besides, or instead."""
        headings = self._sheet.headings
        for rank, whole in sorted(self._whole.items()):
            if 2 * whole > len(self._sheet.rows):
                whose = "" if self._columns.get("last_name") == rank else "alternate_"
                yield (
                    f"« {headings[rank]} » semble dire aussi les prénoms : dites que cette colonne"
                    f" contient « {titles.title(self._kind, f'{whose}{titles.LAST_FIRST}')} »."
                )
        for field in filter(self._odd.get, ODD):
            where = [words for _, words in sorted(self._odd[field], key=itemgetter(0))]
            yield f"{count(len(where), *ODD[field])} : {some(where)}"

    def _seat_remarks(self) -> Iterator[str]:
        """What becomes of the seats, and who is left without one."""
        if titles.SEAT in self._columns and not self._seats:
            heading = self._sheet.headings[self._columns[titles.SEAT]]
            yield f"« {heading} » ne sert qu'à donner des sièges, et aucun n'est demandé."
        replaced = self._seating.ended
        if replaced and self._since:
            seats = count(len(replaced), "siège d'avant prend fin", "sièges d'avant prennent fin")
            yield f"{seats} le {short_day(day(self._since))} : {some(replaced)}"
        seatless = sum(lacking == SEATLESS for lacking in self._lacking.values())
        if seatless:
            yield f"{count(seatless, 'personne reste', 'personnes restent')} sans siège."
            if titles.SEAT not in self._columns and not self._places_said:
                heading = titles.title(self._kind, titles.SEAT)
                yield f"Une colonne « {heading} » en donnerait un à chaque titulaire."
        kept = len(self._lacking) - seatless
        if kept:
            yield (
                f"{count(kept, 'personne garde', 'personnes gardent')} la place d'avant, celle que"
                " dit le tableau étant prise."
            )

    def outcome(self, done: bool) -> TableReport:
        """What became of the lines, once all are written."""
        headings = self._sheet.headings
        refused: dict[int, tuple[Row, list[str]]] = {}
        for row, reason in sorted(self._refused, key=lambda each: each[0].line):
            refused.setdefault(row.line, (row, []))[1].append(reason)
        return TableReport(
            report=self.report,
            written=self._written,
            columns={name: headings[rank] for name, rank in self._columns.items()},
            remarks=list(self._remarks()),
            done=done,
            headings=headings,
            accepted_rows=[
                tables.as_read(self._sheet, row)
                for row in self._sheet.rows
                if row.line not in refused
            ],
            refused_rows=[
                [*tables.as_read(self._sheet, row), " ".join(reasons)]
                for row, reasons in refused.values()
            ],
        )


def _home(unit: UnitOfWork, record: Envelope) -> str:
    """« de Vougeot (21) », of the organisation that a record is tied to."""
    if "organisation_id" not in titles.fields_of(record.kind):
        return ""
    found = unit.get(record.fields.get("organisation_id") or "")
    return of_place(title_of(found.kind, found.fields)) if found else "sans collectivité"
