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
from app.domain.cost_sharing import Comparison, OfferShares, Share, compare
from app.domain.cost_terms import alone_words, missing_units, offer_called, remarks
from app.domain.money import percent
from app.domain.refusals import Refusal
from app.domain.wording import amount, capitalised, count, per_cent
from app.errors import UserError

_HEADINGS = ("Collectivité", "Part HT", "Part TTC", "Seule, HT", "Économie", "")


def add(verbs: Any) -> None:
    """Registers the verb."""
    one = verbs.add_parser("share", help="répartit le coût d'une solution mutualisée")
    one.add_argument("plan", metavar="PLAN.json", type=Path, help="« - » : l'entrée standard")
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
    """The result as JSON, by `json`: msgspec refuses whole numbers beyond 64 bits."""
    return msgspec.Raw(
        json.dumps(msgspec.to_builtins(comparison), ensure_ascii=False, separators=(",", ":"))
    )


def _page(plan: Plan, comparison: Comparison) -> Iterator[str]:
    names = {each.code: " ".join(each.name.split()) or each.code for each in plan.participants}
    suppliers = {offer.id: " ".join(offer.supplier.split()) for offer in plan.offers}
    people = count(len(plan.participants), "participant")
    yield f"{people}, {count(plan.years, 'an')}, clé {KEY_LABELS[plan.key.kind]}"
    yield from filter(None, (alone_words(plan), missing_units(plan)))
    for offer in comparison.offers:
        supplier = f" ({suppliers[offer.id]})" if suppliers[offer.id] else ""
        yield f"\n{capitalised(offer_called(offer.id))}{supplier}"
        yield from _summary(offer, names)
        yield from _table(offer, names)
    if len(comparison.offers) > 1:
        yield f"\nLa moins chère pour le groupe : {offer_called(comparison.best_for_group)}"
        for code, offer_id in comparison.best_for_each.items():
            if offer_id != comparison.best_for_group:
                yield f"La moins chère pour {names[code]} : {offer_called(offer_id)}"


def _summary(offer: OfferShares, names: dict[str, str]) -> Iterator[str]:
    yield (
        f"  Total {amount(offer.total_cents)} HT ; après subvention"
        f" {amount(offer.after_subsidy_cents)} HT"
    )
    yield from (f"  {remark}" for remark in remarks(offer, names))


def _table(offer: OfferShares, names: dict[str, str]) -> Iterator[str]:
    rows = [_HEADINGS, *(_row(names[each.code], each) for each in offer.shares)]
    alone = sum(each.alone_cents for each in offer.shares)
    whole = Share(
        code="",
        share_cents=sum(each.share_cents for each in offer.shares),
        share_with_tax_cents=offer.total_with_tax_cents,
        alone_cents=alone,
        saving_cents=offer.saving_cents,
        saving_percent=percent(offer.saving_cents, alone),
        worse_off=False,
    )
    rows.append(_row("Ensemble", whole))
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    for name, *cells, note in rows:
        line = "  ".join(cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True))
        yield f"  {name.ljust(widths[0])}  {line}  {note}".rstrip()


def _row(name: str, share: Share) -> tuple[str, ...]:
    saved = per_cent(share.saving_percent) if share.saving_percent else ""
    return (
        name,
        amount(share.share_cents),
        amount(share.share_with_tax_cents),
        amount(share.alone_cents),
        amount(share.saving_cents),
        f"{saved}{'  plus cher que seule' if share.worse_off else ''}",
    )
