"""What a meeting leaves to the next one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.agenda_templates import Template, TemplateItem
from app.domain.carry_over import (
    Proposal,
    approvals,
    composed,
    follow_up,
    following,
    new_to,
    place_of,
    put_off,
    unfinished,
    watch,
)
from app.domain.records import AgendaItem, WatchNote
from tests.app.domain.builders import Scene, record, uid


def left(scene: Scene) -> dict[str, str]:
    """The reason by title of what the meeting leaves."""
    return {one.fields["title"]: one.why for one in unfinished(scene.file())}


def test_the_items_that_were_not_come_to_are_left_with_what_was_written_for_them() -> None:
    scene = Scene(3)
    scene.present(1, 2, 3)
    scene.item("fait")
    scene.item("resté", kind="solution", started=None, linked_id=uid("solution"),
               planned_minutes=20, presenter="Anne", number="2")  # fmt: skip
    (only,) = unfinished(scene.file())
    assert only.fields == {
        "kind": "solution", "title": "Sujet resté", "linked_id": uid("solution"),
        "planned_minutes": 20, "presenter": "Anne", "notes": "Échanges.",
    }  # fmt: skip
    assert only.why == "Non abordé à la séance du 19 mars 2027"


def test_a_decision_without_vote_nor_decision_is_left_but_not_its_notes() -> None:
    scene = Scene(3)
    scene.present(1, 2, 3)
    scene.item("pendant", kind="decision")
    scene.ballot(scene.item("voté", kind="decision"), for_count=3)
    scene.add("decision", agenda_item_id=scene.item("décidé", kind="decision"), text="Oui.")
    (only,) = unfinished(scene.file())
    assert (only.fields["title"], only.fields["notes"]) == ("Sujet pendant", "")
    assert only.why == "Ni vote ni décision à la séance du 19 mars 2027"


def test_what_every_agenda_holds_and_what_was_withdrawn_is_not_left() -> None:
    scene = Scene(3)
    scene.item("appel", kind="opening", started=None)
    scene.item("suites", kind="follow_up", started=None)
    scene.item("retiré", withdrawn=True, started=None)
    assert left(scene) == {}


@pytest.mark.parametrize(
    ("started", "votes", "why"),
    [
        (None, None, "Non abordé"),
        ("18:30", None, ""),
        ("18:30", {"for_count": 3}, ""),
        (None, {"for_count": 3}, ""),
        ("18:30", {"against_count": 3}, "Non approuvé"),
        (None, {"against_count": 3}, "Non approuvé"),
    ],
)
def test_an_approval_comes_back_when_its_vote_failed_unless_it_is_noted_elsewhere(
    started: str | None, votes: dict[str, int] | None, why: str
) -> None:
    scene = Scene(3)
    scene.present(1, 2, 3)
    scene.item("tenu")
    item = scene.item("pv", kind="approval", started=started, linked_id=uid("older"))
    if votes:
        scene.ballot(item, **votes)
    assert left(scene).get("Sujet pv", "").startswith(why)
    assert bool(left(scene)) == bool(why)
    assert list(unfinished(scene.file(), {uid("older")})) == []


def test_an_approval_that_does_not_say_whose_comes_back_from_a_failed_vote_alone() -> None:
    scene = Scene(3)
    scene.present(1, 2, 3)
    scene.item("tenu", kind="approval")
    scene.ballot(scene.item("voté", kind="approval"), against_count=3)
    assert list(left(scene)) == ["Sujet voté"]


def test_where_no_start_was_noted_what_was_told_is_not_left() -> None:
    scene = Scene(3)
    scene.present(1, 2, 3)
    scene.item("dit", kind="need", started=None)
    scene.item("tu", kind="need", started=None, notes="")
    assert list(left(scene)) == ["Sujet tu"]


@pytest.mark.parametrize("what", ["ballot", "decision", "action", "need"])
def test_an_item_whose_start_was_forgotten_is_not_left_where_something_came_of_it(
    what: str,
) -> None:
    scene = Scene(3)
    scene.present(1, 2, 3)
    scene.item("tenu")
    scene.add(what, agenda_item_id=scene.item("oublié", started=None))
    assert left(scene) == {}


def test_what_may_have_been_put_off_is_told_with_its_reason() -> None:
    scene = Scene(3)
    scene.present(1, 2, 3)
    scene.item("reporté", kind="decision", started=None, withdrawn=True, planned_minutes=20)
    scene.item("appel", kind="opening", withdrawn=True)
    scene.item("tenu")
    scene.item("sans vote", kind="approval", linked_id=uid("older"))
    scene.item("sans lien", kind="approval")
    scene.item("resté", kind="approval", linked_id=uid("oldest"), started=None)
    voted = scene.item("voté", kind="approval", linked_id=uid("other"))
    scene.ballot(voted, against_count=3)
    found = list(put_off(scene.file()))
    assert [(one.fields["title"], one.why) for one in found] == [
        ("Sujet reporté", "Retiré de l'ordre du jour à la séance du 19 mars 2027"),
        ("Sujet sans vote", "Sans vote à la séance du 19 mars 2027"),
    ]
    assert found[0].fields["planned_minutes"] == 20
    assert list(put_off(scene.file(), {uid("older")})) == found[:1]


def test_the_minutes_of_a_meeting_without_quorum_await_approval_with_those_of_its_second_call() -> (
    None
):
    former, again = Scene(label="failed"), Scene(day="2027-03-23")
    again.former = former.file()
    assert [one.linked_id for one in approvals(again.file())] == [uid("failed"), uid("meeting")]


def test_the_approval_is_that_of_the_last_meeting_until_its_minutes_are_approved() -> None:
    (found,) = approvals(Scene().file())
    assert found.fields["title"] == "Approbation du procès-verbal de la séance du 19 mars 2027"
    assert found.linked_id == uid("meeting")
    assert list(approvals(Scene(status="approved").file())) == []
    (undated,) = approvals(Scene(opened_at=None, starts_at=None).file())
    assert undated.fields["title"].endswith("de la séance précédente")


def test_a_watch_note_is_proposed_with_whom_it_concerns_and_by_when() -> None:
    note = record(WatchNote(title="Fin de la 2G", deadline_on="2027-09-01"), uid("note"), None)
    found = watch(note, 9, 12)
    assert found.why == "Concerne 9 collectivités sur 12, échéance le 1er septembre 2027"
    assert (found.kind, found.linked_id) == ("watch", uid("note"))


TEMPLATE = Template(
    name="Essai",
    items=tuple(
        TemplateItem(kind=kind, title=title, minutes=5)
        for kind, title in (
            ("opening", "Appel"), ("decision", "Secrétaire"), ("approval", "Approbation"),
            ("follow_up", "Suites"), ("need", "Tour de table"), ("misc", "Divers"),
        )
    ),
)  # fmt: skip


def carried(kind: str, title: str, linked_id: str | None = None) -> Proposal:
    return Proposal({"kind": kind, "title": title, "linked_id": linked_id}, "Parce que")


def titles(proposals: list[Proposal]) -> list[str]:
    return [one.fields["title"] for one in proposals]


def test_a_first_meeting_has_nothing_to_approve_nor_to_follow() -> None:
    assert titles(composed(TEMPLATE, [], first=True)) == [
        "Appel", "Secrétaire", "Tour de table", "Divers",
    ]  # fmt: skip


def test_without_minutes_to_approve_there_is_no_approval() -> None:
    assert "Approbation" not in titles(composed(TEMPLATE, [], first=False))


def test_what_carries_over_takes_its_place_in_the_template() -> None:
    what = [
        carried("approval", "Approbation du 19 mars", uid("meeting")), follow_up("2 suites"),
        carried("need", "Besoin resté"), carried("solution", "Solution restée", uid("solution")),
        carried("misc", "Divers resté"), carried("misc", "divers"),
    ]  # fmt: skip
    found = composed(TEMPLATE, what, first=False)
    assert titles(found) == [
        "Appel", "Secrétaire", "Approbation du 19 mars", "Suites", "Tour de table", "Besoin resté",
        "Solution restée", "Divers resté", "Divers",
    ]  # fmt: skip
    assert found[2].fields["planned_minutes"] == 5
    assert found[2].linked_id == uid("meeting")


def test_an_item_of_the_template_takes_up_what_was_prepared_for_it() -> None:
    prepared = {"planned_minutes": 40, "presenter": "Anne Roy", "notes": "Relire les devis."}
    unlike = {"planned_minutes": 9, "presenter": "Paul", "notes": "Autre."}
    what = [carried("need", "Tour de table"), carried("need", "tour de table"), follow_up("Une")]
    for proposal, fields in zip(what, (prepared, unlike, {}), strict=True):
        proposal.fields.update(fields)
    found = {one.fields["title"]: one for one in composed(TEMPLATE, what, first=False)}
    assert found["Tour de table"].fields == {"kind": "need", "title": "Tour de table"} | prepared
    assert found["Tour de table"].why == "Parce que"
    bare = {one.fields["title"]: one for one in composed(TEMPLATE, [], first=False)}
    assert found["Suites"] == bare["Suites"]


def test_a_template_without_approval_gets_it_after_the_opening() -> None:
    bare = Template(name="", items=(TemplateItem(kind="opening", title="Appel"),
                                    TemplateItem(kind="need", title="Besoins")))  # fmt: skip
    what = [carried("approval", "Approbation", uid("meeting"))]
    assert titles(composed(bare, what, first=False)) == ["Appel", "Approbation", "Besoins"]


@pytest.mark.parametrize(
    ("kind", "kinds", "place"),
    [
        ("opening", ["watch"], 0),
        ("approval", ["opening", "opening", "watch"], 2),
        ("approval", ["watch", "misc"], 0),
        ("follow_up", ["opening", "approval", "watch"], 2),
        ("follow_up", ["opening", "watch"], 1),
        ("watch", ["opening", "watch", "need", "misc"], 2),
        ("solution", ["opening", "need", "misc", "misc"], 2),
        ("misc", ["opening", "misc", "need", "misc"], 3),
        ("decision", [], 0),
        ("decision", ["opening", "decision", "approval", "follow_up", "need", "misc"], 5),
    ],
)
def test_an_item_has_its_place_by_its_kind(kind: Any, kinds: Any, place: int) -> None:
    assert place_of(kind, kinds) == place


def test_what_an_agenda_holds_is_not_proposed_again() -> None:
    last = Scene(label="last")
    minutes = last.add("minutes", meeting_id=last.meeting_id)
    scene = Scene()
    scene.item("a", kind="approval", linked_id=minutes)
    scene.item("b", kind="follow_up")
    scene.item("c", kind="watch", linked_id=uid("note"))
    scene.item("d", kind="need")
    proposals = [
        carried("approval", "Approbation", last.meeting_id), follow_up("2 suites"),
        carried("watch", "Autre titre", uid("note")), carried("need", "SUJET D"),
        carried("solution", "Sujet d"), carried("watch", "Sujet c", uid("other note")),
    ]  # fmt: skip
    found = new_to(proposals, scene.file().items, last.file())
    assert titles(found) == ["Sujet d", "Sujet c"]


ANY_ITEM = st.builds(
    lambda kind, title, linked: {"kind": kind, "title": title, "linked_id": linked},
    st.sampled_from(["approval", "follow_up", "watch"]),
    st.sampled_from(["Un", "un", "Deux"]),
    st.sampled_from([None, uid("one"), uid("other")]),
)
TYPED_BY_HAND = {"kind": "approval", "title": "Procès-verbal", "linked_id": None}


LINKED = ANY_ITEM.filter(lambda one: one["kind"] != "approval" or one["linked_id"])


@given(st.lists(ANY_ITEM | st.just(TYPED_BY_HAND), max_size=4), st.lists(LINKED, max_size=6))
def test_an_agenda_that_took_what_was_proposed_is_proposed_nothing(
    there: list[dict[str, Any]], offered: list[dict[str, Any]]
) -> None:
    proposals = [Proposal(one, "") for one in offered]
    agenda = {uid(n): fields for n, fields in enumerate(there)}

    def proposed() -> list[Proposal]:
        items = [record(AgendaItem(**fields), key) for key, fields in agenda.items()]
        return new_to(proposals, items, None)

    for place, one in enumerate(proposed()):
        agenda[one.item_id or uid(f"taken {place}")] = one.fields
    assert proposed() == []


def test_an_approval_that_does_not_say_whose_is_completed() -> None:
    scene = Scene()
    item = scene.item("pv", kind="approval")
    proposals = [
        carried("need", "Resté"), carried("approval", "Approbation", uid("last")),
        carried("approval", "Approbation", uid("older")),
    ]  # fmt: skip
    found = new_to(proposals, scene.file().items, None)
    assert [(one.item_id, one.linked_id) for one in found] == [
        (None, None), (item, uid("last")), (None, uid("older")),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "titles", "before"),
    [
        ("decision", ["opening Appel", "misc Questions diverses"], 1),
        ("misc", ["opening Appel", "misc Logo", "misc Questions diverses"], 2),
        ("misc", ["opening Appel", "misc Logo"], None),
        ("misc", ["opening Appel", "misc Logo", "misc Points DIVERS"], 2),
        ("misc", ["opening Appel", "misc Diversité culturelle"], None),
        ("misc", ["need Besoins divers"], None),
        ("opening", ["need Besoins", "misc Divers"], 0),
        ("need", [], None),
    ],
)
def test_an_item_typed_by_hand_stands_before_the_closing_miscellany(
    kind: Any, titles: list[str], before: int | None
) -> None:
    told = [title.split(" ", 1) for title in titles]
    items = [
        record(AgendaItem(kind=one, title=title), str(number))
        for number, (one, title) in enumerate(told)
    ]
    assert following(kind, items) == (None if before is None else str(before))
