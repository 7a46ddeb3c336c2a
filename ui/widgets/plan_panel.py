"""The plan of costs of a solution: the rules of sharing, and the offers with their prices."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QStackedWidget, QVBoxLayout, QWidget

from app.domain.cost_plan import Offer, Plan, Tier
from app.domain.cost_terms import offer_called, offer_name, terms
from app.domain.wording import amount, capitalised, count
from ui.theme import Space
from ui.widgets.buttons import button
from ui.widgets.empty_state import EmptyState
from ui.widgets.line import Line
from ui.widgets.scroll import Scroll, SideBySide, column
from ui.widgets.section import Section
from ui.widgets.text import label

PRICES = {
    "setup_cents": "de mise en place",
    "setup_per_participant_cents": "de mise en place par participant",
    "yearly_cents": "par an",
    "yearly_per_participant_cents": "par an et par participant",
    "yearly_per_inhabitant_cents": "par an et par habitant",
    "yearly_per_unit_cents": "par an et par unité",
}


FIRST_OFFER = (
    "Saisissez une offre : chaque commune verra ce qu'elle paierait, ensemble et seule.",
    "Saisir une première offre",
)


class PlanPanel(QWidget):
    """`offer_requested` carries the id of the offer to change, "" for a new one."""

    offer_requested = Signal(str)
    terms_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.empty = EmptyState("coins", *FIRST_OFFER)
        self.rules = Section("Règles de répartition")
        self.change = button("Modifier…", self.terms_requested.emit, kind="quiet")
        self.offers = Section("Offres")
        self.add = button("Ajouter une offre…", self._add, kind="quiet", icon="plus")
        self._stack = QStackedWidget()
        self._build()

    def _build(self) -> None:
        self.rules.add_beside(self.change)
        self.offers.add_beside(self.add)
        self.empty.requested.connect(self._add)
        scroll = Scroll()
        self.column = scroll.column
        self._parts = SideBySide(column(self.offers), column(self.rules))
        self.column.addWidget(self._parts)
        self.column.addStretch()
        self._stack.addWidget(scroll)
        self._stack.addWidget(self.empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, Space.M, 0, 0)
        layout.addWidget(self._stack)

    def say_why_empty(self, awaited: str) -> None:
        """Offers a first offer, or says that the GIP's is awaited."""
        self.empty.say(*((awaited,) if awaited else FIRST_OFFER))

    def lock(self, *, locked: bool) -> None:
        """Makes the plan read-only, or not; what is said above it, in its column, is not greyed."""
        for part in (self._parts, self.empty):
            part.setEnabled(not locked)

    def show_plan(self, plan: Plan | None) -> None:
        self._stack.setCurrentIndex(1 if plan is None else 0)
        self.rules.clear()
        self.offers.clear()
        if plan is None:
            return
        self.rules.hold(_facts(plan))
        for offer in plan.offers:
            self.offers.add(self._line(offer, offer_name(plan, offer.id)))

    def _line(self, offer: Offer, name: str) -> QWidget:
        """An offer's name, which opens it, over the prices of each of its tiers."""
        line = Line(
            capitalised(offer_called(name)),
            count(len(offer.tiers), "palier de prix", "paliers de prix"),
            "Modifier",
        )
        line.clicked.connect(lambda: self.offer_requested.emit(offer.id))
        holder = QWidget()
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(0, 0, 0, Space.S)
        layout.setSpacing(Space.XS)
        layout.addWidget(line)
        for tier in offer.tiers:
            words = label(tier_words(tier), "muted", wrap=True)
            words.setContentsMargins(Space.XL, 0, Space.M, 0)
            layout.addWidget(words)
        return holder

    def _add(self) -> None:
        self.offer_requested.emit("")


def tier_words(tier: Tier) -> str:
    """« Dès 5 participants : 420,00 € par an, 168,00 € par an et par participant »."""
    prices = [
        f"{amount(getattr(tier, name))} {words}"
        for name, words in PRICES.items()
        if getattr(tier, name)
    ]
    start = count(tier.from_participants, "participant")
    return f"Dès {start} : {', '.join(prices) or 'gratuit'}"


def _facts(plan: Plan) -> QWidget:
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(Space.L)
    grid.setVerticalSpacing(Space.S)
    grid.setColumnStretch(1, 1)
    for number, (name, words) in enumerate(terms(plan)):
        grid.addWidget(label(name, "muted"), number, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(label(words, wrap=True), number, 1)
    return holder
