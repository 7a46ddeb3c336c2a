"""Before going back to a copy: what comes back, what is set aside, and how to undo it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.wording import agree, count, day_and_hour, listed
from app.errors import Locked
from ui import errors
from ui.dialogs.dialog import FormDialog, fit
from ui.tasks import LONG, Tasks
from ui.widgets.fields import TextField
from ui.widgets.form import Form
from ui.widgets.text import label

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.services.backups import Distance

NAMED = 5


class RestoreDialog(FormDialog):
    """Reads the copy first; asks for its passphrase where it has another than the workspace.

    `confirmed` carries the file and that passphrase (None).
    """

    confirmed = Signal(object, object)

    def __init__(
        self, file: Path, services: Services, tasks: Tasks, parent: QWidget | None = None
    ) -> None:
        self.secret = TextField("")
        self.secret.setEchoMode(TextField.EchoMode.Password)
        form = Form(columns=1)
        form.add("secret", "Phrase de passe de la copie", self.secret)
        super().__init__(
            "Revenir à cette copie", form, lambda values: None, tasks, parent, confirm="Restaurer"
        )
        self.file = file
        self.services = services
        self.sentence = label("Lecture de la copie…", wrap=True)
        self.left = label("", wrap=True)
        self.layout_.insertWidget(0, self.sentence)
        self.layout_.insertWidget(1, self.left)
        self.layout_.insertStretch(2, 1)
        fit(self, 620, 300)
        self.form.hide()
        self.left.hide()
        self._readable = False
        self._read()

    def _read(self) -> None:
        file, secret = self.file, self.secret.text() or None
        self.confirm.setEnabled(False)
        self._tasks.run(
            lambda: self.services.backups.compare(file, secret),
            self._show_since,
            self._on_unread,
            self,
            lane=LONG,
        )

    def _show_since(self, since: Distance) -> None:
        self._readable = True
        self.form.hide()
        self.banner.hide()
        self.sentence.setText(what_comes(since))
        self.left.setText(what_is_left(since))
        self.left.show()
        self.confirm.setText("Restaurer")
        self.confirm.setEnabled(True)
        self.confirm.setFocus()

    def _on_unread(self, error: Exception) -> None:
        asked = isinstance(error, Locked) and error.by == "passphrase"
        self.confirm.setEnabled(asked)
        self.confirm.setText("Continuer" if asked else "Restaurer")
        if asked and not self.form.isVisible():
            self.sentence.setText(
                "Cette copie a été faite sous une autre phrase de passe : écrivez-la."
            )
            self.form.show()
            self.secret.setFocus()
            return
        self.sentence.setVisible(asked)
        errors.tell(error, self.banner, self)

    def _on_confirm(self) -> None:
        """Reads with the passphrase first, then goes."""
        if not self.confirm.isEnabled():
            return
        if not self._readable:
            self._read()
            return
        self.confirmed.emit(self.file, self.secret.text() or None)
        self.accept()


def what_comes(since: Distance) -> str:
    """« L'espace de travail redevient ce qu'il était vendredi 19 mars 2027 à 18 h. »"""
    if not since.last_at:
        return "L'espace de travail redevient ce qu'il était, avant que rien n'y soit écrit."
    return (
        f"L'espace de travail redevient ce qu'il était le {day_and_hour(since.last_at)} :"
        f" {count(since.records, 'enregistrement')}."
    )


def what_is_left(since: Distance) -> str:
    """What was done since, by name, and that it stays at hand."""
    if not since.changes:
        return "Rien n'a été écrit ici depuis."
    names = list(since.changed[:NAMED])
    others = len(since.changed) - len(names)
    if others:
        names.append(count(others, "autre"))
    done = count(since.changes, "modification faite", "modifications faites")
    put = agree(since.changes, "sera mise", "seront mises")
    return (
        f"{done} depuis {put} de côté : {listed(names)}. Une copie de l'état actuel se fait"
        " d'abord ; elle paraîtra dans la même liste."
    )
