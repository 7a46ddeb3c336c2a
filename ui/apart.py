"""What is done to the workspace with every page left: going back to a copy, and repairs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from ui.tasks import NETWORK, Task

if TYPE_CHECKING:
    from app.services.losses import Lost
    from ui.main_window import MainWindow


class Apart(QObject):
    """Has the window leave its pages, replaces the workspace's files, and has it open again.

    What was typed is in the store first, and what was asked of the central is over, for their lanes
    are waited for.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def work(self, words: str, work: Callable[[Task], str]) -> None:
        """Runs `work`, which gives the sentence to tell; a failure is told, all being as before."""
        window = self._window
        services = window.leave(words)
        if services is None:
            return

        def back(tell: Callable[[], object]) -> None:
            window.open_on(services.renewed())
            tell()

        def run() -> None:
            window.tasks.run_reporting(
                work,
                lambda sentence: back(lambda: window.banner.say(sentence, "success")),
                lambda error: back(lambda: window.tell_error(error)),
                self,
                on_progress=lambda said, share: window.opening.say(f"{said}…"),
            )

        self._once_quiet(run)

    def _once_quiet(self, begin: Callable[[], object]) -> None:
        """Begins once nothing is written any more."""
        tasks = self._window.tasks

        def wait_for_central() -> None:
            tasks.run(lambda: None, lambda ended: begin(), owner=self, lane=NETWORK)

        tasks.run(lambda: None, lambda saved: wait_for_central(), owner=self)

    def mend(self) -> None:
        """Shows the repair of the workspace in the place of the pages."""
        from app.services import doctor
        from ui.pages.mending import Mending

        window = self._window
        services = window.leave("Lecture de l'espace de travail…")
        if services is None:
            return
        space = services.workspace

        def look(typed: str | None, elsewhere: Path | None) -> Sequence[Lost]:
            space.close()
            return doctor.losable(space.folder, typed, space.data_key, elsewhere)

        mending = Mending(
            look,
            lambda typed, elsewhere: doctor.mend(space.folder, typed, space.data_key, elsewhere),
            lambda typed: services.renewed(),
            window.tasks,
        )
        mending.opened.connect(window.open_on)
        self._once_quiet(lambda: window.show_instead(mending))
