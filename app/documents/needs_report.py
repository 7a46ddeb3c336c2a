"""The state of the needs of a commission, or of several: how many, on what, and each in its
speaker's words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from app.documents.document import Document, Letterhead
from app.documents.formatted import write_plain
from app.documents.masthead import finished, masthead, open_paper
from app.documents.meeting_words import of_commission
from app.documents.pdf.paper import Paper
from app.documents.pdf.table import Column
from app.documents.pdf.text import Run
from app.documents.templates import Part, arrange, shipped
from app.domain import dates, wording
from app.domain.dates import PARIS
from app.domain.document_templates import Template
from app.domain.field_words import VALUES
from app.domain.names import organisation_names, person_name
from app.domain.needs import WORDS, became
from app.domain.records import Need, Organisation, Person, Record, Solution
from app.domain.search_text import fold

SEVERITIES = VALUES["need"]["severity"]
NO_THEME = "Sans thème"


@dataclass(frozen=True)
class Needs:
    """The needs of a commission with all that they name; `themes` gives a theme's label by code.

    Of several, `commissions` gives their names by id, and `commission` says how many they are.
    """

    commission: str
    needs: Sequence[Record[Need]]
    themes: Mapping[str, str] = field(default_factory=dict)
    persons: Mapping[str, Record[Person]] = field(default_factory=dict)
    organisations: Mapping[str, Record[Organisation]] = field(default_factory=dict)
    solutions: Mapping[str, Record[Solution]] = field(default_factory=dict)
    commissions: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The name of each organisation by its id, with the department where two have one name."""
        return organisation_names(self.organisations.values())

    def theme(self, code: str | None) -> str:
        return self.themes.get(code or "", code or NO_THEME)

    def commission_of(self, need: Record[Need]) -> str:
        """The name of a need's commission when the report is about several, else ""."""
        return self.commissions.get(need.commission_id or "", "")


def needs_report(
    needs: Needs, letterhead: Letterhead, made_at: datetime, template: Template | None = None
) -> Document:
    """The report as a PDF, theme by theme; without a template it follows the shipped one."""
    today = made_at.astimezone(PARIS).date()
    title, name = "État des besoins", needs.commission
    paper = open_paper(
        letterhead, f"{title} au {wording.short_day(today)}, {name}", made_at,
        subject=f"Besoins exprimés : {name}",
        head=f"{title} au {wording.short_day(today)} – {name}",
    )  # fmt: skip
    masthead(paper, letterhead, name, title, f"Au {wording.long_day(today)}")
    values = {
        "commission": name,
        "opérateur": letterhead.operator,
        "date": wording.short_day(today),
    }
    parts: dict[str, Part] = {
        "overview": lambda heading: _overview(paper, needs, heading),
        "needs": lambda heading: _themes(paper, needs),
    }
    arrange(paper, template or shipped("needs-report"), values, parts)
    return finished(paper, "etat-des-besoins", today.isoformat(), name)


def _themes(paper: Paper, needs: Needs) -> None:
    """The needs of each theme, the most severe first, below the table of contents."""
    if not needs.needs:
        paper.text("Aucun besoin n'a encore été exprimé.")
    paper.contents()
    by_theme: dict[str, list[Record[Need]]] = {}
    for need in needs.needs:
        by_theme.setdefault(needs.theme(need.fields.theme), []).append(need)
    for theme in sorted(by_theme, key=_group_order):
        paper.heading(2, theme)
        for need in sorted(by_theme[theme], key=lambda one: (-one.fields.severity, one.id)):
            _need(paper, needs, need)


def _overview(paper: Paper, needs: Needs, heading: str) -> None:
    """How many needs of each theme are in each status, and of each commission if several."""
    if not needs.needs:
        return
    paper.heading(2, heading)
    themes = [needs.theme(need.fields.theme) for need in needs.needs]
    _standing(paper, needs, "Thème", themes)
    if needs.commissions:
        names = [needs.commission_of(need) for need in needs.needs]
        _standing(paper, needs, "Commission", names, needs.commissions.values())


def _standing(
    paper: Paper, needs: Needs, head: str, groups: Sequence[str], empty: Iterable[str] = ()
) -> None:
    """The table of how many needs of each group are in each status.

    `groups` gives the group of each need, `empty` the groups to show even when they have none.
    """
    total = Counter(dict.fromkeys(empty, 0))
    total.update(groups)
    standing = Counter(
        (group, need.fields.status)
        for group, need in zip(groups, needs.needs, strict=True)
        if "status" not in need.unread
    )
    statuses = [status for status in WORDS if any(standing[group, status] for group in total)]
    heads = {"answered": "solution trouvée"}
    columns = [
        Column(head, 55),
        *(Column(wording.capitalised(heads.get(s, WORDS[s])), 17, "right") for s in statuses),
        Column("Total", 13, "right"),
    ]
    rows = [
        [group, *(str(standing[group, status] or "–") for status in statuses), str(total[group])]
        for group in sorted(total, key=_group_order)
    ]
    sums = [str(sum(standing[group, status] for group in total)) for status in statuses]
    rows.append(["Ensemble", *sums, str(len(needs.needs))])
    paper.table(columns, rows, caption=f"Besoins par {head.lower()} et par état", total=True)


def _group_order(name: str) -> tuple[bool, str]:
    """Alphabetical order, `NO_THEME` last."""
    return name == NO_THEME, fold(name)


def _need(paper: Paper, needs: Needs, need: Record[Need]) -> None:
    fields = need.fields
    paper.heading(3, fields.title)
    write_plain(paper, fields.words, label="Ses mots", keep=True, quoted=True)
    speaker = needs.persons.get(fields.speaker_person_id or "")
    places = [needs.names[one] for one in fields.organisation_ids if one in needs.names]
    commission = needs.commission_of(need)
    said = [
        f"besoin {of_commission(commission)}" if commission else "",
        f"exprimé par {person_name(speaker)}" if speaker else "",
        f"pour {wording.listed(sorted(places, key=fold))}" if places else "",
        f"à satisfaire avant le {wording.short_day(dates.day(fields.deadline_on))}"
        if fields.deadline_on else "",
    ]  # fmt: skip
    remark = wording.capitalised(", ".join(part for part in said if part))
    severity = f"Gravité : {SEVERITIES[fields.severity]}."
    paper.text(f"{wording.ended(remark)} {severity}" if remark else severity, "note", keep=True)
    status = wording.ended(wording.capitalised(status_words(need, needs.solutions)))
    paper.text([Run(status, bold=True)], "note", label="État")


def status_words(need: Record[Need], solutions: Mapping[str, Record[Solution]]) -> str:
    """What became of a need: « une solution y répond, Sauvegarde mutualisée »."""
    if "status" in need.unread:
        return "d'une version plus récente du programme"
    solution = solutions.get(need.fields.solution_id or "")
    return became(need.fields, solution.fields if solution else None)
