"""A page that asks for what opens or makes a workspace, showing one way in at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QScrollArea, QVBoxLayout, QWidget

from ui import errors, theme
from ui.dialogs.dialog import foot
from ui.focus_order import bring_into_sight
from ui.theme import Space
from ui.widgets.banner import Banner
from ui.widgets.buttons import button
from ui.widgets.fields import TextField
from ui.widgets.form import Form
from ui.widgets.text import card, label
from ui.widgets.waiting import Waiting


class Way(NamedTuple):
    """One way in: the card's words and form, and what its main button does with the values."""

    title: str
    lead: str
    form: Callable[[], Form]
    confirm: str
    doing: str
    take: Callable[[dict[str, Any]], None]
    others: tuple[QWidget, ...] = ()
    """The buttons that lead to other ways from this one."""


class Doorway(QWidget):
    """Shows one way in, leads to others and back, and bars its buttons while it works."""

    _way: Way

    def __init__(self) -> None:
        super().__init__()
        self.banner = Banner()
        self.title = label("", "title")
        self.lead = label("", "lead", wrap=True)
        self.form = Form()
        self._forms: dict[Callable[[], Form], Form] = {}
        self.confirm = button("", self._on_confirm, kind="primary")
        self.back = button("Retour", lambda: self.show_way(self._before.pop()), kind="quiet")
        self.doing = label("", "muted", wrap=True)
        self.working = QProgressBar()
        self._others: tuple[QWidget, ...] = ()
        self._before: list[Way] = []
        self._waiting = Waiting(self.confirm)

    def lay_out(self, *others: QWidget) -> None:
        """Puts the card together; `others` are the buttons that lead to the ways, in order."""
        self._others = (*others, self.back)
        panel = card()
        inside = QVBoxLayout(panel)
        inside.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
        inside.setSpacing(Space.L)
        self._inside = inside
        self.working.setRange(0, 0)
        self.working.setTextVisible(False)
        for widget in (self.title, self.lead, self.banner, self.form, self.doing, self.working):
            inside.addWidget(widget)
        ways = QVBoxLayout()
        ways.setSpacing(0)
        for way in self._others:
            ways.addWidget(way, 0, Qt.AlignmentFlag.AlignLeft)
        row = foot([self.confirm])
        row.insertLayout(0, ways)
        row.setAlignment(self.confirm, Qt.AlignmentFlag.AlignTop)
        inside.addLayout(row)
        for hidden in (*self._others, self.doing, self.working):
            hidden.hide()
        theme.set_widths(panel, most=720)
        ground = QWidget()
        row = QHBoxLayout()  # an alignment would ignore the height that wrapped lines ask for
        row.addStretch(1)
        row.addWidget(panel, 100)
        row.addStretch(1)
        middle = QVBoxLayout(ground)
        middle.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
        middle.addStretch()
        middle.addLayout(row)
        middle.addStretch()
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(ground)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)

    def turn_to(self, way: Way) -> None:
        """Shows another way; « Retour » comes back from it to the present one."""
        self._before.append(self._way)
        self.show_way(way)

    def show_way(self, way: Way) -> None:
        """Shows a way; its form is made the first time, so that what was typed there stays."""
        self._way = way
        self.title.setText(way.title)
        self.lead.setText(way.lead)
        self.confirm.setText(way.confirm)
        for other in self._others:
            other.setVisible(other in way.others)
        self.banner.hide()
        if way.form not in self._forms:
            self._forms[way.form] = way.form()
        former, self.form = self.form, self._forms[way.form]
        self._inside.replaceWidget(former, self.form)
        former.hide()
        self.form.show()
        self.form.focus_first()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Has Enter press the main button, where the field with the keyboard lets it through."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.confirm.isEnabled():
            self._on_confirm()
        else:
            super().keyPressEvent(event)

    def _on_confirm(self) -> None:
        values = self.form.values()
        if values is not None:
            self._begin()
            self._way.take(values)

    def _begin(self) -> None:
        """Bars all that could be pressed, and says what is being done."""
        self._waiting = Waiting(self.confirm, *self._others, self.form)
        self._waiting.begin()
        self.say_doing(self._way.doing)
        bring_into_sight(self.working)

    def say_doing(self, words: str) -> None:
        """Says what is being done; hides that line for an empty text."""
        self.doing.setText(words)
        self.working.setAccessibleName(words)
        for one in (self.doing, self.working):
            one.setVisible(bool(words))

    def stop_waiting(self) -> None:
        """Lets everything be pressed again, and no longer says what is being done."""
        self.say_doing("")
        self._waiting.end()

    def fail(self, error: Exception) -> None:
        """Says why nothing was opened, and lets the user try again."""
        self.stop_waiting()
        if not errors.inline(error, self.form):
            errors.tell(error, self.banner, self)
            bring_into_sight(self.banner)
        if "secret" in self.form.names():
            secret = cast(TextField, self.form.field("secret"))
            secret.setFocus()
            secret.selectAll()  # unseen, it is typed again rather than corrected
