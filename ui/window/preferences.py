"""What the window remembers between two runs, which is never a word that the user wrote."""

from __future__ import annotations

import json
from typing import Any

from PySide6.QtCore import QByteArray, QSettings

from app.paths import APPLICATION
from ui.theme import Mode


class Preferences:
    """Looks, spelling, geometry, lists, tabs and the last place, in a small file of the user's."""

    def __init__(self, settings: QSettings | None = None) -> None:
        self._settings = settings or QSettings(
            QSettings.Format.IniFormat,
            QSettings.Scope.UserScope,
            APPLICATION,
            "window",
        )

    @property
    def mode(self) -> Mode:
        stored = str(self._settings.value("theme", Mode.SYSTEM.value))
        return Mode(stored) if stored in {mode.value for mode in Mode} else Mode.SYSTEM

    @mode.setter
    def mode(self, mode: Mode) -> None:
        self._settings.setValue("theme", mode.value)

    @property
    def scale(self) -> float:
        try:
            return float(str(self._settings.value("text_scale", 1.0)))
        except ValueError:
            return 1.0

    @scale.setter
    def scale(self, scale: float) -> None:
        self._settings.setValue("text_scale", scale)

    @property
    def spelling(self) -> bool:
        """Whether unknown words are underlined."""
        return str(self._settings.value("spelling", "yes")) != "no"

    @spelling.setter
    def spelling(self, wanted: bool) -> None:
        self._settings.setValue("spelling", "yes" if wanted else "no")

    @property
    def geometry(self) -> QByteArray:
        stored = self._settings.value("geometry", QByteArray())
        return stored if isinstance(stored, QByteArray) else QByteArray()

    @geometry.setter
    def geometry(self, geometry: QByteArray) -> None:
        self._settings.setValue("geometry", geometry)

    def order(self, table: str) -> tuple[int, bool] | None:
        """The column that a table was last sorted by, and whether in descending order."""
        stored = str(self._settings.value(f"order/{table}", ""))
        number, _, way = stored.partition(" ")
        return (int(number), way == "down") if number.isdigit() else None

    def set_order(self, table: str, column: int, down: bool) -> None:
        self._settings.setValue(f"order/{table}", f"{column} {'down' if down else 'up'}")

    def widths(self, table: str) -> dict[int, int]:
        """The widths that the user gave columns of a table, at a text size of 100 %."""
        kept = self._read(f"widths/{table}")
        if not isinstance(kept, dict):
            return {}
        return {int(one): width for one, width in kept.items() if isinstance(width, int)}

    def set_widths(self, table: str, widths: dict[int, int]) -> None:
        self._write(f"widths/{table}", widths)

    def tab(self, tabs: str) -> int:
        """The number of the tab that the user turned to last."""
        kept = self._read(f"tab/{tabs}")
        return kept if isinstance(kept, int) else 0

    def set_tab(self, tabs: str, number: int) -> None:
        self._write(f"tab/{tabs}", number)

    def choice(self, commission_id: str | None, name: str, start: Any = None) -> Any:
        """The value at which a filter was left, in the list of a commission or, for None, of all of
        them; `start` where it was never changed.
        """
        key = f"choice/{commission_id}/{name}"
        return self._read(key) if self._settings.contains(key) else start

    def set_choice(self, commission_id: str | None, name: str, value: Any) -> None:
        self._write(f"choice/{commission_id}/{name}", value)

    def session(self, name: str) -> dict[str, Any]:
        """Where a window on a workspace stood when it was interrupted; empty when it was closed."""
        kept = self._read(f"session/{name}")
        return kept if isinstance(kept, dict) else {}

    def set_session(self, name: str, kept: dict[str, Any] | None) -> None:
        """Writes it, or removes it for None, to the disk at once: the power may be cut next."""
        if kept is None:
            self._settings.remove(f"session/{name}")
        else:
            self._write(f"session/{name}", kept)
        self._settings.sync()

    def _read(self, key: str) -> Any:
        """The value written there; None where there is none, or it cannot be read."""
        try:
            return json.loads(str(self._settings.value(key, "null")))
        except ValueError:
            return None

    def _write(self, key: str, value: Any) -> None:
        self._settings.setValue(key, json.dumps(value))
