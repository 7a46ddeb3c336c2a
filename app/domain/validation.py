"""What a record may hold: decoding with every check of CONTRACTS §2, and French refusals."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from types import MappingProxyType
from typing import Annotated, Any, Literal, get_args, get_origin

import msgspec

from app.domain import dates
from app.domain.canonical import MAX_INTEGER
from app.domain.records import KINDS, MAX_TEXT, SCHEMA, Envelope, Fields, Format, Record, Ref
from app.domain.refusals import Refusal

_BARRED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters but for line feed and tab, and halves of characters (lone surrogates)."""
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")
_UNCHECKED = frozenset({"content"})  # the archive inside frozen minutes: checked when it was made


@dataclass(frozen=True)
class Reference:
    """An id found in a record: the field that holds it, the kinds allowed, the id."""

    field: str
    ref: Ref
    target: str


# A leaf is a mark (Format or Ref) reached by a path: names, or "*" for each member or key.
_Leaf = tuple[tuple[str, ...], Format | Ref]


def _leaves(annotation: Any, path: tuple[str, ...]) -> Iterator[_Leaf]:
    origin = get_origin(annotation)
    if origin is Annotated:
        for mark in get_args(annotation)[1:]:
            if isinstance(mark, Format | Ref):
                yield path, mark
    elif isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        for field in msgspec.structs.fields(annotation):
            yield from _leaves(field.type, (*path, field.encode_name))
    elif origin is tuple or origin is dict:
        yield from _leaves(get_args(annotation)[0], (*path, "*"))
    elif origin not in (None, Literal):
        for member in get_args(annotation):
            yield from _leaves(member, path)


@cache
def leaves(kind: str) -> tuple[_Leaf, ...]:
    """The marked leaves of a kind, found when it is first met; none of an unknown kind."""
    return tuple(_leaves(KINDS[kind], ())) if kind in KINDS else ()


@cache
def _references(kind: str) -> list[tuple[tuple[str, ...], Ref]]:
    return [(path, mark) for path, mark in leaves(kind) if isinstance(mark, Ref)]


@cache
def _leaves_of(kind: str) -> dict[str, list[_Leaf]]:
    """The same, by the field that a path begins with: what is left of the path there."""
    return {
        name: [(path[1:], mark) for path, mark in leaves(kind) if path[0] == name]
        for name in {path[0] for path, _ in leaves(kind)}
    }


_NONE: Mapping[str, Any] = MappingProxyType({})
_BARE = frozenset({type(None), bool})  # what holds nothing to check
_SCALAR = _BARE | {int, float, str}


def _values(value: Any, path: tuple[str, ...]) -> Iterator[Any]:
    if value is None:
        return
    if not path:
        yield value
    elif path[0] == "*" and isinstance(value, list | tuple | dict):
        for member in value:  # the members of a list, or the keys of a map
            yield from _values(member, path[1:])
    elif isinstance(value, dict):
        yield from _values(value.get(path[0]), path[1:])


def references(kind: str, fields: dict[str, Any]) -> list[Reference]:
    """Every id that the fields hold, theme codes included, in the order of the fields.

    What a newer schema may hold, kinds and shapes unknown here, is passed over.
    """
    return [Reference(*one) for one in _pointing(kind, fields)]


def targets(kind: str, fields: dict[str, Any]) -> list[tuple[str, str]]:
    """(field, id) of each of the `references`."""
    return [(field, target) for field, _, target in _pointing(kind, fields)]


@cache
def reference_fields(kind: str) -> frozenset[str]:
    """The fields of a kind that may hold ids."""
    return frozenset(path[0] for path, _ in _references(kind))


def _pointing(kind: str, fields: dict[str, Any]) -> Iterator[tuple[str, Ref, str]]:
    for path, mark in _references(kind):
        value = fields.get(path[0])
        if isinstance(value, str):
            if len(path) == 1:
                yield path[0], mark, value
        elif value:
            for target in _values(value, path[1:]):
                if isinstance(target, str):
                    yield path[0], mark, target


