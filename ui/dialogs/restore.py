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
from ui.dialogs.protection import add_protection
from ui.tasks import LONG, Tasks
from ui.widgets.code_field import add_code
from ui.widgets.fields import TextField
from ui.widgets.form import Form
from ui.widgets.text import label

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.services.backups import Distance, Opening

NAMED = 5


class RestoreDialog(FormDialog):
    """Reads the copy first; asks for its passphrase or recovery code where its key is another.

    `confirmed` carries the file and what opens it.
    """

    confirmed = Signal(object, object)

    def __init__(
        self, file: Path, services: Services, tasks: Tasks, parent: QWidget | None = None
    ) -> None:
        self.secret = TextField("")
        self.secret.setEchoMode(TextField.EchoMode.Password)
        form = Form(columns=1)
        form.add("secret", "Phrase de passe de la copie", self.secret)
        add_code(form)
        add_protection(form, "Protection désormais", "Le même code de secours reste valable.")
        super().__init__(
            "Revenir à cette copie", form, lambda values: None, tasks, parent, confirm="Restaurer"
        )
        self.file = file
        self.services = services
        self.sentence = label("Lecture de la copie…", wrap=True)
        self.left = label("", wrap=True)
        self.lost = self.offer("J'ai perdu la phrase de passe", self._ask_code)
        self.layout_.insertWidget(0, self.sentence)
        self.layout_.insertWidget(1, self.left)
        self.layout_.insertStretch(2, 1)
        fit(self, 620, 300)
        self.left.hide()
        self._show_fields()
        self._opening: Opening | None = None
        self._read()

    def _read(self) -> None:
        from app.services.backups import Opening

        values = self.collect()
        if values is None:
            return
        opening = Opening(
            passphrase=self.secret.text() or None,
            code=values["code"] or None,
            mode=values["mode"] if values["code"] else None,
            new_passphrase=values["passphrase"] or None,
        )
        self.confirm.setEnabled(False)
        self._tasks.run(
            lambda: self._compare(opening),
            lambda since: self._show_since(since, opening),
            self._on_unread,
            self,
            lane=LONG,
        )

    def _compare(self, opening: Opening) -> Distance:
        from app.services import workspaces

        if opening.mode is not None:
            workspaces.check_protection(opening.mode, opening.new_passphrase)
        return self.services.backups.compare(self.file, opening)

    def _show_since(self, since: Distance, opening: Opening) -> None:
        self._opening = opening
        self._show_fields()
        self.banner.hide()
        self.sentence.setText(what_comes(since))
        self.left.setText(what_is_left(since))
        self.left.show()
        self.confirm.setText("Restaurer")
        self.confirm.setEnabled(True)
        self.cancel.setFocus()  # Enter pressed once too often replaces nothing

    def _on_unread(self, error: Exception) -> None:
        if isinstance(error, Locked) and self.form.isHidden():
            if error.by == "passphrase":
                self._ask_passphrase()
            else:
                self._ask_code()
            return
        if errors.inline(error, self.form):
            self.confirm.setEnabled(True)
            return
        self.confirm.setEnabled(isinstance(error, Locked))
        self.sentence.setVisible(isinstance(error, Locked))
        errors.tell(error, self.banner, self)

    def _ask_passphrase(self) -> None:
        self._ask("Cette copie a été faite sous une autre phrase de passe : écrivez-la.", "secret")

    def _ask_code(self) -> None:
        self._ask(
            "Cette copie a été faite sous une autre clé : recopiez le code de secours de sa fiche,"
            " puis choisissez la protection à venir.",
            "code",
            "mode",
        )

    def _ask(self, words: str, *names: str) -> None:
        self.banner.hide()
        self.sentence.setText(words)
        self._show_fields(*names)
        self.form.field(names[0]).setFocus()
        self.confirm.setText("Continuer")
        self.confirm.setEnabled(True)

    def _show_fields(self, *names: str) -> None:
        for name in self.form.names():
            self.form.show_row(name, shown=name in names)
        self.form.setVisible(bool(names))
        self.lost.setVisible("secret" in names)

    def _on_confirm(self) -> None:
        """Reads the copy with what was typed; pressed once it is read, confirms."""
        if not self.confirm.isEnabled():
            return
        if self._opening is None:
            self._read()
            return
        self.confirmed.emit(self.file, self._opening)
        self.accept()


def what_comes(since: Distance) -> str:
    """« L'espace de travail redevient ce qu'il était vendredi 19 mars 2027 à 18 h. »"""
    if since.foreign:
        return _who_comes(since)
    if not since.last_at:
        return "L'espace de travail redevient ce qu'il était, avant que rien n'y soit écrit."
    return (
        f"L'espace de travail redevient ce qu'il était le {day_and_hour(since.last_at)} :"
        f" {count(since.records, 'enregistrement')}."
    )


def _who_comes(since: Distance) -> str:
    """Says that the copy is of another workspace: a colleague's is easily chosen by mistake."""
    came = "Cette copie vient d'un autre espace de travail, qui prendrait la place de celui-ci"
    if not since.last_at:
        return f"{came} : rien n'y était encore écrit."
    records = count(since.records, "enregistrement")
    return f"{came} tel qu'il était le {day_and_hour(since.last_at)} : {records}."


def what_is_left(since: Distance) -> str:
    """What was done since the copy, by name, and that the present state is copied first."""
    if not since.changes:
        return "Rien n'a été écrit ici depuis."
    names = list(since.changed[:NAMED])
    others = len(since.changed) - len(names)
    if others:
        names.append(count(others, "autre"))
    done = count(since.changes, "modification faite", "modifications faites")
    put = agree(since.changes, "sera mise", "seront mises")
    when = "ici" if since.foreign else "depuis"
    return (
        f"{done} {when} {put} de côté : {listed(names)}. Une copie de l'état actuel se fait"
        " d'abord ; elle paraîtra dans la même liste."
    )
