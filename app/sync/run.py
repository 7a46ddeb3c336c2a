"""One sync: sends what waits, takes in what others did, until neither side has anything new."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from app.clock import IdMaker
from app.domain.records import REGION
from app.errors import SyncError
from app.storage import sync_state
from app.storage.unit_of_work import UnitOfWork
from app.storage.workspace import Workspace
from app.sync import link as ties
from app.sync import outbox, receipt_book
from app.sync.answers import check_answer, signing_key
from app.sync.client import Central
from app.sync.comparison import Comparison, send_what_was_left
from app.sync.faults import Older, Rejected
from app.sync.files import Carrier, are_waiting
from app.sync.guard import Guard
from app.sync.intake import Intake
from app.sync.link import Link
from app.sync.numbers import settle_numbers
from app.sync.outcome import LABEL, Outcome
from app.sync.protocol import Page, SyncResponse
from app.sync.receipts import successor
from app.sync.refusals import Refusals
from app.sync.results import Results
from app.sync.spaces import take_back
from app.sync.turns import OnTheirWay, Turn, goes_on
from app.sync.writers import Writers, writers_of

_MOST_IDLE = 8  # exchanges in a row without progress, before giving up


class Run:
    """The exchanges of one sync over an open connection; `outcome` tells what they did."""

    def __init__(
        self,
        workspace: Workspace,
        ids: IdMaker,
        central: Central,
        *,
        accept_deletions: bool = False,
    ) -> None:
        self.workspace = workspace
        self.ids = ids
        self.central = central
        self.accept_deletions = accept_deletions
        self.outcome = Outcome()
        self.guard = Guard(self.outcome, accept_deletions)
        self.refusals = Refusals(workspace, ids, central, self.guard, self.outcome)
        self._pending = False  # whether something was left to send after the last answer
        self._writers: Writers = {}  # for the changes that wait for the last page as well
        self._has_files = False  # whether an answer of this sync named files to send or fetch
        self._unlike: list[int] = []  # the seqs of organisations that the central holds otherwise
        self._has_made = False  # whether this sync made a batch; the first may ask for no changes
        self._reopened: set[str] = set()  # the spaces that this sync asked the central to open
        self._was_left = False  # whether an account before ours left something to the GIP, as ours

    def until_level(self) -> Outcome:
        """Exchanges until nothing is left to send or to take in, or the user has to decide."""
        idle, level = 0, False
        doubt: tuple[str, int] | None = None
        while idle < _MOST_IDLE:
            turn = self._next_turn()
            try:
                if turn.follows:
                    moved = self._send_in_a_row(turn)
                else:
                    moved, level = self._step(turn)
            except Older as older:
                if older.than == doubt:
                    raise
                moved, doubt = False, older.than  # ask again: the answer may have been overtaken
            if self.outcome.deletions or (level and not (self._look_again() or self._left_to_us())):
                if turn.files or self._has_files:
                    self._carry_files(turn.link)
                return self.outcome
            idle = 0 if moved else idle + 1
        raise SyncError(
            "busy",
            "Le central change sans cesse : la suite partira à la prochaine synchronisation.",
        )

    def _step(self, turn: Turn) -> tuple[bool, bool]:
        """Makes one exchange; gives whether it made progress, and whether both sides are level."""
        try:
            if turn.link.comparing and turn.batch is None:
                self._compare(turn.link)
                return True, False
            response = self._checked(turn, turn.ask(self.central))
        except Rejected as rejected:
            return self.refusals.face(rejected, turn.link, turn.batch), False
        try:
            moved, more = self._take_in_a_row(turn, response)
        except Rejected as rejected:  # in asking for a further page: the batch was answered
            return self.refusals.face(rejected, turn.link, None), False
        if take_back(self.workspace, turn.link, response.also_open, LABEL):
            return True, False
        level = turn.asks_of_all and not (more or self._pending)
        return moved, level and not self._settle_numbers()

    def _look_again(self) -> bool:
        """Has the next exchange pull the organisations that the central holds otherwise than we do;
        gives whether there are any.

        To the first change of a shipped organisation the central adds the other fields from its own
        territory data, which may be of another year than ours.
        """
        if not self._unlike:
            return False
        before = min(self._unlike) - 1
        self._unlike.clear()
        with self.workspace.unit(LABEL, lasting=False) as unit:
            moved = ties.move_back(unit, REGION, before)
            unit.commit()
        return moved

    def _left_to_us(self) -> bool:
        """Has what was left to the GIP sent, now that its other laptops' work has come; gives
        whether there is any.
        """
        return self._was_left and send_what_was_left(self.workspace)

    def _send_in_a_row(self, turn: Turn) -> bool:
        """Sends batch after batch; gives whether that made progress.

        While batches are on their way, an earlier answer is taken in and the next batch is made, so
        that the laptop and the central work at the same time. The first batch to fill a bare space
        asks for no changes; the next row begins with one that does, since others' changes there may
        have made the first batch stale. A batch that opens its space ends the row: nothing else of
        the space can leave before it is accepted.
        """
        moved = False
        made: Turn | None = turn  # the next to send
        before: Turn | None = None  # the one sent last, if another is to be made after it
        answered: tuple[Turn, bytes] | None = None
        with closing(OnTheirWay(self.central)) as line:
            while made or before or answered or line.oldest:
                if made is not None and line.has_room_for(made):
                    line.send(made)
                    before, made = (made if made.follows else None), None
                elif before or answered:
                    took, following = self._meanwhile(line, answered, before)
                    moved |= took
                    made, before, answered = following or made, None, None
                elif line.oldest is not None:
                    try:
                        answered = line.oldest, line.answer()
                    except Rejected as rejected:
                        line.close()
                        asked = line.oldest
                        return self.refusals.face(rejected, asked.link, asked.batch) or moved
        return moved

    def _meanwhile(
        self, line: OnTheirWay, answered: tuple[Turn, bytes] | None, before: Turn | None
    ) -> tuple[bool, Turn | None]:
        """Takes in an answer, if one has come, and makes the turn that follows `before`, if any."""
        response = None if answered is None else self._checked(*answered)
        if response is not None:
            self._writers |= writers_of(self.workspace, self.central, response)
        moved, following = False, None
        with self.workspace.unit(LABEL) as unit:
            if answered is not None and response is not None:
                moved = self._apply(unit, answered[0], response)
            if before is not None:
                following = self._following(unit, line, before)
            unit.commit()
        return moved, following

    def _following(self, unit: UnitOfWork, line: OnTheirWay, before: Turn) -> Turn | None:
        """The turn to follow one just sent, its batch made ahead of the answer; None at the end."""
        if outbox.holds_others(unit, before.link, line.batches):
            return None  # another program on this workspace is making batches too
        refused = self.refusals.waiting
        skip = refused | line.gone if refused else line.gone
        batch = outbox.prepare(unit, before.link, self.ids, skip=skip, ahead_of=before.batch)
        if batch is None:
            return None
        return Turn(before.link, batch, {}, follows=not batch.opens)

    def _carry_files(self, link: Link) -> None:
        """Sends and fetches files; those that the network stops wait for the next sync."""
        carrier = Carrier(self.workspace, self.central, link.limits)
        if not carrier.left():
            return
        try:
            carrier.carry()
        except SyncError as error:
            if error.kind == "cancelled":
                raise
            self.outcome.files_fault = error.sentence
        self.outcome.files_left, self.outcome.files_refused = carrier.left(), carrier.refused
        self.outcome.files_sent += carrier.sent
        self.outcome.files_received += carrier.fetched

    def _compare(self, link: Link) -> None:
        comparison = Comparison(
            self.workspace,
            self.ids,
            self.central,
            link,
            self.outcome,
            reopened=self._reopened,
            accept_deletions=self.accept_deletions,
        )
        comparison.run()

    def _pull_again(self, link: Link) -> None:
        """Pulls all again, as this program knows fields that its previous version left out.

        Waiting batches are remade: the cursors that they name would take the pull too far forward.
        """
        with self.workspace.unit(LABEL) as unit:
            ties.rewind(unit)
            ties.keep(unit, ties.DEFINITIONS, ties.definitions())
            for batch in list(outbox.all_waiting(unit)):
                outbox.dissolve(unit, link, self.ids, batch, parts=1)
            unit.commit()

    def open_space(self, space: str) -> None:
        """Sends the commission of a space alone, so that the space exists at the central."""
        link = self._link()
        with self.workspace.unit(LABEL) as unit:
            batch = outbox.prepare(unit, link, self.ids, opening=space)
            unit.commit()
        if batch is not None:
            turn = Turn(link, batch, batch.request.after)
            self._take_in(turn, self._checked(turn, turn.ask(self.central)))

    def _link(self) -> Link:
        with self.workspace.reading() as unit:
            return _known(ties.load(unit))

    def _settle_numbers(self) -> bool:
        if self.refusals.read_only:
            return False
        return settle_numbers(self.workspace, self.central, self.outcome, LABEL)

    # Sending

    def _next_turn(self) -> Turn:
        """Prepares the next exchange, with a batch from the outbox if there is anything to send.

        A batch asks for changes from the cursors of when it was made, an exchange without one from
        the present ones. While deletions are held back, no new batch is made: it would ask for
        their page once more.
        """
        with self.workspace.reading() as unit:
            kept = ties.load_all(unit)
            link = _known(ties.link_of(kept))
            after = ties.cursors(unit, link) | self.guard.beyond
            edited, waits = (0, False) if self.refusals.read_only else self._left(unit, link)
            batch = outbox.waiting(unit, link) if waits else None
            others = batch is not None and outbox.holds_others(unit, link, {batch.batch_id})
        self.outcome.frozen |= ties.value_of(kept, ties.FREEZES) or {}
        self.outcome.numbered.update(ties.value_of(kept, ties.NUMBERED) or ())
        self._was_left = link.role == "gip" and ties.LEFT_TO_THE_GIP in kept
        if ties.value_of(kept, ties.DEFINITIONS) != ties.definitions():
            self._pull_again(link)
            return self._next_turn()
        if batch is None and edited and not (link.comparing or self.guard.beyond):
            with self.workspace.unit(LABEL) as unit:
                batch = outbox.waiting(unit, link)  # that another program made meanwhile
                batch = batch or outbox.prepare(
                    unit, link, self.ids, skip=self.refusals.waiting, may_ask=self._has_made
                )
                if batch is None:
                    receipt_book.settle(unit)  # the edits may have been taken back since
                self._has_made = True
                unit.commit()
        files = are_waiting(kept)
        if batch is None:
            return Turn(link, None, after, files=files)
        follows = edited > len(batch.edits) and not (others or link.comparing or batch.opens)
        asked = batch.request.after
        asks_of_all = asked.keys() >= {REGION, *link.spaces}
        return Turn(link, batch, asked, follows, files, asks_of_all)

    def _left(self, unit: UnitOfWork, link: Link) -> tuple[int, bool]:
        """How many records have edits to send, those refused aside, and whether a batch waits."""
        edited, waits = outbox.left(unit, link)
        refused = self.refusals.waiting
        left = len(sync_state.edited_among(unit, refused)) if refused else 0
        return max(0, edited - left), waits

    def _checked(self, turn: Turn, body: bytes) -> SyncResponse:
        """The decoded answer to a turn; SyncError unless it passes every check of `answers`."""
        link, batch = turn.link, turn.batch
        response = self.central.decoded(body, SyncResponse)
        key = signing_key(link, response, self.central)
        check_answer(link, batch, turn.after, response, key)
        if key != link.key:
            self._pin(link)
        return response

    def _pin(self, link: Link) -> None:
        """Pins the central's newest key, when endorsements lead to it from the pinned one."""
        newest = successor(link.key, self.central.capabilities())
        if newest is not None and newest != link.key:
            with self.workspace.unit(LABEL) as unit:
                ties.keep(unit, "key", newest)
                unit.commit()

    # Taking in

    def _take_in(self, turn: Turn, response: SyncResponse) -> bool:
        """Applies an answer in one unit of work; gives whether that made progress.

        A power cut may undo it: the same batch would then be sent again, and get the same answer.
        """
        if turn.batch is None and not (self.guard.beyond or turn.leads_to(response)):
            return False
        self._writers |= writers_of(self.workspace, self.central, response)
        with self.workspace.unit(LABEL, lasting=False) as unit:
            moved = self._apply(unit, turn, response)
            edited, waits = self._left(unit, turn.link)
            unit.commit()
        self._pending = (edited > 0 or waits) and not self.refusals.read_only
        return moved

    def _apply(self, unit: UnitOfWork, turn: Turn, response: SyncResponse) -> bool:
        """As `_take_in`, in a unit of work that the caller commits; Older if the epoch changed."""
        if (epoch := ties.kept(unit, "epoch")) != turn.link.epoch:
            raise Older(epoch)
        intake = Intake(unit, turn.link, self.outcome, self._writers)
        at = self.workspace.clock().isoformat()
        if turn.batch is not None and outbox.remove(unit, turn.batch):
            self.refusals.waiting |= Results(intake).take(turn.batch, response, at)
            if turn.batch.space == REGION and response.receipt is not None:
                ids = {op.id for op in turn.batch.request.ops if op.kind == "organisation"}
                self._unlike += receipt_book.held_otherwise(unit, response.receipt, ids)
        brought = any(page.records for page in response.changes.values())
        if response.changes:
            pages = _fresh(unit, turn, response) if brought else response.changes
            self.guard.take(intake, pages)
        unknown = intake.finish()
        receipt_book.settle(unit, response.receipt)
        self._has_files |= bool(intake.files)
        if response.changes and not goes_on(response):
            self.refusals.waiting |= unknown
            if self.outcome.frozen:
                ties.drop(unit, ties.FREEZES)
        taken = any(result.status != "refused" for result in response.results)
        if taken:
            self.refusals.end_row()
        return brought or taken or turn.leads_to(response)

    def _take_in_a_row(self, turn: Turn, response: SyncResponse) -> tuple[bool, bool]:
        """Takes in an answer and the pages that follow, each while the next one is on its way.

        Gives whether that made progress, and whether more pages are left nevertheless.
        """
        moved = self._pending = False
        with ThreadPoolExecutor(1) as aside:
            while goes_on(response):
                after = {space: page.seq for space, page in response.changes.items()}
                if after == turn.after:
                    break  # the central says that there is more, but gives nothing
                next_turn = Turn(turn.link, None, after)
                taking = aside.submit(self._take_in, turn, response)
                try:
                    next_response = self._checked(next_turn, next_turn.ask(self.central))
                finally:
                    moved |= taking.result()
                if self.outcome.deletions:  # the user decides before anything else comes
                    return moved, True
                turn, response = next_turn, next_response
        return self._take_in(turn, response) or moved, goes_on(response)


def _fresh(unit: UnitOfWork, turn: Turn, response: SyncResponse) -> Mapping[str, Page]:
    """The pages that another program on this workspace has not taken in meanwhile."""
    here, pages = ties.cursors(unit, turn.link), response.changes.items()
    past = {space for space, seq in turn.after.items() if seq < here.get(space, 0)}
    return {one: page for one, page in pages if one not in past or page.seq > here[one]}


def _known(link: Link | None) -> Link:
    assert link is not None  # the service checked
    return link
