"""Work on the workspace's files with every page closed: restoring a copy, repairing, erasing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject

from ui.tasks import NETWORK, Task

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.services.losses import Lost
    from ui.window.main_window import MainWindow

T = TypeVar("T")


class Maintenance(QObject):
    """Has the window leave its pages, runs work on the workspace's files, and opens it again.

    Before the work, what was typed is stored, unless the user gives it up, and exchanges with the
    central are over: their lanes are waited for.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def work(self, words: str, work: Callable[[Task], Sequence[str]]) -> None:
        """Runs `work` and opens the workspace again; after a failure, all is as before.

        The sentences it returns say what was done, then what the user still has to see to, if
        anything.
        """

        def done(services: Services, told: Sequence[str]) -> None:
            self._window.open_on(services.renewed())
            self._window.banner.say(" ".join(told), "success" if len(told) == 1 else "warning")

        self._run(words, work, done)

    def end(self, words: str, work: Callable[[Task], Sequence[str]]) -> None:
        """As `work`, for work that leaves no workspace: the window says so, and can only close."""

        def done(_services: Services, told: Sequence[str]) -> None:
            window = self._window
            window.show_instead(window.opening)
            window.opening.picture.set(
                *(("check", "success") if len(told) == 1 else ("triangle-alert", "warning"))
            )
            window.opening.say(" ".join(told), "Fermer")
            window.opening.requested.connect(window.close)
            window.opening.offer.setFocus()

        self._run(words, work, done)

    def _run(
        self, words: str, work: Callable[[Task], T], done: Callable[[Services, T], object]
    ) -> None:
        window = self._window

        def begin(services: Services) -> None:
            def failed(error: Exception) -> None:
                window.open_on(services.renewed())
                window.tell_error(error)

            window.tasks.run_reporting(
                work,
                lambda told: done(services, told),
                failed,
                self,
                on_progress=lambda said, share: window.opening.say(f"{said}…"),
            )

        self._leave(words, begin)

    def _leave(self, words: str, begin: Callable[[Services], object]) -> None:
        """Leaves the pages once every word typed is stored, or the user gives them up."""
        from ui.dialogs.dialog import ConfirmDialog  # not needed for the first frame

        window = self._window

        def leave() -> None:
            services = window.leave(words)
            if services is not None:
                self._once_quiet(lambda: begin(services))

        def judge(_stored: object) -> None:
            if losses := window.leaving.losses():
                ConfirmDialog(
                    "Continuer sans enregistrer", losses, "Continuer quand même", leave, window
                ).open()
            else:
                leave()

        window.flush()
        window.tasks.run(lambda: None, judge, owner=self)

    def _once_quiet(self, begin: Callable[[], object]) -> None:
        """Begins once the store's lane and the network's have ended their work."""
        tasks = self._window.tasks

        def wait_for_central() -> None:
            tasks.run(lambda: None, lambda ended: begin(), owner=self, lane=NETWORK)

        tasks.run(lambda: None, lambda saved: wait_for_central(), owner=self)

    def mend(self) -> None:
        """Shows the repair of the workspace in the place of the pages."""
        from app.services import doctor
        from ui.pages.mending import Mending

        window = self._window

        def begin(services: Services) -> None:
            space = services.workspace

            def look(typed: str | None, elsewhere: Path | None) -> Sequence[Lost]:
                space.close()
                return doctor.losable(space.folder, typed, space.data_key, elsewhere)

            mending = Mending(
                look,
                lambda typed, other: doctor.mend(space.folder, typed, space.data_key, other),
                lambda typed: services.renewed(),
                window.tasks,
            )
            mending.opened.connect(window.open_on)
            window.show_instead(mending)

        self._leave("Lecture de l'espace de travail…", begin)
