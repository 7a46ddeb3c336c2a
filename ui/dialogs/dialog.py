"""Dialogs in one shape: a title, a form or a question, and two buttons on the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ui import errors, theme
from ui.actions import Keys, make_action
from ui.focus_order import bring_into_sight, step
from ui.keys import keys_of_dialog
from ui.tasks import Tasks
from ui.theme import Space
from ui.widgets.amounts import AmountField, PercentField
from ui.widgets.banner import Banner
from ui.widgets.buttons import button
from ui.widgets.fields import LongField, NumberField, TextField
from ui.widgets.form import Form
from ui.widgets.scroll import Bounded
from ui.widgets.text import label
from ui.widgets.waiting import Still, Waiting
from ui.words.chord import chord

Save = Callable[[dict[str, Any]], object]
"""Stores the values of a form."""

Delete = Callable[[], object]

WRITTEN = (TextField, NumberField, AmountField, PercentField)
"""The one-line fields whose words are worth asking about before they are lost; a name or a day is
quickly chosen again.
"""

DELETED = f"C'est supprimé ; {chord('Ctrl+Z')} le fait revenir."
"""What a page says after `deleted`, since a dialog deletes without asking first."""

GO_ON = "Continuer la saisie"
"""The button that keeps the words; « Annuler » could be taken for cancelling what was typed."""

FRAME = 40
"""The height, in pixels, of what the system puts around a dialog."""


def fit(dialog: QDialog, width: int, height: int) -> None:
    """Gives a dialog a size at a text size of 100 %, no larger than the screen has room for."""
    room = dialog.screen().availableSize()
    dialog.resize(
        min(theme.px(width), room.width() - 80), min(theme.px(height), room.height() - 80)
    )


def asked(dialog: QDialog) -> int:
    """The height that a dialog's contents need, up to the screen's; Qt stops at two thirds."""
    return min(dialog.sizeHint().height(), dialog.screen().availableSize().height() - FRAME)


def grow(dialog: QDialog) -> None:
    """Makes a dialog as tall as its contents need, no taller than the screen has room for."""
    room = dialog.screen().availableSize().height() - FRAME
    dialog.resize(dialog.width(), min(max(dialog.height(), asked(dialog)), room))


def foot(buttons: Sequence[QWidget], aside: Sequence[QWidget] = ()) -> QHBoxLayout:
    """The buttons that end a dialog; those `aside` stand apart on the left."""
    row = QHBoxLayout()
    row.setSpacing(Space.S)
    for widget in aside:
        row.addWidget(widget)
    row.addStretch()
    for widget in buttons:
        row.addWidget(widget)
    return row


def answer(
    dialog: QDialog, keys: Keys | tuple[Keys, ...], words: str, act: Callable[[], object]
) -> None:
    """Gives a dialog keys that work even while a list of choices is open over it.

    F1 lists them under `words`.
    """
    action = make_action(dialog, words, act, keys)
    action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)


def compose(
    dialog: QDialog, title: str, parts: Sequence[QWidget], foot: QHBoxLayout
) -> QVBoxLayout:
    """Lays a dialog out: its title, its parts (the last takes the room left), and its foot."""
    dialog.setWindowTitle(title)
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
    layout.setSpacing(Space.L)
    heading = label(title, "section")
    dialog.windowTitleChanged.connect(heading.setText)
    layout.addWidget(heading)
    for part in parts:
        layout.addWidget(part, 1 if part is parts[-1] else 0)
    layout.addLayout(foot)
    return layout


def written(root: QWidget) -> bool:
    """Whether the user wrote anything in the fields inside that is not stored yet."""
    lines = [one for one in root.findChildren(QLineEdit) if isinstance(one, WRITTEN)]
    return any(
        line.isModified() and line.echoMode() is QLineEdit.EchoMode.Normal for line in lines
    ) or any(text.document().isModified() for text in root.findChildren(LongField))


def abandon(dialog: QDialog, leave: Callable[[], object]) -> None:
    """Asks whether to lose what was written in a dialog; `leave` follows a yes."""
    ConfirmDialog(
        "Abandonner la saisie",
        "Ce que vous venez d'écrire ici sera perdu.",
        "Abandonner",
        leave,
        dialog,
        cancel=GO_ON,
    ).open()


class Dialog(QDialog):
    """A dialog that does not open twice over one parent, under one title.

    What a dialog shows is often read first, and the user may ask again before it is there.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        QShortcut(QKeySequence("F1"), self, self._tell_keys)

    def _tell_keys(self) -> None:
        """Says what the keys do here: the window's own F1 does not reach a dialog."""
        from ui.dialogs.help import HelpDialog

        if not isinstance(self, HelpDialog):
            HelpDialog({self.windowTitle(): keys_of_dialog(self)}, self).open()

    def open(self) -> None:
        parent = self.parent()
        if parent is not None and any(map(self._is_twin, parent.findChildren(type(self)))):
            self.reject()
        else:
            super().open()

    def _is_twin(self, other: QDialog) -> bool:
        same = type(other) is type(self) and other.windowTitle() == self.windowTitle()
        return same and other.parent() is self.parent() and other.isVisible()


