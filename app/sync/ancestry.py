"""Where our history and the central's parted at a restore, and the last state of a record in both.

Revisions cannot tell: after a restore the same number may stand for other words, and a higher one
for words that never built on ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import select

from app.domain.erasure import is_erased
from app.domain.records import Envelope
from app.domain.validation import defaults
from app.storage.rows import Stored, decoded_object
from app.storage.tables import history
from app.storage.unit_of_work import UnitOfWork
from app.sync.merge import DELETED, State
from app.sync.protocol import Epoch, Revision, digest
from app.sync.sides import last_held

_NEVER = 2**53
"""Higher than any seq."""


def parting(ours: Sequence[Epoch], theirs: Sequence[Epoch], space: str) -> int:
    """The seq up to which two lineages (lists of epochs) share the history of a space."""
    together = 0
    for one, other in zip(ours, theirs, strict=False):
        if one.epoch != other.epoch:
            break
        together += 1
    parted = [*ours[together : together + 1], *theirs[together : together + 1]]
    if not together:
        return 0
    return min((epoch.after.get(space, 0) for epoch in parted), default=_NEVER)


@dataclass(frozen=True)
class Fork:
    """The last revision of a record that both histories share; 0 when they share none."""

    revision: int = 0
    sha256: str = ""


def fork(revisions: Sequence[Revision], parted_at: int) -> Fork:
    """Where the histories of a record part, from its revisions at the central, newest first."""
    common = (one for one in revisions if one.seq <= parted_at)
    return next((Fork(one.revision, one.sha256) for one in common), Fork())


def common_state(unit: UnitOfWork, stored: Stored, theirs: Envelope, forked: Fork | None) -> State:
    """The state that our version of a record and the central's both build on.

    Without a fork, the central's version dates from before the parting. When one side has erased
    the person, the other side's state is the common one: the history that could tell is erased.
    """
    base, held = last_held(stored), State(theirs.fields, theirs.deleted)
    ours = stored.envelope.revision
    if base == held:
        return held
    if forked is None or theirs.revision <= forked.revision:
        return base if theirs.revision > ours else held
    if ours <= forked.revision or is_of_erased(theirs):
        return base
    if is_of_erased(stored.envelope):
        return held
    return _state_of(unit, stored.envelope, forked.sha256)


def is_of_erased(record: Envelope) -> bool:
    """Whether a record is of a person who was erased."""
    return record.kind == "person" and is_erased(record.fields)


def _state_of(unit: UnitOfWork, record: Envelope, sha256: str) -> State:
    """The newest past state of a record, in the history here, that has this digest.

    When none has it: the state in which the record was created here, else the default fields,
    which every version builds on.
    """
    state = State(dict(record.fields), record.deleted)
    query = select(history).where(history.c.record_id == record.id)
    for row in unit.connection.execute(query.order_by(history.c.change.desc())):
        if row.created or _has(record, state, sha256):
            return state
        before = {name: sides[0] for name, sides in decoded_object(row.changes).items()}
        deleted = before.pop(DELETED, state.deleted)
        state = State(state.fields | before, deleted)
    if _has(record, state, sha256):
        return state
    return State(defaults(record.kind))


def _has(record: Envelope, state: State, sha256: str) -> bool:
    then = msgspec.structs.replace(record, fields=state.fields, deleted=state.deleted)
    return digest(then) == sha256
