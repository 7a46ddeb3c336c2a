"""Ballots: results, sentences word for word, methods that the rules impose."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain import ballots
from app.domain.ballots import Tally, sentence
from app.domain.meeting_check import BallotCheck, check
from app.domain.meeting_state import MeetingState
from app.domain.records import Ballot
from tests.app.domain.builders import Scene, uid


def judged(scene: Scene) -> BallotCheck:
    return check(MeetingState(scene.file())).items[0].ballots[0]


def full_room(seats: int = 12, **options: Any) -> tuple[Scene, str]:
    scene = Scene(seats, **options)
    scene.present(*range(1, seats + 1))
    return scene, scene.item()


@pytest.mark.parametrize(
    ("votes", "electorate", "chair", "words"),
    [
        (Tally(12, 0, 0, 0), 12, None,
         " favorable à l'unanimité des membres présents ou représentés (12 pour)"),
        (Tally(10, 0, 2, 0), 12, None,
         " favorable à l'unanimité des suffrages exprimés (10 pour, 2 abstentions)"),
        (Tally(10, 0, 1, 1), 12, None,
         " favorable à l'unanimité des suffrages exprimés (10 pour, 1 abstention, 1 blanc)"),
        (Tally(10, 0, 0, 2), 12, None,
         " favorable à l'unanimité des suffrages exprimés (10 pour, 2 blancs)"),
        (Tally(10, 0, 0, 0), 12, None, " favorable (10 pour)"),
        (Tally(13, 0, 0, 0), 12, None, " favorable (13 pour)"),
        (Tally(7, 4, 1, 0), 12, None, " favorable (7 pour, 4 contre, 1 abstention)"),
        (Tally(4, 7, 1, 0), 12, None, " défavorable (4 pour, 7 contre, 1 abstention)"),
        (Tally(0, 11, 1, 0), 12, None, " défavorable (11 contre, 1 abstention)"),
        (Tally(5, 5, 0, 0), 12, None,
         " défavorable, les voix étant également partagées (5 pour, 5 contre)"),
        (Tally(5, 5, 0, 0), 12, "against",
         " défavorable, les voix étant également partagées (5 pour, 5 contre)"),
        (Tally(5, 5, 0, 0), 12, "for",
         " favorable, la voix du président étant prépondérante (5 pour, 5 contre)"),
        (Tally(0, 0, 5, 0), 5, None, " défavorable, aucun suffrage exprimé (5 abstentions)"),
        (Tally(0, 0, 1, 2), 3, "for",
         " défavorable, aucun suffrage exprimé (1 abstention, 2 blancs)"),
        (Tally(0, 0, 0, 0), 5, None, " défavorable, aucun suffrage exprimé"),
    ],
)  # fmt: skip
def test_the_sentence_says_the_result(
    votes: Tally, electorate: int, chair: ballots.Side | None, words: str
) -> None:
    assert sentence(votes, chair, electorate, "commission") == f"Avis{words}"
    adopted = words.startswith(" favorable")
    assert ballots.adopted(votes, chair) == adopted
    verb = words.replace(" favorable", "Adopté").replace(" défavorable", "Rejeté")
    assert sentence(votes, chair, electorate, "deliberative") == verb


@pytest.mark.parametrize(
    ("votes", "words"),
    [
        (Tally(7, 5, 0, 0), "12 votants"),
        (Tally(7, 3, 1, 1), "12 votants, 10 suffrages exprimés"),
        (Tally(1, 0, 11, 0), "12 votants, 1 suffrage exprimé"),
        (Tally(0, 0, 12, 0), "12 votants"),
        (Tally(8, 0, 0, 0), "8 votants sur 12 admis à voter"),
        (Tally(0, 0, 1, 0), "1 votant sur 12 admis à voter"),
        (Tally(6, 1, 1, 0), "8 votants sur 12 admis à voter, 7 suffrages exprimés"),
    ],
)
def test_the_turnout_says_how_many_voted_of_those_who_may(votes: Tally, words: str) -> None:
    assert ballots.turnout(votes, 12) == words


def test_unanimity_of_the_room_counts_proxies_and_leaves_out_those_not_taking_part() -> None:
    scene = Scene(12)
    scene.present(*range(1, 11))
    scene.proxy(11, to=1)
    item = scene.item()
    scene.ballot(item, for_count=10, not_taking_part=(uid("seat 2"), uid("seat 12")))
    assert judged(scene).sentence == (
        "Avis favorable à l'unanimité des membres présents ou représentés (10 pour)"
    )


def test_a_room_where_one_does_not_vote_is_not_unanimous() -> None:
    scene, item = full_room()
    scene.ballot(item, for_count=11)
    assert judged(scene).sentence == "Avis favorable (11 pour)"


def test_a_ballot_is_judged_when_it_is_held() -> None:
    scene = Scene(12)
    scene.present(*range(1, 7))
    scene.present(7, until="19:00")
    item = scene.item(started="18:30")
    scene.ballot(item, held="18:59", for_count=1)
    scene.ballot(item, held="19:00", for_count=1)
    found = check(MeetingState(scene.file())).items[0]
    assert found.quorum.reached
    assert [ballot.quorum.reached for ballot in found.ballots] == [True, False]


def test_a_ballot_without_hour_is_judged_as_its_item_starts() -> None:
    scene = Scene(1)
    scene.present(1, since="18:40")
    item = scene.item(started="18:45")
    scene.ballot(item, held=None, for_count=1)
    assert judged(scene).quorum.present == 1


def test_the_chair_breaks_a_tie_by_a_show_of_hands() -> None:
    scene, item = full_room()
    scene.ballot(item, for_count=5, against_count=5, chair_vote="for")
    assert judged(scene).sentence == (
        "Avis favorable, la voix du président étant prépondérante (5 pour, 5 contre)"
    )


def test_a_tie_in_a_secret_ballot_falls() -> None:
    scene, item = full_room()
    scene.ballot(item, method="secret", for_count=5, against_count=5, chair_vote="for")
    assert not judged(scene).adopted


@pytest.mark.parametrize("case", ["absent", "excluded", "without a seat", "not taking part"])
def test_a_chair_who_takes_no_part_breaks_no_tie(case: str) -> None:
    scene = Scene(3, chair_person_id=uid("titular 4" if case == "without a seat" else "titular 1"))
    item = scene.item()
    scene.present(2, 3)
    scene.sheet(
        1,
        "absent" if case == "absent" else "present",
        excluded={item: "personal"} if case == "excluded" else None,
    )
    apart = (uid("seat 1"),) if case == "not taking part" else ()
    scene.ballot(item, for_count=1, against_count=1, chair_vote="for", not_taking_part=apart)
    assert not judged(scene).adopted


def test_a_roll_call_counts_its_names_and_the_chair_s() -> None:
    scene, item = full_room(4)
    votes = {uid("seat 1"): "for", uid("seat 2"): "against", uid("seat 3"): "abstain"}
    scene.ballot(item, method="roll_call", votes=votes, for_count=9)
    assert judged(scene).sentence == (
        "Avis favorable, la voix du président étant prépondérante (1 pour, 1 contre, 1 abstention)"
    )


def test_the_counts_of_a_roll_call_are_derived_from_its_names() -> None:
    ballot = Ballot(
        method="roll_call", votes={"a": "for", "b": "against", "c": "abstain"}, blank_count=4
    )
    found = ballots.derived(ballot, "b")
    assert ballots.entered_tally(found) == Tally(1, 1, 1, 0)
    assert found.chair_vote == "against"
    assert ballots.derived(ballot, "c").chair_vote is None
    assert ballots.derived(ballot, None).chair_vote is None


def test_counts_by_a_show_of_hands_stand_as_entered() -> None:
    ballot = Ballot(for_count=3, votes={"a": "against"})
    assert ballots.derived(ballot, "a") == ballot
    assert ballots.tally(ballot) == Tally(3, 0, 0, 0)


def required(present: int, **fields: Any) -> str | None:
    """The method imposed on a room with that many of 12 seats present, and as many proxies."""
    scene = Scene(12)
    scene.present(*range(1, present + 1))
    for giver in range(present + 1, min(2 * present, 12) + 1):
        scene.proxy(giver, to=giver - present)
    scene.ballot(scene.item(), **fields)
    state = MeetingState(scene.file())
    ballot = state.file.ballots[0]
    return ballots.method_required(ballot.fields, state.ballot(ballot).room)


def asking(number: int, first: int = 1) -> tuple[str, ...]:
    return tuple(uid(f"seat {seat}") for seat in range(first, first + number))


@pytest.mark.parametrize(
    ("present", "requests", "secret"), [(6, 2, True), (7, 2, False), (7, 3, True), (1, 0, False)]
)
def test_a_third_of_the_members_present_obtains_secrecy(
    present: int, requests: int, secret: bool
) -> None:
    found = required(present, secret_requested_by=asking(requests))
    assert found == ("secret" if secret else None)


@pytest.mark.parametrize(
    ("present", "requests", "roll_call"), [(8, 2, True), (9, 2, False), (9, 3, True), (0, 0, False)]
)
def test_a_quarter_of_the_members_present_obtains_a_roll_call(
    present: int, requests: int, roll_call: bool
) -> None:
    found = required(present, roll_call_requested_by=asking(requests))
    assert found == ("roll_call" if roll_call else None)


def test_a_request_by_someone_absent_does_not_count() -> None:
    assert required(6, secret_requested_by=asking(2, first=6)) is None


def test_an_appointment_is_secret_unless_that_is_waived() -> None:
    assert required(6, appointment=True) == "secret"
    assert required(6, appointment=True, secret_waived=True) is None
    assert required(6, appointment=True, secret_waived=True, secret_requested_by=asking(2)) == (
        "secret"
    )


def test_secrecy_comes_before_the_roll_call() -> None:
    found = required(6, secret_requested_by=asking(2), roll_call_requested_by=asking(6))
    assert found == "secret"
