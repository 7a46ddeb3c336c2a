"""The base of every page: how it reads, writes, asks the window for things, and stays up to date.

A page reads widgets, calls a service through `read` or `write`, and shows the result; it never
waits. `changed` tells the window what it changed, and each page that shows one of those kinds
refreshes, at once or the next time it is seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QTabWidget, QVBoxLayout, QWidget

from ui.tasks import Task, Tasks
from ui.theme import Space, Theme
from ui.widgets.autosave import Autosave
from ui.window.preferences import Preferences

if TYPE_CHECKING:
    from app.bootstrap import Services
    from ui.widgets.attachments_card import AttachmentsCard
    from ui.widgets.document_pane import DocumentPane

T = TypeVar("T")

NEW = "new"
"""What `show_record` takes instead of an id to make a new record."""

NEW_SHARED = "new for the region"
"""As `NEW`, for a record that the GIP publishes for the whole region."""


NO_COMMISSION = (
    "Il faut d'abord une commission : créez-la dans les réglages, ou faites venir celle du GIP par"
    " la page « Synchronisation »."
)


class Page(QWidget):
    """A page of the window; `kinds` are the kinds of record that it shows.

    `open_requested` names a place to go to and the id of a record, or "". `changed` carries the
    kinds that changed (an empty set: any), `typed` follows each save of words. `told` carries a
    sentence and its tone; `went_on` says that what was told is out of date.
    `refused` carries why words were not stored (`Refused`), shown as long as they wait; `orphaned`
    carries words whose record was deleted before they were stored; `gone` carries the error of a
    record that was in sight and is no longer there.
    `maintenance_requested` carries the words to show and the work to run (task → sentences) while
    every page is closed; `end_requested` the same (task → sentences) for work that leaves no
    workspace; `repair_requested` asks for a repair; `workspace_moved` carries the new folder.
    """

    kinds: ClassVar[frozenset[str]] = frozenset()

    open_requested = Signal(str, str)
    changed = Signal(object)
    failed = Signal(object)
    gone = Signal(object)
    told = Signal(str, str)
    refused = Signal(object)
    orphaned = Signal(str)
    saving_changed = Signal()
    maintenance_requested = Signal(str, object)
    end_requested = Signal(str, object)
    repair_requested = Signal()
    workspace_moved = Signal(object)
    went_on = Signal()
    typed = Signal()

    def __init__(self, services: Services, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.services = services
        self.tasks = tasks
        self.commission_id: str | None = None
        self.commissions: Mapping[str, str] = {}
        self._stale = True
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(Space.XXL, Space.XL, Space.XXL, Space.XL)
        self.body.setSpacing(Space.L)

    def refresh(self) -> None:
        """Reads again and shows; called when the page is seen and what it shows has changed."""

    def dress(self, theme: Theme, preferences: Preferences) -> None:
        """Called once, with the theme and the preferences that the page may follow or change."""

    def show_record(self, record_id: str) -> None:
        """Goes to one record, when another page asks for it."""

    def show_part(self, record_id: str, part: str) -> None:
        """Goes to one record and, in a page that tells parts apart, to this part of it."""
        self.show_record(record_id)

    def come_from(self, record_id: str) -> None:
        """Hears which of its records was in sight before this page is."""

    def take_focus(self) -> None:
        """Puts the keyboard where the work of this page begins."""
        self.setFocus()

    def where(self) -> tuple[str, str]:
        """The record shown ("" for none) and where the user is in it, for `resume`."""
        return "", ""

    def shows(self, record_id: str, part: str = "") -> bool:
        """Whether the page shows this record, stored or not yet, with that part in sight."""
        return self.where()[0] == record_id

    def resume(self, record_id: str, detail: str) -> None:
        """Goes back to where `where` said the user was, as far as it still exists."""
        if record_id:
            self.show_record(record_id)

    def offer_commissions(self, names: Mapping[str, str]) -> None:
        """Hears of the commissions of the workspace: their names by id."""
        self.commissions = names

    @property
    def listed_id(self) -> str | None:
        """The commission whose records the page lists; None for those of all of them."""
        return self.commission_id

    def set_commission(self, commission_id: str | None) -> None:
        """Turns to a commission: a record of another is left, and what is shown is read again."""
        self.commission_id = commission_id
        self.on_changed(frozenset())

    def now(self) -> datetime:
        """The present instant, by the clock of the workspace."""
        return self.services.workspace.clock()

    def read(self, work: Callable[[], T], show: Callable[[T], object]) -> Task:
        """Runs a reading service off this thread and shows what it gives."""
        return self.tasks.run(work, show, self.failed.emit, self)

    def write(
        self,
        work: Callable[[], T],
        kinds: Set[str],
        done: Callable[[T], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
    ) -> Task:
        """Runs a writing service, then says which kinds changed."""

        def finish(result: T) -> None:
            if done is not None:
                done(result)
            self.changed.emit(frozenset(kinds))

        return self.tasks.run(work, finish, failed or self.failed.emit, self)

    def tell(self, sentence: str, tone: str = "success") -> None:
        """Has the window show one sentence."""
        self.told.emit(sentence, tone)

    def keep(self, autosave: Autosave) -> Autosave:
        """Tells the window of an autosave: its state, its saves, and words whose record is gone."""
        autosave.state_changed.connect(lambda state: self.saving_changed.emit())
        autosave.saved.connect(self.typed)
        autosave.orphaned.connect(self.orphaned)
        return autosave

    def make_attachments(self) -> AttachmentsCard:
        """A card of the files kept with a record of this page."""
        from ui.widgets.attachments_card import AttachmentsCard

        card = AttachmentsCard(self.services, self.tasks, self)
        card.told.connect(self.told)
        card.failed.connect(self.failed)
        card.changed.connect(lambda: self.changed.emit(frozenset({"attachment"})))
        return card

    def show_past(self, title: str, record_id: str, over: QDialog | None = None) -> None:
        """Shows the history of a record, and of what is read with it.

        `over` is the dialog that asked; it closes on a restoration, as its form shows the former
        state.
        """
        from ui.dialogs.history import HistoryDialog

        past = HistoryDialog(title, record_id, self.services, self.tasks, over or self)
        past.restored.connect(lambda: self.changed.emit(frozenset()))
        if over is not None:
            past.restored.connect(past.accept)
            past.restored.connect(over.reject)
        past.open()

    def show_document(
        self, kind: str, record_id: str | None, title: str, warning: str = ""
    ) -> None:
        """Makes a document about a record once all that was typed is stored, and shows it, under a
        warning if there is one, to be read, printed or saved.
        """
        if record_id is None:
            self.tell(NO_COMMISSION, "warning")
            return
        pane = self.open_paper(title)
        pane.changed.connect(self.changed)
        if warning:
            pane.told.emit(warning, "warning")
        self.flush()
        commission_id = self.commission_id
        self.tasks.run(
            lambda: None, lambda stored: pane.make(kind, record_id, commission_id), owner=pane
        )

    def open_paper(self, title: str) -> DocumentPane:
        """Opens a dialog for a document and returns its pane, in which to make the document."""
        from ui.dialogs.document import DocumentDialog

        dialog = DocumentDialog(title, self.services, self.tasks, self)
        dialog.open()
        return dialog.pane

    def letters(self) -> Mapping[str, list[tuple[str, str]]]:
        """What single letters do, as (words, key) by the words for where; none on most pages."""
        return {}

    def unsaved(self) -> str:
        """A sentence on the input that only a button of the page would store; "" for none."""
        return ""

    def flush(self) -> None:
        """Hands all that was typed to the store."""
        for autosave in self.findChildren(Autosave):
            autosave.flush()

    def shut(self) -> None:
        """Ends what the page has outside the window or under way, as it is about to be closed."""

    def on_changed(self, kinds: frozenset[str]) -> None:
        """Hears that records of these kinds changed; an empty set means any."""
        if kinds and not (kinds & self.kinds):
            return
        if self.isVisible():
            self.refresh()
        else:
            self._stale = True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Lets Ctrl+Tab turn the page's tabs from the widgets around them too."""
        tabs = self.findChild(QTabWidget)
        if tabs is not None:
            tabs.keyPressEvent(event)
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._stale = False
            self.refresh()
