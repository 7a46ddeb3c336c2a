"""Makes documents off the GUI thread, reporting progress and stopping once cancelled."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject

from ui.tasks import LONG, Done, Failed, Reported, Task, Tasks

T = TypeVar("T")


def make(
    tasks: Tasks,
    making: Callable[[], T],
    done: Done[T],
    failed: Failed,
    owner: QObject,
    *,
    on_progress: Reported | None = None,
    lane: str = LONG,
) -> Task:
    """Runs `making` off the GUI thread, by default in the lane of long work."""
    from app.documents.making import heard_by

    def work(task: Task) -> T:
        with heard_by(task.report):
            return making()

    return tasks.run_reporting(work, done, failed, owner, on_progress=on_progress, lane=lane)
