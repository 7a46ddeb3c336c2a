"""Preparing meetings in a real workspace."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from app.bootstrap import Services
from app.domain.agenda_templates import Template, TemplateItem
from app.domain.carry_over import Proposal
from app.domain.records import Audience, Organisation
from app.errors import UserError
from app.services import preparation
from tests.app.domain.builders import COMMISSION, Scene, at, uid
from tests.app.services.staging import planned, stage
from tests.conftest import FakeClock

SHIPPED = [
    "Ouverture et appel", "Approbation du dernier procès-verbal", "Suites données à vos demandes",
    "Veille réglementaire", "Tour de table des besoins", "Solutions mutualisées",
    "Questions diverses",
]  # fmt: skip
APPROVAL = "Approbation du procès-verbal de la séance du 19 mars 2027"


def held(services: Services, clock: FakeClock, **options: Any) -> Scene:
    """The last meeting: one item held, one that it did not come to, an action."""
    scene = Scene(3, **options)
    scene.present(1, 2, 3)
    scene.item("appel", kind="opening")
    tenu = scene.item("tenu", kind="need")
    scene.item("resté", kind="solution", started=None, planned_minutes=20)
    scene.add("action", agenda_item_id=tenu, text="Écrire", due_on="2027-04-01")
    stage(services, scene)
    clock.forward(hours=14)
    return scene


def to_come(services: Services, **options: Any) -> str:
    scene = planned(3, label="next", day="2027-06-18", **options)
    return stage(services, scene)


def titles(services: Services, meeting_id: str) -> list[str]:
    return [one.fields.title for one in services.meetings.file(meeting_id).items]


def note(services: Services, title: str, space: str | None = None, **fields: Any) -> str:
    return services.records.create("watch_note", {"title": title} | fields, space).id


# The agenda


def test_a_first_agenda_is_the_template_without_what_follows_a_meeting(services: Services) -> None:
    meeting_id = to_come(services)
    ids = services.preparation.compose(meeting_id)
    items = services.meetings.file(meeting_id).items
    assert [one.id for one in items] == list(ids)
    assert [one.fields.title for one in items] == [SHIPPED[0], *SHIPPED[3:]]
    assert [one.fields.planned_minutes for one in items] == [10, 20, 30, 30, 10]


def test_an_agenda_carries_over_what_the_last_meeting_left(
    services: Services, clock: FakeClock
) -> None:
    last = held(services, clock)
    meeting_id = to_come(services)
    services.preparation.compose(meeting_id)
    assert titles(services, meeting_id) == [
        SHIPPED[0], APPROVAL, *SHIPPED[2:6], "Sujet resté", SHIPPED[6],
    ]  # fmt: skip
    approval = services.meetings.file(meeting_id).items[1]
    assert (approval.fields.kind, approval.fields.linked_id) == ("approval", last.meeting_id)
    services.undo.undo()
    assert titles(services, meeting_id) == []


def test_composing_twice_adds_nothing(services: Services, clock: FakeClock) -> None:
    held(services, clock)
    meeting_id = to_come(services)
    services.preparation.compose(meeting_id)
    before = titles(services, meeting_id)
    assert services.preparation.compose(meeting_id) == []
    assert titles(services, meeting_id) == before


def test_another_template_may_be_chosen_and_keeps_its_order(services: Services) -> None:
    template = Template(
        name="Court",
        items=(
            TemplateItem(kind="misc", title="D'abord"),
            TemplateItem(kind="opening", title="Ensuite"),
        ),
    )
    meeting_id = to_come(services, items=1)
    services.preparation.compose(meeting_id, template)
    assert titles(services, meeting_id) == ["Sujet 1", "D'abord", "Ensuite"]


def reasons(proposals: Sequence[Proposal]) -> list[tuple[str, str]]:
    return [(one.fields["title"], one.why) for one in proposals]


def test_what_could_be_added_is_proposed_with_its_reason(
    services: Services, clock: FakeClock
) -> None:
    held(services, clock)
    meeting_id = to_come(services)
    note(services, "2G", deadline_on="2027-12-31")
    assert reasons(services.preparation.proposals(meeting_id)) == [
        (APPROVAL, "Ce procès-verbal n'est pas encore approuvé"),
        ("Suites données à vos demandes", "1 suite à donner"),
        ("Sujet resté", "Non abordé à la séance du 19 mars 2027"),
        ("2G", "Concerne 3 collectivités sur 3, échéance le 31 décembre 2027"),
    ]


def test_proposals_are_taken_in_one_go_each_in_its_place(
    services: Services, clock: FakeClock
) -> None:
    held(services, clock)
    note(services, "2G")
    scene = planned(3, label="next", day="2027-06-18")
    scene.item("appel", kind="opening", started=None, number="")
    scene.item("veille", kind="watch", started=None, number="")
    scene.item("besoins", kind="need", started=None, number="")
    scene.item("divers", kind="misc", started=None, number="")
    meeting_id = stage(services, scene)
    ids = services.preparation.take(meeting_id, services.preparation.proposals(meeting_id))
    items = services.meetings.file(meeting_id).items
    assert [one.fields.title for one in items] == [
        "Sujet appel", APPROVAL, SHIPPED[2], "Sujet veille", "2G", "Sujet besoins", "Sujet resté",
        "Sujet divers",
    ]  # fmt: skip
    assert [one.id for one in items if one.id in ids] == list(ids)
    assert services.preparation.proposals(meeting_id) == []
    services.undo.undo()
    assert len(services.meetings.file(meeting_id).items) == 4


def test_proposals_taken_twice_before_they_are_read_anew_are_added_once(
    services: Services, clock: FakeClock
) -> None:
    held(services, clock)
    note(services, "2G")
    meeting_id = to_come(services)
    services.agenda.add(meeting_id, {"kind": "approval", "title": "Procès-verbal"})
    found = services.preparation.proposals(meeting_id)
    for _ in range(2):
        services.preparation.take(meeting_id, found)
    assert titles(services, meeting_id) == [APPROVAL, SHIPPED[2], "Sujet resté", "2G"]


def test_an_approval_typed_by_hand_is_completed(services: Services, clock: FakeClock) -> None:
    last = held(services, clock)
    scene = planned(3, label="next", day="2027-06-18")
    scene.item("pv", kind="approval", started=None, number="", planned_minutes=3)
    meeting_id = stage(services, scene)
    (proposal, *_) = services.preparation.proposals(meeting_id)
    services.preparation.take(meeting_id, [proposal])
    (item,) = services.meetings.file(meeting_id).items
    assert (item.fields.title, item.fields.linked_id) == (APPROVAL, last.meeting_id)
    assert (item.fields.planned_minutes, item.fields.rank) == (3, "001")


def test_an_approval_typed_by_hand_is_completed_where_it_stands(
    services: Services, clock: FakeClock
) -> None:
    last = held(services, clock)
    scene = planned(3, label="next", day="2027-06-18")
    for name, kind in (("appel", "opening"), ("pv", "approval"), ("divers", "misc")):
        scene.item(name, kind=kind, started=None, number="")
    meeting_id = stage(services, scene)
    template = Template(name="Court", items=(TemplateItem(kind="need", title="Besoins"),))
    services.preparation.compose(meeting_id, template)
    items = services.meetings.file(meeting_id).items
    assert [one.fields.title for one in items] == [
        "Sujet appel", APPROVAL, "Sujet divers", SHIPPED[2], "Besoins", "Sujet resté",
    ]  # fmt: skip
    assert items[1].fields.linked_id == last.meeting_id


def test_an_approval_removed_since_it_was_proposed_is_added_anew(
    services: Services, clock: FakeClock
) -> None:
    last = held(services, clock)
    scene = planned(3, label="next", day="2027-06-18")
    removed = scene.item("pv", kind="approval", started=None, number="")
    meeting_id = stage(services, scene)
    (proposal, *_) = services.preparation.proposals(meeting_id)
    services.agenda.remove(removed)
    (added,) = services.preparation.take(meeting_id, [proposal])
    (item,) = services.meetings.file(meeting_id).items
    assert (item.id, item.fields.title) == (added, APPROVAL)
    assert item.fields.linked_id == last.meeting_id


def test_items_taken_once_the_numbers_are_fixed_are_added_ones(
    services: Services, clock: FakeClock
) -> None:
    held(services, clock)
    scene = planned(3, label="next", day="2027-06-18")
    scene.item("appel", kind="opening", started=None, number="")
    meeting_id = stage(services, scene)
    services.meetings.convene(meeting_id)
    services.preparation.take(meeting_id, services.preparation.proposals(meeting_id))
    assert [one.fields.number for one in services.meetings.file(meeting_id).items] == [
        "1", "1 bis", "1 ter", "1 quater",
    ]  # fmt: skip


def test_the_watch_notes_that_concern_the_commission_and_await_telling_are_proposed(
    services: Services, clock: FakeClock
) -> None:
    meeting_id = to_come(services)
    everybody = note(services, "Pour tous")
    told = note(services, "Déjà dite")
    services.watch.tell(told, [uid("organisation 1")], meeting_id)
    changed = note(services, "A changé", deadline_on="2027-09-01")
    services.watch.tell(changed, [uid("organisation 1")])
    services.records.update(changed, {"todo": "Désigner un référent."})
    note(services, "Ailleurs", audience={"departments": ["99"]})
    note(services, "Remplacée", superseded_by_id=everybody)
    note(services, "Passée", deadline_on="2027-03-01")
    note(services, "Proche", deadline_on="2027-07-01", audience={"population_to": 500})
    note(services, "Obligation", level="obligation")
    note(services, "D'ici", COMMISSION, level="attention")
    proposals = services.preparation.proposals(meeting_id)
    assert [one.fields["title"] for one in proposals] == [
        "Proche", "A changé", "Obligation", "D'ici", "Pour tous",
    ]  # fmt: skip
    assert [one.why for one in proposals[:2]] == [
        "Concerne 3 collectivités sur 3, échéance le 1er juillet 2027",
        "A changé, échéance le 1er septembre 2027, concerne 3 collectivités sur 3",
    ]


def test_notes_of_one_audience_ask_once_whom_they_concern(
    services: Services, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting_id = to_come(services)
    for number in range(6):
        note(services, str(number), audience={"population_to": 500 + number % 2})
    asked, judge = list[Organisation](), preparation.concerned

    def noted(one: Organisation, audience: Audience) -> str | None:
        asked.append(one)
        return judge(one, audience)

    monkeypatch.setattr(preparation, "concerned", noted)
    found = services.preparation.proposals(meeting_id)
    assert [one.why for one in found] == ["Concerne 3 collectivités sur 3"] * 6
    assert len(asked) == 2 * 3


def test_the_notes_of_this_year_are_proposed_before_those_that_nobody_told_for_years(
    services: Services, clock: FakeClock
) -> None:
    meeting_id = to_come(services)
    for year in ("2025", "2027", "2024"):
        note(services, year, published_on=f"{year}-01-15")
    proposals = services.preparation.proposals(meeting_id)
    assert [one.fields["title"] for one in proposals] == ["2027", "2025", "2024"]


def test_who_was_in_as_a_note_was_presented_is_told_once_the_meeting_closes(
    services: Services, clock: FakeClock
) -> None:
    shown, unheard = note(services, "Présentée"), note(services, "Pas abordée")
    by_hand, elsewhere = (
        note(services, "Dite"),
        note(services, "Lyon", audience={"departments": ["69"]}),
    )
    scene = Scene(3, status="open", closed_at=None)
    scene.present(1, 3)
    scene.present(2, until="18:40")
    scene.seat("sans voix", voting=False)
    scene.seat("échu", voting=False, until="2027-03-19")
    scene.present("sans voix", "échu")
    for name, linked, started in (
        ("veille", shown, "18:45"), ("ailleurs", elsewhere, "18:50"), ("dite", by_hand, "18:55"),
        ("reste", unheard, None),
    ):  # fmt: skip
        scene.item(name, kind="watch", linked_id=linked, started=started)
    meeting_id = stage(services, scene)
    services.watch.tell(by_hand, [uid("organisation 2")], meeting_id)
    services.meetings.close(meeting_id, at("20:00"))
    services.undo.undo()
    assert services.watch.told(shown) == []
    services.meetings.close(meeting_id, "2027-03-20T00:30:00+01:00")
    services.meetings.close(meeting_id)
    told = services.records.list("briefing", COMMISSION)
    assert sorted(one.fields.watch_note_id or "" for one in told) == sorted([shown, by_hand])
    (made,) = services.watch.told(shown)
    there = {uid(f"organisation {name}") for name in (1, 3, "sans voix")}
    assert set(made.fields.organisation_ids) == there
    assert (made.fields.meeting_id, made.fields.told_on) == (meeting_id, "2027-03-19")
    proposed = services.preparation.proposals(to_come(services))
    assert shown not in [one.linked_id for one in proposed]
    assert [one.linked_id for one in proposed].count(unheard) == 1  # left, and to be told


def test_who_was_in_at_the_opening_is_told_of_a_note_discussed_where_no_start_was_noted(
    services: Services,
) -> None:
    shown, unheard = note(services, "Présentée"), note(services, "Pas abordée")
    scene = Scene(3, status="open", closed_at=None)
    scene.present(1, 2)
    scene.item("veille", kind="watch", linked_id=shown, started=None)
    scene.item("reste", kind="watch", linked_id=unheard, started=None, notes="")
    meeting_id = stage(services, scene)
    services.meetings.close(meeting_id, at("20:00"))
    (made,) = services.records.list("briefing", COMMISSION)
    assert made.fields.watch_note_id == shown
    assert set(made.fields.organisation_ids) == {uid("organisation 1"), uid("organisation 2")}
    proposed = [one.linked_id for one in services.preparation.proposals(to_come(services))]
    assert (shown in proposed, unheard in proposed) == (False, True)


def test_a_note_told_in_another_commission_is_still_proposed_here(services: Services) -> None:
    other = services.records.create("commission", {"name": "Morvan"}, None).id
    briefing = {"watch_note_id": note(services, "Pour tous"), "organisation_ids": []}
    services.records.create("briefing", briefing, other)
    assert len(services.preparation.proposals(to_come(services))) == 1


# The next meeting


def test_the_next_meeting_is_drafted_with_what_carries_over(
    services: Services, clock: FakeClock
) -> None:
    last = held(services, clock, number=4)
    draft = services.preparation.draft_next(last.meeting_id)
    assert draft.commission_id == COMMISSION
    assert (draft.fields.status, draft.fields.number) == ("planned", 5)
    assert draft.fields.title == "Séance n° 5"  # still true of a meeting that is past
    assert draft.fields.chair_person_id == uid("titular 1")
    assert titles(services, draft.id) == [
        SHIPPED[0], APPROVAL, *SHIPPED[2:6], "Sujet resté", SHIPPED[6],
    ]  # fmt: skip


def test_a_draft_follows_the_commissions_own_template(services: Services, clock: FakeClock) -> None:
    last = held(services, clock)
    services.agenda_templates.save(last.meeting_id)
    draft = services.preparation.draft_next(last.meeting_id)
    assert draft.fields.starts_at is None
    assert titles(services, draft.id) == [
        "Sujet appel", APPROVAL, SHIPPED[2], "Sujet tenu", "Sujet resté",
    ]  # fmt: skip


def test_a_draft_tells_of_a_need_raised_outside_any_meeting(
    services: Services, clock: FakeClock
) -> None:
    scene = Scene(3)
    scene.present(1, 2, 3)
    scene.item("appel", kind="opening")
    stage(services, scene)
    clock.forward(hours=14)
    services.agenda_templates.save(scene.meeting_id)
    fields = {"title": "Sauvegarde", "words": "…"}
    need = services.records.create("need", fields, COMMISSION)
    services.needs.move(need.id, "qualified")
    draft = services.preparation.draft_next(scene.meeting_id)
    assert titles(services, draft.id) == ["Sujet appel", APPROVAL, SHIPPED[2]]


def test_drafting_twice_gives_the_same_meeting(services: Services, clock: FakeClock) -> None:
    last = held(services, clock)
    first = services.preparation.draft_next(last.meeting_id)
    before = titles(services, first.id)
    assert services.preparation.draft_next(last.meeting_id) == first
    assert titles(services, first.id) == before


def test_a_meeting_planned_already_gets_what_carries_over(
    services: Services, clock: FakeClock
) -> None:
    last = held(services, clock)
    stage(services, planned(3, label="before", day="2027-01-08"))
    stage(services, planned(3, label="distant", day="2027-11-05"))
    meeting_id = to_come(services, items=1)
    assert services.preparation.draft_next(last.meeting_id).id == meeting_id
    assert titles(services, meeting_id) == [APPROVAL, SHIPPED[2], "Sujet resté", "Sujet 1"]


def test_a_meeting_planned_without_agenda_gets_a_whole_one(
    services: Services, clock: FakeClock
) -> None:
    last = held(services, clock)
    meeting_id = to_come(services)
    assert services.preparation.draft_next(last.meeting_id).id == meeting_id
    assert len(titles(services, meeting_id)) == 8


def test_the_next_meeting_follows_the_last_one_held_whichever_is_looked_at(
    services: Services, clock: FakeClock
) -> None:
    old = held(services, clock, number=4)
    late = Scene(3, label="late", day="2027-05-12", number=5)
    stage(services, late)
    draft = services.preparation.draft_next(old.meeting_id)
    assert draft.fields.number == 6
    linked = [one.fields.linked_id for one in services.meetings.file(draft.id).items]
    assert linked[1] == late.meeting_id


def test_a_meeting_convened_for_a_day_to_come_is_the_next_one_as_it_is(
    services: Services, clock: FakeClock
) -> None:
    last = held(services, clock, number=4)
    convened = stage(
        services, planned(3, label="convened", day="2027-05-12", status="convened", number=5)
    )
    for days in (0, 53):  # its very day
        clock.forward(days=days)
        assert services.preparation.draft_next(last.meeting_id).id == convened
        assert titles(services, convened) == []
    clock.forward(days=1)  # nobody opened it
    draft = services.preparation.draft_next(last.meeting_id)
    assert draft.id != convened
    assert (draft.fields.number, draft.fields.title) == (6, "Séance n° 6")  # 5 was sent to all


def test_the_count_goes_on_after_a_meeting_without_number(
    services: Services, clock: FakeClock
) -> None:
    held(services, clock, number=4)
    stage(services, planned(3, label="never held", day="2027-05-11", number=8))
    urgent = Scene(3, label="urgent", day="2027-05-12")
    stage(services, urgent)
    draft = services.preparation.draft_next(urgent.meeting_id)
    assert (draft.fields.number, draft.fields.title) == (5, "Séance n° 5")


def test_minutes_discussed_without_a_vote_are_proposed_until_they_are_approved(
    services: Services, clock: FakeClock
) -> None:
    old = held(services, clock)
    discussed = Scene(3, label="late", day="2027-05-12")
    discussed.present(1, 2, 3)
    discussed.item("pv", kind="approval", linked_id=old.meeting_id)
    stage(services, discussed)
    meeting_id = to_come(services)

    def to_approve() -> list[str | None]:
        found = services.preparation.proposals(meeting_id)
        return [one.linked_id for one in found if one.kind == "approval"]

    assert to_approve() == [discussed.meeting_id, old.meeting_id]
    draft = services.preparation.draft_next(old.meeting_id)
    linked = [one.fields.linked_id for one in services.meetings.file(draft.id).items]
    assert discussed.meeting_id in linked and old.meeting_id not in linked  # that is for the user
    meeting_id = draft.id
    assert to_approve() == [old.meeting_id]
    services.minutes.freeze(old.meeting_id)
    services.meetings.approve(old.meeting_id, discussed.meeting_id)
    assert to_approve() == []


def test_an_approval_linked_to_the_minutes_themselves_ends_with_theirs(
    services: Services, clock: FakeClock
) -> None:
    old = held(services, clock)
    frozen = services.minutes.freeze(old.meeting_id)
    discussed = Scene(3, label="late", day="2027-05-12", status="approved")
    discussed.present(1, 2, 3)
    discussed.item("pv", kind="approval", linked_id=frozen.record.id)
    stage(services, discussed)
    meeting_id = to_come(services)
    for linked in ([frozen.record.id], []):
        found = services.preparation.proposals(meeting_id)
        assert [one.linked_id for one in found if one.kind == "approval"] == linked
        services.meetings.approve(old.meeting_id, discussed.meeting_id)


def test_an_approval_that_does_not_say_whose_takes_one_of_two(
    services: Services, clock: FakeClock
) -> None:
    old = held(services, clock)
    late = Scene(3, label="late", day="2027-05-12")
    late.item("pv", kind="approval", linked_id=old.meeting_id, started=None)
    stage(services, late)
    meeting_id = to_come(services)
    services.agenda.add(meeting_id, {"kind": "approval", "title": "Procès-verbal"})
    services.preparation.take(meeting_id, services.preparation.proposals(meeting_id))
    items = [one.fields for one in services.meetings.file(meeting_id).items]
    linked = [one.linked_id for one in items if one.kind == "approval"]
    assert linked == [late.meeting_id, old.meeting_id]


def test_what_was_put_off_is_proposed_and_not_put_on_by_itself(
    services: Services, clock: FakeClock
) -> None:
    scene = Scene(3)
    scene.present(1, 2, 3)
    scene.item("reporté", kind="decision", started=None, withdrawn=True)
    stage(services, scene)
    clock.forward(hours=14)
    draft = services.preparation.draft_next(scene.meeting_id)
    assert "Sujet reporté" not in titles(services, draft.id)
    proposed = services.preparation.proposals(draft.id)
    assert [one.fields["title"] for one in proposed] == ["Sujet reporté"]


# The second call


def failed(services: Services, clock: FakeClock, **options: Any) -> Scene:
    """Seven of twelve at first, six from 19:00 on; the clock stands at the next morning."""
    scene = Scene(12, **options)
    scene.present(1, 2, 3, 4, 5, 6)
    scene.present(7, until="19:00")
    scene.item("tenu", started="18:30", ended_at=at("18:50"))
    scene.item("perdu", started="19:00", kind="decision")
    stage(services, scene)
    clock.forward(hours=14)
    return scene


def test_a_second_call_takes_over_the_items_that_lost_the_quorum(
    services: Services, clock: FakeClock
) -> None:
    scene = failed(services, clock, profile="deliberative")
    found = services.preparation.reconvene(scene.meeting_id, "2027-03-23T18:30")
    assert found.warning == ""
    assert found.meeting.fields.reconvened_from_id == scene.meeting_id
    assert found.meeting.fields.status == "planned"
    items = services.meetings.file(found.meeting.id).items
    assert [(one.fields.title, one.fields.reconvened_item_id) for one in items] == [
        ("Ouverture et appel", None), ("Sujet perdu", uid("item meeting perdu")),
    ]  # fmt: skip
    services.records.update(found.meeting.id, {"opened_at": at("18:30", "2027-03-23")})
    needed = [one.quorum.needed for one in services.meetings.check(found.meeting.id).items]
    assert needed == [7, 0]


def test_a_second_call_too_early_is_refused_to_a_deliberative_body(
    services: Services, clock: FakeClock
) -> None:
    scene = failed(services, clock, profile="deliberative")
    with pytest.raises(UserError) as caught:
        services.preparation.reconvene(scene.meeting_id, "2027-03-22T18:30")
    assert caught.value.sentence == (
        f"Séance {scene.meeting_id}, champ « starts_at » : trois jours francs au moins séparent les"
        " deux séances ; choisissez une date à partir du mardi 23 mars 2027."
    )
    assert len(services.records.list("meeting")) == 1


def test_a_light_commission_is_warned_that_the_ordinary_quorum_holds(
    services: Services, clock: FakeClock
) -> None:
    scene = failed(services, clock)
    found = services.preparation.reconvene(scene.meeting_id, "2027-03-22T18:30")
    assert found.warning == (
        "Séance reconvoquée trop tôt : il fallait attendre le mardi 23 mars 2027, le quorum"
        " ordinaire s'applique"
    )
    needed = [one.quorum.needed for one in services.meetings.check(found.meeting.id).items]
    assert needed == [7, 7]


def test_a_meeting_is_reconvened_once(services: Services, clock: FakeClock) -> None:
    scene = failed(services, clock)
    services.preparation.reconvene(scene.meeting_id, "2027-03-23T18:30")
    with pytest.raises(UserError, match="déjà reconvoquée"):
        services.preparation.reconvene(scene.meeting_id, "2027-03-24T18:30")
    services.undo.undo()
    services.preparation.reconvene(scene.meeting_id, "2027-03-24T18:30")


def test_a_meeting_whose_quorum_held_is_not_reconvened(
    services: Services, clock: FakeClock
) -> None:
    last = held(services, clock)
    with pytest.raises(UserError, match="n'a manqué à aucun point"):
        services.preparation.reconvene(last.meeting_id, "2027-03-23T18:30")


def test_a_second_call_takes_the_next_number_unless_another_meeting_has_it(
    services: Services, clock: FakeClock
) -> None:
    scene = failed(services, clock, number=2, title="Séance n° 2")
    again = services.preparation.reconvene(scene.meeting_id, "2027-03-23T18:30").meeting
    assert (again.fields.number, again.fields.title) == (3, "Séance n° 3")
    services.undo.undo()
    stage(services, planned(3, label="next", day="2027-06-18", number=3))
    again = services.preparation.reconvene(scene.meeting_id, "2027-03-23T18:30").meeting
    assert (again.fields.number, again.fields.title) == (None, "Séance n° 2")


def test_a_second_call_of_a_meeting_without_number_has_none(
    services: Services, clock: FakeClock
) -> None:
    scene = failed(services, clock)
    again = services.preparation.reconvene(scene.meeting_id, "2027-03-23T18:30").meeting
    assert (again.fields.number, again.fields.title) == (None, scene.file().meeting.fields.title)


def test_a_second_call_keeps_a_title_of_ones_own(services: Services, clock: FakeClock) -> None:
    scene = failed(services, clock, number=2, title="Budget")
    again = services.preparation.reconvene(scene.meeting_id, "2027-03-23T18:30").meeting
    assert (again.fields.number, again.fields.title) == (3, "Budget")
