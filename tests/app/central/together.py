"""Two workers that end together or not at all; the supervisor is asked to stop once they serve."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from functools import partial
from threading import BrokenBarrierError
from typing import Any

from app.central.workers import supervise


def work(barrier: Any, on_ready: Callable[[], None]) -> bool:
    asked = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: asked.set())
    on_ready()
    asked.wait()
    try:
        barrier.wait(3)
        word = b"together\n"
    except BrokenBarrierError:
        word = b"alone\n"
    os.write(sys.stdout.fileno(), word)
    return True


if __name__ == "__main__":
    meeting = multiprocessing.get_context("spawn").Barrier(2)
    supervise(partial(work, meeting), 2, lambda: os.kill(os.getpid(), signal.SIGTERM))
