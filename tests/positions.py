"""Where one organisation stands in a solution, as the window notes it for several."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from app.domain.records import Commitment, Record
from app.domain.validation import typed
from app.services.solutions import Intention, Solutions


def take_part(
    solutions: Solutions,
    solution_id: str,
    organisation_id: str,
    intention: Intention | None,
    units: int | UnsetType | None = UNSET,
    *,
    alone_cents: int | UnsetType | None = UNSET,
    commission_id: str | None = None,
) -> Record[Commitment] | None:
    """Notes it, what is UNSET staying as it is stored; None where it was taken back."""
    numbers = {"units": units, "alone_cents": alone_cents}
    given = {name: value for name, value in numbers.items() if value is not UNSET}
    written = solutions.take_part(solution_id, {organisation_id: (intention, given)}, commission_id)
    return None if intention is None else typed(written[-1])
