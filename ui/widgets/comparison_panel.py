"""The offers compared, and the keys of sharing side by side."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.domain.cost_plan import KEY_LABELS
from app.domain.cost_sharing import OfferShares
from app.domain.cost_terms import offer_called, rate
from app.domain.wording import count
from ui import theme
from ui.models.comparison import (
    KeyColumn,
    OfferColumn,
    by_key,
    fixed_share,
    key_rows,
    offer_rows,
)
from ui.models.standings import Costs
from ui.models.table import TableModel
from ui.theme import Space
from ui.widgets.cell_delegate import ROW_HEIGHT
from ui.widgets.empty_state import EmptyState
from ui.widgets.scroll import Scroll
from ui.widgets.section import Section
from ui.widgets.table import RecordsTable
from ui.widgets.text import label

AFTER_SUBSIDY = list(OfferColumn).index(OfferColumn.AFTER)


class ComparisonPanel(QWidget):
    """Both tables, once at least one participant is ticked."""

    def __init__(self) -> None:
        super().__init__()
        self.offers = RecordsTable("Offres comparées", TableModel(OfferColumn))
        self.keys = RecordsTable("Clés de répartition comparées", TableModel(KeyColumn))
        self.about = Section("Clés de répartition")
        self.about.heading.setWordWrap(True)
        self.dearer = label("", "muted", wrap=True)
        self.empty = EmptyState("coins", "Saisissez une offre : les prix se compareront ici.")
        self._stack = QStackedWidget()
        self._due: tuple[Costs | None, str | None, str] | None = None
        self._build()

    def _build(self) -> None:
        offers = Section("Offres, sur toute la durée")
        offers.add(self.offers)
        self.about.hold(self.dearer)
        self.about.add(self.keys)
        scroll = Scroll()
        self.column = scroll.column
        self.column.addWidget(offers)
        self.column.addWidget(self.about)
        self.column.addStretch()
        self._stack.addWidget(scroll)
        self._stack.addWidget(self.empty)
        for table in (self.offers, self.keys):
            table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            table.set_order(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, Space.M, 0, 0)
        layout.addWidget(self._stack)

    def show_costs(self, costs: Costs | None, offer_id: str | None, missing: str) -> None:
        """Compares the offers, or says what is still missing, as soon as the panel is in sight."""
        self._due = costs, offer_id, missing
        if self.isVisible():
            self._show()

    def showEvent(self, event: QShowEvent) -> None:
        self._show()
        super().showEvent(event)

    def _show(self) -> None:
        due, self._due = self._due, None
        if due is None:
            return
        costs, offer_id, missing = due
        self._stack.setCurrentIndex(1 if costs is None else 0)
        if costs is None:
            if missing:
                self.empty.say(missing)
            return
        chosen = costs.offer(offer_id)
        shared = by_key(costs, chosen.id)
        self.offers.set_rows(offer_rows(costs))
        self.offers.setColumnHidden(AFTER_SUBSIDY, not costs.plan.subsidy_cents)
        self.keys.set_rows(key_rows(costs, shared))
        offer = offer_called(costs.supplier(chosen.id))
        self.about.call(f"Clés de répartition, {offer}, parts HT")
        fixed = rate(fixed_share(costs.plan.key))
        self.dearer.setText(f"{_who_pays_more(shared)} Clé mixte : part fixe de {fixed}.")
        for number, kind in enumerate(KEY_LABELS, 1):
            self.keys.setColumnHidden(number, kind not in shared)
        self.measure()

    def measure(self) -> None:
        """Gives each table the height of its rows: the page scrolls, not the table."""
        for table in (self.offers, self.keys):
            _fit(table)


def _fit(table: RecordsTable) -> None:
    bar = table.horizontalScrollBar().sizeHint().height()
    height = table.horizontalHeader().sizeHint().height() + table.total * theme.px(ROW_HEIGHT)
    table.setFixedHeight(height + bar)


def _who_pays_more(shared: dict[str, OfferShares]) -> str:
    said = []
    for kind, offer in shared.items():
        dearer = sum(share.worse_off for share in offer.shares)
        if dearer:
            said.append(f"{KEY_LABELS[kind]}, {count(dearer, 'participant')}")
    if not said:
        return "Quelle que soit la clé, personne ne paie plus ensemble que seul."
    return f"Paieraient plus ensemble que seuls : {' ; '.join(said)}."
