"""Counts what waits for the central and for the user, again a little after each change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from ui.tasks import LONG, Tasks

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.services.sync_status import Status

REST = 800


class Pending(QObject):
    """`counted` carries how many changes and files wait to be sent, none without a central;
    `disputed` how many conflicts wait for the user.
    """

    counted = Signal(int, int)
    disputed = Signal(int)

    def __init__(self, services: Services, tasks: Tasks) -> None:
        super().__init__(tasks)
        self._services = services
        self._tasks = tasks
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST)
        self._rest.timeout.connect(self._count)
        self.refresh()

    @property
    def is_due(self) -> bool:
        """Whether something changed since the last count."""
        return self._rest.isActive()

    def refresh(self) -> None:
        """To be called after each change; a burst of them is counted once."""
        self._rest.start()

    def _count(self) -> None:
        """Counts in another lane than the store's: the system's keyring may be slow to answer."""

        def look() -> tuple[Status, int]:
            return self._services.sync.status(), len(self._services.conflicts.open())

        self._tasks.run(look, lambda found: self._tell(*found), owner=self, lane=LONG)

    def _tell(self, status: Status, conflicts: int) -> None:
        waiting = (status.pending, status.files) if status.url else (0, 0)
        self.counted.emit(*waiting)
        self.disputed.emit(conflicts)
