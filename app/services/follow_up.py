"""« Suites données » from one meeting to the next: actions, needs and solutions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple

from app.domain import actions
from app.domain.attendance import opening
from app.domain.dates import day, instant, local_day
from app.domain.field_words import VALUES
from app.domain.follow_up import Became, FollowUp, T
from app.domain.meeting_state import MeetingState
from app.domain.needs import MET, became
from app.domain.records import Action, Meeting, Need, Record, Solution
from app.domain.refusals import Refusal
from app.domain.validation import typed
from app.services import history
from app.services.meeting_files import as_left, gather
from app.services.records import Records
from app.services.translation import translated

_SETTLED = ("served", "set_aside", "refused", "in_service")
"""The statuses after which a need or a solution is told of once, then no more."""


class Span(NamedTuple):
    """From the end of a meeting (None: there was none) to the end of the next one, if it ended.

    What has a day and no hour counts on both end days, to be told twice rather than never.
    """

    since: str | None
    until: str | None

    def holds_day(self, on: str | None) -> bool:
        """Whether a day is in the span, the days of both ends included."""
        if on is None or self.since is None or day(on) < local_day(self.since):
            return False
        return self.until is None or day(on) <= local_day(self.until)


class FollowUps:
    """Gathers the follow-up of a commission as one of its meetings has to hear it."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._workspace = records.workspace

    def of(self, meeting_id: str) -> FollowUp:
        """The follow-up for a meeting, as things stand today; UserError when there is none."""
        meeting: Record[Meeting] = self._records.get(meeting_id)
        former = former_meeting(self._records, meeting)
        until = meeting.fields.closed_at
        return self.since(meeting.commission_id or "", former, but=meeting_id, until=until)

    def since(
        self, commission_id: str, last: Record[Meeting] | None, *, but: str = "",
        until: str | None = None,
    ) -> FollowUp:  # fmt: skip
        """The follow-up of a commission: what moved since the end of its last meeting, or of the
        one before if the last came to nothing for want of a quorum.

        `but` is the meeting to come, whose own needs and actions are left out; what moved after
        `until`, the instant when it closed, is left to the next.
        """
        while last is not None and self._came_to_nothing(last):
            last = former_meeting(self._records, last)
        since = last.fields.closed_at or opening(last.fields) if last else None
        span = Span(since, until)
        every = self._actions(commission_id, but)
        today = self._workspace.clock().date()
        return FollowUp(
            open=actions.by_due(one for one in every if one.fields.status == "open"),
            overdue=actions.by_due(one for one in every if actions.is_overdue(one.fields, today)),
            ended=[one for one in every if _ended_in(span, one.fields)],
            needs=self._needs(commission_id, span, but),
            solutions=self._solutions(commission_id, span),
        )

    def _actions(self, commission_id: str, but: str) -> Sequence[Record[Action]]:
        every: Sequence[Record[Action]] = self._records.list("action", commission_id)
        if not but:
            return every
        own = {item.id for item in self._records.list("agenda_item", meeting_id=but)}
        return [one for one in every if one.fields.agenda_item_id not in own]

    def _came_to_nothing(self, meeting: Record[Meeting]) -> bool:
        with translated(self._workspace), self._workspace.reading() as unit:
            file = gather(unit, meeting.id)
            return file is not None and MeetingState(as_left(unit, file)).came_to_nothing

    def _needs(self, commission_id: str, span: Span, but: str) -> list[Became[Need]]:
        needs: Sequence[Record[Need]] = self._records.list("need", commission_id)
        every: Sequence[Record[Solution]] = self._records.list("solution")
        solutions = {one.id: one for one in self._as_left("solution", every, span.until)}
        moves, answers = (self._moved(kind, span) for kind in ("need", "solution"))
        found = []
        for need in self._as_left("need", needs, span.until):
            met = need.fields.status in MET
            solution = solutions.get(need.fields.solution_id or "") if met else None
            words = became(need.fields, solution.fields if solution else None)
            moved = need.id in moves
            if solution is not None:
                moved = moved or span.holds_day(solution.fields.answered_on)
                if solution.commission_id is None:  # told nowhere else
                    moved = moved or solution.id in answers
                    answer = solution.fields.answer.strip()
                    words += f", {answer}" if answer else ""
            if need.fields.raised_at_meeting_id != but and _is_told(need, moved):
                found.append(Became(need, words, moved))
        return found

    def _as_left(
        self, kind: str, found: Sequence[Record[T]], until: str | None
    ) -> Iterator[Record[T]]:
        """The records; any that moved since `until` as it was then, none if made later."""
        moved = self._moved(kind, Span(until, None))
        for one in found:
            if one.id not in moved:
                yield one
                continue
            with suppress(Refusal), self._workspace.reading() as unit:
                yield typed(history.state_at(unit, self._records.envelope(one.id), until))

    def _solutions(self, commission_id: str, span: Span) -> list[Became[Solution]]:
        """The solutions to tell of, each with the state of its copy in the region, if any."""
        moves = self._moved("solution", span)
        solutions: Sequence[Record[Solution]] = self._records.list("solution", commission_id)
        shared: Sequence[Record[Solution]] = self._records.list("solution", None)
        published = {one.id: one for one in self._as_left("solution", shared, span.until)}
        found = []
        for one in self._as_left("solution", solutions, span.until):
            copy: Record[Solution] | None = published.get(one.fields.published_as_id or "")
            # The day of the GIP's answer stands for a change of status not seen on this laptop.
            moved = any(
                each.id in moves or span.holds_day(each.fields.answered_on)
                for each in (one, copy)
                if each is not None
            )
            words = _said(one.fields)
            if copy is not None:
                words = f"{words.removesuffix('.')} ; pour toute la région, {_said(copy.fields)}"
            if (one.fields.status != "draft" or copy) and _is_told(copy or one, moved):
                found.append(Became(one, words, moved))
        return found

    def _moved(self, kind: str, span: Span) -> set[str]:
        if span.since is None:
            return set()
        with translated(self._workspace), self._workspace.snapshot() as records:
            return history.moved(records, kind, span.since, span.until)


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


def _said(solution: Solution) -> str:
    """« adoptée, Ouvert à tous en mai. »"""
    told = (VALUES["solution"]["status"][solution.status], solution.answer.strip())
    return ", ".join(part for part in told if part)


def _is_told(record: Record[Need] | Record[Solution], moved: bool) -> bool:
    return moved or record.fields.status not in _SETTLED


def _ended_in(span: Span, action: Action) -> bool:
    return action.status != "open" and span.holds_day(action.closed_on)
