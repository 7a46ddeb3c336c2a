"""After a restore of the central: compare what both sides hold, and send it what it lacks."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from sqlalchemy import select

from app.domain.records import REGION, SCHEMA, Envelope
from app.storage import sync_state
from app.storage.tables import history
from app.storage.unit_of_work import Stored, UnitOfWork
from app.storage.workspace import Workspace
from app.sync import link as ties
from app.sync import receipt_book
from app.sync.answers import check_answer
from app.sync.client import Central
from app.sync.guard import Guard, owner_of
from app.sync.intake import BY_THE_CENTRAL, Intake, base_of, known_form
from app.sync.link import Link
from app.sync.merge import DELETED, State
from app.sync.outcome import Outcome
from app.sync.protocol import Page, SyncRequest

LABEL = "Comparaison avec le central"


class Comparison:
    """Reads every space from its beginning; nothing here is deleted for being absent there."""

    def __init__(
        self,
        workspace: Workspace,
        central: Central,
        link: Link,
        outcome: Outcome,
        *,
        accept_deletions: bool,
    ) -> None:
        self.workspace = workspace
        self.central = central
        self.link = link
        self.outcome = outcome
        self.guard = Guard(outcome, accept_deletions)

    def run(self) -> None:
        """Compares all spaces; an interruption leaves the whole to be done again."""
        granted = {one.space for one in self.central.device().spaces}
        seen: dict[str, set[str]] = {space: set() for space in (REGION, *self.link.spaces)}
        last: dict[str, int] = {}
        for space, ids in seen.items():
            if space != REGION and space not in granted:
                continue  # the backup was older than the space
            for page in self._pages(space):
                last[space] = page.seq
                ids.update(record.id for record in page.records)
                self._compare_page(space, page)
        with self.workspace.unit(LABEL) as unit:
            self._finish(unit, seen, last)
            unit.commit()

    def _pages(self, space: str) -> Iterator[Page]:
        after = {space: 0}
        while True:
            request = SyncRequest(epoch=self.link.epoch, schema=SCHEMA, after=after)
            response = self.central.exchange(msgspec.json.encode(request), "")
            check_answer(self.link, None, after, response, self.link.key)
            page = response.changes[space]
            yield page
            if not page.more:
                return
            after = {space: page.seq}

    def _compare_page(self, space: str, page: Page) -> None:
        with self.workspace.unit(LABEL) as unit:
            intake = Intake(unit, self.link, self.outcome)
            here = sync_state.stored_many(unit, (record.id for record in page.records))
            intake.changes(record for record in page.records if record.id not in here)
            for record in page.records:
                stored = here.get(record.id)
                if stored is not None:
                    self._compare_record(intake, space, stored, known_form(record))
            intake.finish()
            unit.commit()

    def _compare_record(self, intake: Intake, space: str, stored: Stored, theirs: Envelope) -> None:
        mine = stored.envelope
        newer = stored.edits == 0 and theirs.revision > mine.revision
        if (mine.fields, mine.deleted) == (theirs.fields, theirs.deleted):
            intake.unit.receive(theirs)
            intake.files.to_send(theirs)
        elif newer and theirs.deleted:
            self.guard.hold(space, [theirs])
        elif newer or not self.link.may_write(space, theirs.kind):
            intake.unit.receive(theirs, author=BY_THE_CENTRAL)
        elif not stored.edits or (stored.base, mine.revision) != (theirs.fields, theirs.revision):
            intake.merge(stored, _common_base(intake.unit, stored, theirs), theirs)
            receipt_book.annul(intake.unit, [mine.id])

    def _finish(self, unit: UnitOfWork, seen: dict[str, set[str]], last: dict[str, int]) -> None:
        intake = Intake(unit, self.link, self.outcome)
        if not all(self.guard.release(intake, space) for space in seen):
            return
        ties.forget_cursors(unit)
        for space, ids in seen.items():
            self._send_what_lacks(unit, space, ids)
            if space in last:
                ties.move_cursor(unit, space, last[space])
        ties.save(unit, msgspec.structs.replace(self.link, comparing=False))

    def _send_what_lacks(self, unit: UnitOfWork, space: str, present: set[str]) -> None:
        lacking: list[str] = []
        absent: list[str] = []
        for record_id, kind, deleted in sync_state.known_to_the_central(unit, owner_of(space)):
            if record_id not in present:
                ours = self.link.may_write(space, kind) and not deleted
                (lacking if ours else absent).append(record_id)
        sync_state.count_as_new(unit, lacking)
        sync_state.count_as_absent(unit, absent)
        receipt_book.annul(unit, lacking)


def _common_base(unit: UnitOfWork, stored: Stored, theirs: Envelope) -> State:
    """What both sides stand on, as far as this laptop remembers.

    An older state there is what ours was made from, unless it is another than the one known here:
    then, as for two states of one revision, the histories parted at an unknown point, and only the
    oldest state is sure to be common.
    """
    record, held = stored.envelope, State(theirs.fields, theirs.deleted)
    if theirs.revision > record.revision:
        return base_of(stored)
    if theirs.revision < record.revision and state_at(unit, record, theirs.revision) in (
        None,
        held,
    ):
        return held
    return state_at(unit, record, 0) or State(record.fields, record.deleted)


def state_at(unit: UnitOfWork, record: Envelope, revision: int) -> State | None:
    """The record as the central held it at a revision, by the history here; None if unknown.

    Revision 0 stands for the oldest state known: as made here, or as first received. An edit made
    here bears the revision that it was made on, one received the revision that it gave.
    """
    query = (
        select(history).where(history.c.record_id == record.id).order_by(history.c.change.desc())
    )
    fields, deleted, is_known = dict(record.fields), record.deleted, False
    for row in unit.connection.execute(query):
        made_here = row.device != ""
        if row.created or row.revision < revision or (row.revision == revision and not made_here):
            return State(fields, deleted)
        for name, (before, _) in msgspec.json.decode(row.changes).items():
            if name == DELETED:
                deleted = before
            else:
                fields[name] = before
        is_known = row.revision == revision if made_here else row.revision - 1 <= revision
    return State(fields, deleted) if is_known or revision == 0 else None
