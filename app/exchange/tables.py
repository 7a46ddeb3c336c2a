"""Records as the rows of a table, and the lines of a table as the changes that they ask for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from app.domain.full_names import Parted, is_nobody, part
from app.domain.records import Envelope
from app.domain.refusals import Refusal
from app.domain.search_text import fold, spaced
from app.domain.validation import readable
from app.exchange import cells
from app.exchange.cells import Cell
from app.exchange.directory import Directory
from app.exchange.known import Known, likeness
from app.exchange.lost_zeros import mend
from app.exchange.mapping import Columns
from app.exchange.sheet import Row, Sheet
from app.exchange.titles import (
    ALTERNATES,
    COMMUNE,
    DEPARTMENT,
    ID,
    LAST_FIRST,
    PLACES,
    SEAT,
    WHOLE_NAMES,
    fields_of,
    title,
)

_TITULAR, _DEPUTY = "titulaire", "suppléant"
"""The `seat` of each of the two persons of a row that may name both."""

_SEVERAL = re.compile(
    r"[/;&]|\set\s|[\n,][^\S\n]*(?:m|mr|mme|me?lle|mle|monsieur|madame|mademoiselle)\b",
    re.IGNORECASE,
)
"""What separates the names of several persons in one cell; fast on a long run of white."""

_TOTAL = re.compile(r"(?:(?:sous )?totaux|(?:sous )?total(?: general| ht| ttc)?)(?: [\d ]+)?")

_ERRORS = frozenset(
    {
        "#REF!", "#N/A", "#NAME?", "#NOM?", "#VALUE!", "#VALEUR!", "#DIV/0!", "#NULL!", "#NUL!",
        "#NUM!", "#NOMBRE!", "#SPILL!", "#PROPAGATION!", "#CALC!", "#CALCUL!",
    }
)  # fmt: skip
"""What a spreadsheet shows in place of a value that it could not calculate."""

_ALIKE = {
    "person": {
        "email": "courriel à cette personne : distinguez les prénoms de deux homonymes, ou gardez"
        " un seul courriel",
    },
    "organisation": {
        "name": "nom à cette collectivité : gardez-en un seul",
        "email": "courriel à cette collectivité : gardez-en un seul",
    },
}
"""The fields that two lines about one record may not fill differently, and what to do."""

_INSEE = re.compile(r"'?\d{4,5}")

REASON = "Motif du refus"
"""The column that says, in the table of the lines refused, why each was."""


class Line(NamedTuple):
    """What a line asks: the fields to write, in the record `record_id`, or a new one if None.

    `fields` is empty where the column of names names nobody, or the line is a `total`; `parted` is
    how a whole name was read; `seat` says in free words whether a person is titular or deputises;
    `refusal` why nothing can be done with the line. `columns` are those that were read: a row that
    names a deputy beside gives two lines, the second `deputises` for the person of the first.
    """

    row: Row
    columns: Columns
    record_id: str | None
    fields: dict[str, Any]
    refusal: Refusal | None
    deputises: bool = False
    seat: str = ""
    parted: Parted | None = None
    total: bool = False


def headings(kind: str) -> list[str]:
    """The French titles of a kind's table."""
    return [title(kind, field) for field in (ID, *fields_of(kind))]


def rows(kind: str, envelopes: Iterable[Envelope], directory: Directory) -> Iterator[list[Cell]]:
    """The rows of records, in the order of `headings`, without fields of a newer program."""
    for envelope in envelopes:
        fields = readable(envelope)
        yield [
            envelope.id,
            *(cells.write(kind, field, fields[field], directory) for field in fields_of(kind)),
        ]


