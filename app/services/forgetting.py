"""Takes a person who was erased, here or on another laptop, out of this one's past and files."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import msgspec

from app.domain.erasure import ERASED, emptied, is_erased
from app.domain.naming import Naming
from app.domain.personal_data import traces
from app.domain.records import Envelope
from app.domain.refusals import Refusal
from app.domain.validation import readable
from app.errors import StorageError
from app.services import guards
from app.services.personal_data import around, naming_of
from app.services.search import Search
from app.services.settings import NOTE_PHRASES
from app.services.spelling import unlearn
from app.services.translation import translated
from app.storage import sync_state
from app.storage.scrub import (
    scrub_entries,
    scrub_history,
    scrub_rewritten,
    scrub_tombstones,
)
from app.storage.unit_of_work import UnitOfWork
from app.storage.workspace import Workspace
from app.sync import link as ties

_SETTING = "erasures_untold"
"""The setting with the ids of the records not sent yet when a person was erased."""

_UNCLEAN = (
    "Ce qui a été effacé se lit encore dans les fichiers, que le programme essaiera de nouveau de"
    " nettoyer : cette fois, il n'a pas pu."
)


def forget(unit: UnitOfWork, person: Envelope, naming: Naming, *, kept: Collection[str]) -> None:
    """Takes a person out of the history, but for the present words of the `kept` records, and of
    the deleted records, where they may be (`around`); and out of the words that the user of this
    laptop said to be right, and of the phrases that a key writes.
    """
    about = {person.id: emptied()}
    for envelope in unit.select("conflict", deleted=True):
        if told := dict(told_of(envelope, person.id)):
            about[envelope.id] = told
    for record_id, fields in about.items():
        scrub_entries(unit, record_id, fields)
    rewrites = {space: naming.within(space).erased_in for space in (person.commission_id, None)}
    scrub_history(unit, rewrites, kept=kept)
    scrub_tombstones(unit, rewrites, about)
    unlearn(unit, naming)
    phrases = unit.setting(NOTE_PHRASES, [])
    if (left := rewrites[None](phrases)) != phrases:
        unit.set_setting(NOTE_PHRASES, left)


def told_of(envelope: Envelope, person_id: str) -> Iterator[tuple[str, Any]]:
    """The fields and values that empty a conflict over a person's own fields, and resolve it."""
    fields = readable(envelope) if envelope.kind == "conflict" else {}
    if fields.get("record_id") == person_id and fields["unit"] in emptied():
        value = emptied()[fields["unit"]]
        yield "base", value
        for side in ("mine", "theirs"):
            yield side, fields[side] | {"value": value}
        if fields["status"] == "open":
            yield from (("status", "resolved"), ("kept", "theirs"))


def _settle_conflicts(workspace: Workspace) -> None:
    """Empties the conflicts from before the erasures heard of: what they offer would name somebody.

    Also those over who was written of since, as far as what they are about is erased still.
    """
    with translated(workspace), workspace.reading() as unit:
        stale = [one for person in _heard_of(unit) for one in _emptied(unit, person)]
    if stale:
        with translated(workspace), workspace.unit() as unit:
            for person in _heard_of(unit):
                for conflict in _emptied(unit, person):
                    unit.save(conflict)
            unit.commit()


def _emptied(unit: UnitOfWork, person: Envelope) -> Sequence[Envelope]:
    """The conflicts about a person from before the erasure, emptied.

    A conflict whose `theirs` is not empty is from before, for the record held `theirs` and is now
    erased. One whose `theirs` is the erasure, against words written without knowing of it, is for
    the user to decide.
    """
    found = []
    for envelope in unit.select("conflict"):
        told, fields = dict(told_of(envelope, person.id)), readable(envelope)
        if told and person.fields[fields["unit"]] == told["base"] != fields["theirs"]["value"]:
            found.append(msgspec.structs.replace(envelope, fields=envelope.fields | told))
    return found


def note(unit: UnitOfWork) -> None:
    """Notes, at an erasure, the records whose former words are in the files, and must stay there
    until the next sync if there is one to come.
    """
    waiting = {*unit.setting(_SETTING, []), *sync_state.edited_ids(unit)}
    unit.set_setting(_SETTING, sorted(waiting))


