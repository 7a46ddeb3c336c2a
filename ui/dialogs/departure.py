"""What is about to leave for the central, in words, before it does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.wording import capitalised, count
from ui.dialogs.dialog import fit
from ui.theme import Space
from ui.widgets.buttons import button
from ui.widgets.scroll import Scroll
from ui.widgets.section import Section
from ui.widgets.text import label

if TYPE_CHECKING:
    from app.services.departure import Departure, Leaving


SHOWN = 100
"""How many records of one change are named; more would not be read."""


class DepartureDialog(QDialog):
    """Nothing leaves before `send` is pressed."""

    def __init__(
        self, departure: Departure, on_send: Callable[[], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.send = button("Envoyer", self.accept, kind="primary", icon="upload")
        self.cancel = button("Pas maintenant", self.reject)
        self._build(departure)
        self.accepted.connect(on_send)
        (self.cancel if departure.deletions else self.send).setFocus()

    def _build(self, departure: Departure) -> None:
        self.setWindowTitle("Ce qui va partir")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fit(self, 640, 520)
        parts = Scroll()
        for title, leaving in (
            ("Supprimé", departure.deletions),
            ("Ajouté", departure.additions),
            ("Modifié", departure.changes),
        ):
            if leaving:
                parts.column.addWidget(_part(title, leaving))
        parts.column.addStretch()
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.S)
        buttons.addStretch()
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.send)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
        layout.setSpacing(Space.L)
        layout.addWidget(label("Ce qui va partir au central", "section"))
        layout.addWidget(label(_why(departure), wrap=True))
        layout.addWidget(parts, 1)
        layout.addLayout(buttons)
        (self.cancel if departure.deletions else self.send).setDefault(True)


def _part(title: str, leaving: Sequence[Leaving]) -> Section:
    part = Section(f"{title} ({len(leaving)})")
    for one in leaving[:SHOWN]:
        part.say(capitalised(one.name))
    if len(leaving) > SHOWN:
        part.say(f"… et {count(len(leaving) - SHOWN, 'autre')}.")
    return part


def _why(departure: Departure) -> str:
    if departure.deletions:
        return (
            "Ce que vous avez supprimé disparaîtra aussi chez vos collègues ; l'historique le"
            " garde."
        )
    return "C'est le premier envoi de la journée. Rien n'est encore parti de cet ordinateur."
