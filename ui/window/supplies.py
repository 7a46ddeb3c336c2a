"""« Batterie 14 % »: checks once a minute what may run out, and tells only when it is low."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app import machine
from app.machine import Supplies
from ui.tasks import LONG, Tasks

if TYPE_CHECKING:
    from app.bootstrap import Services

EACH_MINUTE = 60_000


class SuppliesWatch(QObject):
    """`told` carries what runs low, in a few words; empty when nothing does."""

    told = Signal(str)

    def __init__(self, services: Services, tasks: Tasks) -> None:
        super().__init__(tasks)
        self._folder = services.workspace.folder
        self._tasks = tasks
        self._clock = QTimer(self)
        self._clock.setInterval(EACH_MINUTE)
        self._clock.timeout.connect(self.look)
        self._clock.start()
        self.look()

    def look(self) -> None:
        """Looks now."""
        self._tasks.run(lambda: machine.supplies(self._folder), self._tell, owner=self, lane=LONG)

    def _tell(self, found: Supplies) -> None:
        self.told.emit(found.shortage)
