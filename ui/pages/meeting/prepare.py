"""Préparer: write the agenda, see when to convene, and convene."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu

from app.domain.agenda_templates import Template
from app.domain.carry_over import Proposal, following
from app.domain.meeting_state import MeetingState
from app.domain.wording import capitalised, count, listed
from app.services.convocations import Dispatch, dispatch
from ui.actions import literal
from ui.announcing import announce
from ui.dialogs.convocations import ConvocationsDialog
from ui.dialogs.dialog import ConfirmDialog
from ui.models.agenda import AgendaRow, agenda_rows, planned
from ui.pages.meeting.agenda_card import AgendaCard
from ui.pages.meeting.tab import MeetingTab
from ui.saving import save_document
from ui.tasks import LONG, Tasks
from ui.theme import Space
from ui.widgets.convocations import Convocations
from ui.widgets.meeting_papers import MeetingPapers
from ui.widgets.proposals import Proposals
from ui.widgets.scroll import scrolled
from ui.words.chord import chord

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.documents.document import Document
    from app.services.agenda_templates import Choice as TemplateChoice

ITEM = {"agenda_item"}

AWAITS = "Ce que vous veniez d'écrire n'est pas ajouté : cela vous attend sous son ordre du jour."
"""Added to the reason why an item was refused, once its meeting is left."""

CONVENED = "La séance est convoquée."


class PrepareTab(MeetingTab):
    """The agenda on the left; convocations, proposed items and documents on the right."""

    def __init__(self, services: Services, tasks: Tasks) -> None:
        super().__init__(services, tasks)
        self.agenda = AgendaCard()
        self.convocations = Convocations()
        self.proposals = Proposals()
        self.papers = MeetingPapers()
        self._proposed_to = ""  # the meeting whose proposals are shown, or are being read
        self._build()
        self._connect()

    def _build(self) -> None:
        columns = QHBoxLayout()
        columns.setSpacing(Space.L)
        columns.addWidget(self.agenda, 5)
        columns.addWidget(scrolled(self.convocations, self.proposals, self.papers), 3)
        self.body.addLayout(columns, 1)

    def _connect(self) -> None:
        self.agenda.added.connect(self._on_added)
        self.agenda.template_requested.connect(self._on_template)
        self.agenda.templates_requested.connect(self._on_templates)
        self.agenda.list.opened.connect(lambda row: self.edit_item(row.id))
        self.agenda.list.delete_requested.connect(self._on_delete)
        self.agenda.list.menu_requested.connect(self._open_item_menu)
        self.agenda.list.agenda.move_requested.connect(self._on_move)
        self.agenda.list.shift_requested.connect(self._on_shift)
        self.convocations.convene_requested.connect(self._on_convene)
        self.convocations.detail_requested.connect(self._on_detail)
        self.proposals.taken.connect(self._on_taken)
        self.papers.paper_asked.connect(self._on_paper)
        self.papers.file_asked.connect(self._on_file)

    def take_focus(self) -> None:
        (self.agenda.list if self.agenda.foot.isHidden() else self.agenda.line).setFocus()

    def show_state(self, state: MeetingState) -> None:
        now = self.now()
        self.agenda.drafts.turn(state.file.meeting.id)
        self.agenda.show_rows(agenda_rows(state, now), planned(state))
        self.agenda.lock(locked=self._is_frozen)
        self.convocations.show_state(state, now.date())
        by_email = dispatch(state.file, now.date()).by("email")
        self.papers.offer_draft(offered=bool(by_email))
        meeting_id = self.meeting_id
        if self._is_frozen or self._proposed_to != meeting_id:
            self.proposals.show_proposals([])
        self._proposed_to = meeting_id
        if self._is_frozen:
            return
        self.read(
            lambda: self.services.preparation.proposals(meeting_id), self.proposals.show_proposals
        )

    @property
    def _is_frozen(self) -> bool:
        return self.state is not None and self.state.file.frozen_minutes is not None

    # The agenda

    def _on_added(self, fields: dict[str, Any], typed: str) -> None:
        """Adds an item where its kind belongs; at the end once the numbers are fixed."""
        if self.state is None:
            self.agenda.drafts.give_back("", typed)
            return
        meeting_id, file = self.meeting_id, self.state.file
        planned_still = file.meeting.fields.status == "planned"
        before = following(fields["kind"], file.items) if planned_still else None
        agenda = self.services.agenda

        def keep_words(error: Exception) -> None:
            drafts = self.agenda.drafts
            drafts.give_back(meeting_id, typed)
            drafts.refuse(meeting_id)
            self.refuse(error, lambda: meeting_id in drafts.refused, meeting_id, meeting_id, AWAITS)

        self.write(
            lambda: agenda.add(meeting_id, fields, before=before),
            ITEM,
            lambda item: announce(self.agenda.line, f"Point ajouté : {item.fields.title}"),
            keep_words,
        )

    def _on_template(self) -> None:
        meeting_id = self.meeting_id
        self.write(lambda: self.services.preparation.compose(meeting_id), ITEM)

    def _on_taken(self, proposals: Sequence[Proposal]) -> None:
        meeting_id = self.meeting_id
        self.write(lambda: self.services.preparation.take(meeting_id, proposals), ITEM)

    def _on_templates(self) -> None:
        """Offers the agenda templates, and to keep this agenda as one."""
        commission_id = self.commission_id or ""
        self.read(lambda: self.services.agenda_templates.choices(commission_id), self._open_menu)

    def _open_menu(self, choices: Sequence[TemplateChoice]) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for choice in choices:
            action = menu.addAction(literal(f"Ajouter : {choice.template.name}"))
            action.triggered.connect(
                lambda checked=False, one=choice: self._on_template_chosen(one.template)
            )
            action.setEnabled(not self._is_frozen)
        own = [choice for choice in choices if choice.attachment_id]
        if own:
            menu.addSeparator()
        for choice in own:
            forget = menu.addAction(literal(f"Oublier : {choice.template.name}"))
            forget.triggered.connect(lambda checked=False, one=choice: self._forget_template(one))
        menu.addSeparator()
        keep = menu.addAction("Garder cet ordre du jour comme modèle")
        keep.setEnabled(self.state is not None and bool(self.state.file.items))
        keep.triggered.connect(lambda checked=False: self._keep_template())
        below = self.agenda.templates
        menu.popup(below.mapToGlobal(below.rect().bottomLeft()))

    def _keep_template(self) -> None:
        meeting_id = self.meeting_id
        self.write(
            lambda: self.services.agenda_templates.save(meeting_id),
            {"attachment"},
            lambda choice: self.tell(f"Modèle gardé : « {choice.template.name} »."),
        )

    def _forget_template(self, choice: TemplateChoice) -> None:
        templates = self.services.agenda_templates
        self.write(
            lambda: templates.forget(choice.attachment_id),
            {"attachment"},
            lambda done: self.tell(
                f"Modèle oublié : « {choice.template.name} ». {chord('Ctrl+Z')} le fait revenir."
            ),
        )

    def _on_template_chosen(self, template: Template) -> None:
        meeting_id = self.meeting_id
        self.write(lambda: self.services.preparation.compose(meeting_id, template), ITEM)

    def _on_move(self, item_id: str, place: int) -> None:
        if self.state is None or self._is_frozen:
            return
        others = [item.id for item in self.state.file.items if item.id != item_id]
        before = others[place] if place < len(others) else None
        self.write(lambda: self.services.agenda.move(item_id, before=before), ITEM)

    def _on_shift(self, item_id: str, step: int) -> None:
        if not self._is_frozen:
            self.write(lambda: self.services.agenda.shift(item_id, step), ITEM)

    def _open_item_menu(self, row: AgendaRow, at: QPoint) -> None:
        """Offers what can be done to an item, with the keys that do the same."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        words = "Lire" if self._is_frozen else "Modifier"
        menu.addAction(f"{words}\tEntrée", lambda: self.edit_item(row.id))
        if not self._is_frozen:
            self._offer_changes(menu, row)
        menu.popup(at)

    def _offer_changes(self, menu: QMenu, row: AgendaRow) -> None:
        planned_still = (
            self.state is not None and self.state.file.meeting.fields.status == "planned"
        )
        menu.addAction("Monter\tAlt+↑", lambda: self._on_shift(row.id, -1))
        menu.addAction("Descendre\tAlt+↓", lambda: self._on_shift(row.id, 1))
        menu.addSeparator()
        back = "Rétablir" if row.withdrawn else "Retirer de l'ordre du jour"
        menu.addAction(
            f"{'Supprimer' if planned_still else back}\tSuppr", lambda: self._on_delete(row)
        )
        if row.added:
            menu.addAction("Noter la notification aux membres", lambda: self._notify(row.id))

    def _notify(self, item_id: str) -> None:
        self.write(
            lambda: self.services.agenda.notify(item_id),
            ITEM,
            lambda item: self.tell("Le point ajouté est noté comme notifié aux membres."),
        )

    def _on_delete(self, row: AgendaRow) -> None:
        """Deletes an item before the convocation; afterwards withdraws it, or brings it back."""
        agenda = self.services.agenda
        if self._is_frozen:
            return
        if self.state is not None and self.state.file.meeting.fields.status == "planned":
            said = f"Le point est supprimé ; {chord('Ctrl+Z')} le fait revenir."
            meeting_id, meetings = self.meeting_id, self.services.meetings

            def remove() -> None:
                """Leaves to the first of two quick keys what the second would no longer find."""
                if any(one.id == row.id for one in meetings.file(meeting_id).items):
                    agenda.remove(row.id)

            self.write(remove, ITEM, lambda done: self.tell(said))
        else:
            self.write(lambda: agenda.withdraw(row.id, not row.withdrawn), ITEM)

    # The papers

    def _on_paper(self, kind: str, title: str) -> None:
        self.show_document(kind, self.meeting_id, title)

    def _on_file(self, kind: str) -> None:
        """Makes a file that is not shown (e-mail draft, calendar), and asks where to save it."""
        documents, meeting_id = self.services.documents, self.meeting_id

        def make() -> Document:
            if kind == "draft":
                return documents.convocation_draft(meeting_id)
            return documents.make(kind, meeting_id)

        self.tasks.run(make, self._on_file_made, self.failed.emit, self, lane=LONG)

    def _on_file_made(self, document: Document) -> None:
        save_document(document, self.tasks, self, self.tell, self.failed.emit)

    # Convening

    def _on_convene(self) -> None:
        if self.state is None:
            return
        found = dispatch(self.state.file, self.now().date())
        people = found.waiting
        numbers = "L'ordre du jour prend ses numéros ; un point ajouté ensuite aura un numéro bis."
        noted = (
            f"Rien n'est envoyé d'ici : l'envoi à {count(len(people), 'membre')} est noté, et il"
            " vous reste à le faire."
        )
        ConfirmDialog(
            "Convoquer la séance",
            f"{numbers} {noted}" if people else numbers,
            "Convoquer",
            lambda: self._convene(_to_send(found) if people else CONVENED),
            self,
            danger=False,
        ).open()

    def _on_detail(self) -> None:
        dialog = ConvocationsDialog(self.meeting_id, self.services, self.tasks, self)
        dialog.changed.connect(lambda: self.changed.emit(frozenset({"convocation"})))
        # Closed at once, the dialog no longer tells of what it was storing.
        dialog.finished.connect(lambda: self.write(lambda: None, {"convocation"}))
        dialog.open()

    def _convene(self, told: str) -> None:
        meeting_id = self.meeting_id
        self.write(
            lambda: self.services.meetings.convene(meeting_id),
            {"meeting", "agenda_item", "convocation"},
            lambda meeting: self.tell(told),
        )


def _to_send(found: Dispatch) -> str:
    """What to say once convened: the sendings were noted, and the user still has to make them."""
    letters = "imprimez les lettres" if found.by("letter") or found.unnamed else ""
    email = "envoyez le courriel" if found.by("email") else ""
    to_do = listed([one for one in (letters, email) if one])
    return f"{CONVENED} {capitalised(to_do)}, dans « Documents »." if to_do else CONVENED
