"""Notices when another program writes into the workspace, when the workspace cannot be read any
more, and when a new day begins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from ui.tasks import Tasks

if TYPE_CHECKING:
    from app.bootstrap import Services

PAUSE = 2000
"""Milliseconds between two looks; each is one indexed read."""


class WorkspaceWatch(QObject):
    """`noticed` follows what was not done in this window: a change by another program, or a new
    day, from which every « dans 3 jours » counts.

    `lost` carries, once, why the workspace cannot be read any more; `back` follows when it can.
    """

    noticed = Signal()
    lost = Signal(object)
    back = Signal()

    def __init__(self, services: Services, tasks: Tasks) -> None:
        super().__init__(tasks)
        self._services = services
        self._tasks = tasks
        self._is_lost = False
        self._day = services.workspace.clock().date()
        self._timer = QTimer(self)
        self._timer.setInterval(PAUSE)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        self.look()

    def look(self) -> None:
        """Looks once, off the GUI thread."""

        def wrote() -> bool:
            return self._services.neighbours.wrote()

        self._tasks.run(wrote, self._tell, self._fail, self)

    def _fail(self, error: Exception) -> None:
        if not self._is_lost:
            self._is_lost = True
            self.lost.emit(error)

    def _tell(self, wrote: bool) -> None:
        if self._is_lost:
            self._is_lost = False
            self.back.emit()
        elif self._turned_day() or wrote:
            self.noticed.emit()

    def _turned_day(self) -> bool:
        """Whether a new day began since the last look."""
        former, self._day = self._day, self._services.workspace.clock().date()
        return former != self._day
