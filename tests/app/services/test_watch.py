"""Whom a watch note concerns, and who was told."""

from __future__ import annotations

import msgspec
import pytest
from icalendar import Calendar

from app.bootstrap import Services
from app.clock import new_id
from app.domain.records import (
    Audience,
    Briefing,
    Envelope,
    Organisation,
    Record,
    reference_id,
)
from app.domain.validation import defaults
from app.errors import UserError
from app.services import watch
from app.services.changes import Change
from tests.app.domain.builders import uid

VOUGEOT = reference_id("organisation", "21716")
AGENCOURT = reference_id("organisation", "21001")
LA_CHAPELLE = reference_id("organisation", "71092")


def test_the_audience_is_that_of_the_region_or_of_a_commission_in_office(
    services: Services, commission_id: str
) -> None:
    audience = {"kinds": ["commune"], "population_to": 500}
    note = services.records.create("watch_note", {"title": "RGAA", "audience": audience})
    everyone = services.watch.audience(note.id)
    assert len(everyone) == 2611
    assert services.watch.audience(note.id, commission_id) == []
    for organisation_id, until in ((VOUGEOT, None), (LA_CHAPELLE, None), (VOUGEOT, "2027-03-19")):
        services.records.create(
            "roster_entry", {"organisation_id": organisation_id, "until": until}
        )
    (only,) = services.watch.audience(note.id, commission_id)
    assert (only.insee_code, only.name) == ("21716", "Vougeot")
    assert "150 habitants (moins de 500)" in only.reason


def test_the_audience_is_by_name_accents_aside(services: Services, commission_id: str) -> None:
    note = services.records.create("watch_note", {"title": "Pour tous"})
    everyone = [one.name for one in services.watch.audience(note.id)]
    assert everyone.index("Époisses") < everyone.index("Vougeot")


def test_the_last_day_of_a_seat_is_the_day_before_until(
    services: Services, commission_id: str
) -> None:
    note = services.records.create("watch_note", {"title": "Pour tous"})
    services.records.create("roster_entry", {"organisation_id": VOUGEOT, "until": "2027-03-19"})
    assert services.watch.audience(note.id, commission_id) == []


def test_what_is_no_note_or_no_commission_is_said(services: Services, commission_id: str) -> None:
    note = services.records.create("watch_note", {"title": "Pour tous"})
    with pytest.raises(UserError, match="n'est pas une note de veille"):
        services.watch.audience(VOUGEOT)
    with pytest.raises(UserError, match="n'est pas une commission"):
        services.watch.audience(note.id, VOUGEOT)


def test_no_note_is_replaced_by_itself_even_by_way_of_others(
    services: Services, commission_id: str
) -> None:
    first, second, third = (
        services.records.create("watch_note", {"title": title}) for title in ("A", "B", "C")
    )
    with pytest.raises(UserError, match="se remplacerait elle-même"):
        services.records.update(first.id, {"superseded_by_id": first.id})
    services.records.update(first.id, {"superseded_by_id": second.id})
    services.records.update(second.id, {"superseded_by_id": third.id})
    for one in (first, second):
        with pytest.raises(UserError, match="nommez celle qui vaut désormais"):
            services.records.update(third.id, {"superseded_by_id": one.id})
    both = [
        Change("watch_note", {"title": title, "superseded_by_id": other}, own, commission_id)
        for title, own, other in (("D", uid("d"), uid("e")), ("E", uid("e"), uid("d")))
    ]
    with pytest.raises(UserError, match="se remplacerait elle-même"):
        services.records.put(both)
    services.records.update(third.id, {"title": "C, corrigée"})


def test_telling_keeps_who_when_and_by_whom(services: Services, commission_id: str) -> None:
    services.settings.set("author_name", "Mme Martin")
    note = services.records.create("watch_note", {"title": "NIS 2", "deadline_on": "2027-04-01"})
    services.records.create("watch_note", {"title": "Passée", "deadline_on": "2027-03-18"})
    told = services.watch.tell(note.id, [VOUGEOT])
    assert (told.fields.told_on, told.fields.told_by) == ("2027-03-19", "Mme Martin")
    assert [one.id for one in services.watch.told(note.id)] == [told.id]
    assert [one.id for one in services.watch.deadlines(commission_id)] == [note.id]


def test_a_deadline_that_concerns_nobody_of_the_commission_is_not_among_its_own(
    services: Services, commission_id: str
) -> None:
    titles = {"Communes": ["commune"], "Syndicats": ["syndicat"]}
    for title, kinds in titles.items():
        due = {"title": title, "deadline_on": "2027-04-01", "audience": {"kinds": kinds}}
        services.records.create("watch_note", due)

    def coming() -> set[str]:
        titles = {one.fields.title for one in services.watch.deadlines(commission_id)}
        calendar = Calendar.from_ical(services.documents.make("calendar", commission_id).data)
        events = {str(event["SUMMARY"]) for event in calendar.walk("VEVENT")}
        assert {f"Échéance : {title}" for title in titles} == events
        return titles

    assert coming() == {"Communes", "Syndicats"}  # nobody sits there yet
    services.records.create("roster_entry", {"organisation_id": VOUGEOT})
    assert coming() == {"Communes"}


def test_the_reason_names_the_services_and_the_epci(services: Services, commission_id: str) -> None:
    town = services.records.get(VOUGEOT)
    services.records.update(VOUGEOT, {"services": ["acts"]})
    audience = {"services": ["acts"], "epci_sirens": [town.fields.epci_siren]}
    note = services.records.create("watch_note", {"title": "Actes", "audience": audience})
    (only,) = services.watch.audience(note.id)
    assert "utilise Télétransmission des actes" in only.reason
    assert town.fields.epci_siren not in only.reason


