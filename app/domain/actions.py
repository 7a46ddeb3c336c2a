"""Actions: what was decided to be done, in the order in which it is due."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from app.domain.dates import day
from app.domain.records import Action, Record


def by_due(actions: Iterable[Record[Action]]) -> list[Record[Action]]:
    """The actions by due date, those without one last."""
    return sorted(actions, key=lambda one: (one.fields.due_on or "9999", one.id))


def is_overdue(action: Action, today: date) -> bool:
    """Whether an open action's due date is past."""
    return action.status == "open" and action.due_on is not None and day(action.due_on) < today
