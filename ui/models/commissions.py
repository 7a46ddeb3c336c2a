"""The list of the commissions: when each one meets, and what waits for somebody there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from app.domain.names import commission_names
from app.services.standings import Standing, standings
from ui.models.meetings import begins_at
from ui.models.table import Column, Columns
from ui.words.typed_dates import written_day_of

if TYPE_CHECKING:
    from app.bootstrap import Services


@dataclass(frozen=True)
class CommissionRow:
    """How a commission stands, under the name that tells it from the others."""

    standing: Standing
    title: str

    @property
    def id(self) -> str:
        return self.standing.commission.id

    @property
    def next_at(self) -> str | None:
        return begins_at(self.standing.next.fields) if self.standing.next else None

    @property
    def last_at(self) -> str | None:
        return self.standing.last.fields.opened_at if self.standing.last else None

    @property
    def is_under_way(self) -> bool:
        return self.standing.next is not None and self.standing.next.fields.status == "open"


def _next_words(row: CommissionRow) -> str:
    if row.standing.next is None:
        return "Aucune"
    return "En cours" if row.is_under_way else written_day_of(row.next_at) or "À fixer"


def _next_tone(row: CommissionRow) -> str | None:
    if row.standing.next is None:
        return "warning"
    return "accent" if row.is_under_way else None


def _number(
    title: str,
    of: Callable[[Standing], int],
    width: int,
    tone: str | None = None,
    hides: Literal["", "empty"] = "",
) -> Column[CommissionRow]:
    """A column of how much waits; zero is left blank, so that the other numbers stand out."""
    return Column(
        title,
        lambda row: str(of(row.standing) or ""),
        lambda row: of(row.standing),
        tone=lambda row: tone,
        align="right",
        width=width,
        searched=False,
        whole=lambda row: str(of(row.standing)),
        hides=hides,
    )


class CommissionColumn(Columns):
    """One commission a row."""

    NAME = Column[CommissionRow]("Commission", lambda row: row.title, width=0, lines=2)
    NEXT = Column[CommissionRow](
        "Prochaine séance", _next_words, lambda row: row.next_at, tone=_next_tone, width=150
    )
    LAST = Column[CommissionRow](
        "Dernière séance",
        lambda row: written_day_of(row.last_at),
        lambda row: row.last_at,
        width=140,
        role="muted",
    )
    NEEDS = _number("Besoins en attente", lambda one: one.needs, 150)
    SOLUTIONS = _number("Solutions en attente", lambda one: one.solutions, 160)
    OVERDUE = _number("Suites en retard", lambda one: one.overdue, 135, "danger")
    CONFLICTS = _number("Conflits", lambda one: one.conflicts, 90, "warning", "empty")


def commission_rows(services: Services) -> list[CommissionRow]:
    """The commissions, the one that meets next first; reads the workspace."""
    today = services.workspace.clock().date()
    found = standings(services.records, services.conflicts, today)
    names = commission_names(one.commission for one in found)
    return [CommissionRow(one, names[one.commission.id]) for one in found]
