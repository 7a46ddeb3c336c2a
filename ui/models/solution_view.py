"""All that the page of one solution shows, read in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.domain.attendance import is_current
from app.domain.cost_plan import last_said
from app.domain.names import commission_names, organisation_names
from app.domain.records import (
    Commitment,
    Need,
    Organisation,
    Record,
    RosterEntry,
    Solution,
)
from app.domain.search_text import fold
from app.services.publications import Publication
from ui.models.standings import Standing
from ui.widgets.pick import Option
from ui.words.choices import need_title, theme_choices

if TYPE_CHECKING:
    from app.bootstrap import Services


@dataclass(frozen=True)
class SolutionView:
    """A solution, what can be chosen for its fields, and where each organisation stands.

    `everywhere` counts who takes part in the whole region, by the central's last count;
    `commissions` gives the names of the commissions here, by id.
    """

    solution: Record[Solution]
    themes: Sequence[tuple[Any, str]]
    needs: Sequence[Option]
    answered: Sequence[Record[Need]]
    everywhere: int
    publication: Publication
    commissions: Mapping[str, str]
    standings: Sequence[Standing]


def solution_view(
    services: Services, solution: Record[Solution], commission_id: str | None
) -> SolutionView:
    """Reads the workspace."""
    space = solution.commission_id or commission_id
    needs: Sequence[Record[Need]] = services.records.list("need", space)
    answered = services.solutions.needs(solution)
    raised = services.solutions.raised(answered)
    return SolutionView(
        solution=solution,
        themes=theme_choices(services, kept=solution.fields.theme),
        needs=[Option(one.id, need_title(one)) for one in needs],
        answered=answered,
        everywhere=_everywhere(services, solution),
        publication=services.publications.of(solution),
        commissions=commission_names(services.records.list("commission")),
        standings=standings_of(services, solution, commission_id, raised),
    )


def _everywhere(services: Services, solution: Record[Solution]) -> int:
    counts = services.solutions.everywhere()
    ids = dict.fromkeys((solution.id, solution.fields.published_as_id or ""))
    return sum(counts.get(one, 0) for one in ids)


def standings_of(
    services: Services,
    solution: Record[Solution],
    commission_id: str | None,
    raised: Mapping[str, str],
) -> list[Standing]:
    """The organisations that sit in the commission today or took a position, by name."""
    space = solution.commission_id or commission_id
    today = services.workspace.clock().date()
    seats: Sequence[Record[RosterEntry]] = services.records.list("roster_entry", space)
    said = last_said(services.solutions.commitments(solution.id))
    wanted = {seat.fields.organisation_id for seat in seats if is_current(seat.fields, today)}
    everyone: Sequence[Record[Organisation]] = services.records.list("organisation", None)
    found = [one for one in everyone if one.id in wanted or one.id in said]
    found.sort(key=lambda one: (fold(one.fields.name), one.id))
    names = organisation_names(found)
    return [_standing(one, names[one.id], said, raised.get(one.id, "")) for one in found]


def _standing(
    organisation: Record[Organisation], name: str, said: Mapping[str, Commitment], raised: str
) -> Standing:
    found = said.get(organisation.id)
    if found is None:
        return Standing(organisation, raised=raised, name=name)
    return Standing(
        organisation,
        found.intention,
        found.units_,
        found.alone_cents,
        found.signed_on,
        found.act_reference,
        raised=raised,
        name=name,
    )
