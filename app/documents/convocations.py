"""Convocations by letter: one for each member not written to by e-mail, for DL window envelopes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime

from app.documents.agenda import agenda_table
from app.documents.document import Document, Letterhead
from app.documents.masthead import finished, logo, logo_words, open_paper
from app.documents.meeting_parts import meeting_values
from app.documents.meeting_words import (
    AGENDA_TO_COME,
    conditions,
    iso_day,
    lowered,
    named_commission,
    of_commission,
    planned_title,
    when_and_where,
)
from app.documents.pdf.paper import Paper, address_width
from app.documents.pdf.styles import MM
from app.documents.people import People
from app.documents.templates import Part, arrange, shipped
from app.domain import attendance, dates, wording
from app.domain import convocations as convening
from app.domain.dates import PARIS
from app.domain.document_templates import Template, Values, filled
from app.domain.mail_addresses import is_address
from app.domain.meeting_file import MeetingFile
from app.domain.meeting_state import MeetingState
from app.domain.names import person_name
from app.domain.records import Organisation, Person, Record, RosterEntry

ADDRESS_LEFT, ADDRESS_TOP = 112 * MM, 52 * MM
"""Where an address stands behind the window of a DL envelope, from the sheet's upper left."""

ADDRESS_LINES = 6
"""What the window shows; beyond, the role is left out."""

FOLDS = (99 * MM, 198 * MM)
"""From the top of the sheet, for an A4 folded in three."""


_NO_CODES: Mapping[str, str] = {}
_POSTAL_CODE = re.compile(r"\b\d{5}\b")


def members(people: People, today: date) -> list[Record[RosterEntry]]:
    """The entries to convene, voting or not: those in their term on the day of the meeting, or
    `today` before it has a date.
    """
    day = attendance.meeting_day(people.file.meeting.fields) or today
    current = [one for one in people.file.roster if attendance.is_current(one.fields, day)]
    return sorted(current, key=people.order)


def convened(people: People, entry: Record[RosterEntry]) -> Record[Person] | None:
    """Whom the convocation of an entry is addressed to: the titular, else the alternate."""
    return people.person(entry.fields.titular_person_id or entry.fields.alternate_person_id)


def recipients(people: People, today: date) -> list[Record[RosterEntry]]:
    """The members to write to on paper, each once: e-mail is not chosen, or they have none."""
    file = people.file
    chosen = {one.person.id: one.channel for one in convening.recipients(file, today)}
    found, written = [], set()
    for entry in members(people, today):
        person = convened(people, entry)
        if person is None:
            if people.place(entry.fields.organisation_id):
                found.append(entry)
        elif person.id not in written and not _by_email(person, chosen):
            written.add(person.id)
            found.append(entry)
    return found


def _by_email(person: Record[Person], chosen: Mapping[str, convening.Channel]) -> bool:
    return chosen.get(person.id, "email") == "email" and is_address(person.fields.email)


def convocations(
    file: MeetingFile, letterhead: Letterhead, made_at: datetime,
    postal_codes: Mapping[str, str] = _NO_CODES, template: Template | None = None,
    *, moved_at: str | None = None,
) -> Document:  # fmt: skip
    """The letters of a meeting in one PDF, pages counted letter by letter.

    `postal_codes`, by INSEE code, complete an address that has none. What was sent before
    `moved_at`, when the hour or the place last changed, said something else. Without a recipient
    it holds one page that says so; without a template it follows the shipped one.
    """
    people = People(MeetingState(file))
    name, meeting = file.commission.fields.name, file.meeting.fields
    title = planned_title(meeting)
    paper = open_paper(
        letterhead, f"Convocations, {lowered(title)}, {name}", made_at,
        subject=f"Convocations : {name}",
    )  # fmt: skip
    today = made_at.astimezone(PARIS).date()
    letters = recipients(people, today)
    writer = _Letter(paper, people, letterhead, made_at, postal_codes, moved_at=moved_at)
    for entry in letters:
        paper.section(f"{name} – Convocation, {lowered(title)}", FOLDS)
        writer.write(entry, template or shipped("convocations"))
    if not letters:
        paper.heading(1, "Convocations")
        by_email = "Chaque membre est convoqué par courriel : il n'y a pas de lettre à envoyer."
        paper.text(by_email if members(people, today) else "Aucun siège n'est pourvu à cette date.")
    return finished(paper, "convocations", iso_day(meeting), name)


def data_notice(
    file: MeetingFile, letterhead: Letterhead, made_at: datetime, template: Template
) -> str:
    """What the letters tell their readers about the data kept, for the e-mails; "" if nothing."""
    values = meeting_values(People(MeetingState(file)), letterhead, made_at)
    told = (one.text for one in template.shown() if one.name == "data_notice")
    return "\n".join(filled(text, values) for text in told)


