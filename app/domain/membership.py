"""The fee of a member: free for small communes, else by category and stratum of a yearly scale."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.records import FeeRow, FeeScale, Organisation
from app.domain.refusals import Refusal
from app.domain.wording import count

FREE_BELOW = 500
"""Inhabitants under which a commune pays nothing (plan TerNum 2020-2030)."""


def is_free(organisation: Organisation) -> bool:
    """Whether membership is free: a commune whose population is known and below 500."""
    population = organisation.population
    return organisation.kind == "commune" and population is not None and population < FREE_BELOW


def check_rows(rows: Sequence[FeeRow]) -> None:
    """Refuses two rows of a scale for one kind from one number of inhabitants: which of the two
    fees is due could not be told.
    """
    known: dict[tuple[str, int], int] = {}
    for rank, row in enumerate(rows):
        former = known.setdefault((row.kind, row.population_from), rank)
        if former != rank:
            raise Refusal(
                f"les lignes {former + 1} et {rank + 1} partent de"
                f" {count(row.population_from, 'habitant')} pour le même genre de collectivité :"
                " changez ou retirez l'une des deux.",
                field=f"rows[{rank}].population_from",
            )


def fee_cents(organisation: Organisation, scale: FeeScale) -> int | None:
    """The yearly fee, in cents; None when the scale or the population does not tell it.

    The stratum is the last of the organisation's kind whose `population_from` is reached.
    """
    if is_free(organisation):
        return 0
    if organisation.population is None:
        return None
    strata = [
        row
        for row in scale.rows
        if row.kind == organisation.kind and row.population_from <= organisation.population
    ]
    return max(strata, key=lambda row: row.population_from).amount_cents if strata else None
