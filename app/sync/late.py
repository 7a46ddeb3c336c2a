"""Our changes that reached the central too late: minutes frozen elsewhere hold the record still."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from app.domain.frozen import detached, is_wholly_held
from app.domain.records import Envelope
from app.storage.rows import Stored
from app.storage.unit_of_work import UnitOfWork
from app.sync.conflicts import settle_deletions
from app.sync.frozen import Afterwords, keep_paper, minutes_of_the_central, move_files
from app.sync.protocol import Op, Result

FROZEN = "frozen"
"""The name of the problem with which the central refuses an op on what frozen minutes hold."""


class Late:
    """Gathers the ops refused because of a freeze, and puts the frozen state in their place."""

    def __init__(
        self,
        unit: UnitOfWork,
        afterwords: Afterwords,
        give_way: Callable[[Stored, Envelope, Envelope], object],
    ) -> None:
        """`give_way` merges an edited record with the central's, as frozen minutes allow."""
        self.unit = unit
        self.afterwords = afterwords
        self.give_way = give_way
        self._found: list[tuple[Op, Envelope | None]] = []

    def add(self, op: Op, current: Envelope | None) -> None:
        """Notes a refused op, and the record that the central holds, if any."""
        self._found.append((op, current))

    def settle(self) -> set[str]:
        """Keeps the words of the refused ops as addenda; only once an answer is applied, as it may
        bring the minutes.

        Gives the ids of the records whose minutes are not here yet: they may be on a later page.
        """
        unknown = set()
        for op, current in self._found:
            stored = self.unit.stored(op.id)
            if stored is None or stored.edits == 0:
                continue
            minutes = (current and minutes_of_the_central(self.unit, current)) or (
                minutes_of_the_central(self.unit, stored.envelope)
            )
            if minutes is None:
                unknown.add(op.id)
            elif current is None and op.kind == "minutes":
                self._give_up_freeze(stored.envelope, minutes)
            elif current is None:
                self._give_up(stored.envelope, minutes, self.unit.receive)
            elif current.deleted and stored.envelope.deleted:  # erased here, already deleted there
                self.unit.receive(
                    msgspec.structs.replace(stored.envelope, revision=current.revision)
                )
            elif current.deleted:
                mine = msgspec.structs.replace(stored.envelope, revision=current.revision)
                self._give_up(mine, minutes, self.unit.receive)
            else:
                self.give_way(stored, minutes, current)
        return unknown

    def _give_up_freeze(self, mine: Envelope, minutes: Envelope) -> None:
        """Gives up minutes frozen second: their PDF and files become the meeting's attachments, and
        their addenda move to the minutes that stand.
        """
        keep_paper(self.unit, mine)
        move_files(self.unit, mine.id, minutes)
        for field, one in self.unit.pointing_to(mine.id):
            if field == "addendum_to_id":
                fields = one.fields | {"addendum_to_id": minutes.id}
                self.unit.save(msgspec.structs.replace(one, fields=fields))
        self.unit.receive(msgspec.structs.replace(mine, deleted=True))

    def _give_up(
        self, mine: Envelope, minutes: Envelope, remove: Callable[[Envelope], object]
    ) -> None:
        """Gives up a record made, or brought back, after the freeze; an addendum keeps its words.

        A need stays, without its ties to the meeting. Anything else is deleted, along with what was
        written on it if it is an agenda item; its files become the meeting's.
        """
        self.afterwords.note(minutes.id, mine, None, mine.fields)
        left = detached(mine.kind, mine.fields)
        if left is not None:
            self.unit.save(msgspec.structs.replace(mine, fields=left))
            return
        remove(msgspec.structs.replace(mine, deleted=True))
        settle_deletions(self.unit, [mine.id])
        told = {op.id for op, _ in self._found}
        move_files(self.unit, mine.id, minutes)
        for field, one in self.unit.pointing_to(mine.id):
            if field == "agenda_item_id" and one.id not in told:
                # the central, not knowing the item, may have accepted this one: delete it there too
                self._give_up(one, minutes, self.unit.save)


def stays_refused(op: Op, result: Result) -> bool:
    """Whether a late op is reported as refused: a record that outlives the meeting did not pass."""
    return result.record is None and not is_wholly_held(op.kind)
