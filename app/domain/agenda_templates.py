"""Agenda templates: the usual items of a meeting, shipped as data or saved from a meeting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from app.domain.records import AgendaItem, Count, ItemKind, Part, Record
from app.domain.refusals import Refusal
from app.domain.validation import complete

GENERIC: Mapping[ItemKind, str] = {
    "opening": "Ouverture et appel",
    "approval": "Approbation du dernier procès-verbal",
    "follow_up": "Suites données à vos demandes",
    "watch": "Veille réglementaire",
    "need": "Tour de table des besoins",
    "solution": "Solutions mutualisées",
    "decision": "Décision",
    "misc": "Questions diverses",
}
"""What an item of each kind is called when it is about nothing in particular."""


class TemplateItem(Part, frozen=True, kw_only=True):
    """An item of a template; `minutes` is its planned duration, null when none is set."""

    kind: ItemKind
    title: str
    minutes: Count | None = None

    def fields(self) -> dict[str, Any]:
        """The fields of the agenda item that it becomes."""
        return {"kind": self.kind, "title": self.title, "planned_minutes": self.minutes}


class Template(Part, frozen=True, kw_only=True):
    """A named agenda, its items in their order."""

    name: str
    items: tuple[TemplateItem, ...]


def saved(name: str, items: Iterable[Record[AgendaItem]]) -> Template:
    """The template that a meeting's agenda, given in its order, leaves behind.

    Withdrawn items are left out. What was about one record of that day (a watch note, a solution,
    minutes to approve) becomes one generic item of its kind, with the planned duration of all.
    """
    kept: list[TemplateItem] = []
    for item in (one.fields for one in items):
        if item.withdrawn:
            continue
        if item.linked_id is None and item.kind != "approval":
            kept.append(_item(item.kind, item.title, item.planned_minutes))
        else:
            _add_generic(kept, item)
    return Template(name=name, items=tuple(kept))


def _add_generic(kept: list[TemplateItem], item: AgendaItem) -> None:
    title = GENERIC[item.kind]
    for place, known in enumerate(kept):
        if (known.kind, known.title) == (item.kind, title):
            minutes = (known.minutes or 0) + (item.planned_minutes or 0)
            kept[place] = _item(item.kind, title, minutes or None)
            return
    kept.append(_item(item.kind, title, item.planned_minutes))


def _item(kind: ItemKind, title: str, minutes: int | None) -> TemplateItem:
    return TemplateItem(kind=kind, title=title, minutes=minutes)


def written(template: Template) -> bytes:
    """The template as a JSON file that people can read."""
    return msgspec.json.format(msgspec.json.encode(template), indent=2) + b"\n"


def read(data: bytes) -> Template | None:
    """The template of a JSON file; None when it is not one, or holds what no item may hold."""
    try:
        template = msgspec.json.decode(data, type=Template)
        for item in template.items:
            complete("agenda_item", item.fields())
    except (msgspec.DecodeError, UnicodeDecodeError, Refusal):
        return None
    return template
