"""Where each organisation stands toward a solution, and what it would pay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.domain.cost_plan import Plan, code_of, plan_for
from app.domain.cost_sharing import Comparison, OfferShares, Share, compare, offer_taken
from app.domain.cost_terms import offer_name
from app.domain.dates import day
from app.domain.records import Commitment, Organisation, Record
from app.domain.wording import amount, per_cent, short_day, whole
from ui.models.table import Column, Columns
from ui.words.choices import tone, words


@dataclass(frozen=True)
class Standing:
    """An organisation, what it said (None for nothing yet), and its share once one is known.

    `raised` is the title of a need of its own that the solution answers; `name` tells it apart from
    the others, and is that of its record by default.
    """

    organisation: Record[Organisation]
    intention: str | None = None
    units: int | None = None
    alone_cents: int | None = None
    signed_on: str | None = None
    act_reference: str = ""
    share: Share | None = None
    exempt: bool = False
    raised: str = ""
    name: str = ""

    @property
    def id(self) -> str:
        return self.organisation.id

    @property
    def title(self) -> str:
        return self.name or self.organisation.fields.name

    @property
    def takes_part(self) -> bool:
        return self.intention in ("interested", "committed")


@dataclass(frozen=True)
class Costs:
    """A plan with its participants, every offer shared between them, and the provider retained."""

    plan: Plan
    comparison: Comparison
    provider: str = ""

    def offer(self, offer_id: str | None) -> OfferShares:
        """The shares of an offer; of the one retained, else the cheapest, if the id names none."""
        offers = {one.id: one for one in self.comparison.offers}
        taken = offer_taken(self.plan, self.comparison, self.provider)
        return offers.get(offer_id or "") or taken

    def supplier(self, offer_id: str) -> str:
        """« A, Serein Numérique »."""
        return offer_name(self.plan, offer_id)

    def name(self, code: str) -> str:
        return next(one.name or code for one in self.plan.participants if one.code == code)


def costs_of(terms: Mapping[str, Any], standings: Sequence[Standing], provider: str = "") -> Costs:
    """The costs shared between those who take part; Refusal when they cannot be computed."""
    said = [
        Record(
            id=one.id,
            commission_id=None,
            fields=Commitment(
                organisation_id=one.id, units_=one.units, alone_cents=one.alone_cents
            ),
        )
        for one in standings
        if one.takes_part
    ]
    plan = plan_for(terms, said, {one.id: one.organisation for one in standings})
    return Costs(plan, compare(plan), provider)


def with_shares(
    standings: Sequence[Standing], costs: Costs | None, offer_id: str | None
) -> list[Standing]:
    """The standings with their shares of an offer; without any when there are no costs."""
    offer = costs.offer(offer_id) if costs else None
    shares = {share.code: share for share in offer.shares} if offer else {}
    return [
        replace(
            one,
            share=shares.get(code_of(one.organisation)) if one.takes_part else None,
            exempt=costs is not None
            and offer is not None
            and not offer.exemption_lifted
            and costs.plan.exempts(
                one.organisation.fields.kind, one.organisation.fields.population or 0
            ),
        )
        for one in standings
    ]


def _of_share(name: str) -> tuple[Any, Any]:
    """How an amount of the share is shown and sorted."""

    def cents(row: Standing) -> int | None:
        return None if row.share is None else getattr(row.share, name)

    def shown(row: Standing) -> str:
        found = cents(row)
        return "" if found is None else amount(found)

    return shown, cents


def _per_cent(row: Standing) -> str:
    found = row.share.saving_percent if row.share else None
    return "" if found is None else per_cent(found)


def _verdict(row: Standing) -> str:
    if row.share is None:
        return "Même besoin" if row.raised and row.intention is None else ""
    if row.share.worse_off:
        return "Paie plus"
    if row.exempt:
        return "Exonérée"
    return "Y gagne" if row.share.saving_cents else "Même prix"


def _position(row: Standing) -> str:
    """« Engagée, acte 2027-014, signé le 12 mars 2027 »."""
    told = (
        words("commitment", "intention", row.intention),
        f"acte {row.act_reference}" if row.act_reference else "",
        f"signé le {short_day(day(row.signed_on))}" if row.signed_on else "",
    )
    return ", ".join(part for part in told if part)


VERDICT_TONES = {
    "Paie plus": "danger",
    "Exonérée": "info",
    "Y gagne": "success",
    "Même besoin": "info",
}


GIVEN = ("units", "alone_cents", "signed_on", "act_reference")
"""What an organisation states besides its intention."""


class StandingColumn(Columns):
    """One organisation a row; the first column holds its tick."""

    TICK = Column[Standing](
        "Avec",
        lambda row: "",
        lambda row: not row.takes_part,
        whole=lambda row: "Participe" if row.takes_part else "",
        width=54,
    )
    NAME = Column[Standing]("Collectivité", lambda row: row.title, width=0)
    POSITION = Column[Standing](
        "Position",
        lambda row: words("commitment", "intention", row.intention),
        whole=_position,
        tone=lambda row: tone("commitment", "intention", row.intention),
        width=132,
    )
    UNITS = Column[Standing](
        "Unités",
        lambda row: "" if row.units is None else whole(row.units),
        lambda row: row.units,
        align="right",
        width=64,
        role="muted",
    )
    SHARE = Column[Standing]("Part HT", *_of_share("share_cents"), align="right", width=105)
    TAXED = Column[Standing](
        "Part TTC", *_of_share("share_with_tax_cents"), align="right", width=105, role="strong"
    )
    ALONE = Column[Standing](
        "Seule, HT", *_of_share("alone_cents"), align="right", width=105, role="muted"
    )
    SAVING = Column[Standing]("Économie", *_of_share("saving_cents"), align="right", width=105)
    PERCENT = Column[Standing](
        "En %",
        _per_cent,
        lambda row: float(row.share.saving_percent or 0) if row.share else None,
        align="right",
        width=88,
    )
    VERDICT = Column[Standing](
        "Bilan", _verdict, tone=lambda row: VERDICT_TONES.get(_verdict(row), "neutral"), width=116
    )