def lines(
    kind: str,
    sheet: Sheet,
    columns: Columns,
    directory: Directory,
    existing: Iterable[Envelope],
) -> Iterator[Line]:
    """What each line of a table asks, an empty cell asking nothing."""
    reading = _Reading(kind, columns, directory, Known(kind, existing, columns))
    for row in sheet.rows:
        if _is_total(row, columns):
            yield Line(row, columns, None, {}, None, total=True)
        elif any(cell.strip() for cell in row.cells[len(sheet.headings) :]):
            refusal = Refusal("la ligne compte plus de cellules que de titres.")
            yield Line(row, columns, None, {}, refusal)
        elif not any(row.cells[rank].strip() for rank in columns.values()):
            refusal = Refusal("aucune des colonnes reconnues n'est remplie.")
            yield Line(row, columns, None, {}, refusal)
        else:
            yield from reading.lines(row)


class _Reading:
    """Reads the rows of a table, and remembers their identifiers to refuse a repeated one, and what
    two lines about one record may not say differently (`_ALIKE`).
    """

    def __init__(self, kind: str, columns: Columns, directory: Directory, known: Known) -> None:
        self._kind = kind
        self._directory = directory
        self._known = known
        self._named: dict[str, int] = {}  # the line of each identifier
        self._said: dict[tuple[str, str], tuple[str, int]] = {}  # of `_ALIKE`, and by which line
        self._own = {name: rank for name, rank in columns.items() if name not in ALTERNATES}
        self._deputy = {
            ALTERNATES[name]: rank for name, rank in columns.items() if name in ALTERNATES
        }
        if self._deputy:
            here = columns.keys() & {"organisation_id", *PLACES}
            self._deputy |= {name: columns[name] for name in here}

    def lines(self, row: Row) -> Iterator[Line]:
        """What a row asks: of one record, or of a titular and a deputy, where it names one."""
        own = self._line(row, self._own)
        if not self._deputy:
            yield own
            return
        own = own._replace(seat=own.seat or _TITULAR)
        deputy = self._line(row, self._deputy)._replace(seat=_DEPUTY, deputises=True)
        if own.refusal and own.refusal.field == "organisation_id":
            yield own
            return
        found = [line for line in (own, deputy) if line.fields or line.refusal]
        yield from found or [own]

    def _line(self, row: Row, columns: Columns) -> Line:
        columns = _placed(row, columns)
        try:
            fields = _fields(self._kind, row, columns, self._directory)
            record_id, seat = fields.pop(ID, None), fields.pop(SEAT, "")
            parted = _parted(fields)
            mend(fields, self._known.fields(record_id) if record_id else None)
            if not (parted or record_id) and self._names_nobody(fields, columns):
                fields = {}
            if record_id and self._named.setdefault(record_id, row.line) != row.line:
                line = self._named[record_id]
                raise Refusal(f"la ligne {line} porte déjà cet identifiant.", field=ID)
            if self._kind == "organisation" and not record_id:
                record_id = _place(fields, self._directory, self._known)
            record_id = record_id or self._known.find(fields)
            self._check_alike(record_id or likeness(self._kind, fields), fields, row)
        except Refusal as refusal:
            return Line(row, columns, None, {}, refusal)
        return Line(row, columns, record_id, fields, None, seat=seat, parted=parted)

    def _check_alike(self, record: str, fields: dict[str, Any], row: Row) -> None:
        for field, advice in _ALIKE.get(self._kind, {}).items():
            if not (value := fields.get(field)):
                continue
            first, line = self._said.setdefault((record, field), (value, row.line))
            if fold(first) != fold(value):
                raise Refusal(f"la ligne {line} donne un autre {advice}.", field=field)

    def _names_nobody(self, fields: dict[str, Any], columns: Columns) -> bool:
        """Whether a line names nobody: its column of whole names is empty, its names are words such
        as « vacant », or it has neither a last nor a first name, and these stand beside a
        deputy's columns or the line tells no more than a commune and a role.
        """
        if not columns.keys().isdisjoint(WHOLE_NAMES):
            return True
        names = [fields[name] for name in ("last_name", "first_name") if name in fields]
        if not names:
            bare = "last_name" in columns and fields.keys() <= {"organisation_id", "role"}
            return bare or bool(self._deputy)
        return all(map(is_nobody, names))


