"""What to do when the central refuses an exchange, so that the next one passes."""

from __future__ import annotations

from collections.abc import Sequence

from app.clock import IdMaker
from app.storage.workspace import Workspace
from app.sync import outbox
from app.sync.client import Central
from app.sync.comparison import begin
from app.sync.faults import Rejected
from app.sync.guard import Guard
from app.sync.link import Link
from app.sync.outbox import Batch
from app.sync.outcome import LABEL, Outcome
from app.sync.spaces import lose
from app.sync.transport import SMALL

_MOST_ALONE = 8  # records refused one by one in a row, not for their size, before giving up


class Refusals:
    """Handles what the central refuses during one sync: `waiting` are the ids of the records left
    for the next sync; once it is `read_only`, nothing more is sent.
    """

    def __init__(
        self, workspace: Workspace, ids: IdMaker, central: Central, guard: Guard, outcome: Outcome
    ) -> None:
        self.workspace = workspace
        self.ids = ids
        self.central = central
        self.guard = guard
        self.outcome = outcome
        self.waiting: set[str] = set()
        self.read_only = False
        self._alone = 0  # how many in a row so far, see _MOST_ALONE

    def end_row(self) -> None:
        """Notes that the central accepted something."""
        self._alone = 0

    def face(self, rejected: Rejected, link: Link, batch: Batch | None) -> bool:
        """Does what lets the next exchange pass, or raises what the user has to know.

        Gives whether that was progress: fewer records are left that may be refused.
        """
        name = rejected.problem.name
        if name == "epoch-changed":
            self._begin_comparing(link, rejected.problem.epoch)
        elif name == "client-outdated" and not self.read_only:
            self.read_only = self.outcome.outdated = True
        elif name == "not-found" and (epoch := self.central.capabilities().epoch) != link.epoch:
            self._begin_comparing(link, epoch)
        elif name == "not-found" and batch and link.comparing and link.facilitator.may_open:
            self._forget(batch)
            if batch.opens:  # the space is there, but closed to us; the others may be lacking
                self._lose([batch.space])
        elif name == "not-found" and self._lose(link.spaces):
            pass  # the next exchange leaves out what is closed
        elif batch is not None and rejected.problem.status in (413, 422):
            if link.comparing and batch.opens:  # its commission leaves with others then
                self._forget(batch)
                return False
            return self._dissolve(link, batch, rejected)
        else:
            raise rejected
        return False

    def _begin_comparing(self, link: Link, epoch: str) -> None:
        self.guard.let_go()
        begin(self.workspace, self.ids, link, epoch or self.central.capabilities().epoch)

    def _lose(self, spaces: Sequence[str]) -> bool:
        lost = lose(self.workspace, self.ids, self.central, spaces, LABEL)
        if lost:
            self.guard.let_go()
            self.outcome.lost_spaces += lost
        return bool(lost)

    def _forget(self, batch: Batch) -> None:
        """Drops a batch of a space that a restored central may not know: its backup is older.

        The central took nothing of it; the comparison opens the space again, if it may.
        """
        with self.workspace.unit(LABEL) as unit:
            outbox.remove(unit, batch)
            unit.commit()

    def _dissolve(self, link: Link, batch: Batch, rejected: Rejected) -> bool:
        """Halves a batch that the central cannot take; one that cannot be split counts as refused.

        After several such refusals in a row, those for their size aside, the fault is not in the
        records, and the problem is raised. Gives whether that was progress.
        """
        reused = rejected.problem.name == "batch-reused"
        with self.workspace.unit(LABEL) as unit:
            if not outbox.holds(unit, batch):
                return False  # another program on this workspace has done so
            if reused or outbox.is_divisible(batch):
                outbox.dissolve(unit, link, self.ids, batch, parts=1 if reused else 2)
            else:
                outbox.remove(unit, batch)
                for op, edits in zip(batch.request.ops, batch.edits, strict=True):
                    self.waiting.add(op.id)
                    if edits:
                        self.outcome.refused[op.id] = (op.kind, rejected.sentence)
                self._alone += rejected.problem.status != 413 or len(batch.body) <= SMALL
            unit.commit()
        if self._alone == _MOST_ALONE:
            raise rejected
        return not reused
