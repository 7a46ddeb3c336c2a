"""Convocations by letter: one for each member without e-mail, addressed for DL window envelopes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from app.documents.agenda import agenda_table
from app.documents.document import Document, Letterhead
from app.documents.masthead import finished, open_paper
from app.documents.meeting_words import iso_day, lowered, named_commission, planned_title
from app.documents.pdf.paper import Paper
from app.documents.pdf.styles import MM
from app.documents.people import People
from app.domain import attendance, wording
from app.domain.dates import PARIS
from app.domain.meeting_file import MeetingFile
from app.domain.meeting_state import MeetingState
from app.domain.names import person_name
from app.domain.records import Organisation, Person, Record, RosterEntry

ADDRESS_LEFT, ADDRESS_TOP = 112 * MM, 52 * MM
"""Where an address stands behind the window of a DL envelope, from the sheet's upper left."""

FOLDS = (99 * MM, 198 * MM)
"""From the top of the sheet, for an A4 folded in three."""


_NO_CODES: Mapping[str, str] = {}
_POSTAL_CODE = re.compile(r"\b\d{5}\b")


def members(people: People) -> list[Record[RosterEntry]]:
    """The entries to convene, in their term on the day of the meeting, voting or not."""
    day = attendance.meeting_day(people.file.meeting.fields)
    current = [
        entry
        for entry in people.file.roster
        if day is None or attendance.is_current(entry.fields, day)
    ]
    return sorted(current, key=people.order)


def convened(people: People, entry: Record[RosterEntry]) -> Record[Person] | None:
    """Whom the convocation of an entry is addressed to: the titular, else the alternate."""
    return people.person(entry.fields.titular_person_id or entry.fields.alternate_person_id)


def recipients(people: People) -> list[Record[RosterEntry]]:
    """The members to write to on paper: those without e-mail."""
    found = []
    for entry in members(people):
        person = convened(people, entry)
        if person is None or not person.fields.email.strip():
            found.append(entry)
    return found


def convocations(
    file: MeetingFile, letterhead: Letterhead, made_at: datetime,
    postal_codes: Mapping[str, str] = _NO_CODES,
) -> Document:  # fmt: skip
    """The letters of a meeting in one PDF, pages counted letter by letter.

    `postal_codes`, by INSEE code, complete an address that has none. Without a recipient it holds
    one page that says so.
    """
    people = People(MeetingState(file))
    name, meeting = file.commission.fields.name, file.meeting.fields
    title = planned_title(meeting)
    paper = open_paper(
        letterhead, f"Convocations, {lowered(title)}, {name}", made_at,
        subject=f"Convocations de {name}",
    )  # fmt: skip
    letters = recipients(people)
    for entry in letters:
        paper.section(f"{name} – Convocation, {lowered(title)}", FOLDS)
        _Letter(paper, people, letterhead, made_at, postal_codes).write(entry)
    if not letters:
        paper.heading(1, "Convocations")
        paper.text("Chaque membre a une adresse électronique : il n'y a pas de lettre à envoyer.")
    return finished(paper, "convocations", iso_day(meeting), name)


class _Letter:
    def __init__(
        self, paper: Paper, people: People, letterhead: Letterhead, made_at: datetime,
        postal_codes: Mapping[str, str],
    ) -> None:  # fmt: skip
        self.paper, self.people, self.letterhead = paper, people, letterhead
        self.file, self.made_at, self.postal_codes = people.file, made_at, postal_codes

    def write(self, entry: Record[RosterEntry]) -> None:
        paper, meeting = self.paper, self.file.meeting.fields
        self._addresses(entry)
        paper.text(f"Le {wording.short_day(self.made_at.astimezone(PARIS).date())}", indent=0)
        paper.heading(1, f"Convocation à la {lowered(planned_title(meeting))}", name="letter-title")
        paper.text("Madame, Monsieur,", indent=0)
        paper.text(self._invitation(), indent=0)
        if meeting.emergency and meeting.emergency_reason.strip():
            paper.text(f"Urgence : {meeting.emergency_reason.strip()}", indent=0)
        for words in self._reconvened():
            paper.text(words, indent=0)
        paper.heading(2, "Ordre du jour", indent=0)
        agenda_table(paper, self.file)
        if not self.file.items:
            paper.text("L'ordre du jour vous sera communiqué.", indent=0)
        paper.text(self._absence(entry), indent=0)
        paper.text(
            "Je vous prie d'agréer, Madame, Monsieur, mes salutations distinguées.", indent=0
        )
        chair = self.people.person(meeting.chair_person_id)
        paper.signatures([("", ""), ("La présidence", person_name(chair) if chair else "")])

    def _addresses(self, entry: Record[RosterEntry]) -> None:
        """The sender on the left; the addressee where the envelope's window is."""
        sender = [self.letterhead.operator, *self.letterhead.address.splitlines(),
                  self.file.commission.fields.name]  # fmt: skip
        self.paper.letter_head(sender, self._addressee(entry), ADDRESS_LEFT, ADDRESS_TOP)

    def _addressee(self, entry: Record[RosterEntry]) -> list[str]:
        person = convened(self.people, entry)
        organisation = self.file.organisations.get(entry.fields.organisation_id or "")
        lines = [person_name(person)] if person else []
        if person and person.fields.role:
            lines.append(wording.capitalised(person.fields.role))
        if organisation:
            lines += [_seat_of(organisation.fields), *self._place(organisation.fields)]
        return [line for line in lines if line.strip()]

    def _place(self, organisation: Organisation) -> list[str]:
        """The address typed, ended by the postal code and the town where it lacks them."""
        lines = organisation.address.splitlines()
        code = self.postal_codes.get(organisation.insee_code or "")
        if code and not _POSTAL_CODE.search(organisation.address):
            lines.append(f"{code} {organisation.name}")
        return lines

    def _invitation(self) -> str:
        meeting = self.file.meeting.fields
        when = f" le {wording.day_and_hour(meeting.starts_at)}" if meeting.starts_at else ""
        where = f", à l'adresse suivante : {meeting.place.strip()}" if meeting.place.strip() else ""
        return (
            f"J'ai l'honneur de vous convier à la séance de la"
            f" {named_commission(self.file.commission.fields.name)}, qui se tiendra{when}{where}."
        )

    def _reconvened(self) -> list[str]:
        former = self.file.reconvened_from
        if former is None:
            return []
        day = attendance.meeting_day(former.meeting.fields)
        when = f" du {wording.long_day(day)}" if day else ""
        return [
            f"Le quorum n'ayant pas été réuni lors de la séance{when}, les points repris de cette"
            " séance seront examinés sans condition de quorum."
        ]

    def _absence(self, entry: Record[RosterEntry]) -> str:
        titular = entry.fields.titular_person_id
        alternate = self.people.person(entry.fields.alternate_person_id) if titular else None
        told = f"prévenir {person_name(alternate)}, qui vous supplée, ou " if alternate else ""
        return (
            f"En cas d'empêchement, vous pouvez {told}donner à un autre membre un pouvoir écrit,"
            " daté et signé, remis au plus tard à l'ouverture de la séance."
        )


def _seat_of(organisation: Organisation) -> str:
    """« Mairie de Vougeot »; the name alone for other bodies."""
    if organisation.kind != "commune" or not organisation.name.strip():
        return organisation.name
    return f"Mairie {wording.of_place(organisation.name.strip())}"
