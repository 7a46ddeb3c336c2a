"""Changing who may open the workspace."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

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


class ProtectionDialog(FormDialog):
    """Asks for the protection, and for the passphrase twice where there is one."""

    def __init__(
        self,
        mode: str,
        save: Callable[[str, str | None], object],
        tasks: Tasks,
        parent: QWidget | None = None,
    ) -> None:
        form = Form(columns=1)
        form.add(
            "mode",
            "Protection",
            Choice(PROTECTIONS),
            hint="Protégés, les fichiers sont chiffrés : un voleur n'y trouve rien.",
        )
        for name, words in (("passphrase", "Phrase de passe"), ("again", "La même, encore")):
            field = TextField("12 caractères ou plus")
            field.setEchoMode(TextField.EchoMode.Password)
            form.add(name, words, field, hint="Pour la protection par phrase de passe seulement.")
        form.set_values({"mode": mode})

        def checked(values: dict[str, Any]) -> object:
            if values["mode"] == "passphrase" and values["passphrase"] != values["again"]:
                raise Refusal("les deux phrases de passe diffèrent.", field="again")
            return save(values["mode"], values["passphrase"] or None)

        super().__init__(
            "Changer la protection", form, checked, tasks, parent, confirm="Protéger ainsi"
        )


def add_protection(form: Form, words: str, hint: str) -> None:
    """Adds the choice of a protection, and the passphrase where it is the one chosen."""
    protection = Choice(PROTECTIONS)
    form.add("mode", words, protection, hint=hint)
    secret = TextField("12 caractères ou plus")
    secret.setEchoMode(TextField.EchoMode.Password)
    form.add("passphrase", "Phrase de passe", secret, whole=True)
    form.show_row("passphrase", shown=False)
    protection.edited.connect(
        lambda: form.show_row("passphrase", shown=protection.value() == "passphrase")
    )
