"""Whom a meeting convenes, by which channel, and the last lawful day to send."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from app.domain import attendance, notice, wording
from app.domain.dates import instant, local_day
from app.domain.mail_addresses import is_address
from app.domain.meeting_file import MeetingFile
from app.domain.names import organisation_names, person_name
from app.domain.records import Convocation, Meeting, Person, Record, RosterEntry
from app.domain.search_text import fold

Channel = Literal["letter", "email", "hand"]


@dataclass(frozen=True)
class Recipient:
    """A member to convene, with what was prepared and sent; `entry_id` is "" for a former member.

    `channel` is that of the convocation prepared, else the last one used, else e-mail; what is
    still to be sent goes by letter to a person without an e-mail address, whatever was chosen.
    `sent` stands in the order of sending.
    """

    entry_id: str
    person: Record[Person]
    organisation: str
    channel: Channel
    sent: Sequence[Record[Convocation]] = ()
    prepared: Record[Convocation] | None = None

    @property
    def name(self) -> str:
        return person_name(self.person)

    @property
    def has_address(self) -> bool:
        return is_address(self.person.fields.email)

    @property
    def next_channel(self) -> Channel:
        """The channel of the next sending."""
        return _possible(self.channel, self.person)

    @property
    def sent_at(self) -> str | None:
        """The first sending, which is the one that counts."""
        return self.sent[0].fields.sent_at if self.sent else None


def recipients(file: MeetingFile, today: date) -> list[Recipient]:
    """Who is convened, by organisation then name: each seat's titular, else its alternate.

    Seats without a vote are convened too; a person who holds two seats is convened once. Before
    the meeting has a date its seats are those in office `today`. Whoever was convened and holds
    no seat any more comes last.
    """
    on = attendance.meeting_day(file.meeting.fields) or today
    places = organisation_names(file.organisations.values())
    found: dict[str, Recipient] = {}
    for entry in file.roster:
        person = _convened(file, entry)
        if person and person.id not in found and attendance.is_current(entry.fields, on):
            place = places.get(entry.fields.organisation_id or "", "")
            found[person.id] = _recipient(file, entry.id, person, place)
    former = {one.fields.person_id for one in file.convocations} - found.keys()
    gone = [_recipient(file, "", person, "") for person in file.persons.values()
            if person.id in former]  # fmt: skip
    return [*sorted(found.values(), key=_order), *sorted(gone, key=_order)]


def unnamed(file: MeetingFile, today: date) -> list[str]:
    """The organisations of the seats that a letter convenes without naming anybody."""
    on = attendance.meeting_day(file.meeting.fields) or today
    places = organisation_names(file.organisations.values())
    found = {
        entry.fields.organisation_id or ""
        for entry in file.roster
        if _convened(file, entry) is None and attendance.is_current(entry.fields, on)
    }
    return sorted(filter(None, (places.get(one) for one in found)), key=fold)


def _convened(file: MeetingFile, entry: Record[RosterEntry]) -> Record[Person] | None:
    person_id = entry.fields.titular_person_id or entry.fields.alternate_person_id
    return file.persons.get(person_id or "")


def _recipient(
    file: MeetingFile, entry_id: str, person: Record[Person], organisation: str
) -> Recipient:
    own = [one for one in file.convocations if one.fields.person_id == person.id]
    sent = [one for one in own if one.fields.sent_at]
    sent.sort(key=lambda one: attendance.seconds(one.fields.sent_at or ""))
    prepared = next((one for one in own if not one.fields.sent_at), None)
    if sent and not prepared:
        channel = sent[-1].fields.channel
    else:
        channel = _possible(prepared.fields.channel if prepared else "email", person)
    return Recipient(entry_id, person, organisation, channel, sent, prepared)


def _possible(channel: Channel, person: Record[Person]) -> Channel:
    """The channel, or a letter in the place of an e-mail to somebody without an address."""
    return "letter" if channel == "email" and not is_address(person.fields.email) else channel


def _order(recipient: Recipient) -> tuple[str, str, str]:
    return (
        fold(recipient.organisation),
        fold(recipient.person.fields.last_name),
        recipient.person.id,
    )


def last_sending(file: MeetingFile, today: date) -> date:
    """The day on which the last member is convened: `today` when some were not sent anything."""
    seated = [one for one in recipients(file, today) if one.entry_id]
    return max((local_day(one.sent_at) if one.sent_at else today for one in seated), default=today)


def deadline(file: MeetingFile, today: date) -> str:
    """The last lawful day to send, in a sentence that says whether it was missed."""
    commission, meeting = file.commission.fields, file.meeting.fields
    latest = notice.latest_sending(commission, meeting)
    if latest is None:
        return "Fixez la date de la séance pour connaître le dernier jour d'envoi"
    days = wording.count(
        notice.clear_days(commission, meeting.emergency), "jour franc", "jours francs"
    )
    why = f"{days}, urgence" if meeting.emergency else days
    sent = [one.sent_at for one in recipients(file, today) if one.entry_id]
    if today <= latest and sent and all(sent):
        return f"Le dernier jour d'envoi est le {wording.long_day(latest)} ({why})"
    if today <= latest:
        return f"À envoyer au plus tard le {wording.long_day(latest)} ({why})"
    if meeting.status != "planned" or last_sending(file, today) <= latest:
        return f"Le dernier jour d'envoi était le {wording.long_day(latest)} ({why})"
    return f"Trop tard : il fallait envoyer au plus tard le {wording.long_day(latest)} ({why})"


def moved(before: Meeting, after: Meeting) -> str:
    """What is to be done once a convened meeting moves, in time or place; empty for nothing."""
    if after.status != "convened":
        return ""
    what = []
    then, now = ((one.starts_at and instant(one.starts_at)) for one in (before, after))
    if then != now:
        on = [one.starts_at and local_day(one.starts_at) for one in (before, after)]
        what.append("la nouvelle heure" if on[0] == on[1] else "la nouvelle date")
    if before.place.strip() != after.place.strip():
        what.append("le nouveau lieu")
    if not what:
        return ""
    return (
        f"Les convocations déjà parties ne disent pas {wording.listed(what)} : prévenez les"
        " membres, puis notez ce nouvel envoi dans « Voir les envois »."
    )
