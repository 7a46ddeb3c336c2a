"""The list of needs, of a commission or of all of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.field_words import VALUES
from app.domain.names import organisation_names
from app.domain.records import Need, NeedDigest, Record, Solution
from app.domain.wording import listed
from ui.models.scope import commission, commission_names
from ui.models.table import Column, Columns
from ui.words.choices import UNTITLED_NEED, need_title, tone_of, words_of
from ui.words.organisations import short_list
from ui.words.typed_dates import written_day_of

if TYPE_CHECKING:
    from app.bootstrap import Services


@dataclass(frozen=True)
class NeedRow:
    """A need with the words of what it refers to; `raised_at` is when its meeting is to begin.

    `commission` is "" where one commission alone is listed; `group` is the title of its need group.
    """

    need: Record[Need]
    commission: str
    theme: str
    communes: Sequence[str]
    raised_at: str | None
    group: str

    @property
    def id(self) -> str:
        return self.need.id

    @property
    def title(self) -> str:
        return need_title(self.need)


STATUSES = list(VALUES["need"]["status"])


class NeedColumn(Columns):
    """One need a row."""

    TITLE = Column[NeedRow]("Besoin", lambda row: row.title, width=0)
    COMMISSION = commission()
    THEME = Column[NeedRow]("Thème", lambda row: row.theme, width=125, role="muted")
    SEVERITY = Column[NeedRow](
        "Gravité",
        lambda row: words_of(row.need, "severity"),
        lambda row: -row.need.fields.severity,
        tone=lambda row: tone_of(row.need, "severity"),
        width=96,
    )
    COMMUNES = Column[NeedRow](
        "Collectivités",
        lambda row: short_list(row.communes),
        width=130,
        role="muted",
        whole=lambda row: ", ".join(row.communes),
    )
    STATUS = Column[NeedRow](
        "État",
        lambda row: words_of(row.need, "status"),
        lambda row: STATUSES.index(row.need.fields.status),
        tone=lambda row: tone_of(row.need, "status"),
        width=175,
    )
    MEETING = Column[NeedRow](
        "Séance",
        lambda row: written_day_of(row.raised_at),
        lambda row: row.raised_at,
        width=96,
        role="muted",
    )
    GROUP = Column[NeedRow]("Groupe", lambda row: row.group, width=135, role="muted", hides="empty")


def need_rows(services: Services, commission_id: str | None) -> list[NeedRow]:
    """The needs of a commission, or of all for None, in order of creation; reads the workspace."""
    records, space = services.records, commission_id or "*"
    commissions = commission_names(services, commission_id)
    themes = services.region.theme_labels()
    starts = {one.id: one.fields.starts_at for one in records.list("meeting", space)}
    groups = {one.id: one.fields.title for one in records.list("need_group", space)}
    needs: Sequence[Record[Need]] = records.list("need", space)
    named = {one for need in needs for one in need.fields.organisation_ids}
    names = _names(services, named)
    return [
        NeedRow(
            need=need,
            commission=commissions.get(need.commission_id or "", ""),
            theme=themes.get(need.fields.theme or "", ""),
            communes=[names[one] for one in need.fields.organisation_ids if one in names],
            raised_at=starts.get(need.fields.raised_at_meeting_id or ""),
            group=groups.get(need.fields.need_group_id or "", ""),
        )
        for need in needs
    ]


def _names(services: Services, named: Collection[str]) -> dict[str, str]:
    """The names of organisations, each with its department only if these share a name."""
    found = services.records.list("organisation", None)
    return organisation_names(one for one in found if one.id in named)


def digest_words(services: Services, digest: NeedDigest) -> str:
    """What is known here of a need of another commission, in a sentence; reads the workspace."""
    records = services.records
    names = _names(services, digest.organisation_ids)
    whose = listed([names[one] for one in digest.organisation_ids if one in names])
    solutions: Sequence[Record[Solution]] = records.list("solution", None)
    answer = next(
        (
            one.fields.title
            for one in solutions
            if digest.solution_id in (one.id, *one.fields.origin_ids)
        ),
        "",
    )
    said = f"« {digest.title} », besoin d'une autre commission"
    said += f", pour {whose}." if whose else "."
    return f"{said} La solution « {answer} » y répond." if answer else said


def told(need: Need) -> tuple[str, str]:
    """A need's title and words, or the words alone where the title only repeats how they begin."""
    words = " ".join(need.words.split())
    begins = bool(words) and words.startswith(need.title.removesuffix("…").strip())
    return (words, "") if begins else (need.title or UNTITLED_NEED, need.words)
