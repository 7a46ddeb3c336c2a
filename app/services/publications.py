"""A commission's solution published for the whole region: its copy there, and where it comes from.

The central counts those who take part in either (`solution_tally`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from app.domain.records import Record, Solution
from app.errors import UserError
from app.services.changes import Change
from app.services.needs import LIKE_ENOUGH, significant
from app.services.records import Records
from app.services.region import Region

_COPIED = ("title", "description", "theme", "provider", "route", "plan")
"""What the region reads; the needs and their words, and what the GIP answered, stay where they are.
"""

_LABEL = "Publication pour toute la région"


class Publication(msgspec.Struct, frozen=True, kw_only=True):
    """How a solution stands towards the region.

    `copy` is the copy in the region of a commission's solution; `origins` are the solutions here
    that one of the region comes from, and `elsewhere` counts those that are not here. `offered`
    says whether it may be published from this computer.
    """

    copy: Record[Solution] | None = None
    origins: Sequence[Record[Solution]] = ()
    elsewhere: int = 0
    offered: bool = False


class Publications:
    """What the GIP makes of a commission's solution for the whole region."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def of(self, solution: Record[Solution]) -> Publication:
        """How it stands, as far as this computer holds what it names."""
        if solution.commission_id is None:
            named = solution.fields.origin_ids
            with self._records.workspace.reading() as unit:
                known = {one for one in named if unit.stored(one) is not None}
            here = self._alive(named)
            return Publication(origins=here, elsewhere=len(set(named) - known))
        copy = self._copy(solution)
        offered = copy is None and Region(self._records).published_from_here()
        return Publication(copy=copy, offered=offered)

    def alike(self, solution: Record[Solution]) -> tuple[Sequence[Record[Solution]], int]:
        """The solutions of the region that it may be the same as, likeness first, and how many of
        the first ones are alike enough.
        """
        from rapidfuzz import fuzz

        subject = _subject(solution)
        offered: Sequence[Record[Solution]] = self._records.list("solution", None)
        likeness = {
            one.id: fuzz.token_set_ratio(subject, _subject(one))
            for one in offered
            if one.fields.status != "refused"
        }
        found = [one for one in offered if one.id in likeness]
        found.sort(key=lambda one: (-likeness[one.id], one.id))
        return found, sum(ratio >= LIKE_ENOUGH for ratio in likeness.values())

    def publish(self, solution_id: str, same_as: str | None = None) -> Record[Solution]:
        """Publishes a commission's solution, as a new one of the region or as `same_as`, which is
        there already; gives that one. UserError where it may not be.
        """
        own = self._own(solution_id)
        if same_as is None:
            copy_id, fields = self._records.ids(), _copied(own.fields)
        else:
            fields = {"origin_ids": list(self._published(same_as).fields.origin_ids)}
            copy_id = same_as
        fields["origin_ids"] = [*dict.fromkeys((*fields.get("origin_ids", ()), own.id))]
        changes = [
            Change("solution", fields, copy_id, None),
            Change("solution", {"published_as_id": copy_id}, own.id),
        ]
        self._records.put(changes, _LABEL)
        return self._records.get(copy_id)

    def _own(self, solution_id: str) -> Record[Solution]:
        """The commission's solution, which may be published; UserError says why it may not."""
        if not Region(self._records).published_from_here():
            raise UserError(
                "Le GIP seul publie une solution pour toute la région : demandez-le-lui."
            )
        own: Record[Any] = self._records.get(solution_id)
        title = own.fields.title if isinstance(own.fields, Solution) else solution_id
        fault = "" if isinstance(own.fields, Solution) else "n'est pas une solution"
        if not fault and own.commission_id is None:
            fault = "est déjà pour toute la région"
        elif not fault and (copy := self._copy(own)) is not None:
            fault = f"est déjà publiée pour toute la région, sous le titre « {copy.fields.title} »"
        if fault:
            raise UserError(f"« {title} » {fault} : choisissez-en une autre.")
        if not title.strip():
            raise UserError("Donnez un titre à la solution avant de la publier.")
        if own.fields.status == "refused":
            raise UserError(f"« {title} » est refusée : changez son état avant de la publier.")
        return own

    def _published(self, solution_id: str) -> Record[Solution]:
        """The solution of the region; UserError unless one still proposed has this id."""
        found: Record[Any] = self._records.get(solution_id)
        proposed = isinstance(found.fields, Solution) and found.commission_id is None
        if not proposed or found.fields.status == "refused":
            raise UserError(
                f"« {found.fields.title if proposed else solution_id} » n'est pas une solution"
                " proposée à toute la région : choisissez-en une autre."
            )
        return found

    def _copy(self, own: Record[Solution]) -> Record[Solution] | None:
        """What it is published as, unless that was deleted since or is not here."""
        found = self._alive([own.fields.published_as_id or ""])
        return found[0] if found else None

    def _alive(self, ids: Sequence[str]) -> Sequence[Record[Solution]]:
        alive = {one.id: one for one in self._records.list("solution")}
        return [alive[one] for one in dict.fromkeys(ids) if one in alive]


def _copied(own: Solution) -> dict[str, Any]:
    """The first fields of the region's solution: its status is what the GIP decided, if it did, and
    never the opinion of one commission.
    """
    fields = {name: msgspec.to_builtins(getattr(own, name)) for name in _COPIED}
    decided = own.status in ("adopted", "in_service")
    return fields | {"status": own.status if decided else "proposed"}


def _subject(solution: Record[Solution]) -> str:
    return " ".join(significant(solution.fields.title))
