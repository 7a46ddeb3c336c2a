"""One line to note a decision or an action without leaving the keyboard."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from app.domain.dates import day
from app.domain.refusals import Refusal
from app.domain.wording import capitalised, long_day, shortened
from ui.announcing import announce
from ui.theme import Space
from ui.widgets.drafts import Drafts
from ui.widgets.fields import TextField
from ui.widgets.text import Label, label, restyle
from ui.words.typed_dates import read_day

SHORT = 36
"""The most characters repeated of the text of an action, enough to recognise it."""

DECISION, ACTION = "decision", "action"
TITLES = {DECISION: "Décision", ACTION: "Suite à donner"}
HINTS = {
    DECISION: "Ce qui est décidé, puis Entrée",
    ACTION: "Quoi ; qui ; quand – puis Entrée",
}
WHAT = "Écrivez d'abord quoi faire, par exemple : Envoyer trois devis ; Anne Martin ; dans 15 jours"
"""Said of a line that holds nothing yet, or only who and when."""

PARTED = "Qui s'en charge s'écrit après « ; »."
"""Said where a comma stands for « ; »: « Écrire au préfet, Mme Roy » may be for her or to her."""


@dataclass(frozen=True)
class Entrusted:
    """An action as it was typed: what, who, by which day (ISO, or None)."""

    text: str
    owner: str = ""
    due_on: str | None = None


def read_action(text: str, today: date) -> Entrusted:
    """Reads « Envoyer trois devis ; Anne Martin ; dans 15 jours »; who and when may be left out.

    A day may follow a comma: « Envoyer trois devis ; Anne Martin, dans 15 jours ». Raises Refusal
    for a day that cannot be read, or that words follow, and where nothing says what.
    """
    parts = [part.strip() for part in text.split(";")]
    if len(parts) > 2:
        due = read_day(" ; ".join(filter(None, parts[2:])), today)
    else:
        parts[-1], due = _dated(parts[-1], today, alone=len(parts) == 2)
    what, who = (*parts, "")[:2]
    if not what:
        raise Refusal(WHAT)
    return Entrusted(what, who, due.isoformat() if due else None)


def _dated(words: str, today: date, *, alone: bool) -> tuple[str, date | None]:
    """The words, and the day after their last comma if any; with `alone`, a day alone counts."""
    before, comma, last = (part.strip() for part in words.rpartition(","))
    due = _day_or_none(last, today) if (comma and before) or (alone and not comma) else None
    return (before, due) if due else (words, None)


def _day_or_none(text: str, today: date) -> date | None:
    try:
        return read_day(text, today)
    except Refusal:
        return None


class QuickLine(QFrame):
    """A line that is hidden until asked for.

    `decided` carries the text of a decision, `entrusted` an action and the line as it was typed;
    `refused` carries why the line was not understood, which it also shows itself. `opened` and
    `closed` tell that it appears and disappears.
    """

    opened = Signal()
    closed = Signal()
    decided = Signal(str)
    entrusted = Signal(object, str)
    refused = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("tone", "info")
        self.title: Label = label("", "strong")
        self.line = TextField()
        self.drafts = Drafts(self.line)
        self.echo: Label = label("", "caption", wrap=True)
        self.today = date.min
        self._kind = DECISION
        self._kinds: dict[str, str] = {}  # decision or action, by the id of the item it is about
        head = QHBoxLayout()
        head.setSpacing(Space.M)
        head.addWidget(self.title)
        head.addWidget(self.line, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.M, Space.S, Space.M, Space.S)
        layout.setSpacing(Space.XS)
        layout.addLayout(head)
        layout.addWidget(self.echo)
        self.line.textEdited.connect(lambda text: self._show_echo())
        self.line.returnPressed.connect(self._on_return)
        self.hide()

    def ask(self, kind: str, today: date) -> None:
        """Opens the line for a decision or an action, keeping what was half typed."""
        self.today = today
        self._turn_to(kind)
        self.line.setFocus()

    def open_again(self) -> None:
        """Opens the line again on what was begun on this item."""
        self._turn_to(self._kinds.get(self.drafts.of, self._kind))
        self.line.setFocus()

    def turn(self, item_id: str) -> None:
        """Turns to an item, and shows what was begun on it."""
        if not self.drafts.turn(item_id):
            return
        if self.line.text():
            self._turn_to(self._kinds.get(item_id, self._kind))
        else:
            self._show_echo()

    def give_back(self, item_id: str, kind: str, typed: str) -> None:
        """Puts back in an item's line the words that were refused, leaving the keyboard alone."""
        self._kinds[item_id] = kind
        self.drafts.give_back(item_id, typed)
        self.drafts.refuse(item_id)
        if item_id == self.drafts.of:
            self._turn_to(kind)

    def _turn_to(self, kind: str) -> None:
        self._kind = self._kinds[self.drafts.of] = kind
        self.title.setText(TITLES[kind])
        self.line.setPlaceholderText(HINTS[kind])
        self.line.setAccessibleName(TITLES[kind])
        self._show_echo()
        self.show()
        self.opened.emit()

    def _show_echo(self) -> None:
        """Says how the line is understood, as it is typed."""
        restyle(self.echo, "role", "caption")
        if self._kind == DECISION:
            self.echo.setText("Échap referme cette ligne.")
            return
        try:
            action = read_action(self.line.value(), self.today)
            hint = "" if action.owner or "," not in action.text else f". {PARTED}"
            self.echo.setText(_understood(action) + hint)
        except Refusal as refusal:
            self.echo.setText(refusal.sentence)

    def _on_return(self) -> None:
        text = self.line.value()
        if not text:
            self._close()
            return
        try:
            action = read_action(text, self.today) if self._kind == ACTION else None
        except Refusal as refusal:
            self.drafts.refuse(self.drafts.of)
            restyle(self.echo, "role", "error")
            announce(self.line, refusal.sentence)
            self.refused.emit(refusal)
            return
        announce(self.line, _noted(action) if action else f"Décision notée : {text}")
        self.line.set_value("")  # leaving nothing to undo here: Ctrl+Z takes back what is noted
        self._show_echo()
        if action is None:
            self.decided.emit(text)
        else:
            self.entrusted.emit(action, text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._close()
        else:
            super().keyPressEvent(event)

    def _close(self) -> None:
        self.hide()
        self.closed.emit()


def _noted(action: Entrusted) -> str:
    return f"Suite notée : {_understood(action)}"


def _understood(action: Entrusted) -> str:
    due = f"pour le {long_day(day(action.due_on))}" if action.due_on else "sans échéance"
    what = shortened(capitalised(action.text), SHORT)
    return f"{what} ; {action.owner or 'sans responsable'} ; {due}"
