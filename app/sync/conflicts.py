"""Conflicts as records: the two versions of one unit, kept until somebody decides."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any, Literal
from uuid import NAMESPACE_URL, uuid5

import msgspec

from app.domain.canonical import canonical
from app.domain.erasure import ERASED, emptied, is_rewritten
from app.domain.records import LONG_TEXTS, SCHEMA, Envelope
from app.domain.refusals import Refusal
from app.storage.unit_of_work import UnitOfWork
from app.sync.merge import DELETED, Clash, State

Keep = Literal["mine", "theirs", "both"]

UNDECIDED = {"status": "open", "kept": ""}
"""The fields of a conflict that a decision changes."""


def conflict_id(record_id: str, clash: Clash, base_revision: int) -> str:
    """The id of a conflict: the same on two laptops that find it, whichever side is mine there."""
    sides = sorted(sha256(canonical(value)).hexdigest() for value in (clash.mine, clash.theirs))
    name = ":".join(["commissions:conflict", record_id, clash.unit, str(base_revision), *sides])
    return str(uuid5(NAMESPACE_URL, name))


def conflict(
    record: Envelope,
    clash: Clash,
    base_revision: int,
    mine: tuple[str, str],
    theirs: tuple[str, str],
) -> Envelope:
    """The open conflict of a record's clash; `mine` and `theirs` are (author, instant or "")."""
    return Envelope(
        kind="conflict",
        id=conflict_id(record.id, clash, base_revision),
        commission_id=record.commission_id,
        fields={
            "record_kind": record.kind,
            "record_id": record.id,
            "unit": clash.unit,
            "base_revision": base_revision,
            "base": _base(record.kind, clash),
            "mine": _side(clash.mine, *mine),
            "theirs": _side(clash.theirs, *theirs),
            **UNDECIDED,
        },
    )


def _base(kind: str, clash: Clash) -> Any:
    """The value both sides started from; once one side has erased a name, that erased value, lest
    the base still tell it.
    """
    taken = emptied().get(clash.unit, ERASED) if kind == "person" else ERASED
    sides = (clash.mine, clash.theirs)
    return next((one for one in sides if one == taken or _rewrites(clash.base, one)), clash.base)


def _rewrites(before: Any, after: Any) -> bool:
    return is_rewritten({"": before}, {"": after})


def _side(value: Any, author: str, at: str) -> dict[str, Any]:
    return {"value": value, "author": author, "at": at or None}


def resolved(conflict: Envelope, kept: str) -> Envelope:
    """The conflict as decided: `kept` is the choice."""
    fields = conflict.fields | {"status": "resolved", "kept": kept}
    return msgspec.structs.replace(conflict, fields=fields)


def settle_deletions(unit: UnitOfWork, deleted: Sequence[str]) -> None:
    """Resolves, for records that are deleted now, the open conflicts on whether to delete them."""
    for _, one in unit.pointing_to(*deleted):
        if one.kind != "conflict" or one.schema > SCHEMA:
            continue
        if (one.fields["unit"], one.fields["status"]) == (DELETED, "open"):
            unit.save(resolved(one, "mine" if one.fields["mine"]["value"] else "theirs"))


def merge_conflict(base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]) -> State:
    """Merges a conflict known on both sides: the one the central accepted first stands, and so does
    its first decision.

    But a decision that left the record unchanged yields to one that changes it, since the central
    has accepted that change.
    """
    decision = {name: mine[name] for name in UNDECIDED if name in mine}
    taken = all(theirs.get(name) == base.get(name) for name in UNDECIDED)
    taken = taken or (mine.get("status") == "resolved" and _changes_nothing(theirs))
    return State(theirs | decision if taken else theirs)


def _changes_nothing(fields: dict[str, Any]) -> bool:
    """Whether a decision leaves the record unchanged: with their version, or not deleted."""
    if fields.get("unit") != DELETED:
        return fields.get("kept") == "theirs"
    return was_kept(fields, False)


def was_kept(fields: dict[str, Any], value: Any) -> bool:
    """Whether a conflict was decided for one of its sides, and that side had this value."""
    side = fields.get(str(fields.get("kept")))
    return isinstance(side, dict) and side.get("value") == value


def has_both(fields: dict[str, Any]) -> bool:
    """Whether the two versions of a conflict's fields can be kept together."""
    sides = fields["mine"]["value"], fields["theirs"]["value"]
    return fields["unit"] in LONG_TEXTS or all(isinstance(side, list) for side in sides)


def decided(fields: dict[str, Any], keep: Keep) -> Any:
    """The value that a decision on a conflict gives to its unit.

    `both` joins two long texts with an empty line between, mine first, and two lists with each
    member once. Raises Refusal where the two versions cannot be joined.
    """
    mine, theirs = fields["mine"]["value"], fields["theirs"]["value"]
    if keep != "both":
        return mine if keep == "mine" else theirs
    if fields["unit"] in LONG_TEXTS:
        return f"{mine}\n\n{theirs}"
    if isinstance(mine, list) and isinstance(theirs, list):
        return mine + [member for member in theirs if member not in mine]
    if fields["unit"] == DELETED:
        raise Refusal("on ne peut garder à la fois la suppression et la modification.")
    raise Refusal("ces deux versions ne peuvent être gardées ensemble : choisissez l'une d'elles.")
