"""What a field's value looks like in a cell, and back.

A text that a spreadsheet would take for a formula is written with an apostrophe before it, which
reading takes away again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from app.domain import dates, json_text
from app.domain.field_words import VALUES
from app.domain.records import KINDS, Format, Ref
from app.domain.refusals import Refusal
from app.domain.search_text import fold
from app.domain.validation import defaults, is_id
from app.domain.wording import either
from app.exchange.directory import Directory
from app.exchange.moments import read_day, read_instant
from app.exchange.titles import ID, PLACES, SEAT, WHOLE_NAMES

Cell = str | int | Decimal | date | None

_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_GUARDED = re.compile("'+[=+\\-@\t\r\n＝＋－＠]")
_SEPARATOR = " | "
_BETWEEN = re.compile(r"[,;/&]|(?<=\s)et(?=\s)", re.IGNORECASE)  # names, or parts of one
_MOST = 8  # parts that a name may have: « CC Forêts, Seine et Suzon » has three
_NEEDS_JSON = re.compile(r"[|\n]|^\s|\s$|^\[|^$")
_EUROS = re.compile(r"(\d{1,12})(?:[.,](\d{1,2}))?(?:€|euros?|EUR)")
YES = frozenset({"oui", "o", "vrai", "true", "yes", "x", "1"})
NO = frozenset({"non", "n", "faux", "false", "no", "0"})


class Shape(Enum):
    """The form of a field in a cell."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    CHOICE = "choice"
    WORDED = "worded"  # a text that has words for its usual values, and takes others
    DATE = "date"
    INSTANT = "instant"
    LIST = "list"
    ORGANISATION = "organisation"
    ORGANISATIONS = "organisations"
    PERSON = "person"
    THEME = "theme"
    DEPARTMENT = "department"
    REFERENCE = "reference"  # to a record that tables name by its identifier alone
    JSON = "json"


_NAMED: dict[tuple[str, ...], Shape] = {
    ("organisation",): Shape.ORGANISATION, ("person",): Shape.PERSON, ("theme",): Shape.THEME,
}  # fmt: skip
"""The kinds that tables refer to by a name or a code."""


@cache
def shape(kind: str, field: str) -> Shape:
    """The form of a column of a kind; those that are no field (`titles.columns_of`) are texts."""
    if field in (ID, SEAT, *WHOLE_NAMES, *PLACES):
        return Shape.TEXT
    if field == "department":
        return Shape.DEPARTMENT
    definition = KINDS[kind]
    (name,) = (
        found.name for found in msgspec.structs.fields(definition) if found.encode_name == field
    )
    found = _shape(get_type_hints(definition, include_extras=True)[name])
    return Shape.WORDED if found is Shape.TEXT and VALUES.get(kind, {}).get(field) else found


def _shape(annotation: Any) -> Shape:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _marked(arguments) or _shape(arguments[0])
    if origin is tuple:
        inner = _shape(arguments[0])
        if inner is Shape.ORGANISATION:
            return Shape.ORGANISATIONS
        return Shape.LIST if inner in (Shape.TEXT, Shape.PERSON, Shape.REFERENCE) else Shape.JSON
    if origin is Literal:
        return Shape.NUMBER if isinstance(arguments[0], int) else Shape.CHOICE
    if type(None) in arguments:
        return _shape(next(each for each in arguments if each is not type(None)))
    simple = {str: Shape.TEXT, int: Shape.NUMBER, bool: Shape.FLAG}
    return simple.get(annotation, Shape.JSON)


def _marked(arguments: tuple[Any, ...]) -> Shape | None:
    """The form that a mark of the records' definition gives."""
    for mark in arguments[1:]:
        if mark is Format.DATE:
            return Shape.DATE
        if mark is Format.INSTANT:
            return Shape.INSTANT
        if isinstance(mark, Ref):
            return _NAMED.get(mark.kinds, Shape.REFERENCE)
    return None


def write(kind: str, field: str, value: Any, directory: Directory) -> Cell:
    """The cell of a value; None for an empty one, or the default of a field in JSON."""
    form = shape(kind, field)
    if value == _default(kind, field) if form is Shape.JSON else value in (None, "", []):
        return None
    if form is Shape.NUMBER:
        return int(value)
    if form is Shape.DATE:
        return dates.day(value)
    if form in (Shape.CHOICE, Shape.WORDED):
        return guarded(VALUES[kind][field].get(value, str(value)))
    return guarded(_WRITERS[form](value, directory))


def read(kind: str, field: str, text: str, directory: Directory) -> Any:
    """The value of a cell that is not empty; Refusal when it is not of the field's form."""
    form = shape(kind, field)
    text = unguarded(text)
    if form is Shape.TEXT:
        return text
    if form is Shape.CHOICE:
        return _choice(text, VALUES[kind][field])
    if form is Shape.WORDED:
        return _called_so(text, VALUES[kind][field]) or text
    if form is Shape.NUMBER and (euros := _EUROS.fullmatch("".join(text.split()))):
        if not field.endswith("_cents"):
            raise Refusal(f"« {text.strip()[:60]} » est un montant, et il faut un nombre.")
        return int(euros[1]) * 100 + int((euros[2] or "").ljust(2, "0"))
    if form is Shape.NUMBER:
        return _number(text.strip(), VALUES.get(kind, {}).get(field, {}))
    return _READERS[form](text.strip(), directory)


@cache
def _default(kind: str, field: str) -> Any:
    return None if field == ID else defaults(kind)[field]


def french(cell: Decimal | date) -> str:
    """« -199,50 », « 19/03/2027 »: what a French spreadsheet reads as a number or a date."""
    if isinstance(cell, Decimal):
        return str(cell).replace(".", ",")
    return f"{cell.day:02}/{cell.month:02}/{cell.year:04}"


