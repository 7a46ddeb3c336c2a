"""The tie to a central: its address, our account there, the spaces we hold and their cursors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from hashlib import sha256
from typing import Any

import msgspec
from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from app.domain.records import CENTRAL_ONLY, KINDS, REGION
from app.sqlite import Ready
from app.storage.rows import decoded, encode
from app.storage.tables import central_link, cursor
from app.storage.unit_of_work import UnitOfWork
from app.sync.protocol import Epoch, Facilitator, Limits, PublicKey

FREEZES = "freezes"
"""The name under which the minutes just frozen here are kept, by meeting, as long as words that
others had sent to the central before may still come."""

NUMBERED = "numbered"
"""The name under which the agenda items sent with a number are kept, until it is known that no
other item has it."""

ERASED = "erased"
"""The name under which the persons erased by other laptops are kept, until the history here has
forgotten them."""

NAMED = "named"
"""The name under which the records are kept that name still whom the history here has forgotten,
until the user is told of them."""

COMPARISON = "comparison"
"""The name under which the random mark of the comparison begun last is kept."""

HALF_COMPARED = "half_compared"
"""The name under which the spaces are kept of which a comparison has taken something in, until one
is complete."""

LEFT_TO_THE_GIP = "left_to_the_gip"
"""The name under which the region's records are kept that a comparison found the central to lack,
and that our account may not send: one of the GIP, tied later, sends them."""

DEFINITIONS = "definitions"
"""The name under which `definitions()` is kept, as it was at the last sync."""


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """What the enrolment left behind.

    `ca` is the PEM text of a private authority, `key` the pinned key of the receipts, `spaces` the
    commissions held here. `comparing` is true from a change of epoch until everything is compared;
    `lineage` are the central's epochs as of the last complete comparison, or the enrolment, and
    `missed` those of each commission that was closed to us then, as of its own last comparison.
    """

    url: str
    ca: str | None = None
    key: PublicKey
    epoch: str
    lineage: tuple[Epoch, ...] = ()
    device_id: str
    facilitator: Facilitator
    role: str
    spaces: tuple[str, ...] = ()
    limits: Limits = Limits()
    comparing: bool = False
    missed: dict[str, tuple[Epoch, ...]] = {}

    def lineage_of(self, space: str) -> tuple[Epoch, ...]:
        """The central's epochs that what is here of a space follows."""
        return self.missed.get(space, self.lineage)

    def may_write(self, space: str, kind: str) -> bool:
        """Whether the central takes our changes of this kind in this space."""
        if kind in CENTRAL_ONLY:
            return False
        if space != REGION or self.role == "gip":
            return space == REGION or space in self.spaces
        return kind in ("organisation", "conflict")

    def may_bring_back(self, space: str) -> bool:
        """Whether the central accepts from us that a deleted record of a space comes back."""
        return space != REGION or self.role == "gip"


Kept = Mapping[str, str]
"""The tie's own values and those kept beside it, as JSON texts by name."""


def load_all(unit: UnitOfWork) -> Kept:
    """Reads all that `keep` and `save` wrote at once, for `link_of` and `value_of`."""
    return dict(unit.rows(_ALL))


def link_of(found: Kept) -> Link | None:
    """The tie among what is kept; None when there is none."""
    names = Link.__struct_fields__
    values = {name: decoded(found[name]) for name in names if name in found}
    return msgspec.convert(values, Link) if "url" in values else None


def value_of(found: Kept, name: str) -> Any:
    """A value among what is kept; None when there is none."""
    return decoded(found[name]) if name in found else None


def load(unit: UnitOfWork) -> Link | None:
    """The tie of the workspace; None when it has none."""
    return link_of(load_all(unit))


_ALL = Ready(select(central_link.c.name, central_link.c.value))
_VALUE = Ready(select(central_link.c.value).where(central_link.c.name == bindparam("name")))
_CURSORS = Ready(select(cursor.c.space, cursor.c.seq))
_KEPT, _MOVED = insert(central_link), insert(cursor)
_KEEP = Ready(
    _KEPT.on_conflict_do_update(index_elements=["name"], set_={"value": _KEPT.excluded.value})
)
_ADVANCE = Ready(
    _MOVED.on_conflict_do_update(
        index_elements=["space"], set_={"seq": func.max(cursor.c.seq, _MOVED.excluded.seq)}
    )
)
_MOVE = Ready(
    _MOVED.on_conflict_do_update(index_elements=["space"], set_={"seq": _MOVED.excluded.seq})
)

_MOVE_BACK = (
    update(cursor)
    .where(cursor.c.space == bindparam("of_space"), cursor.c.seq > bindparam("upto"))
    .values(seq=bindparam("upto"))
)


def save(unit: UnitOfWork, link: Link) -> None:
    """Writes the tie, each part under its own name."""
    for name in Link.__struct_fields__:
        keep(unit, name, getattr(link, name))


def keep(unit: UnitOfWork, name: str, value: Any) -> None:
    """Keeps one named value beside the tie."""
    unit.write(_KEEP, name=name, value=encode(value))


def kept(unit: UnitOfWork, name: str) -> Any:
    """A value kept by `keep`; None when there is none."""
    rows = unit.rows(_VALUE, name=name)
    return decoded(rows[0][0]) if rows else None


def drop(unit: UnitOfWork, name: str) -> None:
    """Forgets a value kept by `keep`."""
    unit.connection.execute(delete(central_link).where(central_link.c.name == name))


def cursors(unit: UnitOfWork, link: Link) -> dict[str, int]:
    """The cursor of each space: the seq up to which it is here; none if not open at the central."""
    known: dict[str, int] = dict(unit.rows(_CURSORS))
    return {space: known[space] for space in (REGION, *link.spaces) if space in known}


def ever_open(unit: UnitOfWork) -> set[str]:
    """The spaces that are or were open to us at the central."""
    return {space for space, _ in unit.rows(_CURSORS)}


def advance(unit: UnitOfWork, seqs: Mapping[str, int]) -> None:
    """Moves cursors forward to these seqs, by space; none goes back."""
    for space, seq in seqs.items():
        unit.write(_ADVANCE, space=space, seq=seq)


def move_cursor(unit: UnitOfWork, space: str, seq: int) -> None:
    """Sets the cursor of a space, forward or back."""
    unit.write(_MOVE, space=space, seq=seq)


def move_back(unit: UnitOfWork, space: str, seq: int) -> bool:
    """Moves a cursor back, to pull again what came after a seq; gives whether anything had."""
    return unit.connection.execute(_MOVE_BACK, {"of_space": space, "upto": seq}).rowcount > 0


def rewind(unit: UnitOfWork) -> None:
    """Moves every cursor back to 0, to pull the spaces again from their beginning."""
    unit.connection.execute(update(cursor).values(seq=0))


def forget_cursors(unit: UnitOfWork, spaces: Iterable[str]) -> None:
    """Removes the cursors of these spaces, which then count as not open at the central."""
    unit.connection.execute(delete(cursor).where(cursor.c.space.in_(spaces)))


@cache
def definitions() -> str:
    """A fingerprint of the fields that this program knows.

    Fields added by a newer program are left out of what is stored here; once this program knows
    them too, the fingerprint has changed and everything is pulled again.
    """
    fields = {kind: [f.encode_name for f in msgspec.structs.fields(c)] for kind, c in KINDS.items()}
    return sha256(msgspec.json.encode(fields)).hexdigest()[:16]
