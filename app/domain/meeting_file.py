"""All that the rules need to know of one meeting, gathered once and handed round."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.domain.records import (
    Action,
    AgendaItem,
    Attendance,
    Ballot,
    Commission,
    Conflict,
    Convocation,
    Decision,
    Meeting,
    Minutes,
    Need,
    Organisation,
    Person,
    Proxy,
    Record,
    RosterEntry,
    Solution,
    WatchNote,
)


def frozen(minutes: Iterable[Record[Minutes]]) -> Record[Minutes] | None:
    """The frozen one of a meeting's minutes, addenda aside; None before the freeze."""
    return next(
        (one for one in minutes if one.fields.frozen_at and not one.fields.addendum_to_id), None
    )


@dataclass(frozen=True)
class MeetingFile:
    """A meeting with its records, live ones only.

    `items` stand in the order of the agenda (by rank, then id); `ballots`, `decisions`, `actions`
    and `needs` are those of the items, in the order they were made (by id); `persons`,
    `organisations`, `watch_notes` and `solutions` hold at least what the others name, by id.
    `minutes` holds the minutes of the meeting and their addenda, frozen or not, `conflicts` the
    open conflicts that a sync left about any of these records. `reconvened_from` is the file of the
    meeting whose quorum failed, with its own items and attendances.
    """

    commission: Record[Commission]
    meeting: Record[Meeting]
    items: tuple[Record[AgendaItem], ...] = ()
    roster: tuple[Record[RosterEntry], ...] = ()
    attendances: tuple[Record[Attendance], ...] = ()
    proxies: tuple[Record[Proxy], ...] = ()
    ballots: tuple[Record[Ballot], ...] = ()
    decisions: tuple[Record[Decision], ...] = ()
    actions: tuple[Record[Action], ...] = ()
    needs: tuple[Record[Need], ...] = ()
    convocations: tuple[Record[Convocation], ...] = ()
    minutes: tuple[Record[Minutes], ...] = ()
    conflicts: tuple[Record[Conflict], ...] = ()
    persons: dict[str, Record[Person]] = field(default_factory=dict)
    organisations: dict[str, Record[Organisation]] = field(default_factory=dict)
    watch_notes: dict[str, Record[WatchNote]] = field(default_factory=dict)
    solutions: dict[str, Record[Solution]] = field(default_factory=dict)
    reconvened_from: MeetingFile | None = None

    @property
    def frozen_minutes(self) -> Record[Minutes] | None:
        """The frozen minutes, addenda aside; None before the freeze."""
        return frozen(self.minutes)
