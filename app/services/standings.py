"""How every commission of a workspace stands: when each meets, and how much waits for somebody."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import msgspec

from app.domain.actions import is_overdue
from app.domain.attendance import seconds
from app.domain.needs import AWAITED, UNANSWERED
from app.domain.records import Commission, Meeting, Record, Solution
from app.domain.validation import typed
from app.services.conflicts import Conflicts
from app.services.overview import is_left_open, nearest_first, next_meeting
from app.services.records import Records


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How a commission stands.

    `next` is the meeting under way, else the nearest to come; `last` the latest held before it, one
    left open included. The others count: the needs that wait for an answer, the solutions that wait
    for the GIP's, the actions whose date is past, the conflicts that may be decided here.
    """

    commission: Record[Commission]
    next: Record[Meeting] | None = None
    last: Record[Meeting] | None = None
    needs: int = 0
    solutions: int = 0
    overdue: int = 0
    conflicts: int = 0


def standings(records: Records, conflicts: Conflicts, today: date) -> list[Standing]:
    """How each commission stands, the one that meets next first; each kind is read once for all."""
    commissions: Sequence[Record[Commission]] = records.list("commission")
    meetings: dict[str | None, list[Record[Meeting]]] = defaultdict(list)
    for meeting in records.list("meeting"):
        meetings[meeting.commission_id].append(meeting)
    needs = _count(records, "need", UNANSWERED)
    solutions = _count(records, "solution", AWAITED, _is_own)
    overdue = _count(records, "action", ("open",), lambda one: is_overdue(one, today))
    disputed = Counter(one.commission_id for one in conflicts.open())
    found = []
    for one in commissions:
        coming = _coming(meetings[one.id], today)
        held = [each for each in meetings[one.id] if each.fields.opened_at and each is not coming]
        found.append(
            Standing(
                commission=one,
                next=coming,
                last=max(held, key=_opening, default=None),
                needs=needs[one.id],
                solutions=solutions[one.id],
                overdue=overdue[one.id],
                conflicts=disputed[one.id],
            )
        )
    return sorted(found, key=lambda one: nearest_first(one.commission, one.next))


def _count(
    records: Records,
    kind: str,
    statuses: Sequence[str],
    waits: Callable[[Any], bool] = lambda fields: True,
) -> Counter[str | None]:
    """How many of a kind have one of these statuses and wait, by commission."""
    return Counter(
        one.commission_id
        for one in records.envelopes(kind)
        if one.fields.get("status") in statuses and waits(typed(one).fields)
    )


def _is_own(solution: Solution) -> bool:
    """Whether the GIP did not publish it for the region, which is an answer already."""
    return solution.published_as_id is None


def _coming(meetings: Sequence[Record[Meeting]], today: date) -> Record[Meeting] | None:
    found = next_meeting(meetings, today)
    return None if found is not None and is_left_open(found, today) else found


def _opening(meeting: Record[Meeting]) -> float:
    return seconds(meeting.fields.opened_at or "")
