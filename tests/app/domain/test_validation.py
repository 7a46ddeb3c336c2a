"""What a record may hold."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any, Literal, get_args, get_origin

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.canonical import canonical
from app.domain.records import KINDS, MAX_TEXT, SCHEMA, Envelope, reference_id
from app.domain.refusals import Refusal
from app.domain.validation import complete, complete_form, defaults, references, typed
from app.domain.values import is_normal

AN_ID = "0198aaaa-aaaa-7aaa-8aaa-aaaaaaaaaaaa"


@pytest.mark.parametrize("kind", KINDS)
def test_the_defaults_of_every_kind_are_complete_and_accepted(kind: str) -> None:
    assert complete(kind, {}) == defaults(kind) == complete(kind, defaults(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_records_are_no_garbage_to_look_for_be_they_thousands(kind: str) -> None:
    record = typed(Envelope(kind=kind, id=AN_ID, fields=complete(kind, {})))
    assert not gc.is_tracked(record)
    assert not gc.is_tracked(record.fields)


def test_defaults_are_null_empty_first_of_the_list_and_false_but_for_three_fields() -> None:
    need = defaults("need")
    assert need["theme"] is None
    assert need["words"] == ""
    assert need["organisation_ids"] == []
    assert (need["severity"], need["status"]) == (1, "raised")
    assert defaults("roster_entry")["voting"] is True
    assert defaults("theme")["active"] is True
    assert defaults("agenda_item")["original"] is True
    assert defaults("ballot")["chair_vote"] is None


def test_a_reference_record_has_the_same_id_on_every_laptop() -> None:
    assert reference_id("organisation", "21716") == "af51dd49-22c5-5968-b5fd-96b9649485d5"


@pytest.mark.parametrize(
    ("kind", "fields", "field"),
    [
        ("nothing", {}, "kind"),
        ("need", {"colour": "red"}, "colour"),
        ("need", {"co\nlour": "red"}, "co\nlour"),
        ("need", {"severity": 5}, "severity"),
        ("need", {"severity": True}, "severity"),
        ("need", {"title": None}, "title"),
        ("need", {"title": 3}, "title"),
        ("need", {"status": "lost"}, "status"),
        ("need", {"organisation_ids": ["21716"]}, "organisation_ids"),
        ("need", {"organisation_ids": AN_ID}, "organisation_ids"),
        ("need", {"deadline_on": "1899-12-31"}, "deadline_on"),
        ("need", {"deadline_on": "2201-01-01"}, "deadline_on"),
        ("need", {"deadline_on": "20270301"}, "deadline_on"),
        ("need", {"deadline_on": "2027-02-30"}, "deadline_on"),
        ("need", {"deadline_on": "2027-W09-1"}, "deadline_on"),
        ("meeting", {"starts_at": "2027-03-19T18:30:00"}, "starts_at"),
        ("meeting", {"starts_at": "2027-03-19 18:30+01:00"}, "starts_at"),
        ("meeting", {"starts_at": "20270319T183000+0100"}, "starts_at"),
        ("meeting", {"starts_at": "2027-W11-5T18:30+01:00"}, "starts_at"),
        ("meeting", {"starts_at": "2027-03-19T24:00+01:00"}, "starts_at"),
        ("meeting", {"starts_at": "demain"}, "starts_at"),
        ("meeting", {"number": 2**53}, "number"),
        ("solution", {"plan": {"offers": [{"cents": -(2**53)}]}}, "plan"),
        ("person", {"first_name": "Zo\ud800é"}, "first_name"),
        ("person", {"first_name": "Zo\x07é"}, "first_name"),
        ("person", {"first_name": "Zo\x85é"}, "first_name"),
        ("ballot", {"for_count": -1}, "for_count"),
        ("ballot", {"votes": {AN_ID: "maybe"}}, "votes"),
        ("ballot", {"votes": {"x": "for"}}, "votes"),
        ("watch_note", {"audience": {"age": 3}}, "audience.age"),
        ("watch_note", {"audience": {"kinds": ["communes"]}}, "audience.kinds[0]"),
        ("fee_scale", {"rows": [{"kind": "communes"}]}, "rows[0].kind"),
        ("commission", {"quorum_fraction": "2/1"}, "quorum_fraction"),
        ("commission", {"quorum_fraction": "1/0"}, "quorum_fraction"),
        ("attachment", {"sha256": "abc"}, "sha256"),
        ("need", {"words": "a" * (MAX_TEXT + 1)}, "words"),
    ],
)
def test_a_bad_value_is_refused_with_its_field(
    kind: str, fields: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refusal) as caught:
        complete(kind, fields)
    assert caught.value.field.startswith(field)
    assert caught.value.sentence.endswith((".", ")"))


@pytest.mark.parametrize(
    "instant",
    [
        "2027-03-19T18:30:00+01:00",
        "2027-03-19T17:30Z",
        "2027-03-19T18:30:00.123456+01:00",
        "1905-01-01T12:00:00+00:09:21",
    ],
)
def test_an_instant_is_kept_as_it_was_written(instant: str) -> None:
    assert complete("meeting", {"starts_at": instant})["starts_at"] == instant


def test_text_is_normalised_to_nfc_and_line_feeds() -> None:
    full = complete("need", {"title": "Cafe\u0301", "words": "a\r\nb\rc\n\td"})
    assert full["title"] == "Café"
    assert full["words"] == "a\nb\nc\n\td"


def test_references_are_found_wherever_they_stand() -> None:
    fields = complete(
        "attendance", {"meeting_id": AN_ID, "exclusions": [{"item_id": AN_ID}], "intervals": []}
    )
    assert [one.field for one in references("attendance", fields)] == ["meeting_id", "exclusions"]
    votes = complete("ballot", {"votes": {AN_ID: "for"}})
    assert [(one.field, one.target) for one in references("ballot", votes)] == [("votes", AN_ID)]


@pytest.mark.parametrize(
    ("kind", "fields", "field", "wanted"),
    [
        ("need", {"severity": 9}, "severity", "1 (léger), 2 (gênant), 3 (grave) ou 4 (bloquant)"),
        ("watch_note", {"level": "x"}, "level", "information, attention ou obligation"),
        (
            "attendance",
            {"exclusions": [{"item_id": AN_ID, "interest": "x"}]},
            "exclusions[0].interest",
            "personal (personnel) ou designated (comme représentant)",
        ),
        (
            "ballot",
            {"votes": {AN_ID: "x"}},
            "votes[...]",
            "for (pour), against (contre) ou abstain (abstention)",
        ),
    ],
)
def test_a_value_that_is_none_of_a_few_is_refused_with_those_and_their_words(
    kind: str, fields: dict[str, object], field: str, wanted: str
) -> None:
    with pytest.raises(Refusal) as caught:
        complete(kind, fields)
    value = 9 if kind == "need" else "x"
    assert caught.value.sentence == f"la valeur « {value} » n'est pas admise : il faut {wanted}."
    assert caught.value.field == field


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(kind=st.sampled_from(sorted(KINDS)), data=st.data())
def test_any_json_is_taken_whole_or_refused_in_french(kind: str, data: st.DataObject) -> None:
    fields = data.draw(st.dictionaries(st.sampled_from(sorted(defaults(kind))), _JSON, max_size=3))
    try:
        full = complete(kind, fields)
    except Refusal as refusal:
        assert refusal.sentence
    else:
        assert complete(kind, full) == full


_AWKWARD = st.text(
    st.sampled_from('ae\u0301\u0338é\n\r\t\x07\x7f\x85\xa0\\"/<nu\u1100\u1161\u2028\u2126\ud800'),
    max_size=6,
)
_WORDS = st.text(st.sampled_from('aé\n\t\\"/ \u2019'), max_size=6)
_MARKED = st.sampled_from(
    ["2027-03-19", "2027-02-30", "2027-03-19T18:30:00+01:00", AN_ID, "1/2", "ab" * 32]
)
_NUMBERS = st.sampled_from([0, 1, -1, 2**53 - 1, 2**53, -(2**53), 10**21, 3.0, 0.1, float(2**53)])
_LIKELY = st.none() | st.booleans() | _WORDS | _MARKED | _NUMBERS | _AWKWARD | _JSON
_VALUES = (
    _LIKELY
    | st.lists(_WORDS | _MARKED, max_size=3)
    | st.dictionaries(_WORDS | _MARKED | st.just("population_from"), _LIKELY, max_size=2)
    | st.just("é" * MAX_TEXT)
    | st.just("a" * (MAX_TEXT + 1))
)


def _outcome(work: Callable[[], bytes]) -> bytes | tuple[str, str]:
    try:
        return work()
    except Refusal as refusal:
        return refusal.field, refusal.sentence
    except ValueError:
        return "", "no exact form"


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("solution", {"plan": {"rate": 1e21, "é": 0.1, "\ufb33": 1, "\U0001f600": 2}}),
        ("conflict", {"base": -0.0, "mine": {"value": 1e-7}}),
        ("ballot", {"votes": {AN_ID: "for"}, "for_count": 2}),
        ("watch_note", {"audience": {"population_from": 2**53 - 1}}),
        ("watch_note", {"audience": {"population_from": 2**53}}),
        ("meeting", {"number": 2**53}),
        ("meeting", {"number": float(2**53)}),
        ("need", {"title": "Cafe\u0301"}),
        ("need", {"title": "a\r\nb"}),
        ("need", {"title": "a\x7f"}),
        ("need", {"title": "é\x85"}),
        ("need", {"title": "a\x07"}),
        ("need", {"title": "\n\u0338\u2126"}),
        ("need", {"words": "a" * (MAX_TEXT + 1)}),
        ("need", {"words": "é" * MAX_TEXT}),
        ("need", {"deadline_on": "2027-02-30", "theme": "any"}),
        ("roster_entry", {"from": "2027-03-19"}),
        ("minutes", {"content": {"text": "a\r\x07e\u0301", "rate": 0.5}}),
    ],
)
def test_the_form_of_an_awkward_value_is_that_of_the_complete_fields(
    kind: str, fields: dict[str, Any]
) -> None:
    assert _outcome(lambda: complete_form(kind, fields)) == _outcome(
        lambda: canonical(complete(kind, fields))
    )


@given(kind=st.sampled_from(["nothing", *KINDS]), data=st.data())
def test_the_form_is_that_of_the_complete_fields_with_the_same_refusals(
    kind: str, data: st.DataObject
) -> None:
    names = st.sampled_from(sorted(defaults(kind))) if kind in KINDS else st.just("title")
    some = st.dictionaries(names, _VALUES, max_size=3)
    try:
        over = complete(kind, data.draw(some))
    except (Refusal, UnicodeEncodeError):
        over = {}
    fields = data.draw(some)
    assert _outcome(lambda: complete_form(kind, fields, over)) == _outcome(
        lambda: canonical(complete(kind, fields, over))
    )


@given(_AWKWARD | _WORDS)
def test_a_form_is_taken_for_normal_only_when_its_text_is(text: str) -> None:
    fields = {"title": text}
    try:
        taken = is_normal(msgspec.json.encode(fields))
    except UnicodeEncodeError:
        return
    if taken:
        assert complete("need", fields)["title"] == text


def test_the_words_of_every_day_are_taken_for_normal() -> None:
    text = '« Où en est l\'été\u202f? »\n\t"L’œuvre" à 12 €'
    assert is_normal(msgspec.json.encode({"title": text}))


def choices(annotation: Any) -> bool:
    return get_origin(annotation) is Literal or any(map(choices, get_args(annotation)))


FIELDS = [(kind, field) for kind, cls in KINDS.items() for field in msgspec.structs.fields(cls)]
AMONG_A_FEW = [(kind, field.encode_name) for kind, field in FIELDS if choices(field.type)]


@pytest.mark.parametrize(("kind", "field"), AMONG_A_FEW)
def test_a_newer_choice_leaves_the_rest_of_the_record_to_read(kind: str, field: str) -> None:
    value = defaults(kind)[field]
    newer = {dict: {AN_ID: "neuf"}, list: ["neuf"]}.get(type(value), "neuf")
    if field in {"audience", "intervals"}:
        newer = {"neuf": 1}
    envelope = Envelope(
        kind=kind, id=AN_ID, schema=SCHEMA + 1, fields=defaults(kind) | {field: newer, "neuf": 1}
    )
    found = typed(envelope)
    assert found.unread == (field,)
    assert found.fields == KINDS[kind]()
    with pytest.raises(msgspec.ValidationError):
        typed(msgspec.structs.replace(envelope, schema=SCHEMA))


@given(st.data())
def test_whatever_a_newer_schema_put_in_a_field_the_others_are_read(data: st.DataObject) -> None:
    kind, field = data.draw(st.sampled_from(FIELDS))
    anything = data.draw(st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    ))  # fmt: skip
    fields = defaults(kind) | {field.encode_name: anything}
    found = typed(Envelope(kind=kind, id=AN_ID, schema=SCHEMA + 1, fields=fields))
    if found.unread:
        assert found.unread == (field.encode_name,)
        assert found.fields == KINDS[kind]()
    else:
        assert isinstance(found.fields, KINDS[kind])


def test_a_day_that_a_newer_schema_writes_otherwise_is_not_taken_for_one() -> None:
    fields = defaults("need") | {"title": "Fibre", "deadline_on": "printemps 2027"}
    found = typed(Envelope(kind="need", id=AN_ID, schema=SCHEMA + 1, fields=fields))
    assert (found.fields.title, found.fields.deadline_on) == ("Fibre", None)
    assert found.unread == ("deadline_on",)
