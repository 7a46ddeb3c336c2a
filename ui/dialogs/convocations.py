"""Who is convened and how: the channel of each member, and what was sent."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, get_args

from PySide6.QtCore import QPoint, Qt, QUrl, QUrlQuery, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QMenu, QWidget

from app.domain.convocations import Channel, Recipient
from app.domain.dates import local_day
from app.domain.wording import short_day
from ui import errors
from ui.dialogs.dialog import ConfirmDialog, Dialog, FormDialog, compose, fit, foot
from ui.models.recipients import CHANNELS, RecipientsModel
from ui.models.rows import ROW
from ui.tasks import Tasks
from ui.theme import Space
from ui.widgets.banner import Banner
from ui.widgets.buttons import button
from ui.widgets.dates import DateField
from ui.widgets.form import Form
from ui.widgets.line_list import LineList
from ui.widgets.text import Label, label
from ui.words.chord import chord

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.services.convocations import Dispatch

LONGEST = 2000 if sys.platform == "win32" else 1 << 16
"""The longest mailto address that a mail program receives whole; Windows cuts at 2,083."""

KEYS = {Qt.Key.Key_L: "letter", Qt.Key.Key_C: "email", Qt.Key.Key_M: "hand"}
KEYS_WORDS = (
    "Un clic sur l'état donne les choix ; au clavier, L\u00a0lettre, C\u00a0courriel, M\u00a0main"
    " propre, Entrée note l'envoi, Suppr l'efface, E écrit le courriel."
)


class ConvocationsDialog(Dialog):
    """`changed` follows each channel chosen and each sending noted or taken back.

    In the list, L, C and M choose the channel, Enter notes a sending, Delete takes it back, and E
    opens the e-mail.
    """

    changed = Signal()

    def __init__(
        self, meeting_id: str, services: Services, tasks: Tasks, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._meeting_id = meeting_id
        self._services = services
        self._tasks = tasks
        self._opened = False  # the meeting: what is noted now was sent on a day to be told
        self._noting: set[str] = set()  # the persons whose sending is being stored
        self.banner = Banner()
        self.deadline: Label = label("", "muted", wrap=True)
        self.model = RecipientsModel(self)
        self.list = RecipientsList(self.model)
        self.close_button = button("Fermer", self.accept)
        self.sent = button("Noter tout comme envoyé", self._on_all_sent, kind="primary")
        self._build()
        self.list.channel_asked.connect(self._on_channel)
        self.list.sent_asked.connect(lambda one: self._note_sent([one.person.id]))
        self.list.taken_back.connect(self._on_taken_back)
        self.list.mail_asked.connect(self._on_mail)
        self._read()

    def _build(self) -> None:
        fit(self, 620, 560)
        parts = [self.banner, self.deadline, self.list]
        buttons = foot([self.close_button, self.sent])
        layout = compose(self, "Convocations", parts, buttons)
        layout.setSpacing(Space.M)
        layout.insertWidget(layout.indexOf(self.list) + 1, label(KEYS_WORDS, "caption", wrap=True))

    def _read(self) -> None:
        self._run(lambda: self._services.convocations.of(self._meeting_id), self._show)

    def _show(self, dispatch: Dispatch) -> None:
        self._opened = dispatch.opened
        self.deadline.setText(f"{dispatch.deadline}. {dispatch.unnamed_sentence}".strip())
        self.model.set_recipients(dispatch.recipients)
        if not self.list.currentIndex().isValid():
            self.list.setCurrentIndex(self.model.index(0))
        self.sent.setEnabled(bool(dispatch.waiting))

    def _on_channel(self, recipient: Recipient, channel: Channel) -> None:
        convocations, person_id = self._services.convocations, recipient.person.id

        def choose() -> Dispatch:
            convocations.choose(self._meeting_id, person_id, channel)
            return convocations.of(self._meeting_id)

        self._change(choose)

    def _on_all_sent(self) -> None:
        waiting = [one for one in self.model.recipients if one.entry_id and not one.sent]
        self._note_sent([one.person.id for one in waiting])

    def _note_sent(self, person_ids: list[str]) -> None:
        """Notes each sending once: one asked for twice before it shows would be a second proof."""
        asked = [one for one in person_ids if one not in self._noting]
        if not asked:
            return
        if self._opened:
            self._ask_day(asked)
            return
        self._noting.update(asked)
        convocations = self._services.convocations

        def noted(dispatch: Dispatch) -> None:
            self._noting.difference_update(asked)
            self._on_changed(dispatch)

        def failed(error: Exception) -> None:
            self._noting.difference_update(asked)
            self._fail(error)

        self._tasks.run(
            lambda: convocations.note_sent(self._meeting_id, asked), noted, failed, self
        )

    def _ask_day(self, person_ids: list[str]) -> None:
        """Asks when convocations left that are noted once the meeting is opened."""
        convocations, form = self._services.convocations, Form(1)
        form.add("day", "Envoi parti le", DateField(), required="Donnez le jour de l'envoi.")
        dialog = FormDialog(
            "Noter l'envoi",
            form,
            lambda values: convocations.note_sent(
                self._meeting_id, person_ids, at=f"{values['day']}T00:00"
            ),
            self._tasks,
            self,
            confirm="Noter l'envoi",
        )
        dialog.saved.connect(self._on_changed)
        dialog.begin_at("day")
        dialog.open()

    def _on_taken_back(self, recipient: Recipient) -> None:
        """Takes back a sending; one that was noted is a proof, so the user confirms first."""
        convocations, person_id = self._services.convocations, recipient.person.id

        def take_back() -> None:
            self._change(lambda: convocations.take_back(self._meeting_id, person_id))

        if recipient.prepared is not None or not recipient.sent:
            take_back()
            return
        last = recipient.sent[-1].fields.sent_at or ""
        ConfirmDialog(
            "Effacer l'envoi",
            f"L'envoi à {recipient.name} noté le {short_day(local_day(last))} sera effacé ; il"
            " reste dans l'historique.",
            "Effacer l'envoi",
            take_back,
            self,
        ).open()

    def _on_mail(self, recipient: Recipient) -> None:
        """Opens the user's mail program on a message to this member."""
        documents, person_id = self._services.documents, recipient.person.id

        def write() -> str:
            return documents.convocation_mail(self._meeting_id, person_id)

        self._tasks.run(write, self._open_mail, self._fail, self)

    def _open_mail(self, address: str) -> None:
        mail = QUrl(address)
        if len(address) > LONGEST:
            mail = self._copy_words(mail)
        if not QDesktopServices.openUrl(mail):
            self.banner.say(
                "Aucune messagerie ne s'ouvre ici : enregistrez le brouillon du courriel, dans les"
                " documents de la séance.",
                "warning",
            )

    def _copy_words(self, mail: QUrl) -> QUrl:
        """Puts the words of a message on the clipboard; returns the address without them."""
        fields = QUrlQuery(mail)
        words = fields.queryItemValue("body", QUrl.ComponentFormattingOption.FullyDecoded)
        QGuiApplication.clipboard().setText(words.replace("\r\n", "\n"))
        fields.removeQueryItem("body")
        mail.setQuery(fields)
        self.banner.say(
            "Le texte est long : il est dans le presse-papiers, collez-le"
            f" ({chord('Ctrl+V')}) dans le message qui s'ouvre."
        )
        return mail

    def _change(self, work: Callable[[], Dispatch]) -> None:
        self._run(work, self._on_changed)

    def _on_changed(self, dispatch: Dispatch) -> None:
        self._show(dispatch)
        self.changed.emit()

    def _run(self, work: Callable[[], Dispatch], done: Callable[[Dispatch], object]) -> None:
        self._tasks.run(work, done, self._fail, self)

    def _fail(self, error: Exception) -> None:
        errors.tell(error, self.banner, self)


