"""A card of settings: a heading, a form, and one button that saves it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGroupBox, QHBoxLayout, QVBoxLayout, QWidget

from ui import errors
from ui.tasks import Tasks
from ui.theme import Space
from ui.widgets.banner import Banner
from ui.widgets.buttons import button
from ui.widgets.form import Form
from ui.widgets.section import INSET
from ui.widgets.text import label


class SettingsCard(QGroupBox):
    """Without `save` it is a heading over what is added below it; `saved` follows each save.

    `touched` tells whether the form holds changes not saved yet; `turned` follows as that changes.
    """

    saved = Signal()
    turned = Signal()

    def __init__(
        self,
        title: str,
        sentence: str,
        *,
        form: Form | None = None,
        save: Callable[[dict[str, Any]], object] | None = None,
        tasks: Tasks | None = None,
    ) -> None:
        super().__init__()
        self.form = form or Form()
        self.banner = Banner()
        self.confirm = button("Enregistrer", self._on_confirm)
        self._touched = False
        self._under_way = 0
        self._save = save
        self._tasks = tasks
        self._buttons = QHBoxLayout()
        self._build(title, sentence, shown=form is not None)
        for name in self.form.names():
            self.form.editor(name).edited.connect(self._on_edited)

    def _build(self, title: str, sentence: str, *, shown: bool) -> None:
        self.setProperty("surface", "card")
        self.setAccessibleName(title)
        self._buttons.setSpacing(Space.S)
        self._buttons.addStretch()
        self._buttons.addWidget(self.confirm)
        self.confirm.setAccessibleName(f"Enregistrer : {title}")
        self.inside = QVBoxLayout(self)
        self.inside.setContentsMargins(INSET, Space.L, INSET, Space.L)
        self.inside.setSpacing(Space.M)
        self.inside.addWidget(label(title, "strong"))
        if sentence:
            self.inside.addWidget(label(sentence, "muted", wrap=True))
        self.inside.addWidget(self.banner)
        self.inside.addWidget(self.form)
        self.inside.addLayout(self._buttons)
        self.confirm.setVisible(self._save is not None)  # once inside: without parent, a window
        self.form.setVisible(shown)

    def add_button(self, widget: QWidget) -> None:
        """Puts a button on the left of the card's foot."""
        self._buttons.insertWidget(self._buttons.count() - 2, widget, 0, Qt.AlignmentFlag.AlignLeft)

    @property
    def kept(self) -> bool:
        """Whether the card saves its form."""
        return self._save is not None

    @property
    def touched(self) -> bool:
        return self._touched

    @touched.setter
    def touched(self, touched: bool) -> None:
        if touched != self._touched:
            self._touched = touched
            self.turned.emit()

    @property
    def is_held(self) -> bool:
        """Whether the form holds changes not stored yet, even if they are being saved."""
        return self.touched or self._under_way > 0

    def show_values(self, values: dict[str, Any]) -> None:
        """Shows what is stored, but never over changes made here and not stored yet."""
        if not self.is_held:
            self.form.set_values(values)
            self.touched = False

    def _on_edited(self) -> None:
        self.touched = True

    def _on_confirm(self) -> None:
        values = self.form.values()
        if values is None or self._save is None or self._tasks is None:
            return
        save, self.touched = self._save, False
        self._under_way += 1
        self._tasks.run(lambda: save(values), lambda done: self._on_saved(), self._on_failed, self)

    def _on_saved(self) -> None:
        self._under_way -= 1
        self.banner.hide()
        self.saved.emit()

    def _on_failed(self, error: Exception) -> None:
        self._under_way -= 1
        self.touched = True
        if not errors.inline(error, self.form):
            errors.tell(error, self.banner, self)
