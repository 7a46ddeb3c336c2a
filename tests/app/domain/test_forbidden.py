"""What the rules forbid, in both profiles and in the strict one."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain import forbidden
from app.domain.findings import Finding
from app.domain.meeting_check import check
from app.domain.meeting_state import MeetingState
from tests.app.domain.builders import Scene, at, uid


def found(scene: Scene) -> list[Finding]:
    return forbidden.findings(MeetingState(scene.file()))


def one(scene: Scene) -> tuple[str, str, str]:
    """The only finding: the end of its sentence after the item's name, its record, its field."""
    (finding,) = found(scene)
    return finding.what.removeprefix("Point 1 (Sujet 1), vote : "), finding.record_id, finding.field


def room(present: int = 7, seats: int = 12, **options: Any) -> tuple[Scene, str]:
    scene = Scene(seats, **options)
    scene.present(*range(1, present + 1))
    return scene, scene.item()


PROFILES = pytest.mark.parametrize("profile", ["commission", "deliberative"])


@PROFILES
def test_the_votes_cannot_be_more_than_the_room_holds(profile: str) -> None:
    scene, item = room(profile=profile)
    scene.proxy(8, to=1)
    scene.proxy(9, to=1)  # beyond the holder's limit
    allowed = {"for_count": 4, "against_count": 1, "abstain_count": 1, "blank_count": 1}
    scene.ballot(item, not_taking_part=(uid("seat 2"),), **allowed)
    assert found(scene) == []
    ballot = scene.ballot(item, for_count=5, against_count=1, abstain_count=1, blank_count=2)
    assert one(scene) == (
        "9 voix pour 8 dans la salle, pouvoirs compris ; corrigez les voix ou les présences.",
        ballot,
        "for_count",
    )


@PROFILES
def test_the_votes_of_a_secret_ballot_are_bounded_too(profile: str) -> None:
    scene, item = room(profile=profile)
    scene.ballot(item, method="secret", for_count=7, blank_count=1)
    assert one(scene)[2] == "for_count"


@PROFILES
def test_a_roll_call_s_counts_cannot_differ_from_its_names(profile: str) -> None:
    scene, item = room(profile=profile)
    votes = {uid("seat 1"): "for", uid("seat 2"): "against"}
    scene.ballot(item, method="roll_call", votes=votes, for_count=1, against_count=1)
    assert found(scene) == []
    ballot = scene.ballot(item, method="roll_call", votes=votes, for_count=2)
    assert one(scene) == (
        "les totaux ou la voix du président ne sont pas ceux des votes nominatifs ; corrigez"
        " l'un ou l'autre.",
        ballot,
        "votes",
    )


@PROFILES
@pytest.mark.parametrize(
    ("chair_vote", "differs"), [("for", False), (None, False), ("against", True)]
)
def test_the_chair_s_vote_in_a_roll_call_is_the_one_by_name(
    profile: str, chair_vote: str | None, differs: bool
) -> None:
    scene, item = room(profile=profile)
    votes = {uid("seat 1"): "for"}
    scene.ballot(item, method="roll_call", votes=votes, for_count=1, chair_vote=chair_vote)
    assert bool(found(scene)) == differs


@PROFILES
@pytest.mark.parametrize(
    ("told", "field"),
    [({"votes": {uid("seat 1"): "for"}}, "votes"), ({"chair_vote": "for"}, "chair_vote")],
)
def test_a_secret_ballot_holds_no_name(profile: str, told: dict[str, Any], field: str) -> None:
    scene, item = room(profile=profile)
    ballot = scene.ballot(item, method="secret", for_count=7, **told)
    sentence, record_id, where = one(scene)
    assert "n'en saisissez que les totaux" in sentence
    assert (record_id, where) == (ballot, field)


# The strict profile.


def strict(present: int = 7, **options: Any) -> tuple[Scene, str]:
    return room(present, profile="deliberative", **options)


def relaxed(scene: Scene) -> list[Finding]:
    """What the same meeting would be reproached in the light profile."""
    return list(forbidden.in_both_profiles(MeetingState(scene.file())))


@pytest.mark.parametrize(
    "held", [{"for_count": 6}, {"for_count": 6, "held": None}, {"for_count": 0}]
)
def test_a_ballot_without_quorum_is_forbidden(held: dict[str, Any]) -> None:
    scene, item = strict(6)
    ballot = scene.ballot(item, **held)
    assert one(scene) == (
        "quorum non atteint : 6 présents sur 12, il en faut 7, il en manque 1 ; sans quorum, le"
        " vote ne peut pas avoir lieu.",
        ballot,
        "held_at",
    )
    assert relaxed(scene) == []


