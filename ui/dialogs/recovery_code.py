"""The recovery code, shown once, before anything is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import errors, theme
from ui.dialogs.dialog import Dialog, compose, foot, grow
from ui.printing import ask_and_print
from ui.saving import save_document
from ui.tasks import LONG, Tasks
from ui.theme import Space
from ui.widgets.banner import Banner
from ui.widgets.buttons import button
from ui.widgets.fields import Tick
from ui.widgets.flow import Flow
from ui.widgets.scroll import Bounded
from ui.widgets.text import card, label

if TYPE_CHECKING:
    from app.documents.document import Document

WHAT_FOR = (
    "Si le trousseau ou la phrase de passe se perdent, ce code ouvre l'espace de travail. Il ne"
    " sera plus jamais montré, et rien n'est écrit avant que vous continuiez."
)


class RecoveryCodeDialog(Dialog):
    """Shows the code in groups; goes on only once the user says that it is noted.

    `sheet` makes a document with the code, in memory: only the user prints or saves it.
    """

    def __init__(
        self,
        code: str,
        sheet: Callable[[], Document],
        tasks: Tasks,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        groups = code.split("-")
        self._code = code
        self._sheet = sheet
        self._tasks = tasks
        self.banner = Banner()
        self.code = label("  ".join(groups[:4]) + "\n" + "  ".join(groups[4:]), "title")
        self.print_sheet = button("Imprimer la fiche…", self._on_print, icon="printer")
        self.save_sheet = button("Enregistrer la fiche…", self._on_save, icon="save")
        self.copy = button("Copier", self._on_copy, icon="copy")
        self.noted = Tick("J'ai noté ce code et je le garde ailleurs que sur cet ordinateur")
        self.confirm = button("Continuer", self.accept, kind="primary")
        self.cancel = button("Annuler", self.reject)
        self._build()
        self.noted.toggled.connect(self.confirm.setEnabled)

    def _build(self) -> None:
        theme.set_widths(self, least=640)
        self.confirm.setEnabled(False)
        self.code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.code.setAccessibleName(f"Code de secours : {self._code}")
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.L)
        for part in (label(WHAT_FOR, wrap=True), self.banner, self._frame(), self.noted):
            layout.addWidget(part)
        buttons = foot([self.cancel, self.confirm])
        compose(self, "Votre code de secours", [Bounded(body)], buttons)
        self.confirm.setDefault(True)

    def _frame(self) -> QWidget:
        frame = card()
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        inside.setSpacing(Space.M)
        inside.addWidget(self.code)
        ways = Flow()
        ways.setSpacing(Space.S)
        for way in (self.print_sheet, self.save_sheet, self.copy):
            ways.addWidget(way)
        inside.addLayout(ways)
        return frame

    def showEvent(self, event: QShowEvent) -> None:
        grow(self)
        super().showEvent(event)

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._code)
        self._say("Le code est dans le presse-papiers.")

    def _on_print(self) -> None:
        self._make(
            lambda sheet: ask_and_print([sheet.data], self._tasks, self, self._say, self._on_failed)
        )

    def _on_save(self) -> None:
        self._make(
            lambda sheet: save_document(sheet, self._tasks, self, self._say, self._on_failed)
        )

    def _make(self, use: Callable[[Document], object]) -> None:
        self._tasks.run(self._sheet, use, self._on_failed, self, lane=LONG)

    def _say(self, sentence: str) -> None:
        self.banner.say(sentence, "success")

    def _on_failed(self, error: Exception) -> None:
        errors.tell(error, self.banner, self)
