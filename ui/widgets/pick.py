"""Fields that choose among many: type a few letters of a name, accents and case aside."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QVBoxLayout, QWidget

from app.domain.refusals import Refusal
from ui.models.rows import Index
from ui.models.table import folded, sought
from ui.theme import Space, dress
from ui.widgets.buttons import icon_button
from ui.widgets.line_icons import make_clearable
from ui.widgets.plain_edit import PlainLine
from ui.widgets.text import Elided, clear

FOLDED = Qt.ItemDataRole.UserRole + 1
IDENTIFIER = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class Option:
    """One thing that can be chosen: its id and the words that name it."""

    id: str
    words: str


class _Completer(QCompleter):
    """Offers what contains the letters typed, wherever they stand."""

    def __init__(self, options: Sequence[Option], parent: QWidget) -> None:
        super().__init__(parent)
        self._model = QStandardItemModel(self)
        for option in options:
            item = QStandardItem(option.words)
            item.setData(option.id, IDENTIFIER)
            item.setData(sought(option.words), FOLDED)
            self._model.appendRow(item)
        self.setModel(self._model)
        self.setCompletionRole(FOLDED)
        self.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setMaxVisibleItems(8)

    def splitPath(self, path: str) -> list[str]:
        return [folded(path)]

    def pathFromIndex(self, index: Index) -> str:
        return str(index.data(Qt.ItemDataRole.DisplayRole))


class PickField(PlainLine):
    """The id of one option, or None when empty; of several with the same words, the one chosen."""

    edited = Signal()
    completed = Signal()

    def __init__(self, options: Sequence[Option], hint: str = "") -> None:
        super().__init__()
        self._offered: Sequence[Option] | None = None
        self._words: dict[str, str] = {}
        self._ids: dict[str, list[str]] = {}
        self._chosen: str | None = None
        self._left: tuple[str, str | None] = ("", None)
        self._is_open = False  # letters were typed since the keyboard came
        self.setPlaceholderText(hint)
        make_clearable(self)
        self.offer(options)
        self.textEdited.connect(self._on_typed)
        self.editingFinished.connect(self.finish)

    def offer(self, options: Sequence[Option]) -> None:
        """Replaces what can be chosen; an option already named here is shown by its new words."""
        if options == self._offered:
            return
        named = self._named(self.text())
        self._offered = options
        self._words = {option.id: option.words for option in options}
        self._ids = {}
        for option in options:
            self._ids.setdefault(folded(option.words), []).append(option.id)
        self.setCompleter(None)  # type: ignore[arg-type]  # Qt takes none
        if self.hasFocus():
            self._make_completer()
        if len(named) == 1 and self._words.get(named[0], self.text()) != self.text():
            self.set_value(named[0])

    def _make_completer(self) -> None:
        """Makes the list only once the field has the focus: to list every commune takes a while."""
        if self.completer() is not None:
            return
        completer = _Completer(self._offered or (), self)
        # Queued: the line takes the chosen words only after the completer's other listeners ran.
        completer.activated.connect(self._on_completed, Qt.ConnectionType.QueuedConnection)
        self.setCompleter(completer)
        popup = completer.popup()
        assert popup is not None  # Qt makes it as it is asked for
        popup.setProperty("choices", True)
        popup.installEventFilter(self)
        signals: tuple[Any, ...] = (completer.highlighted, completer.activated)
        for looked_at in signals:
            looked_at[QModelIndex].connect(self._on_picked)

    def _on_typed(self, text: str) -> None:
        if not text:
            self._chosen = None
        self._left = (text, self._chosen)
        self._is_open = bool(text)
        self.edited.emit()

    def finish(self) -> None:
        """Takes the option that the letters typed stand for, as the focus leaves, and names it."""
        if self._is_open:
            self._is_open = False
            with suppress(Refusal):
                self.set_value(self.value())
            self.edited.emit()

    def _on_picked(self, index: QModelIndex) -> None:
        self._chosen = index.data(IDENTIFIER)

    def _on_completed(self, words: str) -> None:
        self._is_open = False
        self.edited.emit()
        self.completed.emit()

    def value(self) -> str | None:
        text = self.text().strip()
        if not text:
            return None
        found = self._named(text) or self._matches(text)
        if len(found) != 1:
            what = "désigne plusieurs noms de la liste" if found else "n'est pas dans la liste"
            raise Refusal(f"« {text} » {what} : choisissez un nom proposé.")
        return found[0]

    def names_none(self) -> bool:
        """Whether the line holds words that `value` refuses."""
        try:
            self.value()
        except Refusal:
            return True
        return False

    def so_far(self) -> str | None:
        """The value, but for a name that the keyboard is still on: « Agen » may go on."""
        if self._is_open and self.window().focusWidget() is self:
            raise Refusal(f"« {self.text().strip()} » est en cours de saisie.")
        return self.value()

    def follow(self, value: str | None) -> None:
        self.set_value(value)

    def set_value(self, value: str | None) -> None:
        self._chosen = value
        self._is_open = False
        self.setText(self._words.get(value or "", ""))
        self._left = (self.text(), value)
        self.setCursorPosition(0)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Selects what is there, to be typed over; not while typing, as the list closes."""
        self._make_completer()
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.selectAll()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on an empty field shows all that can be chosen."""
        super().mousePressEvent(event)
        if not self.text():
            self._show_choices("")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down lists what matches the letters typed, or all where they are a whole name."""
        if event.key() == Qt.Key.Key_Down:
            text = self.text()
            self._show_choices("" if folded(text) in self._ids else text)
            return
        typed = self.text()
        super().keyPressEvent(event)
        if typed and not self.text():
            event.accept()  # Enter, used to take the name: it must not save a dialog as well

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Dresses the list, a window of its own, as it first appears.

        Escape puts back the words that stood here before a choice in the list was looked at.
        """
        if event.type() == QEvent.Type.Polish and isinstance(watched, QWidget):
            dress(watched)
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            text, self._chosen = self._left
            self.setText(text)
        return super().eventFilter(watched, event)

    def _show_choices(self, letters: str) -> None:
        self._left = (self.text(), self._chosen)
        self._make_completer()  # a press may come before its window has the keyboard again
        self.completer().setCompletionPrefix(letters)
        self.completer().complete()

    def _named(self, text: str) -> Sequence[str]:
        """The ids of the options of these very words; the one chosen alone, if it is among them."""
        text = text.strip()
        if self._chosen is not None and text and text == self._words.get(self._chosen, "").strip():
            return [self._chosen]
        return self._ids.get(folded(text), ()) if text else ()

    def _matches(self, text: str) -> Sequence[str]:
        """The ids of the options that hold the text, or of the only one whose whole name it is:
        « vitteaux » is « Vitteaux (21) » rather than « Massingy-lès-Vitteaux (21) ».
        """
        wanted = folded(text)
        found = [one for words, ids in self._ids.items() if wanted in words for one in ids]
        whole = (ids for words, ids in self._ids.items() if words.startswith(f"{wanted} ("))
        named = [one for ids in whole for one in ids]
        return named if len(named) == 1 else found


class PicksField(QWidget):
    """The ids of several options, in the order chosen; each is taken off by its cross."""

    edited = Signal()

    def __init__(self, options: Sequence[Option], hint: str = "") -> None:
        super().__init__()
        self._words = {option.id: option.words for option in options}
        self._chosen: list[str] = []
        self.line = PickField(options, hint)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.XS)
        layout.addWidget(self.line)
        layout.addLayout(self._list)
        self.setFocusProxy(self.line)
        self.line.returnPressed.connect(self._on_chosen)
        self.line.completed.connect(self._on_chosen)
        self.line.editingFinished.connect(self._on_chosen)  # a name typed whole, then left

    def offer(self, options: Sequence[Option]) -> None:
        """Replaces what can be chosen; an option chosen is left out until it is offered again."""
        self._words = {option.id: option.words for option in options}
        self.line.offer(options)
        self._show()

    def chosen(self) -> list[str]:
        """The ids chosen, without what is typed in the line."""
        return [identifier for identifier in self._chosen if identifier in self._words]

    def value(self) -> list[str]:
        """What was chosen; words left in the line that name an option count too."""
        return self._with(self.line.value())

    def so_far(self) -> list[str]:
        """The value, without what is half typed in the line."""
        try:
            return self._with(self.line.so_far())
        except Refusal:
            return self.chosen()

    def follow(self, value: Sequence[str]) -> None:
        """Takes what was chosen elsewhere; a name half typed stays."""
        self._chosen = [identifier for identifier in value if identifier in self._words]
        self._show()

    def finish(self) -> None:
        self.line.finish()
        self._on_chosen()

    def _with(self, left: str | None) -> list[str]:
        chosen = self.chosen()
        return chosen + ([left] if left and left not in chosen else [])

    def set_value(self, value: Sequence[str]) -> None:
        self.line.set_value(None)
        self.follow(value)

    def _on_chosen(self) -> None:
        if not self.line.text():
            return
        try:
            self._chosen += [one for one in self.value() if one not in self._chosen]
        except Refusal:
            return
        self.line.set_value(None)
        self._show()
        self.edited.emit()

    def _take_off(self, identifier: str) -> None:
        self._chosen.remove(identifier)
        self._show()
        self.edited.emit()
        self.line.setFocus()

    def _show(self) -> None:
        clear(self._list)
        for identifier in self.chosen():
            self._list.addWidget(self._row(identifier))

    def _row(self, identifier: str) -> QWidget:
        words = self._words[identifier]
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        name = Elided()
        name.setText(words)
        name.setProperty("role", "chosen")  # begins below what is typed in the line
        layout.addWidget(name, 1)
        act = partial(self._take_off, identifier)
        layout.addWidget(icon_button("x", f"Retirer {words}", act, takes_off=True))
        return row
