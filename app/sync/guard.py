"""The guard on deletions: a pull that would take many records away stops and asks."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.records import REGION, Envelope
from app.storage import sync_state
from app.sync.intake import Intake
from app.sync.outcome import Outcome


def too_many(deletions: int, live: int) -> bool:
    """Whether deleting so many of a space's live records needs the user's word."""
    return deletions > 20 or (deletions >= 5 and deletions * 10 > live)


def owner_of(space: str) -> str | None:
    """The commission_id of a space's records."""
    return None if space == REGION else space


class Guard:
    """Holds the deletions of each space back until its last page tells how many they are."""

    def __init__(self, outcome: Outcome, accepted: bool) -> None:
        self.outcome = outcome
        self.accepted = accepted
        self._held: dict[str, dict[str, Envelope]] = {}

    def hold(
        self, space: str, tombstones: Iterable[Envelope], page: Iterable[Envelope] = ()
    ) -> bool:
        """Keeps tombstones for later; gives whether any of the space are held.

        What a later `page` brings again has changed since: its tombstone is of the past.
        """
        held = self._held.setdefault(space, {})
        for record in page:
            held.pop(record.id, None)
        held.update((record.id, record) for record in tombstones)
        return bool(held)

    def release(self, intake: Intake, space: str) -> bool:
        """Deletes what was held, or notes in the outcome that the user has to decide: False."""
        held = list(self._held.pop(space, {}).values())
        if held and not self.accepted:
            live = sync_state.count_live(intake.unit, owner_of(space))
            if too_many(len(held), live):
                self.outcome.deletions[space] = held
                return False
        intake.delete(held)
        return True
