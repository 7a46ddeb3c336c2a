"""Who takes part and what each one pays: the tab that is shown to the room."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from app.domain.cost_terms import offer_called, taken_words
from app.domain.wording import capitalised, shortened
from ui import theme
from ui.actions import make_action
from ui.models.standings import Costs, Standing, StandingColumn, with_shares
from ui.theme import Space
from ui.widgets.buttons import action_button, icon_button
from ui.widgets.empty_state import EmptyState
from ui.widgets.fields import Choice
from ui.widgets.flow import Flow
from ui.widgets.participants_table import ParticipantsTable
from ui.widgets.scroll import Scroll
from ui.widgets.text import card, label
from ui.words import costs as cost_words

NO_SEAT = "Donnez d'abord un siège aux communes, à la page Collectivités."
NO_COMMISSION_HERE = (
    "Les communes y prennent part dans leur commission : aucune n'est sur cet ordinateur."
)
LEAST_HEIGHT = 190
"""The least height of the table, at a text size of 100 %: its head and three rows."""

LONGEST = 64
"""The letters of an offer's name that large print has room for."""

UNITS = list(StandingColumn).index(StandingColumn.UNITS)


class ParticipantsPanel(QWidget):
    """`said` carries rows and the intention given them, None to take it back; `edited` a row.

    `turned` says that another row is looked at, `offer_changed` that another offer is.
    """

    said = Signal(object, object)
    edited = Signal(object)
    turned = Signal()
    offer_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.offers = Choice([])
        self.table = ParticipantsTable()
        self.empty = EmptyState("landmark", "")
        self.total = label("", "strong", wrap=True)
        self.basis = label("", "caption", wrap=True)
        self._more = icon_button("ellipsis-vertical", "Trier, exporter, copier les parts")
        self._stack = QStackedWidget()
        self._frame = card()
        self._actions()
        self._build()
        self._connect()

    def _actions(self) -> None:
        make = partial(make_action, self)
        self.commit = make("Engagée", partial(self._say, "committed"), "Ctrl+E", "check")
        self.decline = make("Ne participe pas", partial(self._say, "declined"), "Ctrl+D", "x")
        self.edit = make("Préciser…", self._edit, icon="pencil")

    def _build(self) -> None:
        self.offers.call("Offre dont les parts sont montrées")
        self.offers.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToContents)
        bar = QWidget()
        flow = Flow(bar)
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        flow.addWidget(self.offers)
        actions = [self.commit, self.decline, self.edit]
        for action in actions:
            flow.addWidget(made := action_button(action))
        made.setToolTip("Unités, prix payé seule et délibération (Entrée)")
        flow.addWidget(self._more)
        self.table.insertActions(self.table.sorting.menuAction(), actions)
        self._stack.addWidget(self.table)
        self._stack.addWidget(self.empty)
        inside = QVBoxLayout(self._frame)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self._stack)
        self.measure()
        scroll = Scroll()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, Space.M, 0, 0)
        outer.addWidget(scroll)
        layout = self.column = scroll.column
        layout.setSpacing(Space.M)
        layout.addWidget(bar)
        layout.addWidget(self._frame, 1)
        foot = QVBoxLayout()
        foot.setSpacing(0)
        foot.addWidget(self.total)
        foot.addWidget(self.basis)
        layout.addLayout(foot)

    def _connect(self) -> None:
        self.table.ticked.connect(self._on_ticked)
        self.table.opened.connect(self.edited)
        self.table.delete_requested.connect(lambda row: self._say(None))
        self.table.selectionModel().selectionChanged.connect(lambda now, was: self._on_selection())
        self.offers.edited.connect(self.offer_changed)

    def add_menu(self, actions: Sequence[QAction]) -> None:
        """Adds the actions on all the shares to the menu and to a right click."""
        menu = QMenu(self._more)
        menu.addMenu(self.table.sorting)
        menu.addActions(list(actions))
        self._more.setMenu(menu)
        self.table.addActions(list(actions))

    def show_standings(self, standings: Sequence[Standing], costs: Costs | None) -> None:
        """Shows who stands where, and the shares of the offer chosen once there are costs."""
        if costs is not None:
            taken = taken_words(costs.plan, costs.comparison, costs.provider)
            named = [
                (one.id, capitalised(offer_called(costs.supplier(one.id))))
                for one in costs.plan.offers
            ]
            offers = [(None, taken), *named]
            self.offers.offer([(one, shortened(words, LONGEST)) for one, words in offers])
        self.offers.setVisible(costs is not None and len(costs.plan.offers) > 1)
        offer_id = self.offers.value()
        self._stack.setCurrentWidget(self.table if standings else self.empty)
        self.table.set_rows(with_shares(standings, costs, offer_id))
        self.total.setText(cost_words.total(costs, costs.offer(offer_id)) if costs else "")
        self.basis.setText(cost_words.basis(costs.plan) if costs else "")
        for words in (self.total, self.basis):
            words.setVisible(costs is not None)
        self._on_selection()

    def say_why_empty(self, commission_id: str | None) -> None:
        """Says what to do where nobody is listed."""
        self.empty.say(NO_SEAT if commission_id else NO_COMMISSION_HERE)

    def measure(self) -> None:
        """Fits the size of text."""
        self._frame.setMinimumHeight(theme.px(LEAST_HEIGHT))

    def show_units(self, wanted: bool) -> None:
        """Shows the column of units or not: it is `wanted` where a price or the key counts them."""
        self.table.setColumnHidden(UNITS, not wanted)

    def _on_selection(self) -> None:
        chosen = self.table.chosen()
        for action in (self.commit, self.decline):
            action.setEnabled(bool(chosen))
        self.edit.setEnabled(len(chosen) == 1)
        self.turned.emit()

    def _on_ticked(self, rows: Sequence[Standing]) -> None:
        """Ticks the rows that take no part yet; where all do, takes back what they said.

        Rows that declined are left as they are, unless all of these rows did.
        """
        rows = [row for row in rows if row.intention != "declined"] or rows
        out = [row for row in rows if not row.takes_part]
        if out:
            self.said.emit(out, "interested")
        else:
            self.said.emit(rows, None)

    def _say(self, intention: str | None) -> None:
        if rows := self.table.chosen():
            self.said.emit(rows, intention)

    def _edit(self) -> None:
        if (row := self.table.current()) is not None:
            self.edited.emit(row)
