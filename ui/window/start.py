"""Opens the window on a workspace."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QApplication, QStyle

from app.errors import Astray, Damaged, UserError
from app.paths import APPLICATION, is_there, present
from ui.theme import Theme
from ui.window.collector import Collector
from ui.window.main_window import TITLE, MainWindow
from ui.window.opening import OPENING, open_by
from ui.window.preferences import Preferences
from ui.words import french

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.errors import AppError
    from ui.pages.welcome import Welcome
    from ui.window.first_window import FirstWindow


def application() -> QApplication:
    """The application, made once in a process."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    _pin_constants()
    made = QApplication(sys.argv[:1])
    made.setApplicationName(APPLICATION)
    made.setApplicationDisplayName(TITLE)
    french.install(made)
    Collector(made)
    return made


def _pin_constants() -> None:
    """Keeps None, True and False alive on Python 3.11.

    PySide6 6.12 gives back references to them that it never took. They are immortal from Python
    3.12 on (PEP 683); before, the process aborted after some thousand signals.
    """
    if sys.version_info < (3, 12):
        import ctypes

        for constant in (None, True, False):
            ctypes.c_ssize_t.from_address(id(constant)).value += 1 << 40


def window(preferences: Preferences | None = None) -> MainWindow:
    """A window with the user's theme and text size, not yet shown."""
    kept = preferences or Preferences()
    return MainWindow(Theme(application(), kept.mode, kept.scale), kept)


LOADED = 3000
"""Milliseconds after which the program's own code is loaded, and need not be collected."""


def run(folder: Path, passphrase: str | None = None) -> int:
    """Shows the window on a workspace, and stays until it is closed."""
    made = application()
    return 0 if begin(folder, passphrase) is None else _stay(made)


def _show(shown: MainWindow) -> None:
    """Shows the window, maximised on a screen that is too small for it."""
    title = shown.style().pixelMetric(QStyle.PixelMetric.PM_TitleBarHeight)
    room, needed = shown.screen().availableGeometry().size(), shown.size() + QSize(0, title)
    if needed.boundedTo(room) == needed:
        shown.show()
    else:
        shown.showMaximized()


def _stay(made: QApplication) -> int:
    """Runs until the window is closed.

    Once the program is loaded, garbage collection leaves out what is in memory: looking through it
    would make the window stand still.
    """
    QTimer.singleShot(LOADED, made, gc.freeze)
    return made.exec()


def begin(
    folder: Path, passphrase: str | None = None, preferences: Preferences | None = None
) -> MainWindow | None:
    """Shows the window at once, and opens the workspace behind it.

    The workspace is looked for in `folder`, from which it may have moved. None where another window
    is open on it already, which comes forward; if that one does not answer, this window says so.
    """
    from ui.window.first_window import FirstWindow

    application()
    first, silent = FirstWindow(), None
    try:
        if not first.claim(_whereabouts(folder)[0]):
            return None
    except UserError as error:
        silent = error
    shown = window(preferences)
    hold_place(first, shown)
    _show(shown)
    if silent is None:
        open_in(shown, folder, passphrase)
    else:
        _wait_for_place(shown, folder, passphrase, silent)
    return shown


def _wait_for_place(
    shown: MainWindow, folder: Path, passphrase: str | None, error: UserError
) -> None:
    """Says that another window does not answer; opens the workspace once that one is closed."""

    def again() -> None:
        try:
            taken = shown.take_place(_whereabouts(folder)[0])
        except UserError as still:
            tell(still)
            return
        if taken:
            shown.opening.requested.disconnect(again)
            shown.opening.say(OPENING)
            open_in(shown, folder, passphrase)

    def tell(silent: UserError) -> None:
        shown.opening.say(str(silent), "Recommencer")
        shown.opening.offer.setFocus()

    shown.opening.requested.connect(again)
    tell(error)


def run_on(services: Services) -> int:
    """Shows the window on an open workspace, and stays until it is closed."""
    from ui.window.first_window import FirstWindow

    made = application()
    first = FirstWindow()
    first.claim(services.workspace.folder)
    shown = window()
    hold_place(first, shown)
    _show(shown)
    shown.open_on(services)
    return _stay(made)


