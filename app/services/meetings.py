"""Meetings: the state that the rules give them, and their steps from planned to approved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from app.domain import briefings, hours, meeting_check, shifting, steps, unheld
from app.domain.attendance import opening, seconds
from app.domain.dates import local_day
from app.domain.findings import Finding
from app.domain.meeting_check import MeetingCheck
from app.domain.meeting_file import MeetingFile
from app.domain.meeting_state import MeetingState
from app.domain.records import Meeting, Record
from app.domain.refusals import Refusal
from app.domain.schedule import beginning
from app.domain.titles import label_of
from app.domain.validation import readable, typed
from app.errors import UserError
from app.services import convocations, history
from app.services.changes import Change
from app.services.instants import as_instant
from app.services.meeting_files import as_left, gather, is_frozen
from app.services.meeting_rules import mark_approved
from app.services.records import Records
from app.services.translation import absent, of_record, translated
from app.storage.snapshot import Reader

if TYPE_CHECKING:
    from app.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Freezing:
    """A freeze that the rules allow, before anything is made of it.

    `gaps` are what the minutes lack: profile `commission` may freeze them all the same.
    """

    file: MeetingFile
    frozen_at: str
    gaps: Sequence[Finding]


class Meetings:
    """Reads meetings as the rules do, and takes them from step to step.

    An `at` is an ISO 8601 instant, by default the present one.
    """

    def __init__(self, records: Records) -> None:
        self.records = records
        self.workspace = records.workspace

    def file(self, meeting_id: str) -> MeetingFile:
        """All that the rules need to know of a meeting, with the commission and the roster that a
        freeze of its minutes left; UserError when there is none.
        """
        file = self.file_of_today(meeting_id)
        if not is_frozen(file):
            return file
        with translated(self.workspace), self.workspace.reading() as unit:
            return as_left(unit, file)

    def file_of_today(self, meeting_id: str) -> MeetingFile:
        """The same with the commission and the roster of today, to whom its papers are sent."""
        with translated(self.workspace), self.workspace.snapshot() as records:
            return _file(records, meeting_id)

    def moved_at(self, meeting_id: str) -> str | None:
        """When the hour or the place of a meeting last changed; None if never since its making."""
        with translated(self.workspace), self.workspace.reading() as unit:
            return history.moved_at(unit, meeting_id)

    def state(self, meeting_id: str) -> MeetingState:
        """The meeting read by the rules, for a screen that asks it about any instant."""
        return MeetingState(self.file(meeting_id))

    def check(self, meeting_id: str) -> MeetingCheck:
        """What `meeting check` prints."""
        return meeting_check.check(self.state(meeting_id))

    def convene(self, meeting_id: str, at: str | None = None) -> Record[Meeting]:
        """Fixes the agenda's numbers and notes the convocations as sent.

        Each seat in office gets one, to its titular, by the channel chosen for them; those noted as
        sent already stay.
        """
        at = self._instant(at)
        with self._step(meeting_id):
            state = self.state(meeting_id)
            changes = [Change("meeting", steps.convene(state, at), meeting_id)]
            if state.file.meeting.fields.status == "planned":
                changes += convocations.all_sent(state.file, at)
        self.records.put(changes, "Convocation de la séance")
        return self.records.get(meeting_id)

    def open(self, meeting_id: str, at: str | None = None) -> Record[Meeting]:
        """Opens the meeting; the agenda's numbers are fixed if they were not.

        Without `at`, the opening is now, or the instant of the first vote already taken.
        """
        moment = self._instant(at)
        with self._step(meeting_id):
            state = self.state(meeting_id)
            voted = [one.fields.held_at for one in state.file.ballots if one.fields.held_at]
            opened_at = moment if at else min([moment, *voted], key=seconds)
            fields = steps.open_(state, opened_at)
        return self.records.update(meeting_id, fields, "Ouverture de la séance")

    def close(self, meeting_id: str, at: str | None = None) -> Record[Meeting]:
        """Closes the meeting, and the items whose end was not noted as the next one began; notes
        that the organisations present when a watch note was presented were told of it, unless a
        briefing was noted by hand.
        """
        at = self._instant(at)
        with self._step(meeting_id):
            state = self.state(meeting_id)
            fields = steps.close(state, at)
        changes = [Change("meeting", fields, meeting_id)]
        closed_at = state.file.meeting.fields.closed_at or at
        if fields:
            changes += [*_ended(state, closed_at), *self._briefings(state, closed_at)]
        self.records.put(changes, "Clôture de la séance")
        return self.records.get(meeting_id)

    def close_late(self, meeting_id: str, at: str) -> Record[Meeting]:
        """Closes, as of an instant that has passed, a meeting that was left open.

        UserError when something is noted after it.
        """
        with self._step(meeting_id):
            state = self.state(meeting_id)
            opened_at = state.file.meeting.fields.opened_at or at
            hours.refuse(state, opened_at, at, self._instant(None))
        return self.close(meeting_id, at)

    def note_unattended(self, meeting_id: str) -> Record[Meeting]:
        """Notes that a meeting whose day is past gathered nobody: it is opened and closed at its
        hour, the seats of which nothing is noted are absent, and its quorum failed.

        UserError where something tells that it was held, or bars it.
        """
        with self._step(meeting_id):
            state = self.state(meeting_id)
            found = unheld.unattended(state, self.workspace.clock().date())
        space = state.file.meeting.commission_id
        changes = [
            Change(
                "attendance",
                {
                    "meeting_id": meeting_id,
                    "roster_entry_id": seat.id,
                    "person_id": seat.fields.titular_person_id,
                    "status": "absent",
                },
                None,
                space,
            )
            for seat in found.absent
        ]
        changes.append(Change("meeting", found.fields, meeting_id))
        self.records.put(changes, "Carence de la séance")
        return self.records.get(meeting_id)

    def open_on_its_day(self, meeting_id: str) -> Record[Meeting]:
        """Opens, at its own hour, a meeting that was held and that nobody opened."""
        return self.open(meeting_id, unheld.own_opening(self.state(meeting_id)))

    def correct_hours(
        self, meeting_id: str, opened_at: str, closed_at: str | None
    ) -> Record[Meeting]:
        """Corrects when the meeting was opened and closed (None keeps the closing). What ended with
        the former closing, or items under way if there was none, end with the new one; its watch
        notes count as told on the day of the new opening.

        UserError when something is noted before the opening or after the closing.
        """
        with self._step(meeting_id):
            state = self.state(meeting_id)
            closed_at = closed_at or state.file.meeting.fields.closed_at
            hours.refuse(state, opened_at, closed_at, self._instant(None))
        fields = {"opened_at": opened_at, "closed_at": closed_at}
        changes = [
            Change("meeting", fields, meeting_id),
            *_ended_with_it(state, closed_at),
            *self._told_on(state, local_day(opened_at).isoformat()),
        ]
        self.records.put(changes, "Heures de la séance")
        return self.records.get(meeting_id)

    def shift_hours(self, meeting_id: str, opened_at: str) -> Record[Meeting]:
        """Moves the opening of a meeting held with a wrong clock to `opened_at`, and by as much all
        that it noted: hours, and the day of what was told, done or promised at it.

        UserError when something would then be in the future.
        """
        with self._step(meeting_id):
            state = self.state(meeting_id)
            before, after = state.file, shifting.shifted(state.file, opened_at)
            shifting.refuse(after, self._instant(None))
        changes = [
            Change(one.fields.kind_name, fields, one.id)
            for one, fields in shifting.moves(before, after)
        ]
        changes += self._told_on(state, local_day(opened_at).isoformat())
        changes += self._done_on(state, local_day(opened_at).isoformat())
        self.records.put(changes, "Heures de la séance")
        return self.records.get(meeting_id)

    def _done_on(self, state: MeetingState, day: str) -> list[Change]:
        former = local_day(state.opening).isoformat() if state.opening else None
        space = state.file.meeting.commission_id
        return [
            Change(kind, {field: day}, one.id)
            for kind, field in (("action", "closed_on"), ("commitment", "on"))
            for one in self.records.list(kind, space, **{field: former})
            if former and former != day
        ]

    def _told_on(self, state: MeetingState, day: str) -> list[Change]:
        meeting = state.file.meeting
        former = local_day(state.opening).isoformat() if state.opening else None
        told = self.records.list("briefing", meeting.commission_id, meeting_id=meeting.id)
        return [
            Change("briefing", {"told_on": day}, one.id)
            for one in told
            if one.fields.told_on == former
        ]

    def _briefings(self, state: MeetingState, closed_at: str) -> list[Change]:
        meeting = state.file.meeting
        noted = self.records.list("briefing", meeting.commission_id, meeting_id=meeting.id)
        by_hand = {one.fields.watch_note_id for one in noted}
        name = self.workspace.author.name
        fields = {
            "meeting_id": meeting.id,
            "told_on": local_day(state.opening or closed_at).isoformat(),
            "told_by": name,
        }
        return [
            Change(
                "briefing",
                fields | {"watch_note_id": note_id, "organisation_ids": organisation_ids},
                self._free(briefings.briefing_id(note_id, meeting.id, name)),
                meeting.commission_id,
            )
            for note_id, organisation_ids in briefings.given(state).items()
            if note_id not in by_hand
        ]

    def _free(self, record_id: str) -> str | None:
        """The id, or None if a record has it already, even a deleted one."""
        with self.workspace.snapshot() as records:
            return record_id if records.envelope(record_id) is None else None

    def freezing(self, meeting_id: str, at: str | None = None) -> Freezing:
        """The meeting whose minutes may be frozen, and what they lack; it writes nothing.

        UserError when the meeting is not closed, or not before the instant asked for, when its
        minutes are frozen already or, in profile `deliberative`, when anything is missing.
        """
        moment = self._instant(at)
        with self._step(meeting_id):
            state = self.state(meeting_id)
            gaps = steps.freeze(state)
            closed_at = state.file.meeting.fields.closed_at
            if at and closed_at and seconds(moment) < seconds(closed_at):
                raise Refusal("le gel précéderait la clôture : donnez un instant qui la suit.")
        return Freezing(state.file, moment, gaps)

    def approve(
        self, meeting_id: str, approving_id: str | None = None, at: str | None = None
    ) -> Record[Meeting]:
        """Marks the frozen minutes of a meeting as approved at another.

        Without `approving_id`, at the last one whose agenda holds their approval, opened after the
        meeting whose minutes they are; the one named, not planned before it, may be open on another
        laptop alone. `at` is checked, but not kept: the instant is that of the meeting that
        approves.
        """
        self._instant(at)
        with (
            translated(self.workspace),
            self.workspace.unit("Approbation du procès-verbal", undoable=True) as unit,
        ):
            file = _file(unit, meeting_id)
            with of_record("séance", meeting_id):
                steps.approve(MeetingState(file))
            mark_approved(unit, meeting_id, _approving(unit, file, approving_id))
            unit.commit()
        return self.records.get(meeting_id)

    @contextmanager
    def _step(self, meeting_id: str) -> Iterator[None]:
        """Says which record a refusal is about: the meeting, unless the rules name another."""
        with translated(self.workspace), of_record("séance", meeting_id):
            try:
                yield
            except Refusal as refusal:
                if refusal.record_id:
                    refusal.what = label_of(self.records.envelope(refusal.record_id).kind)
                raise

    def _instant(self, at: str | None) -> str:
        return as_instant(at, self.workspace.clock)


def _ended(state: MeetingState, closed_at: str) -> list[Change]:
    """The items still under way as a meeting closes, each ended when the next one began."""
    return [
        Change("agenda_item", {"ended_at": state.presumed_end(item, closed_at)}, item.id)
        for item in state.file.items
        if item.fields.started_at is not None and item.fields.ended_at is None
    ]


def _ended_with_it(state: MeetingState, closed_at: str | None) -> list[Change]:
    """The items and the stays that end with the meeting, when it is closed at another instant."""
    changes = [
        Change("agenda_item", {"ended_at": closed_at}, item.id)
        for item in state.file.items
        if hours.ends_with(state, item.fields.ended_at)
    ]
    if closed_at and not state.file.meeting.fields.closed_at:
        changes += _ended(state, closed_at)
    for sheet in state.file.attendances:
        stays = sheet.fields.intervals
        if any(hours.ends_with(state, stay.left) for stay in stays):
            moved = [
                {
                    "arrived": stay.arrived,
                    "left": closed_at if hours.ends_with(state, stay.left) else stay.left,
                }
                for stay in stays
            ]
            changes.append(Change("attendance", {"intervals": moved}, sheet.id))
    return changes


def _file(records: Reader, meeting_id: str) -> MeetingFile:
    file = gather(records, meeting_id)
    if file is None:
        raise absent(records.envelope(meeting_id), meeting_id, "Aucune séance")
    return file


def _approving(unit: UnitOfWork, file: MeetingFile, approving_id: str | None) -> str:
    """The meeting that approves: the one named, else the last one opened whose agenda still holds
    the approval.
    """
    if approving_id is None:
        linked = unit.pointing_to(file.meeting.id, *(minutes.id for minutes in file.minutes))
        items = [readable(one) for _, one in linked if one.kind == "agenda_item"]
        holding = {
            one["meeting_id"] for one in items if one["kind"] == "approval" and not one["withdrawn"]
        }
        opened: list[Record[Meeting]] = [
            one
            for one in map(typed, unit.get_many(holding).values())
            if steps.may_approve(one.fields, file.meeting.fields)
        ]
        if not opened:
            raise UserError(
                "Aucune séance ouverte n'a l'approbation de ce procès-verbal à son ordre du jour :"
                " dites laquelle avec --in."
            )
        return max(opened, key=lambda one: (opening(one.fields) or "", one.id)).id
    approving = unit.envelope(approving_id)
    if approving is None or approving.deleted or approving.kind != "meeting":
        raise absent(approving, approving_id, "Aucune séance")
    is_here = approving.commission_id == file.meeting.commission_id
    is_before = beginning(typed(approving), inf) < beginning(file.meeting)
    if approving_id == file.meeting.id or is_before or not is_here:
        raise UserError(
            "Un procès-verbal est approuvé à une séance suivante de la même commission : choisissez"
            " laquelle."
        )
    return approving_id
