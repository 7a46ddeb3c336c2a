"""Before a workspace is erased from this computer: the user sees what would be lost for good,
and types its name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from app.domain.wording import listed
from ui.dialogs.dialog import FormDialog
from ui.tasks import Tasks
from ui.widgets.fields import TextField, Tick
from ui.widgets.form import Form
from ui.widgets.text import label, restyle

if TYPE_CHECKING:
    from app.services.removal import Stakes

GOES = "Les enregistrements, leur historique et les copies de ce dossier seront effacés"
KEY = "la clé quittera le trousseau"
ACCESS = "le central refusera cet ordinateur"
FOR_GOOD = "Cela ne s'annule pas."


class RemovalDialog(FormDialog):
    """`saved` follows once the name typed is right, and the loss of what was never sent agreed."""

    def __init__(
        self,
        stakes: Stakes,
        check: Callable[[dict[str, Any]], object],
        tasks: Tasks,
        parent: QWidget | None = None,
    ) -> None:
        form = Form(1)
        form.add(
            "name",
            "Nom à écrire",
            TextField(""),
            hint=f"« {stakes.name} »",
            required="Écrivez le nom donné dessous.",
        )
        form.add("unsent", "", Tick(f"Effacer aussi ce qui n'est qu'ici : {stakes.unsent}"))
        form.show_row("unsent", shown=bool(stakes.unsent))
        super().__init__(
            "Effacer cet espace de travail", form, check, tasks, parent, confirm="Effacer"
        )
        restyle(self.confirm, "kind", "danger")
        self.confirm.setDefault(False)  # Enter after the name erases nothing yet
        stays = "Les papiers et les exports enregistrés ailleurs restent."
        if stakes.elsewhere:
            stays = (
                f"Les copies de « {stakes.elsewhere} » restent, comme les papiers et les exports."
            )
        self.layout_.insertWidget(0, label(_words(stakes), wrap=True))
        self.layout_.insertWidget(1, label(stays, "muted", wrap=True))

    def is_written(self) -> bool:
        """Always False: a typed name is no loss."""
        return False


def _words(stakes: Stakes) -> str:
    """What will be erased or closed, of what this workspace has."""
    parts = [GOES, *([KEY] if stakes.has_key else []), *([ACCESS] if stakes.is_tied else [])]
    return f"{listed(parts)}. {FOR_GOOD}"