def is_due(unit: UnitOfWork, kept: ties.Kept) -> bool:
    """Whether erased words are still in the files, or the user is to be told of some; `kept` are
    the values kept with the link.
    """
    waits = ties.value_of(kept, ties.ERASED) or ties.value_of(kept, ties.NAMED)
    return bool(waits or unit.setting(_SETTING))


def named_still(unit: UnitOfWork) -> Sequence[str]:
    """The ids of the records that name still whom the history here has forgotten, of which the user
    has not been told.
    """
    return [one for one in ties.kept(unit, ties.NAMED) or [] if unit.get(one) is not None]


def told_of_named(unit: UnitOfWork, record_ids: Collection[str]) -> None:
    """Notes that the user knows of records that named somebody, or has had them changed."""
    if ties.kept(unit, ties.NAMED):
        left = [one for one in named_still(unit) if one not in record_ids]
        ties.keep(unit, ties.NAMED, left)


def take_out(workspace: Workspace, search: Search | None = None) -> str:
    """Rewrites the files without what was erased; gives the sentence why it cannot.

    It takes out the former words of records that are now sent or have nowhere to go, and the past
    of persons whom another laptop erased. The next sync and the next start try again, also when
    another program was reading meanwhile. An erasure here gives the `search` that knows the words:
    the files are then rewritten though nothing was sent.
    """
    with translated(workspace), workspace.reading() as unit:
        noted = set(unit.setting(_SETTING, []))
        waiting = sync_state.edited_ids(unit) if noted and guards.enrolled(unit) else ()
        told = noted.difference(waiting)
        erased = {one.id for one in _heard_of(unit) if is_erased(one.fields)}
    try:
        _settle_conflicts(workspace)
        if not (told or erased or search):
            return ""
        for person_id in erased:
            _forget_here(workspace, person_id)
        (search or Search(workspace)).forget()
        if not workspace.compact():
            return ""
    except StorageError as error:
        return f"{_UNCLEAN} {error.sentence}"
    with translated(workspace), workspace.unit() as unit:
        unit.set_setting(_SETTING, sorted(set(unit.setting(_SETTING, [])) - told))
        heard = set(ties.kept(unit, ties.ERASED) or [])
        ties.keep(unit, ties.ERASED, sorted(heard - erased))
        unit.commit()
    return ""


def _heard_of(unit: UnitOfWork) -> Iterator[Envelope]:
    """The persons erased elsewhere whose name is erased here; they may be written of since."""
    for person_id in ties.kept(unit, ties.ERASED) or []:
        stored = unit.stored(person_id)
        if stored is not None and stored.envelope.fields["last_name"] == ERASED:
            yield stored.envelope


def _forget_here(workspace: Workspace, person_id: str) -> None:
    """Takes one person out, in a unit of work of its own: others may write between two.

    It notes the records that name the person still, and that an erasure would change: nothing here
    will tell them afterwards.
    """
    with translated(workspace), workspace.unit() as unit:
        stored = unit.stored(person_id)
        assert stored is not None  # no record is ever removed
        person = stored.envelope
        naming = naming_of(unit, person)
        named = [
            one
            for one in around(unit, person)
            if any(how == "names" for _, how, _ in traces(one, person.id, naming))
        ]
        if late := [one.id for one in named if _may_change(unit, one, naming)]:
            ties.keep(unit, ties.NAMED, [*dict.fromkeys([*named_still(unit), *late])])
        forget(unit, person, naming, kept=[one.id for one in named])
        others = [one.id for one in _heard_of(unit)]  # whose past names still tell who to forget
        scrub_rewritten(unit, person.commission_id, but=others)
        note(unit)
        unit.commit()


def _may_change(unit: UnitOfWork, envelope: Envelope, naming: Naming) -> bool:
    """Whether a field of a record that names the person may still be changed: nothing frozen holds
    it, for one.
    """
    if envelope.deleted:
        return False
    erased = naming.within(envelope.commission_id).erased_in(envelope.fields)
    changed = (name for name, value in erased.items() if value != envelope.fields[name])
    return any(_allows(unit, envelope, {name: erased[name]}) for name in changed)


def _allows(unit: UnitOfWork, envelope: Envelope, fields: dict[str, Any]) -> bool:
    after = msgspec.structs.replace(envelope, fields=envelope.fields | fields)
    try:
        guards.check_change(unit, envelope, after)
    except Refusal:
        return False
    return True
