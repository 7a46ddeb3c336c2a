"""Organisations as they are chosen and named on screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.domain.records import Organisation, Record
from app.domain.search_text import fold
from app.domain.wording import agree, whole
from ui.widgets.pick import Option

if TYPE_CHECKING:
    from app.bootstrap import Services


def organisation_words(organisation: Organisation) -> str:
    """« Vougeot (21) »."""
    if not organisation.department:
        return organisation.name
    return f"{organisation.name} ({organisation.department})"


def count_people(population: int) -> str:
    """« 1 234 habitants », « 1 habitant »."""
    return f"{whole(population)} {agree(population, 'habitant')}"


def organisation_options(services: Services, commission_id: str | None) -> list[Option]:
    """Every organisation, those that sit in the commission first; reads the workspace."""
    seats = services.records.list("roster_entry", commission_id) if commission_id else []
    inside = {seat.fields.organisation_id for seat in seats}
    everyone: Sequence[Record[Organisation]] = services.records.list("organisation", None)
    ordered = sorted(
        everyone, key=lambda one: (one.id not in inside, fold(one.fields.name), one.id)
    )
    return [Option(one.id, organisation_words(one.fields)) for one in ordered]


def seat_options(services: Services, commission_id: str | None) -> list[Option]:
    """The organisations that sit in the commission or have persons there; reads the workspace."""
    records = services.records
    inside = {
        one.fields.organisation_id
        for kind in ("roster_entry", "person")
        for one in records.list(kind, commission_id)
    }
    found = [one for one in records.list("organisation", None) if one.id in inside]
    found.sort(key=lambda one: (fold(one.fields.name), one.id))
    return [Option(one.id, organisation_words(one.fields)) for one in found]


def short_list(names: Sequence[str]) -> str:
    """« Saulieu, Rouvray », « Saulieu et 3 autres »."""
    return ", ".join(names) if len(names) <= 2 else f"{names[0]} et {len(names) - 1} autres"