def test_a_ballot_that_is_only_prepared_needs_no_quorum_yet() -> None:
    scene, item = strict(0)
    scene.ballot(item, held=None)
    assert found(scene) == []


def test_no_ballot_on_an_added_item_that_was_not_notified() -> None:
    scene, _ = strict()
    added = scene.item("added", number="1 bis", original=False)
    ballot = scene.ballot(added, held=None)
    (finding,) = found(scene)
    assert finding.what == (
        "Point 1 bis (Sujet added), vote : ce point a été ajouté après la convocation sans être"
        " notifié aux membres ; il ne peut pas être mis aux voix."
    )
    assert (finding.record_id, finding.field) == (ballot, "agenda_item_id")
    assert relaxed(scene) == []


@pytest.mark.parametrize(("notified", "allowed"), [("19:00", True), ("19:01", False)])
def test_an_added_item_is_notified_before_its_ballot(notified: str, allowed: bool) -> None:
    scene, _ = strict()
    added = scene.item("added", number="1 bis", original=False, notified_at=at(notified))
    scene.ballot(added, held="19:00", for_count=7)
    assert (found(scene) == []) == allowed


def test_an_appointment_is_secret_unless_waived() -> None:
    scene, item = strict()
    scene.ballot(item, method="secret", appointment=True, for_count=7)
    scene.ballot(item, appointment=True, secret_waived=True, for_count=7)
    assert found(scene) == []
    ballot = scene.ballot(item, appointment=True, for_count=7)
    assert one(scene) == (
        "une nomination se vote au scrutin secret, sauf renoncement unanime ; changez le mode de"
        " scrutin.",
        ballot,
        "method",
    )


def test_secrecy_that_a_third_asks_for_is_followed() -> None:
    scene, item = strict()
    asking = tuple(uid(f"seat {seat}") for seat in (1, 2, 3))
    scene.ballot(item, secret_requested_by=asking, for_count=7)
    assert one(scene)[0].startswith(
        "le tiers des membres présents demande un vote au scrutin secret"
    )


def test_a_roll_call_that_a_quarter_asks_for_is_followed() -> None:
    scene, item = strict()
    asking = tuple(uid(f"seat {seat}") for seat in (1, 2))
    scene.ballot(item, roll_call_requested_by=asking, for_count=7)
    assert one(scene)[0].startswith(
        "le quart des membres présents demande un vote au scrutin public, par appel nominal"
    )


def test_requests_bind_no_light_commission() -> None:
    scene, item = room()
    scene.ballot(item, appointment=True, secret_requested_by=(uid("seat 1"),) * 3, for_count=7)
    assert found(scene) == []


def test_convocations_sent_after_the_latest_date_are_found() -> None:
    scene, _ = strict()
    scene.add("convocation", 1, meeting_id=scene.meeting_id, sent_at="2027-03-15T23:00:00+01:00")
    late = scene.add(
        "convocation", 2, meeting_id=scene.meeting_id, sent_at="2027-03-16T00:00:00+01:00"
    )
    scene.add("convocation", 3, meeting_id=scene.meeting_id)
    for number, hour in ((4, "09:00"), (5, "08:00")):
        scene.add("convocation", number, meeting_id=scene.meeting_id, person_id=uid("titular 1"),
                  sent_at=at(hour, "2027-03-18"))  # fmt: skip
    scene.add("convocation", 6, meeting_id=scene.meeting_id, person_id=uid("titular 1"),
              sent_at=at("09:00", "2027-03-15"))  # fmt: skip
    assert one(scene) == (
        "Convocation : il faut 3 jours francs avant la séance, l'envoi devait partir au plus tard"
        " le lundi 15 mars 2027.",
        late,
        "sent_at",
    )
    assert relaxed(scene) == []


def test_a_convocation_sent_after_the_latest_date_says_whose() -> None:
    scene, _ = strict()
    for number in (1, 2):
        scene.add("convocation", number, meeting_id=scene.meeting_id, sent_at=at("09:00"),
                  person_id=uid(f"titular {number}"))  # fmt: skip
    assert [said.partition(" :")[0] for said, *_ in found(scene)] == [
        "Convocation de Titulaire 1", "Convocation de Titulaire 2",
    ]  # fmt: skip


def test_the_check_reports_what_is_forbidden_among_what_is_missing() -> None:
    scene, item = strict(6)
    ballot = scene.ballot(item, for_count=6)
    assert [
        missing.what
        for missing in check(MeetingState(scene.file())).missing
        if missing.record_id == ballot
    ] == [finding.what for finding in found(scene)]
