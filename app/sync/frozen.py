"""What was written elsewhere of a meeting whose minutes are frozen: kept as draft addenda."""

from __future__ import annotations

from hashlib import sha256
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import msgspec
from sqlalchemy import select

from app.domain.frozen import held_fields
from app.domain.records import MAX_TEXT, Envelope
from app.domain.titles import label_of
from app.domain.validation import defaults
from app.storage.meeting_ties import meeting_of
from app.storage.tables import blob
from app.storage.unit_of_work import UnitOfWork
from app.sync.outcome import Outcome

_REASON = "Écrit sur un autre ordinateur, arrivé après le gel du procès-verbal."
_SECOND = "Procès-verbal gelé en second.pdf"
_WORDS = {
    "title": "titre", "notes": "notes", "text": "texte", "words": "paroles", "question": "question",
    "presenter": "rapporteur", "place": "lieu", "emergency_reason": "motif de l'urgence",
}  # fmt: skip


class Afterwords:
    """Gathers such words and writes them as addenda of the minutes, at the end of an answer."""

    def __init__(self, unit: UnitOfWork, outcome: Outcome) -> None:
        self.unit = unit
        self.outcome = outcome
        self._found: dict[str, list[str]] = {}  # paragraphs by minutes

    def froze(self, minutes_id: str) -> None:
        """Counts a meeting as frozen by this sync: others' words may still be on their way."""
        minutes = self.unit.get(minutes_id)
        if minutes is not None and not minutes.fields["addendum_to_id"]:
            self.outcome.frozen[minutes.fields["meeting_id"]] = minutes_id

    def compare(self, before: dict[str, Any] | None, record: Envelope) -> None:
        """Keeps what a record brings to a meeting that this sync froze, if anything."""
        minutes_id = self.outcome.frozen.get(meeting_of(self.unit, record) or "")
        if minutes_id is not None and record.id != minutes_id:
            self.note(minutes_id, record, before, record.fields)

    def note(
        self,
        minutes_id: str,
        record: Envelope,
        before: dict[str, Any] | None,
        after: dict[str, Any],
    ) -> None:
        """Keeps the held fields that differ, as a paragraph; `before` is None for a new record."""
        old = defaults(record.kind) if before is None else before
        changed = {name for name in after if after[name] != old.get(name)}
        held = held_fields(record.kind, changed, created=before is None)
        if held:
            found = self._found.setdefault(minutes_id, [])
            found.append(_paragraph(record, {n: after[n] for n in after if n in held}))

    def write(self) -> None:
        """Writes an addendum for each minutes, of what no addendum says yet.

        Its id follows from its text, so that two laptops make the same one.
        """
        for minutes_id, found in self._found.items():
            minutes = self.unit.get(minutes_id)
            known = self.unit.select("minutes", pointing=("addendum_to_id", minutes_id))
            said = "\n".join(one.fields["text"] for one in known)
            paragraphs = [paragraph for paragraph in found if paragraph not in said]
            if minutes is None or not paragraphs:
                continue
            whole = "\n\n".join(paragraphs)
            for text in [whole] if len(whole) <= MAX_TEXT else paragraphs:
                self._save(minutes, text[:MAX_TEXT])

    def _save(self, minutes: Envelope, text: str) -> None:
        name = f"commissions:addendum:{minutes.id}:{sha256(text.encode()).hexdigest()}"
        fields = {
            "meeting_id": minutes.fields["meeting_id"],
            "addendum_to_id": minutes.id,
            "text": text,
            "reason": _REASON,
        }
        addendum = Envelope(
            kind="minutes",
            id=str(uuid5(NAMESPACE_URL, name)),
            commission_id=minutes.commission_id,
            fields=defaults("minutes") | fields,
        )
        if self.unit.stored(addendum.id) is None:
            self.unit.save(addendum)
            self.outcome.addenda.append(addendum.id)


def _paragraph(record: Envelope, values: dict[str, Any]) -> str:
    title = record.fields.get("title") or record.fields.get("question") or ""
    head = f"{label_of(record.kind)} « {title} »" if title else label_of(record.kind)
    lines = [
        f"{head[:1].upper()}{head[1:]}, {_WORDS.get(name, name)} : {_told(value)}"
        for name, value in values.items()
    ]
    return "\n".join(lines)


def _told(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def minutes_of_the_central(unit: UnitOfWork, record: Envelope) -> Envelope | None:
    """The minutes, known to the central, that froze the meeting of a record."""
    meeting_id = meeting_of(unit, record)
    if meeting_id is None:
        return None
    for minutes in unit.select("minutes", pointing=("meeting_id", meeting_id)):
        fields = minutes.fields
        if minutes.revision > 0 and fields["frozen_at"] and not fields["addendum_to_id"]:
            return minutes
    return None


def is_frozen(unit: UnitOfWork, meeting_id: str) -> bool:
    """Whether minutes of a meeting are frozen here, known to the central or not."""
    return any(
        minutes.fields["frozen_at"] and not minutes.fields["addendum_to_id"]
        for minutes in unit.select("minutes", pointing=("meeting_id", meeting_id))
    )


def keep_second_freeze(unit: UnitOfWork, minutes: Envelope) -> None:
    """Keeps the PDF of minutes frozen too late as an attachment of the meeting."""
    digest = minutes.fields["pdf_sha256"]
    size = unit.connection.execute(select(blob.c.size).where(blob.c.sha256 == digest)).scalar()
    if size is not None:
        fields = {
            "owner_id": minutes.fields["meeting_id"],
            "name": _SECOND,
            "media_type": "application/pdf",
            "size": size,
            "sha256": digest,
        }
        attachment = Envelope(
            kind="attachment",
            id=str(uuid5(NAMESPACE_URL, f"commissions:second-freeze:{minutes.id}")),
            commission_id=minutes.commission_id,
            fields=defaults("attachment") | fields,
        )
        unit.save(attachment)
    unit.receive(msgspec.structs.replace(minutes, deleted=True))
