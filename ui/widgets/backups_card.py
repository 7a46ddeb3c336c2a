"""The copies of the workspace: make one, choose where else they go, and go back to one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QVBoxLayout

from app.domain.wording import capitalised, hour, long_day, size
from app.errors import UserError
from ui.saving import ask_where, with_ending
from ui.tasks import LONG, Tasks
from ui.widgets.buttons import button
from ui.widgets.flow import Flow
from ui.widgets.form import Form
from ui.widgets.line import Line
from ui.widgets.path_field import PathField, folder_from
from ui.widgets.settings_card import SettingsCard
from ui.widgets.text import clear, label
from ui.widgets.waiting import Waiting

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.services.backups import Copy
    from app.services.doctor import Finding

REASONS = {
    "jour": "Copie du jour",
    "avant-restauration": "Faite avant un retour à une copie",
    "avant-migration": "Faite avant une mise à jour",
    "": "Copie demandée",
}
MODES = {
    "keyring": "protégée par le trousseau",
    "passphrase": "protégée par une phrase de passe",
    "none": "sans protection",
    "": "illisible",
}
ENDING = ".sauvegarde"
FILES = f"Copies (*{ENDING});;Tous les fichiers (*)"
SHOWN = 12


class BackupsCard(SettingsCard):
    """`restore_requested` carries the file of the copy to go back to.

    `repair_requested` follows an examination that found the database damaged.
    """

    told = Signal(str, str)
    failed = Signal(object)
    restore_requested = Signal(object)
    repair_requested = Signal()

    def __init__(self, services: Services, tasks: Tasks) -> None:
        super().__init__(
            "Copies",
            "Une copie se fait à la première ouverture du jour ; 7 jours, 4 semaines et 6 mois sont"
            " gardés, ici et dans le second dossier s'il est choisi. Celles que vous demandez"
            " restent.",
            form=_form(),
            save=self._save,
            tasks=tasks,
        )
        self.services = services
        self.tasks = tasks
        self.save_now = button("Faire une copie maintenant", self._on_save_now, icon="save")
        self.save_as = button("Copier dans un fichier…", self._on_save_as)
        self.from_file = button("Restaurer un fichier…", self._on_from_file, icon="history")
        self.examine = button("Vérifier l'espace de travail", self._on_examine, icon="shield")
        self.nothing = label("Aucune copie pour l'instant.", "muted")
        self.copies = QVBoxLayout()
        self._waiting = Waiting(self.save_now, self.save_as)
        folder = cast(PathField, self.form.field("backup_folder"))
        folder.chosen.connect(self._on_confirm)  # a folder chosen needs no press on « Enregistrer »
        self._assemble()

    def _assemble(self) -> None:
        self.copies.setSpacing(0)
        ways = Flow()
        for one in (self.save_now, self.save_as, self.from_file, self.examine):
            ways.addWidget(one)
        self.inside.addLayout(ways)
        self.inside.addWidget(label("Revenir à une copie", "strong"))
        self.inside.addWidget(self.nothing)
        self.inside.addLayout(self.copies)

    def refresh(self) -> None:
        """Reads the copies and the second folder."""
        self.tasks.run(
            lambda: self.services.settings.get("backup_folder"), self._show_folder, owner=self
        )
        self.tasks.run(
            self.services.backups.copies, self._show_copies, self.failed.emit, self, lane=LONG
        )

    def _show_folder(self, folder: str) -> None:
        self.show_values({"backup_folder": folder})

    def _show_copies(self, copies: Sequence[Copy]) -> None:
        clear(self.copies)
        self.nothing.setVisible(not copies)
        for copy in copies[:SHOWN]:
            line = Line(capitalised(said_at(copy)), said_of(copy), "Restaurer…", "accent")
            line.clicked.connect(partial(self.restore_requested.emit, copy.file))
            self.copies.addWidget(line)
        if len(copies) > SHOWN:
            words = "Les plus anciennes se trouvent par « Restaurer un fichier… »."
            self.copies.addWidget(label(words, "muted", wrap=True))

    def _save(self, values: dict[str, Any]) -> None:
        folder = values["backup_folder"]
        if folder and not Path(folder).is_absolute():
            raise UserError(f"« {folder} » n'est pas un chemin complet : choisissez le dossier.")
        self.services.settings.set("backup_folder", folder)

    def _on_save_now(self) -> None:
        self._copy(self.services.backups.save_now)

    def _on_save_as(self) -> None:
        name, _ = ask_where(self, "Copier dans un fichier", "commissions.sauvegarde", FILES)
        if name:
            file = with_ending(name, ENDING)
            self._copy(lambda: f"La copie est dans « {self.services.backups.save(file)} ».")

    def _copy(self, work: Callable[[], str]) -> None:
        self._waiting.begin()
        self.tasks.run(work, self._on_copied, self._on_copy_failed, self, lane=LONG)

    def _on_copied(self, sentence: str) -> None:
        self._waiting.end()
        self.told.emit(sentence, "success")
        self.refresh()

    def _on_copy_failed(self, error: Exception) -> None:
        self._waiting.end()
        self.failed.emit(error)

    def _on_examine(self) -> None:
        self.tasks.run(
            self.services.safety.examine, self._show_findings, self.failed.emit, self, lane=LONG
        )

    def _show_findings(self, findings: Sequence[Finding]) -> None:
        """Says what is wrong, or all that is sound; a damaged database asks for a repair instead.

        The versions are left to the command `doctor`, for whoever helps from afar.
        """
        wrong = [finding for finding in findings if not finding.ok]
        if any(finding.check == "integrity" for finding in wrong):
            self.repair_requested.emit()
            return
        sound = [finding for finding in findings if finding.check != "versions"]
        told = " ".join(finding.sentence for finding in wrong or sound)
        self.told.emit(told, "warning" if wrong else "success")

    def _on_from_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Restaurer une copie", "", FILES)
        if name:
            self.restore_requested.emit(Path(name))


def said_at(copy: Copy) -> str:
    """The day of a copy in words, with the hour of one that was not the day's."""
    day = long_day(copy.at.date())
    return day if copy.reason == "jour" else f"{day} à {hour(copy.at.isoformat())}"


def said_of(copy: Copy) -> str:
    """Why a copy was made, where it is, its size and its protection."""
    place = "sur cet ordinateur" if copy.here else f"dans « {copy.file.parent} »"
    return " · ".join((REASONS.get(copy.reason, "Copie"), place, size(copy.size), MODES[copy.mode]))


def _form() -> Form:
    form = Form(columns=1)
    form.add(
        "backup_folder",
        "Second dossier",
        PathField(folder_from("Second dossier des copies"), "Aucun"),
        hint="Un autre disque ou une clé USB.",
    )
    return form
