"""The guard on a pull: what has to wait for its last page, and which deletions the user decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from app.domain.records import Envelope, owner_of
from app.storage import sync_state
from app.sync import link as ties
from app.sync.intake import Intake
from app.sync.outcome import Outcome
from app.sync.protocol import Page

MOST = 20
"""How many deletions a pull may bring, over all spaces, without asking the user."""


def is_much_of(deletions: int, live: int) -> bool:
    """Whether these deletions would take a large part of a space's live records (CONTRACTS §5)."""
    return deletions >= 5 and deletions * 10 > live


class Guard:
    """Holds back, until a pull's last page, its deletions and the records also edited here.

    `beyond` gives, by space, how far the pull is ahead of the stored cursor, which does not pass
    what is held back.
    """

    def __init__(self, outcome: Outcome, accepted: bool) -> None:
        self.outcome = outcome
        self.accepted = accepted
        self.beyond: dict[str, int] = {}
        self._held: dict[str, dict[str, Envelope]] = {}

    def take(self, intake: Intake, pages: Mapping[str, Page]) -> None:
        """Applies pages; what has to wait is held back until every space has had its last page."""
        for held in self._held.values():
            intake.standing.hear_of(held.values())  # these may hold minutes from an earlier page
        for space, page in pages.items():
            if page.records:
                self.hold(space, intake.changes(page.records), page.records)
        more = any(page.more for page in pages.values())
        waiting = self.waiting() if more else self.release(intake)
        taken = {space: page.seq for space, page in pages.items() if space not in waiting}
        ties.advance(intake.unit, taken)
        for space in taken:
            self.beyond.pop(space, None)
        if more:
            self.beyond |= {space: pages[space].seq for space in waiting & pages.keys()}

    def let_go(self) -> None:
        """Forgets what is held: it comes again, as the stored cursors did not pass it."""
        self.beyond.clear()
        self._held.clear()

    def hold(self, space: str, records: Iterable[Envelope], page: Iterable[Envelope] = ()) -> None:
        """Keeps records for later.

        A record that `page` brings again has changed since: its held state is dropped.
        """
        held = self._held.setdefault(space, {})
        for record in page:
            held.pop(record.id, None)
        held.update((record.id, record) for record in records)

    def waiting(self) -> set[str]:
        """The spaces that records are held for."""
        return {space for space, held in self._held.items() if held}

    def release(self, intake: Intake) -> set[str]:
        """Applies what was held, or notes in the outcome the deletions that the user has to decide.

        It does not ask about records that come back at once with their owner, or are already
        deleted here. Gives the spaces that wait.
        """
        for waiting in filter(None, self._held.values()):
            _settle(intake, waiting, _meeting_edits(intake, waiting))
            _settle(intake, waiting, intake.owners.spared(waiting))
            _settle(intake, waiting, _done(intake, waiting))
        held = {space: list(self._held[space].values()) for space in self.waiting()}
        self._held.clear()
        if not self.accepted and _asks(intake, held):
            self.outcome.deletions |= held
            return set(held)
        for tombstones in held.values():
            intake.settle(tombstones)
        return set()


def _meeting_edits(intake: Intake, waiting: Mapping[str, Envelope]) -> list[Envelope]:
    """Those that delete nothing: they change a record, or edits or frozen minutes here keep it."""
    edited = {one.envelope.id for one in sync_state.edited_among(intake.unit, waiting)}

    def stays(one: Envelope) -> bool:
        return intake.standing.minutes_of(one, intake.unit.get(one.id)) is not None

    return [one for one in waiting.values() if not one.deleted or one.id in edited or stays(one)]


def _done(intake: Intake, waiting: Mapping[str, Envelope]) -> list[Envelope]:
    """The deletions that another program on this workspace has applied meanwhile."""
    return [waiting[one] for one in sync_state.deleted_among(intake.unit, waiting)]


def _settle(intake: Intake, waiting: dict[str, Envelope], records: Sequence[Envelope]) -> None:
    """Applies some of the waiting records, and takes them off the list."""
    intake.settle(records)
    for record in records:
        del waiting[record.id]


def _asks(intake: Intake, held: Mapping[str, Sequence[Envelope]]) -> bool:
    if sum(map(len, held.values())) > MOST:
        return True
    return any(
        is_much_of(len(tombstones), sync_state.count_live(intake.unit, owner_of(space)))
        for space, tombstones in held.items()
    )
