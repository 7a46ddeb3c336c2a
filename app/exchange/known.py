"""Which record a line of a table without identifier is about."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from app.domain.records import Envelope
from app.domain.refusals import Refusal
from app.domain.search_text import fold, spaced
from app.exchange.mapping import Columns

_PERSON = ("organisation_id", "last_name", "first_name")

# The fields by which a line without identifier is matched to a record that exists already.
_IDENTITIES: dict[str, tuple[tuple[str, ...], ...]] = {
    "organisation": (("insee_code",), ("siren",), ("name", "department"), ("name",)),
    "theme": (("code",),),
    "fee_scale": (("code",),),
    "person": (
        _PERSON,
        ("last_name", "first_name", "organisation_id"),  # of one without organisation
    ),
    "roster_entry": (("organisation_id",),),
    "need": (("title", "words"),),
    "watch_note": (("title", "reference"),),
    "commitment": (("solution_id", "organisation_id"),),
}


_OF_A_LIST: dict[str, tuple[tuple[str, ...], str]] = {
    "need": (("title", "organisation_ids"), "words"),
    "watch_note": (("title",), "reference"),
}
"""By what else they are matched in a table that lacks that column, as lists of the window do."""

_CODES = frozenset({"insee_code", "siren", "code"})


class Known:
    """Finds the record that a line without identifier is about."""

    def __init__(self, kind: str, existing: Iterable[Envelope], columns: Columns) -> None:
        self._kind = kind
        self._identities = _IDENTITIES.get(kind, ())
        identity, lacking = _OF_A_LIST.get(kind, ((), ""))
        if identity and lacking not in columns and columns.keys() >= {*identity}:
            self._identities += (identity,)
        self._ids: dict[tuple[str, ...], set[str]] = {}
        self._fields: dict[str, dict[str, Any]] = {}
        self._met: set[str] = set()  # the ids that lines have found
        self._so_named: dict[tuple[str, ...], set[str]] = {}  # the persons of each whole name
        for envelope in existing:
            self._fields[envelope.id] = envelope.fields
            self._so_named.setdefault(_whole_name(envelope.fields), set()).add(envelope.id)
            for _, key in self._keys(envelope.fields):
                self._ids.setdefault(key, set()).add(envelope.id)

    def fields(self, record_id: str) -> dict[str, Any]:
        """The fields of the record with this id; empty when it is not known here."""
        return self._fields.get(record_id, {})

    def find(self, fields: dict[str, Any]) -> str | None:
        """The id of the record meant; once a filled identity finds none, only codes are tried."""
        said_in_vain = False
        for names, key in self._keys(fields):
            if said_in_vain and not _CODES.issuperset(names):
                continue
            found = self._ids.get(key, set())
            if len(found) > 1:
                raise Refusal(
                    "plusieurs enregistrements correspondent : ajoutez une colonne Identifiant."
                )
            if found:
                self._met |= found
                return next(iter(found))
            said_in_vain |= all(fields.get(name) for name in names)
        if self._kind != "person":
            return None
        return self._of_nowhere(fields) or self._by_name(fields)

    def _by_name(self, fields: dict[str, Any]) -> str | None:
        """The only person of a whole name, whatever their organisation, for the lines that name
        none; None when an earlier line has found that person already.
        """
        name = _whole_name(fields)
        found = self._so_named.get(name, set())
        if fields.get("organisation_id") or not all(name) or len(found) != 1 or found & self._met:
            return None
        _, nowhere = next(self._keys(fields))
        self._ids[nowhere] = found
        self._met |= found
        return next(iter(found))

    def _of_nowhere(self, fields: dict[str, Any]) -> str | None:
        """The only person of a whole name who has no organisation yet, for the first line that
        names one; None when an earlier line has found that person already.
        """
        if not all(fields.get(name) for name in _PERSON):
            return None
        _, nowhere = next(self._keys({**fields, "organisation_id": ""}))
        found = self._ids.get(nowhere, set())
        if len(found) != 1 or found & self._met:
            return None
        _, own = next(self._keys(fields))
        self._ids[own] = self._ids.pop(nowhere)
        return next(iter(found))

    def _keys(self, fields: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
        """Each identity whose first field at least is filled, with its key."""
        for names in self._identities:
            values = [_compared(name, fields.get(name)) for name in names]
            if values[0]:
                yield names, (*names, *values)


def _whole_name(fields: dict[str, Any]) -> tuple[str, ...]:
    """The last and the first name of a person, to compare."""
    return tuple(_compared(name, fields.get(name)) for name in ("last_name", "first_name"))


def _compared(field: str, value: Any) -> str:
    """A value as a text to compare, the members of a list being sorted; signs part words alike, but
    in a code, or where there is nothing else.
    """
    text = "|".join(sorted(map(str, value))) if isinstance(value, list) else str(value or "")
    return (field not in _CODES and spaced(text)) or fold(text)


def likeness(kind: str, fields: dict[str, Any]) -> str:
    """The key that two lines of one table share when they are about one record: a code, a person's
    whole name and organisation, else all their fields, compared as with a record that exists; empty
    for a kind whose records may be alike, as two seats of an EPCI are.
    """
    if kind == "roster_entry" or kind not in _IDENTITIES:
        return ""
    names = [name for names in _IDENTITIES[kind] for name in names if name in _CODES]
    alike = {name: _compared(name, value) for name, value in fields.items()}
    code = next(({name: alike[name]} for name in names if fields.get(name)), None)
    person = {name: alike.get(name, "") for name in _PERSON} if kind == "person" else {}
    named = person if all(person.values()) else None
    return json.dumps(code or named or alike, sort_keys=True)
