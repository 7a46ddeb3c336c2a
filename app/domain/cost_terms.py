"""The rules by which the cost of a solution is shared, and what comes of it, in words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction

from app.domain.break_even import MOST
from app.domain.cost_plan import KEY_LABELS, Plan
from app.domain.cost_sharing import Comparison, OfferShares, offer_retained, offer_taken
from app.domain.decimals import decimal
from app.domain.money import rounded
from app.domain.wording import agree, amount, count, listed, whole

NONE = "aucune"

EXEMPTION_LIFTED = "L'exonération est levée : elle aurait dispensé tout le monde."

HERE_ALONE = (
    "La solution est pour toute la région : les prix ne comptent que les collectivités nommées ici."
)
"""Said of a solution of the region: a plan only knows the commitments held on this laptop."""


def terms(plan: Plan) -> Sequence[tuple[str, str]]:
    """The rules of sharing, each with its name; `NONE` where there is no subsidy or exemption."""
    key = plan.key
    facts = [
        ("Durée", count(plan.years, "an")),
        ("TVA", rate(plan.vat_rate)),
        ("Subvention", amount(plan.subsidy_cents) if plan.subsidy_cents else NONE),
        ("Exonération", _exemption(plan)),
        ("Clé de répartition", KEY_LABELS[key.kind]),
    ]
    if key.kind == "mixed":
        facts.append(("Part fixe", rate(key.fixed_share)))
    if key.kind == "strata":
        strata = (_stratum(one.from_population, one.weight) for one in key.strata)
        facts.append(("Strates", " ; ".join(strata)))
    if key.floor_cents:
        facts.append(("Plancher", amount(key.floor_cents)))
    if key.cap_cents is not None:
        facts.append(("Plafond", amount(key.cap_cents)))
    return facts


def _exemption(plan: Plan) -> str:
    if not plan.exempt_below_population:
        return NONE
    return f"communes de moins de {whole(plan.exempt_below_population)} habitants"


def _stratum(start: int, weight: Fraction) -> str:
    return f"dès {whole(start)} {agree(start, 'habitant')} : {decimal(weight)}"


def rate(value: Fraction) -> str:
    """« 20 % », « 33,33 % »: exact, so that shares can be found again by hand."""
    return f"{decimal(100 * value)} %"


def offer_name(plan: Plan, offer_id: str) -> str:
    """« B, Nuage de l'Est »: an offer and who makes it."""
    supplier = next(one.supplier for one in plan.offers if one.id == offer_id)
    return ", ".join(part for part in (offer_id, supplier) if part)


def offer_called(name: str) -> str:
    """« offre A »; « offre 3 » of an offer whose own name, « Offre 3 », says the word."""
    said = re.match(r"offre\b", name, re.IGNORECASE)
    return f"offre{name[said.end() :]}" if said else f"offre {name}"


def standing(plan: Plan, comparison: Comparison, provider: str, offer_id: str) -> Sequence[str]:
    """What tells an offer from the others: « retenue », « la moins chère pour le groupe »."""
    retained = offer_retained(plan, comparison, provider)
    cheapest = len(plan.offers) > 1 and offer_id == comparison.best_for_group
    return [
        *(["retenue"] if retained and retained.id == offer_id else []),
        *(["la moins chère pour le groupe"] if cheapest else []),
    ]


def taken_words(plan: Plan, comparison: Comparison, provider: str) -> str:
    """« Offre retenue : B, Nuage de l'Est », « Offre la moins chère pour le groupe : A »."""
    taken = offer_taken(plan, comparison, provider)
    which = next(iter(standing(plan, comparison, provider, taken.id)), "")
    return f"Offre {which} : {offer_name(plan, taken.id)}"


