"""The rules by which the cost of a solution is shared, in words for screen and paper."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.cost_plan import KEY_LABELS, Plan
from app.domain.money import rounded
from app.domain.wording import agree, amount, count, whole

NONE = "aucune"


def terms(plan: Plan) -> Sequence[tuple[str, str]]:
    """The rules of sharing, each with its name; what there is none of is `NONE`."""
    key = plan.key
    facts = [
        ("Durée", count(plan.years, "an")),
        ("TVA", _rate(plan.vat_rate.numerator, plan.vat_rate.denominator)),
        ("Subvention", amount(plan.subsidy_cents) if plan.subsidy_cents else NONE),
        ("Exonération", _exemption(plan)),
        ("Clé de répartition", KEY_LABELS[key.kind]),
    ]
    if key.kind == "mixed":
        facts.append(("Part fixe", _rate(key.fixed_share.numerator, key.fixed_share.denominator)))
    if key.kind == "strata":
        facts.append(
            (
                "Strates",
                " ; ".join(
                    _stratum(one.from_population, str(float(one.weight))) for one in key.strata
                ),
            )
        )
    if key.floor_cents:
        facts.append(("Plancher", amount(key.floor_cents)))
    if key.cap_cents is not None:
        facts.append(("Plafond", amount(key.cap_cents)))
    return facts


def _exemption(plan: Plan) -> str:
    if not plan.exempt_below_population:
        return NONE
    return f"communes de moins de {whole(plan.exempt_below_population)} habitants"


def _stratum(start: int, weight: str) -> str:
    people = agree(start, "habitant")
    return f"dès {whole(start)} {people} : {weight.removesuffix('.0').replace('.', ',')}"


def _rate(numerator: int, denominator: int) -> str:
    """« 20 % », « 5,5 % »."""
    tenths = rounded(numerator * 1000, denominator)
    whole_part, rest = divmod(tenths, 10)
    return f"{whole_part}{f',{rest}' if rest else ''} %"