def hold_place(first: FirstWindow, shown: MainWindow) -> None:
    """Has the window come forward when called, and close if another has the folder it claims."""

    def take(folder: Path) -> bool:
        taken = first.claim(folder)
        if not taken:
            shown.close()
        return taken

    first.called.connect(shown.come_forward)
    shown.take_place = take


def open_in(shown: MainWindow, folder: Path, passphrase: str | None) -> None:
    """Opens a workspace behind a window, which asks for what is missing, even for its folder."""
    place, astray = _whereabouts(folder)
    shown.shut.connect(lambda error: _welcome(shown, place, passphrase, error))
    if astray is None:
        shown.open_with(lambda: open_by(place, passphrase))
    else:
        shown.shut.emit(astray)


def _whereabouts(folder: Path) -> tuple[Path, Astray | None]:
    """Where a workspace is now; else the folder itself, with the error that says why not."""
    try:
        place = present(folder)
    except Astray as error:
        return folder, error
    if place == folder or is_there(place):
        return place, None
    return folder, Astray(
        f"L'espace de travail a été déplacé dans « {place} », qui n'est pas là : branchez le disque"
        " ou la clé USB puis rouvrez le programme, ou choisissez son dossier."
    )


def _open_elsewhere(
    shown: MainWindow, welcome: Welcome, place: Path, passphrase: str | None
) -> None:
    """Opens the folder in which the user found the workspace, unless another window has it."""
    try:
        if not shown.take_place(place):
            return
    except UserError as error:
        welcome.fail(error)
        return
    shown.shut.disconnect()
    shown.stack.setCurrentWidget(shown.opening)
    open_in(shown, place, passphrase)


def _welcome(shown: MainWindow, folder: Path, passphrase: str | None, error: AppError) -> None:
    """Shows what the error calls for: the first start, a key, the folder, or the repair."""
    if isinstance(error, Damaged):
        _mend(shown, folder, passphrase)
        return
    from ui.pages.welcome import Welcome

    welcome = Welcome(folder, shown.tasks)
    welcome.opened.connect(lambda services: _open_on(shown, folder, services))
    welcome.told.connect(lambda warning: shown.banner.say(warning, "warning"))
    welcome.joining.connect(lambda services, tie: _join(shown, folder, services, tie))
    welcome.damaged.connect(lambda secret: _mend(shown, folder, secret or None))
    welcome.found.connect(lambda place: _open_elsewhere(shown, welcome, place, passphrase))
    shown.show_instead(welcome)
    welcome.ask(error)  # once shown, so that the keyboard begins in its form


def _open_on(shown: MainWindow, folder: Path, services: Services) -> None:
    """Shows the workspace that was opened, perhaps not in the folder first looked in."""
    if services.workspace.folder != folder:
        shown.follow(services.workspace.folder)
    shown.open_on(services)


def _join(shown: MainWindow, folder: Path, services: Services, tie: dict[str, Any]) -> None:
    """Opens a new workspace on the sync page, and joins the central there."""

    def go_on() -> None:
        from ui.pages.sync import SyncPage

        page = shown.pages[shown.place]
        assert isinstance(page, SyncPage)
        page.tie.join(tie)

    shown.place = "sync"
    shown.begun.connect(go_on, Qt.ConnectionType.SingleShotConnection)
    _open_on(shown, folder, services)


def _mend(shown: MainWindow, folder: Path, passphrase: str | None) -> None:
    from app.services import doctor
    from ui.pages.mending import Mending

    mending = Mending(
        lambda typed, elsewhere: doctor.losable(folder, typed or passphrase, elsewhere=elsewhere),
        lambda typed, elsewhere: doctor.mend(folder, typed or passphrase, elsewhere=elsewhere),
        lambda typed: open_by(folder, typed or passphrase),
        shown.tasks,
    )
    mending.opened.connect(shown.open_on)
    shown.show_instead(mending)
