"""Start-up: the window paints before the workspace is open, and loads nothing it does not need."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NoReturn

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.bootstrap import Services
from app.domain.wording import plain
from app.errors import StorageError, UserError
from tests.ui.acting import visit
from tests.ui.clipping import clipped
from tests.ui.conftest import PATIENCE, settle
from tests.ui.world import World
from tests.workspaces import light_workspace
from ui.pages.home import HomePage
from ui.pages.meeting.page import MeetingPage
from ui.pages.meetings import MeetingsPage
from ui.pages.needs import NeedsPage
from ui.pages.welcome import Welcome
from ui.window import start
from ui.window.main_window import MainWindow
from ui.window.places import PLACES

PROBE = """
import sys
from PySide6.QtCore import QSettings
from ui.window import start
from ui.window.preferences import Preferences
window = start.window(Preferences(QSettings(sys.argv[1], QSettings.Format.IniFormat)))
window.show()
assert not window.grab().isNull()
print("\\n".join(sorted(sys.modules)))
"""
OPENING = """
import sys, threading
from pathlib import Path
from PySide6.QtCore import QSettings, QTimer
from ui.window import start
from ui.window.preferences import Preferences
class Watch:
    def find_spec(self, name, path=None, target=None):
        if name in ("sqlalchemy", "httpx2", "httpcore2"):
            print(name, threading.current_thread() is threading.main_thread())
sys.meta_path.insert(0, Watch())
from app.bootstrap import open_services
window = start.window(Preferences(QSettings(sys.argv[2], QSettings.Format.IniFormat)))
window.show()
window.begun.connect(lambda: QTimer.singleShot(0, window.close))
window.open_with(lambda: open_services(Path(sys.argv[1])))
start.application().exec()
"""
LONG_EVENING = """
from PySide6.QtCore import QObject, Signal
from ui.window import start
start.application()
class Bell(QObject):
    rung = Signal(object)
    def hear(self, one): pass
for _ in range(5000):
    bell = Bell()
    bell.rung.connect(bell.hear)
    bell.rung.emit(None)
    bell.rung.disconnect()
"""
STAYING = """
import gc, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from ui.window import start
start.LOADED = 0
def look():
    if gc.get_freeze_count():
        looked.stop()
        QApplication.closeAllWindows()
application = start.application()
looked = QTimer(application, interval=10, timeout=look)
looked.start()
print(start.run(Path(sys.argv[1])))
"""
ALONE = """
import sys
assert sys.stdin is sys.stdout is sys.stderr is None
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from app import __main__
from ui.window import start
def fail():
    QTimer.singleShot(0, QApplication.closeAllWindows)
    raise ValueError("a fault of ours")
