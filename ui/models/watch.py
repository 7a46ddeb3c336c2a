"""The list of watch notes, and that of the organisations which one concerns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from app.domain.audience import EVERYBODY
from app.domain.dates import day
from app.domain.field_words import VALUES
from app.domain.records import Briefing, Record, WatchNote
from app.domain.wording import capitalised, whole
from ui.models.scope import commission, commission_names, scope
from ui.models.table import Column, Columns
from ui.widgets.pick import Option
from ui.words.choices import note_title, tone_of, words_of
from ui.words.days import due_tone
from ui.words.typed_dates import written_day

if TYPE_CHECKING:
    from app.bootstrap import Services

LEVELS = list(VALUES["watch_note"]["level"])


@dataclass(frozen=True)
class WatchRow:
    """A note as it stands on a day, how many organisations it concerns here, how many of them were
    told, and how many of these are to be told again because it has changed.

    `commission` names the note's own where those of all commissions are listed, else it is "".
    """

    note: Record[WatchNote]
    commission: str
    theme: str
    concerned: int
    told: int
    again: int
    today: date

    @property
    def id(self) -> str:
        return self.note.id

    @property
    def title(self) -> str:
        return note_title(self.note)

    @property
    def is_replaced(self) -> bool:
        return self.note.fields.superseded_by_id is not None

    @property
    def to_tell(self) -> bool:
        """Whether somebody here is still to be told of it."""
        return self.told - self.again < self.concerned and not self.is_replaced

    @property
    def is_shared(self) -> bool:
        """Whether the GIP published it for the whole region."""
        return self.note.commission_id is None

    @property
    def reach(self) -> str:
        """« 3 sur 12 », « 2 à réinformer » once it has changed, or « personne » when the note
        concerns nobody here; nobody is to be told any more of one that another replaces.
        """
        if self.is_replaced:
            return "Remplacée"
        if self.again:
            return f"{whole(self.again)} à réinformer"
        return f"{whole(self.told)} sur {whole(self.concerned)}" if self.concerned else "Personne"

    @property
    def reach_tone(self) -> str:
        if self.is_replaced or not self.concerned:
            return "neutral"
        return "warning" if self.to_tell else "success"


def _nearness(row: WatchRow) -> tuple[int, int]:
    """Orders by deadline: to come, nearest first; then none, newest note first; then past, latest
    first.
    """
    published, deadline = row.note.fields.published_on, row.note.fields.deadline_on
    if not deadline:
        return 1, -day(published).toordinal() if published else 0
    days = (day(deadline) - row.today).days
    return (2, -days) if days < 0 else (0, days)


def _due(row: WatchRow) -> str | None:
    deadline = row.note.fields.deadline_on
    return due_tone(day(deadline), row.today) if deadline else None


class WatchColumn(Columns):
    """One note a row."""

    LEVEL = Column[WatchRow](
        "Niveau",
        lambda row: words_of(row.note, "level"),
        lambda row: -LEVELS.index(row.note.fields.level),
        tone=lambda row: tone_of(row.note, "level"),
        width=125,
    )
    TITLE = Column[WatchRow]("Note", lambda row: row.title, width=0)
    COMMISSION = commission()
    THEME = Column[WatchRow]("Thème", lambda row: row.theme, width=160, role="muted")
    APPLIES = Column[WatchRow](
        "S'applique le",
        lambda row: written_day(row.note.fields.applies_from),
        lambda row: row.note.fields.applies_from,
        width=115,
        role="muted",
    )
    DEADLINE = Column[WatchRow](
        "Échéance",
        lambda row: written_day(row.note.fields.deadline_on),
        _nearness,
        tone=_due,
        width=115,
    )
    TOLD = Column[WatchRow](
        "Informées",
        lambda row: row.reach,
        lambda row: row.told - row.again - row.concerned if not row.is_replaced else 1,
        tone=lambda row: row.reach_tone,
        width=135,
        searched=False,
    )
    SCOPE = scope()


def watch_rows(services: Services, commission_id: str | None) -> list[WatchRow]:
    """The notes of the region and of the commission, or of all of them; reads the workspace."""
    names = commission_names(services, commission_id)
    themes = services.region.theme_labels()
    today = services.workspace.clock().date()
    return [
        WatchRow(
            note=one.note,
            commission=names.get(one.note.commission_id or "", ""),
            theme=themes.get(one.note.fields.theme or "", ""),
            concerned=one.concerned,
            told=one.told,
            again=one.again,
            today=today,
        )
        for one in services.watch.progress(commission_id)
    ]


@dataclass(frozen=True)
class ReachRow:
    """An organisation that a note concerns, why, and when it was last told (an ISO date); `again`
    says that the note has changed since.
    """

    id: str
    name: str
    reason: str
    told_on: str | None
    again: bool = False

    @property
    def to_tell(self) -> bool:
        return self.told_on is None or self.again

    @property
    def told(self) -> str:
        return "À réinformer" if self.again else written_day(self.told_on) or "Pas encore"

    @property
    def why(self) -> str:
        """The reason, short enough for its column."""
        return "Toutes le sont" if self.reason == EVERYBODY else capitalised(self.reason)


class ReachColumn(Columns):
    """One organisation a row."""

    NAME = Column[ReachRow]("Collectivité", lambda row: row.name, width=165)
    REASON = Column[ReachRow]("Pourquoi", lambda row: row.why, width=0, role="muted", lines=4)
    TOLD = Column[ReachRow](
        "Informée",
        lambda row: row.told,
        lambda row: row.told_on,
        tone=lambda row: "warning" if row.to_tell else "success",
        width=115,
    )


def last_told(briefings: Sequence[Record[Briefing]]) -> dict[str, str]:
    """The last day on which each organisation was told, by id."""
    last: dict[str, str] = {}
    for briefing in briefings:
        for one in briefing.fields.organisation_ids:
            last[one] = max(last.get(one, ""), briefing.fields.told_on or "")
    return last


def note_options(notes: Sequence[Record[WatchNote]]) -> list[Option]:
    """Notes to choose from, by their titles; those of one title also by what tells them apart."""
    titles = Counter(one.fields.title for one in notes)
    return [
        Option(one.id, note_title(one) if titles[one.fields.title] == 1 else _told_apart(one))
        for one in notes
    ]


def _told_apart(note: Record[WatchNote]) -> str:
    fields = note.fields
    parts = [
        "région" if note.commission_id is None else "",
        f"publiée le {written_day(fields.published_on)}" if fields.published_on else "",
        f"échéance le {written_day(fields.deadline_on)}" if fields.deadline_on else "",
    ]
    told = ", ".join(part for part in parts if part) or "sans date"
    return f"{note_title(note)} ({told})"
