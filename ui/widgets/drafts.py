"""What was begun in one line and noted nowhere yet, kept apart for each thing it was begun on."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit


class Drafts:
    """The words of a line that stands for one thing after another, each found again with its own.

    The thing is named by its id, "" before there is one.
    """

    def __init__(self, line: QLineEdit) -> None:
        self._line = line
        self._others: dict[str, str] = {}
        self.of = ""

    def turn(self, of: str) -> bool:
        """Has the line stand for another thing; False where it does already."""
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

    def places(self) -> set[str]:
        """The ids of all that something was begun on."""
        return {of for of, text in (*self._others.items(), (self.of, self._line.text())) if text}

    def forget(self, of: str) -> str:
        """Lets go of what was begun on something that is there no more, and gives it."""
        if of != self.of:
            return self._others.pop(of, "").strip()
        words = self._line.text().strip()
        self._line.clear()
        return words

    def clear(self) -> None:
        """Lets go of all that was begun."""
        self._line.clear()
        self._others.clear()

    def begun(self) -> list[str]:
        """All that was begun, on whatever."""
        return [
            text.strip() for text in (self._line.text(), *self._others.values()) if text.strip()
        ]


def _joined(words: str, since: str) -> str:
    return " ".join(part for part in (words, since) if part)
