"""Notices what another program writes into the workspace, that the workspace is gone, and that
another day has begun.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from ui.tasks import Tasks

if TYPE_CHECKING:
    from app.bootstrap import Services

PAUSE = 2000
"""Milliseconds between two looks; each is one read of an index."""


class WorkspaceWatch(QObject):
    """`noticed` follows a change that was not made here; a new day, which every « dans 3 jours »
    counts from, is one.

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
        """Whether the day is another than at the last look."""
        former, self._day = self._day, self._services.workspace.clock().date()
        return former != self._day
