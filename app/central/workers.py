"""Several worker processes that share one socket: started, replaced when one dies, stopped."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import connection
from multiprocessing.context import SpawnProcess
from multiprocessing.synchronize import Event
from typing import Any

from app.errors import UserError

_log = logging.getLogger("commissions.central")
_PATIENCE = 20  # seconds for a worker to end by itself once asked
_STOPS = (signal.SIGTERM, signal.SIGINT)

Work = Callable[[Callable[[], None]], bool]
"""Serves until a signal, calls its argument once ready, and gives whether it ever served."""


def supervise(work: Work, count: int, on_ready: Callable[[], None]) -> int:
    """Keeps `count` workers at work until SIGTERM or SIGINT; gives the exit status.

    A worker that dies is replaced; one that dies before it was ever ready ends everything, for the
    next would do the same.
    """
    awake, wake = multiprocessing.Pipe(duplex=False)
    for asked in _STOPS:
        signal.signal(asked, lambda _number, _frame: wake.send_bytes(b"stop"))
    workers = [_Worker(work) for _ in range(count)]
    try:
        if not all(worker.is_ready(awake) for worker in workers):
            return 0 if awake.poll() else 1
        on_ready()
        return _watch(work, workers, awake)
    finally:
        for worker in workers:  # all of them before any is waited for
            worker.process.terminate()
        for worker in workers:
            worker.end()


def _watch(work: Work, workers: list[_Worker], awake: Any) -> int:
    while True:
        sentinels = {worker.process.sentinel: place for place, worker in enumerate(workers)}
        ended = connection.wait([awake, *sentinels])
        if awake in ended:
            return 0
        for sentinel in ended:
            place = sentinels[sentinel]  # type: ignore[index]  # all but `awake` are integers
            workers[place].end()
            _log.error("worker ended with %s, replaced", workers[place].process.exitcode)
            workers[place] = _Worker(work)
            if not workers[place].is_ready(awake):
                return 0 if awake.poll() else 1


class _Worker:
    """One worker process."""

    def __init__(self, work: Work) -> None:
        context = multiprocessing.get_context("spawn")
        self._ready: Event = context.Event()
        self.process: SpawnProcess = context.Process(target=_run, args=(work, self._ready))
        with _stops_held():
            self.process.start()

    def is_ready(self, awake: Any) -> bool:
        """Waits until the worker serves; False when it ended, or a stop was asked, before."""
        while not self._ready.wait(0.1):
            if awake.poll() or not self.process.is_alive():
                return False
        return True

    def end(self) -> None:
        """Waits for a worker that was asked to end, and kills it when it does not."""
        self.process.join(_PATIENCE)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


@contextmanager
def _stops_held() -> Iterator[None]:
    """Holds the signals to stop, which a process begun meanwhile inherits.

    systemd and terminals send them to the workers too, where Python, still beginning, would quote
    its own code in the journal.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)


def _run(work: Work, ready: Event) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # until it serves, the supervisor ends it
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    try:
        served = work(ready.set)
    except UserError as error:
        _log.error("worker did not begin: %s", error.sentence)
        raise SystemExit(1) from None
    if not served:
        raise SystemExit(1)


def _end_with_the_parent() -> None:
    """Ends a worker whose supervisor was killed, so that it does not keep the port."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    connection.wait([parent.sentinel])
    os.kill(os.getpid(), signal.SIGTERM)
