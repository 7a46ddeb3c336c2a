"""Whatever a newer program writes in a record: the central takes it, or says no."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.clock import new_id
from app.domain.records import REGION, SCHEMA
from app.sync.protocol import Op
from tests.app.central.conftest import Enrol
from tests.app.central.laptop import Laptop, op
from tests.central_server import Central

READ = {
    "agenda_item": ("meeting_id",),
    "attachment": ("sha256",),
    "commitment": ("solution_id", "organisation_id", "intention", "units", "on"),
    "convocation": ("meeting_id", "document_sha256"),
    "decision": ("agenda_item_id",),
    "meeting": ("status",),
    "minutes": ("meeting_id", "addendum_to_id", "frozen_at", "pdf_sha256"),
    "need": ("title", "theme", "organisation_ids", "solution_id", "raised_at_meeting_id"),
    "organisation": ("population",),
    "solution": ("published_as_id",),
    "town": ("population",),
}
"""The fields of each kind by whose values the central goes; a town is of a kind to come."""

REGIONAL = {"published": "solution", "city": "organisation"}
KIND_OF = {kind: kind for kind in READ if kind != "organisation"} | REGIONAL
IDS = {name: new_id() for name in KIND_OF}  # others in each example

ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=4,
)
VALUES = st.sampled_from([*IDS.values()]) | st.sampled_from(["0" * 64, "a\0b", "2027"]) | ODD


def _fields(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=dict.fromkeys(READ[kind], VALUES))


ROUND = st.fixed_dictionaries(
    {}, optional={name: _fields(kind) for name, kind in KIND_OF.items()}
).flatmap(lambda made: st.permutations(list(made.items())))
"""The fields of some of the records, in an order."""


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rounds=st.tuples(ROUND, ROUND))
def test_no_record_of_a_newer_schema_troubles_the_central(
    laptops: tuple[str, Laptop, Laptop, Laptop],
    rounds: Sequence[Sequence[tuple[str, dict[str, Any]]]],
) -> None:
    here, lea, noe, gip = laptops
    anew = {known: new_id() for known in IDS.values()}
    for base, made in enumerate(rounds):
        ops = [_renamed(op(KIND_OF[one], IDS[one], base, **fields), anew) for one, fields in made]
        for where, by in ((REGION, gip), (here, lea)):
            some = [
                change
                for (name, _), change in zip(made, ops, strict=True)
                if (name in REGIONAL) == (where == REGION)
            ]
            by.exchange(where if some else None, *some, schema=SCHEMA + 1)
    noe.exchange()


def _renamed(change: Op, names: dict[str, str]) -> Op:
    """The change with other ids, wherever they stand in it."""
    written = msgspec.json.encode(change).decode()
    for known, new in names.items():
        written = written.replace(known, new)
    return msgspec.json.decode(written, type=Op)


@pytest.fixture
def laptops(site: Central, enrol: Enrol) -> tuple[str, Laptop, Laptop, Laptop]:
    """A commission, a laptop of it, one of another, and one of the GIP."""
    here, there = site.commission(), site.commission("Ailleurs")
    return here, enrol(here), enrol(there), enrol(role="gip")
