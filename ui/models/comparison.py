"""The offers of a plan side by side, and what each one would pay under each key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import msgspec

from app.domain.cost_plan import KEY_LABELS, Key
from app.domain.cost_sharing import OfferShares, offer_retained, share_offer
from app.domain.money import rounded
from app.domain.refusals import Refusal
from app.domain.wording import amount, capitalised
from ui.models.standings import Costs
from ui.models.table import Column, Columns

USUAL_FIXED_SHARE = Fraction(3, 10)
"""The fixed share of a mixed key where the plan sets none."""


@dataclass(frozen=True)
class OfferRow:
    """An offer, its supplier, how many participants it is cheapest for, and whether it is the
    cheapest for the group.

    `retained` says whether it is the retained provider's; `yearly_mean` is what a participant pays
    a year on average, in cents.
    """

    shares: OfferShares
    supplier: str
    yearly_mean: int
    best_for: int
    best: bool
    retained: bool

    @property
    def id(self) -> str:
        return self.shares.id

    @property
    def title(self) -> str:
        return self.supplier


def _cents(name: str) -> tuple[Any, Any]:
    def of(row: OfferRow) -> int:
        found: int = getattr(row.shares, name)
        return found

    return lambda row: amount(of(row)), of


def _for_the_group(row: OfferRow) -> str:
    told = ("retenue" if row.retained else "", "la moins chère" if row.best else "")
    return capitalised(", ".join(filter(None, told)))


class OfferColumn(Columns):
    """One offer a row, its amounts over the whole term."""

    NAME = Column[OfferRow]("Offre", lambda row: row.supplier, width=0)
    TOTAL = Column[OfferRow]("Total HT", *_cents("total_cents"), align="right", width=121)
    AFTER = Column[OfferRow](
        "Après subvention", *_cents("after_subsidy_cents"), align="right", width=145, role="strong"
    )
    TAXED = Column[OfferRow](
        "À payer TTC", *_cents("total_with_tax_cents"), align="right", width=121
    )
    MEAN = Column[OfferRow](
        "Par an, par participant",
        lambda row: amount(row.yearly_mean),
        lambda row: row.yearly_mean,
        align="right",
        width=150,
    )
    BEST_FOR = Column[OfferRow](
        "La moins chère pour",
        lambda row: str(row.best_for),
        lambda row: row.best_for,
        align="right",
        width=150,
        role="muted",
    )
    BEST = Column[OfferRow](
        "Pour le groupe",
        _for_the_group,
        tone=lambda row: "success" if row.best else "info",
        width=173,
    )


def offer_rows(costs: Costs) -> list[OfferRow]:
    best = list(costs.comparison.best_for_each.values())
    retained = offer_retained(costs.plan, costs.comparison, costs.provider)
    return [
        OfferRow(
            shares=one,
            supplier=costs.supplier(one.id),
            yearly_mean=rounded(one.after_subsidy_cents, costs.plan.years * len(one.shares)),
            best_for=best.count(one.id),
            best=one.id == costs.comparison.best_for_group,
            retained=one is retained,
        )
        for one in costs.comparison.offers
    ]


@dataclass(frozen=True)
class KeyRow:
    """A participant with its share under each key that can be computed, by key."""

    code: str
    title: str
    shares: dict[str, int]
    alone_cents: int

    @property
    def id(self) -> str:
        return self.code


def _under(kind: str) -> Column[KeyRow]:
    return Column[KeyRow](
        capitalised(KEY_LABELS[kind]),
        lambda row: amount(row.shares[kind]) if kind in row.shares else "–",
        lambda row: row.shares.get(kind),
        align="right",
        width=120,
    )


class KeyColumn(Columns):
    """One participant a row, one key a column."""

    NAME = Column[KeyRow]("Collectivité", lambda row: row.title, width=0)
    EQUAL = _under("equal")
    POPULATION = _under("population")
    STRATA = _under("strata")
    MIXED = _under("mixed")
    USAGE = _under("usage")
    ALONE_PRICE = _under("alone")
    ALONE = Column[KeyRow](
        "Seule",
        lambda row: amount(row.alone_cents),
        lambda row: row.alone_cents,
        align="right",
        width=120,
        role="muted",
    )


def by_key(costs: Costs, offer_id: str) -> dict[str, OfferShares]:
    """An offer shared under each kind of key that can be computed from its plan."""
    offer = next(one for one in costs.plan.offers if one.id == offer_id)
    found = {}
    for kind in KEY_LABELS:
        key = _key(costs.plan.key, kind)
        if kind == "strata" and not key.strata:
            continue
        try:
            found[kind] = share_offer(msgspec.structs.replace(costs.plan, key=key), offer)
        except Refusal:  # all weights are zero, as those of usage are without units
            continue
    return found


def _key(key: Key, kind: str) -> Key:
    """The plan's key with another kind, its bounds kept; a mixed one is given a fixed share."""
    changed = msgspec.structs.replace(key, kind=kind)
    if kind == "mixed":
        return msgspec.structs.replace(changed, fixed_share=fixed_share(key))
    return changed


def fixed_share(key: Key) -> Fraction:
    """The fixed share of a mixed key: the plan's, else the usual one."""
    return key.fixed_share if key.kind == "mixed" else key.fixed_share or USUAL_FIXED_SHARE


def key_rows(costs: Costs, shared: dict[str, OfferShares]) -> Sequence[KeyRow]:
    """What each participant pays under each key."""
    shares = {kind: {one.code: one for one in offer.shares} for kind, offer in shared.items()}
    base = shares[costs.plan.key.kind]
    return [
        KeyRow(
            code=each.code,
            title=each.name or each.code,
            shares={kind: found[each.code].share_cents for kind, found in shares.items()},
            alone_cents=base[each.code].alone_cents,
        )
        for each in costs.plan.participants
    ]
