"""Takes in others' changes and merges them with what is written here, inside one unit of work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import msgspec

from app.domain.erasure import ERASED
from app.domain.files import named_by
from app.domain.frozen import held_fields
from app.domain.records import CENTRAL_ONLY, Envelope, owner_of
from app.storage import sync_state
from app.storage.rows import Stored
from app.storage.scrub import has_past
from app.storage.unit_of_work import UnitOfWork
from app.sync import link as ties
from app.sync.conflicts import conflict, conflict_id, merge_conflict, was_kept
from app.sync.faults import Older, not_ours
from app.sync.files import Waiting
from app.sync.frozen import Afterwords, keep_paper, minutes_of_the_central
from app.sync.late import Late
from app.sync.link import Link
from app.sync.merge import DELETED, Clash, Merged, State, merge, unit_fields
from app.sync.outcome import Outcome
from app.sync.owners import Owners
from app.sync.replaced import Replaced
from app.sync.sides import BY_THE_CENTRAL, base_of, known_form, last_held
from app.sync.standing import Standing, what_counts
from app.sync.writers import Writers, last_writer


class Intake:
    """Takes in others' changes. `writers` gives the central's authors, to be named in conflicts.

    `forgotten` are the frozen minutes, by meeting, that a restored central has lost.
    """

    def __init__(
        self,
        unit: UnitOfWork,
        link: Link,
        outcome: Outcome,
        writers: Writers | None = None,
        forgotten: Mapping[str, str] | None = None,
    ) -> None:
        self.unit = unit
        self.link = link
        self.outcome = outcome
        self.writers = writers or {}
        self.standing = Standing(unit, link, forgotten or {})
        self.afterwords = Afterwords(unit, outcome)
        self.late = Late(unit, self.afterwords, self._give_way)
        self.owners = Owners(unit, link, outcome.kept, self._open_of_an_owner)
        self.replaced = Replaced(unit, self.afterwords, self.merge, self._open, self.owners.keep)
        self.files = Waiting(unit)

    def changes(self, records: Iterable[Envelope]) -> list[Envelope]:
        """Applies others' changes; gives those that have to wait for the last page.

        These delete a record, or change one that edits or frozen minutes here concern: before the
        last page it is not known whether frozen minutes of the central hold the record still.
        """
        came = list(records)
        here = sync_state.stored_many(self.unit, (record.id for record in came))
        incoming = [known_form(record, here.get(record.id)) for record in came]
        new = [record for record in incoming if record.id not in here]
        self.unit.receive_new(new)
        self._log_freezes(new)
        self.hear_of_erasures(self._may_be_named(new))
        self._note(new)
        self.standing.hear_of(incoming)
        for record in filter(_is_no_addendum, new):
            if minutes_id := self.standing.minutes_of(record, None):
                self.afterwords.note(minutes_id, record, None, record.fields)
        held_back, taken = [], []
        for record in incoming:
            stored = here.get(record.id)
            if stored is None:
                continue
            if (stored.envelope.kind, stored.envelope.space) != (record.kind, record.space):
                raise not_ours("un enregistrement à la place d'un autre")
            if record.revision < stored.envelope.revision:
                raise Older(record.id, stored.envelope.revision)
            minutes_id = self.standing.minutes_of(record, stored.envelope)
            if stored.edits or minutes_id or _deletes(stored, record):
                held_back.append(record)
            elif _differs(stored, record):
                taken.append((stored, record))
        self._take(taken)
        self.files.to_fetch(incoming)
        if self.outcome.frozen:
            for record in filter(_is_no_addendum, incoming):
                before = here.get(record.id)
                self.afterwords.compare(before.envelope.fields if before else None, record)
        return held_back

    def settle(self, held_back: Iterable[Envelope]) -> None:
        """Applies the changes that waited, the deletions that the guard let through among them.

        Minutes come first: whether they are frozen decides how the rest of their meeting is merged.
        """
        for record in sorted(held_back, key=lambda one: one.kind != "minutes"):
            stored = self.unit.stored(record.id)
            if stored is not None:
                self.meet(stored, record)

    def finish(self) -> set[str]:
        """Ends the work on an answer: late ops, deleted owners, addenda, files to send or fetch.

        Gives the ids of the records whose minutes are still to come, on a later page.
        """
        unknown = self.late.settle()
        self.owners.settle()
        self.afterwords.write()
        self.files.write()
        return unknown

    def stand(self, stored: Stored, base: State, theirs: Envelope, minutes_id: str) -> bool:
        """Keeps our state of the fields that minutes frozen here hold still, and the words that
        others wrote in them as an addendum.

        Other fields are merged as usual. Gives whether edits are still to be sent.
        """
        self.afterwords.note(minutes_id, theirs, base.fields, theirs.fields)
        return self.merge(stored, base, theirs, what_counts(base, theirs))

    def meet(self, stored: Stored, theirs: Envelope) -> None:
        """Merges a record of the central with the one here, as frozen minutes allow.

        An earlier revision than ours is ignored: another program on this workspace has taken in a
        later one. Only after a restore (while comparing) does the central really go back.
        """
        if theirs.revision < stored.envelope.revision and not self.link.comparing:
            return
        minutes_id = self.standing.minutes_of(theirs, stored.envelope)
        if minutes_id is not None and stored.envelope.revision < theirs.revision:
            self.stand(stored, last_held(stored), theirs, minutes_id)
        elif stored.edits and stored.envelope.revision < theirs.revision:
            minutes = minutes_of_the_central(self.unit, theirs)
            is_draft = theirs.kind == "minutes" and not theirs.fields.get("frozen_at")
            itself = minutes is not None and minutes.id == theirs.id
            stays_draft = is_draft and not stored.envelope.fields.get("frozen_at")
            if minutes is None or stays_draft or (itself and is_draft):
                self.merge(stored, base_of(stored), theirs)
            elif is_draft and theirs.deleted:  # what others wrote before is not in our PDF
                base = base_of(stored)
                self.merge(stored, base, msgspec.structs.replace(theirs, fields=base.fields))
            elif is_draft:  # an addendum frozen here, whose printed copy may be signed already
                self.stand(stored, base_of(stored), theirs, minutes.id)
            else:
                self._give_way(stored, minutes, theirs)
        elif stored.edits == 0 and _differs(stored, theirs):
            self._take([(stored, theirs)])

    def _give_way(self, stored: Stored, minutes: Envelope, theirs: Envelope) -> None:
        """Takes the central's state of the fields that its frozen minutes hold still, and keeps our
        words that it lacks as an addendum.

        Other fields are merged as usual.
        """
        base, mine = base_of(stored), stored.envelope
        unknown = {
            name: value
            for name, value in mine.fields.items()
            if theirs.deleted or theirs.fields.get(name) != value
        }
        if mine.kind == "minutes" and "pdf_sha256" in unknown:
            keep_paper(self.unit, mine)  # ours was frozen too: its PDF must not be lost
        self.afterwords.note(minutes.id, mine, base.fields, unknown)
        changed = {name for name in mine.fields if mine.fields[name] != base.fields.get(name)}
        held = held_fields(mine.kind, changed)
        if mine.deleted != base.deleted:  # only the deletion: free fields are merged as usual
            held |= held_fields(mine.kind, {DELETED})
        if DELETED in held and mine.deleted:
            self.owners.keep(mine)
        fields = mine.fields | {name: base.fields[name] for name in held & base.fields.keys()}
        deleted = base.deleted if DELETED in held else mine.deleted
        left = msgspec.structs.replace(mine, fields=fields, deleted=deleted)
        self.merge(msgspec.structs.replace(stored, envelope=left), base, theirs)

    def _take(self, pairs: Sequence[tuple[Stored, Envelope]]) -> None:
        """Takes the central's state of records that were not edited here."""
        sync_state.receive_all(self.unit, pairs, BY_THE_CENTRAL)
        self.hear_of_erasures([record for _, record in pairs])
        for stored, record in pairs:
            sides = (stored.envelope, record)
            if len({named_by(one.kind, one.fields) for one in sides}) > 1:
                self.files.to_send(record)  # the file now named may be on this laptop only
        self._note([record for _, record in pairs])

    def _log_freezes(self, new: Iterable[Envelope]) -> None:
        """Notes in the history when frozen minutes came, as it would be had their draft been here:
        what came before then was so when they were frozen.
        """
        self.unit.log_all(
            [
                self.unit.entry(one, {"frozen_at": [None, frozen_at]}, BY_THE_CENTRAL)
                for one in new
                if one.kind == "minutes" and (frozen_at := one.fields.get("frozen_at"))
            ]
        )

    def hear_of_erasures(self, theirs: Iterable[Envelope]) -> None:
        """Notes the persons whom another laptop erased, whom the history here has to forget too,
        once nothing written of them meanwhile is left.

        An incoming conflict about a person who is erased here counts as well: it may tell the name.
        """
        about = (
            self.unit.get(str(one.fields.get("record_id"))) if one.kind == "conflict" else one
            for one in theirs
        )
        persons = (one for one in about if one is not None and one.kind == "person")
        erased = {one.id for one in persons if one.fields.get("last_name") == ERASED}
        if erased:
            known = ties.kept(self.unit, ties.ERASED) or []
            ties.keep(self.unit, ties.ERASED, sorted(erased.union(known)))

    def _may_be_named(self, new: Sequence[Envelope]) -> Sequence[Envelope]:
        """The new records by which an erasure may concern this laptop: a person whom it never knew
        may be named in its history, if it has one.
        """
        spaces = {one.space for one in new if one.fields.get("last_name") == ERASED}
        past = {space for space in spaces if has_past(self.unit, owner_of(space))}
        return [one for one in new if one.kind == "conflict" or one.space in past]

    def _note(self, received: Iterable[Envelope]) -> None:
        for record in received:
            self.outcome.note_received(record)
            if record.deleted:
                self.owners.lose(record.id)
            if record.kind == "conflict":
                self._let_go(record)

    def _let_go(self, conflict: Envelope) -> None:
        """Deletes a record that edits here keep alive, once the GIP decided its conflict so."""
        stored = self.unit.stored(str(conflict.fields.get("record_id")))
        if stored is None or not stored.base_deleted:
            return
        record, base = stored.envelope, base_of(stored)
        if was_kept(conflict.fields, True) and not self.link.may_bring_back(record.space):
            gone = msgspec.structs.replace(record, fields=base.fields, deleted=True)
            self.unit.receive(gone, author=BY_THE_CENTRAL)
            self.outcome.refused.pop(gone.id, None)
            self._note([gone])

    def merge(
        self, stored: Stored, base: State, theirs: Envelope, said: State | None = None
    ) -> bool:
        """Writes the three-way merge and its conflicts; gives whether edits are still to be sent.

        `said`, if given, is merged in place of their whole state.
        """
        mine = State(stored.envelope.fields, stored.envelope.deleted)
        held = State(theirs.fields, theirs.deleted)
        self.hear_of_erasures([theirs])
        if theirs.kind == "conflict" and not (mine.deleted and held.deleted):
            merged = Merged(merge_conflict(base.fields, mine.fields, theirs.fields))
        else:
            merged = self._as_decided(stored.envelope, merge(theirs.kind, base, mine, said or held))
        if merged.clashes and not self.link.may_write(theirs.space, theirs.kind):
            merged = Merged(held)
        record = msgspec.structs.replace(
            theirs, fields=merged.state.fields, deleted=merged.state.deleted
        )
        if any(clash.unit == DELETED for clash in merged.clashes):
            self.owners.keep(stored.envelope)
        left = merged.state != held
        if left:
            on, edits = (held.fields, held.deleted), max(1, stored.edits)
            self.unit.receive(record, author=BY_THE_CENTRAL, edits=edits, stands_on=on)
        else:
            self.unit.receive(record, author=BY_THE_CENTRAL)
        if record.deleted:
            self.owners.lose(record.id)
        self.files.to_send(record)
        if held != base:
            self.outcome.merged[theirs.id] = theirs.kind
        for clash in merged.clashes:
            self._open(stored, clash)
        return left

    def _as_decided(self, record: Envelope, merged: Merged) -> Merged:
        """Settles again, for mine, the clashes of a merge that were already decided so.

        A restore takes the central's revisions back, so that a decided conflict can arise again.
        """
        fields, left = dict(merged.state.fields), []
        for clash in merged.clashes:
            known = self.unit.get(conflict_id(record.id, clash, record.revision))
            if clash.unit != DELETED and known and was_kept(known.fields, clash.mine):
                fields |= unit_fields(record.kind, clash.unit, clash.mine)
            else:
                left.append(clash)
        return Merged(replace(merged.state, fields=fields), tuple(left))

    def _open(self, stored: Stored, clash: Clash) -> None:
        """Writes the conflict for a clash, unless another laptop has already made the same one."""
        record = stored.envelope
        mine_by = last_writer(self.unit, record, clash.unit)
        theirs_by = self.writers.get((record.id, clash.unit), ("", ""))
        self._write_conflict(record, clash, mine_by, theirs_by)

    def _open_of_an_owner(self, stored: Stored, clash: Clash, standing: Envelope) -> None:
        """Writes the conflict of a record deleted on one side while the other wrote something that
        it owns (`standing`).
        """
        owner = stored.envelope
        ours, others = (owner, standing) if clash.mine else (standing, owner)
        mine_by = self.writers.get((ours.id, DELETED)) or last_writer(self.unit, ours, DELETED)
        self._write_conflict(
            owner, clash, mine_by, self.writers.get((others.id, DELETED), ("", ""))
        )

    def _write_conflict(
        self, record: Envelope, clash: Clash, mine_by: tuple[str, str], theirs_by: tuple[str, str]
    ) -> None:
        made = conflict(record, clash, record.revision, mine_by, theirs_by)
        known = self.unit.stored(made.id)
        if known is None:
            self.unit.save(made)
        else:
            self._let_go(known.envelope)
        self.outcome.conflicts[made.id] = record.id


def _is_no_addendum(record: Envelope) -> bool:
    """Whether words of others in a record are to be kept: an addendum of theirs keeps its own."""
    return record.kind != "minutes"


def _differs(stored: Stored, theirs: Envelope) -> bool:
    here = stored.envelope
    return (here.revision, here.fields) != (theirs.revision, theirs.fields)


def _deletes(stored: Stored, theirs: Envelope) -> bool:
    """Whether a tombstone deletes something that people wrote, not a digest of the central's."""
    alive = not stored.envelope.deleted
    return theirs.deleted and alive and theirs.kind not in CENTRAL_ONLY
