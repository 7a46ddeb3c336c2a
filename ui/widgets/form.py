"""Rows of a form: a label above its field, a hint or the error below it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, Protocol, cast, runtime_checkable

from PySide6.QtWidgets import QAbstractButton, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.refusals import Refusal
from ui.announcing import announce
from ui.focus_order import bring_into_sight
from ui.theme import Space
from ui.widgets.fields import Field, LongField, TextField, Tick
from ui.widgets.text import label, restyle

MANDATORY = "obligatoire"
"""What a field to be filled says beforehand, to the eye and to screen readers (RGAA 11.10)."""


@runtime_checkable
class HoldsForms(Protocol):
    """A field made of forms: `correct` focuses the first of their fields that is faulty; False if
    none is faulty by itself. `say_error` shows an error under the field of theirs that a path such
    as `rows[1].amount_cents` names; False if it names none.
    """

    def correct(self) -> bool: ...

    def say_error(self, path: str, sentence: str) -> bool: ...


class Form(QWidget):
    """Fields in rows of one or two columns; reads them all, and says what is wrong beside each."""

    def __init__(self, columns: int = 2) -> None:
        super().__init__()
        self._columns = columns
        self._rows: dict[str, _Row] = {}
        self._next = (0, 0)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(Space.XL)
        self._grid.setVerticalSpacing(Space.L)
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)

    def add(
        self,
        name: str,
        words: str,
        field: QWidget,
        *,
        hint: str = "",
        required: str = "",
        whole: bool = False,
    ) -> None:
        """Adds a field under its record name; `required` is the sentence said when it is empty.

        `whole` gives it the whole width.
        """
        row = _Row(words, field, hint, required)
        self._rows[name] = row
        line, column = self._next
        if whole and column:
            line, column = line + 1, 0
        span = self._columns if whole else 1
        self._grid.addWidget(row, line, column, 1, span)
        if isinstance(field, LongField):  # it has a use for the room left
            self._grid.setRowStretch(line, 1)
        column += span
        self._next = (line + 1, 0) if column >= self._columns else (line, column)

    def head(self, words: str) -> None:
        """Begins a part of the form under a heading."""
        line, column = self._next
        line += 1 if column else 0
        self._grid.addWidget(label(words, "strong"), line, 0, 1, self._columns)
        self._next = (line + 1, 0)

    def field(self, name: str) -> QWidget:
        return self._rows[name].widget

    def editor(self, name: str) -> Field:
        """The same field, seen as a `Field`, which holds a value."""
        return self._rows[name].field

    def show_row(self, name: str, *, shown: bool) -> None:
        """Shows a field with its label, or hides both."""
        self._rows[name].setVisible(shown)

    def lock(self, *, locked: bool) -> None:
        """Makes the fields read-only, or not; texts can still be focused, scrolled and copied."""
        for row in self._rows.values():
            if isinstance(row.widget, TextField | LongField):
                row.widget.setReadOnly(locked)
                restyle(row.widget, "locked", locked)
            else:
                row.widget.setEnabled(not locked)

    def explain(self, name: str, hint: str) -> None:
        """Replaces the hint below a field."""
        self._rows[name].explain(hint)

    def say_which(self, words: str) -> None:
        """Tells screen readers, at each field, which of several forms alike holds it."""
        for row in self._rows.values():
            _name(row.widget, f"{row.called}, {words}")

    def names(self) -> list[str]:
        """The record names of the fields."""
        return list(self._rows)

    def values_in(self, record: object) -> dict[str, Any]:
        """What the fields of a record hold of those in the form."""
        return {name: getattr(record, name) for name in self._rows}

    def focus_first(self) -> None:
        """Puts the keyboard on the first field."""
        next(iter(self._rows.values())).widget.setFocus()

    def set_values(self, values: dict[str, Any]) -> None:
        """Fills the fields named; others stay."""
        for name, row in self._rows.items():
            if name in values:
                row.field.set_value(values[name])

    def values(self, but: Collection[str] = ()) -> dict[str, Any] | None:
        """What the fields hold, or None with the first faulty one focused and all errors shown.

        Those named in `but` are not read; one out of sight that cannot be read is left out, as
        nobody could correct it there.
        """
        read: dict[str, Any] = {}
        faulty: _Row | None = None
        for name, row in self._rows.items():
            if name in but:
                continue
            try:
                read[name] = row.read()
                row.say("")
            except Refusal as refusal:
                if row.isHidden():
                    continue
                row.say(refusal.sentence)
                faulty = row if faulty is None else faulty
        if faulty is None:
            return read
        faulty.take_keyboard()
        return None

    def check_once_left(self, name: str) -> None:
        """From now on says what is wrong with a field once it is left, not while it is typed in."""
        row = self._rows[name]
        line = row.widget if isinstance(row.widget, QLineEdit) else row.widget.focusProxy()
        if isinstance(line, QLineEdit):
            line.editingFinished.connect(lambda: self.check(name))

    def check(self, name: str) -> None:
        """Says what is wrong with a field; within a field that is a form, under each inner one."""
        row = self._rows[name]
        if isinstance(row.widget, Form):
            for inside in row.widget.names():
                row.widget.check(inside)
        else:
            row.check()

    @property
    def is_refused(self) -> bool:
        """Whether something is said to be wrong with what a field holds."""
        return any(row.is_refused for row in self._rows.values())

    def say_error(self, name: str, sentence: str) -> bool:
        """Shows an error under the field that a path such as `votes` or `rows[1].amount_cents`
        names; False if none does.
        """
        row = self._row_of(name)
        if row is None:
            return False
        if not isinstance(row.widget, HoldsForms) or not row.widget.say_error(name, sentence):
            row.say(sentence)
            row.take_keyboard()
        return True

    def _row_of(self, name: str) -> _Row | None:
        return self._rows.get(name.split(".", maxsplit=1)[0].split("[", maxsplit=1)[0])


class _Row(QWidget):
    """A label, a field and the line under it."""

    def __init__(self, words: str, widget: QWidget, hint: str, required: str) -> None:
        super().__init__()
        self.widget = widget
        self.field = cast(Field, widget)
        self.words = words
        self.called = f"{words} ({MANDATORY})" if words and required else words
        self._hint = hint
        self._error = ""
        self._required = required
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.XS)
        if words and not isinstance(widget, Tick):
            above = label(self.called, "caption")
            above.setBuddy(widget)
            layout.addWidget(above)
        _name(widget, self.called)
        layout.addWidget(widget, 1 if isinstance(widget, LongField) else 0)
        self._below = label("", "caption", wrap=True)
        layout.addWidget(self._below)
        layout.addStretch()
        self.say("")
        self.field.edited.connect(lambda: self.say(""))

    @property
    def is_refused(self) -> bool:
        """Whether something is said to be wrong with what the field holds."""
        inside = isinstance(self.widget, Form) and self.widget.is_refused
        return bool(self._error) or inside

    def read(self) -> Any:
        value = self.field.value()
        if self._required and not self.isHidden() and value in (None, "", (), []):
            raise Refusal(self._required)
        return value

    def check(self) -> None:
        """Says what is wrong with the field, if anything is."""
        try:
            self.field.value()
        except Refusal as refusal:
            self.say(refusal.sentence)
            self.tell()

    def take_keyboard(self) -> None:
        """Focuses what is to be corrected in the field, the sentence below it in sight.

        A screen reader says that sentence as the focus arrives; if it is there already, it is told.
        """
        if self.window().focusWidget() in _spoken(self.widget):
            self.tell()
        if isinstance(self.widget, HoldsForms) and self.widget.correct():
            return
        self.widget.setFocus()
        bring_into_sight(self)

    def tell(self) -> None:
        """Has screen readers say what is below the field."""
        announce(self.widget, ", ".join(part for part in (self.words, self._below.text()) if part))

    def explain(self, hint: str) -> None:
        self._hint = hint
        self.say(self._error)

    def say(self, error: str) -> None:
        self._error = error
        restyle(self._below, "role", "error" if error else "caption")
        restyle(self.widget, "invalid", bool(error))
        self._below.setText(error or self._hint)
        for one in _spoken(self.widget):
            one.setAccessibleDescription(error or self._hint)
        self._below.setVisible(bool(error or self._hint))


def _name(widget: QWidget, words: str) -> None:
    """Names a field for screen readers; a field without words names its own parts."""
    if not words:
        return
    for one in _spoken(widget):
        one.setAccessibleName(words)


def _spoken(widget: QWidget) -> Iterator[QWidget]:
    """A field and its focus proxies, but for buttons, whose own names say what they do."""
    one: QWidget | None = widget
    while one is not None and (one is widget or not isinstance(one, QAbstractButton)):
        yield one
        one = one.focusProxy()
