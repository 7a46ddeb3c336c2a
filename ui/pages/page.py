"""The base of every page: how it reads, writes, asks the window for things, and stays fresh.

A page reads widgets, calls a service through `read` or `write`, and shows the result; it never
waits. What it changed goes round by `changed`, and each page that shows one of those kinds
refreshes the next time it is seen.
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
"""What `show_record` takes, where a page makes records, to make one."""

NEW_SHARED = "new for the region"
"""As `NEW`, for one that the GIP publishes for the whole region."""


NO_COMMISSION = (
    "Il faut d'abord une commission : créez-la dans les réglages, ou faites venir celle du GIP par"
    " la page « Synchronisation »."
)


class Page(QWidget):
    """A page of the window.

    `kinds` are the kinds of record that it shows; `open_requested` names a place and a record.
    `maintenance_requested` carries words and work (task → sentence) to be done with every page left
    and nothing else at the workspace, and `end_requested` (task → sentences) after which there is
    none; `repair_requested` asks for the repair of the workspace;
    `refused` carries why words were not stored (`Refused`), which is said until they wait no more;
    `workspace_moved` carries its new folder; `went_on` says that what was told is behind the user.
    `gone` carries the error of a record that was in sight and is there no more;
    `orphaned` carries words whose record was deleted before they were stored.
    `typed` follows each save of words, which other pages read once they are turned to.
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
        """Hears, once made, of the looks that a page may let the user change."""

    def show_record(self, record_id: str) -> None:
        """Goes to one record, when another page asks for it."""

    def show_part(self, record_id: str, part: str) -> None:
        """Goes to one record, and in it to this part, where the page tells its parts apart."""
        self.show_record(record_id)

    def take_focus(self) -> None:
        """Puts the keyboard where the work of this page begins."""
        self.setFocus()

    def where(self) -> tuple[str, str]:
        """The record shown ("" for none) and where the user is in it, for `resume`."""
        return "", ""

    def shows(self, record_id: str, part: str = "") -> bool:
        """Whether this record is the one in the page, stored or not yet, and that part in sight."""
        return self.where()[0] == record_id

    def resume(self, record_id: str, detail: str) -> None:
        """Goes back to what `where` gave, as far as it is still there."""
        if record_id:
            self.show_record(record_id)

    def offer_commissions(self, names: Mapping[str, str]) -> None:
        """Hears which commissions there are: their names by id."""
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
        """Has the window show whether what this autosave holds is saved."""
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
        """Shows what happened to a record, and to what is read with it.

        What comes back closes the dialog that it was asked from, whose form shows what was.
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
        """Makes a document about a record, and shows it to be read, printed or saved.

        The warning stands above it.
        """
        if record_id is None:
            self.tell(NO_COMMISSION, "warning")
            return
        pane = self.open_paper(title)
        pane.changed.connect(self.changed)
        if warning:
            pane.told.emit(warning, "warning")
        pane.make(kind, record_id, self.commission_id)

    def open_paper(self, title: str) -> DocumentPane:
        """Opens the window of a document, which is still to be made there."""
        from ui.dialogs.document import DocumentDialog

        dialog = DocumentDialog(title, self.services, self.tasks, self)
        dialog.open()
        return dialog.pane

    def letters(self) -> Mapping[str, list[tuple[str, str]]]:
        """What letters typed alone do, under the words for where; nothing on most pages."""
        return {}

    def unsaved(self) -> str:
        """In a sentence what only a button of the page would keep; "" for nothing."""
        return ""

    def flush(self) -> None:
        """Hands all that was typed to the store."""
        for autosave in self.findChildren(Autosave):
            autosave.flush()

    def shut(self) -> None:
        """Lets go of what stands outside the window, as the window closes."""

    def on_changed(self, kinds: frozenset[str]) -> None:
        """Hears that records of these kinds changed; an empty set means any."""
        if kinds and not (kinds & self.kinds):
            return
        if self.isVisible():
            self.refresh()
        else:
            self._stale = True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turns the page's tabs by Ctrl+Tab from what stands around them too."""
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
