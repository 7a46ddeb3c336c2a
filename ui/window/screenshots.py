"""Pictures of every page, for the demonstration: the real window, never shown on the screen."""

from __future__ import annotations

import sys
import tempfile
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QEventLoop,
    QMessageLogContext,
    QSettings,
    Qt,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QTabWidget

from ui.theme import Mode
from ui.widgets.autosave import Autosave, Saving
from ui.widgets.pdf_preview import PdfPreview
from ui.window import start
from ui.window.main_window import MainWindow
from ui.window.places import EVERYWHERE
from ui.window.preferences import Preferences

if TYPE_CHECKING:
    from app.bootstrap import Services

WIDTH, HEIGHT = 1366, 768
"""The screen of a small laptop, in pixels."""

_NAMES = {Mode.LIGHT: "clair", Mode.DARK: "sombre"}
_PATIENCE = 20_000  # milliseconds
_LOOKS = 2  # 20 ms apart
_SLOW_LOOKS = 30  # QtPdf draws on a thread of its own and does not say when it is done


def take(
    services: Services, folder: Path, records: Mapping[str, str], only: str = ""
) -> list[Path]:
    """Saves a picture of each tab of each page, in both themes; of one place with `only`.

    `records` gives the id of the record to show in a place; a place outside the navigation is
    pictured only if it is given one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shown = [
        place
        for place in EVERYWHERE.values()
        if only in ("", place.name) and (not place.within or place.name in records)
    ]
    taken = []
    with _window(services) as window:
        for mode, word in _NAMES.items():
            window.theme.set_mode(mode)
            for place in shown:
                window.go(place.name, records.get(place.name, ""))
                _settle(window)
                for part in _parts(window):
                    path = folder / f"{_plain(place.title, *part)}-{word}.png"
                    window.grab().save(str(path))
                    taken.append(path)
    return taken


def _parts(window: MainWindow) -> Iterator[tuple[str, ...]]:
    """Shows each tab of the page in turn and yields its title; one empty tuple without tabs."""
    tabs = window.pages[window.place].findChild(QTabWidget)
    if tabs is None:
        yield ()
        return
    for number in range(tabs.count()):
        tabs.setCurrentIndex(number)
        _settle(window)
        yield (tabs.tabText(number),)


@contextmanager
def _window(services: Services) -> Iterator[MainWindow]:
    """The window on an open workspace, with preferences of its own that are then thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        settings = QSettings(str(Path(folder) / "window.ini"), QSettings.Format.IniFormat)
        start.application()
        former = qInstallMessageHandler(_heard)
        window = start.window(Preferences(settings))
        window.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        window.resize(WIDTH, HEIGHT)
        window.show()
        window.open_on(services)
        _settle(window)
        try:
            yield window
        finally:
            window.close()
            window.deleteLater()
            qInstallMessageHandler(former)


def _heard(_kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    """Writes Qt's messages to standard error, except one that every undisplayed window causes."""
    if "propagateSizeHints" not in text:
        sys.stderr.write(f"{text}\n")


def _settle(window: MainWindow) -> None:
    """Runs the window until nothing has been under way, unsaved or uncounted for a few looks."""
    loop = QEventLoop()
    quiet = 0

    def look() -> None:
        nonlocal quiet
        quiet = 0 if _is_at_work(window) else quiet + 1
        if quiet >= (_SLOW_LOOKS if _shows_paper(window) else _LOOKS):
            loop.quit()

    timer = QTimer(interval=20)
    timer.timeout.connect(look)
    timer.start()
    QTimer.singleShot(_PATIENCE, loop, loop.quit)
    loop.exec()
    timer.stop()


def _is_at_work(window: MainWindow) -> bool:
    saves = any(one.state is Saving.PENDING for one in window.findChildren(Autosave))
    counts = window.background is not None and window.background.pending.is_due
    return window.tasks.busy or saves or counts


def _shows_paper(window: MainWindow) -> bool:
    return any(preview.isVisible() for preview in window.findChildren(PdfPreview))


def _plain(*titles: str) -> str:
    """Titles as the name of a file."""
    folded = unicodedata.normalize("NFKD", "-".join(titles)).encode("ascii", "ignore").decode()
    return folded.lower().replace(" ", "-")
