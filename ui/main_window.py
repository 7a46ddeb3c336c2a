"""The window: navigation on the left, one page at a time on the right.

It paints before the workspace is open; `open_on` is called with the services once they are there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from app.errors import Damaged, Locked, NoWorkspace
from ui import errors
from ui.actions import WindowActions
from ui.beside import Beside
from ui.dialogs.search import SearchDialog
from ui.dialogs.trash import TrashDialog
from ui.pages.page import Page
from ui.pending import Pending
from ui.places import EVERYWHERE, PLACES
from ui.preferences import Preferences
from ui.supplies import SuppliesWatch
from ui.tasks import LONG, Task, Tasks
from ui.theme import Space, Theme, px
from ui.undoing import Undoing
from ui.widgets.autosave import Autosave, Saving
from ui.widgets.banner import Banner
from ui.widgets.empty_state import EmptyState
from ui.widgets.fields import Choice
from ui.widgets.list_panel import ListPanel
from ui.widgets.navigation import Navigation
from ui.widgets.table import RecordsTable

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.domain.records import Commission, Record
    from app.services.losses import Lost
    from ui.auto_sync import AutoSync

NARROW = 1000
"""The width, at a text size of 100 %, below which the navigation shows only its icons."""

TITLE = "Commissions numériques locales"


class MainWindow(QMainWindow):
    """Holds the pages, and carries between them what they ask for and what they changed.

    `shut` carries the error of a workspace that is not there yet, or that asks for its key.
    """

    shut = Signal(object)

    def __init__(self, theme: Theme, preferences: Preferences) -> None:
        super().__init__()
        self.theme = theme
        self.preferences = preferences
        self.services: Services | None = None
        self.tasks = Tasks(self.tell_error, self)
        self.actions_ = WindowActions(self)
        self.navigation = Navigation(PLACES, self._menu())
        self.banner = Banner()
        self.stack = QStackedWidget()
        self.opening = EmptyState("clock", "Ouverture de l'espace de travail…")
        self.pages: dict[str, Page] = {}
        self.place = "home"
        self.commission_id: str | None = None
        self.undoing: Undoing | None = None
        self.pending: Pending | None = None
        self.beside: Beside | None = None
        self.auto_sync: AutoSync | None = None
        self.supplies: SuppliesWatch | None = None
        self._build()
        self._connect()

    def _menu(self) -> list[QAction | None]:
        a = self.actions_
        return [
            a.undo, a.redo, a.trash, None, a.search, a.sync, None,
            a.larger, a.smaller, a.normal, a.full_screen, None, a.quit,
        ]  # fmt: skip

    def _build(self) -> None:
        self.setWindowTitle(TITLE)
        self.resize(1280, 720)
        self.restoreGeometry(self.preferences.geometry)
        self.actions_.name_undo("", "")
        self.stack.addWidget(self.opening)
        notices = QVBoxLayout()
        notices.setContentsMargins(Space.XXL, Space.M, Space.XXL, 0)
        notices.addWidget(self.banner)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addLayout(notices)
        right.addWidget(self.stack, 1)
        centre = QWidget()
        layout = QHBoxLayout(centre)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.navigation)
        layout.addLayout(right, 1)
        self.setCentralWidget(centre)
        self.navigation.show_place(self.place)

    def _connect(self) -> None:
        for number, place in enumerate(PLACES, start=1):
            keys = QShortcut(QKeySequence(f"Ctrl+{number}"), self)
            keys.activated.connect(lambda name=place.name: self.go(name))
        self.navigation.place_requested.connect(self.go)
        self.theme.changed.connect(self._measure)
        a = self.actions_
        a.sync.triggered.connect(lambda: self.go("sync"))
        a.trash.triggered.connect(self._on_trash)
        a.search.triggered.connect(self._on_search)
        a.larger.triggered.connect(lambda: self._scale(1))
        a.smaller.triggered.connect(lambda: self._scale(-1))
        a.normal.triggered.connect(lambda: self._scale(0))
        a.full_screen.triggered.connect(self._on_full_screen)
        a.quit.triggered.connect(self.close)

    # Opening

    def open_with(self, opener: Callable[[], Services]) -> None:
        """Opens the workspace in the background while the first frame is on screen."""
        self.tasks.run(opener, self.open_on, self._on_not_opened, self)

    def open_on(self, services: Services) -> None:
        """Gives the window its services, and shows the page it was asked for."""
        from ui.auto_sync import AutoSync

        self.services = services
        self.tasks.run(services.backups.keep_up, self._on_kept_up, owner=self, lane=LONG)
        self.undoing = Undoing(services, self.actions_, self.tasks)
        self.undoing.undone.connect(self.spread)
        self.undoing.failed.connect(self.tell_error)
        self.beside = Beside(services, self.tasks)
        self.beside.noticed.connect(lambda: self.spread(frozenset()))
        self.pending = Pending(services, self.tasks)
        self.pending.counted.connect(self.navigation.show_pending)
        self.supplies = SuppliesWatch(services, self.tasks)
        self.supplies.told.connect(self.navigation.show_shortage)
        self.auto_sync = AutoSync(services, self.tasks)
        self.auto_sync.due.connect(self._on_sync_due)
        self.pending.counted.connect(self.auto_sync.note_pending)
        self.tasks.run(lambda: services.records.list("commission"), self._on_commissions)

    def _on_kept_up(self, sentence: str) -> None:
        if sentence:
            self.banner.say(sentence)

    def _on_commissions(self, commissions: Sequence[Record[Commission]]) -> None:
        """Turns to the only commission, or to the first of several."""
        if commissions:
            self.show_commission(commissions[0])
        self.go(self.place)

    def show_instead(self, widget: QWidget) -> None:
        """Shows a widget in the place of the pages, until the services are there."""
        self.stack.addWidget(widget)
        self.stack.setCurrentWidget(widget)

    def show_commission(self, commission: Record[Commission]) -> None:
        """Makes every page show this commission."""
        self.commission_id = commission.id
        self.navigation.show_name(commission.fields.name)
        for page in self.pages.values():
            page.set_commission(commission.id)

    def _on_not_opened(self, error: Exception) -> None:
        if isinstance(error, NoWorkspace | Locked | Damaged):
            self.shut.emit(error)
            return
        self.opening.say("L'espace de travail ne s'est pas ouvert.")
        self.tell_error(error)

    # Pages

    def go(self, name: str, record_id: str = "") -> None:
        """Shows a place, and in it one record when its id is given."""
        self.place = name
        self.navigation.show_place(EVERYWHERE[name].within or name)
        if self.services is None:
            return
        page = self.pages.get(name) or self._make(name, self.services)
        self.stack.setCurrentWidget(page)
        page.setFocus()
        if record_id:
            page.show_record(record_id)

    def _on_sync_due(self) -> None:
        """Synchronises behind whatever page is in sight."""
        from ui.pages.sync import SyncPage

        if self.services is not None:
            page = self.pages.get("sync") or self._make("sync", self.services)
            assert isinstance(page, SyncPage)
            page.exchange_quietly()

    def _make(self, name: str, services: Services) -> Page:
        page = EVERYWHERE[name].page()(services, self.tasks)
        page.set_commission(self.commission_id)
        page.dress(self.theme, self.preferences)
        page.open_requested.connect(self.go)
        page.changed.connect(self.spread)
        page.failed.connect(self.tell_error)
        page.told.connect(self.banner.say)
        page.saving_changed.connect(self._on_saving)
        page.apart_requested.connect(self.work_apart)
        page.repair_requested.connect(self.mend)
        for table in page.findChildren(RecordsTable):
            self._remember_order(table)
        for panel in page.findChildren(ListPanel):
            self._remember_choices(panel)
        self.pages[name] = page
        self.stack.addWidget(page)
        return page

    def spread(self, kinds: frozenset[str]) -> None:
        """Lets every page know which kinds changed; an empty set means any."""
        for page in self.pages.values():
            page.on_changed(kinds)
        if self.undoing is not None and self.pending is not None:
            self.undoing.refresh()
            self.pending.refresh()

    def _on_search(self) -> None:
        services = self.services
        if services is not None:
            dialog = SearchDialog(services.search, self.tasks, self)
            dialog.chosen.connect(self.go)
            dialog.open()
            self.tasks.run(
                lambda: services.records.list("commission"), dialog.offer_commissions, owner=dialog
            )

    def _on_trash(self) -> None:
        if self.services is not None:
            dialog = TrashDialog(self.services, self.tasks, self)
            dialog.restored.connect(self.spread)
            dialog.open()

    def _remember_order(self, table: RecordsTable) -> None:
        name = table.objectName()
        stored = self.preferences.order(name)
        if stored is not None and stored[0] < table.rows.columnCount():
            table.set_order(*stored)
        table.horizontalHeader().sortIndicatorChanged.connect(
            lambda column, order: self.preferences.set_order(name, *table.order())
        )

    def _remember_choices(self, panel: ListPanel) -> None:
        for number, choice in enumerate(panel.choices):
            name = f"{panel.table.objectName()}.{number}"
            choice.set_value(self.preferences.choice(name))
            choice.edited.connect(partial(self._keep_choice, name, choice))

    def _keep_choice(self, name: str, choice: Choice) -> None:
        self.preferences.set_choice(name, choice.value())

    # With every page left

    def work_apart(self, words: str, work: Callable[[Task], str]) -> None:
        """Leaves every page, does what replaces the workspace, and opens on it again.

        What was typed is in the store first. `work` gives the sentence to tell.
        """
        services = self._leave(words)
        if services is None:
            return

        def back(tell: Callable[[], object]) -> None:
            self.open_on(services.renewed())
            tell()

        self.tasks.run(
            lambda: None,
            lambda saved: self.tasks.run_reporting(
                work,
                lambda sentence: back(lambda: self.banner.say(sentence, "success")),
                lambda error: back(lambda: self.tell_error(error)),
                self,
                on_progress=lambda said, share: self.opening.say(f"{said}…"),
            ),
            owner=self,
        )

    def mend(self) -> None:
        """Leaves every page for the repair of the workspace."""
        from app.services import doctor
        from ui.pages.mending import Mending

        services = self._leave("Lecture de l'espace de travail…")
        if services is None:
            return
        space = services.workspace

        def look() -> Sequence[Lost]:
            space.close()
            return doctor.losable(space.folder, None, space.data_key)

        mending = Mending(
            look,
            lambda: doctor.mend(space.folder, None, space.data_key),
            services.renewed,
            self.tasks,
        )
        mending.opened.connect(self.open_on)
        self.show_instead(mending)

    def _leave(self, words: str) -> Services | None:
        """Hands all that was typed to the store and lets go of every page, its place kept."""
        services, self.services = self.services, None
        self.opening.say(words)
        self.stack.setCurrentWidget(self.opening)
        for page in self.pages.values():
            page.flush()
            page.shut()
            self.stack.removeWidget(page)
            page.deleteLater()
        self.pages.clear()
        for one in (self.undoing, self.beside, self.pending, self.auto_sync, self.supplies):
            if one is not None:
                one.deleteLater()
        self.undoing = self.beside = self.pending = self.auto_sync = self.supplies = None
        return services

    # What is told

    def tell_error(self, error: Exception) -> None:
        errors.tell(error, self.banner, self)

    def _on_saving(self) -> None:
        states = {autosave.state for autosave in self.findChildren(Autosave)}
        for state in (Saving.FAILED, Saving.PENDING):
            if state in states:
                self.navigation.show_saving(state)
                return
        self.navigation.show_saving(Saving.SAVED)

    # The window itself

    def come_forward(self) -> None:
        """Shows the window before all others, as large as it was."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def _measure(self) -> None:
        """Leaves the room to the page where the window is narrow for the size of text."""
        self.navigation.measure(narrow=self.width() < px(NARROW))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def _scale(self, direction: int) -> None:
        if direction:
            self.theme.step_scale(direction)
        else:
            self.theme.set_scale(1.0)
        self.preferences.scale = self.theme.scale

    def _on_full_screen(self) -> None:
        self.showNormal() if self.isFullScreen() else self.showFullScreen()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Leaves only once every word typed is in the store."""
        for page in self.pages.values():
            page.flush()
            page.shut()
        self.tasks.finish()
        self.preferences.geometry = self.saveGeometry()
        super().closeEvent(event)
