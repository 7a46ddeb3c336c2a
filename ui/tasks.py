"""Work off the GUI thread: started here, reported here, delivered on the GUI thread.

The only module that starts threads. Calls in one lane run one after the other in the order they
were given, so that words typed are saved before the minutes that hold them are frozen.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QObject,
    QRunnable,
    Qt,
    QThreadPool,
    Signal,
    SignalInstance,
)

T = TypeVar("T")

Done = Callable[[T], object]
Failed = Callable[[Exception], object]
Reported = Callable[[str, float], object]

STORE = "store"
"""The lane of what reads and writes the workspace."""

FINDING = "finding"
"""The lane of the search, so that no save waits while the index is brought up to date."""

LONG = "long"
"""The lane of documents, which may take seconds."""

NETWORK = "network"
"""The lane of requests to the central, so that no document waits behind a slow connection."""


class Cancelled(Exception):
    """Raised inside work that its user has given up."""


class Task:
    """One piece of work under way; `cancel()` gives it up, and nothing of it is delivered."""

    def __init__(self) -> None:
        self._given_up = threading.Event()
        self.report: Callable[[str, float], None] = self._unheard

    @property
    def cancelled(self) -> bool:
        return self._given_up.is_set()

    def cancel(self) -> None:
        self._given_up.set()

    def check(self) -> None:
        """Called by long work between its steps; raises Cancelled once given up."""
        if self.cancelled:
            raise Cancelled

    def _unheard(self, words: str, share: float) -> None:
        self.check()


class Tasks(QObject):
    """The desk where all work is handed in; lives as long as the window."""

    busy_changed = Signal(bool)
    _reported = Signal(object, str, float)
    _ended = Signal(object, object, object)

    def __init__(self, on_error: Failed, parent: QObject | None = None) -> None:
        """`on_error` hears what fails without a handler of its own."""
        super().__init__(parent)
        self._on_error = on_error
        self._lanes: dict[str, QThreadPool] = {}
        self._open: dict[Task, _Delivery] = {}
        self._closed = False
        self._reported.connect(self._on_reported, Qt.ConnectionType.QueuedConnection)
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        return bool(self._open)

    def run(
        self,
        work: Callable[[], T],
        on_done: Done[T] | None = None,
        on_error: Failed | None = None,
        owner: QObject | None = None,
        *,
        lane: str = STORE,
    ) -> Task:
        """Runs `work` in its lane; `on_done(result)` or `on_error(error)` follow on this thread.

        Nothing is delivered once `owner` is dead or the task cancelled; what began is finished,
        and a failure that nobody is left to hear goes to the window.
        """
        return self.run_reporting(lambda task: work(), on_done, on_error, owner, lane=lane)

    def run_reporting(
        self,
        work: Callable[[Task], T],
        on_done: Done[T] | None = None,
        on_error: Failed | None = None,
        owner: QObject | None = None,
        *,
        on_progress: Reported | None = None,
        lane: str = LONG,
    ) -> Task:
        """As `run`, for work that calls `task.report(words, share)` with a share from 0 to 1.

        Reporting is also where a cancelled task stops.
        """
        task = Task()
        if self._closed:
            task.cancel()
            return task
        task.report = self._reporter(task)
        was_busy = self.busy
        self._open[task] = _Delivery(work, on_done, on_error or self._on_error, on_progress, owner)
        if not was_busy:
            self.busy_changed.emit(True)
        self._lane(lane).start(_Run(work, task, self._ended))
        return task

    def finish(self, milliseconds: int = 30_000) -> bool:
        """Waits, when the program closes, for the work begun; False as soon as a lane times out.

        No work is accepted afterwards: a pool destroyed while its thread runs would wait for that
        thread for ever, which itself would wait for the interpreter.
        """
        self._closed = True
        return all(pool.waitForDone(milliseconds) for pool in self._lanes.values())

    def catch_up(self, milliseconds: int = 30_000) -> None:
        """Waits for the lane of the store and delivers its results: the caller then knows whether
        the last words are stored.
        """
        if STORE in self._lanes:
            self._lanes[STORE].waitForDone(milliseconds)
            QCoreApplication.sendPostedEvents(self, QEvent.Type.MetaCall)

    def _lane(self, name: str) -> QThreadPool:
        if name not in self._lanes:
            pool = QThreadPool(self)
            pool.setMaxThreadCount(1)
            self._lanes[name] = pool
        return self._lanes[name]

    def _reporter(self, task: Task) -> Callable[[str, float], None]:
        def report(words: str, share: float) -> None:
            task.check()
            self._reported.emit(task, words, share)

        return report

    def _on_reported(self, task: Task, words: str, share: float) -> None:
        delivery = self._open.get(task)
        if delivery is not None and delivery.on_progress is not None and delivery.wanted(task):
            delivery.on_progress(words, share)

    def _on_ended(self, task: Task, result: object, error: Exception | None) -> None:
        delivery = self._open.pop(task)
        if not self.busy:
            self.busy_changed.emit(False)
        if isinstance(error, Cancelled):
            return
        if error is not None:
            (delivery.on_error if delivery.wanted(task) else self._on_error)(error)
        elif delivery.on_done is not None and delivery.wanted(task):
            delivery.on_done(result)


@dataclass(frozen=True)
class _Delivery:
    """Whom to tell of the outcome of a task.

    The GUI thread holds it until the run is over, so that no widget is ever destroyed on another.
    """

    work: object
    on_done: Done[Any] | None
    on_error: Failed
    on_progress: Reported | None
    owner: QObject | None

    def wanted(self, task: Task) -> bool:
        alive = self.owner is None or shiboken6.isValid(self.owner)
        return alive and not task.cancelled


class _Run(QRunnable):
    def __init__(self, work: Callable[[Task], Any], task: Task, ended: SignalInstance) -> None:
        super().__init__()
        self._work: Callable[[Task], Any] | None = work
        self._task = task
        self._ended = ended

    def run(self) -> None:
        result: object = None
        failure: Exception | None = None
        try:
            self._task.check()
            assert self._work is not None
            result = self._work(self._task)
        except Exception as error:  # noqa: BLE001 - every failure is shown by ui/errors.py
            failure = error
        self._work = None
        self._ended.emit(self._task, result, failure)
