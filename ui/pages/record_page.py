"""The base of a page on one record: its form saves itself, and a new record is stored with the
first words typed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from msgspec import to_builtins
from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QWidget

from app.domain.records import KINDS, Record
from app.domain.validation import typed
from app.errors import UserError
from app.services.changes import Change
from ui.actions import make_action
from ui.dialogs.dialog import ConfirmDialog
from ui.pages.list_page import GONE_EVERYWHERE, ListWords
from ui.pages.page import NEW, NEW_SHARED, Page
from ui.tasks import Tasks
from ui.widgets.attachments_card import AttachmentsCard
from ui.widgets.banner import Banner
from ui.widgets.buttons import action_button
from ui.widgets.header import PageHeader
from ui.widgets.record_form import RecordForm
from ui.widgets.scroll import Scroll
from ui.window.refused import Refused

if TYPE_CHECKING:
    from app.bootstrap import Services


WAITING = "Ce que vous veniez d'écrire n'est pas enregistré : cela vous attend dans sa fiche."
"""Added to the reason why words were refused, once their record is left."""


class Hold(NamedTuple):
    """How the GIP holds a record: `sealed` if only the GIP edits it, `outliving` if the GIP deleted
    it and it is kept alive here, `published` if it is the region's and this computer the GIP's.
    """

    sealed: bool
    outliving: bool
    published: bool


class RecordPage(Page):
    """One record of `kind`; `list_place` is the place of its list.

    `record_id` is the record in sight, which every action is about; `wanted_id` is the one asked
    for, which is another while it is still being read.
    """

    kind: ClassVar[str]
    list_place: ClassVar[str]
    words: ClassVar[ListWords]
    form_columns: ClassVar[int] = 2
    sealed_words: ClassVar[str] = ""
    outliving_words: ClassVar[str] = ""
    shared_words: ClassVar[str] = ""

    def __init__(self, services: Services, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(services, tasks, parent)
        self.record_id = self.wanted_id = ""
        self._born: dict[str, str | None] = {}
        self._space: str | None = None  # the commission of the record shown, None for the region
        self._published = False
        self._sitting = ""
        self._down = 0
        self.header = PageHeader("", back=self.words.title)
        self.seal = Banner()
        self.form = self.make_form(self.form_columns)
        self.look_back = make_action(self, "Historique", self.show_history, "Ctrl+H", "history")
        self.remove = make_action(self, "Supprimer", self.ask_removal, "Ctrl+Del", "trash-2")
        self.back = make_action(self, "Retour", self.go_back, "Alt+Left")
        self.header.add_action(action_button(self.look_back, icon="history"))
        self.header.add_action(action_button(self.remove, icon="trash-2"))
        self.body.addWidget(self.header)
        self.body.addWidget(self.seal)
        self.header.back_requested.connect(self.go_back)

    def make_form(self, columns: int) -> RecordForm:
        """A form for fields of the record, which saves them as they are filled in."""
        form = RecordForm(self._save, self.tasks, columns)
        form.state_changed.connect(self.saving_changed)
        form.saved.connect(lambda: self.changed.emit(frozenset({self.kind})))
        form.failed.connect(self._refuse)
        form.left_behind.connect(
            lambda record_id, error: self._refuse(
                error, record_id, lambda: form.awaits(record_id), WAITING
            )
        )
        form.orphaned.connect(self.orphaned)
        return form

    @property
    def stored(self) -> bool:
        """Whether anything of the record in sight was stored yet."""
        return self.is_stored(self.record_id)

    def is_stored(self, record_id: str) -> bool:
        """As `stored`, for any record: one that is being read may not be in sight yet."""
        return record_id not in self._born

    def flush(self) -> None:
        for form in self.findChildren(RecordForm):
            form.finish()
        super().flush()

    # Reading

    def set_commission(self, commission_id: str | None) -> None:
        if self._space not in (None, commission_id):
            self.record_id = self.wanted_id = ""
        super().set_commission(commission_id)

    def show_record(self, record_id: str) -> None:
        """Turns to a record; for NEW and NEW_SHARED, to a new one."""
        self.flush()
        self.seal.hide()
        if record_id in (NEW, NEW_SHARED):
            space = self.commission_id if record_id == NEW else None
            record_id = self.services.ids()
            self._born[record_id] = space
        self.wanted_id = record_id
        if not self.record_id:
            self._take_deeds(taken=False)
        self._sitting = self.services.ids()
        self._down = 0
        for scroll in self.findChildren(Scroll):
            scroll.verticalScrollBar().setValue(0)
        self.refresh()
        if record_id in self._born:
            self.record_id = record_id
            self._take_deeds(taken=True)
            self._empty_forms()
            self.form.focus_first()

    def _take_deeds(self, *, taken: bool) -> None:
        """Leaves the way back alone to the user until there is a record to write in and act on."""
        for part in self.children():
            if isinstance(part, QWidget) and part is not self.header and not part.isWindow():
                part.setEnabled(taken)
        for action in (self.look_back, self.remove):
            action.setEnabled(taken and action.isEnabled())

    def _empty_forms(self) -> None:
        """Shows a new record at once, so that the first words typed do not go to the former one,
        nor does a file dropped.
        """
        fields = self.blank(self.record_id).fields
        for form in self.findChildren(RecordForm):
            form.load(self.record_id, to_builtins(form.values_in(fields)))
        for card in self.findChildren(AttachmentsCard):
            card.show_owner(self.record_id, shown=False)

    def where(self) -> tuple[str, str]:
        scrolls = self.findChildren(Scroll)
        down = scrolls[0].verticalScrollBar().value() if scrolls else 0
        stored = self.wanted_id and self.is_stored(self.wanted_id)
        return (self.wanted_id, str(down)) if stored else ("", "")

    def shows(self, record_id: str, part: str = "") -> bool:
        return self.wanted_id == record_id

    def resume(self, record_id: str, detail: str) -> None:
        self.show_record(record_id)
        self._down = int(detail) if detail.isdigit() else 0

    def refresh(self) -> None:
        if self.wanted_id:
            record_id = self.wanted_id
            self.tasks.run(
                lambda: self._gathered(record_id),
                self._on_gathered,
                lambda error: self._on_gone(record_id, error),
                self,
            )

    def _gathered(self, record_id: str) -> tuple[Record[Any], Hold, Any]:
        record, records = self.current(record_id), self.services.records
        sealed = records.sealed(record)
        shared = record.commission_id is None
        hold = Hold(
            sealed,
            sealed and records.outlives(record),
            shared and self.services.region.published_from_here(),
        )
        return record, hold, self.gather(record)

    def current(self, record_id: str) -> Record[Any]:
        """The record as stored, or blank before it is first stored; UserError if it was deleted."""
        records = self.services.records
        try:
            envelope = records.envelope(record_id, deleted=True)
        except UserError:
            if record_id not in self._born:
                raise
            return self.blank(record_id)
        return records.get(record_id) if envelope.deleted else typed(envelope)

    def blank(self, record_id: str) -> Record[Any]:
        """A new record as it is before anything is typed."""
        fields = KINDS[self.kind](**self.preset())
        return Record(id=record_id, fields=fields, commission_id=self._born[record_id])

    def preset(self) -> dict[str, Any]:
        """The fields that a new record holds from the start."""
        return {}

    def gather(self, record: Record[Any]) -> Any:
        """Reads all that the page shows of a record, off the GUI thread."""
        raise NotImplementedError

    def show_view(self, view: Any) -> None:
        """Shows what `gather` gave."""
        raise NotImplementedError

    def _on_gathered(self, gathered: tuple[Record[Any], Hold, Any]) -> None:
        record, hold, view = gathered
        if record.id == self.wanted_id:
            self.record_id = record.id
            self._take_deeds(taken=True)
            self._space = record.commission_id
            self.look_back.setEnabled(self.stored)
            self.remove.setEnabled(self.stored and (hold.outliving or not hold.sealed))
            self._published = hold.published
            self._show_seal(record, hold, view)
            for card in self.findChildren(AttachmentsCard):
                card.show_owner(record.id, shown=self.stored, sealed=hold.sealed)
            self.show_view(view)
            if self._down:
                QTimer.singleShot(0, self, self._scroll_down)

    def _scroll_down(self) -> None:
        """Scrolls to where the user was, called once the contents have their height."""
        for scroll in self.findChildren(Scroll)[:1]:
            scroll.verticalScrollBar().setValue(self._down)
        self._down = 0

    def _show_seal(self, record: Record[Any], hold: Hold, view: Any) -> None:
        """Says, once, that only the GIP edits the record or that the GIP deleted it, or to the GIP
        that it is the whole region's; then leads to its twin, if it has one.
        """
        words = self.shared_words if hold.published else ""
        if hold.sealed:
            words = self.outliving_words if hold.outliving else self.words_of_seal(record)
        also, twin_id = self.twin(view)
        words = " ".join(filter(None, (words, also)))
        if not words:
            self.seal.hide()
        elif self.seal.isHidden() or self.seal.accessibleName() != words:
            self.seal.say(
                words,
                offer="La voir" if twin_id else "",
                act=lambda: self.open_requested.emit(self.kind, twin_id),
            )
        self.on_sealed(hold.sealed)

    def twin(self, view: Any) -> tuple[str, str]:
        """What to say of another record about the same thing, and that record's id; "" for none."""
        return "", ""

    def words_of_seal(self, record: Record[Any]) -> str:
        """What to say of a record that only the GIP edits."""
        return self.sealed_words

    def on_sealed(self, sealed: bool) -> None:
        """Locks the forms of a record that only the GIP edits; else unlocks them."""
        for form in self.findChildren(RecordForm):
            form.lock(locked=sealed)

    def _on_gone(self, record_id: str, error: Exception) -> None:
        """Leaves a record that is no longer there, unless another one is wanted by now."""
        if record_id != self.wanted_id:
            return
        self.record_id = self.wanted_id = ""
        self._forget(record_id)
        self.gone.emit(error)
        if self.isVisible():
            self.go_back()

    def _forget(self, record_id: str) -> None:
        for form in self.findChildren(RecordForm):
            form.forget(record_id)

    # Writing

    def _save(self, record_id: str, fields: dict[str, Any], over: dict[str, Any]) -> None:
        """Stores what was typed; saves of the same fields in one visit make one history entry."""
        burst = f"{self._sitting}:{','.join(sorted(fields))}"
        if record_id in self._born:
            fields = self.preset() | fields
        space = self._born.get(record_id, "")
        change = Change(self.kind, fields, record_id, space, over=over)
        self.services.records.put([change], burst=burst)
        self._born.pop(record_id, None)

    def _refuse(
        self, error: Exception, record_id: str, waits: Callable[[], bool], kept: str = ""
    ) -> None:
        """Has the window say, as long as `waits()`, why words of a record were not stored."""
        self.refused.emit(Refused(error, waits, self.kind, record_id, kept=kept))

    # Going elsewhere

    def go_back(self) -> None:
        self.open_requested.emit(self.list_place, "")

    def show_history(self) -> None:
        self.flush()
        self.show_past(self.header.title.text(), self.record_id)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.flush()

    def ask_removal(self) -> None:
        title = self.header.title.text()
        gone, record_id = GONE_EVERYWHERE if self._published else "", self.record_id
        ConfirmDialog(
            f"Supprimer {self.words.one}",
            " ".join(filter(None, (f"« {title} ».", gone, self.words.back))),
            "Supprimer",
            lambda: self._remove(record_id),
            self,
        ).open()

    def _remove(self, record_id: str) -> None:
        """Deletes the record that was asked about, and leaves it if it is still in sight."""
        self.flush()
        in_sight = record_id == self.wanted_id
        if in_sight:
            self.record_id = self.wanted_id = ""

        def stay(error: Exception) -> None:
            if in_sight:
                self.record_id = self.wanted_id = self.wanted_id or record_id
            self.failed.emit(error)

        def leave(deleted: object) -> None:
            self._forget(record_id)
            if in_sight:
                self.go_back()

        self.write(lambda: self._delete(record_id), {self.kind}, leave, stay)

    def _delete(self, record_id: str) -> None:
        """Deletes the record, unless nothing was ever stored of it."""
        if record_id not in self._born:
            self.delete(record_id)

    def delete(self, record_id: str) -> object:
        """Deletes a stored record, off the GUI thread."""
        return self.services.records.delete(record_id)