def provider_without_offer(plan: Plan, comparison: Comparison, provider: str) -> str:
    """The warning that the provider retained made no offer of the plan, so that the amounts are
    another's; "" when it made one, or may have made the only offer, which names no supplier.
    """
    named = len(plan.offers) > 1 or plan.offers[0].supplier.strip()
    if not provider.strip() or not named or offer_retained(plan, comparison, provider):
        return ""
    name = offer_name(plan, comparison.best_for_group)
    which = f"offre la moins chère, {name}" if len(plan.offers) > 1 else offer_called(name)
    return (
        f"« {provider.strip()} », fournisseur retenu, n'est celui d'aucune offre : les montants"
        f" repris sont ceux de l'{which}."
        " À corriger : son nom dans la fiche, ou l'offre dans le plan de coûts."
    )


def alone_words(plan: Plan) -> str:
    """Where the prices of buying alone come from."""
    stated = [each.name or each.code for each in plan.participants if each.alone_cents is not None]
    if len(stated) == len(plan.participants):
        return "Seule : le prix déclaré par chaque collectivité."
    offered = f"de l'offre pour elle seule{', sans subvention' if plan.subsidy_cents else ''}"
    if not stated:
        return f"Seule : le prix {offered}."
    return f"Seule : le prix déclaré pour {few(stated, 20)} ; pour chaque autre, celui {offered}."


def uses_units(plan: Plan) -> bool:
    """Whether a price or the key goes by units."""
    return plan.key.kind == "usage" or any(
        tier.yearly_per_unit_cents for offer in plan.offers for tier in offer.tiers
    )


def missing_units(plan: Plan) -> str:
    """Who has no units where a price or the key goes by them, lest a share look free by mistake."""
    names = [each.name or each.code for each in plan.participants if not each.units]
    if not names or not uses_units(plan):
        return ""
    return f"Aucune unité n'est saisie pour {few(names, 5)}."


def few(names: Sequence[str], most: int) -> str:
    """« Agey et Ahuy », « 21 collectivités » where they are too many to name."""
    return listed(names) if len(names) <= most else count(len(names), "collectivité")


def remarks(offer: OfferShares, names: Mapping[str, str]) -> list[str]:
    """What a table of shares does not say at a glance, in sentences that name participants in the
    order of the offer's shares; `names` gives them by code.
    """
    said = []
    if offer.exemption_lifted:
        said.append(EXEMPTION_LIFTED)
    dearer = [names[one.code] for one in offer.shares if one.worse_off]
    if dearer:
        verb = agree(len(dearer), "paierait", "paieraient")
        said.append(f"{few(dearer, 20)} {verb} plus ensemble que {agree(len(dearer), 'seule')}.")
        said += _break_even(offer)
    said += _next_price(offer)
    if offer.unallocated_cents > 0:
        said.append(
            f"Le plafond est trop bas : {amount(offer.unallocated_cents)} HT ne sont à la charge"
            " de personne."
        )
    if offer.unallocated_cents < 0:
        said.append(
            "Le plancher est trop haut : les parts dépassent le coût de"
            f" {amount(-offer.unallocated_cents)} HT."
        )
    return said


def _break_even(offer: OfferShares) -> list[str]:
    start = offer.break_even_from
    if start is not None:
        return [
            f"À partir de {count(start, 'participant')}, si les nouvelles communes ressemblent"
            " en moyenne aux présentes, personne ne paierait plus ensemble que seul."
        ]
    if not no_newcomer_helps(offer):
        return []
    return [
        "De nouvelles communes n'y changeraient rien ; une autre clé de répartition, peut-être."
    ]


def no_newcomer_helps(offer: OfferShares) -> bool:
    """Whether no number of newcomers up to `MOST` would let everyone pay no more than alone."""
    return offer.break_even_from is None and len(offer.shares) < MOST


def _next_price(offer: OfferShares) -> list[str]:
    step, now = offer.next_tier, rounded(offer.total_cents, len(offer.shares))
    if step is None or step.total_per_participant_cents == now:
        return []
    before = ", avant subvention" if offer.total_cents != offer.after_subsidy_cents else ""
    return [
        f"Encore {count(step.missing, 'commune')} et le prix moyen passe de {amount(now)} à"
        f" {amount(step.total_per_participant_cents)} HT par participant{before}."
    ]
