"""The exchanges of a sync as turns, made one after the other, or two at once."""

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
"""The most batches on their way: the central works on one while the answer to the other travels."""


@dataclass(frozen=True)
class Turn:
    """One exchange to make: the tie, the batch to send, and the cursors to ask for changes from.

    `follows` says that another batch may have to follow, `files` that files wait; `asks_of_all`
    that it asks for the changes of every space here. A batch made ahead asks for none, one made
    before a commission was adopted not for those of that commission, and one that opens its space
    not for those that others made in it.
    """

    link: Link
    batch: Batch | None
    after: dict[str, int]
    follows: bool = False
    files: bool = True
    asks_of_all: bool = True

    def ask(self, central: Central) -> bytes:
        """Makes the exchange; gives the answer's bytes."""
        if self.batch is not None:
            return central.answer(self.batch.body, self.batch.coding)
        request = SyncRequest(epoch=self.link.epoch, schema=SCHEMA, after=self.after)
        return central.answer(msgspec.json.encode(request), "")

    def leads_to(self, response: SyncResponse) -> bool:
        """Whether an answer moves any cursor."""
        return any(page.seq != self.after[space] for space, page in response.changes.items())


def goes_on(response: SyncResponse) -> bool:
    """Whether any page of the answer is followed by another."""
    return any(page.more for page in response.changes.values())


class OnTheirWay:
    """The batches that were sent and are not answered yet, the oldest first."""

    def __init__(self, central: Central) -> None:
        self.central = central
        self.gone: set[str] = set()  # the ids of the records sent: each goes once in a row
        self.batches: set[str] = set()  # the ids of the batches sent
        self._turns = deque[tuple[Turn, Batch, Future[bytes]]]()
        self._aside = ThreadPoolExecutor(_AT_ONCE)

    @property
    def oldest(self) -> Turn | None:
        """The turn whose answer is due next."""
        return self._turns[0][0] if self._turns else None

    def has_room_for(self, turn: Turn) -> bool:
        """Whether a turn's batch may be sent now.

        A batch that asks for others' changes travels alone. So does one that holds a group (such as
        a freeze), as its order among the others matters.
        """
        batches = [batch for _, batch, _ in self._turns]
        if not batches or turn.batch is None:
            return not batches
        grouped = any(batch.holds_group for batch in (turn.batch, *batches))
        asking = any(batch.request.after for batch in batches)
        return len(batches) < _AT_ONCE and not (grouped or asking)

    def send(self, turn: Turn) -> None:
        """Sends a turn's batch, and returns once the last of its bytes has left.

        Not earlier: this thread's next work would slow the sending (Python runs one thread at a
        time), and the central would wait.
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
        """Waits for the answer to the oldest batch, which then leaves the list."""
        body = self._turns[0][2].result()
        self._turns.popleft()
        return body

    def close(self) -> None:
        """Waits until nothing is on its way; a batch left unanswered stays in the outbox."""
        self._aside.shutdown()
