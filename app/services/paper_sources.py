"""What documents that are not of one meeting draw on, gathered from the store as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from app.documents.bulletin import Telling
from app.documents.calendars import Deadline
from app.documents.needs_report import Needs
from app.documents.solution_sheet import SolutionFile
from app.domain import dates
from app.domain.formatted_text import unmarked
from app.domain.names import commission_names
from app.domain.needs import MET
from app.domain.records import Commission, Record, Solution, WatchNote
from app.domain.titles import printed_title
from app.domain.validation import typed
from app.domain.wording import count, shortened
from app.services.corrections import corrections
from app.services.members import dated_notes
from app.services.records import Records
from app.services.region import Region
from app.services.solutions import Solutions

_LINE = 200
"""How many characters name an event of a calendar, on one line."""


class PaperSources:
    """Reads needs, solutions, notes and deadlines with all that they name."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def named(self, kind: str, ids: Iterable[str | None]) -> dict[str, Record[Any]]:
        """The live records of a kind among these ids."""
        wanted = {one for one in ids if one}
        with self._records.workspace.snapshot() as records:
            found = records.get_many(wanted).items()
            return {key: typed(one) for key, one in found if one.kind == kind}

    def notes(self, commission_ids: Iterable[str | None]) -> Sequence[Record[WatchNote]]:
        """The region's watch notes, with those of these commissions."""
        kept = {None, *commission_ids}
        return [one for one in self._records.list("watch_note") if one.commission_id in kept]

    def tellings(self, organisation_id: str, commission_id: str | None) -> dict[str, list[Telling]]:
        """When an organisation was told of each note, by the note's id, the last time first.

        By a commission, or by any of those here for None.
        """
        briefings = [
            one for one in self._records.list("briefing", commission_id or "*")
            if organisation_id in one.fields.organisation_ids and one.fields.watch_note_id
        ]  # fmt: skip
        notes = self.named("watch_note", (one.fields.watch_note_id for one in briefings))
        meetings = self.named("meeting", (one.fields.meeting_id for one in briefings))
        changed = corrections(self._records, [*notes.values()], briefings)
        found: dict[str, list[Telling]] = {}
        briefings.sort(key=lambda one: (one.fields.told_on or "", one.id), reverse=True)
        for one in briefings:
            meeting = meetings.get(one.fields.meeting_id or "")
            telling = Telling(
                one.fields.told_on,
                one.fields.told_by,
                meeting.fields.title if meeting else "",
                one.id in changed,
            )
            found.setdefault(one.fields.watch_note_id or "", []).append(telling)
        return found

    def needs(self, commission: Record[Commission] | None) -> Needs:
        """The needs of a commission, or of all for None, with all that they name."""
        needs = self._records.list("need", commission.id if commission else "*")
        ids = [one for need in needs for one in need.fields.organisation_ids]
        organisations = self.named("organisation", ids)
        persons = self.named("person", (need.fields.speaker_person_id for need in needs))
        solutions = self.named("solution", (need.fields.solution_id for need in needs))
        themes = Region(self._records).theme_labels()
        commissions = {} if commission else commission_names(self._records.list("commission"))
        name = commission.fields.name if commission else count(len(commissions), "commission")
        return Needs(name, needs, themes, persons, organisations, solutions, commissions)

    def solution(self, solution: Record[Solution], commission_id: str | None) -> SolutionFile:
        """A solution with its commitments and those of its needs that a commission raised: what the
        others asked for is theirs to tell.
        """
        answered = Solutions(self._records).needs(solution)
        needs = [
            one
            for one in answered
            if one.commission_id == commission_id
            and (one.id in solution.fields.need_ids or one.fields.status in MET)
        ]
        commitments = self._records.list("commitment", solution_id=solution.id)
        ids = [one for need in needs for one in need.fields.organisation_ids]
        ids += [one.fields.organisation_id for one in commitments]
        organisations = self.named("organisation", ids)
        commission = self.named("commission", [solution.commission_id])
        name = next((one.fields.name for one in commission.values()), "")
        return SolutionFile(solution, name, needs, commitments, organisations)

    def deadlines(self, commission_id: str) -> list[Deadline]:
        """What falls due in a commission: watch notes that concern it, actions, needs."""
        found = [
            Deadline(
                due, f"Échéance : {printed_title(note.fields.title)}", note.id, note.fields.todo
            )
            for due, note in dated_notes(self._records, commission_id)
        ]
        found += [
            Deadline(
                dates.day(action.fields.due_on),
                f"À faire : {shortened(unmarked(action.fields.text), _LINE)}",
                action.id,
                action.fields.owner,
            )
            for action in self._records.list("action", commission_id, status="open")
            if action.fields.due_on
        ]
        found += [
            Deadline(
                dates.day(need.fields.deadline_on),
                f"Besoin : {need.fields.title or shortened(need.fields.words, _LINE)}",
                need.id,
            )
            for need in self._records.list("need", commission_id)
            if need.fields.deadline_on and need.fields.status not in ("served", "set_aside")
        ]
        return found
