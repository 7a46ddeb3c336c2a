"""Records of the central in the form that this program keeps."""

from __future__ import annotations

import pytest

from app.clock import new_id
from app.domain.records import KINDS, SCHEMA, Envelope
from app.domain.validation import defaults
from app.errors import SyncError
from app.sync.sides import known_form


@pytest.mark.parametrize("kind", KINDS)
def test_a_complete_record_is_kept_as_it_is(kind: str) -> None:
    record = Envelope(kind=kind, id=new_id(), revision=1, fields=defaults(kind))
    assert known_form(record).fields == defaults(kind)


def test_fields_that_a_newer_program_added_are_left_out_and_missing_ones_completed() -> None:
    record = Envelope(kind="need", id=new_id(), revision=1, fields={"title": "A", "mood": "calme"})
    assert known_form(record).fields == defaults("need") | {"title": "A"}


def test_a_newer_schema_is_carried_untouched() -> None:
    record = Envelope(kind="hologram", id=new_id(), schema=SCHEMA + 1, fields={"mood": [1]})
    assert known_form(record) is record


@pytest.mark.parametrize(
    "record",
    [
        Envelope(kind="hologram", id=new_id(), fields={"title": "A"}),
        Envelope(kind="need", id=new_id(), fields={}),
        Envelope(kind="need", id=new_id(), fields={"severity": "grave"}),
    ],
)
def test_anything_else_is_no_record_of_ours(record: Envelope) -> None:
    with pytest.raises(SyncError, match="notre serveur"):
        known_form(record)
