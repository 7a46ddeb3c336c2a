"""What the user sees before a sync does it: what will be sent, what would be deleted here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.domain.wording import capitalised
from ui.dialogs.reading import ReadingDialog
from ui.widgets.buttons import button
from ui.widgets.section import Section

if TYPE_CHECKING:
    from app.services.departure import Departure
    from app.services.sync_report import Named

SHOWN = 100
"""The most records named in each part; nobody would read more."""


class DepartureDialog(ReadingDialog):
    """Nothing leaves before `send` is pressed."""

    def __init__(
        self, departure: Departure, on_send: Callable[[], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(
            "Ce qui va partir au central", _why(departure), parent, close="Pas maintenant"
        )
        self.send = button("Envoyer", self.accept, kind="primary", icon="upload")
        self.foot.addWidget(self.send)
        for title, leaving in (
            ("Supprimé", departure.deletions),
            ("Ajouté", departure.additions),
            ("Modifié", departure.changes),
        ):
            if leaving:
                self.column.addWidget(_part(title, leaving))
        self.column.addStretch()
        self.accepted.connect(on_send)
        usual = self.close_button if departure.deletions else self.send
        usual.setDefault(True)
        usual.setFocus()


class DeletionsDialog(ReadingDialog):
    """Nothing is deleted here before `delete` is pressed."""

    def __init__(
        self, deletions: Sequence[Named], on_delete: Callable[[], object], parent: QWidget
    ) -> None:
        super().__init__(
            "Supprimer ici aussi",
            "Un collègue ou le GIP a supprimé ce qui suit. Rien ne l'est encore sur cet ordinateur,"
            " et la corbeille le rendra.",
            parent,
            close="Pas maintenant",
        )
        self.delete = button("Supprimer ici aussi", self.accept, kind="danger")
        self.foot.addWidget(self.delete)
        self.column.addWidget(_part("À supprimer", deletions))
        self.column.addStretch()
        self.accepted.connect(on_delete)
        self.close_button.setFocus()


def _part(title: str, leaving: Sequence[Named]) -> Section:
    part = Section(f"{title} ({len(leaving)})")
    part.say_first([capitalised(one.name) for one in leaving], SHOWN)
    return part


def _why(departure: Departure) -> str:
    if departure.deletions:
        return (
            "Ce que vous avez supprimé disparaîtra aussi chez vos collègues ; l'historique le"
            " garde."
        )
    return "C'est le premier envoi de la journée. Rien n'est encore parti de cet ordinateur."
