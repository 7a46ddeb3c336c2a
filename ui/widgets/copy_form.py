"""The form that restores a copy on another computer: its file, code, new folder and user."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from ui.dialogs.protection import add_protection, show_passphrase
from ui.tasks import Tasks
from ui.widgets.backups_card import FILES
from ui.widgets.code_field import add_code
from ui.widgets.entry_forms import add_author
from ui.widgets.form import Form
from ui.widgets.path_field import PathField, folder_from

FILE_HINT = "Le fichier « .sauvegarde », sur une clé USB ou un autre disque."
BARE = (
    "Cette copie n'est pas protégée : elle s'ouvre sans code. Les réglages la protégeront ensuite."
)
ARCHIVE = (
    "Cette archive ne se reprend pas ici : demandez une copie « .sauvegarde », que font les"
    " réglages de l'ordinateur d'avant."
)
FOREIGN = (
    "Ce fichier n'est pas une copie faite par ce programme, ou il est endommagé :"
    " choisissez-en un autre."
)


class CopyForm(Form):
    """Asks for a code and a protection only where the copy is protected."""

    def __init__(self, folder: Path, tasks: Tasks) -> None:
        super().__init__(1)
        self._tasks = tasks
        self.file = PathField(_ask_file, "commissions-….sauvegarde")
        self.add(
            "file",
            "La copie",
            self.file,
            hint=FILE_HINT,
            required="Choisissez le fichier de la copie.",
        )
        self.code = add_code(self)
        self.add(
            "folder",
            "Dossier de l'espace de travail",
            PathField(folder_from("Dossier de l'espace de travail", folder.name)),
            hint="Où les fichiers seront sur cet ordinateur ; celui-ci convient.",
            required="Choisissez un dossier.",
        )
        add_author(self, "Il signe ce que vous écrirez ; le passé garde les noms d'avant.")
        add_protection(self, "Protection désormais", "Le même code de secours reste valable.")
        self.set_values({"folder": str(folder)})
        self.file.edited.connect(self._look)

    def _look(self) -> None:
        from app.services import workspaces

        file = Path(self.file.value())
        self._tasks.run(
            lambda: workspaces.mode_of(file) if file.is_file() else None,
            self._show_mode,
            owner=self,
        )

    def _show_mode(self, mode: str | None) -> None:
        """Fits the form to the protection of the file: None for no file, "" for what is no copy."""
        bare = mode == "none"
        for name in ("code", "mode"):
            self.show_row(name, shown=not bare)
        self.explain("file", BARE if bare else FILE_HINT)
        if bare:
            self.set_values({"code": "", "mode": "keyring"})
            show_passphrase(self, shown=False)
        elif mode == "":
            archive = Path(self.file.value()).suffix.lower() in (".zip", ".json")
            self.say_error("file", ARCHIVE if archive else FOREIGN)


def _ask_file(over: QWidget) -> str:
    return QFileDialog.getOpenFileName(over, "La copie à reprendre", "", FILES)[0]
