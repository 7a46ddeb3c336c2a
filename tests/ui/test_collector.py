"""Garbage that holds widgets: collected between two events, on the thread of the window."""

from __future__ import annotations

import threading
import weakref
from typing import Any

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from ui.tasks import Tasks


def test_what_a_cycle_holds_ends_on_the_thread_of_the_window_whoever_makes_room(
    tasks: Tasks, qtbot: QtBot
) -> None:
    ended = list[threading.Thread]()
    held: list[dict[str, Any]] = [{"object": QObject()}]
    held[0]["itself"] = held[0]
    weakref.finalize(held[0]["object"], lambda: ended.append(threading.current_thread()))

    def work() -> None:
        held.clear()
        kept = [[number] for number in range(100_000)]  # many times what Python collects after
        assert len(kept) == 100_000

    tasks.run(work)
    qtbot.waitUntil(lambda: bool(ended))
    assert ended == [threading.main_thread()]
