"""A list with its filter above it and, when it is empty, a sentence that says what to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLayout,
    QMenu,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.domain.wording import count, whole
from ui import theme
from ui.actions import make_action, on_key
from ui.announcing import Announcer
from ui.theme import Space
from ui.widgets.buttons import icon_button
from ui.widgets.empty_state import EmptyState
from ui.widgets.fields import Choice
from ui.widgets.flow import Flow
from ui.widgets.line_icons import make_search
from ui.widgets.plain_edit import PlainLine
from ui.widgets.table import RecordsTable
from ui.widgets.text import card, label

NOTHING = "Rien ne correspond à ce filtre."
BEYOND = "Rien ne correspond à ce filtre avec les choix faits dans les listes."

REACHES = ((None, "Cette commission"), (True, "Toutes les commissions"))
"""The commissions whose rows a list may show."""


class ListPanel(QWidget):
    """A records table in a card, filtered as one types.

    Ctrl+F goes to the filter, where Escape clears it, Enter and ↓ go from it into the list.
    """

    def __init__(self, table: RecordsTable, empty: EmptyState, hint: str) -> None:
        super().__init__()
        self.table = table
        self.empty = empty
        self.filter = PlainLine()
        self.reach = Choice(REACHES)
        """Offered where there are several commissions to list together."""
        self.count = label("", "caption")
        self._more = icon_button("ellipsis-vertical", "Trier, exporter, importer, copier la liste")
        self._facets: list[tuple[Choice, Callable[[Any, Any], bool], str]] = []
        self._rows: Sequence[Any] = ()
        self._nothing = EmptyState("search", NOTHING, "Effacer le filtre")
        self._left = Announcer(self.filter)
        self._stack = QStackedWidget()
        self._bar = QHBoxLayout()
        self._beside = QHBoxLayout()  # the choices, where there is room for them on that line
        self._under = Flow()  # else on as many lines as they need
        self._build(hint)
        self._connect()

    def _build(self, hint: str) -> None:
        self.filter.setPlaceholderText(hint)
        self.filter.setAccessibleName(hint)
        theme.set_widths(self.filter, most=360)
        make_search(self.filter)
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._more.hide()
        self._beside.setSpacing(Space.S)
        self._bar.setSpacing(Space.S)
        self._bar.addWidget(self.filter, 1)
        self._bar.addStretch()
        self._add_choice(self.reach, "Commissions")
        self.reach.hide()
        self._bar.addLayout(self._beside)
        self._bar.addWidget(self.count)
        self._bar.addWidget(self._more)
        for widget in (self.table, self.empty, self._nothing):
            self._stack.addWidget(widget)
        frame = card()
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self._stack)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.M)
        layout.addLayout(self._bar)
        layout.addLayout(self._under)
        layout.addWidget(frame, 1)

    def _connect(self) -> None:
        self.filter.textChanged.connect(lambda text: self._apply())
        self.filter.returnPressed.connect(self._go_into_list)
        self._nothing.requested.connect(self._widen)
        keys = QKeySequence.StandardKey
        find = make_action(self, "Filtrer la liste", self.filter.setFocus, keys.Find)
        find.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        on_key(self.filter, Qt.Key.Key_Escape, self.filter.clear)
        on_key(self.filter, Qt.Key.Key_Down, self._go_into_list)

    def add_actions(self, actions: Sequence[QAction]) -> None:
        """Adds, beside the count, a menu of the actions on the list."""
        menu = QMenu(self._more)
        menu.addMenu(self.table.sorting)
        menu.addActions(list(actions))
        self._more.setMenu(menu)
        self._more.show()

    def add_facet(self, choice: Choice, keeps: Callable[[Any, Any], bool], lack: str = "") -> None:
        """Puts a choice beside the filter; `keeps(row, value)` judges, and None keeps all.

        `lack` is said where it keeps no row at all.
        """
        self._facets.append((choice, keeps, lack))
        self._add_choice(choice, choice.itemText(0))
        choice.currentIndexChanged.connect(lambda index: self._apply())
        self._apply()

    def _add_choice(self, choice: Choice, name: str) -> None:
        choice.call(name)
        theme.set_widths(choice, least=110)
        choice.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToContents)
        self._beside.addWidget(choice)

    @property
    def choices(self) -> list[Choice]:
        """The choices that filter the rows, in their order."""
        return [choice for choice, *_ in self._facets]

    @property
    def everywhere(self) -> bool:
        """Whether the rows are to be those of every commission."""
        return not self.reach.isHidden() and self.reach.value() is True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:  # a choice, or what is counted, has changed
            self._fit()
        return super().event(event)

    def _fit(self) -> None:
        """Puts the choices under the filter where the width lacks for both."""
        choices = [self.reach, *self.choices]
        beside = [one for one in (self.count, self._more, *choices) if not one.isHidden()]
        needed = sum(widget.sizeHint().width() + Space.S for widget in beside) + theme.px(240)
        places: list[QLayout] = [self._beside, self._under]
        there, elsewhere = reversed(places) if self.width() < needed else places
        for choice in choices:
            if there.indexOf(choice) < 0:
                elsewhere.removeWidget(choice)
                there.addWidget(choice)

    def set_rows(self, rows: Sequence[Any]) -> None:
        self._rows = rows
        self.table.set_rows(rows)
        self._show()

    def _widen(self) -> None:
        """Drops the choices made and keeps what is typed; drops that where no choice is made."""
        if not self._chosen():
            self.filter.clear()
        for choice in self.choices:
            choice.set_value(None)
            choice.edited.emit()

    def _chosen(self) -> list[tuple[Callable[[Any, Any], bool], Any, str]]:
        """Of each choice made: the test of a row, the value, the sentence for when none passes."""
        made = [(keeps, choice.value(), lack) for choice, keeps, lack in self._facets]
        return [one for one in made if one[1] is not None]

    def _apply(self) -> None:
        chosen = self._chosen()

        def facet(row: Any) -> bool:
            return all(keeps(row, value) for keeps, value, _ in chosen)

        self.table.rows.filter_by(self.filter.text(), facet if chosen else None)
        self._show()
        if self.isVisible():
            self._left.take(self._told())

    def _told(self) -> str:
        """How many rows the filter leaves, as a screen reader says it."""
        left, all_rows = self.table.rows.rowCount(), self.table.total
        if not left:
            return NOTHING
        return count(left, "ligne") + ("" if left == all_rows else f" sur {whole(all_rows)}")

    def _show(self) -> None:
        shown, all_rows = self.table.rows.rowCount(), self.table.total
        if not all_rows:
            self._stack.setCurrentWidget(self.empty)
        elif not shown:
            self._say_nothing()
            self._stack.setCurrentWidget(self._nothing)
        else:
            self._stack.setCurrentWidget(self.table)
        self.filter.setEnabled(bool(all_rows))
        everything = whole(all_rows) if all_rows else ""
        self.count.setText(everything if shown == all_rows else f"{whole(shown)} sur {everything}")
        self.count.setAccessibleName(self._told() if all_rows else "")

    def _say_nothing(self) -> None:
        """Says why nothing is shown, and offers to look further."""
        chosen = self._chosen()
        lacks = [
            lack
            for keeps, value, lack in chosen
            if lack and not any(keeps(row, value) for row in self._rows)
        ]
        if chosen:
            total = self.table.total
            all_of_them = f"parmi les {whole(total)}" if total > 1 else "dans toute la liste"
            self._nothing.say(lacks[0] if lacks else BEYOND, f"Chercher {all_of_them}")
        else:
            self._nothing.say(NOTHING, "Effacer le filtre")

    def _go_into_list(self) -> None:
        """Goes from the filter into the list, which is then on its first row."""
        if self.table.rows.rowCount():
            self.table.setFocus()
