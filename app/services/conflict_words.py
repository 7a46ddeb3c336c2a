"""A conflict in words: one sentence, and its two versions side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from app.domain import wording
from app.domain.records import KINDS, Envelope
from app.domain.validation import is_id
from app.exchange import titles
from app.services.conflicts import Conflicts
from app.services.records import Records
from app.services.search import described, title_of
from app.sync.conflicts import has_both
from app.sync.merge import DELETED


class SideBySide(msgspec.Struct, frozen=True, kw_only=True):
    """Two versions of one unit of a record, each as a text to compare.

    `editable` is true where a third text may be written, `both` where the two can be kept.
    """

    id: str
    sentence: str
    mine: str
    theirs: str
    mine_by: str
    theirs_by: str
    editable: bool
    both: bool


def side_by_side(records: Records, conflicts: Conflicts) -> Sequence[SideBySide]:
    """Every open conflict, oldest first."""
    return [_shown(records, conflict) for conflict in conflicts.open()]


def _shown(records: Records, conflict: Envelope) -> SideBySide:
    fields = conflict.fields
    mine, theirs = fields["mine"], fields["theirs"]
    return SideBySide(
        id=conflict.id,
        sentence=_sentence(records, fields),
        mine=_words(records, fields, mine["value"]),
        theirs=_words(records, fields, theirs["value"]),
        mine_by=_by(mine, "Cet ordinateur"),
        theirs_by=_by(theirs, "Un autre ordinateur"),
        editable=isinstance(mine["value"], str) and isinstance(theirs["value"], str),
        both=has_both(fields),
    )


def _sentence(records: Records, fields: dict[str, Any]) -> str:
    """« Titre du besoin « Sauvegarde » : écrit différemment par Mme A et par M. B »."""
    record = records.envelope(fields["record_id"], deleted=True)
    mine, theirs = fields["mine"], fields["theirs"]
    who, other = (side["author"] or "un inconnu" for side in (mine, theirs))
    if fields["unit"] == DELETED:
        kept, gone = (other, who) if mine["value"] else (who, other)
        return f"{wording.capitalised(described(record))} : {gone} l'a supprimé, {kept} l'a modifié"
    label = _label(fields["record_kind"], fields["unit"])
    return f"{label}, {described(record)} : {who} et {other} ont écrit deux choses différentes"


def _label(kind: str, unit: str) -> str:
    if unit in {field.encode_name for field in msgspec.structs.fields(KINDS[kind])}:
        return titles.title(kind, unit)
    return {"ballot": "Vote", "attendance": "Présence", "proxy": "Pouvoir"}.get(unit, unit)


def _by(side: dict[str, Any], unknown: str) -> str:
    """Who wrote a version, and when where that is known."""
    author = side["author"] or unknown
    return f"{author}, {wording.day_and_hour(side['at'])}" if side["at"] else author


def _words(records: Records, fields: dict[str, Any], value: Any) -> str:
    """A version as a text: names for ids, French words for choices, a line for each part."""
    kind, unit = fields["record_kind"], fields["unit"]
    if unit == DELETED:
        return "Supprimé" if value else "Gardé"
    if isinstance(value, dict):
        lines = [
            f"{_label(kind, name)} : {_plain(records, kind, name, part)}"
            for name, part in value.items()
            if part not in (None, "", [], {})
        ]
        return "\n".join(lines)
    return _plain(records, kind, unit, value)


def _plain(records: Records, kind: str, field: str, value: Any) -> str:
    if value is None:
        return "(rien)"
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, list):
        return "\n".join(_plain(records, kind, field, one) for one in value) or "(rien)"
    if isinstance(value, dict):
        return msgspec.json.format(msgspec.json.encode(value)).decode()
    if isinstance(value, str) and is_id(value):
        record = records.envelope(value, deleted=True)
        return title_of(record.kind, record.fields) or described(record)
    return titles.choices(kind, field).get(str(value), str(value))
