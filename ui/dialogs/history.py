"""What happened to a record, newest first, and the way back to any of its states."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.wording import capitalised, day_and_hour
from ui import errors
from ui.dialogs.dialog import fit
from ui.tasks import Tasks
from ui.theme import Space
from ui.widgets.banner import Banner
from ui.widgets.buttons import button
from ui.widgets.scroll import Scroll
from ui.widgets.text import clear, label, rule

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.services.history_words import Chapter


class HistoryDialog(QDialog):
    """Reads the history of one record; `restored` follows a state that was brought back."""

    restored = Signal()

    def __init__(
        self,
        title: str,
        record_id: str,
        services: Services,
        tasks: Tasks,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._record_id = record_id
        self._services = services
        self._tasks = tasks
        self.banner = Banner()
        self.close_button = button("Fermer", self.accept, kind="primary")
        self._scroll = Scroll()
        self._build(title)
        self._read()

    def _build(self, title: str) -> None:
        self.setWindowTitle("Historique")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fit(self, 640, 520)
        self._scroll.column.setSpacing(Space.M)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
        layout.setSpacing(Space.M)
        layout.addWidget(label("Historique", "section"))
        layout.addWidget(label(title, "muted", wrap=True))
        layout.addWidget(self.banner)
        layout.addWidget(self._scroll, 1)
        layout.addLayout(buttons)
        self.close_button.setDefault(True)

    def _read(self) -> None:
        from app.services.history_words import story

        self._tasks.run(
            lambda: story(self._services.records, self._record_id),
            self._show,
            self._on_failed,
            self,
        )

    def _show(self, chapters: Sequence[Chapter]) -> None:
        clear(self._scroll.column)
        for place, chapter in enumerate(chapters):
            if place:
                self._scroll.column.addWidget(rule())
            self._scroll.column.addWidget(self._chapter(chapter, latest=place == 0))
        if not chapters:
            self._scroll.column.addWidget(
                label("Rien n'a été changé ici depuis l'installation.", "muted", wrap=True)
            )
        self._scroll.column.addStretch()

    def _chapter(self, chapter: Chapter, *, latest: bool) -> QWidget:
        block = QWidget()
        words = QVBoxLayout()
        words.setSpacing(Space.XS)
        when = f"{capitalised(day_and_hour(chapter.at))}, {chapter.author}"
        words.addWidget(label(when, "caption"))
        for sentence in chapter.sentences:
            words.addWidget(label(sentence, wrap=True, copyable=True))
        layout = QHBoxLayout(block)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(words, 1)
        if not latest:
            back = button("Revenir à cet état", lambda: self._restore(chapter.change), kind="quiet")
            layout.addWidget(back, 0, Qt.AlignmentFlag.AlignTop)
        return block

    def _restore(self, change: int) -> None:
        self._tasks.run(
            lambda: self._services.records.restore(self._record_id, str(change)),
            lambda record: self._on_restored(),
            self._on_failed,
            self,
        )

    def _on_restored(self) -> None:
        self.restored.emit()
        self._read()

    def _on_failed(self, error: Exception) -> None:
        errors.tell(error, self.banner, self)
