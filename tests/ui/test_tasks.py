"""Work off the GUI thread: delivered here, in order, and never to the dead."""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.errors import UserError
from ui.tasks import LONG, Task, Tasks


def test_a_result_is_delivered_on_the_thread_of_the_window(tasks: Tasks, qtbot: QtBot) -> None:
    seen: list[tuple[int, int]] = []
    tasks.run(threading.get_ident, lambda there: seen.append((there, threading.get_ident())))
    qtbot.waitUntil(lambda: bool(seen))
    there, here = seen[0]
    assert here == threading.get_ident()
    assert there != here


def test_calls_of_one_lane_run_in_the_order_given(tasks: Tasks, qtbot: QtBot) -> None:
    order: list[int] = []
    first = threading.Event()
    tasks.run(lambda: (first.wait(5), order.append(1)))
    tasks.run(lambda: order.append(2))
    tasks.run(lambda: order.append(3))
    first.set()
    qtbot.waitUntil(lambda: not tasks.busy)
    assert order == [1, 2, 3]


def test_long_work_does_not_hold_up_the_store(tasks: Tasks, qtbot: QtBot) -> None:
    hold = threading.Event()
    saved: list[str] = []
    tasks.run(lambda: hold.wait(5), lane=LONG)
    tasks.run(lambda: "enregistré", saved.append)
    qtbot.waitUntil(lambda: saved == ["enregistré"])
    assert tasks.busy
    hold.set()


def test_an_error_reaches_its_handler_and_nothing_else(
    tasks: Tasks, failures: list[Exception], qtbot: QtBot
) -> None:
    heard: list[Exception] = []

    def refuse() -> None:
        raise UserError("Rien à faire.")

    tasks.run(refuse, on_error=heard.append)
    qtbot.waitUntil(lambda: bool(heard))
    assert str(heard[0]) == "Rien à faire."
    assert failures == []


def test_a_result_whose_owner_died_is_dropped(tasks: Tasks, qtbot: QtBot) -> None:
    owner = QObject()
    hold = threading.Event()
    seen: list[object] = []
    tasks.run(lambda: hold.wait(5), seen.append, owner=owner)
    owner.deleteLater()
    qtbot.waitSignal(owner.destroyed).wait()
    hold.set()
    qtbot.waitUntil(lambda: not tasks.busy)
    assert seen == []


def test_a_failure_whose_owner_died_is_still_told_by_the_window(
    tasks: Tasks, failures: list[Exception], qtbot: QtBot
) -> None:
    owner = QObject()
    hold = threading.Event()

    def fail() -> None:
        hold.wait(5)
        raise UserError("Le disque est plein.")

    tasks.run(fail, on_error=lambda error: None, owner=owner)
    owner.deleteLater()
    qtbot.waitSignal(owner.destroyed).wait()
    hold.set()
    qtbot.waitUntil(lambda: bool(failures))
    assert str(failures[0]) == "Le disque est plein."


def test_cancelled_work_stops_at_its_next_report_and_delivers_nothing(
    tasks: Tasks, failures: list[Exception], qtbot: QtBot
) -> None:
    began, go_on = threading.Event(), threading.Event()
    steps: list[int] = []
    seen: list[object] = []

    def work(task: Task) -> None:
        for step in range(100):
            steps.append(step)
            began.set()
            go_on.wait(5)
            task.report("Envoi", step / 100)

    task = tasks.run_reporting(work, seen.append)
    assert began.wait(5)
    task.cancel()
    go_on.set()
    qtbot.waitUntil(lambda: not tasks.busy)
    assert steps == [0]
    assert seen == []
    assert failures == []


def test_progress_is_told_as_it_goes(tasks: Tasks, qtbot: QtBot) -> None:
    told: list[tuple[str, float]] = []

    def work(task: Task) -> str:
        task.report("Lecture", 0.5)
        task.report("Écriture", 1.0)
        return "fini"

    done: list[str] = []
    tasks.run_reporting(
        work, done.append, on_progress=lambda words, share: told.append((words, share))
    )
    qtbot.waitUntil(lambda: done == ["fini"])
    assert told == [("Lecture", 0.5), ("Écriture", 1.0)]


def test_after_the_end_nothing_more_is_begun(tasks: Tasks) -> None:
    done: list[int] = []
    tasks.run(lambda: done.append(1))
    assert tasks.finish()
    assert tasks.run(lambda: done.append(2)).cancelled
    assert tasks.finish()
    assert done == [1]
