"""Words begun in a line and not stored yet, kept apart for each record that the line serves."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLineEdit


class Drafts(QObject):
    """The words of a line that serves one record after another, each coming back with its record.

    The record is named by its id, "" before there is one. Words that were refused count as such
    until the line is empty. `changed` follows as words are begun or refused, or no longer are.
    """

    changed = Signal()

    def __init__(self, line: QLineEdit) -> None:
        super().__init__(line)
        self._line = line
        self._others: dict[str, str] = {}
        self.refused: set[str] = set()
        """The ids of the records whose words were refused and still wait."""
        self.of = ""
        self._told: tuple[bool, frozenset[str]] = (False, frozenset())
        line.textChanged.connect(self._on_text)

    def turn(self, of: str) -> bool:
        """Turns the line to another record; False where it is there already."""
        if of == self.of:
            return False
        self._others[self.of] = self._line.text()
        self.of = of
        self._line.setText(self._others.pop(of, ""))
        return True

    def give_back(self, of: str, words: str) -> None:
        """Puts back words that could not be stored, before what was typed there since."""
        if of == self.of:
            self._line.setText(_joined(words, self._line.text()))
        else:
            self._others[of] = _joined(words, self._others.get(of, ""))

    def refuse(self, of: str) -> None:
        """Notes that the words begun on a record were refused."""
        self.refused.add(of)
        self._tell()

    def _on_text(self, text: str) -> None:
        if not text.strip():
            self.refused.discard(self.of)
        self._tell()

    def _tell(self) -> None:
        stands = bool(self.begun()), frozenset(self.refused)
        if stands != self._told:
            self._told = stands
            self.changed.emit()

    def places(self) -> set[str]:
        """The ids of the records that words were begun on."""
        return {of for of, text in (*self._others.items(), (self.of, self._line.text())) if text}

    def forget(self, of: str) -> str:
        """Drops the words begun on a record that is gone, and gives them."""
        self.refused.discard(of)
        if of == self.of:
            words = self._line.text()
            self._line.clear()
        else:
            words = self._others.pop(of, "")
        self._tell()
        return words.strip()

    def clear(self) -> None:
        """Drops all the words begun."""
        self._others.clear()
        self.refused.clear()
        self._line.clear()
        self._tell()

    def begun(self) -> list[str]:
        """All the words begun, on whatever record."""
        return [
            text.strip() for text in (self._line.text(), *self._others.values()) if text.strip()
        ]


def _joined(words: str, since: str) -> str:
    return " ".join(part for part in (words, since) if part)