def _normal(value: Any) -> Any:
    """The same value with its texts in NFC and their line ends as LF."""
    if isinstance(value, str):
        if "\r" in value:
            value = value.replace("\r\n", "\n").replace("\r", "\n")
        return value if value.isascii() else unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {_normal(key): _normal(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [_normal(member) for member in value]
    return value


def _check_value(value: Any, where: str) -> None:
    """What a text or a number may hold, however deep it lies."""
    if isinstance(value, str):
        _check_text(value, where)
    elif isinstance(value, dict):
        for key, member in value.items():
            _check_text(key, where)
            _check_value(member, where)
    elif isinstance(value, list):
        for member in value:
            _check_value(member, where)
    elif isinstance(value, int) and abs(value) > MAX_INTEGER:
        raise Refusal(f"le nombre {str(value)[:40]} est trop grand.", field=where)


def _check_text(value: str, where: str) -> None:
    if len(value) > MAX_TEXT:
        raise Refusal(
            f"le texte compte {len(value)} caractères et n'en peut compter que {MAX_TEXT} :"
            " raccourcissez-le ou joignez-le en pièce jointe.",
            field=where,
        )
    if found := _BARRED.search(value):
        if found[0] >= "\ud800":
            raise Refusal("un caractère n'est pas lisible : tapez le texte à nouveau.", field=where)
        raise Refusal(
            f"le caractère de commande U+{ord(found[0]):04X} n'est pas admis : retirez-le.",
            field=where,
        )


def _check_day(text: str) -> bool:
    return 1900 <= dates.day(text).year <= 2200


def _check_instant(text: str) -> bool:
    return 1900 <= dates.instant(text).year <= 2200


def _check_fraction(text: str) -> bool:
    return re.fullmatch(r"[0-9]{1,4}/[1-9][0-9]{0,3}", text) is not None and 0 < Fraction(text) < 1


_FORMATS: dict[Format, tuple[Callable[[str], bool], str]] = {
    Format.DATE: (_check_day, "une date AAAA-MM-JJ entre 1900 et 2200"),
    Format.INSTANT: (
        _check_instant,
        "un instant ISO 8601 avec son décalage horaire, entre 1900 et 2200"
        " (par exemple 2027-03-19T18:30:00+01:00)",
    ),
    Format.FRACTION: (_check_fraction, "une fraction entre 0 et 1, par exemple 1/2"),
    Format.SHA256: (lambda text: _SHA256.match(text) is not None, "une empreinte SHA-256"),
}


def _check_leaf(value: str, mark: Format | Ref, where: str) -> None:
    if isinstance(mark, Ref):
        if mark.kinds != ("theme",) and not _UUID.match(value):
            raise Refusal(f"« {value[:60]} » n'est pas un identifiant.", field=where)
        return
    check, expected = _FORMATS[mark]
    try:
        good = check(value)
    except ValueError:
        good = False
    if not good:
        raise Refusal(f"« {value[:60]} » n'est pas {expected}.", field=where)


_TYPES = {
    "str": "un texte", "int": "un nombre entier", "bool": "vrai ou faux", "array": "une liste",
    "object": "un objet", "null": "rien", "float": "un nombre",
}  # fmt: skip
_UNKNOWN_FIELD = re.compile(
    r"Object contains unknown field `(?P<name>.*?)`(?: - at `(?P<at>.*)`)?$"
)
_BAD_TYPE = re.compile(r"Expected `(?P<wanted>.*?)`, got `(?P<got>.*?)`(?: - at `(?P<at>.*)`)?$")
_BAD_ENUM = re.compile(r"Invalid enum value (?P<value>.*?)(?: - at `(?P<at>.*)`)?$")
_TOO_LOW = re.compile(r"Expected `int` >= (?P<least>-?\d+)(?: - at `(?P<at>.*)`)?$")
_MISSING = re.compile(r"Object missing required field `(?P<name>.*?)`(?: - at `(?P<at>.*)`)?$")


def _in_french(error: msgspec.ValidationError) -> Refusal:
    """The refusal that says in French what msgspec found."""
    text = str(error)
    if found := _UNKNOWN_FIELD.match(text):
        return Refusal("ce champ n'existe pas.", field=_path(found["at"], found["name"]))
    if found := _MISSING.match(text):
        return Refusal("ce champ manque.", field=_path(found["at"], found["name"]))
    if found := _BAD_ENUM.match(text):
        value = found["value"].strip("'\"")
        return Refusal(f"la valeur « {value} » n'est pas admise.", field=_path(found["at"]))
    if found := _TOO_LOW.match(text):
        return Refusal(f"il faut au moins {found['least']}.", field=_path(found["at"]))
    if found := _BAD_TYPE.match(text):
        wanted = " ou ".join(_TYPES.get(t.strip(), t) for t in found["wanted"].split("|"))
        got = _TYPES.get(found["got"], found["got"])
        return Refusal(f"il faut {wanted}, et non {got}.", field=_path(found["at"]))
    return Refusal("la valeur n'est pas de la forme attendue.", field=_path(text))


def _path(at: str | None, name: str = "") -> str:
    where = (at or "$").removeprefix("$").removeprefix(".")
    return ".".join(part for part in (where, name) if part)


def known_kind(kind: str) -> type[Fields]:
    """The fields' definition of a kind; Refusal when there is no such kind."""
    cls = KINDS.get(kind)
    if cls is None:
        raise Refusal(f"le genre « {kind[:60]} » n'existe pas.", field="kind")
    return cls


def complete(kind: str, fields: dict[str, Any], over: Mapping[str, Any] = _NONE) -> dict[str, Any]:
    """The fields of a record, checked, normalised, and completed by their defaults.

    They are laid over those that the record had before, which were checked when they came. Raises
    Refusal with the field and a sentence on an unknown kind or field, a value of another type or
    outside its list, a text too long or with control characters, a date out of range.
    """
    cls = known_kind(kind)
    try:
        fields = {
            key: value if type(value) in _BARE or key in _UNCHECKED else _normal(value)
            for key, value in fields.items()
        }
        typed = msgspec.convert({**over, **fields} if over else fields, cls)
    except msgspec.ValidationError as error:
        raise _in_french(error) from error
    except RecursionError as error:
        raise Refusal("la valeur est trop profondément imbriquée.") from error
    marked = _leaves_of(kind)
    for name, value in fields.items():
        if type(value) not in _BARE:
            if name not in _UNCHECKED:
                _check_value(value, name)
            for path, mark in marked.get(name, ()):
                for leaf in _values(value, path) if path else (value,):
                    _check_leaf(leaf, mark, name)
    return _plain(typed)


def _plain(typed: Fields) -> dict[str, Any]:
    """The fields as JSON decodes them, lists for tuples, so that states compare by value."""
    full: dict[str, Any] = msgspec.to_builtins(typed)
    return {
        name: value if type(value) in _SCALAR else _listed(value) for name, value in full.items()
    }


def _listed(value: Any) -> Any:
    """The value with lists for tuples."""
    if isinstance(value, dict):
        return {key: _listed(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [_listed(member) for member in value]
    return value


def defaults(kind: str) -> dict[str, Any]:
    """A new record's fields before anything is entered."""
    return _plain(known_kind(kind)())


def typed(envelope: Envelope) -> Record[Any]:
    """The record with typed fields; unknown fields of a newer schema are left out of it."""
    cls = KINDS[envelope.kind]
    fields = envelope.fields
    if envelope.schema > SCHEMA:
        names = {field.encode_name for field in msgspec.structs.fields(cls)}
        fields = {key: value for key, value in fields.items() if key in names}
    return Record(
        id=envelope.id,
        fields=msgspec.convert(fields, cls),
        revision=envelope.revision,
        commission_id=envelope.commission_id,
        deleted=envelope.deleted,
    )


def is_id(text: str) -> bool:
    """Whether a text has the form of a record's id (a UUID in lower case)."""
    return _UUID.match(text) is not None
