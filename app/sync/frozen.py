"""Keeps, as draft addenda, what was written elsewhere about a meeting with frozen minutes."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import msgspec

from app.domain.field_words import field_words, value_words
from app.domain.formatted_text import unmarked
from app.domain.frozen import held_fields
from app.domain.records import MAX_TEXT, Envelope, shared_id
from app.domain.titles import described, label_for, title_of
from app.domain.validation import defaults, readable, references
from app.domain.wording import capitalised
from app.storage import blobs
from app.storage.meeting_ties import meeting_of
from app.storage.unit_of_work import UnitOfWork
from app.sync import link as ties
from app.sync.outcome import Outcome

_REASON = "Écrit sur un autre ordinateur, arrivé après le gel du procès-verbal."
_UNKNOWN = "(inconnu ici)"
_SECOND = " gelé en second.pdf"
_UNSAID = frozenset({
    "meeting_id", "raised_at_meeting_id", "agenda_item_id", "rank", "original", "document_sha256",
})  # fmt: skip
"""The held fields left out of an addendum: readers get nothing from them, or know them from the
minutes or the paragraph's head."""

_WORDS_OF_AN_ADDENDUM = frozenset({"text", "replaces", "reason"})


class Afterwords:
    """Gathers such words, and writes them as addenda to the minutes once an answer is applied.

    A draft addendum that the user deleted stays deleted, unless `anew`: somebody chose these words.
    """

    def __init__(
        self, unit: UnitOfWork, outcome: Outcome, reason: str = _REASON, *, anew: bool = False
    ) -> None:
        self.unit = unit
        self.outcome = outcome
        self.reason = reason
        self.anew = anew
        self._found: dict[str, list[str]] = {}  # paragraphs by minutes

    def froze(self, minutes_id: str) -> None:
        """Notes a meeting as frozen by this sync: words of others may still be on their way."""
        minutes = self.unit.get(minutes_id)
        if minutes is not None and not minutes.fields["addendum_to_id"]:
            self.outcome.frozen[minutes.fields["meeting_id"]] = minutes_id
            ties.keep(self.unit, ties.FREEZES, self.outcome.frozen)

    def compare(self, before: dict[str, Any] | None, record: Envelope) -> None:
        """Keeps what an incoming record changes in a meeting just frozen, if anything.

        A record moved into the meeting brings all its words.
        """
        meeting = meeting_of(self.unit, record)
        minutes_id = self.outcome.frozen.get(meeting or "")
        if minutes_id is not None and record.id != minutes_id:
            former = before and msgspec.structs.replace(record, fields=before)
            is_here = former and meeting_of(self.unit, former) == meeting
            self.note(minutes_id, record, before if is_here else None, record.fields)

    def note(
        self,
        minutes_id: str,
        record: Envelope,
        before: dict[str, Any] | None,
        after: dict[str, Any],
    ) -> None:
        """Keeps the held fields that differ, as a paragraph; `before` is None for a new record.

        A new record that is already deleted adds nothing: its words were withdrawn.
        """
        if before is None and record.deleted:
            return
        old = defaults(record.kind) if before is None else before
        changed = {name for name in after if after[name] != old.get(name)}
        held = held_fields(record.kind, changed, created=before is None)
        told = held & _WORDS_OF_AN_ADDENDUM if record.kind == "minutes" else held - _UNSAID
        ordered = (*defaults(record.kind), *after) if told else ()  # in the same order everywhere
        values = {name: after[name] for name in ordered if name in told}
        if paragraph := _paragraph(self.unit, record, values):
            self._found.setdefault(minutes_id, []).append(paragraph)

    def write(self) -> None:
        """Writes an addendum to each minutes, with the paragraphs that no addendum has yet.

        Its id is derived from its text, so that two laptops make the same one.
        """
        for minutes_id, found in self._found.items():
            minutes = self.unit.get(minutes_id)
            known = self.unit.select("minutes", pointing=("addendum_to_id", minutes_id))
            said = "\n".join(["", *(readable(one)["text"] for one in known), ""])
            paragraphs = [one for one in found if f"\n{one}\n" not in said]  # in whole lines
            if minutes is None:
                continue
            whole = "\n\n".join(paragraphs)
            for text in [whole] if len(whole) <= MAX_TEXT else paragraphs:
                for start in range(0, len(text), MAX_TEXT):
                    self._save(minutes, text[start : start + MAX_TEXT])

    def _save(self, minutes: Envelope, text: str) -> None:
        name = f"addendum:{minutes.id}:{sha256(text.encode()).hexdigest()}"
        fields = defaults("minutes") | {
            "meeting_id": minutes.fields["meeting_id"],
            "addendum_to_id": minutes.id,
            "text": text,
            "reason": self.reason,
        }
        addendum = Envelope(
            kind="minutes",
            id=shared_id(minutes.id, name),
            commission_id=minutes.commission_id,
            fields=fields,
        )
        known = self.unit.stored(addendum.id)
        if known is None:
            self.unit.save(addendum)
        elif known.envelope.deleted and self.anew:
            self.unit.save(msgspec.structs.replace(known.envelope, deleted=False, fields=fields))
        else:
            return
        self.outcome.addenda.append(addendum.id)


