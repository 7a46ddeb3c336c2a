"""The state of a meeting as one document, in the form of CONTRACTS §1."""

from __future__ import annotations

import msgspec

from app.domain.meeting_check import check
from app.domain.meeting_state import MeetingState
from tests.app.domain.builders import Scene


def test_the_document_has_the_form_of_the_contract() -> None:
    scene = Scene(3, place="")
    scene.present(1, 2)
    scene.absent(3)
    proxy = scene.proxy(3, to=1)
    item = scene.item(1)
    ballot = scene.ballot(item, for_count=3)
    document = msgspec.json.decode(msgspec.json.encode(check(MeetingState(scene.file()))))
    quorum = {
        "present": 2, "needed": 2, "reached": True,
        "sentence": "Quorum atteint : 2 présents sur 3, il en faut 2",
    }  # fmt: skip
    proxies = [{"id": proxy, "counts": True, "reason": ""}]
    assert document == {
        "meeting_id": scene.meeting_id,
        "latest_sending_on": "2027-03-15",
        "items": [
            {
                "id": item, "number": "1", "quorum": quorum, "proxies": proxies,
                "ballots": [
                    {
                        "id": ballot, "quorum": quorum, "proxies": proxies, "adopted": True,
                        "sentence": "Avis favorable à l'unanimité des membres présents ou"
                        " représentés (3 pour)",
                    }
                ],
            }
        ],
        "missing": [{"what": "Séance : le lieu manque.", "record_id": scene.meeting_id}],
    }  # fmt: skip


def test_sentences_have_straight_apostrophes_and_plain_spaces() -> None:
    scene = Scene(12, profile="deliberative", place="", opened_at=None, starts_at=None)
    item = scene.item(started=None, notes="")
    scene.ballot(item, held=None, for_count=1)
    scene.proxy(3, to=1)
    text = msgspec.json.encode(check(MeetingState(scene.file()))).decode()
    assert not set(text) & set("\u00a0\u202f\u2019")
    assert "l'heure" in text


def test_a_meeting_without_time_or_roster_is_judged_without_failing() -> None:
    scene = Scene(opened_at=None, starts_at=None, closed_at=None, chair_person_id=None)
    scene.ballot(scene.item(started=None), held=None)
    found = check(MeetingState(scene.file()))
    assert found.latest_sending_on is None
    assert found.items[0].quorum.needed == 1
    assert not found.items[0].quorum.reached


def test_a_meeting_not_yet_opened_is_judged_as_if_it_opened_on_time() -> None:
    scene = Scene(3, opened_at=None, closed_at=None, status="convened")
    scene.present(1, 2)
    scene.item(started=None)
    assert check(MeetingState(scene.file())).items[0].quorum.present == 2


def test_items_stand_in_the_order_of_the_agenda_withdrawn_ones_included() -> None:
    scene = Scene(1)
    scene.item("b", rank="2", number="1", withdrawn=True)
    scene.item("a", rank="1", number="2")
    assert [item.number for item in check(MeetingState(scene.file())).items] == ["2", "1"]


def test_an_item_and_its_ballot_may_see_two_rooms() -> None:
    scene = Scene(3)
    scene.present(1)
    scene.present(2, until="18:50")
    scene.present(3, since="19:00")
    scene.proxy(3, to=1)
    item = scene.item(started="18:40")
    scene.ballot(item, held="19:10", for_count=2)
    found = check(MeetingState(scene.file())).items[0]
    assert (found.quorum.present, found.proxies[0].counts) == (2, True)
    assert (found.ballots[0].quorum.present, found.ballots[0].proxies[0].counts) == (2, False)
