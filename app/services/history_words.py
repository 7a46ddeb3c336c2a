"""The history of a record as sentences: who changed what, from what to what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import msgspec

from app.domain.field_words import field_words, value_lines, value_words
from app.domain.records import Envelope, RosterEntry
from app.domain.titles import label_of, printed_title, title_of
from app.domain.validation import readable, references, typed
from app.domain.wording import capitalised, listed, shortened
from app.errors import UserError
from app.services.history import Entry
from app.services.records import Records
from app.services.region import Region

if TYPE_CHECKING:
    from app.sync.protocol import Revision

_SHOWN = 240
"""How many characters of a value are quoted."""
_BEFORE = 80
"""How many of them come before the change, where it is far from the beginning."""
_GUESTS = {"attachment": "name", "briefing": "told_on", "commitment": "organisation_id"}
"""The kinds whose history is read with another record's, each with the field that names it."""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One field in a change: its French name, and its value in words before and after.

    `held` says that frozen minutes let it change no more.
    """

    field: str
    words: str
    before: str
    after: str
    held: bool = False


class Chapter(msgspec.Struct, frozen=True, kw_only=True):
    """One change: its number for `Records.restore`, when (an instant), by whom, and what.

    `steps` says the same side by side; a creation and a deletion have none. `passed` says that
    frozen minutes let nobody go back to it.
    """

    change: int
    at: str
    author: str
    device: str
    sentences: Sequence[str]
    steps: Sequence[Step] = ()
    passed: bool = False


class Writing(msgspec.Struct, frozen=True, kw_only=True):
    """One change as the central counts it: when (an instant), by whom, and of which fields."""

    at: str
    author: str
    device: str
    sentence: str


def writings(revisions: Sequence[Revision]) -> Sequence[Writing]:
    """The changes of a record that the central accepted, the newest first as they are given."""
    return [
        Writing(at=one.at, author=one.author, device=one.device, sentence=_what(one, former))
        for one, former in zip_longest(revisions, revisions[1:])
    ]


def _what(revision: Revision, former: Revision | None) -> str:
    if revision.deleted:
        return "Supprimé"
    if former is not None and former.deleted:
        return "Rétabli"
    if revision.revision == 1:
        return "Créé"
    return capitalised(listed([field_words(name) for name in revision.fields]))


def story(records: Records, record_id: str) -> Sequence[Chapter]:
    """What happened to a record on this laptop, newest first."""
    envelope = records.envelope(record_id, deleted=True)
    entries = records.history(record_id)
    names = names_of(records, envelope.kind, [entry.changes for entry in entries])
    held = records.held(record_id)
    held_since = next((n for n, one in enumerate(entries) if held & set(one.changes)), len(entries))
    return [
        Chapter(
            change=entry.change,
            at=entry.at,
            author=entry.author,
            device=entry.device,
            steps=_steps(envelope.kind, entry, names, held, made=entry is entries[-1]),
            passed=place > held_since,
            sentences=_sentences(envelope.kind, entry, names, made=entry is entries[-1]),
        )
        for place, entry in enumerate(entries)
    ]


def parts(records: Records, record_id: str) -> Sequence[tuple[str, str]]:
    """The ids of a record and of those that are shown only with it, with their words.

    These are its attachments, the briefings of a watch note, the commitments to a solution, and
    the group of a need.
    """
    with records.workspace.reading() as unit:
        whole = unit.get_many([record_id])
        group = [readable(one).get("need_group_id") or "" for one in whole.values()]
        guests = [one for _, one in unit.pointing_to(record_id) if one.kind in _GUESTS]
        found = [*whole.values(), *unit.get_many(group).values(), *guests]
    return [(one.id, capitalised(_part_words(records, one))) for one in found]


def _part_words(records: Records, envelope: Envelope) -> str:
    """« engagement : Vougeot (21) »; its kind alone for what has no words."""
    named = _GUESTS.get(envelope.kind, "")
    value = envelope.fields.get(named)
    names = names_of(records, envelope.kind, [{named: [value]}])
    words = value_words(envelope.kind, named, value, names)
    if envelope.kind == "need_group":
        words = title_of(envelope.kind, envelope.fields)
    return f"{label_of(envelope.kind)} : {words}" if words else label_of(envelope.kind)


def names_of(records: Records, kind: str, changes: Iterable[dict[str, Any]]) -> dict[str, str]:
    """The words for every id and theme code among values given by field, in lists or alone.

    Services are told by the themes whose codes they are; one of another word is left out.
    """
    values = [
        {name: side} for change in changes for name, sides in change.items() for side in sides
    ]
    found = {reference.target for value in values for reference in references(kind, value)}
    used = {code for value in values for code in _services(value)}
    themes = Region(records).theme_labels()
    names = {one: themes.get(one) or record_name(records, one) for one in found}
    return {code: themes[code] for code in used & themes.keys()} | names


def _services(value: dict[str, Any]) -> Iterator[str]:
    """The services among the values of a change, those of an audience included."""
    for name, side in value.items():
        if name == "services" and isinstance(side, list | tuple):
            yield from (one for one in side if isinstance(one, str))
        elif name == "audience" and isinstance(side, dict):
            yield from _services(side)


def record_name(records: Records, record_id: str) -> str:
    """The words that name a record, a seat by its organisation; a plain word when it is gone."""
    envelope = _held(records, record_id)
    if envelope is not None and envelope.kind == "roster_entry":
        seat: RosterEntry = typed(envelope).fields
        envelope = _held(records, seat.organisation_id) if seat.organisation_id else envelope
    if envelope is None:
        return "(inconnu ici)"
    return printed_title(title_of(envelope.kind, envelope.fields))


def _held(records: Records, record_id: str) -> Envelope | None:
    try:
        return records.envelope(record_id, deleted=True)
    except UserError:
        return None


def _sentences(kind: str, entry: Entry, names: dict[str, str], *, made: bool) -> Sequence[str]:
    if "deleted" in entry.changes and entry.changes["deleted"][1]:
        return ["Supprimé"]
    made = made and entry.revision == 0
    said = ["Rétabli"] if "deleted" in entry.changes else []
    said += [
        sentence
        for name, (before, after) in entry.changes.items()
        if name != "deleted"
        and (sentence := _change(kind, name, None if made else before, after, names))
    ]
    return ["Créé", *said] if made else said


def _steps(
    kind: str, entry: Entry, names: dict[str, str], held: set[str], *, made: bool
) -> Sequence[Step]:
    if "deleted" in entry.changes or (made and entry.revision == 0):
        return ()
    return [
        Step(
            field=name,
            words=capitalised(field_words(name)),
            before="\n".join(value_lines(kind, name, before, names)),
            after="\n".join(value_lines(kind, name, after, names)),
            held=name in held,
        )
        for name, (before, after) in entry.changes.items()
    ]


def _from_the_change(old: str, new: str) -> tuple[str, str]:
    """Two texts, cut to begin a little before they differ if `_SHOWN` would not reach that far."""
    pairs = enumerate(zip(old, new, strict=False))
    same = next((place for place, (a, b) in pairs if a != b), min(len(old), len(new)))
    if same <= _SHOWN - _BEFORE:
        return old, new
    start = same - _BEFORE
    start = old.find(" ", start, same) + 1 or start
    return f"…{old[start:]}", f"…{new[start:]}"


def _change(kind: str, name: str, before: Any, after: Any, names: dict[str, str]) -> str:
    """« Titre : « a » devient « b » »."""
    word = capitalised(field_words(name))
    old, new = (value_words(kind, name, value, names) for value in (before, after))
    if isinstance(before or after, dict) and max(len(old), len(new)) > _SHOWN:
        return f"{word} : modifié" if old else f"{word} : renseigné"
    old, new = (shortened(side, _SHOWN) for side in _from_the_change(old, new))
    if not new:
        return f"{word} : « {old} » retiré" if old else ""
    return f"{word} : « {old} » devient « {new} »" if old else f"{word} : « {new} »"
