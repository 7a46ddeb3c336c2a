"""One watch note: what it says, whom it concerns in the commission, and who was told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from app.domain.records import Record, WatchNote
from app.domain.wording import count
from ui.actions import make_action
from ui.dialogs.dialog import FormDialog
from ui.models.watch_view import WatchView, watch_view
from ui.pages.record_page import RecordPage
from ui.pages.watch import WORDS
from ui.tasks import Tasks
from ui.widgets.audience_field import AudienceField
from ui.widgets.buttons import action_button, button
from ui.widgets.dates import DateField
from ui.widgets.fields import Choice, LongField, TextField
from ui.widgets.form import Form
from ui.widgets.pick import Option, PickField
from ui.widgets.scroll import Scroll, SideBySide, column
from ui.widgets.section import Section
from ui.widgets.ticks import TickList
from ui.widgets.watch_cards import BriefingsCard, ReachCard
from ui.words.choices import choices
from ui.words.chord import chord

if TYPE_CHECKING:
    from app.bootstrap import Services


REPLACED = "Le GIP a remplacé cette note : celle qui vaut est nommée plus bas, « Remplacée par »."

NO_WEB = "Ce lien ne s'ouvre pas : une adresse commence par https:// et n'a pas d'espace."
TOO_SOON = "Cette échéance vient avant la publication : relisez ces deux dates."


class WatchNotePage(RecordPage):
    """The page of one note; every word is saved as it is typed."""

    kind = "watch_note"
    kinds = frozenset(
        {"watch_note", "attachment", "briefing", "roster_entry", "organisation", "meeting"}
    )
    list_place = "watch"
    words = WORDS
    sealed_words = (
        "Cette note est publiée par le GIP : elle se lit ici, et vous pouvez en informer les"
        " communes."
    )
    shared_words = (
        "Cette note est pour toute la région : chaque commission la reçoit à sa synchronisation."
    )

    def __init__(self, services: Services, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(services, tasks, parent)
        self.view: WatchView | None = None
        self.audience_form = self.make_form(1)
        self.audience = AudienceField()
        self.reach = ReachCard()
        self.read_text = button(
            "Lire le texte", self._on_read_text, kind="quiet", icon="external-link"
        )
        self.briefings = BriefingsCard()
        self.attachments = self.make_attachments()
        self.tell_them = make_action(self, "Informer…", self.ask_whom_to_tell, "Ctrl+I", "send")
        self._add_fields()
        self._build()
        self._connect()

    def _add_fields(self) -> None:
        add = self.form.add
        add("title", "Titre", TextField("Ce qui change"), whole=True)
        add("level", "Niveau", Choice(choices("watch_note", "level")))
        add("theme", "Thème", Choice([(None, "Sans thème")]))
        add("body", "Ce que dit la règle", LongField("", 4), whole=True)
        add("todo", "Ce qu'il faut faire", LongField("", 3), whole=True)
        add("reference", "Référence", TextField("Loi, décret, article"), whole=True)
        add("url", "Adresse du texte", TextField("https://"), whole=True)
        add("published_on", "Publiée le", DateField())
        add("applies_from", "S'applique le", DateField())
        add("deadline_on", "Échéance", DateField())
        add("superseded_by_id", "Remplacée par", PickField([], "Titre d'une autre note"))
        self.audience_form.add("audience", "", self.audience)

    def _build(self) -> None:
        about, public = Section("La note"), Section("À qui elle s'adresse")
        about.add_beside(self.read_text)
        about.hold(self.form)
        public.say("Un critère laissé vide vaut pour tout le monde.")
        public.hold(self.audience_form)
        self.reach.add_beside(action_button(self.tell_them, icon="send"))
        scroll = Scroll()
        scroll.column.addWidget(
            SideBySide(
                column(about, self.attachments),
                column(public, self.reach, self.briefings),  # what changes in height comes last
                share=(1, 1),
            )
        )
        scroll.column.addStretch()
        self.body.addWidget(scroll, 1)

    def _connect(self) -> None:
        self.reach.table.opened.connect(
            lambda row: self.open_requested.emit("organisation", row.id)
        )
        self.briefings.removed.connect(self._on_removed)

    # Showing

    def delete(self, record_id: str) -> object:
        return self.services.watch.delete([record_id])

    def words_of_seal(self, record: Record[Any]) -> str:
        return self.sealed_words if record.fields.superseded_by_id is None else REPLACED

    def gather(self, record: Record[Any]) -> WatchView:
        return watch_view(
            self.services, record, self.commission_id, stored=self.is_stored(record.id)
        )

    def show_view(self, view: WatchView) -> None:
        self.view = view
        fields = view.note.fields
        self.header.say(fields.title or "Nouvelle note")
        self.form.load(
            view.note.id,
            self.form.values_in(fields),
            {"theme": view.themes, "superseded_by_id": view.others},
        )
        audience = {"audience": msgspec.to_builtins(fields.audience)}
        self.audience_form.load(view.note.id, audience, {"audience": view.offers})
        self.reach.show_rows(view.reach, fields, stored=self.stored)
        self.reach.say_region(view.region, view.region_told, alone=self.commission_id is None)
        self.briefings.show_briefings(view.briefings, dict(view.meetings), view.names, view.changed)
        self.tell_them.setEnabled(bool(view.reach))
        self.read_text.setVisible(_is_web(fields.url))
        self.form.explain("url", NO_WEB if fields.url and not _is_web(fields.url) else "")
        self.form.explain("deadline_on", TOO_SOON if _is_due_too_soon(fields) else "")

    def _on_read_text(self) -> None:
        """Opens the text of the rule in the user's browser."""
        if self.view is not None:
            QDesktopServices.openUrl(QUrl(self.view.note.fields.url))

    # Telling

    def ask_whom_to_tell(self) -> None:
        """Asks who was told of the note, when and at which meeting; ticks those still to tell."""
        if self.view is None or not self.view.reach:
            return
        note_id, reach, here = self.record_id, self.view.reach, self.commission_id
        days = self.view.days
        form, day = Form(1), DateField()
        meeting = Choice([one for one in self.view.meetings if one[0] in days])
        meeting.edited.connect(lambda: day.set_value(days[meeting.value()]))
        form.add("meeting_id", "Séance", meeting)
        form.add("told_on", "Informées le", day, required="Donnez le jour de l'information.")
        form.add(
            "organisation_ids",
            "Collectivités informées",
            TickList([Option(row.id, row.name) for row in reach]),
            hint="Leur information est notée ici ; le programme ne leur envoie rien.",
            required="Cochez au moins une collectivité.",
        )
        untold = [row.id for row in reach if row.to_tell]
        whom = untold or [row.id for row in reach]
        form.set_values({"organisation_ids": whom, "told_on": days[None]})

        def save(values: dict[str, Any]) -> Record[Any]:
            return self.services.watch.tell(note_id, **values, commission_id=here)

        dialog = FormDialog(
            "Informer de cette note", form, save, self.tasks, self, confirm="Noter l'information"
        )
        dialog.saved.connect(self._on_told)
        dialog.open()

    def _on_told(self, briefing: Record[Any]) -> None:
        told = count(len(briefing.fields.organisation_ids), "collectivité informée",
                     "collectivités informées")  # fmt: skip
        self.tell(f"{told} de cette note.")
        self._sitting = self.services.ids()  # a new history entry: they were not told what follows
        self.changed.emit(frozenset({"briefing"}))

    def _on_removed(self, briefing_id: str) -> None:
        self.write(
            lambda: self.services.records.delete(briefing_id),
            {"briefing"},
            lambda ids: self.tell(
                f"L'information est retirée ; {chord('Ctrl+Z')} la fait revenir."
            ),
        )


def _is_web(url: str) -> bool:
    """Whether an address is one that a browser opens; no other is ever handed to the system."""
    return QUrl(url).scheme() in ("https", "http") and bool(QUrl(url).host())


def _is_due_too_soon(fields: WatchNote) -> bool:
    """Whether the deadline comes before the publication, as when a year is mistyped."""
    return (fields.deadline_on or "9999") < (fields.published_on or "")
