"""After a restore of the central: compares what both sides hold, and sends it what it lacks."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from app.clock import IdMaker
from app.domain.erasure import is_rewritten
from app.domain.records import CENTRAL_ONLY, REGION, SCHEMA, Envelope, owner_of
from app.domain.validation import defaults
from app.errors import SyncError
from app.storage import sync_state
from app.storage.meeting_ties import frozen_minutes, meeting_of
from app.storage.rows import Stored
from app.storage.unit_of_work import UnitOfWork
from app.storage.workspace import Workspace
from app.sync import link as ties
from app.sync import outbox, receipt_book
from app.sync.ancestry import Fork, common_state, fork, is_of_erased, parting
from app.sync.answers import check_answer
from app.sync.client import Central
from app.sync.faults import Rejected, not_ours
from app.sync.guard import Guard
from app.sync.intake import Intake
from app.sync.link import Link
from app.sync.merge import State
from app.sync.outcome import Outcome
from app.sync.protocol import Device, Page, SyncRequest
from app.sync.sides import BY_THE_CENTRAL, known_form
from app.sync.spaces import close

LABEL = "Comparaison avec le central"


def begin(workspace: Workspace, ids: IdMaker, link: Link, epoch: str) -> None:
    """Notes a new epoch, under which the waiting batches go out again before the comparison.

    SyncError when the epoch is not new: a central that is being restored still tells the old one.
    """
    if epoch == link.epoch:
        raise SyncError("busy", "Le central est en cours de restauration : réessayez bientôt.")
    with workspace.unit(LABEL) as unit:
        here = ties.load(unit) or link  # another program may have adopted a commission meanwhile
        known, missed = link.lineage, here.missed
        if link.comparing:  # half compared, what is here follows neither
            half = ties.kept(unit, ties.HALF_COMPARED) or ()
            known, missed = (), {space: missed[space] for space in missed.keys() - {*half}}
        comparing = msgspec.structs.replace(
            here, epoch=epoch, lineage=known, comparing=True, missed=missed
        )
        ties.save(unit, comparing)
        for batch in list(outbox.all_waiting(unit)):
            outbox.dissolve(unit, comparing, ids, batch, parts=1)
        unit.commit()


class Comparison:
    """Reads every space from its beginning; nothing is deleted here for being absent there.

    It stops when another program on this workspace begins or has finished a comparison: the pages
    still to come may be older than what that program took in. It also stops, to begin again, where
    the central has first to open a space that it seems to lack; `reopened` are those that it was
    asked to open already, and neither opened nor held back from us: all of them counts as new.
    """

    def __init__(
        self,
        workspace: Workspace,
        ids: IdMaker,
        central: Central,
        link: Link,
        outcome: Outcome,
        *,
        reopened: set[str],
        accept_deletions: bool,
    ) -> None:
        self.workspace = workspace
        self.ids = ids
        self.central = central
        self.link = link
        self.outcome = outcome
        self.reopened = reopened
        self.guard = Guard(outcome, accept_deletions)
        self._word = secrets.token_hex(8)  # tells this comparison from one of another program
        self._proven: set[str] = set()  # the ids of the records that a receipt names
        self._forgets: dict[str, bool] = {}  # by minutes' id, whether the central lacks the freeze

    def run(self) -> None:
        """Compares all spaces; an interrupted comparison has to begin again."""
        with self.workspace.unit(LABEL) as unit:
            ties.keep(unit, ties.COMPARISON, self._word)
            self._proven = receipt_book.named(unit)
            unit.commit()
        device = self.central.device()
        granted = {one.space for one in device.spaces}
        seen: dict[str, set[str]] = {space: set() for space in (REGION, *self.link.spaces)}
        last: dict[str, int] = {}
        shut: list[str] = []
        for space, ids in seen.items():
            parted_at = parting(self.link.lineage_of(space), device.epochs, space)
            try:
                for page in self._pages(space):
                    last[space] = page.seq
                    ids.update(record.id for record in page.records)
                    forks, forgotten = self._forks(page, parted_at), self._forgotten(page)
                    if not self._compare_page(space, page, forks, forgotten):
                        return
            except Rejected as rejected:
                # The restored backup may be older than this space, or than its grant. (A deleted
                # commission is not granted either, but it can be read: it does not come here.)
                if rejected.problem.name != "not-found" or space in granted | {REGION}:
                    raise
                shut.append(space)
        with self.workspace.unit(LABEL) as unit:
            if self._goes_on(unit):
                alive = {one.id for one in unit.select("commission")}  # the others are not to send
                opening = False
                for space in (one for one in shut if one in alive.difference(self.reopened)):
                    if device.facilitator.may_open:
                        outbox.open_again(unit, self.link, self.ids, space)
                        self.reopened.add(space)
                        opening = True
                    else:
                        del seen[space]
                if not opening:
                    self._finish(unit, seen, last, device)
                unit.commit()

    def _goes_on(self, unit: UnitOfWork) -> bool:
        """Whether this comparison has still to go on; SyncError while another program does one."""
        here = ties.load_all(unit)
        link = ties.link_of(here)
        if link is None or not link.comparing or link.epoch != self.link.epoch:
            return False
        if ties.value_of(here, ties.COMPARISON) != self._word:
            raise SyncError(
                "busy",
                "Un autre programme compare cet espace de travail avec le central : laissez-le"
                " finir, puis synchronisez.",
            )
        return True

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
            if page.seq == after[space]:
                raise not_ours("une suite sans fin")
            after = {space: page.seq}

    def _forks(self, page: Page, parted_at: int) -> dict[str, Fork]:
        """The forks of those records of a page that differ from ours, by record id.

        A page that ends before the parting has none.
        """
        if page.seq <= parted_at:
            return {}
        with self.workspace.reading() as unit:
            here = sync_state.stored_many(unit, (record.id for record in page.records))
        differ = [r.id for r in page.records if r.id in here and not _same(here[r.id], r)]
        return {one: fork(self.central.revisions(one).revisions, parted_at) for one in differ}

    def _forgotten(self, page: Page) -> dict[str, str]:
        """For the meetings of a page's differing records: the minutes frozen here, by meeting, that
        the central lacks.
        """
        with self.workspace.reading() as unit:
            here = sync_state.stored_many(unit, (record.id for record in page.records))
            differ = [r for r in page.records if r.id not in here or not _same(here[r.id], r)]
            ours = [here[record.id].envelope for record in differ if record.id in here]
            meetings = {meeting_of(unit, record) for record in (*differ, *ours)}
            found = {one: frozen_minutes(unit, one) for one in meetings if one}
        frozen = {meeting_id: minutes.id for meeting_id, minutes in found.items() if minutes}
        return {meeting_id: one for meeting_id, one in frozen.items() if self._lacks(one)}

    def _lacks(self, minutes_id: str) -> bool:
        """Whether the central has no frozen state of these minutes: a draft at most."""
        if minutes_id not in self._forgets:
            self._forgets[minutes_id] = not self.central.knows(minutes_id, "frozen_at")
        return self._forgets[minutes_id]

    def _compare_page(
        self, space: str, page: Page, forks: Mapping[str, Fork], forgotten: Mapping[str, str]
    ) -> bool:
        """Compares a page with what is here; False when another program has done so already."""
        with self.workspace.unit(LABEL) as unit:
            if not self._goes_on(unit):
                return False
            intake = Intake(unit, self.link, self.outcome, forgotten=forgotten)
            self.guard.hold(space, (), page.records)
            here = sync_state.stored_many(unit, (record.id for record in page.records))
            intake.changes(record for record in page.records if record.id not in here)
            for record in page.records:
                stored = here.get(record.id)
                if stored is not None:
                    known = known_form(record, stored)
                    self._compare_record(intake, space, stored, known, forks.get(record.id))
            intake.finish()
            half = ties.kept(unit, ties.HALF_COMPARED) or []
            if space not in half:
                ties.keep(unit, ties.HALF_COMPARED, [*half, space])
            unit.commit()
        return True

    def _compare_record(
        self, intake: Intake, space: str, stored: Stored, theirs: Envelope, forked: Fork | None
    ) -> None:
        if _same(stored, theirs):
            intake.unit.receive(theirs)
            intake.files.to_send(theirs)
            return
        mine = stored.envelope
        base = common_state(intake.unit, stored, theirs, forked)
        untouched = base == State(mine.fields, mine.deleted)
        # edits made on this very state of the central are sent as they are
        waits = (stored.base, mine.revision) == (theirs.fields, theirs.revision)
        minutes_id, left = intake.standing.minutes_of(theirs, mine), False
        if minutes_id is not None and not waits:
            left = intake.stand(stored, base, theirs, minutes_id)
        elif untouched and theirs.deleted and theirs.kind not in CENTRAL_ONLY:
            self.guard.hold(space, [theirs])
        elif untouched or not self._may_send(mine):
            intake.unit.receive(theirs, author=BY_THE_CENTRAL)
            intake.files.to_send(theirs)
            intake.hear_of_erasures([theirs])
            self.outcome.note_received(theirs)
        elif not waits:
            left = intake.merge(stored, base, theirs)
        if left:
            receipt_book.annul(intake.unit, self._proven & {mine.id})

    def _may_send(self, mine: Envelope) -> bool:
        """Whether we may send our state of a record; a deletion in the region is for the GIP."""
        if mine.deleted and not self.link.may_bring_back(mine.space):
            return False
        return self.link.may_write(mine.space, mine.kind)

    def _finish(
        self, unit: UnitOfWork, seen: dict[str, set[str]], last: dict[str, int], device: Device
    ) -> None:
        intake = Intake(unit, self.link, self.outcome)
        if self.guard.release(intake):
            return
        intake.finish()
        ties.forget_cursors(unit, seen)
        for space, ids in seen.items():
            self._send_what_lacks(unit, space, ids)
            if space in last:
                ties.move_cursor(unit, space, last[space])
        receipt_book.settle(unit)  # what an interrupted comparison voided may be level by now
        shut = [space for space in self.link.spaces if space not in seen]
        self.outcome.lost_spaces += close(unit, self.ids, device, shut)
        here = ties.load(unit) or self.link  # another program may have adopted a commission
        half = ties.kept(unit, ties.HALF_COMPARED) or ()
        missed = {
            space: () if space in half else self.link.lineage_of(space)
            for space in ties.ever_open(unit).difference(seen)
        }
        compared = msgspec.structs.replace(
            here,
            epoch=self.link.epoch,
            lineage=device.epochs,
            comparing=not missed.keys().isdisjoint(here.spaces),
            missed=missed,
        )
        ties.save(unit, compared)
        ties.drop(unit, ties.HALF_COMPARED)

    def _send_what_lacks(self, unit: UnitOfWork, space: str, present: set[str]) -> None:
        lacking: list[str] = []
        absent: list[str] = []
        for record_id, kind, deleted in sync_state.known_to_the_central(unit, owner_of(space)):
            if record_id not in present:
                ours = self.link.may_write(space, kind) and not deleted
                (lacking if ours else absent).append(record_id)
        sync_state.count_as_new(unit, lacking)
        if space == REGION and self.link.role != "gip":
            self._leave_to_the_gip(unit, present, absent)
        sync_state.count_as_absent(unit, absent)
        receipt_book.annul(unit, self._proven.intersection(lacking))
        if space in present.union(lacking):
            self._erase_again(unit, absent)

    def _leave_to_the_gip(self, unit: UnitOfWork, present: set[str], absent: Sequence[str]) -> None:
        """Notes which of the region's records an account of the GIP would send."""
        before = ties.kept(unit, ties.LEFT_TO_THE_GIP) or ()
        left = [one for one in (*before, *absent) if one not in present]
        ties.keep(unit, ties.LEFT_TO_THE_GIP, left)

    def _erase_again(self, unit: UnitOfWork, absent: Sequence[str]) -> None:
        """Sends again the erasure of persons who were deleted afterwards: another laptop that never
        heard of it would send them to the restored central as they were.
        """
        found = sync_state.stored_many(unit, absent)
        erased = {one: stored.n for one, stored in found.items() if is_of_erased(stored.envelope)}
        sync_state.count_as_new(unit, erased)
        for n in erased.values():
            unit.put_base(n, defaults("person"), deleted=False)


def send_what_was_left(workspace: Workspace) -> bool:
    """Has the region's records sent that an account before this one left to the GIP to send, and
    that the central still lacks; gives whether there are any.
    """
    with workspace.unit(LABEL) as unit:
        left = sync_state.stored_many(unit, ties.kept(unit, ties.LEFT_TO_THE_GIP) or ())
        lacking = [one.envelope for one in left.values() if one.envelope.revision == 0]
        ours = [e.id for e in lacking if e.kind not in CENTRAL_ONLY and not e.deleted]
        sync_state.count_as_new(unit, ours)
        ties.drop(unit, ties.LEFT_TO_THE_GIP)
        unit.commit()
    return bool(ours)


def _same(stored: Stored, theirs: Envelope) -> bool:
    """Whether both sides say the same. Two deleted records do, unless an erasure rewrote ours: a
    deletion does not send the fields.
    """
    mine = stored.envelope
    if mine.deleted and theirs.deleted:
        return not is_rewritten(theirs.fields, mine.fields)
    return (mine.fields, mine.deleted) == (theirs.fields, theirs.deleted)