class _Letter:
    def __init__(
        self, paper: Paper, people: People, letterhead: Letterhead, made_at: datetime,
        postal_codes: Mapping[str, str], *, moved_at: str | None,
    ) -> None:  # fmt: skip
        self.paper, self.people, self.letterhead = paper, people, letterhead
        self._logo, self._moved_at = logo(letterhead), moved_at
        self.file, self.made_at, self.postal_codes = people.file, made_at, postal_codes
        self._shared = meeting_values(people, letterhead, made_at) | {
            "commission_nommée": named_commission(self.file.commission.fields.name),
            "de_la_commission": of_commission(self.file.commission.fields.name),
            "quand_et_où": when_and_where(self.file.meeting.fields),
        }

    def write(self, entry: Record[RosterEntry], template: Template) -> None:
        """The letter to a member."""
        paper, title = self.paper, lowered(planned_title(self.file.meeting.fields))
        self._addresses(entry)
        person = convened(self.people, entry)
        seat = self.people.state.names.seat(entry.id, person.id if person else None)
        bookmark = f"Convocation, {seat}"
        paper.heading(1, f"Convocation à la {title}", name="letter-title", bookmark=bookmark)
        parts: dict[str, Part] = {
            "conditions": lambda heading: self._conditions(),
            "agenda": self._agenda,
            "absence": lambda heading: paper.text(self._absence(entry), indent=0, keep=True),
        }
        arrange(paper, template, self._values(entry), parts, indent=0)

    def _sent_on(self, entry: Record[RosterEntry]) -> date:
        """The day that a letter which says the same was sent, else the one on which it is made."""
        person = convened(self.people, entry)
        sent = [
            one.fields.sent_at
            for one in self.file.convocations
            if one.fields.sent_at and person and one.fields.person_id == person.id
        ]
        if moved_at := self._moved_at:
            sent = [one for one in sent if dates.instant(one) >= dates.instant(moved_at)]
        made = self.made_at.astimezone(PARIS).date()
        return dates.local_day(min(sent, key=dates.instant)) if sent else made

    def _values(self, entry: Record[RosterEntry]) -> Values:
        person = convened(self.people, entry)
        return self._shared | {"destinataire": person_name(person) if person else ""}

    def _conditions(self) -> None:
        for words in conditions(self.file):
            self.paper.text(words, indent=0)

    def _agenda(self, heading: str) -> None:
        self.paper.heading(2, heading, name="h3", indent=0)
        agenda_table(self.paper, self.file)
        if not self.file.items:
            self.paper.text(AGENDA_TO_COME, indent=0)

    def _addresses(self, entry: Record[RosterEntry]) -> None:
        """The sender on the left; the addressee where the envelope's window is."""
        sender = [self.letterhead.operator, *self.letterhead.address.splitlines(),
                  self.file.commission.fields.name]  # fmt: skip
        self.paper.letter_head(
            sender, self._addressee(entry), ADDRESS_LEFT, ADDRESS_TOP, picture=self._logo,
            alt=logo_words(self.letterhead), dated=f"Le {wording.short_day(self._sent_on(entry))}",
        )  # fmt: skip

    def _addressee(self, entry: Record[RosterEntry]) -> list[str]:
        person = convened(self.people, entry)
        organisation = self.file.organisations.get(entry.fields.organisation_id or "")
        lines = [person_name(person)] if person else []
        if organisation:
            lines += [_seat_of(organisation.fields), *self._place(organisation.fields)]
        lines = [line for line in lines if line.strip()]
        role = person.fields.role.strip() if person else ""
        if not role:
            return lines
        named = [*lines[:1], wording.capitalised(role), *lines[1:]]
        height = self.paper.count_lines("\n".join(named), "address", address_width(ADDRESS_LEFT))
        return named if height <= ADDRESS_LINES else lines

    def _place(self, organisation: Organisation) -> list[str]:
        """The address typed, completed by the postal code and the town where it lacks them."""
        lines = organisation.address.splitlines()
        code = self.postal_codes.get(organisation.insee_code or "")
        if code and not _POSTAL_CODE.search(organisation.address):
            lines.append(f"{code} {organisation.name}")
        return lines

    def _absence(self, entry: Record[RosterEntry]) -> str:
        """What the addressee may do, by all their seats: they get one letter."""
        ways, person = [], convened(self.people, entry)
        today = self.made_at.astimezone(PARIS).date()
        seats = [entry.fields] + [
            one.fields
            for one in members(self.people, today)
            if person and one.id != entry.id and convened(self.people, one) == person
        ]
        named = [self.people.person(seat.alternate_person_id) for seat in seats
                 if seat.titular_person_id is not None]  # fmt: skip
        alternates = dict.fromkeys(person_name(one) for one in named if one and one != person)
        if alternates:
            verb = wording.agree(len(alternates), "supplée", "suppléent")
            ways.append(f"prévenir {wording.listed(list(alternates))}, qui vous {verb}")
        limit = self.file.commission.fields.proxies_per_holder
        if limit != 0 and any(seat.voting for seat in seats):
            ways.append(
                "donner à un autre membre un pouvoir écrit, daté et signé, remis au plus tard à"
                " l'ouverture de la séance"
            )
        return f"En cas d'empêchement, vous pouvez {', ou '.join(ways)}." if ways else ""


def _seat_of(organisation: Organisation) -> str:
    """« Mairie de Vougeot »; the name alone for other bodies."""
    if organisation.kind != "commune" or not organisation.name.strip():
        return organisation.name
    return f"Mairie {wording.of_place(organisation.name.strip())}"
