"""The central at work in one process: its database, its clock, its limits, its few threads."""

from __future__ import annotations

import logging
from asyncio import Task
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread
from sqlalchemy.exc import IntegrityError, InternalError, OperationalError

from app.central.access import Caller, caller, sign_in
from app.central.database import THREADS, Database, cause_of
from app.central.pace import Pace
from app.central.problems import Refused
from app.clock import Clock
from app.sync.protocol import Limits

Q = ParamSpec("Q")
T = TypeVar("T")

_log = logging.getLogger("commissions.central")

QUEUE = 256
"""Requests that may wait for a thread before others are told to come back."""

_SOON = 2  # seconds


class Office:
    """What every route works with. All state is in the database, so that workers are alike.

    `is_to_tidy` says that answers left work for later, `tidying` is the one task of this process
    that does it.
    """

    def __init__(self, database: Database, clock: Clock, limits: Limits) -> None:
        self.database = database
        self.clock = clock
        self.limits = limits
        self.is_to_tidy = False
        self.tidying: Task[None] | None = None
        self._pace = Pace()
        self._threads: CapacityLimiter | None = None

    async def run(self, work: Callable[Q, T], *args: Q.args, **kwargs: Q.kwargs) -> T:
        """Does blocking work in a thread; Refused (503) if the database fails or too many wait."""
        if self._threads is None:  # a limiter belongs to the loop that runs
            self._threads = CapacityLimiter(THREADS)
        if self._threads.statistics().tasks_waiting >= QUEUE:
            raise _busy()
        return await to_thread.run_sync(
            lambda: _retried(lambda: work(*args, **kwargs)), limiter=self._threads
        )

    def caller(self, authorization: str | None) -> Caller:
        """Who calls, by the Authorization header; Refused (401) when nobody we know.

        Refused (429) when the device calls without pause.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise sign_in()
        found = caller(self.database, token.strip(), self.clock())
        self._pace.count(found.device_id)
        return found


def _retried(work: Callable[[], T]) -> T:
    """Does the work, and once more if another transaction has just made the same row."""
    try:
        try:
            return work()
        except IntegrityError:
            return work()
    except (OperationalError, InternalError) as error:  # InternalError: it is read-only
        _log.warning("database refuses: %s", cause_of(error))
        raise _busy() from error


def _busy() -> Refused:
    return Refused(
        "busy",
        "Le central est occupé, rien n'est perdu : réessayez dans un moment.",
        retry_after=_SOON,
    )
