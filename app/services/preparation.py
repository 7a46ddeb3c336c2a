"""Preparing meetings: agendas from templates, what carries over, the next draft, a second call."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from math import inf
from typing import Any

from app.domain import agenda, attendance, carry_over, guardian, reconvening
from app.domain.agenda_templates import Template
from app.domain.attendance import seconds
from app.domain.audience import concerned
from app.domain.carry_over import Proposal
from app.domain.dates import day, local_day
from app.domain.meeting_file import MeetingFile
from app.domain.records import Briefing, Meeting, Record, WatchNote
from app.domain.schedule import beginning
from app.domain.validation import readable
from app.errors import UserError
from app.services.agenda_templates import AgendaTemplates
from app.services.changes import Change
from app.services.corrections import corrections
from app.services.follow_up import FollowUps, former_meeting
from app.services.instants import as_instant
from app.services.meetings import Meetings
from app.services.translation import of_record, translated

_URGENCY = {"obligation": 0, "attention": 1, "information": 2}


@dataclass(frozen=True)
class Reconvened:
    """A second call; `warning` says which quorum it needs when it is held too early."""

    meeting: Record[Meeting]
    warning: str = ""


class Preparation:
    """What the window does before a meeting."""

    def __init__(
        self, meetings: Meetings, templates: AgendaTemplates, follow_ups: FollowUps
    ) -> None:
        self._meetings = meetings
        self._records = meetings.records
        self._workspace = meetings.workspace
        self._templates = templates
        self._follow_ups = follow_ups

    # The agenda

    def compose(self, meeting_id: str, template: Template | None = None) -> Sequence[str]:
        """Adds a template's items, with what the last meeting left; gives the ids of the new items.

        The approval of the last minutes is linked to that meeting and stands first after the
        opening. What is on the agenda already is not added again. Without a template, the
        commission's usual one.
        """
        file = self._meetings.file(meeting_id)
        template = template or self._templates.usual(file.commission.id)
        last = self._last(file.meeting)
        whole = carry_over.composed(template, self._carried(last, meeting_id), first=last is None)
        rows = _rows(file)
        for proposal in carry_over.new_to(whole, file.items, last):
            self._put(file, rows, proposal, len(rows))
        return self._write(file, rows, "Ordre du jour type")

    def proposals(self, meeting_id: str) -> Sequence[Proposal]:
        """What could be added to an agenda, each with the reason; what it holds already is not.

        The approval of the last minutes, the follow-up, the unfinished items of the last meeting,
        those that it may have put off, then the watch notes that concern the commission and were
        never told there, or have changed since, by urgency, the newest first.
        """
        file = self._meetings.file(meeting_id)
        last = self._last(file.meeting)
        put_off = carry_over.put_off(last, self._approved(last)) if last else ()
        found = [*self._carried(last, meeting_id), *put_off, *self._watch_notes(file)]
        return carry_over.new_to(found, file.items, last)

    def take(self, meeting_id: str, proposals: Sequence[Proposal]) -> Sequence[str]:
        """Adds proposals to an agenda, each in its place, in one go; gives the ids of the items.

        What the agenda holds by now is not added again.
        """
        file = self._meetings.file(meeting_id)
        rows = _rows(file)
        for proposal in carry_over.new_to(proposals, file.items, self._last(file.meeting)):
            kinds = [one.fields["kind"] for one in rows]
            self._put(file, rows, proposal, carry_over.place_of(proposal.kind, kinds))
        return self._write(file, rows, "Points proposés")

    def _put(self, file: MeetingFile, rows: list[_Row], proposal: Proposal, place: int) -> None:
        """Puts a proposal in the row of the item that it completes, if still there, else in a new
        row at a place.
        """
        for n, row in enumerate(rows):
            if row.item_id == proposal.item_id:
                rows[n] = replace(row, fields=proposal.fields, new=True)
                return
        fields = proposal.fields | {"meeting_id": file.meeting.id}
        rows.insert(place, _Row(self._records.ids(), None, fields, new=True))

    def _write(self, file: MeetingFile, rows: Sequence[_Row], label: str) -> Sequence[str]:
        """Writes the rows that are new, and the ranks of the others where no room was left."""
        ranks = agenda.fill_ranks([row.rank for row in rows])
        changes = []
        for row, rank in zip(rows, ranks, strict=True):
            fields = row.fields if row.new else {}
            if rank != row.rank:
                fields = fields | {"rank": rank}
            if fields:
                space = file.meeting.commission_id
                changes.append(Change("agenda_item", fields, row.item_id, space))
        self._records.put(changes, label)
        return [row.item_id for row in rows if row.new]

    # What the last meeting left

    def _last(self, meeting: Record[Meeting]) -> MeetingFile | None:
        former = former_meeting(self._records, meeting)
        return self._meetings.file(former.id) if former else None

    def _carried(self, last: MeetingFile | None, but: str = "") -> list[Proposal]:
        """What the last meeting left; `but` is the meeting whose agenda is being written."""
        if last is None:
            return []
        why = self._follow_ups.since(last.commission.id, last.meeting, but=but).why
        followed = [carry_over.follow_up(why)] if why else []
        left = carry_over.unfinished(last, self._approved(last))
        return [*carry_over.approvals(last), *followed, *left]

    def _approved(self, last: MeetingFile) -> set[str]:
        """The ids that approval items are linked to, of those whose minutes are approved since."""
        linked = {one.fields.linked_id or "" for one in last.items if one.fields.kind == "approval"}
        with self._workspace.snapshot() as records:
            found = {key: readable(one) for key, one in records.get_many(linked).items()}
        return {
            key
            for key, fields in found.items()
            if fields.get("status") == "approved" or fields.get("approved_at_meeting_id")
        }

    def _watch_notes(self, file: MeetingFile) -> list[Proposal]:
        on = attendance.meeting_day(file.meeting.fields) or self._today()
        inside = {
            entry.fields.organisation_id
            for entry in file.roster
            if attendance.is_current(entry.fields, on)
        }
        members = [one.fields for key, one in file.organisations.items() if key in inside]
        untold, told = self._untold(file.commission.id)
        reach = {
            whom: sum(concerned(one, whom) is not None for one in members)
            for whom in {note.fields.audience for note in untold}  # few, even for many notes
        }
        newest = sorted(untold, key=lambda one: one.fields.published_on or "", reverse=True)
        return [
            carry_over.watch(note, reached, len(members), again=note.id in told)
            for note in sorted(newest, key=_urgency)
            if (reached := reach[note.fields.audience])
        ]

    def _untold(self, commission_id: str) -> tuple[list[Record[WatchNote]], Collection[str | None]]:
        """The notes in force, of the region and of the commission, never told there as they are;
        with the ids of all that ever were.
        """
        briefings: Sequence[Record[Briefing]] = self._records.list("briefing", commission_id)
        today = self._today()
        notes: list[Record[WatchNote]] = [
            *self._records.list("watch_note", None),
            *self._records.list("watch_note", commission_id),
        ]
        changed = corrections(self._records, notes, briefings)
        current = {one.fields.watch_note_id for one in briefings if one.id not in changed}
        untold = [
            note
            for note in notes
            if note.id not in current
            and note.fields.superseded_by_id is None
            and (note.fields.deadline_on is None or day(note.fields.deadline_on) >= today)
        ]
        return untold, {one.fields.watch_note_id for one in briefings}

    def _today(self) -> date:
        return self._workspace.clock().date()

    # The meetings to come

    def draft_next(self, meeting_id: str) -> Record[Meeting]:
        """The draft of the meeting after the last one held (which may be later than this one), with
        an agenda made of the template and of what carries over.

        When one is planned already it is taken: an empty agenda is composed, another only gets
        what carries over and is not there yet. One that is convened is left as it is.
        """
        file = self._meetings.file(self._last_held(self._records.get(meeting_id)).id)
        ahead = self._ahead_of(file.meeting)
        if ahead is not None:
            return ahead if ahead.fields.status == "convened" else self._completed(ahead)
        carried = self._carried(file)
        template = self._templates.usual(file.commission.id)
        new_id = self._records.ids()
        items = carry_over.composed(template, carried, first=False)
        number = self._free_number(file.meeting)
        fields = {
            "title": _title(number),
            "number": number,
            "chair_person_id": file.meeting.fields.chair_person_id,
        }
        self._make(file, new_id, fields, [one.fields for one in items], "Séance suivante")
        return self._records.get(new_id)

    def reconvene(self, meeting_id: str, starts_at: str) -> Reconvened:
        """Calls again, for an instant, a meeting whose quorum failed, with the items concerned.

        UserError when no quorum failed, when it was reconvened already and, in profile
        `deliberative`, when three clear days are not left; profile `commission` is only warned.
        """
        starts_at = as_instant(starts_at, self._workspace.clock)
        state = self._meetings.state(meeting_id)
        with translated(self._workspace), of_record("séance", meeting_id):
            reconvening.refuse(state, starts_at, self._workspace.clock())
        if self._records.list("meeting", reconvened_from_id=meeting_id):
            raise UserError("Cette séance est déjà reconvoquée : ouvrez celle qui la reprend.")
        new_id = self._records.ids()
        fields = reconvening.meeting_fields(state, starts_at)
        fields |= self._numbered(state.file.meeting)
        items = reconvening.item_fields(state)
        self._make(state.file, new_id, fields, items, "Nouvelle convocation")
        warning = guardian.reconvening(self._meetings.state(new_id))
        return Reconvened(self._records.get(new_id), warning)

    def _all(self, meeting: Record[Meeting]) -> Sequence[Record[Meeting]]:
        """The meetings of the same commission, itself included."""
        return self._records.list("meeting", meeting.commission_id)

    def _last_held(self, meeting: Record[Meeting]) -> Record[Meeting]:
        """The last meeting held, this one if it is."""
        held = [one for one in self._all(meeting) if one.fields.opened_at]
        return max([meeting, *held], key=_begun)

    def _ahead_of(self, meeting: Record[Meeting]) -> Record[Meeting] | None:
        """The first meeting planned after this one, or convened from today on; those without date
        last.
        """
        after, begins = _begun(meeting), partial(beginning, undated=inf)
        later = [
            one
            for one in self._all(meeting)
            if one.id != meeting.id and begins(one) > after and self._is_to_come(one.fields)
        ]
        return min(later, key=begins, default=None)

    def _is_to_come(self, meeting: Meeting) -> bool:
        if meeting.status == "convened" and meeting.starts_at:
            return local_day(meeting.starts_at) >= self._today()
        return meeting.status == "planned"

    def _next_number(self, meeting: Record[Meeting]) -> int | None:
        """What follows the number of this meeting, or of the last one held that has one."""
        held = [one for one in self._all(meeting) if one.fields.opened_at]
        numbers = [one.fields.number for one in (*sorted(held, key=_begun), meeting)]
        return next((one + 1 for one in reversed(numbers) if one is not None), None)

    def _free_number(self, meeting: Record[Meeting]) -> int | None:
        """The next number, or the first one after it that no meeting has."""
        number = self._next_number(meeting)
        taken = {one.fields.number for one in self._all(meeting)}
        while number is not None and number in taken:
            number += 1
        return number

    def _numbered(self, failed: Record[Meeting]) -> dict[str, Any]:
        """The number of a second call, unless another meeting has it, and a title with that number
        where the failed meeting's title had its own.
        """
        number = self._next_number(failed)
        if any(one.fields.number == number for one in self._all(failed)):
            return {}
        told = failed.fields.title == _title(failed.fields.number)
        return {"number": number} | ({"title": _title(number)} if told else {})

    def _completed(self, planned: Record[Meeting]) -> Record[Meeting]:
        if not self._meetings.file(planned.id).items:
            self.compose(planned.id)
        else:
            self.take(planned.id, self._carried(self._last(planned), planned.id))
        return self._records.get(planned.id)

    def _make(
        self,
        file: MeetingFile,
        meeting_id: str,
        fields: dict[str, Any],
        items: Sequence[dict[str, Any]],
        label: str,
    ) -> None:
        """Writes a new meeting of the same commission with its agenda, all in one."""
        space = file.meeting.commission_id
        changes = [Change("meeting", fields, meeting_id, space)]
        for item, rank in zip(items, agenda.spread_ranks(len(items)), strict=True):
            own = {"meeting_id": meeting_id, "rank": rank}
            changes.append(Change("agenda_item", item | own, None, space))
        self._records.put(changes, label)


@dataclass(frozen=True)
class _Row:
    """A line of an agenda being written; a `new` one has fields to write, without rank or with."""

    item_id: str
    rank: str | None
    fields: dict[str, Any]
    new: bool = False


def _rows(file: MeetingFile) -> list[_Row]:
    return [_Row(one.id, one.fields.rank, {"kind": one.fields.kind}) for one in file.items]


def _begun(meeting: Record[Meeting]) -> float:
    at = attendance.opening(meeting.fields)
    return seconds(at) if at else -inf


def _title(number: int | None) -> str:
    """A title that papers may still bear once the meeting is past."""
    return "Séance" if number is None else f"Séance n° {number}"


def _urgency(note: Record[WatchNote]) -> tuple[str, int]:
    return note.fields.deadline_on or "9999", _URGENCY[note.fields.level]
