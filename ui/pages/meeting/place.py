"""Where a meeting was left: its tab, its item, the cursor in the notes; a crash loses none of it.

It is kept in the workspace, at most every two seconds, beside the records, and never sent.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, QTimer

from ui.tasks import Tasks

if TYPE_CHECKING:
    from app.bootstrap import Services

EVERY = 2000
"""Milliseconds between a move and the writing of the new place."""


class MeetingPlace(msgspec.Struct, frozen=True):
    """`status` is the meeting's status then; once it has changed, `tab` no longer counts."""

    meeting_id: str
    status: str
    tab: int
    item_id: str = ""
    cursor: int = 0


class PlaceKeeper(QObject):
    """Keeps the place after each move; `find` reads it back, off the GUI thread."""

    def __init__(
        self, services: Services, tasks: Tasks, here: Callable[[], MeetingPlace | None],
        parent: QObject,
    ) -> None:  # fmt: skip
        """`here` gives the place on screen now, None when there is none."""
        super().__init__(parent)
        self._services = services
        self._tasks = tasks
        self._here = here
        self._kept: MeetingPlace | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self.keep)

    def moved(self) -> None:
        """To be called at each move."""
        if not self._timer.isActive():
            self._timer.start()

    def keep(self) -> None:
        """Keeps the present place, unless it is kept already."""
        self._timer.stop()
        place = self._here()
        if place is None or place == self._kept:
            return
        self._kept = place
        settings, name = self._services.settings, _name(place.meeting_id)
        self._tasks.run(lambda: settings.set(name, msgspec.to_builtins(place)), owner=self)

    def find(self, meeting_id: str) -> MeetingPlace | None:
        """The place where a meeting was left; None for one never opened here."""
        try:
            return msgspec.convert(self._services.settings.get(_name(meeting_id)), MeetingPlace)
        except msgspec.ValidationError:
            return None


def _name(meeting_id: str) -> str:
    return f"window.meeting.{meeting_id}"
