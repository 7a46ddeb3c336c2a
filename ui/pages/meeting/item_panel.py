"""The item in hand: its time, its notes, what came of it, and the keys that note more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.domain import ballots
from app.domain.dates import day
from app.domain.follow_up import FollowUp
from app.domain.formatted_text import unmarked
from app.domain.meeting_state import MeetingState
from app.domain.records import AgendaItem, Ballot, Record
from app.domain.wording import count, hour, short_day
from ui import theme
from ui.actions import make_action
from ui.focus_order import bring_into_sight
from ui.models.agenda import KINDS, linked_title, shown_fields, spent_minutes
from ui.models.needs import told
from ui.pages.meeting.followed import followed_lines
from ui.pages.meeting.quick_line import QuickLine
from ui.tasks import Tasks
from ui.theme import Space
from ui.widgets.banner import Banner
from ui.widgets.buttons import action_button, button, icon_button, put_words
from ui.widgets.clamped import Clamped
from ui.widgets.flow import Flow
from ui.widgets.line import Line
from ui.widgets.notes import INVITED, NotesEditor, Save
from ui.widgets.scroll import Unsqueezed
from ui.widgets.text import clear

MOST_LINES, MOST_LARGE_LINES = 140, 100
"""The height, usual and in large print, beyond which the lines of what came of an item scroll."""

LEAST_NOTES, LEAST_LARGE_NOTES, LEAST_BESIDE_LINE = 104, 96, 80
"""The least height of the notes: usual, in large print, and there while the quick line is open."""

FOLLOWING = (
    "Notez ce qui se dit des suites et des solutions rappelées ici : le procès-verbal n'imprime de"
    " lui-même que ce que sont devenus les besoins."
)
"""Invites to note what is said of former actions, which the minutes do not list by themselves."""

LARGE = 1.4
"""The size of text from which titles take one line, and buttons show their icons alone."""


class ItemPanel(QFrame):
    """`begun` and `ended` ask to note the item's hours; `change_asked` to correct them afterwards.

    `opened` carries the kind and the id of the record of a line. `news` tells of the room,
    `opinion` what a vote may have its solution say.
    """

    begun = Signal()
    ended = Signal()
    change_asked = Signal()
    need_asked = Signal()
    ballot_asked = Signal()
    line_asked = Signal(str)
    opened = Signal(str, str)

    def __init__(self, save: Save, tasks: Tasks) -> None:
        super().__init__()
        self.setProperty("surface", "card")
        self.title = Clamped("section", 2)
        self.detail = Clamped("caption", 2)
        self.begin = button("Commencer", self.begun.emit, kind="link", icon="play")
        self.end = button("Terminer", self.ended.emit, kind="link", icon="check")
        self.change = button("Modifier", self.change_asked.emit, kind="link", icon="pencil")
        self.change.setAccessibleName("Modifier le point")
        self.news, self.opinion = Banner(), Banner(narrow=True)
        self.notes = NotesEditor(save, tasks)
        self.more = icon_button("type", "Mise en forme et phrases", self._open_formatting)
        self.lines = QVBoxLayout()
        self.quick = QuickLine()
        self.need = make_action(self, "Besoin", self.need_asked.emit, "Ctrl+B")
        self.ballot = make_action(self, "Vote", self.ballot_asked.emit, "Ctrl+M")
        self.decision = make_action(
            self, "Décision", lambda: self.line_asked.emit("decision"), "Ctrl+D"
        )
        self.action = make_action(self, "Suite", lambda: self.line_asked.emit("action"), "Ctrl+T")
        self._scroll = _Lines()
        self._found: list[Line] = []
        self._buttons: list[tuple[QPushButton, QAction]] = []
        self._build()
        self.measure()
        self.quick.closed.connect(self._on_quick_closed)
        self.quick.opened.connect(self._on_quick_opened)

    def _build(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(Space.XS)
        words.addWidget(self.title)
        times = QHBoxLayout()
        times.setSpacing(Space.M)
        times.addWidget(self.detail, 1)
        for one in (self.begin, self.end, self.change, self.more):
            times.addWidget(one, 0, Qt.AlignmentFlag.AlignVCenter)
        words.addLayout(times)
        holder = QWidget()
        holder.setObjectName("scrolled")
        holder.setLayout(self.lines)
        self.lines.setContentsMargins(0, 0, 0, 0)
        self.lines.setSpacing(0)
        self._scroll.setWidget(holder)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its lines take the keyboard
        self._scroll.hide()
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.M)
        column.addLayout(words)
        column.addWidget(self.news)
        column.addWidget(self.opinion)
        column.addWidget(self.notes, 1)
        column.addWidget(self._scroll)
        column.addWidget(self.quick)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.L, Space.L, Space.L, Space.M)
        layout.setSpacing(Space.M)
        layout.addWidget(Unsqueezed(inside), 1)
        layout.addLayout(self._keys())

    def _keys(self) -> Flow:
        keys = Flow()
        for action, picture in (
            (self.need, "message-square-quote"),
            (self.ballot, "vote"),
            (self.decision, "gavel"),
            (self.action, "list-checks"),
        ):
            self._buttons.append((action_button(action, icon=picture), action))
            keys.addWidget(self._buttons[-1][0])
        return keys

    def _on_quick_opened(self) -> None:
        self._fit_lines()
        bring_into_sight(self.quick)

    def _on_quick_closed(self) -> None:
        self._fit_lines()
        self.notes.setFocus()

    def _open_formatting(self) -> None:
        """Offers in a menu what the notes' own keys do."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(list(self.notes.formatting))
        menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def measure(self) -> None:
        """Adapts to the size of text: in large print, what surrounds the notes takes less room."""
        large = theme.text_scale() >= LARGE
        for words in (self.title, self.detail):
            words.set_most(1 if large else 2)
        self.quick.title.setVisible(not large)
        for made, action in self._buttons:
            put_words(made, action.text(), shown=not large)
        self._fit_lines()

    def show_item(
        self,
        state: MeetingState,
        item: Record[AgendaItem],
        now: datetime,
        followed: FollowUp | None = None,
    ) -> None:
        """Shows an item of the meeting, the lines of what is `followed`, if any, and all that came
        of the item.
        """
        self.quick.turn(item.id)
        fields = shown_fields(state, item)
        title = f"{fields.number}. {fields.title}" if fields.number else fields.title
        self.title.setText(title)
        self.detail.setText(_times(state, fields, now))
        running = fields.started_at is not None and fields.ended_at is None
        status, frozen = state.file.meeting.fields.status, state.file.frozen_minutes is not None
        over = status not in ("planned", "convened", "open")
        self.begin.setVisible(not running and not over)
        self.begin.setText("Commencer" if fields.started_at is None else "Reprendre")
        self.begin.setEnabled(status == "open" and not fields.withdrawn)
        self.end.setVisible(running)
        self.change.setVisible(over and not frozen)
        self.notes.show_item(item.id, fields.notes, item)
        name = f"Notes du point {title}"
        if self.notes.accessibleName() != name:  # a screen reader says it each time it is set
            self.notes.setAccessibleName(name)
        self._lock(locked=frozen)
        invited = FOLLOWING if fields.kind == "follow_up" else INVITED
        self.notes.lock(locked=frozen, invited=invited)
        told = followed_lines(followed, now.date()) if followed is not None else []
        self._put_lines([*told, *lines_of(state, item.id)])

    def _lock(self, *, locked: bool) -> None:
        """Offers to note nothing more where the minutes are frozen."""
        asked = (self.need, self.ballot, self.decision, self.action)
        for action in (*self.notes.formatting, *asked):
            action.setEnabled(not locked)
        for made, _ in self._buttons:
            made.setHidden(locked)
        self.more.setHidden(locked)
        if locked and not self.quick.line.text():
            self.quick.hide()

    def show_none(self) -> None:
        """Says that the agenda is empty, and where it is made."""
        self.title.setText("Aucun point à l'ordre du jour")
        self.detail.setText("L'onglet Préparer l'établit.")
        for asked in (self.begin, self.end, self.change):
            asked.hide()
        self.quick.turn("")
        self.notes.forget()
        self._put_lines([])

    def _put_lines(self, found: Sequence[tuple[str, str, Line]]) -> None:
        clear(self.lines)
        for kind, record_id, line in found:
            line.clicked.connect(
                lambda checked=False, kind=kind, one=record_id: self.opened.emit(kind, one)
            )
            self.lines.addWidget(line)
        self.lines.addStretch()
        self._found = [line for _, _, line in found]
        self._fit_lines()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fits the lines to a new width, so that the result of a vote is read whole."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit_lines()

    def _fit_lines(self) -> None:
        """Gives the lines the height that they need, as far as the notes can spare it.

        Where room is short, at least the first line stays in sight; while the quick line is being
        typed in, none needs to.
        """
        heights = [line.heightForWidth(self.notes.width()) for line in self._found]
        large = theme.text_scale() >= LARGE
        most = MOST_LARGE_LINES if large else theme.px(MOST_LINES)
        typing = self.quick.isVisible()
        first = heights[0] if heights and not typing else 0
        self._scroll.setMaximumHeight(min(sum(heights) + Space.S, most))
        self._scroll.setMinimumHeight(min(first, most))
        self._scroll.setVisible(bool(self._found) and not (large and typing))
        least = LEAST_BESIDE_LINE if typing else LEAST_LARGE_NOTES
        self.notes.setMinimumHeight(least if large else theme.px(LEAST_NOTES))


