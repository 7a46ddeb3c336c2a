"""Keeps the words that the central held, and that it replaced when it accepted a first freeze."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from app.domain.frozen import held_fields, is_wholly_held
from app.domain.records import Envelope
from app.storage.rows import Stored
from app.storage.unit_of_work import UnitOfWork
from app.sync.frozen import Afterwords
from app.sync.merge import Clash, State, merge, unit_fields
from app.sync.protocol import Op
from app.sync.sides import BY_THE_CENTRAL, base_of, last_held


class Replaced:
    """Takes in the records of others that our freeze replaced at the central."""

    def __init__(
        self,
        unit: UnitOfWork,
        afterwords: Afterwords,
        merge_in: Callable[[Stored, State, Envelope], object],
        opens: Callable[[Stored, Clash], object],
        keeps: Callable[[Envelope], object],
    ) -> None:
        """`merge_in` merges a state into a record edited meanwhile, `opens` writes a conflict.

        `keeps` notes a record as kept alive, so that what it owns comes back with it.
        """
        self.unit = unit
        self.outcome = afterwords.outcome
        self.afterwords = afterwords
        self.merge_in = merge_in
        self.opens = opens
        self.keeps = keeps

    def take(self, op: Op, before: Stored, theirs: Envelope, revision: int) -> None:
        """Takes the state that an op of the freeze gave to `theirs`, the record that it replaced,
        whose words an addendum keeps.

        The addendum also keeps what was received and merged here while the freeze was on its way.
        Fields that no minutes hold still are merged as usual. `before` is the record as it was here
        until now.
        """
        fields = theirs.fields | op.fields
        made = msgspec.structs.replace(theirs, fields=fields, revision=revision, deleted=op.deleted)
        known = before.envelope.fields if before.base is None else before.base
        stored = self.unit.stored(op.id)
        edited = stored is not None and stored.edits > 0
        lives_on = not (theirs.deleted or is_wholly_held(op.kind))
        if lives_on and op.deleted and not edited and theirs.fields != known:
            self._bring_back(before, known, theirs, made)
            return
        self.afterwords.compare(known, theirs)
        if stored is not None and edited:
            self.merge_in(stored, base_of(stored), made)
        else:
            self.unit.receive(made, author=BY_THE_CENTRAL)
            if not op.deleted:
                self.afterwords.compare(fields, before.envelope)
        if lives_on and not op.deleted:
            self._merge_free(before, known, theirs)

    def _bring_back(
        self, before: Stored, known: dict[str, Any], theirs: Envelope, made: Envelope
    ) -> None:
        """Brings back a record that was deleted here before the freeze, but changed by others.

        The central decides whether it may live: if it refuses, the op is late (`app.sync.late`).
        """
        mine = State(before.envelope.fields, deleted=True)
        merged = merge(theirs.kind, State(known), mine, State(theirs.fields))
        self.keeps(before.envelope)
        self.unit.receive(
            msgspec.structs.replace(made, fields=merged.state.fields, deleted=False),
            author=BY_THE_CENTRAL,
            edits=1,
            stands_on=(made.fields, True),
        )
        for clash in merged.clashes:
            self.opens(before, clash)

    def _merge_free(self, before: Stored, known: dict[str, Any], theirs: Envelope) -> None:
        """Merges the fields that a freeze replaced but does not hold still: an action's outcome.

        What others wrote in them has to be sent again, as the freeze replaced it at the central.
        """
        stored = self.unit.stored(theirs.id)
        if stored is None:
            return
        mine, others = State(before.envelope.fields), State(theirs.fields)
        merged = merge(theirs.kind, State(known), mine, others)
        fields = stored.envelope.fields
        free = fields.keys() - held_fields(theirs.kind, set(fields))
        left = {n: v for n, v in merged.state.fields.items() if n in free and v != fields[n]}
        if left:
            base = last_held(stored)
            self.unit.receive(
                msgspec.structs.replace(stored.envelope, fields=fields | left),
                author=BY_THE_CENTRAL,
                edits=max(1, stored.edits),
                stands_on=(base.fields, base.deleted),
            )
            self.outcome.merged[theirs.id] = theirs.kind
        for clash in merged.clashes:
            if not free.isdisjoint(unit_fields(theirs.kind, clash.unit, clash.mine)):
                self.opens(before, clash)
