"""Where the work goes on when a workspace opens: its first page, or that of before a crash."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.domain import clock_doubts
from ui.window.commissions import KEPT
from ui.window.places import EVERYWHERE
from ui.window.session import Session, Spot, interruption

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.domain.records import Commission, Record
    from ui.window.main_window import MainWindow


class Resuming(QObject):
    """Turns to the commission shown last and, after a crash, to where the user was.

    From then on, `session` notes where the user is.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.session: Session | None = None

    def begin(self, services: Services) -> None:
        """Shows the page that the window was asked for, once its commission is known."""
        window = self._window
        first = self.session is None
        now = services.workspace.clock
        folder = services.workspace.folder
        self.session = Session(
            window.preferences, folder, window.where, lambda: now().isoformat(), window
        )
        interrupted = self.session.interrupted() if first else None

        def read() -> tuple[Sequence[Record[Commission]], object, str]:
            kept = services.settings.get(KEPT)
            return services.records.list("commission"), kept, services.neighbours.last_at()

        window.tasks.run(read, lambda found: self._on_read(services, *found, interrupted))

    def _on_read(
        self,
        services: Services,
        commissions: Sequence[Record[Commission]],
        kept: object,
        last_at: str,
        interrupted: tuple[Spot, str] | None,
    ) -> None:
        window = self._window
        window.commissions.take(commissions, kept)
        doubt = clock_doubts.against_written(services.workspace.clock(), last_at)
        if interrupted is None or interrupted[0].place not in EVERYWHERE:
            self._go_on(Spot(window.place), doubt=doubt)
        else:
            spot, seen = interrupted
            said = interruption(seen, last_at)
            window.commissions.reach(spot.record_id, lambda: self._go_on(spot, said, doubt))

    def _go_on(self, spot: Spot, said: str = "", doubt: str = "") -> None:
        """Goes to the place where the work goes on, and begins to note where the user is."""
        window = self._window
        window.go(spot.place)
        if spot.record_id:
            window.pages[spot.place].resume(spot.record_id, spot.detail)
        if said or doubt:
            window.banner.add(f"{said} {doubt}".strip(), "warning" if doubt else "info")
        if self.session is not None:
            self.session.begin()
        window.begun.emit()
        if window.services is not None:
            window.upkeep.begin(window.services)

    def pause(self) -> None:
        """Stops noting where the user is while the window shows none of its pages."""
        if self.session is not None:
            self.session.pause()

    def end(self) -> None:
        """Notes that the window was closed, so that the next start finds no interruption."""
        if self.session is not None:
            self.session.end()
