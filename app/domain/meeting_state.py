"""The state of a meeting's room at each of its items and ballots, worked out once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import inf

from app.domain import attendance, ballots, notice, proxies, quorum
from app.domain.attendance import Register, Room, Sitter, seconds
from app.domain.meeting_file import MeetingFile
from app.domain.names import Names
from app.domain.proxies import ProxyState
from app.domain.quorum import Quorum
from app.domain.records import AgendaItem, Ballot, Record

PROXIES_PER_HOLDER = 1


@dataclass(frozen=True)
class Moment:
    """The room at an instant for an item; `represented` gives the holder's entry by the giver's."""

    at: str | None
    room: Room
    quorum: Quorum
    proxies: tuple[ProxyState, ...]
    represented: dict[str, str]

    def voters(self, ballot: Ballot | None = None) -> frozenset[str]:
        """The entries that have a vote, without those who take no part in the ballot."""
        apart = ballot.not_taking_part if ballot else ()
        return ballots.voters(self.room, self.represented.keys(), apart)


class MeetingState:
    """Reads a meeting's file by the rules; everything is computed once and kept."""

    def __init__(self, file: MeetingFile) -> None:
        self.file = file
        self.names = Names(file)
        self.items = {item.id: item for item in file.items}
        self.opening = attendance.opening(file.meeting.fields)
        self._register = Register(file)
        self._fraction = quorum.fraction_of(file.commission.fields.quorum_fraction)
        self._moments: dict[tuple[str | None, str], Moment] = {}

    @property
    def profile(self) -> ballots.Profile:
        return self.file.commission.fields.profile

    @cached_property
    def former(self) -> MeetingState | None:
        """The meeting that this one reconvenes."""
        file = self.file.reconvened_from
        return MeetingState(file) if file else None

    @cached_property
    def ballots_of(self) -> dict[str, list[Record[Ballot]]]:
        """The ballots by the id of their item."""
        grouped: dict[str, list[Record[Ballot]]] = {}
        for ballot in self.file.ballots:
            grouped.setdefault(ballot.fields.agenda_item_id or "", []).append(ballot)
        return grouped

    @cached_property
    def _told(self) -> set[str | None]:
        """The ids of the items that a need, a ballot, a decision or an action belongs to."""
        file = self.file
        told = {one.fields.agenda_item_id for one in file.needs}
        told |= {one.fields.agenda_item_id for one in file.ballots}
        told |= {one.fields.agenda_item_id for one in file.decisions}
        return told | {one.fields.agenda_item_id for one in file.actions}

    def is_told(self, item: Record[AgendaItem]) -> bool:
        """Whether anything was noted, asked for, voted, decided or left to do on an item."""
        return bool(item.fields.notes.strip()) or self.bears(item)

    def bears(self, item: Record[AgendaItem]) -> bool:
        """Whether anything was asked for, voted, decided or left to do on an item."""
        return item.id in self._told

    def is_unreached(self, item: Record[AgendaItem]) -> bool:
        """Whether the meeting ended without coming to an item, which the minutes then say.

        An opening counts as reached even when its start is not noted; so does a follow-up, and
        every item of a meeting that noted no start at all, unless the meeting came to nothing.
        """
        if self.file.meeting.fields.closed_at is None or item.fields.started_at is not None:
            return False
        if self.came_to_nothing:
            return item.fields.kind != "opening"
        if self.is_untimed:
            return False
        return item.fields.kind not in ("opening", "follow_up") and not self.is_told(item)

    @cached_property
    def is_untimed(self) -> bool:
        """Whether no start of an item was noted at all."""
        return not any(one.fields.started_at for one in self.file.items)

    @cached_property
    def is_bare(self) -> bool:
        """Whether nobody is noted present, and nothing was begun, asked for, voted or decided."""
        file = self.file
        if any(one.fields.status == "present" for one in file.attendances):
            return False
        begun = any(item.fields.started_at for item in file.items)
        return not (begun or file.ballots or file.decisions or file.actions or file.needs)

    @cached_property
    def gathered_nobody(self) -> bool:
        """Whether it closed with its roll called and nobody there; notes on items don't count, as
        they may have been taken to prepare it.
        """
        over = self.file.meeting.fields.closed_at is not None
        return over and self.is_bare and bool(self.file.roster and self.file.attendances)

    @cached_property
    def away(self) -> frozenset[str | None]:
        """The ids of those called to a meeting that gathered nobody: none of them presided or kept
        the minutes. Empty for any other meeting.
        """
        if not self.gathered_nobody:
            return frozenset()
        seats = [entry.fields for entry in self.file.roster]
        called = {one.fields.person_id for one in self.file.attendances}
        called |= {one.titular_person_id for one in seats}
        return frozenset(called | {one.alternate_person_id for one in seats})

    @cached_property
    def came_to_nothing(self) -> bool:
        """Whether no item but an opening was started or noted, as the roll that was called gave no
        quorum.
        """
        if self.gathered_nobody:
            return True
        items = [item for item in self.file.items if item.fields.kind != "opening"]
        if any(one.fields.started_at or self.is_told(one) for one in items):
            return False
        if not self.file.roster or not self.file.attendances:
            return False
        return not self.at(self.opening).quorum.reached

    @cached_property
    def opening_quorum(self) -> quorum.Quorum:
        """The quorum as the meeting opens; none is needed when every item is taken over."""
        kept = [item for item in self.file.items if not item.fields.withdrawn]
        whole = bool(kept) and all(map(self.is_taken_over, kept))
        return self.at(self.opening, kept[0] if whole else None).quorum

    def item(self, item: Record[AgendaItem]) -> Moment:
        """The room when the item starts; at the opening when its start is not noted."""
        return self.at(item.fields.started_at or self.opening, item)

    def ending(self, item: Record[AgendaItem]) -> str | None:
        """When an item ended; None unless before the closing, the instant at which everybody
        already counts as out of the room.
        """
        ended, closed = item.fields.ended_at, self.file.meeting.fields.closed_at
        if ended is None or (closed is not None and seconds(ended) >= seconds(closed)):
            return None
        return ended

    def presumed_end(self, item: Record[AgendaItem], closed_at: str | None) -> str | None:
        """When an item ended or, if that is not noted, when the next one began, else the closing.

        An item on which a vote was held meanwhile was still under way at that vote.
        """
        if item.fields.ended_at or item.fields.started_at is None:
            return item.fields.ended_at or closed_at
        held = (one.fields.held_at for one in self.ballots_of.get(item.id, ()))
        last = max(seconds(at) for at in (item.fields.started_at, *held) if at)
        starts = (one.fields.started_at for one in self.file.items)
        later = [at for at in (closed_at, *starts) if at and seconds(at) > last]
        return min(later, key=seconds, default=closed_at)

    def ballot(self, ballot: Record[Ballot]) -> Moment:
        """The room when the ballot is held; when its item starts, if that is not noted."""
        item = self.items.get(ballot.fields.agenda_item_id or "")
        start = item.fields.started_at if item else None
        return self.at(ballot.fields.held_at or start or self.opening, item)

    def moments(self) -> Iterator[Moment]:
        """The opening, then each item and each ballot."""
        yield self.at(self.opening)
        for item in self.file.items:
            if not item.fields.withdrawn:
                yield self.item(item)
        for ballot in self.file.ballots:
            yield self.ballot(ballot)

    def sitting(self, entry_id: str, moment: Moment) -> str:
        """Who sits for a seat at a moment: its alternate when the titular is out."""
        sitter = moment.room.occupants.get(entry_id)
        return self.names.seat(entry_id, sitter.person_id if sitter else None)

    def attending(self, at: str) -> dict[str, Sitter]:
        """Who sits at an instant on each entry, those without a vote included."""
        return self._register.attending(at)

    def at(self, at: str | None, item: Record[AgendaItem] | None = None) -> Moment:
        """The room at an instant, judged for an item."""
        key = (at, item.id if item else "")
        if key not in self._moments:
            self._moments[key] = self._moment(at, item)
        return self._moments[key]

    def _moment(self, at: str | None, item: Record[AgendaItem] | None) -> Moment:
        room = self._register.room(at, item.id if item else "")
        needless = item is not None and self.is_taken_over(item)
        judged = quorum.waived(room) if needless else quorum.judge(room, self._fraction)
        states = proxies.judge(self.file.proxies, room, at, self._per_holder, self.names)
        return Moment(at, room, judged, states, proxies.counting(self.file.proxies, states))

    @property
    def _per_holder(self) -> int:
        limit = self.file.commission.fields.proxies_per_holder
        return PROXIES_PER_HOLDER if limit is None else limit

    def chair_seat(self, moment: Moment) -> str | None:
        """The entry that the chair occupies and through which they take part."""
        return moment.room.seat_of(self.file.meeting.fields.chair_person_id)

    def chair_vote(self, ballot: Record[Ballot]) -> ballots.Side | None:
        return ballots.chair_vote(ballot.fields, self.chair_seat(self.ballot(ballot)))

    def lacks_chair_vote(self, ballot: Record[Ballot]) -> bool:
        """Whether a show of hands is tied by every vote in the room, the chair's among them, and
        the side of the chair, who cannot have abstained, is not noted.
        """
        fields, moment = ballot.fields, self.ballot(ballot)
        votes, voters = ballots.tally(fields), moment.voters(fields)
        everybody = votes.tied and votes.cast == len(voters) and self.chair_seat(moment) in voters
        return everybody and fields.method == "show_of_hands" and not fields.chair_vote

    def adopts(self, ballot: Record[Ballot]) -> bool:
        """Whether what is put to the vote is adopted."""
        return ballots.adopted(ballots.tally(ballot.fields), self.chair_vote(ballot))

    def result(self, ballot: Record[Ballot]) -> str:
        """What a vote came to, in words."""
        votes, electorate = ballots.tally(ballot.fields), self.ballot(ballot).voters(ballot.fields)
        return ballots.sentence(votes, self.chair_vote(ballot), len(electorate), self.profile)

    def last_held(self, item_id: str) -> Record[Ballot] | None:
        """The last vote held on an item, among those whose votes are entered; of two held at one
        instant, the one made last.
        """

        def when(ballot: Record[Ballot]) -> float:
            at = self.ballot(ballot).at
            return seconds(at) if at else -inf

        held = [one for one in self.ballots_of.get(item_id, ()) if ballots.is_entered(one.fields)]
        return max(reversed(held), key=when, default=None)

    def adopted(self, item_id: str) -> bool:
        """Whether some vote on an item adopts it."""
        return any(self.adopts(ballot) for ballot in self.ballots_of.get(item_id, ()))

    def is_taken_over(self, item: Record[AgendaItem]) -> bool:
        """Whether an item needs no quorum: the former meeting's quorum failed it, and this meeting
        is late enough.
        """
        former = self.former
        if former is None or not self.is_late_enough:
            return False
        origin = former.items.get(item.fields.reconvened_item_id or "")
        return origin is not None and former.failed(origin)

    @cached_property
    def reconvening_from(self) -> date | None:
        """The first day on which this meeting may be held as a reconvened one."""
        day = attendance.meeting_day(self.former.file.meeting.fields) if self.former else None
        return notice.reconvening_from(day) if day else None

    @cached_property
    def is_late_enough(self) -> bool:
        """Whether three clear days separate this meeting from the one it reconvenes."""
        day, earliest = attendance.meeting_day(self.file.meeting.fields), self.reconvening_from
        return day is not None and earliest is not None and day >= earliest

    def failed(self, item: Record[AgendaItem]) -> bool:
        """Whether the quorum failed an item: as it started, at a ballot, or as it ended."""
        moments = [self.item(item), *(self.ballot(b) for b in self.ballots_of.get(item.id, []))]
        moments.append(self.at(self._last_movement(item), item))
        return not all(moment.quorum.reached for moment in moments)

    def _last_movement(self, item: Record[AgendaItem]) -> str | None:
        """The last arrival or departure before the item ended, as far as is known; the item's start
        when nobody moved after it.
        """
        start = item.fields.started_at or self.opening
        end = self.presumed_end(item, self.file.meeting.fields.closed_at)
        known = [start] if start else []
        known += [at for at in self.movements if end is None or seconds(at) < seconds(end)]
        return max(known, key=seconds, default=None)

    @cached_property
    def movements(self) -> tuple[str, ...]:
        """The instants of the arrivals and departures noted, in order."""
        noted = {
            at
            for sheet in self.file.attendances
            for interval in sheet.fields.intervals
            for at in (interval.arrived, interval.left)
            if at
        }
        return tuple(sorted(noted, key=seconds))
