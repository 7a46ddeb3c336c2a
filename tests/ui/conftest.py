"""What the window's tests share: the application dressed, and preferences of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partialmethod
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from app.bootstrap import Services
from app.domain.wording import plain
from app.storage.workspace import Workspace
from tests.ui.spoken import unspoken_on_screen
from tests.ui.world import World, make_world
from tests.workspaces import light_workspace, new_workspace
from ui.tasks import Tasks
from ui.theme import Theme, dress
from ui.window import start
from ui.window.main_window import MainWindow
from ui.window.preferences import Preferences

PATIENCE = 60_000
"""The milliseconds that anything may take: a loaded machine makes no test fail."""


class PatientBot(QtBot):
    """A robot whose waits outlast a loaded machine."""

    def addWidget(self, widget: QWidget, **options: Any) -> None:
        """As pytest-qt's; what a test makes by itself looks as it does within the window."""
        super().addWidget(widget, **options)
        if widget.isWindow():
            dress(widget)

    waitUntil = partialmethod(QtBot.waitUntil, timeout=PATIENCE)
    waitSignal = partialmethod(QtBot.waitSignal, timeout=PATIENCE)
    waitActive = partialmethod(QtBot.waitActive, timeout=PATIENCE)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    return PatientBot(request)


def settle(window: MainWindow, qtbot: QtBot) -> None:
    """Waits until nothing is under way, and what came of it is on screen, each control named."""
    qtbot.waitUntil(lambda: not window.tasks.busy)
    QCoreApplication.processEvents()  # Qt shows what was added to a layout at the next turn
    qtbot.waitUntil(lambda: not window.tasks.busy)
    assert unspoken_on_screen() == []


@pytest.fixture(scope="session")
def qapp() -> Iterator[QApplication]:
    """The real application, French as users have it."""
    yield start.application()


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    """The theme in its normal state, before and after."""
    made = Theme(qapp)
    yield made
    made.set_scale(1.0)
    made.deleteLater()


@pytest.fixture
def preferences(tmp_path: Path) -> Preferences:
    return Preferences(QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def failures() -> list[Exception]:
    """What went wrong without a handler of its own."""
    return []


@pytest.fixture
def heard(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a screen reader was given to say.

    The widgets of the tests before go first: on a slow machine their last sentence is still due.
    """
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    said: list[str] = []
    monkeypatch.setattr(
        QAccessible, "updateAccessibility", lambda event: said.append(plain(event.message()))
    )
    return said


@pytest.fixture
def tasks(qapp: QApplication, failures: list[Exception]) -> Iterator[Tasks]:
    made = Tasks(failures.append)
    yield made
    made.finish()


in_the_whole_territory = pytest.mark.parametrize("make_workspace", [new_workspace], ids=["whole"])
"""For a test that names more communes than `light_workspace` has."""


@pytest.fixture
def make_workspace() -> Callable[..., Workspace]:
    """Few communes: most pages read every one that there is, whatever they show."""
    return light_workspace


@pytest.fixture
def world(services: Services) -> World:
    """A commission of five seats in a real workspace."""
    return make_world(services)


@pytest.fixture
def opened(window: MainWindow, world: World, qtbot: QtBot) -> MainWindow:
    """The window on that workspace, at the size of a small laptop's screen."""
    window.resize(1366, 768)
    window.open_on(world.services)
    settle(window, qtbot)
    return window


@pytest.fixture
def several(opened: MainWindow, other: World, qtbot: QtBot) -> MainWindow:
    """The window, on the first of two commissions, the second being the test's own `other`."""
    opened.spread(frozenset())
    settle(opened, qtbot)
    return opened


@pytest.fixture
def saved_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that the user chooses in the system's dialog, with an ending of its own."""
    path = tmp_path / "choisi.bin"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: (str(path), ""))
    return path


@pytest.fixture
def window(qtbot: QtBot, preferences: Preferences) -> Iterator[MainWindow]:
    """The window on screen, its workspace not yet open."""
    made = start.window(preferences)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    yield made
    if not made.close():  # words typed and kept nowhere, which it asks about
        made.tasks.finish()
    for one in (made, made.theme):
        one.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
