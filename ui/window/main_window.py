"""The window: navigation on the left, one page at a time on the right.

It paints before the workspace is open; `open_on` is called with the services once they are there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from app.errors import Absent, Damaged, Locked, NoWorkspace, StorageError, UserError
from ui import errors
from ui.focus_order import step, step_card
from ui.keys import Keys, keys_of_page, keys_of_window
from ui.pages.page import NEW, NEW_SHARED, Page
from ui.tasks import Task, Tasks
from ui.theme import Space, Theme, dress, px
from ui.widgets.banner import Banner
from ui.widgets.empty_state import EmptyState
from ui.widgets.navigation import Navigation
from ui.window.actions import WindowActions
from ui.window.background import Background
from ui.window.commissions import Commissions
from ui.window.keeping import Keeping
from ui.window.leaving import Leaving
from ui.window.maintenance import Maintenance
from ui.window.opening import OPENING
from ui.window.places import EVERYWHERE, INNER, PLACES
from ui.window.preferences import Preferences
from ui.window.refused import Refused
from ui.window.resuming import Resuming
from ui.window.searching import Searching
from ui.window.session import Spot
from ui.window.upkeep import Upkeep

if TYPE_CHECKING:
    from pathlib import Path

    from app.bootstrap import Services
    from app.domain.records import Commission, Record

NARROW = 1100
"""The width, at a text size of 100 %, below which the navigation shows only its icons."""

AHEAD = 600
"""Milliseconds after the workspace opened at which the code of a meeting's page is loaded, so that
the first meeting opens at once.
"""

TITLE = "Commissions numériques locales"


class MainWindow(QMainWindow):
    """Holds the pages, and passes on what they ask for and what they changed.

    `shut` carries the error of a workspace that is missing, moved, locked or damaged; `begun`
    follows the first page shown of one that is open. `take_place` claims, as `FirstWindow.claim`
    does, the folder that the workspace moved to.
    """

    shut = Signal(object)
    begun = Signal()

    def __init__(self, theme: Theme, preferences: Preferences) -> None:
        super().__init__()
        self.theme = theme
        self.preferences = preferences
        self.services: Services | None = None
        self.take_place: Callable[[Path], bool] = lambda folder: True
        self.tasks = Tasks(self.tell_error, self)
        self.actions_ = WindowActions(self)
        self.navigation = Navigation(PLACES, self.actions_.menu())
        self.banner = Banner()
        self.refusal = Banner(stands=True)
        self.stack = QStackedWidget()
        self.opening = EmptyState("clock", OPENING)
        self.pages: dict[str, Page] = {}
        self.place = "home"
        self.commissions = Commissions(self)
        self.background: Background | None = None
        self.resuming = Resuming(self)
        self.upkeep = Upkeep(self)
        self.maintenance = Maintenance(self)
        self.leaving = Leaving(self)
        self.searching = Searching(self)
        self.keeping = Keeping(self)
        self._going: Task | None = None
        self._build()
        dress(self)
        self._connect()

    def _build(self) -> None:
        self.setWindowTitle(TITLE)
        self.resize(1280, 720)
        self.restoreGeometry(self.preferences.geometry)
        self.actions_.name_undo("", "")
        self.stack.addWidget(self.opening)
        notices = QVBoxLayout()
        notices.setContentsMargins(Space.XXL, Space.M, Space.XXL, 0)
        notices.setSpacing(Space.S)
        notices.addWidget(self.refusal)
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
        a = self.actions_
        for number, place in enumerate(PLACES, start=1):
            a.lead(place.title, self.navigation.entries[place.name].click, f"Ctrl+{number}")
        self.navigation.place_requested.connect(self.go)
        self.theme.changed.connect(self._measure)
        a.sync.triggered.connect(lambda: self.go("sync"))
        # before `Undoing` connects: words just typed are stored first, and so are what is undone
        for one in (a.undo, a.redo):
            one.triggered.connect(lambda checked=False: self.flush())
        a.trash.triggered.connect(self._on_trash)
        a.search.triggered.connect(self.searching.open)
        a.commission.triggered.connect(self.navigation.open_commissions)
        a.next_card.triggered.connect(lambda: step_card(self, forwards=True))
        a.former_card.triggered.connect(lambda: step_card(self, forwards=False))
        a.larger.triggered.connect(lambda: self._scale(1))
        a.smaller.triggered.connect(lambda: self._scale(-1))
        a.normal.triggered.connect(lambda: self._scale(0))
        a.full_screen.triggered.connect(self._on_full_screen)
        a.help.triggered.connect(self._on_help)
        a.quit.triggered.connect(self.close)

    # Opening

    def open_with(self, opener: Callable[[], Services]) -> None:
        """Opens the workspace in the background while the first frame is on screen."""

        def again() -> None:
            self.banner.hide()
            self.opening.say(OPENING)
            self.open_with(opener)

        def failed(error: Exception) -> None:
            if self._on_not_opened(error):
                self.opening.requested.connect(again, Qt.ConnectionType.SingleShotConnection)

        self.tasks.run(opener, self.open_on, failed, self)

    def open_on(self, services: Services) -> None:
        """Gives the window its services, and shows the place it was asked for."""
        self.services = services
        self._set_open(opened=True)
        self._follow_background(
            Background(services, self.actions_, self.tasks, self.navigation, self.preferences)
        )
        self.resuming.begin(services)
        self.keeping.look()
        QTimer.singleShot(AHEAD, self, EVERYWHERE["meeting"].page)

    def _follow_background(self, background: Background) -> None:
        self.background = background
        background.undoing.undone.connect(self.spread)
        background.undoing.undone.connect(lambda kinds: self.banner.leave())
        background.undoing.told.connect(self.commissions.tell_of)
        background.undoing.failed.connect(self.tell_error)
        background.workspace_watch.noticed.connect(lambda: self.spread(frozenset()))
        background.workspace_watch.lost.connect(self._on_lost)
        background.workspace_watch.back.connect(self._on_back)
        background.auto_sync.due.connect(self._on_sync_due)

    def follow(self, folder: Path) -> None:
        """Claims for this window the folder that the workspace moved to."""
        try:
            self.take_place(folder)
        except UserError as error:
            self.tell_error(error)

    def show_instead(self, widget: QWidget) -> None:
        """Shows a widget in the place of the pages, until the services are there."""
        self._set_open(opened=False)
        self.stack.addWidget(widget)
        self.stack.setCurrentWidget(widget)

    def _set_open(self, *, opened: bool) -> None:
        for one in (self.navigation, self.actions_):
            one.set_open(opened=opened)

    def _on_not_opened(self, error: Exception) -> bool:
        """Tells why the workspace did not open; whether the user can try again from here."""
        if isinstance(error, NoWorkspace | Locked | Damaged):
            self.shut.emit(error)
            return False
        self._set_open(opened=False)
        self.opening.say("L'espace de travail ne s'est pas ouvert.", "Recommencer")
        self.opening.offer.setFocus()
        self.tell_error(error)
        return True

    # Pages

    @property
    def commission_id(self) -> str | None:
        """The commission that every page shows."""
        return self.commissions.shown_id

    def go(self, name: str, record_id: str = "", part: str = "") -> None:
        """Shows a place and, if ids are given, a record in it and a part of that record.

        The window turns to the record's commission first; a former call that is still looking for
        its own is given up.
        """
        if self._going is not None:
            self._going.cancel()
        stored = "" if record_id in (NEW, NEW_SHARED) else record_id
        self._going = self.commissions.reach(stored, lambda: self._arrive(name, record_id, part))

    def _arrive(self, name: str, record_id: str, part: str) -> None:
        left = self.where()
        self.place = name
        self.navigation.show_place(EVERYWHERE[name].within or name)
        if self.services is None:
            return
        page = self.pages.get(name) or self._make(name, self.services)
        if (had := self.focusWidget()) is not None:
            had.clearFocus()  # else Qt hands it on as the page hides, and screen readers say where
        self.stack.setCurrentWidget(page)
        if left.record_id and EVERYWHERE[left.place].within == name:
            page.come_from(left.record_id)
        page.take_focus()
        if record_id:
            page.show_part(record_id, part)
        if self.where() != left:
            self.banner.leave()
            self.keeping.look()

    def where(self) -> Spot:
        """Where the user is; the page of one record counts as its list while it shows none."""
        page = self.pages.get(self.place)
        record_id, detail = page.where() if page is not None else ("", "")
        place = EVERYWHERE[self.place]
        if place in INNER and not record_id:
            return Spot(place.within)
        return Spot(self.place, record_id, detail)

    def shows(self, place: str, record_id: str, part: str = "") -> bool:
        """Whether a record, or a part of it, is in sight in this place."""
        page = self.pages.get(place)
        return place == self.place and page is not None and page.shows(record_id, part)

    def _on_sync_due(self) -> None:
        """Synchronises by the sync page, whatever page is in sight."""
        from ui.pages.sync import SyncPage

        if self.services is not None:
            page = self.pages.get("sync") or self._make("sync", self.services)
            assert isinstance(page, SyncPage)
            page.exchange_quietly()

    def _make(self, name: str, services: Services) -> Page:
        from ui.window.page_memory import remember  # not needed for the first frame

        page = EVERYWHERE[name].page()(services, self.tasks)
        page.setAccessibleName(EVERYWHERE[name].title)
        page.offer_commissions(self.commissions.known)
        page.set_commission(self.commission_id)
        page.dress(self.theme, self.preferences)
        page.open_requested.connect(self.go)
        page.changed.connect(self._on_changed)
        page.failed.connect(self.tell_error)
        page.gone.connect(self._on_gone)
        page.told.connect(self.banner.say)
        page.refused.connect(self._on_refused)
        page.orphaned.connect(self.keeping.orphan)
        page.went_on.connect(self.banner.leave)
        page.saving_changed.connect(self.keeping.look)
        page.typed.connect(self._on_typed)
        page.maintenance_requested.connect(self.maintenance.work)
        page.end_requested.connect(self.maintenance.end)
        page.repair_requested.connect(self.maintenance.mend)
        page.workspace_moved.connect(self.follow)
        remember(page, self.preferences)
        self.pages[name] = page
        self.stack.addWidget(page)
        return page

    def spread(self, kinds: frozenset[str]) -> None:
        """Tells every page which kinds changed; an empty set means any."""
        services = self.services

        def tell() -> None:
            for page in self.pages.values():
                page.on_changed(kinds)

        def follow(commissions: Sequence[Record[Commission]]) -> None:
            self.commissions.take(commissions)  # first: no page reads a commission that is gone
            tell()

        if services is not None and (not kinds or "commission" in kinds):
            self.tasks.run(lambda: services.records.list("commission"), follow, owner=self)
        else:
            tell()
        if self.background is not None:
            self.background.refresh(kinds)

    def _on_changed(self, kinds: frozenset[str]) -> None:
        """Spreads what the user did, after which what was undone before is no longer told."""
        if self._tells_undone:
            self.banner.leave()
        self.spread(kinds)

    def _on_typed(self) -> None:
        """Names at once what Ctrl+Z would take back."""
        if self.background is not None:
            self.background.undoing.refresh()

    def _on_trash(self) -> None:
        from ui.dialogs.trash import TrashDialog  # not needed for the first frame

        if self.services is not None:
            dialog = TrashDialog(self.services, self.tasks, self.commissions.others, self)
            dialog.restored.connect(self._on_changed)
            dialog.open()

    def _on_help(self) -> None:
        from ui.dialogs.help import HelpDialog  # not needed for the first frame

        parts: dict[str, Keys] = {}
        if self.services is not None and (page := self.pages.get(self.place)) is not None:
            parts = {page.accessibleName(): keys_of_page(page), **page.letters()}
        HelpDialog({**parts, "Partout": keys_of_window(self)}, self).open()

    def flush(self) -> str:
        """Hands all that was typed to the store; says what only a button of a page would store."""
        for page in self.pages.values():
            page.flush()
        return " ".join(filter(None, (page.unsaved() for page in self.pages.values())))

    def leave(self, words: str) -> Services | None:
        """Hands all that was typed to the store and drops every page, remembering the place.

        Returns the services, which the window holds no more; `words` are shown meanwhile.
        """
        services, self.services = self.services, None
        self.resuming.pause()
        self.opening.say(words)
        self.stack.setCurrentWidget(self.opening)
        self.flush()
        for page in self.pages.values():
            page.shut()
            self.stack.removeWidget(page)
            page.deleteLater()
        self.pages.clear()
        self.keeping.let_go()
        if self.background is not None:
            self.background.end()
            self.background = None
        return services

    # What is told

    def tell_error(self, error: Exception) -> None:
        if not (isinstance(error, StorageError) and errors.sentence(error) == self.keeping.told):
            errors.tell(error, self.banner, self)

    @property
    def _tells_undone(self) -> bool:
        """Whether the banner says what was last undone or redone."""
        return self.banner.isVisible() and self.banner.text() == self.commissions.undone

    def _on_gone(self, error: Exception) -> None:
        """Tells that a record is gone, unless the notice that offers its words says so already, or
        what was just undone.
        """
        if not (isinstance(error, Absent) and (self.keeping.offers or self._tells_undone)):
            self.tell_error(error)

    def _on_refused(self, refused: Refused) -> None:
        if errors.expected(refused.error):
            self.keeping.refuse(refused)
        else:
            self.tell_error(refused.error)

    def _on_lost(self, error: Exception) -> None:
        """Has nothing count as saved while the workspace cannot be reached."""
        self.keeping.lose(error)

    def _on_back(self) -> None:
        self.keeping.find()
        self.spread(frozenset())

    # The window itself

    def come_forward(self) -> None:
        """Brings the window in front of all others, in its former size."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def _measure(self) -> None:
        """Narrows the navigation where the window is narrow for the size of text."""
        self.navigation.measure(narrow=self.width() < px(NARROW))

    def focusNextPrevChild(self, forwards: bool) -> bool:
        return step(self, forwards=forwards)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hands keys to the page, so that Ctrl+Tab turns its tabs from the navigation too."""
        if self.place in self.pages:
            self.pages[self.place].keyPressEvent(event)

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
        """Fills the screen, or gives the window back as it was: `showNormal` would shrink it."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closes once nothing would be lost, or the user agreed; the database is then one file."""
        self.preferences.geometry = self.saveGeometry()
        if not self.leaving.may_close():
            event.ignore()
            return
        for page in self.pages.values():
            page.shut()
        self.hide()
        if self.services is not None:
            self.services.hang_up()
        self.tasks.finish()
        if self.services is not None:
            self.services.close()
        self.resuming.end()
        super().closeEvent(event)
