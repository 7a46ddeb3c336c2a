"""Changing the protection of the workspace, and the fields that ask for one in other forms."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.domain.refusals import Refusal
from ui.dialogs.dialog import FormDialog
from ui.tasks import Tasks
from ui.widgets.fields import Choice, TextField
from ui.widgets.form import Form

PROTECTIONS = (
    ("keyring", "Avec le trousseau de cet ordinateur (conseillé)"),
    ("passphrase", "Avec une phrase de passe"),
    ("none", "Sans protection"),
)

BARE = "Les fichiers ne sont pas chiffrés : qui prend l'ordinateur les lit."


class ProtectionDialog(FormDialog):
    """Asks for the new protection."""

    def __init__(
        self,
        mode: str,
        save: Callable[[str, str | None], object],
        tasks: Tasks,
        parent: QWidget | None = None,
    ) -> None:
        form = Form(columns=1)
        hint = "Protégés, les fichiers sont chiffrés : un voleur n'y trouve rien."
        add_protection(form, "Protection", hint, mode)
        super().__init__(
            "Changer la protection",
            form,
            lambda values: save(values["mode"], values["passphrase"] or None),
            tasks,
            parent,
            confirm="Protéger ainsi",
        )


def add_protection(form: Form, words: str, hint: str, mode: str = "keyring") -> None:
    """Adds the choice of a protection, and two fields for the passphrase, shown if chosen."""
    protection = Choice(PROTECTIONS)
    protection.set_value(mode)
    first = _Secret("12 caractères ou plus")
    form.add("mode", words, protection, hint=hint)
    form.add("passphrase", "Phrase de passe", first)
    form.add("again", "La même, encore", _Again(first))

    def follow() -> None:
        form.explain("mode", BARE if protection.value() == "none" else hint)
        show_passphrase(form, shown=protection.value() == "passphrase")

    protection.edited.connect(follow)
    follow()


def show_passphrase(form: Form, *, shown: bool) -> None:
    """Shows or hides the two fields of the new passphrase."""
    for name in ("passphrase", "again"):
        form.show_row(name, shown=shown)


class _Secret(TextField):
    """A passphrase, typed unseen."""

    def __init__(self, hint: str = "") -> None:
        super().__init__(hint)
        self.setEchoMode(self.EchoMode.Password)


class _Again(_Secret):
    """The passphrase once more: a slip typed unseen would lock its owner out."""

    def __init__(self, first: _Secret) -> None:
        super().__init__()
        self._first = first

    def value(self) -> str:
        typed = super().value()
        if self.isVisibleTo(self.window()) and typed != self._first.value():
            raise Refusal("Les deux phrases de passe diffèrent : écrivez ici la même.")
        return typed
