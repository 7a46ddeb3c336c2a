"""Exchanges to be made, one after the other or two at once: what they are asked by."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event

import msgspec

from app.domain.records import SCHEMA
from app.sync.client import Central
from app.sync.link import Link
from app.sync.outbox import Batch
from app.sync.protocol import SyncRequest, SyncResponse

_AT_ONCE = 2
"""The batches on their way: the central goes on with one while the answer to the other travels."""


@dataclass(frozen=True)
class Turn:
    """What the next exchange goes by: the tie, the batch to send, the cursors that it names.

    `follows` says that more may be left than the batch holds, `files` that some wait;
    `asks_of_all` that it asks for the changes of every space that is here: a batch made ahead asks
    for nothing, one older than an adoption not for what it brought, nor one that opens its space
    for what others wrote there.
    """

    link: Link
    batch: Batch | None
    after: dict[str, int]
    follows: bool = False
    files: bool = True
    asks_of_all: bool = True

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


class OnTheirWay:
    """The batches that have left and whose answers are due, the oldest first."""

    def __init__(self, central: Central) -> None:
        self.central = central
        self.gone: set[str] = set()  # the records that left: each once in a row
        self.batches: set[str] = set()  # the names of what they left in
        self._turns = deque[tuple[Turn, Batch, Future[bytes]]]()
        self._aside = ThreadPoolExecutor(_AT_ONCE)

    @property
    def oldest(self) -> Turn | None:
        """The turn whose answer is due."""
        return self._turns[0][0] if self._turns else None

    def has_room_for(self, turn: Turn) -> bool:
        """Whether a turn's batch may leave now.

        One that asks for the changes of others goes alone. So do records that go together, whose
        order towards the others counts (a freeze).
        """
        batches = [batch for _, batch, _ in self._turns]
        if not batches or turn.batch is None:
            return not batches
        grouped = any(batch.holds_group for batch in (turn.batch, *batches))
        asking = any(batch.request.after for batch in batches)
        return len(batches) < _AT_ONCE and not (grouped or asking)

    def send(self, turn: Turn) -> None:
        """Sends a turn's batch; the last of its bytes has left when this returns.

        Not earlier: Python works for one thread at a time, and the central would wait.
        """
        assert turn.batch is not None
        left = Event()
        self.central.has_left = left.set
        reply = self._aside.submit(turn.ask, self.central)
        reply.add_done_callback(lambda _: left.set())
        left.wait()
        self.gone.update(op.id for op in turn.batch.request.ops)
        self.batches.add(turn.batch.batch_id)
        self._turns.append((turn, turn.batch, reply))

    def answer(self) -> bytes:
        """The answer to the oldest, which is no longer on its way then."""
        body = self._turns[0][2].result()
        self._turns.popleft()
        return body

    def close(self) -> None:
        """Waits until nothing is on its way; what was not answered is asked for another time."""
        self._aside.shutdown()
