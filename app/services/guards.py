"""What may be written: references, ownership, the region after enrolment, frozen minutes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from app.domain.cost_plan import check_draft
from app.domain.frozen import held_fields
from app.domain.membership import check_rows
from app.domain.ownership import owner_field
from app.domain.records import CENTRAL_ONLY, FACILITATOR_FIELDS, KINDS, SCHEMA, Envelope, Ref
from app.domain.refusals import Refusal
from app.domain.titles import label_of, titled
from app.domain.validation import Reference, name_of, readable, references, typed
from app.domain.wording import count
from app.storage.meeting_ties import TIES, frozen_minutes, meeting_of

if TYPE_CHECKING:
    from app.storage.unit_of_work import Former, UnitOfWork

_FROZEN = "le procès-verbal de la séance est gelé : corrigez-le par un additif."
_SEALED = frozenset({"frozen_at", "content", "content_sha256", "pdf_sha256"})


def check_change(
    unit: UnitOfWork, before: Envelope | None, after: Envelope, *, imported: bool = False
) -> None:
    """Refuses a change that no way in may make; references are left to `check_written`."""
    from app.storage.rows import differences

    changed = set(
        differences(
            before.fields if before else {},
            after.fields,
            was=bool(before and before.deleted),
            now=after.deleted,
        )
    )
    if not changed:
        return
    if after.kind in CENTRAL_ONLY:
        raise Refusal("seul le GIP central écrit ce genre d'enregistrement.", field="kind")
    if after.schema <= SCHEMA:  # a newer one is carried untouched
        _check_held(unit, after, changed)
    _check_region(unit, before, after, changed)
    _check_code(unit, before, changed)
    if not imported:
        _check_seal(after, changed, created=before is None)
        if "superseded_by_id" in changed:
            _check_replacement(unit, after)
        if after.kind == "fee_scale" and "rows" in changed:
            check_rows(typed(after).fields.rows)
    _check_frozen(unit, before or after, after, changed, created=before is None)


def _check_held(unit: UnitOfWork, after: Envelope, changed: set[str]) -> None:
    """Refuses a record of our schema that lacks its owner, or whose plan or file size is wrong."""
    _check_owner(after)
    if after.kind == "solution" and "plan" in changed and after.fields["plan"] is not None:
        check_draft(after.fields["plan"])
    if after.kind == "attachment" and not after.deleted and changed & {"size", "sha256"}:
        _check_size(unit, after)


def _check_owner(after: Envelope) -> None:
    is_addendum = after.kind == "minutes" and after.fields.get("addendum_to_id")
    may_stand_alone = after.deleted or is_addendum or after.kind == "briefing"
    name = owner_field(after.kind)
    if name and after.fields.get(name) is None and not may_stand_alone:
        raise Refusal("il faut dire à quoi se rattache l'enregistrement.", field=name)
    if after.kind == "conflict" and not after.deleted:
        for name in ("record_kind", "record_id", "unit"):
            if not after.fields.get(name):
                raise Refusal("un conflit dit de quoi il est : indiquez-le.", field=name)


def _check_size(unit: UnitOfWork, after: Envelope) -> None:
    """Refuses a size that is not that of the file, if this is here; 0, the default, says none."""
    from app.storage import blobs

    size, real = after.fields["size"], blobs.size(unit, after.fields["sha256"] or "")
    if size and real is not None and size != real:
        raise Refusal(
            f"la taille annoncée n'est pas celle du fichier, qui compte {count(real, 'octet')}.",
            field="size",
        )


def _check_region(
    unit: UnitOfWork, before: Envelope | None, after: Envelope, changed: set[str]
) -> None:
    if after.commission_id is not None or not enrolled(unit) or is_gip(unit):
        return
    is_open = after.kind == "organisation" and not after.deleted
    barred = changed - FACILITATOR_FIELDS if is_open else changed
    if not barred or (after.deleted and outlives(unit, after.id)):
        return
    raise Refusal(
        "seul le GIP modifie ce qui est commun à la région ; une fois rattaché au central, vous"
        " pouvez changer l'adresse, le téléphone, le courriel, les services et les notes d'une"
        " collectivité.",
        field=min(barred) if before else "commission_id",
    )


def _check_code(unit: UnitOfWork, before: Envelope | None, changed: set[str]) -> None:
    """Refuses to change the code of a theme while records name it by that code."""
    if before is None or before.kind != "theme" or "code" not in changed:
        return
    if unit.pointing_to(readable(before)["code"]):
        raise Refusal(
            "des enregistrements portent ce thème par son code : donnez-leur un autre thème"
            " d'abord, ou ne changez que son nom.",
            field="code",
        )


def outlives(unit: UnitOfWork, record_id: str) -> bool:
    """Whether a record deleted at the central is kept alive by what was written here alone."""
    stored = unit.stored(record_id)
    return stored is not None and stored.base_deleted and not stored.envelope.deleted


def enrolled(unit: UnitOfWork) -> bool:
    """Whether the workspace is tied to a central."""
    from app.sync.link import kept

    return kept(unit, "url") is not None


def is_gip(unit: UnitOfWork) -> bool:
    """Whether the central granted this laptop the role `gip`."""
    from app.sync.link import kept

    return bool(kept(unit, "role") == "gip")


def may_decide(unit: UnitOfWork, conflict: Envelope) -> bool:
    """Whether a conflict may be decided here: the GIP decides those over what it alone edits."""
    if conflict.commission_id is not None or not enrolled(unit) or is_gip(unit):
        return True
    fields = readable(conflict)
    return fields["record_kind"] == "organisation" and fields["unit"] in FACILITATOR_FIELDS


def _check_seal(after: Envelope, changed: set[str], *, created: bool) -> None:
    if after.kind != "minutes":
        return
    sealed = changed & _SEALED
    if created:
        sealed = {name for name in sealed if after.fields.get(name) is not None}
    if sealed:
        raise Refusal(
            "le gel du procès-verbal écrit seul ce champ : lancez « commissions meeting freeze ».",
            field=min(sealed),
        )


def _check_replacement(unit: UnitOfWork, note: Envelope) -> None:
    """Refuses notes that replace one another in a circle: none would be in force."""
    found, seen = note.fields["superseded_by_id"], set[str]()
    while found and found not in seen:
        if found == note.id:
            raise Refusal(
                "cette note se remplacerait elle-même : nommez celle qui vaut désormais.",
                field="superseded_by_id",
            )
        seen.add(found)
        other = unit.get(found)
        found = other.fields.get("superseded_by_id") if other is not None else None


def _check_frozen(
    unit: UnitOfWork, before: Envelope, after: Envelope, changed: set[str], *, created: bool
) -> None:
    if after.kind == "minutes" and (created or before.fields.get("frozen_at") is None):
        _check_only_minutes(unit, after)
        return
    held = held_fields(after.kind, changed, created=created)
    if not held:
        return
    same = not changed & TIES
    for meeting_id in {meeting_of(unit, one) for one in ((after,) if same else (before, after))}:
        if frozen_minutes(unit, meeting_id) is not None:
            tied = {name for name in held & TIES if created and after.fields[name]}
            raise Refusal(_FROZEN, field=min(tied or held))


def held(unit: UnitOfWork, envelope: Envelope) -> set[str]:
    """The fields of a record that frozen minutes hold still, its deletion among them."""
    if envelope.kind == "minutes" and envelope.fields.get("frozen_at") is None:
        return set()
    if frozen_minutes(unit, meeting_of(unit, envelope)) is None:
        return set()
    mortal = held_fields(envelope.kind, {"deleted"})
    return held_fields(envelope.kind, set(envelope.fields)) | mortal


def _check_only_minutes(unit: UnitOfWork, after: Envelope) -> None:
    """Refuses second minutes of a meeting whose own are frozen, and an addendum to an addendum."""
    if after.deleted:
        return
    corrected = unit.get(after.fields.get("addendum_to_id") or "")
    if corrected is not None and corrected.fields.get("addendum_to_id"):
        raise Refusal(
            "un additif corrige un procès-verbal, non un autre additif : rattachez-le au"
            " procès-verbal.",
            field="addendum_to_id",
        )
    if after.fields.get("addendum_to_id") is None:
        frozen = frozen_minutes(unit, after.fields.get("meeting_id"))
        if frozen is not None and frozen.id != after.id:
            raise Refusal(_FROZEN, field="meeting_id")


def check_written(
    unit: UnitOfWork, record_ids: Iterable[str], buried: Collection[str] = ()
) -> None:
    """Refuses broken references among records just written: absent, deleted, or foreign targets.

    Left unchecked, as a sync brought them so: a reference that a live record had before, unless its
    target was written too; one of a record brought back, if its target never was here; those to the
    `buried`, names that an archive says to be deleted or absent. A record that was given again as
    it is is not looked at.
    """
    themes: set[str] | None = None
    for record_id in record_ids:
        envelope = unit.latest.get(record_id) or unit.get(record_id)
        if envelope is None or envelope.deleted or record_id not in unit.changed:
            continue
        former = unit.former.get(record_id)
        if former is None or former.deleted:
            _check_space(unit, envelope)
        _check_owners_space(unit, envelope)
        for reference in references(envelope.kind, envelope.fields):
            if reference.target in buried or _was_held(unit, former, reference):
                continue
            if reference.ref.kinds == ("theme",):
                if themes is None:
                    themes = {readable(theme)["code"] for theme in unit.select("theme")}
                if reference.target not in themes:
                    raise _broken(
                        envelope, reference.field, reference.target, "ce thème", "supprimé"
                    )
            else:
                _check_target(unit, envelope, reference.field, reference.ref, reference.target)


def _was_held(unit: UnitOfWork, former: Former | None, reference: Reference) -> bool:
    """Whether a record that is changed, or comes back, may refer to it as it did before."""
    if former is None or (reference.field, reference.target) not in former.references:
        return False
    if former.deleted:
        return not _was_here(unit, reference)
    return reference.target not in unit.changed


def _was_here(unit: UnitOfWork, reference: Reference) -> bool:
    """Whether the workspace holds the target of a reference, be it deleted."""
    if reference.ref.kinds == ("theme",):
        return reference.target in map(name_of, unit.select("theme", deleted=True))
    return unit.stored(reference.target) is not None


def _check_space(unit: UnitOfWork, envelope: Envelope) -> None:
    if envelope.commission_id in (None, envelope.id):
        if envelope.commission_id is None and envelope.kind not in _REGIONAL:
            wanted = "dites de quelle commission il s'agit, ou créez-la d'abord."
            raise refused(envelope, "commission_id", wanted)
        return
    commission = unit.get(envelope.commission_id)
    if commission is None or commission.kind != "commission":
        raise _broken(
            envelope, "commission_id", envelope.commission_id, "cette commission", "supprimée"
        )


def _check_owners_space(unit: UnitOfWork, envelope: Envelope) -> None:
    """An attachment is in its owner's space, a conflict in its record's (CONTRACTS §2)."""
    field = _OWNER_FIELDS.get(envelope.kind)
    owner = unit.stored(str(readable(envelope)[field])) if field else None
    if owner is not None and owner.envelope.space != envelope.space:
        what = label_of(owner.envelope.kind)
        raise refused(envelope, "commission_id", f"donnez la même commission qu'à : {what}.")


_OWNER_FIELDS = {"attachment": "owner_id", "conflict": "record_id"}

_REGIONAL = {name for name, kind in KINDS.items() if kind.regional} | {
    "watch_note", "solution", *_OWNER_FIELDS,
}  # fmt: skip
"""The kinds that may live in the region."""


def _check_target(
    unit: UnitOfWork, envelope: Envelope, field: str, ref: Ref, target_id: str
) -> None:
    target = unit.get(target_id)
    if target is None:
        if not ref.local:
            return
        stored = unit.stored(target_id)
        if stored is not None and (named := titled(stored.envelope)):
            gone = "cet enregistrement est supprimé (la corbeille le rend)"
            raise refused(envelope, field, f"{gone} : {named} {target_id}.")
        gone = "supprimé (la corbeille le rend)"
        raise _broken(envelope, field, target_id, "cet enregistrement", gone)
    if ref.kinds and target.kind not in ref.kinds:
        wanted = " ou ".join(label_of(kind) for kind in ref.kinds)
        raise refused(
            envelope, field, f"« {target_id} » désigne un autre genre ({label_of(target.kind)}),"
            f" il faut : {wanted}."
        )  # fmt: skip
    if ref.local and target.commission_id not in (None, envelope.commission_id):
        raise refused(envelope, field, f"« {target_id} » appartient à une autre commission.")


def _broken(envelope: Envelope, field: str, target: str, what: str, gone: str) -> Refusal:
    return refused(envelope, field, f"{what} n'existe pas ou est {gone} : « {target[:60]} ».")


def refused(envelope: Envelope, field: str, sentence: str) -> Refusal:
    """The refusal of a field of a record, which it names."""
    refusal = Refusal(sentence, field=field, record_id=envelope.id)
    refusal.what = label_of(envelope.kind)
    return refusal
