"""The agenda being written: add in one line, reorder, change, withdraw."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.schedule import Schedule
from app.domain.wording import count
from ui.models.agenda import KINDS, AgendaModel, AgendaRow
from ui.theme import Space
from ui.widgets.agenda_list import AgendaList
from ui.widgets.buttons import button, icon_button
from ui.widgets.drafts import Drafts
from ui.widgets.empty_state import EmptyState
from ui.widgets.fields import Choice, TextField
from ui.widgets.text import label, restyle, rule

if TYPE_CHECKING:
    from collections.abc import Sequence

_MINUTES = re.compile(r"^(.*\S)\s*,\s*(\d{1,3})\s*(?:min|minutes|mn)?$")


class AgendaCard(QFrame):
    """Its signals ask for what the user wants done to the agenda; the tab around does it.

    `added` carries the fields of a new item, and the line as it was typed.
    """

    added = Signal(object, str)
    template_requested = Signal()
    templates_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "card")
        self.list = AgendaList(AgendaModel(self))
        self.total = label("", "caption", wrap=True)
        self.templates = icon_button(
            "ellipsis", "Modèles d'ordre du jour", self.templates_requested.emit
        )
        self.kind = Choice(list(KINDS.items()))
        self.line = TextField("Ajouter un point : intitulé, durée")
        self.drafts = Drafts(self.line)
        self.add_button = button("Ajouter", self._on_add)
        self.rule, self.foot = rule(), QWidget()
        self.empty = EmptyState(
            "list-checks",
            "Un ordre du jour type va de l'appel aux questions diverses ; il se retouche ensuite.",
            "Composer l'ordre du jour type",
        )
        self._build()
        self.line.returnPressed.connect(self._on_add)
        self.empty.requested.connect(self.template_requested)

    def _build(self) -> None:
        self.kind.call("Nature du point à ajouter")
        self.kind.set_value("misc")
        self.line.setAccessibleName("Point à ajouter : intitulé, puis durée après une virgule")
        self.total.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        head = QHBoxLayout()
        head.setContentsMargins(Space.L, Space.M, Space.L, Space.XS)
        head.setSpacing(Space.M)
        head.addWidget(label("Ordre du jour", "strong"))
        head.addWidget(self.total, 1)
        head.addWidget(self.templates)
        foot = QHBoxLayout(self.foot)
        foot.setContentsMargins(Space.M, Space.S, Space.M, Space.M)
        foot.setSpacing(Space.S)
        foot.addWidget(self.kind)
        foot.addWidget(self.line, 1)
        foot.addWidget(self.add_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.empty, 1)
        layout.addWidget(self.rule)
        layout.addWidget(self.foot)
        self.empty.hide()

    def show_rows(self, rows: Sequence[AgendaRow], schedule: Schedule) -> None:
        known = {row.id for row in self.list.agenda.rows}
        self.list.set_rows(list(rows))
        added = [place for place, row in enumerate(rows) if row.id not in known]
        if known and len(added) == 1:  # more are another meeting's, or a whole template
            self.list.scrollTo(self.list.agenda.index(added[0]))
        leaving, coming = (self.empty, self.list) if rows else (self.list, self.empty)
        composed = bool(rows) and self.empty.offer.hasFocus()
        leaving.hide()  # first, else the window grows to what both need together
        coming.show()
        if composed:
            self.list.setFocus()  # the agenda is touched up next
        kept = len(schedule.begins)
        self.total.setText(f"{count(kept, 'point')}. {schedule.sentence}" if kept else "")
        restyle(self.total, "tone", "warning" if schedule.beyond else "muted")

    def lock(self, *, locked: bool) -> None:
        """Hides the line that adds items; the agenda can still be read, or kept as a template."""
        for one in (self.rule, self.foot):
            one.setHidden(locked)

    def _on_add(self) -> None:
        typed = self.line.value()
        fields = read_line(typed)
        if fields is not None:
            self.line.set_value("")  # leaving nothing to undo here: Ctrl+Z takes back the item
            self.added.emit(fields | {"kind": self.kind.value()}, typed)


def read_line(text: str) -> dict[str, Any] | None:
    """The title and the minutes of « Tour de table, 30 »; None for an empty line."""
    if not text:
        return None
    found = _MINUTES.match(text)
    if found is None:
        return {"title": text}
    return {"title": found[1], "planned_minutes": int(found[2])}
