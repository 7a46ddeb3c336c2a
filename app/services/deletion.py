"""What a deletion takes along, and what keeps a record from being deleted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from app.domain.ownership import owner_field
from app.domain.records import Envelope
from app.domain.titles import described
from app.domain.validation import name_of
from app.domain.wording import count
from app.services.guards import refused

if TYPE_CHECKING:
    from app.storage.unit_of_work import UnitOfWork

NAMED = 5
"""How many groups of blocking records alike a refusal names, and how many ids of each."""


def doomed(unit: UnitOfWork, chosen: Sequence[Envelope], *, cascade: bool) -> list[Envelope]:
    """The records that a deletion takes: those chosen, and with `cascade` all that they own.

    Refusal names the live records left that refer to one of them, except as `_is_light` tells.
    """
    families = [{first.id: first} | (_owned(unit, first) if cascade else {}) for first in chosen]
    found = {one.id: one for family in families for one in family.values()}
    for first, family in zip(chosen, families, strict=True):
        blocking = [one for one in _holding(unit, family.values()) if one.id not in found]
        if blocking:
            raise refused(
                first, "", f"des enregistrements s'y rapportent encore ({_named(blocking)}) :"
                " supprimez-les ou modifiez-les d'abord."
            )  # fmt: skip
    return list(found.values())


def _holding(unit: UnitOfWork, family: Iterable[Envelope]) -> Collection[Envelope]:
    """The live records that refer to one of a family, those of a commission's space included."""
    found = {}
    for envelope in family:
        for _, source in unit.pointing_to(name_of(envelope)):
            if not _is_light(source, envelope):
                found[source.id] = source
        if envelope.kind == "commission":
            found |= {one.id: one for one in unit.select(space=envelope.id)}
    return found.values()


def _is_light(source: Envelope, envelope: Envelope) -> bool:
    """Whether a record refers to another without keeping it from being deleted.

    So do its conflicts; the tally of a solution, which the central deletes after it; and the digest
    of a need, for an organisation, since nobody here can change the digest, or for a commission's
    own record, since the needs that name it are here themselves. A digest does keep a theme, or a
    solution of the region, from being deleted.
    """
    if source.kind == "need_digest":
        return envelope.kind == "organisation" or envelope.commission_id is not None
    return source.kind in ("conflict", "solution_tally")


def _named(found: Sequence[Envelope]) -> str:
    """« personne « Paul Roy » ID, 2 informations ID ID et 3 autres »: those alike are counted."""
    alike: dict[str, list[Envelope]] = {}
    for one in found:
        alike.setdefault(described(one), []).append(one)
    shown = list(alike.values())[:NAMED]
    left = len(found) - sum(len(ones) for ones in shown)
    names = ", ".join(
        " ".join([described(ones[0], len(ones)), *(one.id for one in ones[:NAMED])])
        for ones in shown
    )
    return f"{names} et {count(left, 'autre')}" if left else names


def _owned(unit: UnitOfWork, first: Envelope) -> dict[str, Envelope]:
    """What goes with a record: a commission's whole space, else what it owns, step by step."""
    if first.kind == "commission":
        return {envelope.id: envelope for envelope in unit.select(space=first.id)}
    found: dict[str, Envelope] = {}
    queue = [first]
    while queue:
        owner = queue.pop()
        for field, envelope in unit.pointing_to(owner.id):
            if envelope.id not in found and field == owner_field(envelope.kind):
                found[envelope.id] = envelope
                queue.append(envelope)
    return found
