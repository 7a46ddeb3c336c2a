"""All that the page of one need shows, read in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.domain.records import Need, NeedGroup, Record, Solution
from app.domain.schedule import beginning
from ui.widgets.pick import Option
from ui.words.choices import solution_title, theme_choices
from ui.words.organisations import organisation_options
from ui.words.persons import person_homes, person_options
from ui.words.typed_dates import written_day_of

if TYPE_CHECKING:
    from app.bootstrap import Services

Choices = Sequence[tuple[Any, str]]


@dataclass(frozen=True)
class NeedView:
    """A need, what can be chosen for its fields, its solution, and the needs grouped with it.

    `homes` gives the organisation of each person.
    """

    need: Record[Need]
    themes: Choices
    meetings: Choices
    persons: Sequence[Option]
    homes: Mapping[str, str]
    organisations: Sequence[Option]
    solutions: Sequence[Option]
    solution: Record[Solution] | None
    group: Record[NeedGroup] | None
    mates: Sequence[Record[Need]]


def need_view(services: Services, need: Record[Need], commission_id: str | None) -> NeedView:
    """Reads the workspace."""
    records = services.records
    solutions: Sequence[Record[Solution]] = records.list("solution")
    near = [one for one in solutions if one.commission_id in (None, need.commission_id)]
    group_id = need.fields.need_group_id
    mates = records.list("need", need_group_id=group_id) if group_id else []
    return NeedView(
        need=need,
        themes=theme_choices(services, kept=need.fields.theme),
        meetings=meeting_choices(services, commission_id),
        persons=person_options(services, commission_id),
        homes=person_homes(services, commission_id),
        organisations=organisation_options(services, commission_id),
        solutions=[Option(one.id, solution_title(one)) for one in near],
        solution=next((one for one in solutions if one.id == need.fields.solution_id), None),
        group=records.get(group_id) if group_id else None,
        mates=[one for one in mates if one.id != need.id],
    )


def meeting_choices(services: Services, commission_id: str | None) -> Choices:
    """The meetings of a commission, the latest first, after the choice of none."""
    held = services.records.list("meeting", commission_id)
    meetings = sorted(held, key=beginning, reverse=True)
    named = [(one.id, _named(one.fields.title, one.fields.starts_at)) for one in meetings]
    return [(None, "Hors séance"), *named]


def _named(title: str, starts_at: str | None) -> str:
    day = written_day_of(starts_at)
    return f"{title} ({day})" if day else title
