"""One need: its words, its particulars, how far it has come, and similar needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from app.domain.needs import Status
from app.domain.records import Need, NeedDigest, Record
from app.domain.refusals import Refusal
from app.services.needs import Alike
from ui.actions import make_action
from ui.dialogs.dialog import FormDialog
from ui.dialogs.need_capture import TITLE_HINT, WORDS_HINT
from ui.models.need_view import NeedView, need_view
from ui.pages.needs import WORDS, group_dialog
from ui.pages.page import NEW
from ui.pages.record_page import RecordPage
from ui.tasks import Tasks
from ui.widgets.dates import DateField
from ui.widgets.fields import Choice, LongField, TextField
from ui.widgets.form import Form
from ui.widgets.half_typed import so_far
from ui.widgets.need_cards import AlikeCard, FollowUpCard, GroupCard
from ui.widgets.pick import PickField, PicksField
from ui.widgets.scroll import Scroll, SideBySide, column
from ui.widgets.section import Section
from ui.words.choices import choices

if TYPE_CHECKING:
    from app.bootstrap import Services

PAUSE = 250
"""Milliseconds without a key before similar needs are looked for."""


class NeedPage(RecordPage):
    """The page of one need; every word is saved as it is typed."""

    kind = "need"
    kinds = frozenset(
        {"need", "attachment", "need_group", "solution", "person", "organisation", "meeting"}
    )
    list_place = "needs"
    words = WORDS

    def __init__(self, services: Services, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(services, tasks, parent)
        self.view: NeedView | None = None
        self._arriving = False
        self._proposed: list[str] = []
        self.follow_up = FollowUpCard()
        self.alike = AlikeCard()
        self.group = GroupCard()
        self.attachments = self.make_attachments()
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        make_action(self, WORDS.new, lambda: self.open_requested.emit("need", NEW), "Ctrl+N")
        self._add_fields()
        self._build()
        self._connect()

    def _add_fields(self) -> None:
        add = self.form.add
        said = LongField("Ce que la personne a dit", 5)
        add("words", "Dans ses mots", said, hint=WORDS_HINT, whole=True)
        short = TextField("Le besoin en quelques mots")
        add("title", "Titre", short, hint=TITLE_HINT, whole=True)
        add("theme", "Thème", Choice([(None, "Sans thème")]))
        add("severity", "Gravité", Choice(choices("need", "severity")))
        add("speaker_person_id", "Exprimé par", PickField([], "Nom de la personne"))
        add("raised_at_meeting_id", "Séance", Choice([(None, "Hors séance")]))
        add(
            "organisation_ids",
            "Collectivités concernées",
            PicksField([], "Ajouter une collectivité"),
        )
        add("deadline_on", "À régler avant le", DateField())

    def _build(self) -> None:
        about = Section("Le besoin")
        about.hold(self.form)
        scroll = Scroll()
        scroll.column.addWidget(
            SideBySide(
                column(about), column(self.follow_up, self.group, self.alike, self.attachments)
            )
        )
        scroll.column.addStretch()
        self.body.addWidget(scroll, 1)

    def _connect(self) -> None:
        self.form.edited.connect(self._pause.start)
        self.form.editor("speaker_person_id").edited.connect(self._propose_place)
        self._pause.timeout.connect(self._look_for_alike)
        self.follow_up.moved.connect(self._on_move)
        self.follow_up.solution_requested.connect(
            lambda solution_id: self.open_requested.emit("solution", solution_id)
        )
        for card in (self.alike, self.group):
            card.opened.connect(lambda need_id: self.open_requested.emit("need", need_id))
        self.alike.grouped.connect(self._on_group)
        self.group.parted.connect(self._on_part)

    # Showing

    def delete(self, record_id: str) -> object:
        return self.services.needs.delete([record_id])

    def show_record(self, record_id: str) -> None:
        super().show_record(record_id)
        self._arriving = record_id != NEW  # where one writes at once
        self._proposed = []

    def _begin(self) -> None:
        """Gives the keyboard to the first empty field of those that the minutes need."""
        for name in ("words", "title"):
            if not self.form.editor(name).value():
                self.form.field(name).setFocus()
                return

    def gather(self, record: Record[Any]) -> NeedView:
        return need_view(self.services, record, self.commission_id)

    def show_view(self, view: NeedView) -> None:
        self.view = view
        fields = view.need.fields
        self.header.say(fields.title or "Nouveau besoin")
        self.form.load(
            view.need.id,
            self.form.values_in(fields),
            {
                "theme": view.themes,
                "raised_at_meeting_id": view.meetings,
                "speaker_person_id": view.persons,
                "organisation_ids": view.organisations,
            },
        )
        if self._arriving:
            self._arriving = False
            self._begin()
        self.follow_up.setVisible(self.stored)
        self.follow_up.show_need(view.need, view.solution)
        self.group.show_group(view.group, view.mates)
        self._look_for_alike()

    def _look_for_alike(self) -> None:
        need_id = self.record_id
        said = " ".join(self.form.editor(name).value() for name in ("title", "words"))
        self.read(lambda: (need_id, self.services.needs.alike(said, but=need_id)), self._show_alike)

    def _show_alike(self, found: tuple[str, Sequence[Alike]]) -> None:
        need_id, alike = found
        if need_id == self.record_id and self.view is not None:
            here = self.view.need.commission_id
            mates = {mate.id for mate in self.view.mates}
            self.alike.show_alike([one for one in alike if one.record.id not in mates], here)

    def _propose_place(self) -> None:
        """Proposes the speaker's commune, unless the user chose others."""
        places = self.form.editor("organisation_ids")
        try:
            speaker, chosen = so_far(self.form.editor("speaker_person_id")), places.value()
        except Refusal:
            return  # a name half typed
        home = self.view.homes.get(speaker or "") if self.view else None
        if not chosen or chosen == self._proposed:
            self._proposed = [home] if home else []
            places.set_value(self._proposed)
            places.edited.emit()

    # Following up

    def _on_move(self, status: Status) -> None:
        """Moves the need to a status, asking first for the reason or the solution it requires."""
        if status == "set_aside":
            self._ask_reason()
        elif status == "answered" and self.view and self.view.need.fields.status == "qualified":
            self._ask_solution()
        else:
            need_id = self.record_id
            self.write(lambda: self.services.needs.move(need_id, status), {"need"})

    def _ask_reason(self) -> None:
        form = Form(1)
        form.add(
            "reason",
            "Motif",
            LongField("Par exemple : relève du département", 3),
            hint="Il figurera au prochain procès-verbal.",
            required="Dites pourquoi ce besoin est écarté.",
        )
        self._asking("Écarter le besoin", form, "Écarter", "set_aside").open()

    def _ask_solution(self) -> None:
        assert self.view is not None
        form = Form(1)
        form.add(
            "solution_id",
            "Solution",
            PickField(self.view.solutions, "Titre de la solution"),
            required="Choisissez la solution qui répond à ce besoin.",
        )
        title = "Une solution répond à ce besoin"
        dialog = self._asking(title, form, "Enregistrer", "answered")
        dialog.offer("Nouvelle solution", lambda: self._propose(dialog), "plus")
        dialog.open()

    def _propose(self, dialog: FormDialog) -> None:
        """Makes a solution for this need and those of its group, and goes to it."""
        dialog.accept()
        self.flush()
        need_id = self.record_id
        self.write(
            lambda: self.services.needs.propose(need_id),
            {"need", "solution"},
            lambda made: self.open_requested.emit("solution", made.id),
        )

    def _asking(self, title: str, form: Form, confirm: str, status: Status) -> FormDialog:
        need_id = self.record_id

        def save(values: dict[str, Any]) -> Record[Need]:
            return self.services.needs.move(need_id, status, **values)

        dialog = FormDialog(title, form, save, self.tasks, self, confirm=confirm)
        dialog.saved.connect(lambda need: self.changed.emit(frozenset({"need"})))
        return dialog

    # Grouping

    def _on_group(self, other: Record[Need | NeedDigest]) -> None:
        """Groups this need with a similar one: in a group that either has, else in a new one."""
        assert self.view is not None
        need_id, needs = self.record_id, self.services.needs
        own = self.view.need.fields.need_group_id
        theirs = getattr(other.fields, "need_group_id", None)
        if own or theirs:
            joining = need_id if theirs else other.id
            self.write(lambda: needs.join(theirs or own or "", [joining]), {"need", "need_group"})
        else:
            group_dialog(self, self.header.title.text(), [need_id, other.id]).open()

    def _on_part(self) -> None:
        need_id = self.record_id
        self.write(lambda: self.services.needs.part(need_id), {"need", "need_group"})
