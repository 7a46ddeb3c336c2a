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
    services.needs.ungroup(group.id)
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
