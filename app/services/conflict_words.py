"""A conflict in words: one sentence, and its two versions side by side."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import msgspec

from app.domain import wording
from app.domain.agenda import rank_key
from app.domain.field_words import field_words, value_lines, value_words
from app.domain.records import KINDS, TYPED_TEXTS, AgendaItem, Envelope, Record
from app.domain.sentences import tokens
from app.domain.titles import label_of
from app.domain.validation import readable
from app.errors import UserError
from app.services.callings import called_by_id
from app.services.conflicts import Conflicts
from app.services.history import Entry
from app.services.history_words import names_of
from app.services.records import Records
from app.services.settings import enrolled_name
from app.sync import link as ties
from app.sync import spaces
from app.sync.conflicts import has_both
from app.sync.merge import DELETED

HERE, ELSEWHERE = ", sur cet ordinateur", ", sur un autre ordinateur"

SHORT = 60
"""How many characters of a version its sentence quotes."""


class SideBySide(msgspec.Struct, frozen=True, kw_only=True):
    """Two versions of one unit of a record, each as a text to compare.

    `subject` is what they are versions of, `sentence` says that and who wrote what.
    `editable` is true where a third text may be written (not for a day, a name, a choice, a file);
    `both` where both can be kept; `frozen` where frozen minutes hold what they are versions of;
    `gone` is the side ("mine", "theirs") that deleted the record, if the other one kept it.
    `space` is their commission, or the region; `closed` is true where the account may no longer
    write there, so that what is decided stays on this computer.
    """

    id: str
    subject: str
    sentence: str
    mine: str
    theirs: str
    mine_by: str
    theirs_by: str
    editable: bool
    both: bool
    gone: str = ""
    frozen: bool = False
    space: str = ""
    closed: bool = False


def side_by_side(records: Records, conflicts: Conflicts) -> Sequence[SideBySide]:
    """Every open conflict, oldest first."""
    shut = _closed(records)
    return [_shown(records, one, closed=one.space in shut) for one in conflicts.open()]


def _closed(records: Records) -> Sequence[str]:
    with records.workspace.reading() as unit:
        link = ties.load(unit)
        return spaces.closed(unit, link) if link is not None else ()


def _shown(records: Records, conflict: Envelope, *, closed: bool) -> SideBySide:
    fields = readable(conflict)
    mine, theirs = fields["mine"], fields["theirs"]
    said = [_words(records, fields, side["value"]) for side in (mine, theirs)]
    here, there = _computers(records, fields)
    return SideBySide(
        id=conflict.id,
        subject=_subject(records, fields),
        sentence=conflict_sentence(records, conflict),
        mine=said[0],
        theirs=said[1],
        mine_by=_by(mine, "Cet ordinateur") + here,
        theirs_by=_by(theirs, "Un autre ordinateur") + there,
        editable=fields["unit"] != "sha256" and said == [mine["value"], theirs["value"]],
        both=has_both(fields),
        gone=("mine" if mine["value"] else "theirs") if fields["unit"] == DELETED else "",
        frozen=_is_frozen(records, fields),
        space=conflict.space,
        closed=closed,
    )


def _is_frozen(records: Records, fields: dict[str, Any]) -> bool:
    kind, unit = fields["record_kind"], fields["unit"]
    if unit == DELETED or kind not in KINDS:
        return False
    try:
        return not records.held(fields["record_id"]).isdisjoint(KINDS[kind].units.get(unit, [unit]))
    except UserError:  # the record has not come here yet
        return False


def conflict_sentence(records: Records, conflict: Envelope) -> str:
    """« Lieu, séance « X » : vous avez écrit « A » le 3… ; Mme B a écrit « C » le 5… »."""
    fields = readable(conflict)
    subject = _subject(records, fields)
    me = _names_of_user(records)
    mine, theirs = fields["mine"], fields["theirs"]
    here, there = _computers(records, fields)
    if fields["unit"] == DELETED:
        did = [_did(mine, me, "supprimé") + here, _did(theirs, me, "modifié") + there]
        if not mine["value"]:
            did = [_did(theirs, me, "supprimé") + there, _did(mine, me, "modifié") + here]
        return f"{subject} : {' ; '.join(did)}"
    ours, others = (_words(records, fields, side["value"]) for side in (mine, theirs))
    wrote = (
        _did(mine, me, f"écrit « {_what_differs(fields, mine, ours, others)} »") + here,
        _did(theirs, me, f"écrit « {_what_differs(fields, theirs, others, ours)} »") + there,
    )
    return f"{subject} : {' ; '.join(wrote)}"


def _names_of_user(records: Records) -> set[str]:
    return {records.workspace.author.name, enrolled_name(records.workspace)}


def _computers(records: Records, fields: dict[str, Any]) -> tuple[str, str]:
    """On which computer each version was written, when one person wrote both; else nothing.

    Theirs was written here if its words are the last written here; else mine was if it has the
    instant of a change made here (the central dates theirs); else theirs was if a change was made
    here on the base revision.
    """
    mine, theirs, unit = fields["mine"], fields["theirs"], fields["unit"]
    authors = {mine["author"], theirs["author"]}
    if "" in authors or (len(authors) > 1 and not authors <= _names_of_user(records)):
        return "", ""
    made = _made_here(records, fields)
    if any(one.changes.get(unit, [None, None])[1] == theirs["value"] for one in made[:1]):
        return ELSEWHERE, HERE
    if any(one.at == mine["at"] for one in made):
        return HERE, ELSEWHERE
    if any(one.revision == fields["base_revision"] for one in made):
        return ELSEWHERE, HERE
    return ", sur un ordinateur", ", sur un autre"


def _made_here(records: Records, fields: dict[str, Any]) -> list[Entry]:
    """The changes of a conflict's unit made on this computer, newest first.

    For a deletion, those of any field.
    """
    kind, unit, device = fields["record_kind"], fields["unit"], records.workspace.author.device
    names = set(KINDS[kind].units.get(unit, [unit])) if kind in KINDS else {unit}
    return [
        one
        for one in records.history(fields["record_id"])
        if one.device == device and (unit == DELETED or not names.isdisjoint(one.changes))
    ]


def _subject(records: Records, fields: dict[str, Any]) -> str:
    """« Lieu, séance « X » »; the record alone where it was deleted."""
    record = _described(records, fields)
    if fields["unit"] == DELETED or field_words(fields["unit"]) == label_of(fields["record_kind"]):
        return wording.capitalised(record)
    return f"{wording.capitalised(field_words(fields['unit']))}, {record}"


def _described(records: Records, fields: dict[str, Any]) -> str:
    """« séance « X » », an attendance by its person; the kind of what has not come here yet."""
    record_id = fields["record_id"]
    with records.workspace.reading() as unit:
        return called_by_id(unit, [record_id]).get(record_id) or label_of(fields["record_kind"])


def _did(side: dict[str, Any], me: Collection[str], what: str) -> str:
    """« vous avez écrit « A » le vendredi 20 novembre 2026 à 10 h 10 »."""
    author = side["author"] or "quelqu'un"
    who = "vous avez" if author in me else f"{author} a"
    when = f" le {wording.day_and_hour(side['at'])}" if side["at"] else ""
    return f"{who} {what}{when}"


def _what_differs(fields: dict[str, Any], side: dict[str, Any], text: str, other: str) -> str:
    """The sentences or parts that the other version lacks, shortened; all where it lacks none.

    An address or a title, whose full stops end no sentence, is quoted whole.
    """
    if isinstance(side["value"], str) and fields["unit"] not in TYPED_TEXTS:
        said = text
    elif isinstance(side["value"], str):
        known = set(map(str.strip, tokens(other))) - {""}
        said = "".join(one for one in tokens(text) if one.strip() not in known)
        said = said if said.strip() else text
    else:  # a line is a part of the value, or heads some
        lines = other.splitlines()
        said = "\n".join(line for line in text.splitlines() if line not in lines) or text
        said = said.replace(":\n", ": ").replace("\n", " ; ")
    return wording.shortened(said, SHORT) or "(rien)"


def _by(side: dict[str, Any], unknown: str) -> str:
    """Who wrote a version, and when where that is known."""
    author = side["author"] or unknown
    return f"{author}, {wording.day_and_hour(side['at'])}" if side["at"] else author


def _words(records: Records, fields: dict[str, Any], value: Any) -> str:
    """A version as a text: names for ids, French words for choices, a line for each part."""
    kind, unit = fields["record_kind"], fields["unit"]
    if unit == DELETED:
        return "Supprimé" if value else _kept(records, fields)
    if (kind, unit) == ("agenda_item", "rank") and isinstance(value, str):
        return _place(records, fields["record_id"], value)
    if isinstance(value, str):
        return value_words(kind, unit, value, names_of(records, kind, [{unit: [value]}]))
    if kind in KINDS and unit in KINDS[kind].units and isinstance(value, dict):
        in_order = {name: value[name] for name in KINDS[kind].units[unit] if name in value}
        return _parts(records, kind, in_order | value, named=True)
    if isinstance(value, dict):
        names = names_of(records, kind, [{unit: [value]}])
        return "\n".join(value_lines(kind, unit, value, names)) or "(rien)"
    return _parts(records, kind, {unit: value}, named=False)


def _kept(records: Records, fields: dict[str, Any]) -> str:
    """« Gardé », with what was written on the record since the revision that both sides knew."""
    written: dict[str, list[Any]] = {}
    for one in reversed(records.history(fields["record_id"])):
        known = fields["base_revision"]
        if one.revision > known or (one.revision == known and one.device):  # none: the central's
            for name, (before, after) in one.changes.items():
                written[name] = [written.get(name, [before])[0], after]
    parts = {name: after for name, (before, after) in written.items() if before != after}
    parts.pop("deleted", None)
    said = [_part(records, fields, name, value) for name, value in parts.items()]
    return "\n".join(["Gardé, avec ce qui a été écrit :", *said]) if said else "Gardé"


def _part(records: Records, fields: dict[str, Any], name: str, value: Any) -> str:
    """« Titre : La fibre »; what was emptied or unticked is said too."""
    kind = fields["record_kind"]
    if isinstance(value, dict):
        return _parts(records, kind, {name: value}, named=True)
    if (kind, name) == ("agenda_item", "rank"):
        said = _place(records, fields["record_id"], value)
    else:
        said = value_words(kind, name, value, names_of(records, kind, [{name: [value]}]))
    return f"{wording.capitalised(field_words(name))} : {said or '(rien)'}"


def _place(records: Records, item_id: str, rank: str) -> str:
    """« après « Voirie » »: where a rank puts an item among the others as they stand."""
    try:
        meeting = records.envelope(item_id, deleted=True).fields.get("meeting_id")
    except UserError:
        return rank
    items: Sequence[Record[AgendaItem]] = records.list("agenda_item", meeting_id=meeting)
    before = [one for one in items if one.id != item_id and rank_key(one) < (rank, item_id)]
    if not before:
        return "en tête"
    return f"après « {max(before, key=rank_key).fields.title or 'Sans titre'} »"


def _parts(records: Records, kind: str, parts: dict[str, Any], *, named: bool) -> str:
    """The fields of a unit, a line each, and a line for each member of a list or of a map.

    A flag that is false is left out.
    """
    names = names_of(records, kind, [{field: [value] for field, value in parts.items()}])
    lines: list[str] = []
    for field, value in parts.items():
        if isinstance(value, dict):
            lines += value_lines(kind, field, {field: value}, names)
            continue
        members = value if isinstance(value, list) and not named else [value]
        head = f"{wording.capitalised(field_words(field))} : " if named else ""
        for member in members:
            if member is not False and (said := value_words(kind, field, member, names)):
                lines.append(f"{head}{said}")
    return "\n".join(lines) or "(rien)"
