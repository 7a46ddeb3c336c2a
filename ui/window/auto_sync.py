"""Synchronising without being asked, when the user wishes it and a network is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtNetwork import QNetworkInformation

from ui.tasks import LONG, Tasks

if TYPE_CHECKING:
    from app.bootstrap import Services

MINUTE = 60_000
EVERY = 10
"""Minutes between two syncs while nothing waits to be sent."""


class AutoSync(QObject):
    """`due` asks for a sync: when a network comes back, each minute while changes wait to be sent,
    and every `EVERY` minutes otherwise.
    """

    due = Signal()

    def __init__(self, services: Services, tasks: Tasks) -> None:
        super().__init__(tasks)
        self._services = services
        self._tasks = tasks
        self._pending = 0
        self._minutes = 0
        self._minute = QTimer(self, interval=MINUTE)
        self._minute.timeout.connect(self._on_minute)
        self._minute.start()
        if QNetworkInformation.loadDefaultBackend():
            QNetworkInformation.instance().reachabilityChanged.connect(self._on_reachability)

    def note_pending(self, changes: int, files: int) -> None:
        """Hears what waits to be sent; files don't count: the central may refuse one for good."""
        self._pending = changes

    def look(self) -> None:
        """Asks for a sync if one may begin now; the keyring may take its time to answer."""
        self._minutes = 0

        def ready() -> bool:
            return self._services.sync.may_start_alone()

        self._tasks.run(ready, self._on_ready, owner=self, lane=LONG)

    def _on_ready(self, ready: bool) -> None:
        if ready:
            self.due.emit()

    def _on_minute(self) -> None:
        self._minutes += 1
        if self._pending or self._minutes >= EVERY:
            self.look()

    def _on_reachability(self, reachability: QNetworkInformation.Reachability) -> None:
        if reachability == QNetworkInformation.Reachability.Online:
            self.look()