class FormDialog(Dialog):
    """A form whose values a service stores; a refusal is shown and the dialog stays open.

    `saved` carries what the service gave; `deleted` follows a deletion. What subclasses add around
    the form goes to `layout_`, which scrolls where the screen lacks room: the buttons always show.
    """

    saved = Signal(object)
    deleted = Signal()

    def __init__(
        self,
        title: str,
        form: Form,
        save: Save,
        tasks: Tasks,
        parent: QWidget | None = None,
        *,
        confirm: str = "Enregistrer",
        delete: Delete | None = None,
        sealed: str = "",
    ) -> None:
        """`save` runs off the GUI thread, with the values of the form; so does `delete`.

        `sealed` is the title of the dialog once read-only, where its own speaks of a change.
        """
        super().__init__(parent)
        self.form = form
        self.banner = Banner()
        self.confirm = button(confirm, self._on_confirm, kind="primary")
        self.cancel = button("Annuler", self.reject)
        self.delete = button("Supprimer", self._on_delete, kind="danger")
        self._save = save
        self._delete = delete
        self._sealed = sealed or title
        self._tasks = tasks
        self._waiting, self._still = Waiting(self.confirm), Still(self)
        self._height_at_first = self._height_asked = 0
        self._build(title)
        answer(self, "Ctrl+Return", f"{confirm}\t{chord('Ctrl+Entrée')}", self._on_confirm)

    def _build(self, title: str) -> None:
        body = QWidget()
        self.layout_ = QVBoxLayout(body)
        self.layout_.setContentsMargins(0, 0, 0, 0)
        self.layout_.setSpacing(Space.L)
        self.layout_.addWidget(self.form)
        buttons = foot([self.cancel, self.confirm], [self.delete])
        compose(self, title, [self.banner, Bounded(body)], buttons)
        theme.set_widths(self, least=600)
        self.delete.setVisible(self._delete is not None)
        self.confirm.setDefault(True)

    def offer(self, words: str, act: Callable[[], object], icon: str = "") -> QPushButton:
        """Adds a quiet button under the form."""
        way = button(words, act, kind="quiet", icon=icon)
        self.layout_.addWidget(way, 0, Qt.AlignmentFlag.AlignLeft)
        return way

    def begin_at(self, name: str) -> None:
        """Gives the keyboard to the field of this name, if the form has it."""
        if name in self.form.names():
            field = self.form.field(name)
            field.setFocus()
            bring_into_sight(field)

    def seal(self, sentence: str) -> None:
        """Makes the form read-only, and says why."""
        self.form.lock(locked=True)
        self.confirm.setEnabled(False)
        self.confirm.hide()
        self.cancel.setText("Fermer")
        self.delete.hide()
        self.setWindowTitle(self._sealed)
        self.banner.say(sentence)

    def collect(self) -> dict[str, Any] | None:
        """The values to save; None while a field on screen cannot be read."""
        return self.form.values()

    def showEvent(self, event: QShowEvent) -> None:
        """Begins in the first field, unless another one has the keyboard."""
        grow(self)
        self._height_at_first, self._height_asked = self.height(), asked(self)
        super().showEvent(event)
        if self.focusWidget() is None and self.form.names():
            self.form.focus_first()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() is QEvent.Type.LayoutRequest and self._height_at_first:
            self._follow()
        return done

    def _follow(self) -> None:
        """Grows and shrinks with the form; a dialog that the user made smaller stays so."""
        former, self._height_asked = self._height_asked, asked(self)
        if self._height_asked > former and self.height() >= former:
            self.resize(self.width(), max(self.height(), self._height_asked))
        elif self._height_asked < former and self.height() == former:
            self.resize(self.width(), max(self._height_at_first, self._height_asked))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Grows upwards where there is no room below: the buttons always show."""
        super().resizeEvent(event)
        below = self.frameGeometry().bottom() - self.screen().availableGeometry().bottom()
        if below > 0:
            self.move(self.x(), max(self.screen().availableGeometry().top(), self.y() - below))

    def focusNextPrevChild(self, forwards: bool) -> bool:
        return step(self, forwards=forwards)

    def is_written(self) -> bool:
        """Whether leaving would lose what the user entered."""
        return written(self)

    def reject(self) -> None:
        """Closes, asking first if something was written; does nothing while it is being stored."""
        if self._still.on:
            return
        leave = super().reject
        if self.is_written():
            abandon(self, lambda: leave())  # noqa: PLW0108 - bound, Qt would come back here
        else:
            leave()

    def _on_confirm(self) -> None:
        values = self.collect()
        if values is None or not self.confirm.isEnabled() or self._still.on:
            return
        self._waiting.begin()
        self._still.begin()
        self._tasks.run(lambda: self._save(values), self._on_saved, self._on_failed, self)

    def _on_delete(self) -> None:
        """Deletes without asking: Ctrl+Z brings it back."""
        if self._delete is not None:
            self._still.begin()
            self._tasks.run(self._delete, lambda result: self._on_deleted(), self._on_failed, self)

    def _on_deleted(self) -> None:
        self._still.end()
        self.deleted.emit()
        self.accept()

    def _on_saved(self, result: object) -> None:
        self._still.end()
        self.saved.emit(result)
        self.accept()

    def _on_failed(self, error: Exception) -> None:
        self._still.end()
        self._waiting.end()
        if not errors.inline(error, self.form):
            errors.tell(error, self.banner, self)


class ConfirmDialog(Dialog):
    """A question before an act that is not easily undone; the safe answer is the default."""

    def __init__(
        self,
        title: str,
        sentence: str,
        confirm: str,
        on_confirm: Callable[[], object],
        parent: QWidget | None = None,
        *,
        danger: bool = True,
        cancel: str = "Annuler",
    ) -> None:
        super().__init__(parent)
        self.confirm = button(confirm, self.accept, kind="danger" if danger else "primary")
        self.cancel = button(cancel, self.reject)
        self._build(title, sentence)
        self.accepted.connect(on_confirm)
        self.cancel.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        """Takes the height of its sentence, however many lines it has."""
        super().showEvent(event)
        layout = self.layout()
        if layout is not None:
            self.resize(self.width(), max(self.height(), layout.heightForWidth(self.width())))

    def _build(self, title: str, sentence: str) -> None:
        buttons = foot([self.cancel, self.confirm])
        compose(self, title, [label(sentence, wrap=True)], buttons)
        theme.set_widths(self, least=460)
        self.cancel.setDefault(True)
