"""The guard on deletions: a pull that would take many records away stops and asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from app.domain.records import REGION, Envelope
from app.storage import sync_state
from app.sync.intake import Intake
from app.sync.outcome import Outcome

MOST = 20
"""How many deletions of a pull the user need not hear of, wherever they are."""


def is_much_of(deletions: int, live: int) -> bool:
    """Whether so many deletions take much of a space's live records."""
    return deletions >= 5 and deletions * 10 > live


def owner_of(space: str) -> str | None:
    """The commission_id of a space's records."""
    return None if space == REGION else space


class Guard:
    """Holds the deletions of a pull back until its last page tells how many they are."""

    def __init__(self, outcome: Outcome, accepted: bool) -> None:
        self.outcome = outcome
        self.accepted = accepted
        self._held: dict[str, dict[str, Envelope]] = {}

    def hold(
        self, space: str, tombstones: Iterable[Envelope], page: Iterable[Envelope] = ()
    ) -> None:
        """Keeps tombstones for later.

        What a later `page` brings again has changed since: its tombstone is of the past.
        """
        held = self._held.setdefault(space, {})
        for record in page:
            held.pop(record.id, None)
        held.update((record.id, record) for record in tombstones)

    def waiting(self) -> set[str]:
        """The spaces of which deletions are held."""
        return {space for space, held in self._held.items() if held}

    def release(self, intake: Intake) -> set[str]:
        """Deletes what was held, or notes in the outcome that the user has to decide.

        Not of what comes back at once with the record that owns it. Gives the spaces that wait.
        """
        for waiting in self._held.values():
            spared = intake.owners.spared(waiting)
            intake.delete(spared)
            for record in spared:
                del waiting[record.id]
        held = {space: list(self._held[space].values()) for space in self.waiting()}
        self._held.clear()
        if not self.accepted and _asks(intake, held):
            self.outcome.deletions |= held
            return set(held)
        for tombstones in held.values():
            intake.delete(tombstones)
        return set()


def _asks(intake: Intake, held: Mapping[str, Sequence[Envelope]]) -> bool:
    if sum(map(len, held.values())) > MOST:
        return True
    return any(
        is_much_of(len(tombstones), sync_state.count_live(intake.unit, owner_of(space)))
        for space, tombstones in held.items()
    )
