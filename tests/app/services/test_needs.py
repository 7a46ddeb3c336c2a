"""The life of needs, and the needs alike."""

from __future__ import annotations

import pytest

from app.bootstrap import Services
from app.errors import UserError


def test_a_need_goes_from_raised_to_served_and_back(services: Services, commission_id: str) -> None:
    need = services.records.create("need", {"title": "Sauvegarde"})
    solution = services.records.create("solution", {"title": "Coffre"})
    services.needs.move(need.id, "qualified")
    with pytest.raises(UserError, match="solution_id"):
        services.needs.move(need.id, "answered")
    services.needs.move(need.id, "answered", solution_id=solution.id)
    assert services.needs.move(need.id, "served").fields.solution_id == solution.id
    with pytest.raises(UserError, match="ne devient pas"):
        services.needs.move(need.id, "raised")


def test_one_solution_answers_needs_of_several_commissions_at_once(
    services: Services, commission_id: str
) -> None:
    records, needs = services.records, services.needs
    other = records.create("commission", {"name": "Auxois"}, None).id
    raised = records.create("need", {"title": "Coffre"}, commission_id)
    qualified = records.create("need", {"title": "Coffres"}, other)
    needs.move(qualified.id, "qualified")
    both = [raised.id, qualified.id]
    shared = records.create("solution", {"title": "Sauvegarde"}, None)
    needs.answer(both, shared.id)
    for one in both:
        fields = records.get(one).fields
        assert (fields.status, fields.solution_id) == ("answered", shared.id)
    services.undo.undo()
    assert [records.get(one).fields.status for one in both] == ["raised", "qualified"]


def test_a_solution_of_a_commission_answers_its_own_needs_alone_and_names_them(
    services: Services, commission_id: str
) -> None:
    records, needs = services.records, services.needs
    other = records.create("commission", {"name": "Auxois"}, None).id
    here = [records.create("need", {"title": title}, commission_id).id for title in "AB"]
    there = records.create("need", {"title": "C"}, other).id
    own = records.create("solution", {"need_ids": [here[1]]}, commission_id).id
    with pytest.raises(UserError, match="une solution pour la région"):
        needs.answer([here[0], there], own)
    assert records.get(here[0]).fields.status == "raised"
    needs.answer(here, own)
    assert records.get(own).fields.need_ids == (here[1], here[0])


def test_a_need_served_is_not_answered_anew(services: Services, commission_id: str) -> None:
    records, needs = services.records, services.needs
    served, wanted = (records.create("need", {"title": title}).id for title in "AB")
    first, second = (records.create("solution", {"title": title}).id for title in "CD")
    needs.answer([served], first)
    needs.move(served, "served")
    with pytest.raises(UserError, match="« A » est satisfait"):
        needs.answer([wanted, served], second)
    assert records.get(wanted).fields.status == "raised"


def test_a_need_set_aside_keeps_the_others_from_being_answered_with_it(
    services: Services, commission_id: str
) -> None:
    records, needs = services.records, services.needs
    wanted, aside = (records.create("need", {"title": title}).id for title in "AB")
    needs.move(aside, "set_aside", reason="Hors du champ du GIP")
    with pytest.raises(UserError, match="« B » est écarté"):
        needs.pool([wanted, aside])
    assert records.get(wanted).fields.status == "raised"
    assert records.list("solution") == []


def test_needs_are_pooled_into_one_solution_of_the_region(
    services: Services, commission_id: str
) -> None:
    needs = [services.records.create("need", {"title": one, "theme": "backup"}) for one in "AB"]
    made = services.needs.pool([one.id for one in needs])
    assert (made.commission_id, made.fields.title, made.fields.theme) == (None, "A", "backup")
    assert [one.id for one in services.solutions.needs(made)] == [one.id for one in needs]


def test_setting_a_need_aside_asks_for_the_reason(services: Services, commission_id: str) -> None:
    need = services.records.create("need", {"title": "Drone"})
    with pytest.raises(UserError, match="motif"):
        services.needs.move(need.id, "set_aside")
    services.needs.move(need.id, "set_aside", reason="Hors du champ du GIP")
    assert services.records.get(need.id).fields.reason == "Hors du champ du GIP"


def test_needs_alike_are_found_by_stems_and_despite_typos(
    services: Services, commission_id: str
) -> None:
    like = services.records.create(
        "need", {"title": "Sauvegarde du serveur", "words": "On n'a plus de sauvegardes"}
    )
    services.records.create("need", {"title": "Formation des secrétaires"})
    found = services.needs.alike("les sauvegardes de notre serveur sont en panne")
    assert [one.record.id for one in found] == [like.id]
    assert services.needs.alike("sauvegarde du serveur", but=like.id) == []
    assert services.needs.alike("le") == []


def test_grouping_is_reversible_and_keeps_each_needs_words(
    services: Services, commission_id: str
) -> None:
    first = services.records.create("need", {"title": "A", "words": "un"})
    second = services.records.create("need", {"title": "B", "words": "deux"})
    with pytest.raises(UserError, match="au moins deux"):
        services.needs.group([first.id], "Seul")
    group = services.needs.group([first.id, second.id], "Ensemble")
    assert len(services.records.list("need", need_group_id=group.id)) == 2
    services.needs.part(first.id)
    assert services.records.get(first.id) == first
    assert not services.records.list("need_group")


def test_the_end_of_a_group_is_undone_at_once(services: Services, commission_id: str) -> None:
    ids = [services.records.create("need", {"title": title}).id for title in "AB"]
    group = services.needs.group(ids, "Ensemble")
    services.needs.part(ids[0])
    assert not services.records.list("need_group")
    services.undo.undo()
    assert [one.id for one in services.records.list("need", need_group_id=group.id)] == ids
    assert services.records.get(group.id).fields.title == "Ensemble"


def test_a_group_that_needs_leave_for_another_with_one_at_most_is_undone(
    services: Services, commission_id: str
) -> None:
    records, needs = services.records, services.needs
    ids = [records.create("need", {"title": title}).id for title in "ABCDE"]
    first = needs.group(ids[:3], "Premier")
    second = needs.group(ids[2:4], "Second")
    assert {one.id for one in records.list("need_group")} == {first.id, second.id}
    needs.join(second.id, [ids[1], ids[2]])
    assert [one.id for one in records.list("need_group")] == [second.id]
    assert records.get(ids[0]).fields.need_group_id is None
    third = needs.group(ids[1:], "Troisième")
    assert [one.id for one in records.list("need_group")] == [third.id]
    services.undo.undo()
    assert len(records.list("need", need_group_id=second.id)) == 3
    needs.part(ids[1])
    assert len(records.list("need", need_group_id=second.id)) == 2


@pytest.mark.parametrize("gone", [1, 2])
def test_needs_are_deleted_with_the_group_that_they_leave_and_come_back_in_it(
    services: Services, commission_id: str, gone: int
) -> None:
    records, needs = services.records, services.needs
    ids = [records.create("need", {"title": title}).id for title in "AB"]
    group = needs.group(ids, "Ensemble").id
    needs.delete(ids[:gone])
    assert records.list("need_group") == []
    assert [one.fields.need_group_id for one in records.list("need")] == [None] * (2 - gone)
    services.undo.undo()
    assert [one.id for one in records.list("need", need_group_id=group)] == ids
    needs.delete(ids)
    assert [(one.title, one.others) for one in services.trash.list()] == [("A", 2)]
    services.trash.restore(ids[0])
    assert [one.id for one in records.list("need", need_group_id=group)] == ids
