"""« Suites données » in a real workspace."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.bootstrap import Services
from app.services.overview import overview
from tests.app.documents import reading
from tests.app.domain.builders import COMMISSION, Scene, uid
from tests.app.services.staging import planned, stage
from tests.conftest import FakeClock


@pytest.fixture
def item(services: Services, clock: FakeClock) -> str:
    """An item of a meeting held on 19 March; the clock then stands at its next morning."""
    scene = Scene(3)
    scene.present(1, 2, 3)
    found = scene.item()
    stage(services, scene)
    clock.forward(hours=14)
    return found


def to_come(services: Services) -> str:
    """The next meeting, in June."""
    scene = planned(3, items=1, label="next", day="2027-06-18")
    return stage(services, scene)


def need(services: Services, item: str, title: str = "Sauvegarde", **fields: Any) -> str:
    return services.proceedings.raise_need(item, {"title": title, "words": "…"} | fields).id


def test_open_actions_stand_by_due_date_with_the_late_ones_told(
    services: Services, clock: FakeClock, item: str
) -> None:
    for text, due in (("loin", "2027-07-01"), ("tard", "2027-04-01"), ("un jour", None)):
        services.proceedings.entrust(item, text, due_on=due)
    meeting_id = to_come(services)
    clock.forward(days=30)
    found = services.follow_ups.of(meeting_id)
    assert [one.fields.text for one in found.open] == ["tard", "loin", "un jour"]
    assert [one.fields.text for one in found.overdue] == ["tard"]
    home = overview(services.records, services.watch, COMMISSION, clock().date())
    assert (home.actions, home.overdue) == (found.open, found.overdue)


def test_the_next_meeting_is_the_first_to_begin_whatever_its_offset(
    services: Services, commission_id: str
) -> None:
    for title, start in (
        ("Soir", "2027-04-02T16:30:00Z"),
        ("Après-midi", "2027-04-02T17:00+02:00"),
    ):
        fields = {"title": title, "starts_at": start}
        services.records.create("meeting", fields, commission_id)
    home = overview(services.records, services.watch, commission_id, date(2027, 4, 2))
    assert home.meeting is not None
    assert home.meeting.fields.title == "Après-midi"


def test_what_the_meeting_itself_decides_or_hears_is_not_followed_up_there(
    services: Services, item: str
) -> None:
    meeting_id = to_come(services)
    services.proceedings.entrust(uid("item next 1"), "À peine décidé")
    need(services, uid("item next 1"))
    found = services.follow_ups.of(meeting_id)
    assert (found.open, found.needs) == ([], [])


def test_what_was_closed_since_the_last_meeting_is_told_once(services: Services, item: str) -> None:
    for text, closed in (("avant", "2027-03-01"), ("depuis", "2027-04-10")):
        action = services.proceedings.entrust(item, text)
        services.records.update(action.id, {"status": "done", "closed_on": closed})
    found = services.follow_ups.of(to_come(services))
    assert [one.fields.text for one in found.ended] == ["depuis"]


def test_what_was_closed_on_the_day_of_a_meeting_is_told_there_and_at_the_next(
    services: Services, item: str
) -> None:
    for closed in ("2027-03-18", "2027-03-19", "2027-04-20", "2027-04-21"):
        action = services.proceedings.entrust(item, closed)
        services.records.update(action.id, {"status": "done", "closed_on": closed})
    second = stage(services, Scene(3, label="second", day="2027-04-20"))
    told = [
        [one.fields.text for one in services.follow_ups.of(meeting_id).ended]
        for meeting_id in (second, to_come(services))
    ]
    assert told == [["2027-03-19", "2027-04-20"], ["2027-04-20", "2027-04-21"]]


def test_a_need_that_moved_since_the_last_meeting_is_told(services: Services, item: str) -> None:
    moved, still = need(services, item), need(services, item, "Un site")
    services.needs.move(moved, "set_aside", reason="Déjà en place")
    found = services.follow_ups.of(to_come(services))
    assert {one.record.id: (one.words, one.moved) for one in found.needs} == {
        moved: ("écarté (Déjà en place)", True),
        still: ("exprimé", False),
    }
    assert [one.record.id for one in found.moved] == [moved]


def test_a_need_that_was_settled_and_told_is_told_no_more(
    services: Services, clock: FakeClock, item: str
) -> None:
    settled = need(services, item)
    services.needs.move(settled, "set_aside", reason="Déjà en place")
    clock.forward(days=120)
    scene = Scene(3, label="later", day="2027-06-18")
    stage(services, scene)
    clock.forward(days=1)
    following = stage(services, planned(3, label="last", day="2027-09-17"))
    assert [one.record.id for one in services.follow_ups.of(scene.meeting_id).needs] == [settled]
    assert services.follow_ups.of(following).needs == []


def test_a_step_taken_back_is_no_move(services: Services, clock: FakeClock, item: str) -> None:
    raised, served, answered = (need(services, item, title) for title in ("Un", "Deux", "Trois"))
    coffre, site = (
        services.records.create("solution", {"title": title}, COMMISSION).id
        for title in ("Coffre", "Site")
    )
    services.needs.answer([served, answered], coffre)
    services.needs.move(served, "served")
    stage(services, Scene(3, label="later", day="2027-04-20"))
    clock.forward(days=40)
    services.needs.move(raised, "qualified")
    services.undo.undo()
    services.needs.move(served, "answered")
    services.undo.undo()
    services.needs.move(answered, "qualified")
    services.needs.move(answered, "answered", solution_id=site)
    found = services.follow_ups.of(to_come(services))
    assert {one.record.id: (one.words, one.moved) for one in found.needs} == {
        raised: ("exprimé", False),
        answered: ("une solution y répond, Site", True),
    }
    assert found.why == "1 demande a évolué"


def test_a_solution_and_its_need_move_by_the_answer_of_the_gip(
    services: Services, item: str
) -> None:
    solution = {"title": "Coffre", "status": "adopted", "answer": "Ouvert à tous en mai.",
                "answered_on": "2027-04-20"}  # fmt: skip
    answered = services.records.create("solution", solution, COMMISSION).id
    services.records.create("solution", {"title": "Ébauche"}, COMMISSION)
    raised = need(services, item, status="answered", solution_id=answered)
    found = services.follow_ups.of(to_come(services))
    assert [one.words for one in found.solutions] == ["adoptée, Ouvert à tous en mai."]
    assert [(one.record.id, one.words) for one in found.moved] == [
        (raised, "une solution y répond, Coffre (adoptée)"),
        (answered, "adoptée, Ouvert à tous en mai."),
    ]


def test_what_the_gip_answers_to_the_whole_region_is_told_to_whom_it_came_from(
    services: Services, clock: FakeClock, item: str
) -> None:
    records = services.records
    own = records.create("solution", {"title": "Coffre", "status": "favourable"}, COMMISSION).id
    fields = {"title": "Coffre", "status": "proposed", "origin_ids": [own]}
    copy = records.create("solution", fields, None).id
    meeting_id = to_come(services)
    assert services.follow_ups.of(meeting_id).moved == []
    records.update(own, {"published_as_id": copy})
    (told,) = services.follow_ups.of(meeting_id).moved
    assert told.words == "avis favorable ; pour toute la région, proposée"
    clock.forward(days=120)
    stage(services, Scene(3, label="later", day="2027-06-18"))
    clock.forward(days=1)
    meeting_id = stage(services, planned(3, label="last", day="2027-09-17"))
    assert services.follow_ups.of(meeting_id).moved == []
    records.update(copy, {"status": "in_service", "answer": "Ouvert à tous."})
    (told,) = services.follow_ups.of(meeting_id).moved
    assert told.record.id == own
    assert told.words == "avis favorable ; pour toute la région, en service, Ouvert à tous."


def test_a_need_moves_by_what_the_gip_makes_of_the_region_s_solution_that_answers_it(
    services: Services, clock: FakeClock
) -> None:
    clock.forward(days=-30)
    stage(services, Scene(3))
    shared = services.records.create("solution", {"title": "Parapheur"}, None).id
    own = services.records.create("solution", {"title": "Coffre"}, COMMISSION).id
    needs = [
        services.records.create(
            "need", {"title": title, "status": "answered", "solution_id": solution_id}, COMMISSION
        ).id
        for title, solution_id in (("Signer", shared), ("Garder", own))
    ]
    clock.forward(days=31)
    meeting_id = to_come(services)
    services.records.update(shared, {"status": "in_service", "answer": "Ouvert en mai."})
    services.records.update(own, {"status": "proposed"})
    found = services.follow_ups.of(meeting_id)
    assert {one.record.id: (one.words, one.moved) for one in found.needs} == {
        needs[0]: ("une solution y répond, Parapheur (en service), Ouvert en mai.", True),
        needs[1]: ("une solution y répond, Coffre", False),
    }


def test_a_need_set_aside_is_not_told_the_answer_that_it_had(services: Services, item: str) -> None:
    fields = {"title": "Sauvegarde du GIP", "status": "adopted", "answer": "Ouvert en mai."}
    solution = services.records.create("solution", fields, None)
    aside = need(services, item)
    services.needs.answer([aside], solution.id)
    (told,) = services.follow_ups.of(to_come(services)).needs
    assert told.words.endswith("Sauvegarde du GIP (adoptée), Ouvert en mai.")
    services.needs.move(aside, "set_aside", reason="La commune y renonce.")
    (told,) = services.follow_ups.of(uid("next")).needs
    assert told.words == "écarté (La commune y renonce)"
    services.needs.move(aside, "raised")
    (told,) = services.follow_ups.of(uid("next")).needs
    assert told.words == "exprimé"
    report = reading.text(services.documents.make("needs-report", COMMISSION).data)
    assert report.endswith("État : Exprimé.")


def test_a_solution_that_changed_before_the_last_meeting_did_not_move(
    services: Services, clock: FakeClock
) -> None:
    clock.forward(days=-30)
    scene = Scene(3)
    stage(services, scene)
    old = services.records.create("solution", {"title": "Coffre"}, COMMISSION).id
    services.records.update(old, {"status": "proposed"})
    clock.forward(days=31)
    services.records.create("solution", {"title": "Neuve", "status": "proposed"}, COMMISSION)
    found = services.follow_ups.of(to_come(services))
    assert [one.moved for one in found.solutions] == [False, False]
    services.records.update(old, {"status": "favourable", "description": "Mieux."})
    assert services.follow_ups.of(uid("next")).solutions[0].moved


def test_a_first_meeting_has_nothing_to_follow(services: Services) -> None:
    found = services.follow_ups.of(to_come(services))
    assert found.why == ""


def test_what_moved_during_the_last_meeting_was_told_there(
    services: Services, clock: FakeClock
) -> None:
    scene = Scene(3, closed_at=None, status="open")
    item = scene.item()
    stage(services, scene)
    clock.forward(hours=1)
    raised = need(services, item)
    services.needs.move(raised, "qualified")
    clock.forward(hours=1)
    services.meetings.close(scene.meeting_id)
    meeting_id = to_come(services)
    assert [one.moved for one in services.follow_ups.of(meeting_id).needs] == [False]
    clock.forward(hours=1)
    services.needs.move(raised, "raised")
    assert [one.moved for one in services.follow_ups.of(meeting_id).needs] == [True]


def test_a_meeting_that_is_over_hears_of_nothing_that_moved_after_it(
    services: Services, clock: FakeClock, item: str
) -> None:
    moved, answered = need(services, item), need(services, item, "Un site")
    services.needs.move(moved, "qualified")
    coffre, salle = (
        services.records.create("solution", {"title": title, "status": status}, COMMISSION).id
        for title, status in (("Coffre", "draft"), ("Salle", "proposed"))
    )
    services.records.update(coffre, {"status": "proposed"})
    scene = Scene(3, label="second", day="2027-04-20")
    stage(services, scene)
    clock.forward(days=40)  # in May, before the minutes are frozen
    services.needs.move(moved, "set_aside", reason="Trop tard")
    services.needs.move(answered, "set_aside", reason="Signé seul")
    services.needs.move(need(services, item, "Venu depuis"), "set_aside", reason="Doublon")
    services.records.update(coffre, {"status": "adopted"})
    services.records.update(salle, {"status": "favourable"})
    found = services.follow_ups.of(scene.meeting_id)
    assert [(one.record.id, one.words) for one in found.moved] == [
        (moved, "qualifié"), (coffre, "proposée"),
    ]  # fmt: skip
    following = services.follow_ups.of(to_come(services))
    assert [one.words for one in following.moved] == [
        "écarté (Trop tard)", "écarté (Signé seul)", "écarté (Doublon)",
        "adoptée", "avis favorable",
    ]  # fmt: skip


def test_the_minutes_of_a_meeting_hear_of_no_answer_of_the_gip_that_came_after_it(
    services: Services, clock: FakeClock, item: str
) -> None:
    own, shared = (
        services.records.create("solution", {"title": title, "status": "proposed"}, space).id
        for title, space in (("Coffre", COMMISSION), ("Parapheur", None))
    )
    for solution_id in (own, shared):
        services.needs.answer([need(services, item)], solution_id)
    scene = Scene(3, label="second", day="2027-04-20")
    scene.present(1, 2, 3)
    stage(services, scene)
    clock.forward(days=40)  # in May, before the minutes are frozen
    later = {"answer": "Entendu.", "answered_on": "2027-04-29"}
    services.records.update(own, {"status": "refused"} | later)
    services.records.update(shared, {"status": "in_service"} | later)
    became = [
        [one.words for one in services.minutes.became(services.meetings.file(meeting_id))]
        for meeting_id in (scene.meeting_id, to_come(services))
    ]
    assert became == [
        ["une solution y répond, Coffre", "une solution y répond, Parapheur"],
        [
            "une solution y répond, Coffre (refusée)",
            "une solution y répond, Parapheur (en service), Entendu.",
        ],
    ]


def test_what_moved_as_a_meeting_closed_is_told_there_alone(
    services: Services, clock: FakeClock, item: str
) -> None:
    moved = need(services, item)
    second = stage(services, Scene(3, label="second", day="2027-04-20", closed_at=None,
                                   status="open"))  # fmt: skip
    clock.forward(days=32)
    services.needs.move(moved, "qualified")
    services.meetings.close(second)
    assert [one.record.id for one in services.follow_ups.of(second).moved] == [moved]
    assert services.follow_ups.of(to_come(services)).moved == []


def test_an_answer_of_the_gip_is_for_the_meeting_that_follows_it(
    services: Services, item: str
) -> None:
    answer = {"title": "Coffre", "status": "adopted", "answered_on": "2027-05-02"}
    answered = services.records.create("solution", answer, COMMISSION).id
    raised = need(services, item, status="answered", solution_id=answered)
    second = stage(services, Scene(3, label="second", day="2027-04-20"))
    assert services.follow_ups.of(second).moved == []
    found = services.follow_ups.of(to_come(services)).moved
    assert [one.record.id for one in found] == [raised, answered]


def test_meetings_without_quorum_leave_the_news_to_the_next(
    services: Services, clock: FakeClock, item: str
) -> None:
    moved = need(services, item)
    services.needs.move(moved, "set_aside", reason="Déjà en place")
    clock.forward(days=40)
    for day in ("2027-04-20", "2027-04-27"):
        failed = Scene(3, label=day, day=day)
        failed.present(1)
        failed.sheet(2, "absent")
        failed.item("suites", kind="follow_up", started=None, notes="")
        stage(services, failed)
    assert [one.record.id for one in services.follow_ups.of(to_come(services)).moved] == [moved]
    assert services.minutes.became(services.meetings.file(failed.meeting_id)) == []
    heard = [one.record.id for one in services.minutes.became(services.meetings.file(uid("next")))]
    assert heard == [moved]
