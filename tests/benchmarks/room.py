"""The meeting room: opening it, and from a key to its effect, while notes are saved behind.

40 items, 120 members, 100 pages of notes, on the offscreen platform at 1366 by 768.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEventLoop, QSettings, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.bootstrap import Services, open_services
from app.services import workspaces
from app.services.changes import Change
from tests.benchmarks.measure import Measure
from tests.ui.keyboard import type_text
from ui.window import start
from ui.window.main_window import MainWindow
from ui.window.preferences import Preferences

ITEMS, MEMBERS = 40, 120
NOTES = "Le débit tombe dès que l'école se met sur les tablettes. **À revoir** en mars.\n" * 100
"""Two and a half pages: a hundred over all the items."""

OPENINGS = 7
BETWEEN = 30
"""Milliseconds between two keys, as when one is held down, so that saving and typing meet."""

FRAME, OPENING = 16, 150
Keys = Iterator[Callable[[], object]]
KEY = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


def main() -> Iterator[Measure]:
    with tempfile.TemporaryDirectory() as folder:
        services = _workspace(Path(folder) / "espace")
        meeting_id = _meeting(services)
        with _window(services, Path(folder)) as window:
            first = _opening(window, meeting_id)
            again = statistics.median(_opening(window, meeting_id) for _ in range(OPENINGS))
            yield Measure("ouvrir la séance, la première fois", first, limit=OPENING)
            yield Measure("l'ouvrir de nouveau, médiane", again, limit=OPENING)
            yield from _keys(window, meeting_id)
        services.close()


def _workspace(folder: Path) -> Services:
    workspaces.create(folder, workspaces.choose("none", None, folder.name)).close()
    return open_services(folder)


def _meeting(services: Services) -> str:
    """An open meeting whose first item has begun, everybody being there."""
    records = services.records
    space = records.create("commission", {"name": "Commission d'essai"}, None).id
    towns = records.list("organisation", kind="commune", department="21")[:MEMBERS]
    people = _put(
        services, space, "person",
        [{"last_name": f"Membre {n}", "organisation_id": one.id} for n, one in enumerate(towns)],
    )  # fmt: skip
    _put(
        services, space, "roster_entry",
        [{"organisation_id": town.id, "titular_person_id": person}
         for town, person in zip(towns, people, strict=True)],
    )  # fmt: skip
    starts = services.workspace.clock().isoformat()
    meeting = records.create("meeting", {"title": "Séance", "starts_at": starts}, space).id
    items = [
        {"meeting_id": meeting, "rank": f"{n:03}", "title": f"Sujet {n}", "notes": NOTES,
         "planned_minutes": 5}
        for n in range(ITEMS)
    ]  # fmt: skip
    first, *_ = _put(services, space, "agenda_item", items)
    services.meetings.convene(meeting)
    services.meetings.open(meeting)
    for entry in records.list("roster_entry", space)[: MEMBERS // 2]:
        services.attendance.mark(meeting, entry.id, "present")
    services.agenda.start(first)
    return meeting


def _put(services: Services, space: str, kind: str, rows: list[dict[str, object]]) -> list[str]:
    made = services.records.put([Change(kind, fields, None, space) for fields in rows])
    return [one.id for one in made]


@contextmanager
def _window(services: Services, folder: Path) -> Iterator[MainWindow]:
    start.application()
    settings = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)
    window = start.window(Preferences(settings))
    window.resize(1366, 768)
    window.show()
    window.open_on(services)
    _settle(window)
    window.go("meetings")
    _settle(window)
    _wait(1000)  # as long as it takes to find the meeting in the list
    try:
        yield window
    finally:
        window.close()


def _opening(window: MainWindow, meeting_id: str) -> float:
    """From the key that opens the meeting until the room is whole on screen."""
    start_ = time.perf_counter()
    window.go("meeting", meeting_id)
    _settle(window)
    took = (time.perf_counter() - start_) * 1000
    window.go("meetings")
    _settle(window)
    return took


def _keys(window: MainWindow, meeting_id: str) -> Iterator[Measure]:
    """Presses each key many times; what it changes is painted before the clock stops."""
    window.go("meeting", meeting_id)
    _settle(window)
    everything: list[float] = []
    for words, place, keys in (
        ("une lettre des notes", KEY.Key_F3, _letters),
        ("une lettre à l'appel", KEY.Key_F4, _names),
        ("une présence, un départ", KEY.Key_F4, _deeds),
        ("d'un point à l'autre", KEY.Key_F2, _items),
    ):
        times = _press(window, place, keys())
        everything += times
        yield Measure(f"touche à l'écran, 99e centile : {words}", _p99(times), limit=FRAME)
    yield Measure("touche à l'écran, 99e centile, toutes", _p99(everything), limit=FRAME)
    yield Measure("  la médiane", statistics.median(everything))


def _press(window: MainWindow, place: Qt.Key, keys: Keys) -> list[float]:
    QTest.keyClick(window, place)
    times = []
    for key in keys:
        start_ = time.perf_counter()
        key()
        _paint()
        times.append((time.perf_counter() - start_) * 1000)
        _wait(BETWEEN)
    _settle(window)
    return times


def _letters() -> Keys:
    for letter in "Le maire demande un **devis** pour deux ans. " * 4:
        yield lambda letter=letter: type_text(_focus(), letter)


def _names() -> Keys:
    for number in range(15):
        for letter in f"membre {number}":
            yield lambda letter=letter: type_text(_focus(), letter)
        yield lambda: QTest.keyClick(_focus(), KEY.Key_A, CTRL)


def _deeds() -> Keys:
    QTest.keyClick(_focus(), KEY.Key_Delete)
    QTest.keyClick(_focus(), KEY.Key_Down)
    for number in range(120):
        yield lambda key=(KEY.Key_P, KEY.Key_D)[number % 2]: QTest.keyClick(_focus(), key)
        if number % 2:
            yield lambda: QTest.keyClick(_focus(), KEY.Key_Down)


def _items() -> Keys:
    for number in range(120):
        key = KEY.Key_Down if number // (ITEMS - 1) % 2 == 0 else KEY.Key_Up
        yield lambda key=key: QTest.keyClick(_focus(), key)


def _focus() -> QWidget:
    focus = QApplication.focusWidget()
    assert focus is not None
    return focus


def _paint() -> None:
    """Lets the events of one key run, the painting that they asked for being the last."""
    QCoreApplication.sendPostedEvents()
    QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)


def _p99(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[98]


def _wait(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _settle(window: MainWindow) -> None:
    """Waits until nothing is under way, and what it brought is painted."""
    while window.tasks.busy:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    _paint()
