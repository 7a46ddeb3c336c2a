"""A field that holds several small forms of one shape, added and taken off one by one.

A column of cells pasted into a field fills that field of this row and of those below, which are
added as needed; it is undone and redone as one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.domain.refusals import Refusal
from ui.focus_order import bring_into_sight
from ui.theme import Space
from ui.widgets.buttons import button, icon_button
from ui.widgets.form import Form
from ui.widgets.plain_edit import redoes
from ui.widgets.text import label

_RANK = re.compile(r"\[(\d+)\](?:\.(\w+))?\Z")


class RowsField(QWidget):
    """One or more rows, numbered; `value()` gives the values of each, in their order."""

    edited = Signal()

    def __init__(self, one: str, add: str, make: Callable[[], Form]) -> None:
        """`one` names a row, as « Palier »; `add` is the words of the button for another."""
        super().__init__()
        self._one = one
        self._make = make
        self.rows: list[_Row] = []
        self._pasted: _Paste | None = None  # the last, done or undone
        self.add = button(add, self._on_add, kind="quiet", icon="plus")
        self._column = QVBoxLayout()
        self._column.setSpacing(Space.S)
        foot = QHBoxLayout()
        foot.addWidget(self.add)
        foot.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        layout.addLayout(self._column)
        layout.addLayout(foot)
        self.setFocusProxy(self.add)

    def value(self) -> list[dict[str, Any]]:
        read = [row.form.values() for row in self.rows]
        if any(values is None for values in read):
            raise Refusal(f"{self._one} à corriger : voyez ce qui est écrit sous son champ.")
        return [values for values in read if values is not None]

    def correct(self) -> bool:
        """Focuses what is to be corrected in the first faulty row; False where no row is faulty."""
        return any(row.form.values() is None for row in self.rows)

    def set_value(self, value: Sequence[dict[str, Any]] | None) -> None:
        while self.rows:
            self._drop(self.rows[-1])
        for values in value or [{}]:
            self._append().form.set_values(values)

    def say_error(self, path: str, sentence: str) -> bool:
        """Shows an error in the row that a path such as `tiers[1].setup_cents` ends with."""
        found = _RANK.search(path)
        if found is None or int(found[1]) >= len(self.rows) or not found[2]:
            return False
        return self.rows[int(found[1])].form.say_error(found[2], sentence)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Takes the keys that paste several cells, before the field makes one line of them, and
        those that undo such a paste or do it again, as long as its lines hold what it left there.
        """
        act = self._asked(watched, event) if isinstance(event, QKeyEvent) else None
        if act is None:
            return super().eventFilter(watched, event)
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            act()
        return True

    def _asked(self, watched: QObject, event: QKeyEvent) -> Callable[[], object] | None:
        """What the keys ask of several rows at once; None for other keys."""
        keys, last = QKeySequence.StandardKey, self._pasted
        if event.matches(keys.Paste):
            cells = _cells(QGuiApplication.clipboard().text())
            return (lambda: self._paste(watched, cells)) if len(cells) > 1 else None
        if last is None or all(line is not watched for line in last.lines):
            return None
        now = [line.text() for line in last.lines]
        if event.matches(keys.Undo) and now == last.after:
            return lambda: self._take_back(last)
        if redoes(event) and now == last.before:
            return lambda: self._paste(last.lines[0], last.cells)
        return None

    def _paste(self, editor: QObject, cells: Sequence[str]) -> None:
        places = ((at, name) for at, row in enumerate(self.rows) for name in row.form.names())
        first, name = next(one for one in places if self._line(*one) is editor)
        added = [self._append() for _ in range(first + len(cells) - len(self.rows))]
        lines = [
            line
            for rank in range(first, first + len(cells))
            if (line := self._line(rank, name)) is not None
        ]
        before, fresh = [line.text() for line in lines], [row.said() for row in added]
        for line, cell in zip(lines, cells, strict=True):
            line.selectAll()
            line.insert(cell)
            line.home(False)  # what is typed next is then undone apart from the paste
            line.end(False)
        after = [line.text() for line in lines]
        self._pasted = _Paste(cells, lines, before, after, list(zip(added, fresh, strict=True)))
        self.edited.emit()

    def _take_back(self, last: _Paste) -> None:
        """Undoes a paste: the rows that it added go, unless something else was written there."""
        for line in last.lines:
            line.undo()
        last.lines[0].setFocus()
        for row, fresh in last.added:
            if row.said() == fresh:
                self._drop(row)
        stay = [one for one in last.lines if any(row.isAncestorOf(one) for row in self.rows)]
        before = [line.text() for line in stay]
        self._pasted = last._replace(lines=stay, before=before, after=[], added=[])
        self._number()
        self.edited.emit()

    def _line(self, rank: int, name: str) -> QLineEdit | None:
        """The line where a field of a row is typed."""
        editor = self.rows[rank].form.editor(name)
        return editor if isinstance(editor, QLineEdit) else None

    def _append(self) -> _Row:
        row = _Row(self._make(), self._take_off)
        for name in row.form.names():
            editor = row.form.editor(name)
            editor.edited.connect(self.edited)
            if isinstance(editor, QLineEdit):
                editor.installEventFilter(self)
        self.rows.append(row)
        self._column.addWidget(row)
        self._number()
        return row

    def _on_add(self) -> None:
        self._append().form.focus_first()
        self.edited.emit()

    def _take_off(self, row: _Row) -> None:
        self._drop(row)
        self._number()
        self.add.setFocus()
        bring_into_sight(self.add)
        self.edited.emit()

    def _drop(self, row: _Row) -> None:
        self._pasted = None
        self.rows.remove(row)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()

    def _number(self) -> None:
        for number, row in enumerate(self.rows, 1):
            row.name(f"{self._one} {number}", removable=len(self.rows) > 1)


def _cells(text: str) -> list[str]:
    """The lines of a column of cells, without a first one that has no digit above one that has,
    taken for its title; none where there are several columns.
    """
    lines = [line.strip() for line in text.strip().splitlines()]
    if [any(map(str.isdecimal, line)) for line in lines[:2]] == [False, True]:
        del lines[0]
    return [] if "\t" in "".join(lines) else lines


class _Paste(NamedTuple):
    """The lines that cells went into, their texts before and after; the rows added, each with what
    it held at first.
    """

    cells: Sequence[str]
    lines: Sequence[QLineEdit]
    before: Sequence[str]
    after: Sequence[str]
    added: Sequence[tuple[_Row, Sequence[Any]]]


class _Row(QFrame):
    def __init__(self, form: Form, take_off: Callable[[_Row], object]) -> None:
        super().__init__()
        self.setProperty("surface", "card")
        self.form = form
        self._title = label("", "strong")
        self._remove = icon_button("trash-2", "", lambda: take_off(self), takes_off=True)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._remove)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.L, Space.S, Space.L, Space.M)
        layout.setSpacing(Space.S)
        layout.addLayout(head)
        layout.addWidget(form)

    def said(self) -> list[Any]:
        """What its fields hold, even what cannot be read."""
        editors = map(self.form.editor, self.form.names())
        return [one.text() if isinstance(one, QLineEdit) else one.value() for one in editors]

    def name(self, words: str, *, removable: bool) -> None:
        self._title.setText(words)
        self.form.say_which(words)
        self._remove.setVisible(removable)
        self._remove.setAccessibleName(f"Supprimer : {words}")
        self._remove.setToolTip(f"Supprimer : {words}")
