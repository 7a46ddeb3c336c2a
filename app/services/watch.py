"""Regulatory watch: whom a note concerns, and the proof that they were told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import msgspec

from app.domain import wording
from app.domain.audience import concerned
from app.domain.records import Audience, Briefing, Organisation, Record, WatchNote
from app.domain.refusals import Refusal
from app.domain.search_text import fold
from app.errors import UserError
from app.services.corrections import corrections
from app.services.members import dated_notes, members, reason_words
from app.services.records import Records


class Concerned(msgspec.Struct, frozen=True, kw_only=True):
    """An organisation that a watch note concerns, with the reason as a French phrase."""

    id: str
    insee_code: str
    name: str
    reason: str


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """A watch note, how many organisations of a commission it concerns, and how many were told;
    `again` counts those of them told before it changed, and not since.
    """

    note: Record[WatchNote]
    concerned: int
    told: int
    again: int


class Watch:
    """What the window and the command line do with watch notes."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def audience(self, note_id: str, commission_id: str | None = None) -> Sequence[Concerned]:
        """The organisations that the note concerns, by name; those of a commission when named.

        UserError when the ids are not those of a watch note and of a commission.
        """
        note = self.note(note_id)
        audience = note.fields.audience
        words = reason_words(self._records) if audience != Audience() else {}
        found = []
        for organisation in self._organisations(commission_id):
            reason = concerned(organisation.fields, audience, words)
            if reason is not None:
                found.append(
                    Concerned(
                        id=organisation.id,
                        insee_code=organisation.fields.insee_code,
                        name=organisation.fields.name,
                        reason=wording.plain(reason),
                    )
                )
        return sorted(found, key=lambda one: (fold(one.name), one.insee_code))

    def progress(self, commission_id: str | None) -> Sequence[Progress]:
        """The notes of the region and of a commission (None: of all those here), with how many
        organisations each concerns there; a commission's own note concerns its members alone.
        """
        records = self._records
        here = records.list("commission")
        spaces = [commission_id] if commission_id else [one.id for one in here]
        inside = {space: members(records, space) for space in spaces}
        everybody = {one.id: one for several in inside.values() for one in several}
        notes = [note for space in (None, *spaces) for note in records.list("watch_note", space)]
        told, current = self._told(notes, records.list("briefing", commission_id or "*"))

        def whose(note: Record[WatchNote]) -> str | None:
            return None if commission_id else note.commission_id

        groups = {(whose(note), note.fields.audience) for note in notes}  # few, even for many notes
        reach = {
            (space, audience): {
                one.id
                for one in (everybody.values() if space is None else inside[space])
                if concerned(one.fields, audience)
            }
            for space, audience in groups
        }
        found = []
        for note in notes:
            reached = reach[whose(note), note.fields.audience]
            found.append(
                Progress(
                    note=note,
                    concerned=len(reached),
                    told=len(reached & told[note.id]),
                    again=len(reached & told[note.id] - current[note.id]),
                )
            )
        return found

    def _told(
        self, notes: Sequence[Record[WatchNote]], briefings: Sequence[Record[Briefing]]
    ) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
        """By note, who was told of it, and who of them was told of it as it now stands."""
        changed = corrections(self._records, notes, briefings)
        told, current = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
        for briefing in briefings:
            note_id, whom = briefing.fields.watch_note_id or "", briefing.fields.organisation_ids
            told[note_id].update(whom)
            if briefing.id not in changed:
                current[note_id].update(whom)
        return told, current

    def changed(
        self, note: Record[WatchNote], briefings: Sequence[Record[Briefing]]
    ) -> Mapping[str, Sequence[str]]:
        """By the id of each briefing, the fields of the note that have changed since."""
        return corrections(self._records, [note], briefings)

    def note(self, note_id: str) -> Record[WatchNote]:
        """The watch note; UserError when the id is not that of one."""
        note: Record[WatchNote] = self._records.get(note_id)
        if not isinstance(note.fields, WatchNote):
            raise UserError(f"« {note_id} » n'est pas une note de veille : vérifiez l'identifiant.")
        return note

    def _organisations(self, commission_id: str | None) -> Sequence[Record[Organisation]]:
        if commission_id is None:
            return self._records.list("organisation", None)
        if self._records.envelope(commission_id).kind != "commission":
            raise UserError(f"« {commission_id} » n'est pas une commission.")
        return members(self._records, commission_id)

    def tell(
        self,
        note_id: str,
        organisation_ids: Sequence[str],
        meeting_id: str | None = None,
        *,
        commission_id: str | None = None,
        told_on: str | None = None,
    ) -> Record[Briefing]:
        """Records who was told of a note, on which day, at which meeting, by the user.

        `commission_id` is that of the briefing, where a note of the region is told at no meeting.
        `told_on` is an ISO date, today unless given; Refusal when it is still to come.
        """
        note = self.note(note_id)
        workspace = self._records.workspace
        space = note.commission_id or commission_id
        if meeting_id is not None:
            space = self._records.envelope(meeting_id).commission_id
        today = workspace.clock().date().isoformat()
        if told_on is not None and told_on > today:
            raise Refusal("ce jour est encore à venir : donnez celui où elles ont été informées.",
                          field="told_on")  # fmt: skip
        fields = {
            "watch_note_id": note_id,
            "meeting_id": meeting_id,
            "organisation_ids": list(organisation_ids),
            "told_on": told_on or today,
            "told_by": workspace.author.name,
        }
        return self._records.create("briefing", fields, space or "", "Information donnée")

    def delete(self, note_ids: Sequence[str]) -> Sequence[str]:
        """Deletes notes, all or nothing; UserError where somebody was told of one."""
        for note in map(self.note, note_ids):
            if self.told(note.id) and not self._records.sealed(note):
                raise UserError(
                    f"« {note.fields.title} » ne peut être supprimée : des collectivités en ont été"
                    " informées. Pour la retirer, écrivez celle qui la remplace et nommez-la dans"
                    " « Remplacée par » ; si personne ne l'a été, retirez d'abord les informations"
                    " données."
                )
        return self._records.delete_all(note_ids)

    def told(self, note_id: str, commission_id: str | None = "*") -> Sequence[Record[Briefing]]:
        """Each time that the note was presented, in a commission when named, oldest first."""
        return self._records.list("briefing", commission_id, watch_note_id=note_id)

    def deadlines(self, commission_id: str) -> Sequence[Record[WatchNote]]:
        """The notes of a commission whose deadline is not past, the nearest first."""
        today = self._records.workspace.clock().date()
        return [note for due, note in dated_notes(self._records, commission_id) if due >= today]
