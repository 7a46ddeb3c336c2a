"""What a service asks to write: one record to create or to change, and the record it leads to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from app.domain import validation
from app.domain.operation_words import operation_words
from app.domain.records import LABELS, SCHEMA, Envelope, reference_id
from app.domain.refusals import Deleted, Refusal
from app.services.translation import of_record
from app.services.typed_over import kept_whole, typed_over

if TYPE_CHECKING:
    from app.storage.unit_of_work import UnitOfWork

NEWER = (
    "cet enregistrement vient d'une version plus récente du programme :"
    " mettez le programme à jour pour le modifier."
)

SPACE_STAYS = "la commission d'un enregistrement ne change jamais."

_CODED = ("theme", "fee_scale")
"""The kinds whose new records take their id from their code."""


@dataclass(frozen=True)
class Change:
    """One record to create (`record_id` None or new) or to change; only the named fields change.

    `commission_id` "" leaves the choice to the workspace: its commission when there is one.
    `over` gives what the fields held when they were shown, so that what was written elsewhere since
    is kept (see `typed_over`).
    """

    kind: str
    fields: dict[str, Any]
    record_id: str | None = None
    commission_id: str | None = ""
    deleted: bool = False
    over: Mapping[str, Any] | None = None


def coded_id(unit: UnitOfWork, kind: str, fields: dict[str, Any]) -> str | None:
    """The id that a record takes from its code; None without one, or when another code has it."""
    if kind not in _CODED:
        return None
    with of_record(LABELS[kind], ""):
        code = validation.complete(kind, fields)["code"]
    known = reference_id(kind, code)
    taken = unit.stored(known)
    free = taken is None or validation.readable(taken.envelope).get("code") == code
    return known if code and free else None


def applied(unit: UnitOfWork, change: Change, record_id: str, before: Envelope | None) -> Envelope:
    """The record as a change leaves it; `before` is its former state, None for a new one."""
    return _new(unit, change, record_id) if before is None else _changed(before, change)


def _new(unit: UnitOfWork, change: Change, record_id: str) -> Envelope:
    definition = validation.known_kind(change.kind)
    if definition.regional:
        commission_id = None
    elif change.kind == "commission":
        commission_id = record_id
    else:
        commission_id = _space_of(unit, change)
    fields = validation.complete(change.kind, change.fields)
    return Envelope(
        kind=change.kind,
        id=record_id,
        commission_id=commission_id,
        fields=fields,
        deleted=change.deleted,
    )


def _space_of(unit: UnitOfWork, change: Change) -> str | None:
    """The space of a new record: given, its owner's, or the workspace's only commission."""
    if change.commission_id != "":
        return change.commission_id
    for name in ("owner_id", "record_id"):
        owner = change.fields.get(name)
        if change.kind in ("attachment", "conflict") and isinstance(owner, str):
            found = unit.get(owner)
            if found is not None:
                return found.commission_id
    commissions = list(unit.select("commission"))
    if len(commissions) != 1:
        state = (
            "compte plusieurs commissions : dites laquelle."
            if commissions
            else "ne compte aucune commission : créez-en une d'abord."
        )
        raise Refusal(f"l'espace de travail {state}", field="commission_id")
    return commissions[0].id


def _changed(before: Envelope, change: Change) -> Envelope:
    if change.kind != before.kind:
        raise Refusal(
            f"cet identifiant est celui d'un enregistrement de genre « {before.kind} ».",
            field="kind",
        )
    if before.schema > SCHEMA:
        raise Refusal(NEWER)
    if change.commission_id not in ("", before.commission_id):
        raise Refusal(SPACE_STAYS, field="commission_id")
    if before.deleted and not change.deleted:
        raise Deleted(before.id)
    given, now, over = dict(change.fields), before.fields, change.over or {}
    for name in (over.keys() & given.keys()) - kept_whole(before.kind, over, given):
        given[name] = typed_over(name, over[name], given[name], now.get(name, over[name]))
    fields = validation.complete(before.kind, given, now)
    return msgspec.structs.replace(before, fields=fields, deleted=change.deleted)


def label_of_changes(unit: UnitOfWork, changes: Sequence[Change]) -> str:
    """« Ajout du besoin », « Modification de 3 besoins »."""
    verbs = {_verb(unit, change) for change in changes}
    verb = verbs.pop() if len(verbs) == 1 else "Modification"
    return operation_words(verb, *(change.kind for change in changes))


def _verb(unit: UnitOfWork, change: Change) -> str:
    if change.deleted:
        return "Suppression"
    record_id = change.record_id or coded_id(unit, change.kind, change.fields)
    known = record_id is not None and unit.stored(record_id) is not None
    return "Modification" if known else "Ajout"
