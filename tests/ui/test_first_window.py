"""One window a workspace, in real processes: the second start ends, the first comes forward."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.bootstrap import Services
from tests.ui.acting import shown
from tests.ui.conftest import settle
from ui.pages.welcome import Welcome
from ui.window import first_window, start
from ui.window.first_window import FirstWindow, _name
from ui.window.main_window import MainWindow
from ui.window.preferences import Preferences

Program = subprocess.Popen[str]


def program(folder: Path) -> Program:
    """The program as users start it, with its settings apart from theirs."""
    return subprocess.Popen(
        [sys.executable, "-m", "app", "--workspace", str(folder)],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "HOME": str(folder.parent)},
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def first(services: Services, qtbot: QtBot) -> Iterator[Program]:
    """A window of another process, open on a workspace that this one has left."""
    folder = services.workspace.folder
    services.close()
    started = program(folder)
    qtbot.waitUntil(lambda: Path(_name(folder)).exists())  # it hears calls
    yield started
    started.kill()
    started.wait()
    assert started.stderr is not None
    started.stderr.close()


@pytest.fixture
def stalled(first: Program, monkeypatch: pytest.MonkeyPatch) -> Program:
    """That window once it does not answer any more."""
    monkeypatch.setattr(first_window, "_PATIENCE", 100)
    first.send_signal(signal.SIGSTOP)
    return first


def test_a_second_start_ends_well_and_the_first_window_stays(
    first: Program, services: Services
) -> None:
    second = program(services.workspace.folder)
    assert second.communicate(timeout=30)[1] == ""
    assert second.returncode == 0
    assert first.poll() is None


def test_the_first_window_comes_forward_from_the_task_bar(
    window: MainWindow, services: Services, qtbot: QtBot
) -> None:
    folder = services.workspace.folder
    place = FirstWindow(window)
    assert place.claim(folder)
    place.called.connect(window.come_forward)
    window.showMinimized()
    second = program(folder)
    qtbot.waitUntil(lambda: second.poll() is not None)
    assert (second.communicate()[1], second.returncode) == ("", 0)
    assert not window.windowState() & Qt.WindowState.WindowMinimized
    assert window.isActiveWindow()


def test_a_folder_found_that_another_window_has_open_calls_that_window_and_ends_this_one(
    first: Program, window: MainWindow, services: Services, tmp_path: Path, qtbot: QtBot
) -> None:
    page = asked_where(window, tmp_path / "ancien", qtbot)
    page.form.set_values({"place": str(services.workspace.folder)})
    page.confirm.click()
    qtbot.waitUntil(lambda: not window.isVisible())
    settle(window, qtbot)
    assert window.services is None
    assert first.poll() is None


def test_a_folder_found_in_a_window_that_does_not_answer_opens_once_that_window_is_gone(
    stalled: Program, window: MainWindow, services: Services, tmp_path: Path, qtbot: QtBot
) -> None:
    page = asked_where(window, tmp_path / "ancien", qtbot)
    page.form.set_values({"place": str(services.workspace.folder)})
    page.confirm.click()
    qtbot.waitUntil(lambda: "une fenêtre qui ne répond pas" in shown(page))
    settle(window, qtbot)
    assert window.services is None
    stalled.kill()
    stalled.wait()
    page.confirm.click()
    qtbot.waitUntil(lambda: window.services is not None)
    settle(window, qtbot)
    assert window.services is not None
    window.services.close()


def test_a_start_beside_a_window_that_does_not_answer_says_so_in_one_of_its_own(
    stalled: Program, services: Services, preferences: Preferences, qtbot: QtBot
) -> None:
    made = start.begin(services.workspace.folder, preferences=preferences)
    assert made is not None
    qtbot.addWidget(made)
    opening = made.opening
    for _ in range(2):
        assert "une fenêtre qui ne répond pas" in shown(made)
        assert made.focusWidget() is opening.offer
        qtbot.mouseClick(opening.offer, Qt.MouseButton.LeftButton)
    stalled.kill()
    stalled.wait()
    qtbot.mouseClick(opening.offer, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "home" in made.pages)
    settle(made, qtbot)
    assert made.services is not None
    made.services.close()


def test_a_workspace_that_goes_where_a_window_does_not_answer_says_so_and_stays_open(
    stalled: Program, window: MainWindow, services: Services
) -> None:
    start.hold_place(FirstWindow(window), window)
    window.follow(services.workspace.folder)
    assert "une fenêtre qui ne répond pas" in window.banner.text()
    assert window.isVisible()


def asked_where(window: MainWindow, former: Path, qtbot: QtBot) -> Welcome:
    """The page that asks where a workspace went from the folder whose place the window holds."""
    former.mkdir()
    (former / "deplace.json").write_text('{"to": "/pas/ici"}')
    held = FirstWindow(window)
    assert held.claim(former)
    start.hold_place(held, window)
    start.open_in(window, former, None)
    qtbot.waitUntil(lambda: window.findChild(Welcome) is not None)
    page = window.findChild(Welcome)
    assert isinstance(page, Welcome)
    return page


def test_what_a_killed_window_left_does_not_stop_the_next_one(
    first: Program, services: Services, qtbot: QtBot
) -> None:
    folder = services.workspace.folder
    first.kill()
    first.wait()
    assert Path(f"{_name(folder)}.lock").exists()
    place = FirstWindow()
    assert place.claim(folder)
    assert Path(_name(folder)).stat().st_mode & 0o077 == 0


def test_two_workspaces_have_a_window_each(tmp_path: Path, qtbot: QtBot) -> None:
    one, other = FirstWindow(), FirstWindow()
    assert one.claim(tmp_path / "auxois")
    assert other.claim(tmp_path / "morvan")
