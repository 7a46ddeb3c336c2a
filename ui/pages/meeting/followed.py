"""The lines of « Suites données »: what became of requests, and of what was to be done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from app.domain.dates import day
from app.domain.follow_up import FollowUp
from app.domain.formatted_text import unmarked
from app.domain.wording import capitalised
from ui.models.actions import STATES
from ui.widgets.line import Line
from ui.words.choices import need_title, solution_title
from ui.words.days import distance, due_tone


def followed_lines(found: FollowUp, today: date) -> list[tuple[str, str, Line]]:
    """The needs and solutions that moved since the last meeting, the actions ended since, then the
    open ones; each line with the kind and the id of its record.
    """
    lines: list[tuple[str, str, Line]] = []
    for one in found.moved:
        kind = one.record.fields.kind_name
        label = "Besoin" if kind == "need" else "Solution"
        title: Callable[[Any], str] = need_title if kind == "need" else solution_title
        words = capitalised(one.words)
        lines.append((kind, one.record.id, Line(title(one.record), words, label, "accent")))
    for action in found.ended:
        fields = action.fields
        said = fields.outcome or fields.owner
        line = Line(unmarked(fields.text), said, *STATES[fields.status])
        lines.append(("action", action.id, line))
    for action in found.open:
        fields, due = action.fields, action.fields.due_on
        chip = capitalised(distance(day(due), today)) if due else "Sans échéance"
        tone = due_tone(day(due), today) if due else "neutral"
        line = Line(unmarked(fields.text), fields.owner, chip, tone)
        lines.append(("action", action.id, line))
    return lines