def test_progress_counts_those_told_among_those_concerned(
    services: Services, commission_id: str
) -> None:
    for organisation_id in (VOUGEOT, LA_CHAPELLE):
        services.records.create("roster_entry", {"organisation_id": organisation_id})
    note = services.records.create("watch_note", {"title": "RGAA"})
    small = services.records.create(
        "watch_note", {"title": "Petites", "audience": {"population_to": 200}}, None
    )
    services.watch.tell(note.id, [VOUGEOT])
    services.watch.tell(note.id, [VOUGEOT])
    counts = {
        one.note.id: (one.concerned, one.told) for one in services.watch.progress(commission_id)
    }
    assert counts == {note.id: (2, 1), small.id: (1, 0)}


def test_progress_in_all_commissions_counts_everybody_once(
    services: Services, commission_id: str
) -> None:
    other = services.records.create("commission", {"name": "Auxois"}, None).id
    for organisation_id, space in ((VOUGEOT, commission_id), (VOUGEOT, other), (AGENCOURT, other)):
        services.records.create("roster_entry", {"organisation_id": organisation_id}, space)
    shared = services.records.create("watch_note", {"title": "Partout"}, None)
    own = services.records.create("watch_note", {"title": "Ici"}, commission_id)
    services.watch.tell(shared.id, [VOUGEOT], commission_id=other)
    counts = {one.note.id: (one.concerned, one.told) for one in services.watch.progress(None)}
    assert counts == {shared.id: (2, 1), own.id: (1, 0)}


def changed(services: Services, briefing: Record[Briefing]) -> list[str]:
    """The fields in which its note says otherwise since it was told."""
    note = services.watch.note(briefing.fields.watch_note_id or "")
    return list(services.watch.changed(note, [briefing]).get(briefing.id, ()))


def test_notes_of_one_audience_ask_once_whom_they_concern(
    services: Services, commission_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.records.create("roster_entry", {"organisation_id": VOUGEOT})
    for number in range(6):
        audience = {"kinds": ["commune"], "population_to": 500 + number % 2}
        services.records.create("watch_note", {"title": str(number), "audience": audience})
    asked, judge = list[Organisation](), watch.concerned

    def noted(one: Organisation, audience: Audience) -> str | None:
        asked.append(one)
        return judge(one, audience)

    monkeypatch.setattr(watch, "concerned", noted)
    assert [one.concerned for one in services.watch.progress(commission_id)] == [1] * 6
    assert len(asked) == 2


def test_who_was_told_before_a_note_changed_is_to_be_told_again(
    services: Services, commission_id: str
) -> None:
    for organisation_id in (VOUGEOT, LA_CHAPELLE):
        services.records.create("roster_entry", {"organisation_id": organisation_id})
    note = services.records.create("watch_note", {"title": "NIS 2", "deadline_on": "2027-06-30"})
    services.records.update(note.id, {"todo": "Se déclarer."})
    told = services.watch.tell(note.id, [VOUGEOT])

    def again() -> tuple[int, int, int]:
        (one,) = services.watch.progress(commission_id)
        return one.concerned, one.told, one.again

    assert (changed(services, told), again()) == ([], (2, 1, 0))
    services.records.update(note.id, {"title": "Directive NIS 2", "theme": "cybersecurity"})
    assert (changed(services, told), again()) == ([], (2, 1, 0))
    services.records.update(note.id, {"deadline_on": "2027-04-30", "todo": "Se déclarer vite."})
    assert (changed(services, told), again()) == (["todo", "deadline_on"], (2, 1, 1))
    services.records.update(note.id, {"todo": "Se déclarer."})
    assert changed(services, told) == ["deadline_on"]
    once_more = services.watch.tell(note.id, [VOUGEOT])
    assert (changed(services, once_more), again()) == ([], (2, 1, 0))
    services.records.update(note.id, {"level": "obligation"})
    assert again() == (2, 1, 1)
    other = services.records.create("watch_note", {"title": "La suivante"})
    services.records.update(note.id, {"superseded_by_id": other.id})
    assert changed(services, told) == []


@pytest.mark.parametrize(
    ("told_on", "since"), [("2027-03-18", ["body"]), ("2027-03-19", []), (None, [])]
)
def test_of_what_was_told_on_another_laptop_the_day_says_whether_it_was_before(
    services: Services, commission_id: str, told_on: str | None, since: list[str]
) -> None:
    note = services.records.create("watch_note", {"title": "RGAA", "todo": "Publier."})
    fields = {"watch_note_id": note.id, "organisation_ids": [VOUGEOT], "told_on": told_on}
    come = Envelope(
        kind="briefing", id=new_id(), schema=1, revision=1, commission_id=commission_id,
        fields=defaults("briefing") | fields,
    )  # fmt: skip
    with services.workspace.unit() as unit:
        unit.receive_new([come])
        unit.commit()
    assert changed(services, services.records.get(come.id)) == []
    services.records.update(note.id, {"body": "Le site porte sa déclaration."})
    assert changed(services, services.records.get(come.id)) == since
    corrected = come.fields | {"organisation_ids": [VOUGEOT, LA_CHAPELLE]}
    with services.workspace.unit() as unit:
        unit.receive(msgspec.structs.replace(come, revision=2, fields=corrected))
        unit.commit()
    assert changed(services, services.records.get(come.id)) == since
