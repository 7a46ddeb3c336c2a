"""Where the workspace is, what speaks against it, moving it elsewhere, and erasing it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.paths import platform_workspace
from ui.dialogs.dialog import FormDialog
from ui.dialogs.removal import RemovalDialog
from ui.tasks import Tasks
from ui.widgets.buttons import button
from ui.widgets.fields import Tick
from ui.widgets.form import Form
from ui.widgets.path_field import PathField, folder_from
from ui.widgets.settings_card import SettingsCard
from ui.widgets.text import label

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.domain.locations import Hazard
    from app.services.removal import Stakes


class LocationCard(SettingsCard):
    """`moved` carries the folder where the workspace now is.

    `erase_requested` carries the name typed to confirm, and whether unsent changes may go too.
    """

    moved = Signal(object)
    erase_requested = Signal(str, bool)
    told = Signal(str, str)
    failed = Signal(object)

    def __init__(self, services: Services, tasks: Tasks) -> None:
        super().__init__("Emplacement", "")
        self.services = services
        self.tasks = tasks
        self.folder = label("", wrap=True, copyable=True)
        self.warning = label("", "error", wrap=True)
        self.move_away = button("Déplacer…", self.ask, icon="map-pin")
        self.inside.insertWidget(1, self.folder)
        self.inside.insertWidget(2, self.warning)
        self.erase = button("Effacer de cet ordinateur…", self._on_erase, kind="danger")
        self.add_button(self.move_away)
        self.add_button(self.erase)

    def refresh(self) -> None:
        """Reads where the workspace is."""
        self.folder.setText(str(self.services.workspace.folder))
        self.tasks.run(self.services.safety.hazard, self._show, self.failed.emit, self)

    def _show(self, hazard: Hazard | None) -> None:
        self.warning.setText(hazard.sentence if hazard else "")
        self.warning.setVisible(hazard is not None)

    def ask(self) -> None:
        """Asks where to, and whether the old files stay."""
        dialog = MoveDialog(self.services.workspace.folder, self._move, self.tasks, self)
        dialog.saved.connect(self._on_moved)
        dialog.open()

    def _move(self, values: dict[str, Any]) -> Path:
        return self.services.safety.move(Path(values["target"]), keep=values["keep"])

    def _on_moved(self, folder: Path) -> None:
        self.refresh()
        self.moved.emit(folder)
        self.told.emit(f"L'espace de travail est maintenant dans « {folder} ».", "success")

    def _on_erase(self) -> None:
        self.tasks.run(
            lambda: self.services.removal.stakes(),  # noqa: PLW0108 - it loads off this thread
            self._ask_to_erase,
            self.failed.emit,
            self,
        )

    def _ask_to_erase(self, stakes: Stakes) -> None:
        def check(values: dict[str, Any]) -> tuple[str, bool]:
            self.services.removal.check(values["name"], unsent=values["unsent"])
            return values["name"], values["unsent"]

        dialog = RemovalDialog(stakes, check, self.tasks, self)
        dialog.saved.connect(lambda agreed: self.erase_requested.emit(*agreed))
        dialog.open()


class MoveDialog(FormDialog):
    """Asks for the new folder; one chosen by the button gets a folder of the same name inside."""

    def __init__(
        self,
        folder: Path,
        move: Callable[[dict[str, Any]], Path],
        tasks: Tasks,
        parent: QWidget | None = None,
    ) -> None:
        form = Form(1)
        form.add(
            "target",
            "Nouveau dossier",
            PathField(folder_from("Nouveau dossier", folder.name)),
            hint="Un dossier nouveau ou vide, sur le disque de cet ordinateur.",
            required="Dites où déplacer l'espace de travail.",
        )
        form.add("keep", "", Tick("Garder aussi les anciens fichiers"))
        super().__init__(
            "Déplacer l'espace de travail", form, move, tasks, parent, confirm="Déplacer"
        )
        form.set_values({"target": str(proposed(folder)), "keep": True})
        form.focus_first()


def proposed(folder: Path) -> Path:
    """The platform's own folder for a workspace if it is free, else a new one beside this one."""
    usual = platform_workspace()
    return usual if usual != folder and not usual.exists() else folder.with_name(f"{folder.name}-2")
