"""A meeting opens where it was left: by going away, by closing, and by being killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from pytestqt.qtbot import QtBot

from app.bootstrap import Services, open_services
from app.services import workspaces
from tests.ui.acting import visit
from tests.ui.conftest import settle
from tests.ui.keyboard import type_text
from tests.ui.world import World, make_world
from ui.pages.home import HomePage
from ui.pages.meeting.page import MeetingPage
from ui.widgets.scroll import Unsqueezed
from ui.window.main_window import MainWindow

TYPES = """
import sys, time
from pathlib import Path
from PySide6.QtCore import QEventLoop, QTimer
from app.bootstrap import open_services
from ui.window import start
from tests.ui.keyboard import type_text

folder, meeting_id, item_id = sys.argv[1:]
start.application()
window = start.window()
window.show()
services = open_services(Path(folder))
window.open_on(services)

def wait(until):
    loop, timer = QEventLoop(), QTimer(interval=10)
    timer.timeout.connect(lambda: loop.quit() if until() else None)
    timer.start()
    loop.exec()

wait(lambda: not window.tasks.busy)
window.go("meeting", meeting_id)
wait(lambda: not window.tasks.busy)
page = window.pages["meeting"]
page.tabs.setCurrentIndex(1)
page.hold.conductor.list.select(item_id)
notes = page.hold.item.notes
type_text(notes, "Le maire parle. Il se tait.")
cursor = notes.textCursor()
cursor.setPosition(15)
notes.setTextCursor(cursor)
kept = lambda: page.place.find(meeting_id)
wait(lambda: kept() is not None and kept().cursor == 15 and kept().item_id == item_id
     and services.records.get(item_id).fields.notes.endswith("tait."))
print("kept", flush=True)
wait(lambda: False)
"""


def prepared(folder: Path) -> tuple[str, str]:
    """A workspace with a planned meeting; the meeting, and the second of its items."""
    workspaces.create(folder, workspaces.choose("none", None, folder.name)).close()
    services = open_services(folder)
    world = make_world(services)
    meeting = world.meeting()
    world.item(meeting, "Ouverture", "opening")
    item = world.item(meeting, "Tour de table", "need")
    services.close()
    return meeting.id, item.id


def stands(
    services: Services, window: MainWindow, meeting_id: str, qtbot: QtBot
) -> tuple[int, str, int]:
    window.open_on(services)
    settle(window, qtbot)
    page = visit(window, "meeting", MeetingPage, qtbot, meeting_id)
    item_id, cursor = page.hold.here()
    return page.tabs.currentIndex(), item_id, cursor


def test_a_meeting_that_is_killed_opens_where_it_stood(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = tmp_path / "espace"
    meeting_id, item_id = prepared(folder)
    typist = subprocess.Popen(
        [sys.executable, "-c", TYPES, str(folder), meeting_id, item_id],
        env=os.environ | {"HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        text=True,
    )
    with typist:
        assert typist.stdout is not None
        assert typist.stdout.readline() == "kept\n"
        typist.send_signal(signal.SIGKILL)
    services = open_services(folder)
    assert stands(services, window, meeting_id, qtbot) == (1, item_id, 15)
    assert services.records.get(item_id).fields.notes == "Le maire parle. Il se tait."
    window.close()
    services.close()


def test_a_meeting_that_has_moved_on_opens_on_the_tab_of_its_status(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting(days=0)
    world.item(meeting, "Ouverture", "opening")
    page = visit(opened, "meeting", MeetingPage, qtbot, meeting.id)
    page.tabs.setCurrentIndex(2)
    visit(opened, "home", HomePage, qtbot)
    visit(opened, "meeting", MeetingPage, qtbot, meeting.id)
    assert page.tabs.currentIndex() == 2
    world.services.meetings.open(meeting.id)
    visit(opened, "home", HomePage, qtbot)
    visit(opened, "meeting", MeetingPage, qtbot, meeting.id)
    assert page.tabs.currentIndex() == 1


def test_a_meeting_keeps_its_own_place_while_the_tab_that_holds_it_is_out_of_sight(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    held, first, other = world.meeting(days=0), world.meeting(days=10), world.meeting(days=20)
    world.item(held, "Ouverture", "opening")
    world.item(first, "Divers")
    items = [world.item(other, title) for title in ("Un", "Deux")]
    page = visit(opened, "meeting", MeetingPage, qtbot, other.id)
    page.tabs.setCurrentWidget(page.hold)
    page.hold.go_to(items[1].id)
    type_text(page.hold.item.notes, "Des mots")
    page.tabs.setCurrentWidget(page.prepare)
    for meeting, place in ((other, (items[1].id, 8)), (first, ("", 0))):
        visit(opened, "meeting", MeetingPage, qtbot, held.id)
        page.tabs.setCurrentWidget(page.hold)
        settle(opened, qtbot)
        visit(opened, "meeting", MeetingPage, qtbot, meeting.id)
        assert page.prepare.isVisible()
        page.flush()
        settle(opened, qtbot)
        left = page.place.find(meeting.id)
        assert left is not None
        assert (left.item_id, left.cursor) == place


def test_another_meeting_is_read_from_the_top_of_its_cards(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    first, second = world.meeting(), world.meeting()
    for meeting in (first, second):
        for number in range(12):
            world.item(meeting, f"Point {number}", "need")
    page = visit(opened, "meeting", MeetingPage, qtbot, first.id)
    page.tabs.setCurrentWidget(page.conclude)
    settle(opened, qtbot)
    bar = next(one for one in page.conclude.findChildren(Unsqueezed)).verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum())
    visit(opened, "meeting", MeetingPage, qtbot, second.id)
    page.tabs.setCurrentWidget(page.conclude)
    settle(opened, qtbot)
    assert bar.maximum() > 0 and bar.value() == 0
