"""What one sync did, record by record, for the sentences that tell it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.records import CENTRAL_ONLY, Envelope
from app.domain.titles import Called, titled
from app.sync.protocol import Op

LABEL = "Synchronisation"
"""The label, in the history, of the changes that a sync makes."""


@dataclass
class Outcome:
    """Record ids by what happened to them, each with its kind, in the order it happened.

    `names` gives the titles of those whose words were at hand; `gone` are those received as
    deleted, `removed` those sent as deleted, `numbered` the agenda items whose number may clash.
    `refused` adds the central's sentence, `renumbered` the item's former and new numbers; `frozen`
    gives the minutes of each meeting that this sync froze, `addenda` the drafts that keep what was
    written elsewhere under frozen minutes; `kept` are the records that one side deleted and that
    live on. `deletions` gives, by space, the records that a pull would delete once the user agrees.
    `files_sent` and `files_received` count the files transferred, `files_left` those still waiting,
    `files_fault` says what broke; `files_refused` gives, by SHA-256, the central's sentence about
    each file that it will not take or give. When this program is `outdated` for the central,
    nothing was sent. `lost_spaces` are the commissions no longer granted.
    """

    sent: dict[str, str] = field(default_factory=dict)
    received: dict[str, str] = field(default_factory=dict)
    names: dict[str, Called] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    numbered: set[str] = field(default_factory=set)
    merged: dict[str, str] = field(default_factory=dict)
    conflicts: dict[str, str] = field(default_factory=dict)
    refused: dict[str, tuple[str, str]] = field(default_factory=dict)
    renumbered: dict[str, tuple[str, str]] = field(default_factory=dict)
    frozen: dict[str, str] = field(default_factory=dict)
    addenda: list[str] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)
    deletions: dict[str, list[Envelope]] = field(default_factory=dict)
    files_sent: int = 0
    files_received: int = 0
    files_left: int = 0
    files_fault: str = ""
    files_refused: dict[str, str] = field(default_factory=dict)
    outdated: bool = False
    lost_spaces: list[str] = field(default_factory=list)

    def note_sent(self, ops: Sequence[Op], names: Mapping[str, Called]) -> None:
        """Counts changes as sent; `names` are those that their records had then."""
        sent = {op.id: op.kind for op in ops}
        self.sent |= sent
        self.removed -= sent.keys()
        self.removed.update(op.id for op in ops if op.deleted)
        items = (op for op in ops if op.kind == "agenda_item")
        self.numbered.update(op.id for op in items if op.fields.get("number"))
        self.names |= names

    def note_received(self, record: Envelope) -> None:
        """Counts a record as received."""
        self.received[record.id] = record.kind
        if record.deleted:
            self.gone.add(record.id)
        elif record.kind == "agenda_item" and record.fields.get("number"):
            self.numbered.add(record.id)
        if record.kind not in CENTRAL_ONLY and (name := titled(record)):
            self.names[record.id] = name
