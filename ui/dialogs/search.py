"""Ctrl+K: everything of the workspace by its words, as one types; Enter goes there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.domain.records import LABELS
from app.domain.wording import capitalised
from ui import icons, theme
from ui.tasks import Tasks
from ui.theme import Space
from ui.widgets.text import label

if TYPE_CHECKING:
    from app.services.search import Hit, Search

PLACE_OF = {
    "organisation": "organisations",
    "person": "organisations",
    "roster_entry": "organisations",
    "meeting": "meetings",
    "need": "needs",
    "need_group": "needs",
    "need_digest": "needs",
    "watch_note": "watch",
    "solution": "solutions",
    "commitment": "solutions",
    "commission": "settings",
}
"""The place that shows each kind; what is not there belongs to a meeting."""

PAUSE = 60
"""Milliseconds after a key before the search runs."""


class SearchDialog(QDialog):
    """One line to type in, and what was found below it; `chosen` carries place and id."""

    chosen = Signal(str, str)

    def __init__(self, search: Search, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._search = search
        self._tasks = tasks
        self._asked = ""
        self.line = QLineEdit()
        self.results = QListWidget()
        self.note = label("Une commune, une personne, un mot d'un besoin ou d'une note…", "muted")
        self._pause = QTimer(self)
        self._build()
        self._connect()

    def _build(self) -> None:
        self.setWindowTitle("Rechercher partout")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(theme.px(680), theme.px(480))
        self.line.setProperty("kind", "search")
        self.line.setPlaceholderText("Rechercher partout")
        self.line.setAccessibleName("Rechercher partout")
        self.line.setClearButtonEnabled(True)
        self.line.addAction(icons.icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        self.results.setAccessibleName("Résultats de la recherche")
        self.results.setWordWrap(True)
        self.results.setSpacing(Space.XS)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.L, Space.L, Space.L, Space.L)
        layout.setSpacing(Space.M)
        layout.addWidget(self.line)
        layout.addWidget(self.note)
        layout.addWidget(self.results, 1)
        layout.addStretch()
        self.results.hide()

    def _connect(self) -> None:
        self.line.textChanged.connect(lambda text: self._pause.start())
        self.line.returnPressed.connect(self._on_chosen)
        self.line.installEventFilter(self)
        self.results.itemActivated.connect(lambda item: self._on_chosen())
        self.results.itemClicked.connect(lambda item: self._on_chosen())
        self._pause.timeout.connect(self._on_pause)

    def _on_pause(self) -> None:
        self._asked = asked = self.line.text()
        self._tasks.run(
            lambda: self._search.find(asked), lambda hits: self._show(asked, hits), owner=self
        )

    def _show(self, asked: str, hits: list[Hit]) -> None:
        """Shows what was found, unless something else has been typed meanwhile."""
        if asked != self._asked:
            return
        self.results.clear()
        for hit in hits:
            item = QListWidgetItem(f"{hit.title}\n{_below(hit)}")
            item.setData(Qt.ItemDataRole.UserRole, (PLACE_OF.get(hit.kind, "meetings"), hit.id))
            self.results.addItem(item)
        self.results.setCurrentRow(0)
        self.results.setVisible(bool(hits))
        self.note.setVisible(not hits)
        self.note.setText("Rien ne correspond à ces mots." if asked.strip() else "")

    def _on_chosen(self) -> None:
        item = self.results.currentItem()
        if item is not None:
            self.chosen.emit(*item.data(Qt.ItemDataRole.UserRole))
            self.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The arrows move among the results while the words are being typed."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None and self.results.count():
                row = (self.results.currentRow() + step) % self.results.count()
                self.results.setCurrentRow(row)
                return True
        return super().eventFilter(watched, event)


def _below(hit: Hit) -> str:
    """The kind, then what was found beside the title."""
    found = hit.snippet.replace("[", "").replace("]", "")
    name = hit.title.partition(" (")[0]
    return " · ".join(
        filter(None, (capitalised(LABELS[hit.kind]), found.removeprefix(name).strip()))
    )