class RecipientsList(LineList):
    """`channel_asked` carries a recipient and a channel; the other signals carry a recipient."""

    channel_asked = Signal(object, str)
    sent_asked = Signal(object)
    taken_back = Signal(object)
    mail_asked = Signal(object)

    def __init__(self, model: RecipientsModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setAccessibleName("Membres à convoquer")
        self.customContextMenuRequested.connect(self._open_menu)

    def current(self) -> Recipient | None:
        found = self.currentIndex().data(ROW)
        return found if isinstance(found, Recipient) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        recipient = self.current()
        channel = KEYS.get(Qt.Key(event.key()))
        if recipient is not None and event.key() == Qt.Key.Key_Delete:
            self.taken_back.emit(recipient)
        elif recipient is None or not recipient.entry_id:
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_E:
            self.mail_asked.emit(recipient)
        elif channel is not None:
            self.channel_asked.emit(recipient, channel)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.sent_asked.emit(recipient)
        else:
            super().keyPressEvent(event)

    def _open_menu(self, at: QPoint) -> None:
        recipient = self.current()
        if recipient is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if recipient.entry_id:
            self._offer_sending(menu, recipient)
        if recipient.sent or recipient.prepared:
            menu.addAction("Effacer l'envoi\tSuppr", lambda: self.taken_back.emit(recipient))
        menu.popup(self.viewport().mapToGlobal(at))

    def _offer_sending(self, menu: QMenu, recipient: Recipient) -> None:
        for channel in get_args(Channel):
            action = menu.addAction(CHANNELS[channel])
            action.setEnabled(channel != "email" or recipient.has_address)
            action.triggered.connect(
                lambda checked=False, one=channel: self.channel_asked.emit(recipient, one)
            )
        menu.addSeparator()
        menu.addAction("Noter comme envoyée\tEntrée", lambda: self.sent_asked.emit(recipient))
        write = menu.addAction("Écrire le courriel\tE", lambda: self.mail_asked.emit(recipient))
        write.setEnabled(recipient.has_address)
