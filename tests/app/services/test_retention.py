"""What has been kept longer than its term is proposed, and purged once ticked."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from app.bootstrap import Services
from app.clock import new_id
from app.domain.dates import PARIS
from app.domain.erasure import ERASED
from app.domain.records import reference_id
from app.domain.retention_terms import months_before
from app.services.changes import Change
from app.services.retention import terms
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
