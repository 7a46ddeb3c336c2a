"""Where a commune stands toward a solution, noted on two laptops before they synchronised."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.records import reference_id
from tests.app.documents import reading
from tests.app.sync.conftest import Laptop
from tests.app.sync.test_between_laptops import level
from tests.positions import take_part

VOUGEOT = reference_id("organisation", "21716")
TIER = {"from_participants": 1, "yearly_per_unit_cents": 1000}
PLAN = {
    "years": 1,
    "key": {"kind": "usage"},
    "offers": [{"id": "A", "supplier": "Serein", "tiers": [TIER]}],
}


@pytest.fixture
def solution(pair: tuple[Laptop, Laptop]) -> str:
    """A solution for whose units each one pays, on both laptops."""
    anne, benoit = pair
    made = anne.put("solution", title="La fibre", plan=PLAN)
    level(anne, benoit)
    return made


def said(laptop: Laptop, solution: str) -> list[Any]:
    return [one.fields for one in laptop.services.solutions.commitments(solution)]


@pytest.mark.parametrize("first", [0, 1])
def test_what_one_laptop_alone_knows_of_a_commitment_counts_with_the_later_one(
    pair: tuple[Laptop, Laptop], solution: str, first: int
) -> None:
    anne, benoit = pair
    made = take_part(anne.services.solutions, solution, VOUGEOT, "committed", 3)
    assert made is not None
    anne.put("commitment", made.id, signed_on="2027-03-12", act_reference="2027-12")
    take_part(benoit.services.solutions, solution, VOUGEOT, "interested")
    for one in (pair[first], pair[1 - first], pair[first]):
        one.sync()
    for one in pair:
        sheet = one.services.solutions.sheet(solution)
        assert sheet is not None
        assert [each.units for each in sheet.plan.participants] == [3]
        assert sheet.comparison.offers[0].total_cents == 3000
        paper = one.services.documents.make("solution-sheet", solution).data
        assert "2027-12" in reading.text(paper)
    take_part(benoit.services.solutions, solution, VOUGEOT, "committed", 4)
    level(benoit, anne)
    for one in pair:
        (kept,) = said(one, solution)
        assert (kept.intention, kept.units_, kept.act_reference) == ("committed", 4, "2027-12")
    assert anne.state() == benoit.state()
    benoit.services.undo.undo()
    assert len(said(benoit, solution)) == 2