QTimer.singleShot(0, start.application(), fail)
sys.argv = ["commissions", "--workspace", sys.argv[1]]
sys.exit(__main__.main())
"""
FITTING = """
import sys
from pathlib import Path
from PySide6.QtCore import QSettings
from ui.window import start
from ui.window.preferences import Preferences
kept = Preferences(QSettings(sys.argv[2], QSettings.Format.IniFormat))
shown = start.begin(Path(sys.argv[1]), None, kept)
start.application().processEvents()
print(shown.isMaximized(), shown.width() <= int(sys.argv[3]), shown.height() <= int(sys.argv[4]))
shown.close()
"""
HEAVY = (
    "sqlalchemy", "sqlcipher3", "sqlite3", "reportlab", "keyring", "httpx2", "httpcore2",
    "alembic", "openpyxl", "cryptography", "litestar", "PIL", "app.bootstrap",
    "app.central", "app.domain.records", "ui.dialogs", "ui.widgets.fields", "ui.widgets.table",
)  # fmt: skip
QT = {"PySide6.QtCore", "PySide6.QtGui", "PySide6.QtWidgets"}


def test_only_qt_is_loaded_before_the_first_paint(tmp_path: object) -> None:
    run = subprocess.run(
        [sys.executable, "-c", PROBE, f"{tmp_path}/window.ini"],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(run.stdout.split())
    assert not [name for name in loaded if name.split(".")[0] in HEAVY or name in HEAVY]
    assert {name for name in loaded if name.startswith("PySide6.Qt")} == QT


def test_what_an_open_workspace_loads_is_loaded_off_the_thread_of_the_window(
    tmp_path: Path,
) -> None:
    light_workspace(tmp_path / "espace").close()
    run = subprocess.run(
        [sys.executable, "-c", OPENING, f"{tmp_path}/espace", f"{tmp_path}/window.ini"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "sqlalchemy False" in run.stdout.splitlines()
    assert "True" not in run.stdout


def test_what_collects_garbage_leaves_the_program_itself_alone(tmp_path: Path) -> None:
    light_workspace(tmp_path / "espace").close()
    run = subprocess.run(
        [sys.executable, "-c", STAYING, f"{tmp_path}/espace"],
        env=os.environ | {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE / 1000,
    )
    assert run.stdout == "0\n"


def test_the_copy_of_the_day_waits_for_what_the_first_page_reads(
    window: MainWindow, world: World, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    show, begun = HomePage._show, list[bool]()

    def noted(page: HomePage, *found: Any) -> None:
        begun.append("backups" in vars(world.services))
        show(page, *found)

    monkeypatch.setattr(HomePage, "_show", noted)
    window.open_on(world.services)
    qtbot.waitUntil(lambda: bool(begun))
    settle(window, qtbot)
    assert begun[0] is False
    assert [one.reason for one in world.services.backups.copies()] == ["jour"]


def test_the_window_needs_no_console_behind_it(tmp_path: Path) -> None:
    """Windows gives none to « pythonw », which a shortcut starts."""
    light_workspace(tmp_path / "espace").close()
    started = ["sh", "-c", 'exec "$0" "$@" <&- >&- 2>&-', sys.executable, "-c", ALONE]
    done = subprocess.run(
        [*started, f"{tmp_path}/espace"],
        env=os.environ | {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)},
        check=False,
        timeout=PATIENCE / 1000,
    )
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("width", "height", "maximised"), [(1536, 824, False), (1280, 680, True), (1093, 574, True)]
)
def test_the_first_window_fits_in_a_laptop_s_screen_at_125_and_150_per_cent(
    tmp_path: Path, width: int, height: int, maximised: bool
) -> None:
    screen = {"name": "A", "x": 0, "y": 0, "width": width, "height": height, "logicalDpi": 96,
              "logicalBaseDpi": 96, "dpr": 1}  # fmt: skip
    (tmp_path / "screens.json").write_text(json.dumps({"screens": [screen]}), "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", FITTING, f"{tmp_path}/nulle part", f"{tmp_path}/window.ini",
         str(width), str(height)],
        env=os.environ | {"QT_QPA_PLATFORM": f"offscreen:configfile={tmp_path}/screens.json"},
        capture_output=True, text=True, check=True, timeout=PATIENCE / 1000,
    )  # fmt: skip
    assert done.stdout.split() == [str(maximised), "True", "True"]


def test_the_window_outlives_thousands_of_signals_on_every_python() -> None:
    done = subprocess.run([sys.executable, "-c", LONG_EVENING], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_window_shows_every_place_before_anything_is_open(
    window: MainWindow, qtbot: QtBot
) -> None:
    assert [entry.text() for entry in window.navigation.entries.values()] == [
        "Accueil", "Séances", "Besoins", "Veille",
        "Solutions", "Collectivités", "Synchronisation", "Réglages",
    ]  # fmt: skip
    assert window.opening.isVisible()


def test_what_was_told_goes_with_the_place_it_was_told_in(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    first, second = world.meeting("Réunion de mars"), world.meeting("Réunion de juin", 90)
    page = visit(opened, "meeting", MeetingPage, qtbot, first.id)
    page.tell("La séance est convoquée.")
    page.open_requested.emit("meeting", second.id)  # told on the way: it is for where one goes
    settle(opened, qtbot)
    assert opened.banner.isVisible()
    visit(opened, "meeting", MeetingPage, qtbot, second.id)
    assert opened.banner.isVisible()
    visit(opened, "meeting", MeetingPage, qtbot, first.id)
    assert not opened.banner.isVisible()


def test_what_the_workspace_asks_for_stays_from_place_to_place(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    opened.tell_error(StorageError("Le disque est plein."))
    settle(opened, qtbot)
    visit(opened, "needs", NeedsPage, qtbot)
    assert opened.banner.isVisible()
    opened.banner.say("Ce dossier est synchronisé.", "warning", "Déplacer…", lambda: None)
    settle(opened, qtbot)
    visit(opened, "meetings", MeetingsPage, qtbot)
    assert opened.banner.isVisible()


def test_what_was_done_is_no_longer_told_once_it_is_taken_back(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    world.make("need", title="La fibre")
    page = visit(opened, "needs", NeedsPage, qtbot)
    page.tell("« besoins.csv » est importé, Ctrl+Z le défait.")
    opened.spread(frozenset({"need"}))
    qtbot.waitUntil(lambda: "La fibre" in opened.actions_.undo.text())
    opened.actions_.undo.trigger()
    qtbot.waitUntil(lambda: "besoins.csv" not in opened.banner.text())
    qtbot.waitUntil(lambda: "La fibre" in opened.banner.text())
    assert plain(opened.banner.text()).startswith("Annulé : ")
    assert world.services.records.list("need") == []


def test_ctrl_and_a_digit_go_to_a_place(window: MainWindow, qtbot: QtBot) -> None:
    for number, place in enumerate(PLACES, start=1):
        key = Qt.Key(Qt.Key.Key_0 + number)
        qtbot.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
        assert window.navigation.entries[place.name].isChecked()


def test_the_keys_of_the_digits_go_to_a_place_on_a_french_keyboard_too(
    window: MainWindow, qtbot: QtBot
) -> None:
    for place, letter in zip(PLACES, "&é\"'( è_", strict=True):
        if letter != " ":  # « - », which makes the text smaller
            key = Qt.Key(ord(letter.upper()))
            qtbot.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
            assert window.navigation.entries[place.name].isChecked()
    window.theme.set_scale(1.25)
    qtbot.keyClick(window, Qt.Key.Key_Agrave, Qt.KeyboardModifier.ControlModifier)
    assert window.theme.scale == 1.0


def test_f9_goes_to_the_synchronisation(opened: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(opened, Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: opened.place == "sync")


def test_no_place_is_gone_to_until_a_workspace_is_made(
    window: MainWindow, services: Services, tmp_path: Path, qtbot: QtBot
) -> None:
    start.open_in(window, tmp_path / "nulle part", None)
    qtbot.waitUntil(lambda: window.findChild(Welcome) is not None)
    ways = window.actions_.search, window.actions_.trash, window.actions_.sync
    for key in (Qt.Key.Key_1, Qt.Key.Key_3):
        qtbot.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
    needs = window.navigation.entries["needs"]
    qtbot.mouseClick(needs, Qt.MouseButton.LeftButton)
    assert window.place == "home"
    assert not needs.isChecked()
    assert not any(way.isEnabled() for way in ways)
    assert not window.navigation.saved.isVisible()
    window.open_on(services)
    settle(window, qtbot)
    qtbot.mouseClick(needs, Qt.MouseButton.LeftButton)
    assert needs.isChecked()
    assert all(way.isEnabled() for way in ways)
    assert window.navigation.saved.isVisible()


def test_a_page_that_has_the_keyboard_is_called_by_its_place(opened: MainWindow) -> None:
    assert opened.pages["home"].accessibleName() == "Accueil"


def test_a_workspace_that_does_not_open_is_said_in_a_sentence(
    window: MainWindow, qtbot: QtBot
) -> None:
    def refuse() -> NoReturn:
        raise UserError("Ce dossier n'est pas un espace de travail.")

    window.open_with(refuse)
    qtbot.waitUntil(window.banner.isVisible)
    assert window.banner.text() == "Ce dossier n'est pas un espace de travail."
    assert "ne s'est pas ouvert" in window.opening.sentence.text()
    qtbot.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert not window.navigation.entries["needs"].isChecked()  # where there is nothing to show


def test_a_workspace_that_a_full_disk_kept_shut_opens_once_there_is_room(
    window: MainWindow, services: Services, commission_id: str, qtbot: QtBot
) -> None:
    refusals = [StorageError("Le disque est plein."), StorageError("Il l'est encore.")]

    def open_when_there_is_room() -> Services:
        if refusals:
            raise refusals.pop(0)
        return services

    window.open_with(open_when_there_is_room)
    for words in ("Le disque est plein.", "Il l'est encore."):
        qtbot.waitUntil(lambda words=words: window.banner.text() == words)
        qtbot.waitUntil(window.opening.offer.hasFocus)
        qtbot.keyClick(window.opening.offer, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.services is services)
    settle(window, qtbot)
    assert not window.banner.isVisible()


def test_the_window_comes_back_as_it_was_left(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    window.resize(780, 640)
    window.close()
    assert window.preferences.scale == 1.15
    again = MainWindow(window.theme, window.preferences)
    qtbot.addWidget(again)
    assert (again.width(), again.height()) == (780, 640)


def test_three_keys_size_the_text(window: MainWindow, qtbot: QtBot) -> None:
    key, control = Qt.Key, Qt.KeyboardModifier.ControlModifier
    sizes = []
    for pressed in (key.Key_Minus, key.Key_Plus, key.Key_Equal, key.Key_0):
        qtbot.keyClick(window, pressed, control)
        sizes.append(window.theme.scale)
    assert sizes == [0.9, 1.0, 1.15, 1.0]


@pytest.mark.parametrize("state", [Qt.WindowState.WindowNoState, Qt.WindowState.WindowMaximized])
def test_f11_fills_the_screen_and_gives_the_window_back_as_it_was(
    window: MainWindow, qtbot: QtBot, state: Qt.WindowState
) -> None:
    window.setWindowState(state)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_F11)
    assert window.isFullScreen()
    qtbot.keyClick(window, Qt.Key.Key_F11)
    assert window.windowState() & ~Qt.WindowState.WindowActive == state


def test_what_waits_to_be_sent_is_counted_in_words(window: MainWindow) -> None:
    window.navigation.show_pending(1)
    assert window.navigation.pending.text() == "1 modification\nà envoyer"
    window.navigation.show_pending(12)
    assert window.navigation.pending.text() == "12 modifications\nà envoyer"
    window.navigation.show_pending(12, 1)
    assert window.navigation.pending.text() == "12 modifications\nà envoyer"
    assert plain(window.navigation.pending.accessibleName()) == (
        "12 modifications et 1 fichier à envoyer"
    )
    window.navigation.show_pending(0, 1)
    assert window.navigation.pending.text() == "1 fichier\nà envoyer"
    window.navigation.show_pending(0)
    assert not window.navigation.pending.isVisible()


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_narrow_navigation_still_counts_what_waits(window: MainWindow, scale: float) -> None:
    window.theme.set_scale(scale)
    window.resize(900, 700)
    navigation = window.navigation
    for number, told in ((0, ""), (1, "1"), (12, "12"), (99, "99"), (100, "99+")):
        navigation.show_pending(number)
        navigation.show_conflicts(number)
        for foot, words in (
            (navigation.pending, "modification"), (navigation.conflicts, "conflit"),
        ):  # fmt: skip
            assert foot.text() == told
            assert foot.isVisible() is bool(number)
            assert not number or plain(foot.accessibleName()).startswith(f"{number} {words}")
        assert clipped(navigation) == []
    navigation.show_pending(0, 3)
    assert navigation.pending.text() == "3"