def _paragraph(unit: UnitOfWork, record: Envelope, values: dict[str, Any]) -> str:
    """A line for each value: « Décision, point « Le site », texte : On commande. »."""
    title = title_of(record.kind, record.fields)
    is_said = any(title == unmarked(one) for one in values.values() if isinstance(one, str))
    item = unit.stored(str(record.fields.get("agenda_item_id")))
    of_item = f", point « {title_of('agenda_item', item.envelope.fields)} »" if item else ""
    head = capitalised(label_for(record) if is_said else described(record)) + of_item
    names = {one.target: _name(unit, one.target) for one in references(record.kind, values)}
    said = ((name, value_words(record.kind, name, values[name], names)) for name in values)
    return "\n".join(f"{head}, {field_words(name)} : {words}" for name, words in said if words)


def _name(unit: UnitOfWork, target: str) -> str:
    """The name to show for a referenced record or theme code; a seat gets its organisation's."""
    stored = unit.stored(target)
    if stored is None:
        themes = map(readable, unit.select("theme"))
        return next((one["label"] for one in themes if one["code"] == target), _UNKNOWN)
    one = stored.envelope
    if one.kind == "roster_entry" and (organisation := readable(one)["organisation_id"]):
        return _name(unit, organisation)
    return title_of(one.kind, one.fields) or _UNKNOWN


def minutes_of_the_central(unit: UnitOfWork, record: Envelope) -> Envelope | None:
    """The minutes, known to the central, that freeze the meeting of a record; None without any."""
    meeting_id = meeting_of(unit, record)
    if meeting_id is None:
        return None
    for minutes in unit.select("minutes", pointing=("meeting_id", meeting_id)):
        fields = minutes.fields  # a newer program may have left some out
        if minutes.revision > 0 and fields.get("frozen_at") and not fields.get("addendum_to_id"):
            return minutes
    return None


def move_files(unit: UnitOfWork, owner: str, minutes: Envelope) -> None:
    """Gives the attachments of a record (`owner`) to the meeting of the frozen minutes."""
    for field, one in unit.pointing_to(owner):
        if field == "owner_id":
            fields = one.fields | {"owner_id": minutes.fields["meeting_id"]}
            unit.save(msgspec.structs.replace(one, fields=fields))


def keep_paper(unit: UnitOfWork, minutes: Envelope) -> None:
    """Keeps the PDF of minutes, or of an addendum, frozen too late, as the meeting's attachment."""
    meeting, digest = meeting_of(unit, minutes), minutes.fields.get("pdf_sha256")
    size = blobs.size(unit, digest or "")
    if size is None:
        return
    fields = {
        "owner_id": meeting,
        "name": capitalised(label_for(minutes)) + _SECOND,
        "media_type": "application/pdf",
        "size": size,
        "sha256": digest,
    }
    attachment = Envelope(
        kind="attachment",
        id=shared_id(minutes.id, f"second-freeze:{minutes.id}:{digest}"),
        commission_id=minutes.commission_id,
        fields=defaults("attachment") | fields,
    )
    unit.save(attachment)
