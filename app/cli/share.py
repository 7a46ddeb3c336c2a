"""`share`: the cost-sharing calculation of CONTRACTS §4, from a plan in a JSON file."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from app.cli import DONE
from app.cli.arguments import emit, read_bytes
from app.domain import json_text
from app.domain.cost_plan import KEY_LABELS, Plan, read_plan
from app.domain.cost_sharing import Comparison, OfferShares, compare
from app.domain.refusals import Refusal
from app.domain.wording import amount, count
from app.errors import UserError

_HEADINGS = ("Collectivité", "Part HT", "Part TTC", "Seule", "Économie", "")


def add(verbs: Any) -> None:
    """Registers the verb."""
    one = verbs.add_parser("share", help="répartit le coût d'une solution mutualisée")
    one.add_argument("plan", metavar="PLAN.json", type=Path)
    one.set_defaults(run=share)


def share(arguments: argparse.Namespace) -> int:
    """Prints each one's share of each offer, and the best offers."""
    path: Path = arguments.plan
    try:
        plan = read_plan(json_text.decode(read_bytes(path)))
        comparison = compare(plan)
    except Refusal as refusal:
        where = f", champ « {refusal.field} »" if refusal.field else ""
        raise UserError(f"Plan « {path} »{where} : {refusal.sentence}") from refusal
    emit(arguments, _document(comparison), lambda: "\n".join(_page(plan, comparison)))
    return DONE


def _document(comparison: Comparison) -> msgspec.Raw:
    """The result as JSON; msgspec alone refuses the whole numbers beyond 64 bits."""
    return msgspec.Raw(
        json.dumps(msgspec.to_builtins(comparison), ensure_ascii=False, separators=(",", ":"))
    )


def _page(plan: Plan, comparison: Comparison) -> Iterator[str]:
    names = {each.code: " ".join(each.name.split()) or each.code for each in plan.participants}
    suppliers = {offer.id: " ".join(offer.supplier.split()) for offer in plan.offers}
    people = count(len(plan.participants), "participant")
    yield f"{people}, {count(plan.years, 'an')}, clé {KEY_LABELS[plan.key.kind]}"
    for offer in comparison.offers:
        supplier = f" ({suppliers[offer.id]})" if suppliers[offer.id] else ""
        yield f"\nOffre {offer.id}{supplier}"
        yield from _summary(offer)
        yield from _table(offer, names)
    if len(comparison.offers) > 1:
        yield f"\nLa moins chère pour le groupe : offre {comparison.best_for_group}"
        for code, offer_id in comparison.best_for_each.items():
            if offer_id != comparison.best_for_group:
                yield f"La moins chère pour {names[code]} : offre {offer_id}"


def _summary(offer: OfferShares) -> Iterator[str]:
    yield (
        f"  Total {amount(offer.total_cents)} HT ; après subvention"
        f" {amount(offer.after_subsidy_cents)} HT, soit {amount(offer.total_with_tax_cents)} TTC"
    )
    if offer.exemption_lifted:
        yield "  L'exonération est levée : elle aurait dispensé tout le monde."
    if offer.unallocated_cents > 0:
        yield f"  Reste {amount(offer.unallocated_cents)} : le plafond est trop bas."
    if offer.unallocated_cents < 0:
        yield f"  Trop-perçu de {amount(-offer.unallocated_cents)} : le plancher est trop haut."
    if offer.next_tier is not None:
        price = amount(offer.next_tier.total_per_participant_cents)
        missing = count(offer.next_tier.missing, "participant")
        yield f"  Encore {missing} et le prix passe à {price} par participant."
    if any(share.worse_off for share in offer.shares):
        if offer.break_even_from is None:
            yield "  Certains paieraient plus que seuls, même avec de nouveaux participants."
        else:
            yield f"  À partir de {offer.break_even_from}, personne ne paierait plus que seul."


def _table(offer: OfferShares, names: dict[str, str]) -> Iterator[str]:
    rows = [_HEADINGS]
    for each in offer.shares:
        percent = f"{each.saving_percent.replace('.', ',')} %" if each.saving_percent else ""
        rows.append(
            (
                names[each.code],
                amount(each.share_cents),
                amount(each.share_with_tax_cents),
                amount(each.alone_cents),
                amount(each.saving_cents),
                f"{percent}{'  plus cher que seule' if each.worse_off else ''}",
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    for name, *cells, note in rows:
        line = "  ".join(cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True))
        yield f"  {name.ljust(widths[0])}  {line}  {note}".rstrip()
