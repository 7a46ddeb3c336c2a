"""One solution: who takes part and pays what, its offers compared, its plan, its description."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from app.domain.cost_plan import Plan, code_of, read_terms
from app.domain.cost_terms import uses_units
from app.domain.needs import TURNED_DOWN
from app.domain.records import Record
from app.domain.refusals import Refusal
from app.domain.wording import capitalised
from ui.actions import make_action
from ui.dialogs.cost_plan import OfferDialog, TermsDialog
from ui.dialogs.dialog import DELETED, FormDialog, Save
from ui.dialogs.standing import StandingDialog
from ui.models.solution_view import SolutionView, solution_view
from ui.models.standings import Costs, Standing, costs_of
from ui.pages.exporting import list_actions
from ui.pages.page import NEW, NEW_SHARED
from ui.pages.publishing import publish_action
from ui.pages.record_page import RecordPage
from ui.pages.solutions import WORDS
from ui.pages.taking_part import TakingPart
from ui.tasks import Tasks
from ui.theme import Space, Theme
from ui.widgets.buttons import action_button, papers_button
from ui.widgets.chip import Chip
from ui.widgets.comparison_panel import ComparisonPanel
from ui.widgets.dates import DateField
from ui.widgets.fields import Choice, LongField, TextField
from ui.widgets.line import Line
from ui.widgets.origins_card import OriginsCard
from ui.widgets.participants_panel import ParticipantsPanel
from ui.widgets.pick import PicksField
from ui.widgets.plan_panel import PlanPanel
from ui.widgets.price_card import PriceCard
from ui.widgets.scroll import Scroll, SideBySide, column
from ui.widgets.section import Section
from ui.widgets.tabs import Tabs
from ui.window.preferences import Preferences
from ui.words import costs as cost_words
from ui.words.choices import choices, need_title, tone_of, words_of

if TYPE_CHECKING:
    from app.bootstrap import Services

FIRST_OFFER = "Saisissez une offre dans le plan de coûts : chacun verra ce qu'il paierait."
AWAITED = "Le GIP n'y a pas mis d'offre : il n'y a aucun prix à partager."
UNTICKED = "Cochez les communes intéressées (Espace) : chacune verra ce qu'elle paie."
NOBODY = "Personne n'y prend part : il n'y a aucun prix à partager."
WITHDRAWN = "Le GIP a publié cette solution et ne la propose plus : sa réponse est dans la fiche."

COUNTED_THERE = (
    "Le GIP a publié cette solution pour toute la région : ceux qui y prennent part ici y sont"
    " comptés."
)
COUNTED_TOO = "Celle de la commission y est comptée."

PARTICIPANTS, COMPARISON, PLAN, ABOUT = range(4)
"""The tabs, in their order."""


class SolutionPage(RecordPage):
    """The page of one solution; a tick shows its effect at once, and is stored afterwards."""

    kind = "solution"
    kinds = frozenset(
        {"solution", "attachment", "commitment", "need", "organisation", "roster_entry"}
    )
    list_place = "solutions"
    words = WORDS
    sealed_words = (
        "Cette solution est publiée par le GIP : elle se lit ici, et vos communes peuvent y"
        " prendre part."
    )
    shared_words = (
        "Cette solution est pour toute la région : chaque commission la reçoit à sa"
        " synchronisation."
    )

    def __init__(self, services: Services, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(services, tasks, parent)
        self.view: SolutionView | None = None
        self.taking_part = TakingPart(self)
        self.costs: Costs | None = None
        self._arriving = False
        self._sealed = False
        self._by_units = True
        self.chip = Chip()
        self.said = PriceCard()
        self.headline, self.progress = self.said.headline, self.said.progress
        self.participants = ParticipantsPanel()
        self.comparison = ComparisonPanel()
        self.plan = PlanPanel()
        self.needs = Section("Besoins auxquels elle répond")
        self.origins = OriginsCard()
        self.publish = publish_action(self)
        self.publishing = action_button(self.publish, icon="send")
        self.attachments = self.make_attachments()
        self.tabs = Tabs("Parties de la solution")
        self._add_fields()
        self._build()
        self._connect()

    def _add_fields(self) -> None:
        add = self.form.add
        add("title", "Titre", TextField("La solution en quelques mots"), whole=True)
        add(
            "description",
            "Description",
            LongField("Ce qu'elle apporte aux communes", 4),
            whole=True,
        )
        add("theme", "Thème", Choice([(None, "Sans thème")]))
        add("status", "État", Choice(choices("solution", "status")))
        add("route", "Voie d'achat", Choice(choices("solution", "route")))
        add("provider", "Fournisseur retenu", TextField("Son nom, tel que dans son offre"))
        add(
            "need_ids",
            "Besoins auxquels elle répond",
            PicksField([], "Ajouter un besoin"),
            whole=True,
        )
        add("answer", "Réponse du GIP", LongField("Ce que le GIP a répondu", 2))
        add("answered_on", "Répondu le", DateField())

    def _build(self) -> None:
        self.header.add_beside(self.chip)
        self.header.add_action(self.publishing, first=True)
        self._offer_publication(offered=False)
        sheet = make_action(self, "Fiche solution", lambda: self._print("solution-sheet"), "Ctrl+P")
        pack = make_action(
            self, "Dossier de vote", lambda: self._print("vote-pack"), "Ctrl+Shift+P"
        )
        self.papers = papers_button(sheet, pack)
        self.participants.add_menu(list_actions(self, self.participants.table))
        for table in (self.comparison.offers, self.comparison.keys):
            table.addActions(list_actions(self, table))
        self.tabs.setCornerWidget(self.papers)
        about = Section("La solution")
        about.hold(self.form)
        scroll = Scroll()
        scroll.column.addWidget(
            SideBySide(column(about), column(self.origins, self.needs, self.attachments))
        )
        scroll.column.addStretch()
        scroll.column.setContentsMargins(0, Space.M, 0, 0)
        self.tabs.addTab(self.participants, "Participants et prix")
        self.tabs.addTab(self.comparison, "Comparer")
        self.tabs.addTab(self.plan, "Plan de coûts")
        self.tabs.addTab(scroll, "Fiche")
        self.body.setSpacing(Space.M)
        self.body.setContentsMargins(Space.XXL, Space.L, Space.XXL, Space.L)
        self.body.addWidget(self.said)
        self.body.addWidget(self.tabs, 1)

    def _connect(self) -> None:
        panel = self.participants
        self.tabs.currentChanged.connect(lambda number: self._follow_tab())
        self.form.editor("answer").edited.connect(self._propose_day)
        self.origins.opened.connect(
            lambda solution_id: self.open_requested.emit("solution", solution_id)
        )
        self.taking_part.turned.connect(self._show_costs)
        panel.said.connect(self.taking_part.say)
        panel.edited.connect(self._ask_standing)
        panel.turned.connect(self._say_costs)
        panel.offer_changed.connect(self._show_costs)
        self.plan.terms_requested.connect(self._ask_terms)
        self.plan.offer_requested.connect(self._ask_offer)

    def _print(self, kind: str) -> None:
        """Shows a document about the solution."""
        if self.stored:
            title, standings = self.header.title.text(), self.taking_part.standings
            gone = cost_words.drafted_though_gone(standings) if kind == "vote-pack" else ""
            self.show_document(kind, self.record_id, title, gone)

    # Showing

    def show_record(self, record_id: str) -> None:
        if record_id in (NEW, NEW_SHARED):
            self.tabs.lead(ABOUT)
        self._arriving = True
        super().show_record(record_id)

    def gather(self, record: Record[Any]) -> SolutionView:
        return solution_view(self.services, record, self.commission_id)

    def show_view(self, view: SolutionView) -> None:
        self.view = view
        fields = view.solution.fields
        self.header.say(fields.title or "Nouvelle solution")
        self.chip.set(words_of(view.solution, "status"), tone_of(view.solution, "status"))
        self.form.load(
            view.solution.id,
            self.form.values_in(fields),
            {"theme": view.themes, "need_ids": view.needs},
        )
        self.form.show_row("need_ids", shown=view.solution.commission_id is not None)
        self._show_needs(view)
        self.origins.show_origins(fields.title, view.publication, view.commissions)
        self._offer_publication(offered=self.stored and view.publication.offered)
        for number in (PARTICIPANTS, COMPARISON, PLAN):
            self.tabs.setTabEnabled(number, self.stored)
        self.plan.lock(locked=not self.stored or self._sealed)
        self.plan.say_why_empty(AWAITED if self._sealed else "")
        self.participants.say_why_empty(self.commission_id)
        if self.taking_part.take(view):  # another solution begins at its own offer
            self.participants.offers.set_value(None)
        self._show_plan()
        self._show_costs()
        self._arrive()

    def delete(self, record_id: str) -> object:
        return self.services.solutions.delete([record_id])

    def words_of_seal(self, record: Record[Any]) -> str:
        return WITHDRAWN if record.fields.status == "refused" else self.sealed_words

    def on_sealed(self, sealed: bool) -> None:
        super().on_sealed(sealed)
        self._sealed = sealed

    def _propose_day(self) -> None:
        """Proposes today as the date of an answer being typed: by it the next meeting is told."""
        answered_on = self.form.editor("answered_on")
        answer = self.form.field("answer")
        try:
            dated = answered_on.value() is not None
        except Refusal:
            return  # a day half typed
        if self.focusWidget() is answer and self.form.editor("answer").value() and not dated:
            answered_on.set_value(self.now().date().isoformat())
            answered_on.edited.emit()

    def _arrive(self) -> None:
        """On arriving, turns to the tab chosen last, or to the plan while there is none."""
        arriving, self._arriving = self._arriving, False
        if arriving and self.stored:
            ready = self.view is not None and self.view.solution.fields.plan is not None
            self.tabs.lead(self.tabs.chosen if ready else PLAN)
            if ready and self.tabs.chosen == PARTICIPANTS:
                self.participants.table.setFocus()

    def _show_needs(self, view: SolutionView) -> None:
        self.needs.clear()
        shared = view.solution.commission_id is None
        for need in view.answered:
            whose = view.commissions.get(need.commission_id or "", "") if shared else ""
            line = Line(need_title(need), whose, words_of(need, "status"), tone_of(need, "status"))
            line.clicked.connect(
                lambda checked=False, need_id=need.id: self.open_requested.emit("need", need_id)
            )
            self.needs.add(line)
        if view.answered:
            return
        if view.solution.commission_id is None:
            self.needs.say("Un besoin s'affiche ici quand sa fiche dit que celle-ci y répond.")
        else:
            self.needs.say("Ajoutez les besoins qu'elle sert : ils diront ce qu'ils deviennent.")

    def _offer_publication(self, *, offered: bool) -> None:
        self.publish.setVisible(offered)
        self.publish.setEnabled(offered)
        self.publishing.setVisible(offered)

    def twin(self, view: SolutionView) -> tuple[str, str]:
        """Leads from a commission's solution to the region's copy of it, and back."""
        if view.publication.copy is not None:
            return COUNTED_THERE, view.publication.copy.id
        own = [one for one in view.publication.origins if one.commission_id == self.commission_id]
        return (COUNTED_TOO, own[0].id) if own else ("", "")

    @property
    def _terms(self) -> dict[str, Any] | None:
        return self.view.solution.fields.plan if self.view else None

    def _show_plan(self) -> None:
        plan: Plan | None = None
        try:
            plan = None if self._terms is None else read_terms(self._terms)
        except Refusal as refusal:
            self.failed.emit(refusal)
        self.plan.show_plan(plan)
        self._by_units = plan is None or uses_units(plan)
        self.participants.show_units(self._by_units)

    def _show_costs(self) -> None:
        """Shares the cost again between those who take part, and shows it in every tab."""
        self.costs, hint = self._share()
        self.participants.show_standings(self.taking_part.standings, self.costs)
        self.comparison.show_costs(self.costs, self.participants.offers.value(), hint)
        self._say_costs(hint)

    def _share(self) -> tuple[Costs | None, str]:
        """The costs, or None and the sentence that says what is missing to share them."""
        if not self.stored or self.view is None:
            return None, ""
        fields = self.view.solution.fields
        if fields.plan is None:
            return None, AWAITED if self._sealed else FIRST_OFFER
        if not self.taking_part.standings and self.commission_id is None:
            return None, "Chaque commune verra ce qu'elle paie, dans sa commission."
        if not any(one.takes_part for one in self.taking_part.standings):
            return None, UNTICKED if self._can_be_joined else NOBODY
        try:
            return costs_of(fields.plan, self.taking_part.standings, fields.provider), ""
        except Refusal as refusal:
            return None, capitalised(refusal.sentence)

    @property
    def _can_be_joined(self) -> bool:
        """Whether communes can still join: the solution was not turned down."""
        return self.view is None or self.view.solution.fields.status not in TURNED_DOWN

    def _say_costs(self, hint: str = "") -> None:
        """Says what the organisation in the current row would pay, and what would change that."""
        if self.costs is not None:
            offer = self.costs.offer(self.participants.offers.value())
            row = self.participants.table.current()
            code = code_of(row.organisation) if row else None
            headline = cost_words.headline(self.costs, offer, code)
            progress = cost_words.progress(self.costs, offer, joined=self._can_be_joined)
            self.said.say(headline, self._all_said(progress))
        elif hint:
            self.said.say("", self._all_said(hint))
        self._follow_tab()

    def _all_said(self, words: str) -> str:
        """Adds to `words` how many are committed, who left, who is still to be asked, and how many
        take part elsewhere.
        """
        here = len(self.costs.plan.participants) if self.costs else 0
        others = cost_words.elsewhere(self.view.everywhere if self.view else 0, here)
        standings = self.taking_part.standings
        waiting = cost_words.waiting(standings) if self._can_be_joined else ""
        positions = cost_words.positions(standings)
        said = (words, positions, cost_words.gone(standings), waiting, others)
        return " ".join(sentence for sentence in said if sentence)

    def _follow_tab(self) -> None:
        """Shows the price with every tab but the last, which describes the solution."""
        tab = self.tabs.currentWidget()
        if self.stored and isinstance(tab, ParticipantsPanel | ComparisonPanel | PlanPanel):
            self.said.follow(tab.column)
        else:
            self.said.follow(None)

    def dress(self, theme: Theme, preferences: Preferences) -> None:
        theme.changed.connect(self._measure)
        self._measure()

    def _measure(self) -> None:
        """Adapts to the size of text."""
        self.participants.measure()
        self.comparison.measure()
        self._follow_tab()

    def _ask_standing(self, row: Standing) -> None:
        save, years = self.taking_part.writer(row), (self._terms or {}).get("years")
        dialog = StandingDialog(row, save, self.tasks, self, by_units=self._by_units, years=years)
        dialog.accepted.connect(lambda: self.changed.emit(frozenset({"commitment"})))
        dialog.open()

    # The plan

    def _ask_terms(self) -> None:
        if self._terms is not None:
            self._open(TermsDialog(self._terms, self._saver(), self.tasks, self))

    def _ask_offer(self, offer_id: str) -> None:
        self._open(OfferDialog(self._terms, offer_id, self._saver(), self.tasks, self))

    def _saver(self) -> Save:
        return partial(self.services.solutions.save_plan, self.record_id, over=self._terms)

    def _open(self, dialog: FormDialog) -> None:
        dialog.accepted.connect(lambda: self.changed.emit(frozenset({"solution"})))
        dialog.deleted.connect(lambda: self.tell(DELETED))
        dialog.open()
        dialog.form.focus_first()
