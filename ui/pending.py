"""« 12 modifications à envoyer »: counted again a little after each change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from ui.tasks import LONG, Tasks

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.services.sync import Status

REST = 800


class Pending(QObject):
    """`counted` carries how many changes and files wait for the central; none without a central."""

    counted = Signal(int, int)

    def __init__(self, services: Services, tasks: Tasks) -> None:
        super().__init__(tasks)
        self._services = services
        self._tasks = tasks
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST)
        self._rest.timeout.connect(self._count)
        self.refresh()

    def refresh(self) -> None:
        """To be called after each change; a burst of them is counted once."""
        self._rest.start()

    def _count(self) -> None:
        """Apart from the store's own lane: the system's keyring may take its time to answer."""

        def status() -> Status:
            return self._services.sync.status()

        self._tasks.run(status, self._tell, owner=self, lane=LONG)

    def _tell(self, status: Status) -> None:
        waiting = (status.pending, status.files) if status.url else (0, 0)
        self.counted.emit(*waiting)
