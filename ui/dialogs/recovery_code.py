"""The recovery code, shown once, before anything is written."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from ui import theme
from ui.theme import Space
from ui.widgets.buttons import button
from ui.widgets.fields import Tick
from ui.widgets.text import card, label


class RecoveryCodeDialog(QDialog):
    """Shows the code in groups; goes on only once the user says that it is noted."""

    def __init__(self, code: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        groups = code.split("-")
        self._code = code
        self.code = label("  ".join(groups[:4]) + "\n" + "  ".join(groups[4:]), "title")
        self.copy = button("Copier", self._on_copy, icon="copy")
        self.noted = Tick("J'ai noté ce code et je le garde ailleurs que sur cet ordinateur")
        self.confirm = button("Continuer", self.accept, kind="primary")
        self.cancel = button("Annuler", self.reject)
        self._build()
        self.noted.toggled.connect(self.confirm.setEnabled)

    def _build(self) -> None:
        self.setWindowTitle("Code de secours")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(theme.px(560))
        self.confirm.setEnabled(False)
        self.code.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.code.setAccessibleName(f"Code de secours : {self._code}")
        frame = card()
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        inside.addWidget(self.code)
        inside.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignHCenter)
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.S)
        buttons.addStretch()
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.confirm)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
        layout.setSpacing(Space.L)
        layout.addWidget(label("Votre code de secours", "section"))
        layout.addWidget(
            label(
                "Si le trousseau ou la phrase de passe se perdent, ce code ouvre l'espace de"
                " travail. Il ne sera plus jamais montré.",
                wrap=True,
            )
        )
        layout.addWidget(frame)
        layout.addWidget(self.noted)
        layout.addLayout(buttons)

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._code)
