"""The archive: what is written is read back, and a fault is refused with its place."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.canonical import canonical
from app.domain.records import MOST_SCHEMA, Envelope
from app.domain.refusals import Refusal
from app.exchange import archive
from app.exchange.archive import Entry, PastChange
from tests.app.exchange.samples import COMMISSION, RECORDS, VOUGEOT, envelope

MADE_AT = "2027-03-19T22:10:00+01:00"

Json = dict[str, Any]


def document(*records: Json) -> Json:
    """An archive as decoded JSON, of one need unless told."""
    if not records:
        need = envelope("need", title="Sauvegarde")
        records = (json.loads(msgspec.json.encode(need)),)
    return {
        "format": "commissions-archive",
        "version": 1,
        "made_at": MADE_AT,
        "records": list(records),
    }


def decoded(value: object) -> tuple[Entry, ...]:
    return archive.decode(json.dumps(value).encode()).entries


def refusal(value: object) -> Refusal:
    with pytest.raises(Refusal) as refused:
        decoded(value)
    assert refused.value.sentence.endswith(".")
    return refused.value


@given(st.lists(RECORDS, max_size=1))
def test_records_written_are_read_back_field_by_field(records: list[Envelope]) -> None:
    entries = tuple(Entry(record) for record in [VOUGEOT, *records])
    assert archive.decode(b"".join(archive.encode(entries, MADE_AT))).entries == entries


def test_what_is_absent_is_named_only_when_there_is_something_to_name() -> None:
    absent = {"eau", COMMISSION}
    data = b"".join(archive.encode([Entry(VOUGEOT)], MADE_AT, absent))
    assert archive.decode(data).absent == absent
    assert json.loads(data)["absent"] == sorted(absent)


@pytest.mark.parametrize("absent", ["eau", [1], [""], [None], {"eau": 1}])
def test_what_is_absent_is_a_list_of_texts(absent: object) -> None:
    assert refusal(document() | {"absent": absent}).field == "absent"


def test_the_document_is_the_one_of_the_contract() -> None:
    data = json.loads(b"".join(archive.encode([Entry(VOUGEOT)], MADE_AT)))
    assert list(data) == ["format", "version", "made_at", "records"]
    assert data["records"] == [json.loads(msgspec.json.encode(VOUGEOT))]
    assert list(data["records"][0]) == [
        "kind", "id", "schema", "revision", "deleted", "commission_id", "fields",
    ]  # fmt: skip


def test_what_a_record_leaves_out_has_its_default() -> None:
    found = document({"kind": "theme", "id": VOUGEOT.id, "fields": {"code": "x"}})
    (entry,) = decoded(found)
    assert entry.envelope.fields == {"code": "x", "label": "", "active": True}


def test_a_record_of_a_newer_schema_is_taken_untouched() -> None:
    newer = {"kind": "need", "id": VOUGEOT.id, "schema": 2, "fields": {"title": 3, "mood": ["x"]}}
    (entry,) = decoded(document(newer))
    assert entry.envelope.fields == {"title": 3, "mood": ["x"]}


def changed(change: Callable[[Json], object]) -> Json:
    value = document()
    change(value)
    return value


def of_record(**fields: object) -> Json:
    return changed(lambda value: value["records"][0].update(fields))


def of_fields(**fields: object) -> Json:
    return changed(lambda value: value["records"][0]["fields"].update(fields))


@pytest.mark.parametrize(
    ("value", "field"),
    [
        (None, "format"),
        ([], "format"),
        ({}, "format"),
        (document() | {"format": "geojson"}, "format"),
        (document() | {"version": 2}, "version"),
        (document() | {"version": 0}, "version"),
        (document() | {"version": "1"}, "version"),
        (document() | {"author": "x"}, "author"),
        (document() | {"made_at": "hier"}, "made_at"),
        (document() | {"made_at": None}, "made_at"),
        (document() | {"records": None}, "records"),
        (document() | {"records": {}}, "records"),
        (document(7), "records[0]"),
        (changed(lambda value: value["records"].append(value["records"][0])), "records[1].id"),
        (of_record(id="1"), "records[0].id"),
        (of_record(id=VOUGEOT.id.upper()), "records[0].id"),
        (of_record(kind="idea"), "records[0].kind"),
        (of_record(kind=None), "records[0].kind"),
        (of_record(schema=0), "records[0].schema"),
        (of_record(schema=MOST_SCHEMA + 1), "records[0].schema"),
        (of_record(revision=-1), "records[0].revision"),
        (of_record(deleted=1), "records[0].deleted"),
        (of_record(commission_id="x"), "records[0].commission_id"),
        (of_record(kind="commission", fields={}, commission_id=VOUGEOT.id),
         "records[0].commission_id"),
        (of_record(kind="theme", fields={}), "records[0].commission_id"),
        (of_record(fields=None), "records[0].fields"),
        (of_record(fields=[]), "records[0].fields"),
        (of_record(seq=3), "records[0].seq"),
        (of_fields(mood="x"), "records[0].fields.mood"),
        (of_fields(title=3), "records[0].fields.title"),
        (of_fields(title="\x07"), "records[0].fields.title"),
        (of_fields(title="a" * 100_001), "records[0].fields.title"),
        (of_fields(status="lost"), "records[0].fields.status"),
        (of_fields(deadline_on="2201-01-01"), "records[0].fields.deadline_on"),
    ],
)  # fmt: skip
def test_a_damaged_or_foreign_archive_is_refused_with_the_place(value: object, field: str) -> None:
    assert refusal(value).field == field


def test_the_place_of_broken_json_is_a_line_and_a_column() -> None:
    data = b"".join(archive.encode([Entry(VOUGEOT)], MADE_AT))
    with pytest.raises(Refusal) as refused:
        archive.decode(data.replace(b'"fields"', b'"fields'))
    assert "ligne 2" in refused.value.sentence


def test_an_object_nested_beyond_reason_is_refused() -> None:
    data = json.dumps(of_fields(title="@")).replace('"@"', "[" * 900 + "]" * 900)
    with pytest.raises(Refusal):
        archive.decode(data.encode())


MINUTES = {"meeting_id": COMMISSION, "content": {"séance": [1, "deux"]}}
SHA256 = hashlib.sha256(canonical(MINUTES["content"])).hexdigest()


def test_frozen_minutes_whose_words_changed_are_refused() -> None:
    entries = (Entry(envelope("minutes", **MINUTES, content_sha256=SHA256)),)
    data = b"".join(archive.encode(entries, MADE_AT))
    assert archive.decode(data).entries == entries
    with pytest.raises(Refusal) as refused:
        archive.decode(data.replace(b"deux", b"trois"))
    assert refused.value.field == "records[0].fields.content_sha256"


def test_frozen_minutes_whose_words_are_gone_are_refused() -> None:
    stripped = envelope("minutes", meeting_id=COMMISSION, content_sha256=SHA256)
    with pytest.raises(Refusal) as refused:
        archive.decode(b"".join(archive.encode([Entry(stripped)], MADE_AT)))
    assert refused.value.field == "records[0].fields.content_sha256"


def past(changes: Json, **fields: Any) -> PastChange:
    given = {"change": 1, "revision": 0, "at": MADE_AT, "author": "Zoé", "device": "portable"}
    sides = {name: tuple(values) for name, values in changes.items()}
    return PastChange(**(given | fields), changes=sides)


def test_the_history_of_a_record_comes_along() -> None:
    history = (
        past({"deleted": [False, True]}, change=9),
        past({"title": ["Sauvegardes", "Sauvegarde"]}, change=4),
        past({"title": ["", "Sauvegardes"], "severity": [1, 3]}, change=2),
    )
    need = msgspec.structs.replace(envelope("need", title="Sauvegarde", severity=3), deleted=True)
    (entry,) = archive.decode(b"".join(archive.encode([Entry(need, history)], MADE_AT))).entries
    assert entry.envelope == need
    assert entry.history == history


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (past({"title": ["", "Autre"]}), "changes"),
        (past({"mood": ["", "x"]}), "changes"),
        (past({"title": [3, "Sauvegarde"]}), "changes.title"),
        (past({"title": ["\x00", "Sauvegarde"]}), "changes.title"),
        (past({"title": ["", "Sauvegarde"]}, at="hier"), "at"),
        (past({"title": ["", "Sauvegarde"]}, author=3), "author"),
    ],
)
def test_a_history_that_does_not_lead_to_the_record_is_refused(
    change: PastChange, field: str
) -> None:
    need = envelope("need", title="Sauvegarde")
    with pytest.raises(Refusal) as refused:
        archive.decode(b"".join(archive.encode([Entry(need, (change,))], MADE_AT)))
    assert refused.value.field == f"records[0].history[0].{field}"
