"""« Suites données » from one meeting to the next: actions, needs and solutions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.domain import actions
from app.domain.attendance import opening
from app.domain.dates import day, instant, local_day
from app.domain.field_words import VALUES
from app.domain.follow_up import Became, FollowUp
from app.domain.needs import became
from app.domain.records import Action, Meeting, Need, Record, Solution
from app.services import history
from app.services.records import Records
from app.services.translation import translated

_SETTLED = ("served", "set_aside", "refused", "in_service")
"""The statuses after which a need or a solution is told of once, then no more."""


class FollowUps:
    """Gathers the follow-up of a commission as one of its meetings has to hear it."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._workspace = records.workspace

    def of(self, meeting_id: str) -> FollowUp:
        """The follow-up for a meeting, as things stand today; UserError when there is none."""
        meeting: Record[Meeting] = self._records.get(meeting_id)
        return self.since(
            meeting.commission_id or "", former_meeting(self._records, meeting), but=meeting_id
        )

    def since(self, commission_id: str, last: Record[Meeting] | None, *, but: str = "") -> FollowUp:
        """The follow-up of a commission; what moved is told from the end of its last meeting on.

        `but` leaves out what the meeting to come itself raises.
        """
        since = last.fields.closed_at or opening(last.fields) if last else None
        every = self._actions(commission_id, but)
        today = self._workspace.clock().date()
        return FollowUp(
            open=actions.by_due(one for one in every if one.fields.status == "open"),
            overdue=actions.by_due(one for one in every if actions.is_overdue(one.fields, today)),
            ended=[one for one in every if _ended_since(one.fields, since)],
            needs=self._needs(commission_id, since, but),
            solutions=self._solutions(commission_id, since),
        )

    def _actions(self, commission_id: str, but: str) -> Sequence[Record[Action]]:
        every: Sequence[Record[Action]] = self._records.list("action", commission_id)
        if not but:
            return every
        own = {item.id for item in self._records.list("agenda_item", meeting_id=but)}
        return [one for one in every if one.fields.agenda_item_id not in own]

    def _needs(self, commission_id: str, since: str | None, but: str) -> list[Became[Need]]:
        needs: Sequence[Record[Need]] = self._records.list("need", commission_id)
        solutions: dict[str, Record[Solution]] = {
            one.id: one for one in self._records.list("solution")
        }
        moves = self._moves("need")
        found = []
        for need in needs:
            solution = solutions.get(need.fields.solution_id or "")
            moved = _is_after(moves.get(need.id), since) or (
                solution is not None and _answered_since(solution.fields, since)
            )
            if need.fields.raised_at_meeting_id != (but or None) and _is_told(need, moved):
                words = became(need.fields, solution.fields if solution else None)
                found.append(Became(need, words, moved))
        return found

    def _solutions(self, commission_id: str, since: str | None) -> list[Became[Solution]]:
        words, moves = VALUES["solution"]["status"], self._moves("solution")
        solutions: Sequence[Record[Solution]] = self._records.list("solution", commission_id)
        found = []
        for one in solutions:
            moved = _is_after(moves.get(one.id), since) or _answered_since(one.fields, since)
            if one.fields.status != "draft" and _is_told(one, moved):
                told = [words[one.fields.status], one.fields.answer.strip()]
                found.append(Became(one, ", ".join(part for part in told if part), moved))
        return found

    def _moves(self, kind: str) -> dict[str, str]:
        with translated(self._workspace), self._workspace.snapshot() as records:
            return history.last_moves(records, kind)


def former_meeting(records: Records, meeting: Record[Meeting]) -> Record[Meeting] | None:
    """The latest meeting of the commission held before this one, which may have no date."""
    own = opening(meeting.fields)
    everyone: Sequence[Record[Meeting]] = records.list("meeting", meeting.commission_id)
    before = [
        one
        for one in everyone
        if one.id != meeting.id
        and one.fields.opened_at
        and (own is None or instant(one.fields.opened_at) < instant(own))
    ]
    return max(before, key=lambda one: instant(one.fields.opened_at or ""), default=None)


def _is_told(record: Record[Need] | Record[Solution], moved: bool) -> bool:
    return moved or record.fields.status not in _SETTLED


def _is_after(at: str | None, since: str | None) -> bool:
    return at is not None and since is not None and instant(at) > instant(since)


def _answered_since(solution: Solution, since: str | None) -> bool:
    """The GIP's answer tells the day where this laptop has seen no change of status."""
    return _is_on_or_after(solution.answered_on, since)


def _ended_since(action: Action, since: str | None) -> bool:
    return action.status != "open" and _is_on_or_after(action.closed_on, since)


def _is_on_or_after(on: str | None, since: str | None) -> bool:
    first: date | None = local_day(since) if since else None
    return on is not None and first is not None and day(on) >= first
