"""The cost annex: what each one pays for each offer, against buying alone (CONTRACTS §4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from app.documents.charts import MOST_BARS, Pair, share_bars
from app.documents.pdf.paper import Paper
from app.documents.pdf.table import Column
from app.domain import wording
from app.domain.cost_plan import Plan
from app.domain.cost_sharing import Comparison, OfferShares, offer_taken
from app.domain.cost_terms import (
    NONE,
    alone_words,
    missing_units,
    offer_called,
    offer_name,
    provider_without_offer,
    remarks,
    standing,
    terms,
)
from app.domain.money import percent
from app.domain.search_text import fold

_COLUMNS = [
    Column("Collectivité", 34),
    Column("Habitants", 14, "right"),
    Column("Part HT", 19, "right"),
    Column("Part TTC", 19, "right"),
    Column("Seule, HT", 20, "right"),
    Column("Économie", 20, "right"),
    Column("En %", 15, "right"),
]
_AFTER_SUBSIDY = 3
"""The column of the table of offers that is left out without a subsidy."""


def write_costs(
    paper: Paper,
    plan: Plan,
    comparison: Comparison,
    *,
    counted: str,
    provider: str,
    heading: str = "Coûts",
) -> None:
    """The terms, the offers side by side, then each offer's shares, the one retained first.

    The totals of a single offer are told only where its shares do not add up to them.
    `counted` is the sentence on who counts and on the year of their populations; `provider` the
    name of the provider retained, if any.
    """
    paper.heading(2, heading)
    paper.facts(_terms(plan))
    paper.text(" ".join(filter(None, _basis(plan, counted))), "note")
    paper.text(provider_without_offer(plan, comparison, provider), "strong")
    only, *others = comparison.offers
    if others or only.total_cents != sum(share.share_cents for share in only.shares):
        _offers(paper, plan, comparison, provider)
    chosen = offer_taken(plan, comparison, provider)
    for offer in sorted(comparison.offers, key=lambda offer: offer.id != chosen.id):
        _shares(paper, plan, offer, _told(standing(plan, comparison, provider, offer.id)))
    names = {each.code: each.name or each.code for each in plan.participants}
    chart = share_bars([Pair(names[s.code], s.share_cents, s.alone_cents) for s in chosen.shares])
    paper.heading(3, f"Ensemble et seule, HT, {offer_called(chosen.id)}")
    if len(chosen.shares) > MOST_BARS:
        words = f"Les {MOST_BARS} montants les plus élevés ; les autres sont dans le tableau."
        paper.text(words, "note", keep=True)
    paper.figure(chart.paint, chart.size, chart.alt)


def _terms(plan: Plan) -> list[tuple[str, str]]:
    """The rules of sharing that apply, with the number of participants after the duration."""
    term, *others = (fact for fact in terms(plan) if fact[1] != NONE)
    return [term, ("Participants", wording.count(len(plan.participants), "collectivité")), *others]


def _basis(plan: Plan, counted: str) -> Iterator[str]:
    """What the amounts are made of, for somebody who works them out again by hand."""
    term = wording.count(plan.years, "an")
    yield f"Les montants sont ceux de toute la durée, {term}, mise en place comprise."
    yield alone_words(plan)
    yield missing_units(plan)
    yield counted
    yield (
        "Les centimes que l'arrondi des parts laisse vont aux plus forts restes, puis dans l'ordre"
        " des codes INSEE ou SIREN."
    )
    if plan.vat_rate:
        yield "Chaque part TTC est arrondie au centime, et leur somme est le total TTC."


def _offers(paper: Paper, plan: Plan, comparison: Comparison, provider: str) -> None:
    suppliers = {offer.id: offer.supplier for offer in plan.offers}
    columns = [
        Column("Offre", 26), Column("Fournisseur", 48), Column("Total HT", 21, "right"),
        Column("Après subvention", 25, "right"), Column("À payer TTC", 21, "right"),
    ]  # fmt: skip
    rows = [
        [
            f"{offer.id}{_told(standing(plan, comparison, provider, offer.id))}",
            suppliers[offer.id],
            wording.amount(offer.total_cents),
            wording.amount(offer.after_subsidy_cents),
            wording.amount(offer.total_with_tax_cents),
        ]
        for offer in comparison.offers
    ]
    used = [n for n in range(len(columns)) if n != _AFTER_SUBSIDY or plan.subsidy_cents]
    paper.table(
        [columns[n] for n in used],
        [[row[n] for n in used] for row in rows],
        caption="Total de chaque offre sur toute la durée",
    )


def _told(words: Sequence[str]) -> str:
    """« (retenue) » behind an offer's name; nothing where nothing is told of it."""
    return f" ({', '.join(words)})" if words else ""


def _shares(paper: Paper, plan: Plan, offer: OfferShares, told: str) -> None:
    title = wording.capitalised(offer_called(offer_name(plan, offer.id)))
    paper.heading(3, f"{title}{told}")
    people = {each.code: each for each in plan.participants}
    names = {code: each.name or code for code, each in people.items()}
    shares = sorted(offer.shares, key=lambda one: (fold(names[one.code]), one.code))
    rows = [
        [
            names[share.code],
            wording.whole(people[share.code].population),
            wording.amount(share.share_cents),
            wording.amount(share.share_with_tax_cents),
            wording.amount(share.alone_cents),
            wording.amount(share.saving_cents),
            _per_cent(share.saving_percent),
        ]
        for share in shares
    ]
    alone = sum(share.alone_cents for share in shares)
    rows.append(
        [
            "Ensemble",
            wording.whole(sum(each.population for each in plan.participants)),
            wording.amount(sum(share.share_cents for share in shares)),
            wording.amount(offer.total_with_tax_cents),
            wording.amount(alone),
            wording.amount(offer.saving_cents),
            _per_cent(percent(offer.saving_cents, alone)),
        ]
    )
    said = remarks(msgspec.structs.replace(offer, shares=tuple(shares)), names)
    caption = f"{title} : part de chacun sur toute la durée"
    paper.table(_COLUMNS, rows, caption=caption, total=True, keep=bool(said))
    paper.bullets(said)


def _per_cent(tenths: str | None) -> str:
    return wording.per_cent(tenths) if tenths else "–"
