"""The sheet of a pooled solution: what it answers, what it is, what each one would pay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from app.documents.costs import write_costs
from app.documents.document import Document, Letterhead
from app.documents.formatted import write_plain
from app.documents.masthead import finished, masthead, open_paper
from app.documents.pdf.paper import Paper
from app.documents.pdf.table import Column
from app.documents.pdf.text import Run
from app.documents.templates import Part, arrange, shipped
from app.domain import dates, wording
from app.domain.cost_plan import Plan, last_said, plan_for
from app.domain.cost_sharing import Comparison, compare
from app.domain.cost_terms import HERE_ALONE, few
from app.domain.dates import PARIS
from app.domain.document_templates import Template
from app.domain.field_words import VALUES
from app.domain.names import organisation_names
from app.domain.records import Commitment, Need, Organisation, Record, Solution
from app.domain.refusals import Refusal
from app.domain.search_text import fold
from app.domain.titles import printed_title

ROUTES = VALUES["solution"]["route"]
STATUSES = VALUES["solution"]["status"]
INTENTIONS = VALUES["commitment"]["intention"]


@dataclass(frozen=True)
class SolutionFile:
    """A solution with its needs, who stands where toward it, and the organisations named."""

    solution: Record[Solution]
    commission: str = ""
    needs: Sequence[Record[Need]] = ()
    commitments: Sequence[Record[Commitment]] = ()
    organisations: Mapping[str, Record[Organisation]] = field(default_factory=dict)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The name of each organisation by its id, with the department where two have one name."""
        return organisation_names(self.organisations.values())

    def costs(self) -> tuple[Plan, Comparison]:
        """The plan with those who take part, and its shares; Refusal when it cannot be computed."""
        plan = plan_for(self.solution.fields.plan, self.commitments, self.organisations)
        return plan, compare(plan)

    def population(self) -> str:
        """The sentence on the year of the participants' populations; it names those of another."""
        years: dict[str, list[str]] = {}
        for organisation, commitment in self.standing():
            if commitment.intention != "declined":
                fields = organisation.fields
                year = str(fields.population_year or "une année non précisée")
                years.setdefault(year, []).append(self.names[organisation.id])
        usual, *others = sorted(years, key=lambda year: (-len(years[year]), year))
        apart = "".join(f", {wording.of(year)} pour {few(years[year], 20)}" for year in others)
        return f"Habitants : population {wording.of(usual)}{apart}."

    def counted(self) -> str:
        """The words on who counts in the prices, and on the year of their populations."""
        regional = self.solution.commission_id is None
        return f"{HERE_ALONE} {self.population()}" if regional else self.population()

    def standing(self) -> list[tuple[Record[Organisation], Commitment]]:
        """Each organisation with what it said last, by name."""
        known = [
            (self.organisations[key], one)
            for key, one in last_said(self.commitments).items()
            if key in self.organisations
        ]
        return sorted(known, key=lambda pair: (fold(self.names[pair[0].id]), pair[0].id))


def solution_sheet(
    file: SolutionFile, letterhead: Letterhead, made_at: datetime, template: Template | None = None
) -> Document:
    """The sheet of a solution as a PDF; without a template it follows the shipped one."""
    fields = file.solution.fields
    today = made_at.astimezone(PARIS).date()
    name = fields.title.strip() or "Solution"
    paper = open_paper(
        letterhead, f"Fiche solution : {name}", made_at, subject="Fiche solution",
        head=f"Fiche solution – {name}",
    )  # fmt: skip
    kicker = " – ".join(part for part in (file.commission, "Fiche solution") if part)
    masthead(paper, letterhead, kicker, name, f"Au {wording.long_day(today)}")
    facts = [
        ("État", STATUSES[fields.status]),
        ("Voie d'achat", ROUTES[fields.route]),
        ("Fournisseur", fields.provider),
        ("Réponse du GIP", fields.answer),
        ("Répondu le", _answered_on(fields)),
    ]
    paper.facts([(label, words) for label, words in facts if words.strip()])
    values = {
        "commission": file.commission,
        "opérateur": letterhead.operator,
        "date": wording.short_day(today),
        "solution": name,
        "voie": ROUTES[fields.route],
    }
    parts: dict[str, Part] = {
        "description": lambda heading: _description(paper, fields, heading),
        "needs": lambda heading: _needs(paper, file, heading),
        "costs": lambda heading: _costs(paper, file, heading),
        "commitments": lambda heading: _commitments(paper, file, heading),
    }
    arrange(paper, template or shipped("solution-sheet"), values, parts)
    return finished(paper, "fiche-solution", name)


def _description(paper: Paper, fields: Solution, heading: str) -> None:
    if fields.description.strip():
        if heading:
            paper.heading(2, heading)
        write_plain(paper, fields.description)
    paper.contents()


def _costs(paper: Paper, file: SolutionFile, heading: str) -> None:
    try:
        plan, comparison = file.costs()
    except Refusal as refusal:
        paper.heading(2, heading)
        paper.text(not_costed(file, refusal))
    else:
        counted, provider = file.counted(), file.solution.fields.provider
        write_costs(paper, plan, comparison, counted=counted, provider=provider, heading=heading)


def not_costed(file: SolutionFile, refusal: Refusal) -> str:
    """Why a paper gives no costs, in words for its reader."""
    if not file.solution.fields.plan:
        return "Les coûts ne sont pas encore établis."
    return f"Les coûts ne sont pas encore calculables : {refusal.sentence}"


def _answered_on(fields: Solution) -> str:
    if not fields.answered_on or not fields.answer.strip():
        return ""
    return wording.short_day(dates.day(fields.answered_on))


def _needs(paper: Paper, file: SolutionFile, heading: str) -> None:
    if not file.needs:
        return
    paper.heading(2, heading)
    items: list[list[str | Run]] = []
    for need in file.needs:
        places = [file.names[one] for one in need.fields.organisation_ids if one in file.names]
        line: list[str | Run] = [Run(printed_title(need.fields.title), bold=True)]
        if places:
            line.append(f", {wording.listed(sorted(places, key=fold))}")
        items.append(line)
    paper.bullets(items)


def _commitments(paper: Paper, file: SolutionFile, heading: str) -> None:
    standing = file.standing()
    if not standing:
        return
    paper.heading(2, heading)
    rows = [
        [
            file.names[organisation.id],
            INTENTIONS[one.intention],
            wording.short_day(dates.day(one.signed_on)) if one.signed_on else "",
            one.act_reference,
        ]
        for organisation, one in standing
    ]
    columns = [
        Column("Collectivité", 40), Column("Position", 26), Column("Signé le", 24),
        Column("Acte", 30),
    ]  # fmt: skip
    used = [n for n in range(len(columns)) if n < 2 or any(row[n].strip() for row in rows)]
    paper.table(
        [columns[n] for n in used],
        [[row[n] or "–" for n in used] for row in rows],
        caption="Position de chaque collectivité",
    )
