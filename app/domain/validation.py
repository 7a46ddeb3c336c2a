"""What a record may hold: decoding with every check of CONTRACTS §2, and French refusals."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec

from app.domain.canonical import MAX_INTEGER, canonical
from app.domain.records import KINDS, MAX_TEXT, SCHEMA, Envelope, Fields, Format, Record, Ref
from app.domain.refusals import Refusal
from app.domain.type_errors import in_french
from app.domain.values import UUID, check_leaf, check_value, is_normal, normal

_SEALED = frozenset({"content"})  # the archive inside frozen minutes: of any length, never changed


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
    """The marked leaves of a kind by field, each with the rest of its path within the field."""
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


def name_of(record: Envelope) -> str:
    """What other records hold to refer to this one: the code of a theme, the id of any other."""
    return str(readable(record)["code"]) if record.kind == "theme" else record.id


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


def known_kind(kind: str) -> type[Fields]:
    """The fields' definition of a kind; Refusal when there is no such kind."""
    cls = KINDS.get(kind)
    if cls is None:
        raise Refusal(
            f"le genre « {kind[:60]} » n'existe pas : choisissez parmi {', '.join(KINDS)}.",
            field="kind",
        )
    return cls


def check_space(kind: str, record_id: str | None, commission_id: str | None) -> None:
    """Refusal when a record claims a space in which its kind cannot be."""
    if known_kind(kind).regional and commission_id is not None:
        raise Refusal("ce genre appartient à la région : il faut null.", field="commission_id")
    if kind == "commission" and commission_id != record_id:
        raise Refusal("une commission porte son propre identifiant.", field="commission_id")


def complete(kind: str, fields: dict[str, Any], over: Mapping[str, Any] = _NONE) -> dict[str, Any]:
    """The fields of a record, checked, normalised, and completed by their defaults.

    They are laid over `over`, the fields that the record had before, which were checked when they
    came; fields that a newer program added to these are carried as they are. Raises Refusal with
    the field and a sentence on an unknown kind or field, a value of another type or outside its
    list, a text too long or with control characters, a date out of range.
    """
    cls = known_kind(kind)
    added = {name: over[name] for name in over.keys() - set(cls.__struct_encode_fields__)}
    if added:
        over = {name: value for name, value in over.items() if name not in added}
    try:
        fields = {
            key: value if type(value) in _BARE or key in _SEALED else normal(value)
            for key, value in fields.items()
        }
        typed = msgspec.convert({**over, **fields} if over else fields, cls)
    except msgspec.ValidationError as error:
        from app.domain.field_words import VALUES  # here, as that module imports `leaves`

        raise in_french(error, VALUES.get(kind, {})) from error
    except RecursionError as error:
        raise Refusal("la valeur est trop profondément imbriquée.") from error
    marked = _leaves_of(kind)
    for name, value in fields.items():
        if type(value) not in _BARE:
            check_value(value, name, sys.maxsize if name in _SEALED else MAX_TEXT)
        _check_leaves(marked.get(name, ()), name, value)
    return _plain(typed) | added


def _check_leaves(marked: Iterable[_Leaf], name: str, value: Any) -> None:
    for path, mark in marked:
        if path or value is None:
            for leaf in _values(value, path):
                check_leaf(leaf, mark, name)
        else:
            check_leaf(value, mark, name)


def complete_form(kind: str, fields: dict[str, Any], over: Mapping[str, Any] = _NONE) -> bytes:
    """The fields as `complete` gives them, in the form of RFC 8785; ValueError when none is exact.

    For most records one check of the whole form replaces those that `complete` makes of each value.
    """
    form = _seen_whole(kind, fields, over) if kind in KINDS else None
    return canonical(complete(kind, fields, over)) if form is None else form


_encode = msgspec.json.Encoder(order="sorted").encode


def _seen_whole(kind: str, fields: dict[str, Any], over: Mapping[str, Any]) -> bytes | None:
    """The canonical form of fields, when it shows that all are good and normal; None in doubt."""
    try:
        typed = msgspec.convert({**over, **fields} if over else fields, KINDS[kind])
        form = _encode(typed)
        marked = _leaves_of(kind)
        for name, value in fields.items():
            if name in marked:
                _check_leaves(marked[name], name, value)
    except (msgspec.ValidationError, UnicodeEncodeError, RecursionError, Refusal):
        return None
    for name, default in _unseen(kind):
        value = getattr(typed, name)
        if value != default and not (type(value) is int and abs(value) <= MAX_INTEGER):
            return None
    return form if len(form) <= MAX_TEXT and is_normal(form) else None


@cache
def _unseen(kind: str) -> list[tuple[str, Any]]:
    """The attributes, with their defaults, whose values msgspec may write otherwise than RFC 8785.

    These are all that hold anything but texts, booleans and choices, at any depth.
    """
    empty = KINDS[kind]()
    return [
        (field.name, getattr(empty, field.name))
        for field in msgspec.structs.fields(KINDS[kind])
        if not {str, bool, type(None)}.issuperset(_atoms(field.type))
    ]


def _atoms(annotation: Any) -> Iterator[Any]:
    """The types that an annotation is made of, choices aside."""
    origin = get_origin(annotation)
    if origin is Annotated or origin is tuple:
        yield from _atoms(get_args(annotation)[0])
    elif origin is Union or origin is UnionType:
        for member in get_args(annotation):
            yield from _atoms(member)
    elif isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        for field in msgspec.structs.fields(annotation):
            yield from _atoms(field.type)
    elif origin is not Literal:
        yield annotation


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
    """A new record's fields before anything is entered; none are known of a newer kind."""
    return _plain(KINDS[kind]()) if kind in KINDS else {}


def typed(envelope: Envelope) -> Record[Any]:
    """The record with typed fields; of a newer schema, those that fit. Refusal for an unknown kind.

    Fields that a newer program added are left out.
    """
    cls = known_kind(envelope.kind)
    fields = envelope.fields
    unread: tuple[str, ...] = ()
    if envelope.schema > SCHEMA:
        names = {field.encode_name for field in msgspec.structs.fields(cls)}
        known = {key: value for key, value in fields.items() if key in names}
        fields = fitting(envelope.kind, known)
        unread = tuple(key for key in known if key not in fields)
    elif len(fields) > len(cls.__struct_encode_fields__):
        fields = {name: fields[name] for name in cls.__struct_encode_fields__}
    return Record(
        id=envelope.id,
        fields=msgspec.convert(fields, cls),
        revision=envelope.revision,
        commission_id=envelope.commission_id,
        deleted=envelope.deleted,
        unread=unread,
    )


def readable(envelope: Envelope) -> dict[str, Any]:
    """The fields of a record as this program knows them, whoever wrote it; none of a newer kind.

    What a newer schema left out, or filled as this one cannot read, has its default.
    """
    if envelope.schema <= SCHEMA:
        return envelope.fields
    return _plain(typed(envelope).fields) if envelope.kind in KINDS else {}


def fitting(kind: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the fields that hold what they may hold in a kind."""
    return {key: value for key, value in fields.items() if _fits(kind, key, value)}


def _fits(kind: str, name: str, value: Any) -> bool:
    """Whether a field holds what it may hold here: its type, its choices, its form."""
    try:
        msgspec.convert({name: value}, KINDS[kind])
        _check_leaves(_leaves_of(kind).get(name, ()), name, value)
    except (msgspec.ValidationError, Refusal):
        return False
    return True


def is_id(text: str) -> bool:
    """Whether a text has the form of a record's id (a UUID in lower case)."""
    return UUID.match(text) is not None
