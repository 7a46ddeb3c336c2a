"""`meeting …`: a meeting's steps and its state, from the command line."""

from __future__ import annotations

import json

import msgspec
import pytest

from tests.app.cli.conftest import Runner
from tests.app.domain.builders import Scene, at, uid
from tests.app.services.staging import planned
from tests.workspaces import new_workspace


@pytest.fixture
def run(bare: Runner) -> Runner:
    """Verbs on a new workspace whose commission is the scene's."""
    new_workspace(bare.folder).close()
    return bare


def put(run: Runner, scene: Scene) -> str:
    """Writes the scene by `records put`; the meeting's id."""
    envelopes = [
        {"kind": one.kind, "id": one.id, "commission_id": one.commission_id, "fields": one.fields}
        for one in scene.envelopes()
    ]
    run.json("records", "put", "-", stdin=msgspec.json.encode(envelopes).decode())
    return scene.meeting_id


def complete() -> Scene:
    scene = Scene(3)
    scene.present(1, 2)
    scene.absent(3)
    scene.item()
    return scene


def test_a_complete_meeting_checks_with_0(run: Runner) -> None:
    meeting_id = put(run, complete())
    document = run.json("meeting", "check", meeting_id)
    assert document["meeting_id"] == meeting_id
    assert document["latest_sending_on"] == "2027-03-15"
    assert document["items"][0]["quorum"] == {
        "present": 2, "needed": 2, "reached": True,
        "sentence": "Quorum atteint : 2 présents sur 3, il en faut 2",
    }  # fmt: skip
    assert document["missing"] == []


def test_an_incomplete_meeting_checks_with_3(run: Runner) -> None:
    scene = complete()
    item = scene.item(2, started=None)
    scene.ballot(scene.item(3), for_count=2)
    meeting_id = put(run, scene)
    outcome = run("meeting", "check", meeting_id, "--json")
    assert outcome.status == 3
    assert [one["record_id"] for one in outcome.document["missing"]] == [item]
    words = run("meeting", "check", meeting_id)
    assert words.status == 3
    assert "Convocations à envoyer au plus tard le lundi 15 mars 2027." in words.out
    assert "Avis favorable à l'unanimité des membres présents ou représentés (2 pour)" in words.out
    assert "- Point 2 (Sujet 2) : l'heure de début manque" in words.out


def test_a_meeting_goes_through_its_steps(run: Runner) -> None:
    meeting_id = put(run, planned(items=2))
    convened = run.json("meeting", "convene", meeting_id, "--at", "2027-03-10T09:00:00+01:00")
    assert (convened["kind"], convened["fields"]["status"]) == ("meeting", "convened")
    assert [one["fields"]["number"] for one in run.json("records", "list", "agenda_item")] == [
        "1", "2",
    ]  # fmt: skip
    opened = run.json("meeting", "open", meeting_id, "--at", at("18:31"))
    assert opened["fields"]["opened_at"] == at("18:31")
    again = run.json("meeting", "open", meeting_id, "--at", at("18:45"))
    assert again["fields"]["opened_at"] == at("18:31")
    closed = run("meeting", "close", meeting_id, "--at", at("20:00"))
    assert (closed.status, closed.out) == (0, "La séance est close.\n")
    assert "ne peut plus être ouverte" in run.refused("meeting", "open", meeting_id)


def test_what_the_strict_profile_forbids_is_refused_in_one_line(run: Runner) -> None:
    meeting_id = put(run, planned(items=1, profile="deliberative"))
    line = run.refused("meeting", "convene", meeting_id, "--at", "2027-03-16T09:00:00+01:00")
    assert "au plus tard le lundi 15 mars 2027" in line
    assert "convoquez-la" in run.refused("meeting", "open", meeting_id, "--at", at("18:30"))


def test_minutes_are_approved_once_they_are_frozen(run: Runner) -> None:
    meeting_id = put(run, complete())
    line = run.refused("meeting", "approve", meeting_id, "--in", uid("elsewhere"))
    assert "gelez-le avant de l'approuver" in line


@pytest.mark.parametrize("verb", ["convene", "open", "close", "freeze", "approve"])
def test_an_instant_that_is_none_is_said(run: Runner, verb: str) -> None:
    line = run.refused("meeting", verb, put(run, complete()), "--at", "demain")
    assert "demain" in line


@pytest.mark.parametrize("verb", ["check", "convene", "open", "close", "approve"])
def test_an_unknown_meeting_is_said(run: Runner, verb: str) -> None:
    assert "Aucune séance" in run.refused("meeting", verb, uid("nobody"))


def test_votes_beyond_the_room_are_refused_by_records_put(run: Runner) -> None:
    put(run, complete())
    ballot = {"kind": "ballot", "fields": {"agenda_item_id": uid("item meeting 1"), "for_count": 3}}
    line = run.refused("records", "put", "-", stdin=json.dumps(ballot))
    assert "3 voix pour 2 dans la salle" in line
    assert "champ « for_count »" in line


def test_a_meeting_that_gathered_nobody_is_closed_and_one_that_did_is_not(run: Runner) -> None:
    past = {"day": "2025-03-19", "status": "convened", "opened_at": None, "closed_at": None}
    scene = Scene(3, **past)
    scene.item(started=None)
    meeting_id = put(run, scene)
    fields = run.json("meeting", "unattended", meeting_id)["fields"]
    assert (fields["status"], fields["closed_at"]) == ("closed", at("18:30", "2025-03-19"))
    document = run.json("meeting", "check", meeting_id)
    assert (document["missing"], document["items"][0]["quorum"]["reached"]) == ([], False)
    again = run("meeting", "unattended", meeting_id)
    assert again.status == 1
    assert "elle a eu lieu" in again.err
