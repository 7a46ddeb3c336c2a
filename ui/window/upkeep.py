"""What an open workspace needs once a day: a copy, and a check of where it lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ui.tasks import LONG

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.domain.locations import Hazard
    from ui.window.main_window import MainWindow


class Upkeep(QObject):
    """Makes the copy of the day, ends an erasure that had no room for it, and warns of a folder
    that may damage the workspace.

    What it says comes after what the opening has just said, of a crash or of the clock.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def begin(self, services: Services) -> None:
        """Begins after what the page in sight reads: the copy keeps the disk busy."""
        self._window.tasks.run(lambda: services, self._look_after, owner=self)

    def _look_after(self, services: Services) -> None:
        tasks = self._window.tasks
        tasks.run(
            lambda: services.erasures.finish(),  # noqa: PLW0108 - as below
            self._on_kept_up,
            owner=self,
            lane=LONG,
        )
        tasks.run(
            lambda: services.backups.keep_up(),  # noqa: PLW0108 - what makes it loads off this thread
            self._on_kept_up,
            owner=self,
            lane=LONG,
        )
        tasks.run(
            lambda: services.safety.hazard(),  # noqa: PLW0108 - as above
            self._warn_of_place,
            owner=self,
            lane=LONG,
        )

    def _on_kept_up(self, sentence: str) -> None:
        if sentence:
            self._window.banner.add(sentence)

    def _warn_of_place(self, hazard: Hazard | None) -> None:
        """Offers to move a workspace that the network or a synchroniser may damage."""
        if hazard is not None:
            self._window.banner.add(hazard.sentence, "warning", "Déplacer…", self._offer_move)

    def _offer_move(self) -> None:
        from ui.pages.settings import SettingsPage

        self._window.go("settings")
        page = self._window.pages["settings"]
        assert isinstance(page, SettingsPage)
        page.offer_move()
