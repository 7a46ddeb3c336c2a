"""Conclure: what the minutes still lack, their preview, their print and their freeze."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from app.domain import minutes
from app.domain.document_kinds import KINDS
from app.domain.findings import Finding
from app.domain.meeting_state import MeetingState
from app.domain.wording import count
from ui import theme
from ui.dialogs.dialog import ConfirmDialog
from ui.making import make
from ui.models.gaps import gaps_of
from ui.models.meeting_parts import names_of
from ui.pages.meeting.addenda import SEALED
from ui.pages.meeting.after_freeze import AfterFreeze, addenda_to
from ui.pages.meeting.minutes_card import MinutesCard
from ui.pages.meeting.tab import MeetingTab
from ui.pages.meeting.unheld_card import UnheldCard
from ui.pages.meeting.what_next import WhatNext
from ui.tasks import STORE, Task, Tasks
from ui.theme import Space, Theme
from ui.widgets.document_pane import DocumentPane
from ui.widgets.fields import Choice
from ui.widgets.line import Line
from ui.widgets.progress import ProgressLine
from ui.widgets.scroll import scrolled
from ui.widgets.section import Section
from ui.window.preferences import Preferences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.bootstrap import Services
    from app.domain.records import Minutes, Record
    from app.services.minutes import Frozen

_PRINT = {
    False: "imprimez-le pour le faire signer",
    True: "imprimez le projet, qui se signe une fois approuvé",
}
"""What to do once minutes are frozen; the key tells whether the body is a deliberative one."""

DOCUMENTS = [
    (kind, KINDS[kind].label)
    for kind in ("minutes", "decisions", "attendance-sheet", "agenda", "convocations")
]


class ConcludeTab(MeetingTab):
    """`place_requested` carries the finding to go and correct."""

    place_requested = Signal(object)

    def __init__(self, services: Services, tasks: Tasks) -> None:
        super().__init__(services, tasks)
        self.unheld = UnheldCard(services, tasks)
        self.card = MinutesCard()
        self.checklist = Section("")
        self.spelling = Section("Mots inconnus du dictionnaire")
        self.after = AfterFreeze(services, tasks)
        self.next = WhatNext(services, tasks)
        self.attachments = self.make_attachments()
        self.kind = Choice(DOCUMENTS)
        self.preview = DocumentPane(services, tasks)
        self.progress = ProgressLine()
        self._freezing: Task | None = None
        self._preferences: Preferences | None = None
        self._build()
        self._connect()

    def _build(self) -> None:
        self.kind.call("Document affiché")
        self.kind.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToContents)
        self.preview.add_tool(self.kind)
        columns = QHBoxLayout()
        columns.setSpacing(Space.L)
        self.card.offer(self.after.mail, self.after.approve, self.after.note)
        self.cards = scrolled(
            self.unheld, self.card, self.checklist, self.spelling, self.after, self.next,
            self.attachments,
        )  # fmt: skip
        theme.set_widths(self.cards, least=248)  # in large print they need more than their share
        self.spelling.hide()
        columns.addWidget(self.cards, 7)
        columns.addWidget(self.preview, 12)
        self.body.addWidget(self.progress)
        self.body.addLayout(columns, 1)
        # Else, turned to before its cards are filled, the tab begins at the last card, and scrolls.
        self.setTabOrder(self.progress.cancel, self.kind)

    def _connect(self) -> None:
        self.unheld.changed.connect(self.changed)
        self.unheld.failed.connect(self.failed)
        self.unheld.told.connect(self.told)
        self.unheld.removed.connect(self._on_removed)
        self.unheld.move_asked.connect(
            lambda: self.place_requested.emit(Finding("", self.meeting_id, "starts_at"))
        )
        self.unheld.sync_asked.connect(lambda: self.open_requested.emit("sync", ""))
        self.card.freeze_asked.connect(self._on_freeze)
        self.card.hours_asked.connect(self.edit_hours)
        self.progress.cancelled.connect(self._on_cancel)
        self.kind.edited.connect(self._make)
        self.after.changed.connect(self.changed)
        self.after.failed.connect(self.failed)
        self.after.told.connect(self.told)
        self.next.changed.connect(self.changed)
        self.next.failed.connect(self.failed)
        self.next.told.connect(self.told)
        self.next.opened.connect(lambda one: self.open_requested.emit("meeting", one))
        self.after.shown.connect(self._on_addendum)
        self.preview.failed.connect(self.failed)
        self.preview.told.connect(self.told)
        self.preview.changed.connect(self.changed)

    def dress(self, theme: Theme, preferences: Preferences) -> None:
        self._preferences = preferences

    def take_focus(self) -> None:
        self.kind.setFocus() if self.unheld.isHidden() else self.unheld.take_focus()

    def show_state(self, state: MeetingState) -> None:
        self.unheld.show_state(state)
        gaps = gaps_of(state)
        bars = bool(gaps) and state.profile == "deliberative"
        gaps += minutes.without_chair(state)
        self.card.show_state(state, len(gaps), bars=bars)
        frozen = state.file.frozen_minutes
        self.card.setVisible(self.unheld.isHidden())
        self.checklist.setVisible(frozen is None and self.unheld.isHidden())
        self.after.show_state(state, frozen)
        addenda = addenda_to(state, frozen) if frozen else []
        self.kind.offer([*DOCUMENTS, *names_of(addenda).items()])
        self.next.show_state(state)
        self.attachments.show_owner(self.meeting_id)
        self.checklist.call(
            f"{count(len(gaps), 'chose')} à compléter" if gaps else "Rien ne manque"
        )
        self._list(self.checklist, gaps)
        if not gaps:
            self.checklist.say("Le procès-verbal contient tout ce qu'il doit contenir.")
        self._look_at_spelling(state, frozen)
        self._make()

    def _on_removed(self) -> None:
        """Leaves the page of the meeting just deleted, before the page reads it again."""
        self.open_requested.emit("meetings", "")
        self.changed.emit(frozenset({"meeting"}))

    def _list(self, card: Section, findings: Sequence[Finding]) -> None:
        """Lists findings; each line leads to where it is corrected."""
        with card.refilled():
            for finding in findings:
                line = Line(finding.what, most_lines=3)
                line.clicked.connect(
                    lambda checked=False, one=finding: self.place_requested.emit(one)
                )
                card.add(line)

    def _look_at_spelling(self, state: MeetingState, frozen: Record[Minutes] | None) -> None:
        """Lists the words that no dictionary knows, as long as they can be corrected."""
        wished = self._preferences is not None and self._preferences.spelling
        if frozen is not None or not wished:
            self.spelling.hide()
            return

        def show(found: Sequence[Finding]) -> None:
            if self.state is state:
                self._list(self.spelling, found)
                self.spelling.setVisible(bool(found))

        self.read(lambda: self.services.spelling.findings(state.file), show)

    # The document

    def _make(self) -> None:
        """Makes the document chosen: one of the meeting, by its kind, or an addendum, by its id."""
        chosen = self.kind.value()
        if chosen not in dict(DOCUMENTS):
            self.preview.make("addendum", chosen)
        elif self.meeting_id:
            self.preview.make(chosen, self.meeting_id)

    def _on_addendum(self, minutes_id: str) -> None:
        """Shows an addendum in the preview: now, or once the meeting read anew holds it."""
        self.kind.set_value(minutes_id)
        if self.kind.value() == minutes_id:
            self._make()

    # The freeze

    def _on_freeze(self) -> None:
        if self.state is None:
            return
        gaps = len([*gaps_of(self.state), *minutes.without_chair(self.state)])
        lacking = f" Il manque encore {count(gaps, 'chose')}." if gaps else ""
        if not self.spelling.isHidden():
            lacking += " Des mots du procès-verbal sont inconnus du dictionnaire."
        ConfirmDialog(
            "Geler le procès-verbal",
            "Ses mots et ses chiffres ne changeront plus : une correction sera un additif"
            f" numéroté.{lacking}",
            "Geler le procès-verbal",
            self._freeze,
            self,
            danger=bool(gaps),
        ).open()

    def _freeze(self) -> None:
        meeting_id = self.meeting_id
        self.flush()
        self.progress.begin("Le procès-verbal se gèle")
        self._freezing = make(
            self.tasks, lambda: self.services.minutes.freeze(meeting_id), self._on_frozen,
            self._on_not_frozen, self, on_progress=self.progress.report, lane=STORE,
        )  # fmt: skip

    def _on_not_frozen(self, error: Exception) -> None:
        self.progress.end()
        self.failed.emit(error)

    def _on_cancel(self) -> None:
        """Cancels the freeze, and asks the store whether the minutes were frozen all the same."""
        meeting_id = self.meeting_id
        if self._freezing is not None:
            self._freezing.cancel()
        self.read(lambda: self.services.minutes.frozen(meeting_id), self._on_given_up)

    def _on_given_up(self, sealed: Record[Minutes] | None) -> None:
        if sealed is None:
            self.tell("Le gel est abandonné, rien n'a changé.", "info")
        else:
            self.tell("Le procès-verbal était déjà gelé.", "info")
            self.changed.emit(SEALED)

    def _on_frozen(self, frozen: Frozen) -> None:
        self.progress.end()
        self.take_focus()  # else the button that hides moves it down the column, which scrolls
        self.cards.verticalScrollBar().setValue(0)
        self.kind.set_value("minutes")
        self.preview.take(frozen.document)
        deliberative = self.state is not None and self.state.profile == "deliberative"
        self.tell(f"Le procès-verbal est gelé : {_PRINT[deliberative]}.")
        self.changed.emit(SEALED)
