from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import validation
from app.domain.records import reference_id
from app.paths import resources
from app.services.changes import Change
from app.services.demonstration.story import Calendar, Story
from app.territory import territory

TODAY = date(2026, 11, 24)
SCRIPTS = ("gip.json", "commission.json", "meeting.json", "camille.json", "noe.json")


@pytest.fixture
def story() -> Story:
    return Story(Calendar.before(TODAY))


def everything(story: Story) -> list[Change]:
    return [
        change
        for script in SCRIPTS
        for step in story.steps(script)
        for change in story.changes(step)
    ]


@given(st.dates(date(2026, 1, 1), date(2100, 1, 1)))
def test_the_meeting_is_a_past_thursday_between_two_others(today: date) -> None:
    days = Calendar.before(today)
    assert {day.weekday() for day in (days.precedente, days.seance, days.prochaine)} == {3}
    assert days.seance + timedelta(days=1) < today
    assert days.precedente < days.seance < today < days.prochaine


def test_times_are_told_from_the_meeting() -> None:
    days = Calendar(date(2027, 1, 14), date(2027, 3, 18), date(2027, 5, 13))
    assert days.told("seance 18:42") == "2027-03-18T18:42:00+01:00"
    assert days.told("prochaine 18:30") == "2027-05-13T18:30:00+02:00"
    assert days.told("seance+21") == "2027-04-08"
    assert days.told("La séance est ouverte") is None


def test_a_key_stands_for_one_id_and_a_code_for_its_organisation(story: Story) -> None:
    assert story.id_of("@seance") == story.id_of("seance")
    assert story.id_of("@seance") != story.id_of("@prochaine")
    assert story.id_of("@21584") == reference_id("organisation", "21584")


def test_the_steps_stand_in_the_order_of_time_and_the_story_is_over_today(story: Story) -> None:
    for script in SCRIPTS:
        told = [story.instant(step) for step in story.steps(script)]
        assert told == sorted(told)
        assert told[-1].date() < TODAY


def test_each_record_is_one_that_the_product_admits(story: Story) -> None:
    for change in everything(story):
        validation.complete(change.kind, change.fields)


def test_every_key_is_defined_and_every_code_is_a_real_organisation(story: Story) -> None:
    defined: set[str | None] = set()
    used: set[str] = set()
    for change in everything(story):
        defined.add(change.record_id)
        used |= {one.target for one in validation.references(change.kind, change.fields)}
    known = {one.id for one in territory()}
    themes = {target for target in used if not validation.is_id(target)}
    assert used - themes - known <= defined


def test_nobody_can_be_called_or_written_to() -> None:
    people = json.loads((resources() / "demo" / "people.json").read_text("utf-8"))
    for person in (one["fields"] for one in people if one["kind"] == "person"):
        assert person.get("email", "x.example").endswith(".example")
        # A range that Arcep keeps for works of fiction.
        assert person.get("phone", "03 53 01 00 00").startswith("03 53 01 ")


def test_invented_suppliers_and_prices_say_so() -> None:
    solutions = json.loads((resources() / "demo" / "solutions.json").read_text("utf-8"))
    for solution in (one["fields"] for one in solutions if one["kind"] == "solution"):
        offers = solution.get("plan", {}).get("offers", [])
        assert all("fictif" in offer["supplier"] for offer in offers)
        assert not offers or "fictif" in solution["description"]
