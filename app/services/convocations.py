"""Convocations: who gets one and how, what has left, when and to whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from app.domain import convocations, notice
from app.domain.attendance import seconds
from app.domain.convocations import Channel, Recipient
from app.domain.dates import local_day
from app.domain.meeting_file import MeetingFile
from app.domain.records import Convocation, Record
from app.domain.wording import listed
from app.errors import UserError
from app.services.changes import Change
from app.services.instants import as_instant

if TYPE_CHECKING:
    from app.services.meetings import Meetings


NO_ADDRESS = "Cette personne n'a pas de courriel : donnez-le d'abord dans sa fiche."

TOO_LATE = (
    "Une convocation part avant l'ouverture de la séance : donnez le jour où elle est partie."
)


class Dispatch(msgspec.Struct, frozen=True, kw_only=True):
    """The convocations of a meeting as a list shows them.

    `latest_on` is the last lawful day to send; `deadline` says it in a French sentence. `unnamed`
    are the organisations whose letter names nobody; `opened` is whether the meeting was opened.
    """

    latest_on: date | None
    deadline: str
    recipients: Sequence[Recipient]
    unnamed: Sequence[str]
    opened: bool

    def by(self, channel: Channel) -> list[Recipient]:
        """The members to convene by a channel."""
        return [one for one in self.recipients if one.entry_id and one.next_channel == channel]

    @property
    def unnamed_sentence(self) -> str:
        """« Rouvray ne nomme personne : sa lettre part sans nom… »; empty when all are named."""
        if not self.unnamed:
            return ""
        several = len(self.unnamed) > 1
        verb, whose = ("ne nomment", "leur") if several else ("ne nomme", "sa")
        return (
            f"{listed(self.unnamed)} {verb} personne : {whose} lettre part sans nom, et son envoi"
            " ne se note pas."
        )

    @property
    def waiting(self) -> list[Recipient]:
        """The members who have not been sent anything."""
        return [one for one in self.recipients if one.entry_id and not one.sent]


class Convocations:
    """What the window does with convocations; the letters and the drafts are documents."""

    def __init__(self, meetings: Meetings) -> None:
        self._meetings = meetings
        self._records = meetings.records

    def of(self, meeting_id: str) -> Dispatch:
        """The convocations of a meeting; UserError when there is none."""
        return dispatch(self._meetings.file(meeting_id), self._today())

    def choose(self, meeting_id: str, person_id: str, channel: Channel) -> Record[Convocation]:
        """Prepares a convocation by another channel than the usual one, such as by hand.

        UserError for somebody who is no member, or for an e-mail to one without an address.
        """
        file = self._meetings.file(meeting_id)
        recipient = self._recipient(file, person_id)
        if channel == "email" and not recipient.has_address:
            raise UserError(NO_ADDRESS)
        if recipient.prepared is not None:
            prepared = recipient.prepared.id
            return self._records.update(prepared, {"channel": channel}, "Envoi d'une convocation")
        fields = {"meeting_id": meeting_id, "person_id": person_id, "channel": channel}
        return self._records.create(
            "convocation", fields, file.meeting.commission_id, "Envoi d'une convocation"
        )

    def note_sent(
        self,
        meeting_id: str,
        person_ids: Sequence[str],
        *,
        at: str | None = None,
    ) -> Dispatch:
        """Notes that convocations left at an instant, now unless given, each by its channel.

        Whoever was sent one already gets a further line: nothing that was sent is written over.
        UserError for somebody who is no member, or for an instant after the opening.
        """
        file = self._meetings.file(meeting_id)
        at = as_instant(at, self._records.workspace.clock)
        opened_at = file.meeting.fields.opened_at
        if opened_at and seconds(at) > seconds(opened_at):
            raise UserError(TOO_LATE)
        changes = [
            _sent(file, self._recipient(file, person_id), at)
            for person_id in dict.fromkeys(person_ids)
        ]
        self._records.put(changes, "Envoi des convocations")
        return self.of(meeting_id)

    def take_back(self, meeting_id: str, person_id: str) -> Dispatch:
        """Deletes the last line noted for somebody: what is prepared, else the last sending.

        It stays in the history. UserError when nothing is noted.
        """
        file = self._meetings.file(meeting_id)
        found = convocations.recipients(file, self._today())
        lines = [
            line
            for one in found
            if one.person.id == person_id
            for line in (*one.sent, *([one.prepared] if one.prepared else []))
        ]
        if not lines:
            raise UserError("Aucun envoi n'est noté pour cette personne : il n'y a rien à effacer.")
        self._records.delete(lines[-1].id, label="Suppression d'un envoi")
        return self.of(meeting_id)

    def _recipient(self, file: MeetingFile, person_id: str) -> Recipient:
        for recipient in convocations.recipients(file, self._today()):
            if recipient.person.id == person_id and recipient.entry_id:
                return recipient
        raise UserError("Cette personne ne siège pas à la séance : choisissez un de ses membres.")

    def _today(self) -> date:
        return self._records.workspace.clock().date()


def dispatch(file: MeetingFile, today: date) -> Dispatch:
    """The convocations of a meeting, on a day."""
    return Dispatch(
        latest_on=notice.latest_sending(file.commission.fields, file.meeting.fields),
        deadline=convocations.deadline(file, today),
        recipients=convocations.recipients(file, today),
        unnamed=convocations.unnamed(file, today),
        opened=file.meeting.fields.opened_at is not None,
    )


def all_sent(file: MeetingFile, at: str) -> list[Change]:
    """The changes that note a sending, at an instant, to each member who was not sent anything."""
    return [
        _sent(file, recipient, at)
        for recipient in convocations.recipients(file, local_day(at))
        if recipient.entry_id and not recipient.sent
    ]


def _sent(file: MeetingFile, recipient: Recipient, at: str) -> Change:
    """The change that notes one convocation as sent; what was prepared is completed."""
    fields = {"sent_at": at, "channel": recipient.next_channel}
    if recipient.prepared is not None:
        return Change("convocation", fields, recipient.prepared.id)
    new = {"meeting_id": file.meeting.id, "person_id": recipient.person.id}
    return Change("convocation", fields | new, None, file.meeting.commission_id)
