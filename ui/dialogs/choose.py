"""Choosing one thing among many, by a few letters of its name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from ui.dialogs.dialog import FormDialog
from ui.tasks import Tasks
from ui.widgets.form import Form
from ui.widgets.pick import Option, PickField

HINT = "Quelques lettres du nom, ou la flèche du bas pour la liste"


class ChooseDialog(FormDialog):
    """One field; `save` takes the id chosen."""

    def __init__(
        self,
        title: str,
        words: str,
        options: Sequence[Option],
        save: Callable[[str], object],
        tasks: Tasks,
        *,
        parent: QWidget | None = None,
        confirm: str = "Choisir",
    ) -> None:
        form = Form(1)
        form.add(
            "chosen", words, PickField(options, HINT), required="Choisissez un nom dans la liste."
        )
        super().__init__(
            title, form, lambda values: save(_chosen(values)), tasks, parent, confirm=confirm
        )
        form.field("chosen").setFocus()


def _chosen(values: dict[str, Any]) -> str:
    return str(values["chosen"])
