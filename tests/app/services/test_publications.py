"""A commission's solution published for the whole region, and what of it stays behind."""

from __future__ import annotations

from typing import Any

import pytest

from app.bootstrap import Services
from app.clock import new_id
from app.domain.records import Record
from app.errors import UserError
from tests.app.services.test_solutions import PLAN, VOUGEOT
from tests.workspaces import tie


@pytest.fixture
def own(services: Services, commission_id: str) -> Record[Any]:
    need = services.records.create("need", {"title": "Sauvegarde", "words": "Tout est perdu"})
    fields = {
        "title": "Sauvegarde partagée", "description": "Chaque nuit", "theme": "backup",
        "provider": "Coffre", "route": "group_purchase", "status": "favourable", "plan": PLAN,
        "need_ids": [need.id], "answer": "Vu avec vous le 3.", "answered_on": "2027-03-03",
    }  # fmt: skip
    return services.records.create("solution", fields)


@pytest.fixture
def gip(services: Services, own: Record[Any]) -> Services:
    tie(services, "gip")
    return services


def regional(services: Services) -> list[Record[Any]]:
    return list(services.records.list("solution", None))


def test_the_copy_takes_what_the_region_reads_and_leaves_the_needs_and_the_answer(
    gip: Services, own: Record[Any]
) -> None:
    copy = gip.publications.publish(own.id)
    fields = copy.fields
    for name in ("title", "description", "theme", "provider", "route", "plan"):
        assert getattr(fields, name) == getattr(own.fields, name)
    assert (copy.commission_id, fields.status) == (None, "proposed")
    assert (fields.need_ids, fields.answer, fields.answered_on) == ((), "", None)
    assert fields.origin_ids == (own.id,)
    assert gip.records.get(own.id).fields.published_as_id == copy.id
    assert gip.publications.of(gip.records.get(own.id)).copy == copy


def test_what_the_gip_decided_of_a_solution_holds_for_its_copy(
    gip: Services, own: Record[Any]
) -> None:
    gip.records.update(own.id, {"status": "in_service"})
    assert gip.publications.publish(own.id).fields.status == "in_service"


def test_one_undo_takes_the_whole_publication_back(gip: Services, own: Record[Any]) -> None:
    gip.publications.publish(own.id)
    gip.undo.undo()
    assert regional(gip) == []
    assert gip.records.get(own.id).fields == own.fields
    gip.undo.redo()
    (copy,) = regional(gip)
    assert gip.records.get(own.id).fields.published_as_id == copy.id


def test_a_solution_of_a_second_commission_joins_the_one_that_there_is(
    gip: Services, own: Record[Any]
) -> None:
    copy = gip.publications.publish(own.id)
    other_id = gip.records.create("commission", {"name": "Beaune"}, None).id
    other = gip.records.create("solution", {"title": "Sauvegardes partagées"}, other_id)
    gip.records.create("solution", {"title": "Parapheur"}, None)
    gip.records.create("solution", {"title": "Sauvegarde", "status": "refused"}, None)
    found, like = gip.publications.alike(other)
    assert [one.fields.title for one in found] == ["Sauvegarde partagée", "Parapheur"]
    assert like == 1
    assert gip.publications.publish(other.id, copy.id).fields.origin_ids == (own.id, other.id)
    assert gip.records.get(other.id).fields.published_as_id == copy.id
    known = gip.publications.of(gip.records.get(copy.id))
    assert ([one.id for one in known.origins], known.elsewhere) == ([own.id, other.id], 0)
    gip.undo.undo()
    assert gip.records.get(copy.id).fields == copy.fields
    assert gip.records.get(other.id).fields == other.fields


def test_origins_of_commissions_that_are_not_here_are_only_counted(
    gip: Services, own: Record[Any]
) -> None:
    copy = gip.publications.publish(own.id)
    gip.records.update(copy.id, {"origin_ids": [own.id, new_id(), new_id()]})
    assert gip.publications.of(gip.records.get(copy.id)).elsewhere == 2
    gip.solutions.delete([own.id])
    known = gip.publications.of(gip.records.get(copy.id))
    assert (known.origins, known.elsewhere) == ([], 2)


@pytest.mark.parametrize("tied", [True, False])
def test_nobody_but_the_gip_publishes(services: Services, own: Record[Any], tied: bool) -> None:
    if tied:
        tie(services, "facilitator")
    assert not services.publications.of(own).offered
    with pytest.raises(UserError, match="Le GIP seul publie"):
        services.publications.publish(own.id)
    assert regional(services) == []


def test_what_may_not_be_published_is_refused_by_name(gip: Services, own: Record[Any]) -> None:
    publish = gip.publications.publish
    untitled = gip.records.create("solution", {"title": " "})
    refused = gip.records.create("solution", {"title": "Fibre", "status": "refused"})
    gone = gip.records.create("solution", {"title": "Vélo"})
    gip.records.delete(gone.id)
    copy = publish(own.id)
    for solution_id, words in (
        (own.id, "est déjà publiée pour toute la région, sous le titre « Sauvegarde partagée »"),
        (copy.id, "« Sauvegarde partagée » est déjà pour toute la région"),
        (untitled.id, "Donnez un titre"),
        (refused.id, "« Fibre » est refusée"),
        (gone.id, "cet enregistrement est supprimé"),
        (own.fields.need_ids[0], "n'est pas une solution"),
    ):
        with pytest.raises(UserError, match=words):
            publish(solution_id)
    for target in (untitled.id, VOUGEOT):
        with pytest.raises(UserError, match="proposée à toute la région"):
            publish(gip.records.create("solution", {"title": "Autre"}).id, target)
    assert regional(gip) == [copy]


def test_a_solution_whose_copy_was_deleted_may_be_published_again(
    gip: Services, own: Record[Any]
) -> None:
    first = gip.publications.publish(own.id)
    gip.solutions.delete([first.id])
    assert gip.records.get(own.id).fields.published_as_id is None
    gip.undo.undo()
    assert gip.records.get(own.id).fields.published_as_id == first.id
    gip.undo.redo()
    assert gip.publications.publish(own.id).id != first.id


def test_the_gip_deletes_an_origin_and_a_facilitator_reads_why_it_does_not(
    gip: Services, own: Record[Any]
) -> None:
    copy = gip.publications.publish(own.id)
    gip.solutions.delete([own.id])
    assert gip.records.get(copy.id).fields.origin_ids == ()
    gip.undo.undo()
    tie(gip, "facilitator")
    with pytest.raises(UserError, match="« Sauvegarde partagée » ne peut être supprimée : le GIP"):
        gip.solutions.delete([own.id])


def test_an_origin_and_its_copy_go_together(gip: Services, own: Record[Any]) -> None:
    copy = gip.publications.publish(own.id)
    gip.solutions.delete([own.id, copy.id])
    assert gip.records.list("solution") == []
    gip.undo.undo()
    assert gip.publications.of(gip.records.get(own.id)).copy == gip.records.get(copy.id)
