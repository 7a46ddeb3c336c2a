"""What a caller may write where: the kinds of each space, and the region's few open fields."""

from __future__ import annotations

from collections.abc import Collection

from app.central.access import Caller
from app.central.held import Held
from app.central.reference import shipped
from app.domain.records import CENTRAL_ONLY, FACILITATOR_FIELDS, KINDS, REGION, SCHEMA

_BOTH = frozenset({"watch_note", "solution", "attachment", "conflict"})


def objection(who: Caller, after: Held, changed: Collection[str]) -> str:
    """Why the caller may not make this change, in a French sentence; empty when they may.

    `changed` names the fields that change, `deleted` among them.
    """
    if after.kind in CENTRAL_ONLY:
        return "Le central écrit seul ce genre d'enregistrement."
    cls = KINDS.get(after.kind)  # none: of a newer schema
    if after.space != REGION:
        return _objection_in_commission(after, is_regional=cls is not None and cls.regional)
    if cls is not None and not cls.regional and after.kind not in _BOTH:
        return "Cet enregistrement est celui d'une commission, non de la région."
    return "" if who.is_gip else _objection_in_region(after, changed)


def _objection_in_region(after: Held, changed: Collection[str]) -> str:
    """Why a facilitator may not make a change of the region."""
    if after.schema > SCHEMA:  # nothing checks its fields, and every laptop would receive them
        return _NEWER
    if _open_to_all(after, changed):
        return ""
    revived = after.kind == "organisation" and "deleted" in changed and not after.deleted
    return _GIP_DELETED if revived else _GIP_ALONE


def _objection_in_commission(after: Held, *, is_regional: bool) -> str:
    if is_regional:
        return "Cet enregistrement est commun à la région, non d'une commission."
    if shipped(after.id) is not None:
        return "Cet identifiant est celui d'un enregistrement de la région."
    if after.kind == "commission" and after.id != after.space:
        return "Une commission a pour identifiant celui de son espace."
    return ""


_GIP_DELETED = (
    "Le GIP a supprimé cette collectivité, et décidera si elle revient avec ce que vous y avez"
    " écrit ; la supprimer aussi de votre côté, c'est y renoncer."
)

_NEWER = (
    "Le central, d'une version plus ancienne, ne sait pas vérifier ce changement : il partira une"
    " fois que le GIP aura mis le central à jour."
)

_GIP_ALONE = (
    "Seul le GIP modifie ce qui est commun à la région ; vous pouvez changer l'adresse, le"
    " téléphone, le courriel, les services et les notes d'une collectivité."
)


def _open_to_all(after: Held, changed: Collection[str]) -> bool:
    """Whether any facilitator may make this change of the region.

    A conflict over an organisation lives in the region like its record.
    """
    if after.kind == "organisation":
        is_known = after.revision > 1 or shipped(after.id) is not None
        return is_known and FACILITATOR_FIELDS.issuperset(changed)
    if after.kind != "conflict" or (after.revision > 1 and "record_kind" in changed):
        return False
    return after.values().get("record_kind") == "organisation"
