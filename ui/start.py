"""Opens the window on a workspace."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from ui import french
from ui.main_window import TITLE, MainWindow
from ui.preferences import Preferences
from ui.theme import Theme

if TYPE_CHECKING:
    from app.bootstrap import Services


def application() -> QApplication:
    """The application, made once a process."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    made = QApplication(sys.argv[:1])
    made.setApplicationName("commissions-numeriques")
    made.setApplicationDisplayName(TITLE)
    french.install(made)
    return made


def window(preferences: Preferences | None = None) -> MainWindow:
    """A window dressed as the user likes it, not yet shown."""
    kept = preferences or Preferences()
    theme = Theme(application())
    theme.set_mode(kept.mode)
    theme.set_scale(kept.scale)
    return MainWindow(theme, kept)


def run(opener: Callable[[], Services]) -> int:
    """Shows the window at once, opens the workspace behind it, and stays until it is closed."""
    made = application()
    shown = window()
    shown.show()
    shown.open_with(opener)
    return made.exec()
