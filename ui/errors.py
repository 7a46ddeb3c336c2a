"""The one place that shows errors: inline in a form, across the page, or with their details."""

from __future__ import annotations

import platform
import re
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from app.domain.refusals import Deleted, Refusal
from app.errors import Absent, AppError, Damaged, StorageError
from ui import theme
from ui.theme import Space
from ui.widgets.banner import Banner
from ui.widgets.buttons import button
from ui.widgets.text import label

if TYPE_CHECKING:
    from ui.widgets.form import Form

_ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_IDENTIFIER = re.compile(f" : « {_ID} »| {_ID}\\b(?! »)")
"""A record's id in a sentence: useful on the command line, meaningless to a reader."""

ABSENT = "Cet enregistrement n'est plus ici : s'il est supprimé, la corbeille le rend."

DELETED = "Cet enregistrement est supprimé : la corbeille le rend."

DAMAGED = (
    "L'espace de travail est endommagé : dans les réglages, « Vérifier l'espace de travail » dit ce"
    " qu'une réparation en rendrait."
)


def sentence(error: Exception) -> str:
    """What to tell the user: the rule's own words where a rule refused, records by their names."""
    if isinstance(error, Absent):
        return ABSENT
    refusal = _refusal(error)
    if isinstance(error, Damaged) and refusal is None:
        return DAMAGED
    if isinstance(refusal, Deleted):
        return DELETED
    words = refusal.sentence if refusal is not None else str(error)
    told = _IDENTIFIER.sub("", words)
    return told[:1].upper() + told[1:]


def expected(error: Exception) -> bool:
    """Whether the error carries a French sentence meant for the user."""
    return isinstance(error, AppError | Refusal)


def is_of_deleted(error: Exception) -> bool:
    """Whether the error says that the record being written was deleted meanwhile."""
    return isinstance(_refusal(error), Deleted)


def inline(error: Exception, form: Form) -> bool:
    """Shows a refusal under the field that it is about; False when the form has no such field."""
    refusal = _refusal(error)
    return refusal is not None and form.say_error(refusal.field, sentence(error))


def tell(error: Exception, banner: Banner, parent: QWidget) -> None:
    """Shows an error that no form can show: in the banner, or, if unexpected, in a dialog."""
    if expected(error):
        banner.say(sentence(error), "danger" if isinstance(error, StorageError) else "warning")
    else:
        UnexpectedDialog(error, parent).open()


def _refusal(error: BaseException) -> Refusal | None:
    found = error if isinstance(error, Refusal) else error.__cause__
    return found if isinstance(found, Refusal) else None


class UnexpectedDialog(QDialog):
    """A fault of the program: what it means for the user, and details to pass on."""

    def __init__(self, error: Exception, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.details = QPlainTextEdit(_details(error))
        self.copy = button("Copier les détails", self._on_copy, icon="copy")
        self.close_button = button("Fermer", self.accept, kind="primary")
        self._build()

    def _build(self) -> None:
        self.setWindowTitle("Erreur inattendue")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        theme.set_widths(self, least=560)
        self.details.setReadOnly(True)
        self.details.setAccessibleName("Détails de l'erreur")
        buttons = QHBoxLayout()
        buttons.addWidget(self.copy)
        buttons.addStretch()
        buttons.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
        layout.setSpacing(Space.M)
        layout.addWidget(label("Le programme a rencontré une erreur inattendue", "section"))
        layout.addWidget(
            label(
                "Ce qui était enregistré l'est toujours. Recommencez ; si l'erreur revient,"
                " copiez les détails et envoyez-les à l'assistance.",
                wrap=True,
            )
        )
        layout.addWidget(self.details)
        layout.addLayout(buttons)
        self.close_button.setDefault(True)

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.details.toPlainText())


def _details(error: Exception) -> str:
    """The lines of code that the error went through, without the values of their variables.

    Its message is left out: it may quote what the user was writing.
    """
    places = [
        f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    return "\n".join([system, " ← ".join(_kinds(error)), *places])


def _kinds(error: BaseException | None) -> Iterator[str]:
    """The class of an error, then of each error that led to it."""
    while error is not None:
        yield type(error).__name__
        error = error.__cause__ or error.__context__