def guarded(text: str) -> str:
    """The text, behind an apostrophe when a spreadsheet would take it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """The text that `guarded` was given."""
    return text[1:] if _GUARDED.match(text) else text


def _joined(values: list[str]) -> str:
    if any(_NEEDS_JSON.search(value) for value in values):
        return _as_json(values)
    return _SEPARATOR.join(values)


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _split(text: str) -> list[str]:
    if text.startswith("["):
        found = json_text.decode(text.encode())
        if not all(isinstance(each, str) for each in found):
            raise Refusal("il faut une liste de textes.")
        return list(found)
    return [part.strip() for part in re.split(r"[|\n]", text) if part.strip()]


def _number(text: str, words: dict[int, str]) -> int:
    """A whole number, or the one that a word of the field stands for."""
    digits = re.sub(r"\s", "", text)
    if re.fullmatch(r"-?[0-9]{1,15}", digits):
        return int(digits)
    for number, word in words.items():
        if fold(word) == fold(text):
            return number
    known = f", ni {', '.join(words.values())}" if words else ""
    raise Refusal(f"« {text[:60]} » n'est pas un nombre entier{known}.")


def _flag(text: str) -> bool:
    word = fold(text)
    if word not in YES | NO:
        raise Refusal(f"il faut oui ou non, et non « {text[:60]} ».")
    return word in YES


_ALSO = {
    "other": ("autre",),
    "deliberative": ("deliberant", "deliberante"),
    "not_member": ("non adherent",),
    "member": ("adherent",),
    "left": ("sorti", "sortie", "retire"),
    "open": ("en cours", "ouverte"),
    "answered": ("repondu",),
    "served": ("servi",),
    "draft": ("brouillon",),
    "group_purchase": ("groupement de commandes",),
    "declined": ("declinee",),
    "letter": ("courrier",),
    "hand": ("remise en main propre",),
    "show_of_hands": ("main levee",),
    "roll_call": ("appel nominal",),
    "secret": ("scrutin secret",),
}
"""Folded words by which other tables call values, besides those of the screens."""


def _choice(text: str, words: dict[str, str]) -> str:
    value = _called_so(text, words)
    if value is None:
        wanted = either(list(words.values()))
        raise Refusal(f"« {text.strip()[:60]} » n'est pas admis : il faut {wanted}.")
    return value


def _called_so(text: str, words: dict[str, str]) -> str | None:
    """The value whose code, word or other name the text is; None when there is none."""
    wanted = fold(text.strip())
    for value, word in words.items():
        if wanted in (fold(value), fold(word), *_ALSO.get(value, ())):
            return value
    return None


def _reference(text: str) -> str:
    if not is_id(text):
        raise Refusal(
            f"« {text[:60]} » n'est pas un identifiant tel qu'en porte un tableau exporté par"
            " « commissions export » : donnez-le, ou ignorez cette colonne."
        )
    return text


def _organisations(text: str, directory: Directory) -> list[str]:
    return [found for each in _split(text) for found in _called(each, directory)]


def _called(text: str, directory: Directory) -> Iterator[str]:
    """The ids of the organisations that a text lists, the longest known name being taken first."""
    cuts = list(_BETWEEN.finditer(text))
    starts = [0, *(cut.end() for cut in cuts)]
    ends = [*(cut.start() for cut in cuts), len(text)]
    parts = [part for part in zip(starts, ends, strict=True) if text[slice(*part)].strip()]
    parts = parts or [(0, len(text))]
    while parts:
        start = parts[0][0]
        names = [text[start:end].strip() for _, end in parts[:_MOST]]
        found, taken = _longest(names, directory)
        yield found
        parts = parts[taken:]


def _longest(names: list[str], directory: Directory) -> tuple[str, int]:
    """The organisation of the last (longest) of these names that has one, and that name's rank."""
    for rank in range(len(names), 1, -1):
        with suppress(Refusal):
            return directory.organisation(names[rank - 1]), rank
    return directory.organisation(names[0]), 1


_WRITERS: dict[Shape, Callable[[Any, Directory], str]] = {
    Shape.TEXT: lambda value, _: str(value),
    Shape.INSTANT: lambda value, _: str(value),
    Shape.FLAG: lambda value, _: "oui" if value else "non",
    Shape.LIST: lambda value, _: _joined(value),
    Shape.PERSON: lambda value, _: str(value),
    Shape.ORGANISATION: lambda value, directory: directory.code(value),
    Shape.ORGANISATIONS: lambda value, directory: _joined([directory.code(id_) for id_ in value]),
    Shape.THEME: lambda value, directory: directory.label(value),
    Shape.DEPARTMENT: lambda value, _: str(value),
    Shape.REFERENCE: lambda value, _: str(value),
    Shape.JSON: lambda value, _: _as_json(value),
}

_READERS: dict[Shape, Callable[[str, Directory], Any]] = {
    Shape.FLAG: lambda text, _: _flag(text),
    Shape.DATE: lambda text, _: read_day(text),
    Shape.INSTANT: lambda text, _: read_instant(text),
    Shape.LIST: lambda text, _: _split(text),
    Shape.ORGANISATION: lambda text, directory: directory.organisation(text),
    Shape.ORGANISATIONS: _organisations,
    Shape.PERSON: lambda text, directory: directory.person(text),
    Shape.THEME: lambda text, directory: directory.theme(text),
    Shape.DEPARTMENT: lambda text, directory: directory.department(text),
    Shape.REFERENCE: lambda text, _: _reference(text),
    Shape.JSON: lambda text, _: json_text.decode(text.encode()),
}
