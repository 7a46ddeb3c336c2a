"""One exchange to be made: what it is asked by, and whether its answer leads anywhere."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from app.domain.records import SCHEMA
from app.sync.client import Central
from app.sync.link import Link
from app.sync.outbox import Batch
from app.sync.protocol import SyncRequest, SyncResponse


@dataclass(frozen=True)
class Turn:
    """What the next exchange goes by: the tie, the batch to send, the cursors that it names.

    `follows` says that more is to be sent than the batch holds, `files` that some wait.
    """

    link: Link
    batch: Batch | None
    after: dict[str, int]
    follows: bool = False
    files: bool = True

    def ask(self, central: Central) -> bytes:
        """What the central answers, as it comes."""
        if self.batch is not None:
            return central.answer(self.batch.body, self.batch.coding)
        request = SyncRequest(epoch=self.link.epoch, schema=SCHEMA, after=self.after)
        return central.answer(msgspec.json.encode(request), "")

    def leads_to(self, response: SyncResponse) -> bool:
        """Whether an answer leads past the cursors that were named."""
        return any(page.seq != self.after[space] for space, page in response.changes.items())


def goes_on(response: SyncResponse) -> bool:
    """Whether a page of the answer is followed by another."""
    return any(page.more for page in response.changes.values())
