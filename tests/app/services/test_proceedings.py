"""What an item comes to."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from app.bootstrap import Services
from app.services.proceedings import Opinion
from tests.app.domain.builders import Scene, at, uid
from tests.app.services.staging import stage
from tests.conftest import FakeClock


def test_what_happens_on_an_item_is_recorded_with_it(services: Services, clock: FakeClock) -> None:
    scene = Scene(3, status="open", opened_at="2027-03-19T17:30:00+01:00", closed_at=None)
    scene.present(1, 2, 3)
    item = scene.item()
    stage(services, scene)
    ballot = services.proceedings.put_to_vote(item, {"question": "Oui ?", "for_count": 3})
    assert ballot.fields.held_at == clock().isoformat()
    services.proceedings.decide(item, "Le site sera refait.")
    action = services.proceedings.entrust(item, "Écrire", owner="Anne", due_on="2027-04-01")
    assert (action.fields.owner, action.fields.due_on) == ("Anne", "2027-04-01")
    need = services.proceedings.raise_need(item, {"title": "Un site", "words": "Vieux."})
    assert need.fields.raised_at_meeting_id == scene.meeting_id
    file = services.meetings.file(scene.meeting_id)
    assert [len(part) for part in (file.ballots, file.decisions, file.actions, file.needs)] == [
        1, 1, 1, 1,
    ]  # fmt: skip
    assert services.meetings.check(scene.meeting_id).items[0].ballots[0].adopted


def test_a_vote_held_earlier_keeps_its_time(services: Services) -> None:
    scene = Scene(1)
    scene.present(1)
    item = scene.item()
    stage(services, scene)
    ballot = services.proceedings.put_to_vote(item, {"held_at": at("19:00"), "for_count": 1})
    assert ballot.fields.held_at == at("19:00")
    assert services.records.update(ballot.id, {"for_count": 0}).fields.for_count == 0
    assert uid("seat 1") in services.meetings.state(scene.meeting_id).ballot(ballot).voters()


def test_votes_typed_over_those_of_another_laptop_stand_as_they_were_typed(
    services: Services,
) -> None:
    scene = Scene(3)
    scene.present(1, 2, 3)
    item = scene.item()
    stage(services, scene)
    counts = {"question": "En mai ?", "for_count": 2, "against_count": 1, "abstain_count": 0}
    shown = services.proceedings.put_to_vote(item, {"held_at": at("19:00"), **counts})
    theirs = {"question": "En juin ?", "for_count": 3, "against_count": 0}
    services.records.update(shown.id, theirs)
    typed = counts | {"for_count": 1, "abstain_count": 1}
    kept = services.records.update(shown.id, typed, over=shown).fields
    assert (kept.for_count, kept.against_count, kept.abstain_count) == (1, 1, 1)
    assert kept.question == "En juin ?"
    services.records.update(shown.id, theirs | {"abstain_count": 0})
    kept = services.records.update(shown.id, counts | {"question": "Et ?"}, over=shown).fields
    assert (kept.question, kept.for_count, kept.against_count) == ("Et ?", 3, 0)


def test_a_vote_says_whether_it_approved_the_minutes(services: Services) -> None:
    former = Scene(1, label="former", day="2027-01-15", secretary_ids=(uid("titular 1"),))
    former.present(1)
    stage(services, former)
    scene = Scene(1)
    scene.present(1)
    item = scene.item(kind="approval", linked_id=former.meeting_id)
    other = scene.item(2)
    stage(services, scene)
    proceedings, records = services.proceedings, services.records

    def told(on: str, **votes: int) -> tuple[str, str]:
        ballot = proceedings.put_to_vote(on, {"held_at": at("19:00"), **votes})
        said = proceedings.told_of_approval(on)
        records.delete(ballot.id)
        return said

    assert told(item, against_count=1) == ("", "")
    assert told(item, for_count=1)[0].startswith("Le procès-verbal n'est pas gelé, ce vote")
    services.minutes.freeze(former.meeting_id)
    assert told(item, against_count=1) == ("", "")
    assert told(item, for_count=1) == ("Le procès-verbal est approuvé.", "success")
    assert told(other, for_count=1) == ("", "")
    ballot = proceedings.put_to_vote(item, {"held_at": at("19:00"), "for_count": 1})
    records.update(ballot.id, {"for_count": 0, "against_count": 1})
    assert proceedings.told_of_approval(item) == ("", "")
    lost = ("Le procès-verbal n'est plus approuvé.", "warning")
    assert proceedings.told_of_approval(item, adopted=True) == lost
    records.update(ballot.id, {"for_count": 1, "against_count": 0})
    assert proceedings.told_of_approval(item)[0] == "Le procès-verbal est approuvé."


def test_the_last_vote_on_a_solution_gives_it_an_opinion(services: Services) -> None:
    scene = Scene(1)
    scene.present(1)
    solution = scene.add("solution", title="Sauvegarde")
    item, other = scene.item(kind="solution", linked_id=solution), scene.item(2)
    stage(services, scene)
    proceedings, records = services.proceedings, services.records

    def status() -> str:
        return str(records.get(solution).fields.status)

    assert proceedings.opinion(item) is None
    first = proceedings.put_to_vote(item, {"held_at": at("19:00")})
    assert proceedings.note_opinion(item) is None  # nobody's vote is entered yet
    records.update(first.id, {"against_count": 1})
    assert proceedings.opinion(item) == Opinion(solution, "Sauvegarde", "unfavourable")
    assert status() == "draft"
    proceedings.put_to_vote(item, {"held_at": at("19:05"), "for_count": 1})
    proceedings.put_to_vote(other, {"held_at": at("19:10"), "against_count": 1})
    noted = proceedings.note_opinion(item)
    assert noted is not None
    assert (noted.words, status()) == ("avis favorable", "favourable")
    assert proceedings.note_opinion(item) is proceedings.opinion(other) is None
    services.undo.undo()
    assert status() == "draft"
    proceedings.put_to_vote(item, {"held_at": at("19:02"), "against_count": 1})  # typed late
    assert proceedings.opinion(item) == noted
    records.update(solution, {"status": "adopted"})
    assert proceedings.opinion(item) is None  # the GIP has answered
    shared = records.create("solution", {"title": "Sauvegarde"}, None).id
    records.update(item, {"linked_id": shared})
    assert proceedings.opinion(item) is None  # the region's is the GIP's


def test_a_vote_on_minutes_of_a_meeting_deleted_elsewhere_says_nothing(services: Services) -> None:
    former = Scene(1, label="former", day="2027-01-15")
    stage(services, former)
    scene = Scene(1)
    scene.present(1)
    item = scene.item(kind="approval", linked_id=former.meeting_id)
    stage(services, scene)
    gone = msgspec.structs.replace(services.records.envelope(former.meeting_id), deleted=True)
    with services.workspace.unit("Synchronisation") as unit:
        unit.receive(gone)
        unit.commit()
    services.proceedings.put_to_vote(item, {"held_at": at("19:00"), "for_count": 1})
    assert services.proceedings.told_of_approval(item) == ("", "")


def test_a_tie_that_waits_for_the_vote_of_the_chair_gives_no_opinion_yet(
    services: Services,
) -> None:
    scene = Scene(2)
    scene.present(1, 2)
    solution = scene.add("solution", title="Sauvegarde")
    item = scene.item(kind="solution", linked_id=solution)
    stage(services, scene)
    tie = {"held_at": at("19:00"), "for_count": 1, "against_count": 1}
    ballot = services.proceedings.put_to_vote(item, tie)
    assert services.proceedings.opinion(item) is None
    services.records.update(ballot.id, {"chair_vote": "for"})
    found = services.proceedings.opinion(item)
    assert found is not None and found.words == "avis favorable"


@pytest.mark.parametrize(
    "votes",
    [
        {"abstain_count": 1, "not_taking_part": []},  # which may be the chair's
        {"method": "secret"},
        {"for_count": 0, "against_count": 2},
        {"not_taking_part": [uid("seat 1")]},  # the chair's seat
    ],
)
def test_a_vote_that_the_chair_does_not_decide_gives_its_opinion_at_once(
    services: Services, votes: dict[str, Any]
) -> None:
    scene = Scene(3)
    scene.present(1, 2, 3)
    solution = scene.add("solution", title="Sauvegarde")
    item = scene.item(kind="solution", linked_id=solution)
    stage(services, scene)
    two = {"held_at": at("19:00"), "for_count": 1, "against_count": 1}
    out = {"not_taking_part": [uid("seat 3")]}
    services.proceedings.put_to_vote(item, two | out | votes)
    found = services.proceedings.opinion(item)
    assert found is not None and found.words == "avis défavorable"
