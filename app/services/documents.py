"""Documents: each kind made from the record that it is about, or the frozen bytes served.

The module that composes a kind is imported only when one is made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from app.documents.document import Document, file_name
from app.documents.meeting_words import (
    AGENDA_TO_COME,
    conditions,
    iso_day,
    item_title,
    lowered,
    numbers,
    of_commission,
    planned_title,
    when_and_where,
)
from app.domain.document_kinds import KINDS
from app.domain.mail_addresses import is_address
from app.domain.meeting_file import MeetingFile
from app.domain.minutes import in_order
from app.domain.records import Minutes, Organisation, Record, Solution
from app.domain.titles import label_of
from app.domain.wording import ended
from app.errors import UserError
from app.services.compositions import Compositions
from app.services.convocations import NO_ADDRESS
from app.services.meetings import Meetings
from app.services.minutes import MinutesBook
from app.services.settings import Settings
from app.storage.files import replacing

TITLES = {kind: rules.label for kind, rules in KINDS.items()} | {
    "invitation": "Invitation",
    "calendar": "Calendrier",
}
"""Every kind of document, by its name on the command line, with its name for people."""

_OF_MEETING = ("minutes", "decisions", "agenda", "attendance-sheet", "convocations", "invitation")


def write_document(document: Document, path: Path) -> None:
    """Writes the very bytes of a document; on UserError a former file is as it was."""
    with replacing(path) as stream:
        stream.write(document.data)


class Documents:
    """Makes documents as files in memory; what is frozen is never made again."""

    def __init__(
        self,
        meetings: Meetings,
        book: MinutesBook,
        compositions: Compositions,
        settings: Settings,
    ) -> None:
        self._meetings, self._book, self._settings = meetings, book, settings
        self._records = meetings.records
        self._looks = compositions.looks
        self._composed = compositions

    def make(
        self,
        kind: str,
        record_id: str,
        *,
        large: bool = False,
        commission_id: str | None = None,
    ) -> Document:
        """The document of a kind about a record; `large` prints an attendance sheet larger.

        A document about a record of the region follows the template of `commission_id`.
        UserError for an unknown kind, or a record that is not of the kind it is about.
        """
        if kind in _OF_MEETING:
            return self._of_meeting(kind, self._meetings.file(record_id), large)
        makers: dict[str, Callable[[str], Document]] = {
            "addendum": self._addendum,
            "bulletin": lambda one: self._bulletin(one, commission_id),
            "solution-sheet": lambda one: self._solution(one, commission_id),
            "vote-pack": lambda one: self._vote_pack(one, commission_id),
            "needs-report": self._needs_report,
            "calendar": self._calendar,
        }
        if kind not in makers:
            known = ", ".join(TITLES)
            raise UserError(f"« {kind[:60]} » n'est pas un genre de document : {known}.")
        return makers[kind](record_id)

    def needs_of_all(self) -> Document:
        """The state of the needs of every commission together."""
        return self._composed.needs_report(None)

    def draft(self, kind: str, record_id: str, *, large: bool = False) -> Document:
        """An e-mail draft with the document attached, to those whom it is for."""
        from app.documents.drafts import draft

        document = self.make(kind, record_id, large=large)
        if kind in _OF_MEETING or kind == "addendum":
            file = self._meeting_of(kind, record_id)
            subject, body = self._letter(TITLES[kind], file)
            people = self._recipients(file.meeting.id)
            return draft(document, subject, body, people, self._now())
        subject, body = self._words(f"{TITLES[kind]} : {self._title(record_id)}")
        return draft(document, subject, body, self._addresses(record_id), self._now())

    def convocation_draft(self, meeting_id: str) -> Document:
        """The draft, with agenda and invitation, to the members who are convened by e-mail."""
        from app.documents.drafts import draft

        file = self._meetings.file(meeting_id)
        agenda, dated = self.make("agenda", meeting_id), self.make("invitation", meeting_id)
        subject, body = self._convening(file)
        people = self._recipients(meeting_id, convened=True)
        return draft(agenda, subject, body, people, self._now(), also=[dated])

    def convocation_mail(self, meeting_id: str, person_id: str) -> str:
        """A mailto: address that convenes one member in the words of the draft.

        UserError when the person has no e-mail.
        """
        from app.documents.drafts import mailto

        person = self._records.get(person_id).fields
        if not is_address(person.email):
            raise UserError(NO_ADDRESS)
        return mailto(person.email, *self._convening(self._meetings.file(meeting_id)))

    def _convening(self, file: MeetingFile) -> tuple[str, str]:
        """The subject and the words of an e-mail that convenes, which are those of the letters."""
        from app.documents.convocations import data_notice

        subject, _ = self._letter("Convocation", file)
        paragraphs = [
            "Bonjour,",
            "J'ai l'honneur de vous convier à la séance"
            f" {of_commission(file.commission.fields.name)}, qui se tiendra"
            f" {when_and_where(file.meeting.fields)}.",
            *conditions(file),
            _agenda(file),
            f"Cordialement,\n{self._settings.get('operator_name')}",
            data_notice(
                file,
                self._looks.letterhead(file.commission.id),
                self._now(),
                self._looks.template("convocations", file.commission.id),
            ),
        ]
        return subject, "\n\n".join(filter(None, paragraphs)) + "\n"

    def _letter(self, title: str, file: MeetingFile) -> tuple[str, str]:
        """The subject and the words of an e-mail that carries a document of a meeting."""
        fields = file.meeting.fields
        subject = f"{title} : {file.commission.fields.name}, {lowered(planned_title(fields))}"
        return self._words(subject, f"\n\nLieu : {fields.place}" if fields.place.strip() else "")

    def _words(self, subject: str, place: str = "") -> tuple[str, str]:
        body = (
            f"Bonjour,\n\nVous trouverez ci-joint : {ended(subject)}{place}\n\nCordialement,\n"
            f"{self._settings.get('operator_name')}\n"
        )
        return subject, body

    def approval_note(self, meeting_id: str) -> tuple[Document, Document]:
        """The cover note of approved minutes, then their PDF as it was frozen.

        UserError while they are not approved.
        """
        from app.documents.cover_note import cover_note

        file = self._meetings.file(meeting_id)
        frozen = self._book.frozen(meeting_id)
        if frozen is None or frozen.fields.approved_at_meeting_id is None:
            raise UserError("Le procès-verbal n'est pas approuvé : notez d'abord son approbation.")
        approving = self._meetings.file(frozen.fields.approved_at_meeting_id)
        letterhead = self._looks.letterhead(file.commission.id)
        note = cover_note(file, frozen, approving, letterhead, self._now())
        return note, self._minutes(file)

    def _of_meeting(self, kind: str, file: MeetingFile, large: bool) -> Document:
        if kind == "minutes":
            return self._minutes(file)
        if kind == "invitation":
            from app.documents.calendars import invitation

            try:
                return invitation(file, self._now())
            except ValueError as error:
                raise UserError("La séance n'a pas de date : fixez-la d'abord.") from error
        return self._composed.of_meeting(kind, file, large=large and kind == "attendance-sheet")

    def _minutes(self, file: MeetingFile) -> Document:
        frozen = self._book.frozen(file.meeting.id)
        if frozen is None:
            return self._composed.of_meeting("minutes", file)
        day = iso_day(file.meeting.fields)
        return self._book.pdf(frozen, file_name("pv", day, file.commission.fields.name))

    def _addendum(self, minutes_id: str) -> Document:
        correction = self._correction(minutes_id)
        corrected = self._book.corrected(correction)
        file = self._meeting_of("addendum", minutes_id)
        if correction.fields.frozen_at:
            number, day = str(correction.fields.number or ""), iso_day(file.meeting.fields)
            name = file_name("additif", number, day, file.commission.fields.name)
            return self._book.pdf(correction, name)
        return self._composed.addendum(file, correction, corrected)

    def _correction(self, minutes_id: str) -> Record[Minutes]:
        """The addendum of this id, or the last one to the minutes of this id."""
        found: Record[Minutes] = self._get(minutes_id, "minutes")
        if found.fields.addendum_to_id is not None:
            return found
        addenda: Sequence[Record[Minutes]] = self._records.list(
            "minutes", addendum_to_id=minutes_id
        )
        if not addenda:
            raise UserError("Ce procès-verbal n'a pas d'additif : créez-le d'abord.")
        return in_order(addenda)[-1]

    def _meeting_of(self, kind: str, record_id: str) -> MeetingFile:
        """The meeting that a document of a meeting, or an addendum, is about."""
        if kind == "addendum":
            corrected = self._book.corrected(self._correction(record_id))
            record_id = corrected.fields.meeting_id or ""
        return self._meetings.file(record_id)

    def _bulletin(self, record_id: str, shown_id: str | None) -> Document:
        found = self._records.get(record_id)
        if not isinstance(found.fields, Organisation):
            found = self._get(record_id, "commission")
        return self._composed.bulletin(found, shown_id=shown_id)

    def _solution(self, solution_id: str, shown_id: str | None) -> Document:
        file = self._composed.solution(self._get(solution_id, "solution"), shown_id)
        return self._composed.solution_sheet(file, shown_id=shown_id)

    def _vote_pack(self, solution_id: str, shown_id: str | None) -> Document:
        file = self._composed.solution(self._get(solution_id, "solution"), shown_id)
        return self._composed.vote_pack(file, shown_id=shown_id)

    def _needs_report(self, commission_id: str) -> Document:
        return self._composed.needs_report(self._get(commission_id, "commission"))

    def _calendar(self, commission_id: str) -> Document:
        from app.documents.calendars import calendar

        name = self._get(commission_id, "commission").fields.name
        meetings, items = (
            self._records.list(kind, commission_id) for kind in ("meeting", "agenda_item")
        )
        deadlines = self._composed.sources.deadlines(commission_id)
        return calendar(name, meetings, deadlines, self._now(), items)

    def _recipients(self, meeting_id: str, *, convened: bool = False) -> Sequence[tuple[str, str]]:
        """The members, each once, with their e-mail; `convened` keeps those convened by e-mail."""
        from app.domain.convocations import recipients

        file = self._meetings.file_of_today(meeting_id)
        return [
            (one.name, one.person.fields.email)
            for one in recipients(file, self._now().date())
            if one.entry_id and (one.channel == "email" or not convened)
        ]

    def _addresses(self, record_id: str) -> Sequence[tuple[str, str]]:
        """The organisation's own e-mail, when the document is about one."""
        fields = self._records.get(record_id).fields
        if isinstance(fields, Organisation) and fields.email:
            return [(fields.name, fields.email)]
        return []

    def _title(self, record_id: str) -> str:
        """The name of an organisation or of a commission, the title of a solution."""
        fields = self._records.get(record_id).fields
        name: str = fields.title if isinstance(fields, Solution) else fields.name
        return name.strip() or "sans nom"

    def _get(self, record_id: str, kind: str) -> Record[Any]:
        found: Record[Any] = self._records.get(record_id)
        if found.fields.kind_name != kind:
            raise UserError(
                f"« {record_id} » est un autre enregistrement"
                f" ({label_of(found.fields.kind_name)}) : il faut l'identifiant d'un enregistrement"
                f" de genre « {label_of(kind)} »."
            )
        return found

    def _now(self) -> datetime:
        return self._meetings.workspace.clock()


def _agenda(file: MeetingFile) -> str:
    """The items that are not withdrawn, each on its line, or that they are to come."""
    given = numbers(file)
    kept = [one for one in file.items if not one.fields.withdrawn]
    lines = [f"{given[one.id]}. {item_title(one)}" for one in kept]
    return "\n".join(["Ordre du jour :", *lines]) if lines else AGENDA_TO_COME
