"""Free below 500 inhabitants, else by the scale."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain import membership
from app.domain.records import FeeRow, FeeScale, Organisation
from app.domain.refusals import Refusal

SCALE = FeeScale(
    code="fictif",
    year=2027,
    rows=(
        FeeRow(kind="commune", population_from=2000, amount_cents=40000),
        FeeRow(kind="commune", population_from=500, amount_cents=20000),
        FeeRow(kind="epci", population_from=0, amount_cents=90000),
    ),
)


@pytest.mark.parametrize(
    ("organisation", "cents"),
    [
        ({"kind": "commune", "population": 499}, 0),
        ({"kind": "commune", "population": 500}, 20000),
        ({"kind": "commune", "population": 1999}, 20000),
        ({"kind": "commune", "population": 2000}, 40000),
        ({"kind": "commune", "population": None}, None),
        ({"kind": "epci", "population": 300}, 90000),
        ({"kind": "syndicat", "population": 300}, None),
    ],
)
def test_the_fee_follows_the_category_and_the_stratum(
    organisation: dict[str, Any], cents: int | None
) -> None:
    assert membership.fee_cents(Organisation(**organisation), SCALE) == cents


def test_a_scale_says_one_fee_of_each_number_of_inhabitants_of_a_kind() -> None:
    membership.check_rows(SCALE.rows)
    twice = FeeRow(kind="commune", population_from=500, amount_cents=25000)
    with pytest.raises(Refusal) as refused:
        membership.check_rows((*SCALE.rows, twice))
    assert refused.value.field == "rows[3].population_from"
    assert refused.value.sentence == (
        "les lignes 2 et 4 partent de 500 habitants pour le même genre de collectivité : changez ou"
        " retirez l'une des deux."
    )


def test_only_communes_are_free() -> None:
    assert membership.is_free(Organisation(kind="commune", population=499))
    assert not membership.is_free(Organisation(kind="epci", population=499))
    assert not membership.is_free(Organisation(kind="commune"))