def _is_total(row: Row, columns: Columns) -> bool:
    """Whether a line without identifier holds the word « total » and otherwise only numbers."""
    if ID in columns and row.cells[columns[ID]].strip():
        return False
    filled = [words for cell in row.cells if (words := spaced(cell))]
    return any(map(_TOTAL.fullmatch, filled)) and all(
        _TOTAL.fullmatch(words) or not any(map(str.isalpha, words)) for words in filled
    )


def as_read(sheet: Sheet, row: Row) -> list[str]:
    """The cells of a row, written so that they are read again as they were."""
    return [cells.guarded(cell) for cell in row.cells[: len(sheet.headings)]]


def _placed(row: Row, columns: Columns) -> Columns:
    """The columns, that of the commune's name being its code's where a row has no code."""
    coded = columns.get("organisation_id")
    if COMMUNE not in columns or (coded is not None and row.cells[coded].strip()):
        return columns
    return {**columns, "organisation_id": columns[COMMUNE]}


def _fields(kind: str, row: Row, columns: Columns, directory: Directory) -> dict[str, Any]:
    """The values of the cells that are filled, the identifier among them."""
    fields: dict[str, Any] = {}
    if DEPARTMENT in columns and (department := row.cells[columns[DEPARTMENT]].strip()):
        directory = directory.of(department)
    known = ID in columns and row.cells[columns[ID]].strip()
    for field, rank in columns.items():
        if not row.cells[rank].strip():
            continue
        try:
            if not known:  # else such a text may be the record's own
                _check_calculated(row.cells[rank].strip())
            fields[field] = cells.read(kind, field, row.cells[rank], directory)
        except Refusal as refusal:
            raise Refusal(refusal.sentence, field=field) from refusal
    called, _ = [fields.pop(name, "") for name in PLACES]
    place = row.cells[columns["organisation_id"]] if "organisation_id" in fields else ""
    if called and _INSEE.fullmatch(place.strip()):
        directory.check_called(fields["organisation_id"], called, "organisation_id")
    return fields


def _check_calculated(text: str) -> None:
    if text.upper() in _ERRORS or re.fullmatch(r"Err:\d{3}", text):
        raise Refusal(f"« {text} » est l'erreur d'une formule : corrigez-la ou videz la cellule.")


def _parted(fields: dict[str, Any]) -> Parted | None:
    """How the whole name in `fields` is read; the last and first names found replace it there."""
    for field, text in [(name, fields.pop(name, "")) for name in WHOLE_NAMES]:
        if text and not is_nobody(text):
            if _SEVERAL.search(text.strip(" /;&")):
                raise Refusal(
                    "la cellule nomme plusieurs personnes : n'en gardez qu'une, et donnez une ligne"
                    " aux autres.",
                    field=field,
                )
            parted = part(text, last_comes_first=field == LAST_FIRST)
            named = {"last_name": parted.last, "first_name": parted.first}
            fields |= {name: value for name, value in named.items() if value}
            return parted
    return None


def _place(fields: dict[str, Any], directory: Directory, known: Known) -> str | None:
    """The id of a line's organisation, found by its code or else its name; a name spelt otherwise
    is replaced with the known one.
    """
    name, department = fields.get("name", ""), fields.get("department", "")
    called = directory.organisations(name)
    codes = [code for code in ("insee_code", "siren") if fields.get(code)]
    if codes:
        record_id = known.find(fields)
        if record_id:
            directory.check_called(record_id, name, codes[0])
    elif department:
        of_it = {one for one in called if known.fields(one).get("department") == department}
        record_id = directory.of(department).organisation(name) if of_it else None
    else:
        record_id = directory.organisation(name) if called else None
    if record_id in called:
        fields["name"] = known.fields(record_id)["name"]
    return record_id
