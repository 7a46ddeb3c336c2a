"""What the costs of a solution mean, in sentences that a mayor understands at once."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.cost_plan import Plan
from app.domain.cost_sharing import OfferShares, Share
from app.domain.cost_terms import (
    EXEMPTION_LIFTED,
    alone_words,
    missing_units,
    no_newcomer_helps,
    provider_without_offer,
)
from app.domain.money import rounded
from app.domain.wording import agree, amount, count, listed, whole
from ui.models.standings import Costs, Standing

ANOTHER_KEY = "essayez une autre clé de répartition"


def a_year(cents: int, years: int) -> str:
    """« 412 € »: what an amount over the term is each year on average, to the euro."""
    return f"{whole(rounded(cents, 100 * years))} €"


def _told_apart(one: int, other: int, years: int) -> tuple[str, str]:
    """`a_year` of two amounts, to the cent where the cents make the difference."""
    words = a_year(one, years), a_year(other, years)
    if one == other or words[0] != words[1]:
        return words
    return amount(rounded(one, years)), amount(rounded(other, years))


def headline(costs: Costs, offer: OfferShares, code: str | None) -> str:
    """What one participant pays each year, beside what it would pay alone."""
    share = _share(offer, code)
    years, name = costs.plan.years, costs.name(share.code)
    together = count(len(offer.shares), "participant")
    mean, alone = _told_apart(share.share_cents, share.alone_cents, years)
    if share.worse_off:
        return f"{together} : {mean} HT par an pour {name}, contre {alone} seule"
    if not share.alone_cents:
        return f"{together} : {name} ne paie rien, ensemble comme seule"
    if not share.share_cents:
        return f"{together} : {name} ne paie rien, au lieu de {alone} HT par an seule"
    if not share.saving_cents:
        return f"{together} : {mean} HT par an pour {name}, le même prix que seule"
    return f"{together} : {mean} HT par an pour {name}, au lieu de {alone} seule"


def _share(offer: OfferShares, code: str | None) -> Share:
    """The share of the participant of this code, else of the first payer who is not worse off."""
    found = next((one for one in offer.shares if one.code == code), None)
    gaining = (one for one in offer.shares if not one.worse_off and one.share_cents)
    return found or next(gaining, offer.shares[0])


def basis(plan: Plan) -> str:
    """What the amounts are made of."""
    return (
        f"Parts sur {count(plan.years, 'an')}, mise en place comprise ; les prix par an en sont la"
        f" moyenne. {alone_words(plan)}"
    )


def progress(costs: Costs, offer: OfferShares, *, joined: bool = True) -> str:
    """What more participants would change, and whatever does not add up.

    Of a solution that can no longer be `joined`, no change is advised.
    """
    said = [
        provider_without_offer(costs.plan, costs.comparison, costs.provider),
        missing_units(costs.plan),
        _next_price(costs, offer) if joined else "",
        _dearer(costs, offer, advised=joined),
        EXEMPTION_LIFTED if offer.exemption_lifted else "",
        _unallocated(offer),
    ]
    return " ".join(sentence for sentence in said if sentence)


def positions(standings: Sequence[Standing]) -> str:
    """How many of those who take part are committed, once one is."""
    said = [one.intention for one in standings]
    committed, interested = said.count("committed"), said.count("interested")
    if not committed:
        return ""
    others = f", {count(interested, 'intéressée')}" if interested else ""
    return f"{count(committed, 'engagée')}{others}."


def waiting(standings: Sequence[Standing]) -> str:
    """Those that raised a need that the solution answers, and have taken no position yet."""
    names = [one.title for one in standings if one.raised and one.intention is None]
    said = "le même besoin sans s'être prononcée"
    return _told_of(names, f"A exprimé {said}", f"Ont exprimé {said}s")


def gone(standings: Sequence[Standing]) -> str:
    """Those that left the GIP, as a commune merged into another does, and still take part."""
    said = "part sans plus être adhérente"
    return _told_of(_gone(standings), f"Prend {said}", f"Prennent {said}s")


def drafted_though_gone(standings: Sequence[Standing]) -> str:
    """What to know of the participants that left before draft deliberations are printed; "" for
    none.
    """
    number = len(_gone(standings))
    if not number:
        return ""
    drafts = agree(
        number,
        "Le dossier a son projet de délibération : si elle n'a plus de conseil, notez qu'elle ne"
        " participe pas.",
        "Le dossier a leurs projets de délibération : notez que celles qui n'ont plus de conseil ne"
        " participent pas.",
    )
    return f"{gone(standings)} {drafts}"


def _gone(standings: Sequence[Standing]) -> list[str]:
    return [
        one.title
        for one in standings
        if one.takes_part and one.organisation.fields.membership == "left"
    ]


def _told_of(names: Sequence[str], one: str, many: str) -> str:
    """A sentence on some communes, of which only a few are named; "" where there are none."""
    if not names:
        return ""
    shown = names if len(names) < 6 else [*names[:4], f"{len(names) - 4} autres"]
    return f"{agree(len(names), one, many)} : {listed(shown)}."


def elsewhere(participants: int, here: int) -> str:
    """How many take part in the whole region, and that prices count those from here alone."""
    if not participants:
        return ""
    counted = (
        f" ; paliers et prix ne comptent que {_from_here(here)}" if 0 < here < participants else ""
    )
    return f"Dans la région : {count(participants, 'participant')}{counted}."


def _from_here(here: int) -> str:
    return f"les {here} d'ici" if here > 1 else "celui d'ici"


def _next_price(costs: Costs, offer: OfferShares) -> str:
    step, now = offer.next_tier, rounded(offer.total_cents, len(offer.shares))
    if step is None:
        return ""
    present, then = _told_apart(now, step.total_per_participant_cents, costs.plan.years)
    if present == then:
        return ""
    before = ", avant subvention" if costs.plan.subsidy_cents else ""
    return (
        f"Encore {count(step.missing, 'commune')} et le prix moyen passe de {present} à {then} HT"
        f" par an et par commune{before}."
    )


def _dearer(costs: Costs, offer: OfferShares, *, advised: bool) -> str:
    names = [costs.name(share.code) for share in offer.shares if share.worse_off]
    if not names:
        return "Personne ne paie plus ensemble que seul."
    shown = names if len(names) < 4 else [*names[:2], f"{len(names) - 2} autres"]
    verb = agree(len(names), "paierait", "paieraient")
    sentence = f"{listed(shown)} {verb} plus ensemble que seule{'s' * (len(names) > 1)}"
    if advised and no_newcomer_helps(offer):
        return f"{sentence}, même à plus nombreux : {ANOTHER_KEY}."
    if not advised or offer.break_even_from is None:
        return f"{sentence}."
    start = offer.break_even_from
    return f"{sentence} ; à partir de {start} participants, plus personne ; sinon, {ANOTHER_KEY}."


def _unallocated(offer: OfferShares) -> str:
    cents = offer.unallocated_cents
    if cents > 0:
        return f"Le plafond est trop bas : il manque {amount(cents)}."
    if cents < 0:
        return f"Le plancher est trop haut : {amount(-cents)} seraient perçus en trop."
    return ""


def total(costs: Costs, offer: OfferShares) -> str:
    """The line under the shares: their sums over the term."""
    years = count(costs.plan.years, "an")
    said = [
        f"Ensemble sur {years} : {amount(sum(share.share_cents for share in offer.shares))} HT",
        f"{amount(offer.total_with_tax_cents)} TTC",
    ]
    if offer.saving_cents > 0:
        said.append(f"{amount(offer.saving_cents)} HT d'économie")
    if offer.saving_cents < 0:
        said.append(
            f"{amount(-offer.saving_cents)} HT de plus que {agree(len(offer.shares), 'seule')}"
        )
    return ", ".join(said)
