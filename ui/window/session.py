"""Notes where the user is in a workspace, so that a start after a crash goes back there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from app.domain.dates import PARIS, instant
from app.domain.wording import day_and_hour, hour
from app.paths import known_as
from ui.window.preferences import Preferences

PAUSE = 1000
"""Milliseconds between two looks at where the user is; only a change is written."""


@dataclass(frozen=True)
class Spot:
    """A place of the window, the record open in it, and a detail that only its page understands."""

    place: str = "home"
    record_id: str = ""
    detail: str = ""


class Session:
    """One opening of a workspace, from `begin` to `end`; without `end`, it was interrupted.

    What it writes names records by their ids, never by their words.
    """

    def __init__(
        self,
        preferences: Preferences,
        folder: Path,
        where: Callable[[], Spot],
        now: Callable[[], str],
        parent: QObject,
    ) -> None:
        """`now` gives the present instant."""
        self._preferences = preferences
        self._name = known_as(folder)
        self._where = where
        self._now = now
        self._noted: Spot | None = None
        self._timer = QTimer(parent)
        self._timer.setInterval(PAUSE)
        self._timer.timeout.connect(self.note)

    def interrupted(self) -> tuple[Spot, str] | None:
        """Where the last session was, and when that was noted; None when it was closed."""
        kept = self._preferences.session(self._name)
        if not kept:
            return None
        names = ("place", "record_id", "detail")
        spot = Spot(*(str(kept.get(name, "")) for name in names))
        return spot, str(kept.get("seen", ""))

    def begin(self) -> None:
        """Starts to note where the user is."""
        self.note()
        self._timer.start()

    def note(self) -> None:
        """Writes where the user is, if they moved."""
        spot = self._where()
        if spot != self._noted:
            self._noted = spot
            self._preferences.set_session(self._name, asdict(spot) | {"seen": self._now()})

    def pause(self) -> None:
        """Stops noting while the window shows none of its pages."""
        self._timer.stop()

    def end(self) -> None:
        """Notes that the window was closed, so that the next start finds no interruption."""
        self._timer.stop()
        self._preferences.set_session(self._name, None)


def interruption(*known: str) -> str:
    """The sentence after a crash; the latest of the `known` instants tells when it came."""
    at = max((one for one in known if one), key=instant)
    today = instant(at).astimezone(PARIS).date() == datetime.now(PARIS).date()
    when = f"à {hour(at)}" if today else f"le {day_and_hour(at)}"
    return f"La dernière session s'est interrompue {when} ; tout ce qui était enregistré est là."
