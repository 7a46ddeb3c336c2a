"""Minutes: their freeze and that of their addenda, and the bytes that are kept for ever."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import msgspec

from app.documents.document import PDF, Document
from app.documents.making import tell
from app.domain import validation
from app.domain.attendance import seconds
from app.domain.findings import Finding
from app.domain.follow_up import Became
from app.domain.meeting_file import MeetingFile, frozen
from app.domain.meeting_state import MeetingState
from app.domain.records import Envelope, Minutes, Need, Record
from app.errors import UserError
from app.services.follow_up import FollowUps
from app.services.instants import as_instant
from app.services.meetings import Meetings
from app.services.paper_looks import PaperLooks
from app.services.translation import translated

if TYPE_CHECKING:
    from app.documents.sealed import Sealed


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a file's bytes; only `frozen` is set when they are no frozen PDF's."""

    frozen: bool
    minutes_id: str | None = None
    meeting_id: str | None = None
    number: int | None = None
    frozen_at: str | None = None
    content_sha256: str | None = None
    pdf_sha256: str | None = None


@dataclass(frozen=True)
class Frozen:
    """A freeze that was made: the record, its PDF, and what the minutes lack all the same."""

    record: Record[Minutes]
    document: Document
    gaps: Sequence[Finding] = ()


class MinutesBook:
    """Freezes minutes and addenda, once each, and serves their PDF as it was made then."""

    def __init__(self, meetings: Meetings, follow_ups: FollowUps, looks: PaperLooks) -> None:
        self._meetings, self._follow_ups, self._looks = meetings, follow_ups, looks
        self._records = meetings.records
        self._workspace = meetings.workspace

    def freeze(self, record_id: str, at: str | None = None) -> Frozen:
        """Freezes the minutes of a meeting, or an addendum by its own id.

        The content, its hash, the PDF's hash and the PDF are written in one transaction.
        UserError when the rules bar it; see `Meetings.freezing`.
        """
        envelope = self._records.envelope(record_id)
        if envelope.kind == "meeting":
            return self._freeze_meeting(record_id, at)
        if envelope.kind == "minutes" and validation.readable(envelope)["addendum_to_id"]:
            return self._freeze_addendum(validation.typed(envelope), at)
        raise UserError(
            f"« {record_id} » n'est ni une séance ni un additif : vérifiez l'identifiant."
        )

    def correct(self, minutes: Record[Minutes], fields: dict[str, Any]) -> Record[Minutes]:
        """Drafts an addendum to frozen minutes, to be read before its own freeze."""
        tied = {"addendum_to_id": minutes.id, "meeting_id": minutes.fields.meeting_id}
        label = "Projet d'additif"
        drafted: Record[Minutes] = self._records.create(
            "minutes", fields | tied, minutes.commission_id, label
        )
        return drafted

    def _freeze_meeting(self, meeting_id: str, at: str | None) -> Frozen:
        from app.documents.sealed import sealed_minutes

        freezing = self._meetings.freezing(meeting_id, at)
        file = freezing.file
        sealed = sealed_minutes(
            file,
            self._looks.letterhead(file.commission.id),
            datetime.fromisoformat(freezing.frozen_at),
            became=self.became(file),
            template=self._looks.template("minutes", file.commission.id),
        )
        drafts = [
            one for one in file.minutes
            if one.fields.frozen_at is None and one.fields.addendum_to_id is None
        ]  # fmt: skip
        fields: dict[str, Any] = {"meeting_id": meeting_id, "frozen_at": freezing.frozen_at}
        if file.meeting.fields.number is not None:  # else that of the draft stays
            fields["number"] = file.meeting.fields.number
        draft = drafts[0].id if drafts else None
        written = self._keep(draft, file, fields, sealed, "Gel du procès-verbal")
        return Frozen(written, sealed.document, freezing.gaps)

    def _freeze_addendum(self, correction: Record[Minutes], at: str | None) -> Frozen:
        from app.documents.sealed import sealed_addendum

        if correction.fields.frozen_at:
            raise UserError("Cet additif est déjà gelé, il ne change plus.")
        if not correction.fields.text.strip():
            raise UserError("L'additif n'a pas de texte : écrivez ce qu'il corrige avant le gel.")
        corrected = self.corrected(correction)
        if corrected.fields.frozen_at is None:
            raise UserError("Le procès-verbal que l'additif corrige n'est pas gelé : corrigez-le.")
        file = self._meetings.file(corrected.fields.meeting_id or "")
        moment = as_instant(at, self._workspace.clock)
        if at and seconds(moment) < seconds(corrected.fields.frozen_at):
            raise UserError(
                "L'additif serait gelé avant le procès-verbal qu'il corrige : donnez un instant qui"
                " suit le gel de celui-ci."
            )
        number = self._number(correction, corrected.id)
        numbered = msgspec.structs.replace(
            correction, fields=msgspec.structs.replace(correction.fields, number=number)
        )
        letterhead = self._looks.letterhead(file.commission.id)
        sealed = sealed_addendum(
            file, numbered, corrected, letterhead, datetime.fromisoformat(moment),
            template=self._looks.template("addendum", file.commission.id),
        )  # fmt: skip
        fields = msgspec.to_builtins(numbered.fields) | {"frozen_at": moment}
        written = self._keep(correction.id, file, fields, sealed, "Gel de l'additif")
        return Frozen(written, sealed.document)

    def _number(self, correction: Record[Minutes], corrected_id: str) -> int:
        """The addendum's own number, unless a frozen one has it; else the next one."""
        addenda = self._records.list("minutes", addendum_to_id=corrected_id)
        taken = {one.fields.number or 0 for one in addenda if one.fields.frozen_at}
        own = correction.fields.number or 0
        return own if own > 0 and own not in taken else max(taken, default=0) + 1

    def _keep(
        self, record_id: str | None, file: MeetingFile, fields: dict[str, Any], sealed: Sealed,
        label: str,
    ) -> Record[Minutes]:  # fmt: skip
        """Writes the record and the PDF, unless somebody else changed the meeting meanwhile."""
        from app.storage import blobs

        tell(label, 1)  # the user may cancel here, before anything is written
        with translated(self._workspace), self._workspace.unit(label, undoable=False) as unit:
            if self._meetings.file(file.meeting.id) != file:
                raise UserError("La séance a changé pendant le gel : recommencez.")
            held = unit.get(record_id) if record_id else None
            whole = (held.fields if held else {}) | fields
            whole |= {
                "content": sealed.content,
                "content_sha256": sealed.content_sha256,
                "pdf_sha256": blobs.keep(unit, sealed.document.data),
            }
            envelope = Envelope(
                kind="minutes",
                id=record_id or self._records.ids(),
                revision=held.revision if held else 0,
                commission_id=file.meeting.commission_id,
                fields=validation.complete("minutes", whole),
            )
            unit.save(envelope)
            unit.commit()
        written: Record[Minutes] = validation.typed(envelope)
        return written

    def frozen(self, meeting_id: str) -> Record[Minutes] | None:
        """The frozen minutes of a meeting, addenda aside; None before the freeze."""
        return frozen(self._records.list("minutes", meeting_id=meeting_id))

    def corrected(self, correction: Record[Minutes]) -> Record[Minutes]:
        """The minutes that an addendum corrects."""
        found = self._records.get(correction.fields.addendum_to_id or "")
        if not isinstance(found.fields, Minutes):
            raise UserError("Cet additif ne corrige aucun procès-verbal : supprimez-le.")
        return found

    def pdf(self, minutes: Record[Minutes], file_name: str) -> Document:
        """The PDF made at the freeze; UserError when this laptop does not hold it yet."""
        from app.documents.pdf.fonts import replaced

        with self._workspace.snapshot() as records:
            data = records.blob(minutes.fields.pdf_sha256 or "")
        if data is None:
            raise UserError(
                "Le PDF gelé n'est pas encore sur cet ordinateur : synchronisez, ou importez"
                " l'archive .zip qui le contient."
            )
        return Document(data, PDF, file_name, tuple(sorted(replaced(data))))

    def verify(self, data: bytes) -> Verification:
        """Whether the bytes are those of a PDF frozen in this workspace."""
        digest = sha256(data).hexdigest()
        found: Sequence[Record[Minutes]] = self._records.list("minutes", pdf_sha256=digest)
        if not found:
            return Verification(frozen=False)
        fields = found[0].fields
        return Verification(
            frozen=True,
            minutes_id=found[0].id,
            meeting_id=fields.meeting_id,
            number=fields.number,
            frozen_at=fields.frozen_at,
            content_sha256=fields.content_sha256,
            pdf_sha256=digest,
        )

    def became(self, file: MeetingFile) -> list[Became[Need]]:
        """The needs raised before this meeting that were answered between the last one and its own
        end; none where it came to nothing, since the next one will tell them.
        """
        if MeetingState(file).came_to_nothing:
            return []
        return [
            one
            for one in self._follow_ups.of(file.meeting.id).needs
            if one.moved and one.record.fields.status in ("answered", "served", "set_aside")
        ]
