"""What has been kept longer than its term is proposed, and purged once ticked."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from app.bootstrap import Services
from app.clock import new_id
from app.domain.dates import PARIS
from app.domain.erasure import ERASED
from app.domain.records import reference_id
from app.domain.retention_terms import months_before
from app.errors import UserError
from app.services.changes import Change
from app.services.terms import terms
from tests.conftest import FakeClock

VOUGEOT = reference_id("organisation", "21716")


def expired(services: Services, kind: str) -> list[tuple[str, date]]:
    (due,) = [one for one in services.retention.due() if one.term.kind == kind]
    return [(one.title, one.since) for one in due.expired]


def put(services: Services, kind: str, **fields: Any) -> str:
    return services.records.create(kind, fields).id


def test_every_term_says_where_it_comes_from() -> None:
    assert {one.kind for one in terms()} == {"person", "convocation", "conflict"}
    assert all(one.months > 0 and "RGPD" in one.source for one in terms())


def test_months_before_the_end_of_a_month() -> None:
    assert months_before(date(2027, 3, 31), 1) == date(2027, 2, 28)
    assert months_before(date(2027, 1, 15), 36) == date(2024, 1, 15)
    assert months_before(date(2028, 2, 29), 12) == date(2027, 2, 28)


def test_a_person_nobody_spoke_of_for_three_years_is_proposed_and_erased(
    services: Services, commission_id: str, clock: FakeClock
) -> None:
    gone, sits = (
        put(services, "person", first_name="Paul", last_name=name) for name in ("Roy", "Besson")
    )
    put(services, "roster_entry", organisation_id=VOUGEOT, titular_person_id=sits)
    past = {"organisation_id": VOUGEOT, "titular_person_id": gone, "until": "2029-05-01"}
    put(services, "roster_entry", **past)
    clock.instant = datetime(2032, 5, 1, 9, 0, tzinfo=PARIS)
    assert expired(services, "person") == []
    clock.forward(days=1)
    assert expired(services, "person") == [("Paul Roy", date(2029, 5, 1))]
    services.retention.purge([gone])
    assert services.records.get(gone).fields.last_name == ERASED
    assert expired(services, "person") == []


def test_nothing_is_purged_when_somebody_ticked_has_a_seat_again(
    services: Services, commission_id: str, clock: FakeClock
) -> None:
    gone, back = (
        put(services, "person", first_name="Paul", last_name=name) for name in ("Roy", "Besson")
    )
    clock.instant = datetime(2032, 5, 1, 9, 0, tzinfo=PARIS)
    assert len(expired(services, "person")) == 2
    seat = put(services, "roster_entry", organisation_id=VOUGEOT, titular_person_id=back)
    with pytest.raises(UserError, match="Paul Besson n'est plus à purger, rien"):
        services.retention.purge([gone, back])
    assert services.records.get(seat).fields.titular_person_id == back
    assert services.records.get(gone).fields.last_name == "Roy"
    services.retention.purge([gone])
    assert services.records.get(gone).fields.last_name == ERASED


def born(day: str) -> str:
    """An id made on a day at noon (RFC 9562 §5.7)."""
    noon = datetime.fromisoformat(f"{day}T12:00:00+02:00")
    stamp = f"{int(noon.timestamp() * 1000):012x}"
    return f"{stamp[:8]}-{stamp[8:]}-7000-8000-000000000001"


UNDATED = "00000000-0000-4000-8000-000000000001"
MEETING = "2029-05-01T18:30:00+02:00"


@pytest.mark.parametrize(
    "how", ["chairs", "chairs undated", "keeps", "attends", "speaks", "speaks undated", "sits"]
)
def test_a_person_is_kept_from_the_last_thing_that_names_them(
    services: Services, commission_id: str, clock: FakeClock, how: str
) -> None:
    person = put(services, "person", first_name="Paul", last_name="Roy")
    put(services, "roster_entry", titular_person_id=person, until="2028-05-01")
    clock.instant = datetime(2029, 5, 1, 9, 0, tzinfo=PARIS)
    match how:
        case "chairs":
            put(services, "meeting", starts_at=MEETING, chair_person_id=person)
        case "chairs undated":
            chairs = {"chair_person_id": person}
            services.records.put([Change("meeting", chairs, born("2029-05-01"), commission_id)])
        case "keeps":
            put(services, "meeting", starts_at=MEETING, secretary_ids=[person])
        case "attends":
            meeting = put(services, "meeting", starts_at=MEETING)
            put(services, "attendance", meeting_id=meeting, person_id=person)
        case "speaks":
            clock.instant = datetime(2029, 4, 1, 9, 0, tzinfo=PARIS)
            meeting = put(services, "meeting", starts_at=MEETING)
            put(services, "need", raised_at_meeting_id=meeting, speaker_person_id=person)
        case "speaks undated":
            undated = {"speaker_person_id": person}
            services.records.put([Change("need", undated, born("2029-05-01"), commission_id)])
        case "sits":
            put(services, "roster_entry", alternate_person_id=person)
    clock.instant = datetime(2032, 5, 1, 9, 0, tzinfo=PARIS)
    assert expired(services, "person") == []
    clock.forward(days=1)
    said = [] if how == "sits" else [("Paul Roy", date(2029, 5, 1))]
    assert expired(services, "person") == said


def test_the_oldest_is_proposed_first(
    services: Services, commission_id: str, clock: FakeClock
) -> None:
    for name, until in (("Roy", "2029-05-03"), ("Besson", "2029-05-01"), ("Petit", "2029-05-02")):
        person = put(services, "person", last_name=name)
        put(services, "roster_entry", titular_person_id=person, until=until)
    clock.instant = datetime(2040, 1, 1, tzinfo=PARIS)
    assert [name for name, _ in expired(services, "person")] == ["Besson", "Petit", "Roy"]


def test_a_person_whose_id_tells_no_day_does_not_grow_old(
    services: Services, commission_id: str, clock: FakeClock
) -> None:
    fields = {"last_name": "Roy"}
    services.records.put([Change("person", fields, UNDATED, commission_id)])
    clock.instant = datetime(2040, 1, 1, tzinfo=PARIS)
    assert expired(services, "person") == []


def test_frozen_minutes_keep_the_proofs_that_their_meeting_was_convened(
    services: Services, commission_id: str, clock: FakeClock
) -> None:
    starts = "2027-03-19T18:30:00+01:00"
    open_, frozen = (
        put(services, "meeting", title=title, starts_at=starts, opened_at=starts, closed_at=starts,
            status="closed") for title in ("Ouverte", "Gelée")
    )  # fmt: skip
    for meeting in (open_, frozen):
        put(services, "convocation", meeting_id=meeting, channel="letter")
    services.minutes.freeze(frozen)
    clock.instant = datetime(2028, 3, 20, 9, 0, tzinfo=PARIS)
    assert expired(services, "convocation") == [("Convocation : Ouverte", date(2027, 3, 19))]


def test_a_proof_without_a_day_does_not_grow_old(
    services: Services, commission_id: str, clock: FakeClock
) -> None:
    put(services, "convocation", meeting_id=put(services, "meeting"), channel="letter")
    clock.instant = datetime(2040, 1, 1, tzinfo=PARIS)
    assert expired(services, "convocation") == []


def test_a_conflict_is_kept_from_its_later_version_or_else_from_its_birth(
    services: Services, commission_id: str, clock: FakeClock
) -> None:
    meeting = put(services, "meeting")
    about = {"record_kind": "meeting", "record_id": meeting, "unit": "title", "status": "resolved"}
    versions = [(born("2027-03-19"), None, None), (new_id(), "2027-03-20", "2027-03-21"),
                (new_id(), "2027-03-22", "2027-03-20")]  # fmt: skip
    for conflict, mine, theirs in versions:
        sides = {
            name: {"value": "a", "author": "Anne", "at": f"{day}T10:00:00+01:00" if day else None}
            for name, day in (("mine", mine), ("theirs", theirs))
        }
        services.records.put([Change("conflict", about | sides, conflict, commission_id)])
    clock.instant = datetime(2029, 1, 1, tzinfo=PARIS)
    days = [since for _, since in expired(services, "conflict")]
    assert days == [date(2027, 3, 19), date(2027, 3, 21), date(2027, 3, 22)]


def test_what_is_deleted_goes_and_comes_back_in_one_operation(
    services: Services, commission_id: str, clock: FakeClock
) -> None:
    starts = "2027-03-19T18:30:00+01:00"
    meeting = put(services, "meeting", title="Séance n° 2", starts_at=starts)
    person = put(services, "person", first_name="Paul", last_name="Roy")
    sent = [
        put(services, "convocation", meeting_id=meeting, person_id=person, channel=channel)
        for channel in ("letter", "email")
    ]
    side = {"value": "a", "author": "Anne", "at": "2027-03-20T10:00:00+01:00"}
    fields = {"record_kind": "meeting", "record_id": meeting, "unit": "title", "mine": side}
    conflict = new_id()
    resolved = fields | {"status": "resolved", "kept": "mine"}
    services.records.put([Change("conflict", resolved, conflict, commission_id)])
    put(services, "conflict", **fields)
    clock.instant = datetime(2029, 3, 19, 9, 0, tzinfo=PARIS)
    assert [title for title, _ in expired(services, "convocation")] == [
        "Convocation : Séance n° 2, Paul Roy"
    ] * 2
    assert [since for _, since in expired(services, "conflict")] == [date(2027, 3, 20)]
    services.retention.purge([*sent, conflict])
    assert services.records.list("convocation") == []
    assert len(services.records.list("conflict")) == 1
    step = services.undo.next_undo()
    assert step is not None
    assert step.label == "Purge des données échues"
    services.undo.undo()
    assert len(services.records.list("convocation")) == 2
    assert len(services.records.list("conflict")) == 2
