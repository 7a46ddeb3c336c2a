"""Records whose values are of the types of their kind, and mad all the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec

from app.bootstrap import Services
from app.domain.canonical import MAX_INTEGER
from app.domain.records import Envelope
from app.domain.refusals import Refusal
from app.domain.validation import complete
from tests.app.domain.builders import uid
from tests.newer import MEETING, of_kind

_GREATEST = ("2200-12-31", "2200-12-31T23:59:59+00:00", MAX_INTEGER, "x" * 3000)
_LEAST = ("1900-01-01", "1900-01-01T00:00:00+00:00", -MAX_INTEGER, 0, "", [], {}, None)


def madden(services: Services, kind: str) -> Iterator[str]:
    """Has another laptop give every record of a kind mad values, in each way; names the way."""
    before = of_kind(services, kind)
    for name, values in _WAYS.items():
        with services.workspace.unit("D'un autre poste") as unit:
            for one in before:
                unit.receive(_with(one, values(one)))
            unit.commit()
        yield name


def _pointing_to(record_id: str) -> Sequence[Any]:
    """What names a record where another kind may be meant."""
    return record_id, [record_id, uid("nobody")], {record_id: "for"}


_WAYS: dict[str, Callable[[Envelope], Sequence[Any]]] = {
    "greatest": lambda one: _GREATEST,
    "least": lambda one: _LEAST,
    "pointing astray": lambda one: _pointing_to(MEETING),
    "pointing to itself": lambda one: _pointing_to(one.id),
}


def _with(one: Envelope, values: Sequence[Any]) -> Envelope:
    """A record where each field has the first of the values that it may have, if it may any."""
    fields = one.fields
    for name in fields:
        for value in values:
            try:
                fields = complete(one.kind, {name: value}, fields)
            except Refusal:
                continue
            break
    return msgspec.structs.replace(one, revision=one.revision + 1, fields=fields)