class _Lines(QScrollArea):
    """Asks for its maximum height: Qt would ask for that of the first lines it held."""

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.maximumHeight())


def _times(state: MeetingState, item: AgendaItem, now: datetime) -> str:
    """« Veille · Mme Martin · 20 min prévues · depuis 18 h 45, 12 min · La fin de la 2G ».

    The title of the subject stands last, so that its end is what is cut where room is short.
    """
    parts = [KINDS[item.kind], item.presenter]
    if item.planned_minutes:
        parts.append(count(item.planned_minutes, "min prévue", "min prévues"))
    if item.started_at:
        ended = f" à {hour(item.ended_at)}" if item.ended_at else ""
        since = f"de {hour(item.started_at)}{ended}" if ended else f"depuis {hour(item.started_at)}"
        parts.append(f"{since}, {spent_minutes(item, now)} min")
    parts.append(linked_title(state, item))
    return " · ".join(part for part in parts if part)


def lines_of(state: MeetingState, item_id: str) -> list[tuple[str, str, Line]]:
    """What came of an item, as lines: its ballots, decisions, actions and needs."""
    file = state.file
    found: list[tuple[str, str, Line]] = []
    for ballot in state.ballots_of.get(item_id, []):
        result, tone = _result(state, ballot)
        line = Line(result, ballot.fields.question, "Vote", tone, most_lines=3)
        found.append(("ballot", ballot.id, line))
    for decision in file.decisions:
        if decision.fields.agenda_item_id == item_id:
            line = Line(unmarked(decision.fields.text), "", "Décision", "accent")
            found.append(("decision", decision.id, line))
    for action in file.actions:
        if action.fields.agenda_item_id == item_id:
            due = f"pour le {short_day(day(action.fields.due_on))}" if action.fields.due_on else ""
            who = ", ".join(part for part in (action.fields.owner, due) if part)
            line = Line(unmarked(action.fields.text), who, "Suite", "info")
            found.append(("action", action.id, line))
    for need in file.needs:
        if need.fields.agenda_item_id == item_id:
            line = Line(*told(need.fields), "Besoin", "warning")
            found.append(("need", need.id, line))
    return found


def _result(state: MeetingState, ballot: Record[Ballot]) -> tuple[str, str]:
    """What a vote came to, with the tone that it is told in."""
    if not ballots.is_entered(ballot.fields):
        return "Voix non saisies", "warning"
    return state.result(ballot), "success" if state.adopts(ballot) else "danger"
