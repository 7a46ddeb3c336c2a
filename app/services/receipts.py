"""The receipts of the central, to be shown: what it holds, at which revision, since when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from app.domain.wording import day_and_hour
from app.services.callings import called_by_id
from app.services.translation import translated
from app.storage.workspace import Workspace
from app.sync import link as ties
from app.sync import receipt_book
from app.sync.protocol import Receipt
from app.sync.receipt_book import Proof


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """A record of a receipt, named as it stands here now; `sha256` is of what the central holds.

    `void` when a restore of the central lost it: it is to be sent again.
    """

    name: str
    revision: int
    sha256: str
    void: bool


class Summary(NamedTuple):
    """A receipt among others: how many records of a space, since when."""

    batch_id: str
    received_at: str
    number: int
    space: str


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A receipt in words; its signature was checked with the pinned key when it arrived."""

    batch_id: str
    received_at: str
    central: str
    key_id: str
    held: Sequence[Held]


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """That the central received a record, in words, and the batch whose receipt proves it."""

    sentence: str
    batch_id: str


class Receipts:
    """Reads the receipts kept here."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def proof(self, record_id: str) -> Proof | None:
        """The receipt that proves what the central holds of a record; None without one."""
        with translated(self._workspace), self._workspace.reading() as unit:
            return receipt_book.proof_of(unit, record_id)

    def arrival(self, record_id: str) -> Arrival | None:
        """How a record that left here stands at the central; None without a receipt of it."""
        proof = self.proof(record_id)
        if proof is None:
            return None
        with translated(self._workspace), self._workspace.reading() as unit:
            stored = unit.stored(record_id)
        said = f"Reçu par le central le {day_and_hour(proof.received_at)}"
        if proof.void:
            said += ", perdu par une restauration du central : à renvoyer."
        elif stored is not None and stored.edits:
            said += " ; ce qui a changé depuis n'est pas encore reçu."
        else:
            said += f", révision {proof.line.revision}."
        return Arrival(sentence=said, batch_id=proof.receipt.batch_id)

    def latest(self, most: int) -> Sequence[Summary]:
        """The last receipts, newest first."""
        with translated(self._workspace), self._workspace.reading() as unit:
            return [
                Summary(given.batch_id, at, len(given.lines), given.space)
                for given, at in receipt_book.latest(unit, most)
            ]

    def show(self, batch_id: str) -> Shown:
        """One receipt, whole."""
        with translated(self._workspace), self._workspace.reading() as unit:
            given, at = receipt_book.kept(unit, batch_id)
            link = ties.load(unit)
            names = called_by_id(unit, [line.id for line in given.lines])
            void = receipt_book.void_among(unit, [line.id for line in given.lines])
            return Shown(
                batch_id=batch_id,
                received_at=at,
                central=link.url if link else "",
                key_id=given.key_id,
                held=[
                    Held(
                        name=names.get(line.id, line.id),
                        revision=line.revision,
                        sha256=line.sha256,
                        void=line.id in void,
                    )
                    for line in given.lines
                ],
            )

    def file(self, batch_id: str) -> bytes:
        """A receipt as the central signed it, in JSON, to be kept or shown elsewhere."""
        with translated(self._workspace), self._workspace.reading() as unit:
            given: Receipt = receipt_book.kept(unit, batch_id)[0]
        return msgspec.json.format(msgspec.json.encode(given), indent=2)
