"""Conclure: what the minutes still lack, their preview, their print and their freeze."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain import meeting_check
from app.domain.meeting_state import MeetingState
from app.domain.wording import count
from ui.pages.meeting.tab import MeetingTab
from ui.tasks import Tasks
from ui.theme import Space
from ui.widgets.line import Line
from ui.widgets.scrolled import scrolled
from ui.widgets.section import Section

if TYPE_CHECKING:
    from app.bootstrap import Services


class ConcludeTab(MeetingTab):
    """`place_requested` carries the record to mend."""

    place_requested = Signal(str)

    def __init__(self, services: Services, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(services, tasks, parent)
        self.checklist = Section("Ce qui manque au procès-verbal")
        columns = QHBoxLayout()
        columns.setSpacing(Space.L)
        columns.addWidget(scrolled(self.checklist), 2)
        columns.addStretch(3)
        self.body.addLayout(columns, 1)

    def show_state(self, state: MeetingState) -> None:
        super().show_state(state)
        found = meeting_check.findings(state)
        self.checklist.title.setText(
            f"{count(len(found), 'point')} à compléter" if found else "Le procès-verbal est complet"
        )
        self.checklist.clear()
        for finding in found:
            line = Line(finding.what, most_lines=3)
            line.clicked.connect(
                lambda checked=False, one=finding.record_id: self.place_requested.emit(one)
            )
            self.checklist.add(line)
