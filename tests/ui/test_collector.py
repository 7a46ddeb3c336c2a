"""Garbage that holds widgets: collected between two events, on the thread of the window."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from ui.tasks import Tasks

MANY = 1000  # more than Python lets be before it collects


def test_what_cycles_hold_ends_on_the_thread_of_the_window_as_events_come(
    tasks: Tasks, qtbot: QtBot
) -> None:
    ended = list[threading.Thread]()
    for _ in range(MANY):
        _let_go_of_a_cycle(lambda: ended.append(threading.current_thread()))
    with qtbot.waitSignal(tasks.busy_changed, check_params_cb=lambda busy: not busy):
        tasks.run(lambda: [[number] for number in range(100 * MANY)])
    qtbot.waitUntil(lambda: len(ended) == MANY)
    assert set(ended) == {threading.main_thread()}


def _let_go_of_a_cycle(ended: Callable[[], object]) -> None:
    held: dict[str, Any] = {"object": QObject()}
    held["itself"] = held
    weakref.finalize(held["object"], ended)
