"""What a facilitator has to do now: the next meeting, deadlines, actions, minutes to finish."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from math import inf

import msgspec

from app.domain import actions as due
from app.domain import notice
from app.domain.dates import local_day
from app.domain.records import Action, Commission, Meeting, Need, Record, WatchNote
from app.domain.schedule import beginning
from app.domain.search_text import fold
from app.domain.unheld import is_unheld
from app.services.convocations import dispatch
from app.services.meetings import Meetings
from app.services.records import Records
from app.services.watch import Watch
from app.storage.meeting_ties import frozen_minutes


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """The present state of a commission's work.

    `seated` is whether it has seats; `meeting` is the one under way, else the nearest to come;
    `left_open` the others that nobody closed;
    `latest_sending_on` the last day to send its convocations, and `unsent` how many members still
    wait for theirs once it is convened; `unheld` the meetings whose day is past and that were not
    opened; `unfinished` the closed meetings whose minutes are not approved, `unfrozen` the ids of
    those where they are not frozen either;
    `actions` the open ones by due date, those without one last, and `overdue` those of them whose
    date is past; `deadlines` those of watch notes.
    """

    commission: Record[Commission]
    seated: bool = False
    meeting: Record[Meeting] | None = None
    item_count: int = 0
    latest_sending_on: date | None = None
    unsent: int = 0
    left_open: Sequence[Record[Meeting]] = ()
    unheld: Sequence[Record[Meeting]] = ()
    unfinished: Sequence[Record[Meeting]] = ()
    unfrozen: Collection[str] = ()
    actions: Sequence[Record[Action]] = ()
    overdue: Sequence[Record[Action]] = ()
    deadlines: Sequence[Record[WatchNote]] = ()
    new_needs: Sequence[Record[Need]] = ()


def overview(records: Records, watch: Watch, commission_id: str, today: date) -> Overview:
    """Gathers what the home page shows; UserError when the commission is not there."""
    ahead = _ahead(records, commission_id, today)
    if ahead.meeting is not None and ahead.meeting.fields.status == "convened":
        sent = dispatch(Meetings(records).file(ahead.meeting.id), today)
        unsent = len(sent.waiting)
        latest = sent.latest_on if unsent else None
        ahead = msgspec.structs.replace(ahead, unsent=unsent, latest_sending_on=latest)
    return msgspec.structs.replace(
        ahead,
        seated=bool(records.list("roster_entry", commission_id)),
        unfrozen=_unfrozen(records, ahead.unfinished),
        deadlines=watch.deadlines(commission_id),
        new_needs=records.list("need", commission_id, status="raised"),
    )


def others(records: Records, commission_id: str, today: date) -> Sequence[Overview]:
    """What every other commission has to do before its meeting, the nearest first."""
    there: Sequence[Record[Commission]] = records.list("commission")
    views = [_ahead(records, one.id, today) for one in there if one.id != commission_id]
    return sorted(views, key=lambda view: nearest_first(view.commission, view.meeting))


def _ahead(records: Records, commission_id: str, today: date) -> Overview:
    """The part that is shown of the other commissions too."""
    commission: Record[Commission] = records.get(commission_id)
    meetings: Sequence[Record[Meeting]] = records.list("meeting", commission_id)
    actions: Sequence[Record[Action]] = records.list("action", commission_id, status="open")
    meeting = next_meeting(meetings, today)
    unfinished = [one for one in meetings if one.fields.status == "closed"]
    return Overview(
        commission=commission,
        meeting=meeting,
        item_count=len(records.list("agenda_item", meeting_id=meeting.id)) if meeting else 0,
        latest_sending_on=_latest_sending(commission, meeting),
        left_open=[one for one in meetings if _is_open(one) and one is not meeting],
        unheld=[one for one in meetings if is_unheld(one, today)],
        unfinished=unfinished,
        actions=due.by_due(actions),
        overdue=[one for one in due.by_due(actions) if due.is_overdue(one.fields, today)],
    )


def nearest_first(
    commission: Record[Commission], meeting: Record[Meeting] | None
) -> tuple[bool, float, str]:
    """What commissions are ordered by: the next meeting of each, none last, then their names."""
    at = beginning(meeting, undated=inf) if meeting is not None else inf
    return meeting is None, at, fold(commission.fields.name)


def _unfrozen(records: Records, meetings: Sequence[Record[Meeting]]) -> list[str]:
    with records.workspace.reading() as unit:
        return [one.id for one in meetings if frozen_minutes(unit, one.id) is None]


def next_meeting(meetings: Sequence[Record[Meeting]], today: date) -> Record[Meeting] | None:
    """The meeting under way, else the nearest that is neither past nor closed, else one left open.

    One that nobody closed is under way until the day after it was opened. One without a date comes
    after those that have one.
    """
    opened = sorted(filter(_is_open, meetings), key=beginning)
    if opened and _is_under_way(opened[-1].fields, today):
        return opened[-1]
    to_come = [one for one in meetings if _is_planned(one) and _is_to_come(one, today)]
    left = opened[-1] if opened else None
    return min(to_come, key=lambda one: beginning(one, undated=inf), default=left)


def is_left_open(meeting: Record[Meeting], today: date) -> bool:
    """Whether nobody closed a meeting that is under way no more."""
    return _is_open(meeting) and not _is_under_way(meeting.fields, today)


def _is_open(meeting: Record[Meeting]) -> bool:
    return meeting.fields.status == "open"


def _is_under_way(meeting: Meeting, today: date) -> bool:
    return not meeting.opened_at or (today - local_day(meeting.opened_at)).days <= 1


def _is_planned(meeting: Record[Meeting]) -> bool:
    return meeting.fields.status in ("planned", "convened")


def _is_to_come(meeting: Record[Meeting], today: date) -> bool:
    starts = meeting.fields.starts_at
    return not starts or local_day(starts) >= today


def _latest_sending(commission: Record[Commission], meeting: Record[Meeting] | None) -> date | None:
    if meeting is None or meeting.fields.status != "planned":
        return None
    return notice.latest_sending(commission.fields, meeting.fields)
