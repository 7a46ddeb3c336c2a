"""Frozen minutes at the central: the first freeze stands, what it holds stays still."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import msgspec
import pytest

from app.central.schema import batches
from app.clock import new_id, stamp
from app.sync.protocol import NO_REVISION, Op, Result
from tests.app.central.conftest import Enrol
from tests.app.central.laptop import Laptop, deletion, grouped, op
from tests.central_server import Central

AT = "2027-03-19T21:00:00+01:00"


@dataclass
class Evening:
    """A meeting that two laptops know: its item, its decision, its action, its need."""

    space: str
    lea: Laptop
    noe: Laptop
    meeting: Op
    item: Op
    decision: Op
    action: Op
    need: Op

    def freeze(self, *others: Op) -> list[Op]:
        """A freeze of the meeting with other changes, as one group."""
        minutes = op("minutes", meeting_id=self.meeting.id, frozen_at=AT, content={"records": []})
        return grouped(*others, minutes)


@pytest.fixture
def evening(site: Central, enrol: Enrol) -> Evening:
    space = site.commission()
    meeting = op("meeting", title="Séance de mars", status="closed")
    item = op("agenda_item", meeting_id=meeting.id, title="Le site", notes="Notes d'origine")
    decision = op("decision", agenda_item_id=item.id, text="D'accord")
    action = op("action", agenda_item_id=item.id, text="Appeler")
    need = op("need", raised_at_meeting_id=meeting.id, words="Nos mots")
    evening = Evening(space, enrol(space), enrol(space), meeting, item, decision, action, need)
    evening.lea.send(space, meeting, item, decision, action, need)
    evening.noe.pull()
    return evening


def _name(result: Result) -> str:
    return result.problem.name if result.problem else result.status


def test_a_first_freeze_is_accepted_over_newer_words_and_brings_them_along(
    evening: Evening,
) -> None:
    evening.noe.send(evening.space, op("agenda_item", evening.item.id, 1, notes="Notes de Noé"))
    group = evening.freeze(op("agenda_item", evening.item.id, 1, notes="Notes de Léa"))
    item, minutes = evening.lea.send(evening.space, *group)
    assert (item.status, minutes.status) == ("accepted", "accepted")
    assert item.record is not None
    assert (item.record.revision, item.record.fields["notes"]) == (2, "Notes de Noé")
    assert minutes.record is None
    seen = evening.noe.pull()
    assert seen[evening.item.id].fields["notes"] == "Notes de Léa"
    assert seen[evening.item.id].revision == 3


def test_what_falls_with_its_group_is_answered_as_it_stands(evening: Evening) -> None:
    evening.noe.send(evening.space, *evening.freeze())
    title = op("need", evening.need.id, 1, title="Le site")
    for result in evening.lea.send(
        evening.space, *grouped(title, deletion("need", evening.need.id, 2))
    ):
        assert (result.status, result.record and result.record.revision) == ("refused", 1)
        assert result.record is not None and result.record.fields["title"] == ""
    (result,) = evening.lea.send(evening.space, title)
    assert (result.status, result.revision) == ("accepted", 2)


def test_what_a_freeze_takes_along_as_it_is_comes_with_what_others_wrote_beside(
    evening: Evening,
) -> None:
    evening.noe.send(evening.space, op("need", evening.need.id, 1, status="qualified"))
    taken = [
        op("need", evening.need.id, 1, words="Nos mots"),
        op("decision", evening.decision.id, 1, text="D'accord"),
    ]
    need, decision, _ = evening.lea.send(evening.space, *evening.freeze(*taken))
    assert [(one.status, one.revision) for one in (need, decision)] == [
        ("accepted", 2), ("accepted", 1),
    ]  # fmt: skip
    assert need.record is not None
    assert (need.record.revision, need.record.fields["status"]) == (2, "qualified")
    assert decision.record is None
    assert evening.noe.pull().keys().isdisjoint({evening.need.id, evening.decision.id})


def test_what_is_added_to_a_freeze_that_comes_again_takes_no_words_of_others(
    evening: Evening,
) -> None:
    (minutes,) = evening.freeze()
    evening.lea.send(evening.space, minutes)
    evening.noe.send(evening.space, op("need", evening.need.id, 1, title="Titre de Noé"))
    late = op("need", evening.need.id, 1, title="Titre de Léa")
    need, _ = evening.lea.send(evening.space, *grouped(late, minutes))
    assert need.status == "stale"
    assert need.record is not None and need.record.fields["title"] == "Titre de Noé"


def test_a_freeze_revives_what_another_laptop_deleted(evening: Evening) -> None:
    evening.noe.send(evening.space, deletion("decision", evening.decision.id, 1))
    group = evening.freeze(op("decision", evening.decision.id, 1, text="D'accord"))
    decision, _ = evening.lea.send(evening.space, *group)
    assert decision.status == "accepted"
    assert evening.noe.pull()[evening.decision.id].deleted is False


def test_a_meeting_deleted_before_its_freeze_came_whole_comes_back(evening: Evening) -> None:
    evening.noe.send(evening.space, deletion("meeting", evening.meeting.id, 1))
    (minutes,) = evening.lea.send(evening.space, *evening.freeze())  # a proxy cut its group in two
    assert minutes.status == "accepted"
    back = op("meeting", evening.meeting.id, 2, title="Séance de mars", status="closed")
    again = op("meeting", evening.meeting.id, 3, title="Un autre titre")
    results = evening.lea.send(evening.space, back, again)
    assert [_name(result) for result in results] == ["accepted", "frozen"]
    assert evening.noe.pull()[evening.meeting.id].fields["title"] == "Séance de mars"


def test_a_first_freeze_settles_its_own_meeting_alone(evening: Evening) -> None:
    other = op("need", title="D'une autre séance")
    evening.lea.send(evening.space, other)
    evening.noe.send(evening.space, op("need", other.id, 1, title="Mots de Noé"))
    evening.noe.send(evening.space, op("agenda_item", evening.item.id, 1, notes="Notes de Noé"))
    late = op("need", other.id, 1, title="Mots de Léa")
    item = op("agenda_item", evening.item.id, 1, notes="Notes de Léa")
    results = evening.lea.send(evening.space, *evening.freeze(late, item))
    assert [one.status for one in results] == ["stale"] * 3
    for taken in (
        op("need", other.id, 1, raised_at_meeting_id=evening.meeting.id),
        op("need", evening.need.id, 0, raised_at_meeting_id=None),
    ):
        results = evening.lea.send(evening.space, *evening.freeze(taken))
        assert [one.status for one in results] == ["stale"] * 2
    results = evening.lea.send(evening.space, *evening.freeze(item))
    assert [one.status for one in results] == ["accepted"] * 2
    [result] = evening.lea.send(evening.space, op("need", other.id, 2, words="Sur ceux de Noé"))
    assert result.status == "accepted"


def test_a_freeze_of_what_the_central_lost_is_known_when_it_comes_again(evening: Evening) -> None:
    """Its item stands on a revision that a restore took away: the next one it gets anew."""
    group = evening.freeze(op("agenda_item", evening.item.id, 2, notes="Notes de Léa"))
    first = evening.lea.send(evening.space, *group)
    again = evening.lea.send(evening.space, *group)
    assert [one.status for one in again] == ["duplicate", "duplicate"]
    assert [one.revision for one in again] == [one.revision for one in first] == [2, 1]


def test_what_comes_again_needs_no_answer_but_that_of_its_freeze(
    evening: Evening, site: Central
) -> None:
    evening.noe.send(evening.space, op("agenda_item", evening.item.id, 1, notes="Notes de Noé"))
    group = evening.freeze(op("agenda_item", evening.item.id, 1, notes="Notes de Léa"))
    told = evening.lea.send(evening.space, *group)
    unreadable = {
        "device_id": evening.lea.enrolment.device_id,
        "batch_id": new_id(),
        "digest": "",
        "answer": b"",
        "at": stamp(site.clock() - timedelta(hours=1)),
    }
    with site.database.writing() as connection:
        connection.execute(batches.insert(), unreadable)
    again = evening.lea.send(evening.space, evening.need, *group)
    assert [one.record for one in again] == [None, *(one.record for one in told)]
    assert told[0].record is not None


def test_a_freeze_takes_what_moved_to_an_item_made_for_it(evening: Evening) -> None:
    evening.noe.send(evening.space, op("decision", evening.decision.id, 1, text="Non"))
    item = op("agenda_item", meeting_id=evening.meeting.id, title="De plus")
    moved = op("decision", evening.decision.id, 1, agenda_item_id=item.id)
    results = evening.lea.send(evening.space, *evening.freeze(item, moved))
    assert [one.status for one in results] == ["accepted"] * 3


def test_what_has_nothing_but_defaults_goes_along_with_a_freeze(evening: Evening) -> None:
    results = evening.lea.send(evening.space, *evening.freeze(op("person")))
    assert [one.status for one in results] == ["accepted"] * 2


def test_a_freeze_sent_only_to_learn_of_it_is_not_taken(evening: Evening) -> None:
    group = evening.freeze(op("agenda_item", evening.item.id, 1, notes="Notes de Léa"))
    asked = [msgspec.structs.replace(one, base_revision=NO_REVISION) for one in group]
    results = evening.lea.send(evening.space, *asked)
    assert [one.status for one in results] == ["stale", "stale"]
    results = evening.lea.send(evening.space, *group)
    assert [one.status for one in results] == ["accepted", "accepted"]


def test_a_second_freeze_is_refused_with_all_its_group(evening: Evening) -> None:
    evening.lea.send(evening.space, *evening.freeze())
    group = evening.freeze(op("agenda_item", evening.item.id, 1, notes="Trop tard"))
    results = evening.noe.send(evening.space, *group)
    assert [_name(one) for one in results] == ["frozen", "frozen"]


def test_minutes_drafted_before_freeze_their_meeting_by_what_changes(evening: Evening) -> None:
    draft = op("minutes", meeting_id=evening.meeting.id)
    frozen = op("minutes", draft.id, 1, frozen_at=AT)
    evening.lea.send(evening.space, draft, frozen)
    results = evening.noe.send(evening.space, *evening.freeze())
    assert [_name(one) for one in results] == ["frozen"]


def test_a_freeze_that_takes_nothing_along_is_accepted_over_newer_words(evening: Evening) -> None:
    draft = op("minutes", meeting_id=evening.meeting.id)
    evening.lea.send(evening.space, draft)
    evening.noe.send(evening.space, op("minutes", draft.id, 1, text="Les mots de Noé"))
    [frozen] = evening.lea.send(evening.space, op("minutes", draft.id, 1, frozen_at=AT))
    assert frozen.status == "accepted"
    assert frozen.record is not None
    assert frozen.record.fields["text"] == "Les mots de Noé"


def test_what_tells_of_a_freeze_again_is_no_second_one(evening: Evening) -> None:
    [minutes] = evening.freeze()
    told = {"frozen_at": AT, "approved_at_meeting_id": evening.meeting.id}
    addendum = op("minutes", meeting_id=evening.meeting.id, addendum_to_id=minutes.id, frozen_at=AT)
    approval = op("minutes", minutes.id, 1, **told)
    results = evening.lea.send(evening.space, minutes, approval, addendum)
    assert [_name(one) for one in results] == ["accepted"] * 3


def test_a_group_that_freezes_one_meeting_twice_is_refused(evening: Evening) -> None:
    (first,), (second,) = evening.freeze(), evening.freeze()
    results = evening.lea.send(evening.space, *grouped(first, second))
    assert [_name(one) for one in results] == ["group", "frozen"]
    [result] = evening.lea.send(evening.space, *evening.freeze())
    assert result.status == "accepted"


@pytest.mark.parametrize(
    ("of", "fields", "outcome"),
    [
        ("meeting", {"title": "Autre"}, "frozen"),
        ("meeting", {"status": "approved"}, "accepted"),
        ("item", {"notes": "Autres"}, "frozen"),
        ("decision", {"text": "Non"}, "frozen"),
        ("action", {"text": "Écrire"}, "frozen"),
        ("action", {"status": "done", "outcome": "Fait"}, "accepted"),
        ("need", {"words": "D'autres mots"}, "frozen"),
        ("need", {"status": "qualified"}, "accepted"),
    ],
)
def test_what_frozen_minutes_hold_stays_still_and_what_follows_lives_on(
    evening: Evening, of: str, fields: dict[str, object], outcome: str
) -> None:
    evening.lea.send(evening.space, *evening.freeze())
    held: Op = getattr(evening, of)
    [result] = evening.noe.send(evening.space, op(held.kind, held.id, 1, **fields))
    assert _name(result) == outcome
    if outcome == "frozen":
        assert result.record is not None
        assert result.record.id == held.id


def test_nothing_moves_out_of_a_frozen_meeting(evening: Evening) -> None:
    other = op("meeting", title="Séance d'avril")
    item = op("agenda_item", meeting_id=other.id, title="Ailleurs")
    evening.lea.send(evening.space, other, item)
    evening.lea.send(evening.space, *evening.freeze())
    moved = op("decision", evening.decision.id, 1, agenda_item_id=item.id)
    [result] = evening.lea.send(evening.space, moved)
    assert _name(result) == "frozen"


def test_nothing_moves_into_a_frozen_meeting(evening: Evening) -> None:
    other = op("meeting", title="Séance d'avril")
    item = op("agenda_item", meeting_id=other.id, title="Ailleurs")
    decision = op("decision", agenda_item_id=item.id, text="Oui")
    evening.lea.send(evening.space, other, item, decision, *evening.freeze())
    moved = op("decision", decision.id, 1, agenda_item_id=evening.item.id)
    [result] = evening.lea.send(evening.space, moved)
    assert _name(result) == "frozen"


def test_nothing_is_added_to_a_frozen_meeting_but_attachments_and_addenda(
    evening: Evening,
) -> None:
    results = evening.lea.send(evening.space, *evening.freeze())
    assert results[0].status == "accepted"
    [minutes] = [one for one in evening.noe.pull().values() if one.kind == "minutes"]
    tried = [
        op("decision", agenda_item_id=evening.item.id, text="Encore"),
        op("agenda_item", meeting_id=evening.meeting.id, title="De plus"),
        op("attendance", meeting_id=evening.meeting.id),
        op("attachment", owner_id=evening.meeting.id, name="photo.jpg", sha256="ab" * 32),
        op("minutes", addendum_to_id=minutes.id, text="Il fallait lire « douze »"),
        op("minutes", minutes.id, 1, approved_at_meeting_id=evening.meeting.id),
        op("minutes", minutes.id, 2, content={}),
        deletion("minutes", minutes.id, 2),
        deletion("decision", evening.decision.id, 1),
    ]
    assert [_name(one) for one in evening.noe.send(evening.space, *tried)] == [
        "frozen",
        "frozen",
        "frozen",
        "accepted",
        "accepted",
        "accepted",
        "frozen",
        "frozen",
        "frozen",
    ]


def test_what_was_deleted_before_a_freeze_lives_again_in_another_meeting(
    evening: Evening,
) -> None:
    other = op("meeting", title="Séance d'avril")
    item = op("agenda_item", meeting_id=other.id, title="Ailleurs")
    gone = deletion("decision", evening.decision.id, 1)
    evening.lea.send(evening.space, other, item, gone, *evening.freeze())
    moved, back = (
        op("decision", evening.decision.id, 2, agenda_item_id=one)
        for one in (item.id, evening.item.id)
    )
    [refused] = evening.noe.send(evening.space, back)
    [result] = evening.noe.send(evening.space, moved)
    assert (_name(refused), _name(result)) == ("frozen", "accepted")


def test_an_addendum_is_still_once_frozen_itself(evening: Evening) -> None:
    evening.lea.send(evening.space, *evening.freeze())
    [minutes] = [one for one in evening.noe.pull().values() if one.kind == "minutes"]
    addendum = op("minutes", addendum_to_id=minutes.id, text="Brouillon")
    frozen = op("minutes", addendum.id, 1, text="Lire « douze »", frozen_at=AT)
    late = op("minutes", addendum.id, 2, text="Lire « treize »")
    results = evening.noe.send(evening.space, addendum, frozen, late)
    assert [_name(one) for one in results] == ["accepted", "accepted", "frozen"]


def test_within_one_batch_what_follows_a_freeze_meets_it(evening: Evening) -> None:
    late = op("decision", evening.decision.id, 1, text="Après coup")
    results = evening.lea.send(evening.space, *evening.freeze(), late)
    assert [_name(one) for one in results] == ["accepted", "frozen"]


def test_a_freeze_holds_in_its_own_space_only(site: Central, enrol: Enrol) -> None:
    here, there = site.commission(), site.commission("Ailleurs")
    meeting = op("meeting", title="Ici", status="closed")
    minutes = op("minutes", meeting_id=meeting.id, frozen_at=AT, content={})
    enrol(here).send(here, meeting, minutes)
    item = op("agenda_item", meeting_id=meeting.id, title="De là-bas")
    [result] = enrol(there).send(there, item)
    assert result.status == "accepted"
