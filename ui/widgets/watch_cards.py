"""The cards beside a watch note: whom it concerns in the commission, and who was told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.dates import day
from app.domain.field_words import field_words
from app.domain.records import Briefing, Record, WatchNote
from app.domain.wording import agree, capitalised, count, long_day, whole
from ui.models.table import TableModel
from ui.models.watch import ReachColumn, ReachRow
from ui.theme import Space
from ui.widgets.buttons import icon_button
from ui.widgets.section import Section
from ui.widgets.table import RecordsTable
from ui.widgets.text import label

HERE, EVERYWHERE = "Concernées dans la commission", "Concernées dans la région"

SHOWN = 8
"""Rows seen at once; beyond, the table scrolls."""


class ReachCard(Section):
    """The organisations concerned, with the reason and whether they were told."""

    def __init__(self) -> None:
        super().__init__(HERE)
        self.table = RecordsTable("Collectivités concernées", TableModel(ReachColumn))
        self.table.set_order(0)
        self.note = label("", "muted", wrap=True)
        self.note.setContentsMargins(Space.M, Space.XS, Space.M, Space.S)
        self.add(self.note)
        self.add(self.table)
        self._soon = QTimer(self, singleShot=True)  # once the table is laid out
        self._soon.timeout.connect(self._measure)
        self.table.horizontalHeader().sectionResized.connect(lambda *_: self._soon.start())

    def show_rows(self, rows: Sequence[ReachRow], note: WatchNote, *, stored: bool) -> None:
        self.table.set_rows(rows)
        self.table.setVisible(bool(rows))
        self._measure()
        self.note.setText(_sentence(rows, note, stored))

    def say_region(self, number: int | None, told: int, *, alone: bool) -> None:
        """Adds how many are concerned in the whole region, and told; `alone` when no commission is
        shown.
        """
        self.call(EVERYWHERE if alone else HERE)
        if number is not None:
            informed = f", dont {count(told, 'informée')}" if told else ""
            found = f"{count(number, 'collectivité')}{informed}."
            self.note.setText(found if alone else f"{self.note.text()} Dans la région : {found}")

    def _measure(self) -> None:
        """Gives the table the height of the rows that are seen at once."""
        height = sum(self.table.heights()[:SHOWN])
        self.table.setFixedHeight(height + self.table.horizontalHeader().sizeHint().height() + 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Reasons take more lines where the card is narrow."""
        super().resizeEvent(event)
        self._soon.start()


def _sentence(rows: Sequence[ReachRow], note: WatchNote, stored: bool) -> str:
    if rows:
        told = sum(row.told_on is not None for row in rows)
        informed = count(told, "informée") if told else "aucune encore informée"
        again = sum(row.again for row in rows)
        whom = f"{again} sont à informer" if again > 1 else "une est à informer"
        more = f" La note a changé depuis : {whom} de nouveau." if again else ""
        if note.superseded_by_id is not None:
            more = " Cette note est remplacée : informez plutôt de celle qui la remplace."
        return f"{count(len(rows), 'collectivité')}, dont {informed}.{more}"
    low, high = note.audience.population_from, note.audience.population_to
    if low is not None and high is not None and low >= high:
        return (
            f"Aucune collectivité n'a à la fois {whole(low)} {agree(low, 'habitant')} au moins et"
            f" moins de {whole(high)} : revoyez ces deux nombres."
        )
    if stored:
        return "Cette note ne concerne aucune collectivité de la commission."
    return "Les collectivités concernées s'afficheront ici dès les premiers mots."


class BriefingsCard(Section):
    """Each time that the note was presented; one noted by mistake is taken off."""

    removed = Signal(str)

    def __init__(self) -> None:
        super().__init__("Informations données")

    def show_briefings(
        self, briefings: Sequence[Record[Briefing]], meetings: dict[Any, str],
        names: Mapping[str, str], changed: Mapping[str, Sequence[str]],
    ) -> None:  # fmt: skip
        """`meetings` and `names` give words by id; organisations without a name are only counted.
        `changed` gives, by the id of a briefing, the fields of the note that differ since.
        """
        self.clear()
        self.setVisible(bool(briefings))
        for briefing in briefings:
            self.add(self._row(briefing, meetings, names, changed.get(briefing.id, ())))

    def _row(
        self, briefing: Record[Briefing], meetings: dict[Any, str], names: Mapping[str, str],
        changed: Sequence[str],
    ) -> QWidget:  # fmt: skip
        fields = briefing.fields
        when = capitalised(long_day(day(fields.told_on))) if fields.told_on else "Sans date"
        where = meetings.get(fields.meeting_id, "")
        told = fields.organisation_ids
        known = [names[one] for one in told if one in names]
        unknown = len(told) - len(known)
        noun = ("autre collectivité", "autres collectivités") if known else ("collectivité",)
        whom = ", ".join([*known, count(unknown, *noun)] if unknown or not known else known)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(f"{when}, par {fields.told_by}", wrap=True))
        told_them = f"{where} : {whom}" if where else whom
        words.addWidget(label(told_them, "caption", wrap=True))
        if changed:
            what = ", ".join(field_words(name) for name in changed)
            words.addWidget(label(f"La note a changé depuis : {what}", "caption", wrap=True))
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(Space.M, Space.XS, Space.S, Space.XS)
        layout.addLayout(words, 1)
        act = partial(self.removed.emit, briefing.id)
        remove = icon_button("trash-2", f"Retirer l'information : {when}", act, takes_off=True)
        remove.setAccessibleName(f"{remove.toolTip()}, {told_them}")
        layout.addWidget(remove, 0, Qt.AlignmentFlag.AlignTop)
        return row
