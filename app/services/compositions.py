"""Papers composed by a template: as they stand now, before any freeze, or to preview a template.

The module that composes a kind is imported only when one is made.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from app.documents.document import Document, Letterhead
from app.domain.document_templates import Template, checked
from app.domain.meeting_file import MeetingFile
from app.domain.minutes import in_order
from app.domain.records import (
    AgendaItem,
    Commission,
    Meeting,
    Minutes,
    Organisation,
    Record,
    Solution,
)
from app.domain.refusals import Refusal
from app.domain.schedule import beginning
from app.errors import UserError
from app.services.meetings import Meetings
from app.services.members import members, reason_words, seated_in
from app.services.minutes import MinutesBook
from app.services.paper_looks import PaperLooks

if TYPE_CHECKING:
    from app.documents.solution_sheet import SolutionFile
    from app.services.paper_sources import PaperSources


class Compositions:
    """Composes papers by a template: the commission's own, unless another is given."""

    def __init__(self, meetings: Meetings, book: MinutesBook, looks: PaperLooks) -> None:
        self._meetings, self._book, self.looks = meetings, book, looks
        self._records = meetings.records

    @cached_property
    def sources(self) -> PaperSources:
        """What papers that are not of a meeting are made of."""
        from app.services.paper_sources import PaperSources

        return PaperSources(self._records)

    def of_meeting(
        self, kind: str, file: MeetingFile, template: Template | None = None, *, large: bool = False
    ) -> Document:
        """A paper of a meeting; minutes are drafts, whatever was frozen."""
        letterhead = self.looks.letterhead(file.commission.id)
        template = template or self.looks.template(kind, file.commission.id)
        look = (file, letterhead, self._now())
        match kind:
            case "minutes":
                from app.documents.minutes import minutes

                became = self._book.became(file) if file.meeting.id else ()
                return minutes(*look, became=became, template=template)
            case "decisions":
                from app.documents.decisions import decisions

                return decisions(*look, template)
            case "agenda":
                from app.documents.agenda import agenda

                return agenda(*look, template)
            case "attendance-sheet":
                from app.documents.attendance_sheet import attendance_sheet

                return attendance_sheet(*look, large=large, template=template)
            case "convocations":
                from app.documents.convocations import convocations
                from app.territory import postal_codes

                moved_at = self._meetings.moved_at(file.meeting.id)
                return convocations(*look, postal_codes(), template, moved_at=moved_at)
        raise LookupError(f"no paper of a meeting is composed for « {kind} »")

    def bulletin(
        self,
        record: Record[Any],
        template: Template | None = None,
        shown_id: str | None = None,
    ) -> Document:
        """The bulletin of a commission, or of an organisation by the template `whose` finds.

        With no commission in sight, it holds the notes of those in which the organisation sits.
        """
        from app.documents.bulletin import bulletin

        commission_id = self.whose(record, shown_id)
        commission = self._records.get(commission_id) if commission_id else None
        alone = isinstance(record.fields, Organisation)
        return bulletin(
            record.fields.name,
            self.sources.notes(
                [commission_id] if commission_id else seated_in(self._records, record.id)
            ),
            [record] if alone else members(self._records, record.id),
            self.looks.letterhead(commission_id),
            self._now(),
            template=template or self.looks.template("bulletin", commission_id),
            commission=commission.fields.name if commission else "",
            words=reason_words(self._records),
            told=self.sources.tellings(record.id, commission_id) if alone else {},
        )

    def solution(self, solution: Record[Solution], shown_id: str | None = None) -> SolutionFile:
        """What the papers of a solution tell, with the needs of the commission `whose` says."""
        return self.sources.solution(solution, self.whose(solution, shown_id))

    def vote_pack(
        self,
        file: SolutionFile,
        template: Template | None = None,
        shown_id: str | None = None,
    ) -> Document:
        """The pack of a solution, by the template of the commission that `whose` says."""
        from app.documents.vote_pack import vote_pack

        return vote_pack(file, *self._look("vote-pack", file.solution, template, shown_id))

    def solution_sheet(
        self,
        file: SolutionFile,
        template: Template | None = None,
        shown_id: str | None = None,
    ) -> Document:
        """The sheet of a solution, by the template of the commission that `whose` says."""
        from app.documents.solution_sheet import solution_sheet

        return solution_sheet(
            file, *self._look("solution-sheet", file.solution, template, shown_id)
        )

    def _look(
        self, kind: str, record: Record[Any], template: Template | None, shown_id: str | None
    ) -> tuple[Letterhead, datetime, Template]:
        """The letterhead, the instant and the template of a paper about a record."""
        commission_id = self.whose(record, shown_id)
        template = template or self.looks.template(kind, commission_id)
        return self.looks.letterhead(commission_id), self._now(), template

    def whose(self, record: Record[Any], shown_id: str | None = None) -> str | None:
        """The id of the commission whose templates papers about a record follow.

        The record's own; for a record of the region, the commission shown, or the only one.
        """
        if record.commission_id is not None:
            return record.commission_id
        only = None if shown_id else self._only_commission()
        return only.id if only else shown_id

    def needs_report(
        self, commission: Record[Commission] | None, template: Template | None = None
    ) -> Document:
        """The state of the needs of a commission; of all for None, by the shipped template."""
        from app.documents.needs_report import needs_report

        commission_id = commission.id if commission else None
        template = template or self.looks.template("needs-report", commission_id)
        letterhead = self.looks.letterhead(commission_id)
        return needs_report(self.sources.needs(commission), letterhead, self._now(), template)

    def addendum(
        self, file: MeetingFile, correction: Record[Minutes], corrected: Record[Minutes],
        template: Template | None = None,
    ) -> Document:  # fmt: skip
        """An addendum as it would be frozen."""
        from app.documents.addendum import addendum

        letterhead = self.looks.letterhead(file.commission.id)
        template = template or self.looks.template("addendum", file.commission.id)
        return addendum(file, correction, corrected, letterhead, self._now(), template=template)

    def preview(self, commission_id: str, template: Template) -> Document:
        """What a template makes of the commission's last meeting or solution, or of an example.

        UserError with the place of a fault.
        """
        try:
            template = checked(template)
        except Refusal as refusal:
            raise UserError(refusal.sentence) from refusal
        commission: Record[Commission] = self._records.get(commission_id)
        if template.kind == "bulletin":
            return self.bulletin(commission, template)
        if template.kind == "vote-pack":
            return self.vote_pack(self._some_solution(commission), template)
        if template.kind == "solution-sheet":
            return self.solution_sheet(self._some_solution(commission), template)
        if template.kind == "needs-report":
            return self.needs_report(commission, template)
        meeting = self._some_meeting(commission)
        if template.kind == "addendum":
            return self.addendum(meeting, *self._some_correction(meeting), template)
        return self.of_meeting(template.kind, meeting, template)

    def _some_correction(self, file: MeetingFile) -> tuple[Record[Minutes], Record[Minutes]]:
        """The last addendum to a meeting's minutes, or an example of one, and what it corrects."""
        minutes = [one for one in file.minutes if one.fields.addendum_to_id is None]
        corrected = minutes[0] if minutes else Record(id="", fields=Minutes(), commission_id=None)
        addenda = [one for one in file.minutes if one.fields.addendum_to_id == corrected.id]
        if addenda:
            return in_order(addenda)[-1], corrected
        fields = Minutes(
            number=1, frozen_at=self._now().isoformat(), addendum_to_id=corrected.id,
            replaces="Le texte à corriger.", text="Le texte corrigé.",
            reason="La raison de la correction.",
        )  # fmt: skip
        return Record(id="", fields=fields, commission_id=file.commission.id), corrected

    def _some_meeting(self, commission: Record[Commission]) -> MeetingFile:
        """The last meeting that was held, else the last planned, else an example."""
        found: Sequence[Record[Meeting]] = self._records.list("meeting", commission.id)
        held = [one for one in found if one.fields.closed_at]
        last = max(held or found, key=beginning, default=None)
        return self._meetings.file(last.id) if last else self._example(commission)

    def _example(self, commission: Record[Commission]) -> MeetingFile:
        from app.domain.agenda_templates import GENERIC

        now = self._now().isoformat()
        roster = self._records.list("roster_entry", commission.id)
        named = self.sources.named
        fields = Meeting(
            number=1, title="Séance d'exemple", place="Mairie", starts_at=now, opened_at=now,
            closed_at=now, status="closed",
        )  # fmt: skip
        items = tuple(
            Record(
                id=str(rank),
                fields=AgendaItem(title=title, kind=kind, started_at=now),
                commission_id=None,
            )
            for rank, (kind, title) in enumerate(GENERIC.items())
        )
        meeting = Record(id="", fields=fields, commission_id=commission.id)
        return MeetingFile(
            commission=commission, meeting=meeting, items=items, roster=tuple(roster),
            persons=named("person", (one.fields.titular_person_id for one in roster)),
            organisations=named("organisation", (one.fields.organisation_id for one in roster)),
        )  # fmt: skip

    def _some_solution(self, commission: Record[Commission]) -> SolutionFile:
        from app.documents.solution_sheet import SolutionFile

        found: Sequence[Record[Solution]] = self._records.list("solution", commission.id)
        if found:
            return self.solution(max(found, key=lambda one: one.id))
        example = Solution(title="Solution d'exemple")
        solution = Record(id="", fields=example, commission_id=commission.id)
        return SolutionFile(solution, commission.fields.name)

    def _only_commission(self) -> Record[Commission] | None:
        found: Sequence[Record[Commission]] = self._records.list("commission")
        return found[0] if len(found) == 1 else None

    def _now(self) -> datetime:
        return self._meetings.workspace.clock()
