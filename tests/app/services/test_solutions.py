"""Who takes part in a solution, its plan, and the shares that follow."""

from __future__ import annotations

from typing import Any

import pytest

from app.bootstrap import Services
from app.domain.records import Record, reference_id
from app.domain.refusals import Refusal
from app.errors import UserError

VOUGEOT = reference_id("organisation", "21716")
AGENCOURT = reference_id("organisation", "21001")

PLAN: dict[str, Any] = {
    "years": 2,
    "vat_rate": "0.20",
    "key": {"kind": "equal"},
    "offers": [{"id": "A", "tiers": [{"from_participants": 1, "setup_cents": 30000}]}],
}


@pytest.fixture
def solution(services: Services, commission_id: str) -> Record[Any]:
    return services.records.create("solution", {"title": "Sauvegarde partagée"})


def test_there_is_no_sheet_before_a_plan_and_a_participant(
    services: Services, solution: Record[Any]
) -> None:
    assert services.solutions.sheet(solution.id) is None
    services.solutions.save_plan(solution.id, PLAN)
    assert services.solutions.sheet(solution.id) is None
    services.solutions.take_part(solution.id, VOUGEOT, "declined")
    assert services.solutions.sheet(solution.id) is None


def test_the_interested_and_the_committed_share_the_cost(
    services: Services, solution: Record[Any]
) -> None:
    services.solutions.save_plan(solution.id, PLAN)
    services.solutions.take_part(solution.id, VOUGEOT, "interested")
    services.solutions.take_part(solution.id, AGENCOURT, "committed", alone_cents=10000)
    sheet = services.solutions.sheet(solution.id)
    assert sheet is not None
    assert sheet.names == {"21001": "Agencourt", "21716": "Vougeot"}
    (offer,) = sheet.comparison.offers
    assert [(one.code, one.share_cents, one.worse_off) for one in offer.shares] == [
        ("21001", 15000, True),
        ("21716", 15000, False),
    ]


def test_what_is_not_given_stays_as_it_was(services: Services, solution: Record[Any]) -> None:
    services.solutions.take_part(solution.id, VOUGEOT, "interested", units=3, alone_cents=5000)
    made = services.solutions.take_part(solution.id, VOUGEOT, "committed")
    assert made is not None
    assert (made.fields.units_, made.fields.alone_cents) == (3, 5000)
    assert made.fields.on == "2027-03-19"
    services.solutions.take_part(solution.id, VOUGEOT, "committed", units=None)
    (kept,) = services.solutions.commitments(solution.id)
    assert (kept.fields.units_, kept.fields.alone_cents) == (None, 5000)


def test_a_position_can_be_taken_back_and_undone(services: Services, solution: Record[Any]) -> None:
    services.solutions.take_part(solution.id, VOUGEOT, "interested", units=3)
    services.solutions.take_part(solution.id, VOUGEOT, None)
    assert services.solutions.commitments(solution.id) == []
    services.undo.undo()
    (kept,) = services.solutions.commitments(solution.id)
    assert kept.fields.units_ == 3


def test_a_plan_that_cannot_be_computed_is_refused_with_its_field(
    services: Services, solution: Record[Any]
) -> None:
    with pytest.raises(UserError, match="au moins une offre") as error:
        services.solutions.save_plan(solution.id, PLAN | {"offers": []})
    assert isinstance(error.value.__cause__, Refusal)
    assert error.value.__cause__.field == "offers"
    assert services.records.get(solution.id).fields.plan is None


def test_only_a_solution_has_a_sheet(services: Services, commission_id: str) -> None:
    with pytest.raises(UserError, match="n'est pas une solution"):
        services.solutions.sheet(commission_id)
