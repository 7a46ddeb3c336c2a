"""The list of solutions, those of the region and those of a commission."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.cost_plan import last_said
from app.domain.field_words import VALUES
from app.domain.needs import TURNED_DOWN
from app.domain.records import Record, Solution
from app.domain.search_text import fold
from ui.models.scope import scope
from ui.models.table import Column, Columns
from ui.words.choices import solution_title, tone_of, words_of

if TYPE_CHECKING:
    from app.bootstrap import Services

STATUSES = sorted(VALUES["solution"]["status"], key=lambda one: one in TURNED_DOWN)


@dataclass(frozen=True)
class SolutionRow:
    """A solution with the words of its theme and how many take part in it.

    For a solution of the region, participants of commissions that are not here count too;
    `published` says that a commission's solution has a copy in the region.
    """

    solution: Record[Solution]
    theme: str
    participants: int
    published: bool = False

    @property
    def id(self) -> str:
        return self.solution.id

    @property
    def title(self) -> str:
        return solution_title(self.solution)

    @property
    def is_shared(self) -> bool:
        """Whether the GIP published it for the whole region."""
        return self.solution.commission_id is None


class SolutionColumn(Columns):
    """One solution a row."""

    TITLE = Column[SolutionRow]("Solution", lambda row: row.title, width=0)
    THEME = Column[SolutionRow]("Thème", lambda row: row.theme, width=195, role="muted")
    ROUTE = Column[SolutionRow](
        "Voie d'achat",
        lambda row: words_of(row.solution, "route"),
        width=140,
        role="muted",
    )
    PARTICIPANTS = Column[SolutionRow](
        "Participants",
        lambda row: str(row.participants),
        lambda row: row.participants,
        align="right",
        width=110,
    )
    NEEDS = Column[SolutionRow](
        "Besoins",
        lambda row: str(len(row.solution.fields.need_ids)),
        lambda row: len(row.solution.fields.need_ids),
        align="right",
        width=85,
    )
    STATUS = Column[SolutionRow](
        "État",
        lambda row: words_of(row.solution, "status"),
        lambda row: STATUSES.index(row.solution.fields.status),
        tone=lambda row: tone_of(row.solution, "status"),
        width=150,
    )
    SCOPE = scope(lambda row: "Publiée" if row.published else "")


def solution_rows(services: Services, commission_id: str | None) -> list[SolutionRow]:
    """The solutions of the region and of a commission, by title; reads the workspace."""
    records = services.records
    themes = services.region.theme_labels()
    everywhere = services.solutions.everywhere()
    spaces = dict.fromkeys((None, commission_id))
    solutions: list[Record[Solution]] = [
        one for space in spaces for one in records.list("solution", space)
    ]
    ids = {one.id for one in solutions}
    rows = [
        SolutionRow(
            solution=solution,
            theme=themes.get(solution.fields.theme or "", ""),
            participants=max(_taking_part(services, solution), everywhere.get(solution.id, 0)),
            published=solution.fields.published_as_id in ids,
        )
        for solution in solutions
    ]
    return sorted(rows, key=lambda row: fold(row.title))


def _taking_part(services: Services, solution: Record[Solution]) -> int:
    """How many take part in a solution, of the commissions that are here."""
    said = last_said(services.solutions.commitments(solution.id))
    return sum(one.intention != "declined" for one in said.values())
