"""What cannot be pressed while its work is under way."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


class Waiting:
    """Bars widgets for a while; the keyboard that one had comes back, unless it went elsewhere."""

    def __init__(self, *widgets: QWidget) -> None:
        self._widgets = widgets
        self._had: QWidget | None = None
        self._meanwhile: QWidget | None = None

    def begin(self) -> None:
        window = self._widgets[0].window()
        self._had = window.focusWidget()
        for one in self._widgets:
            one.setEnabled(False)
        self._meanwhile = window.focusWidget()

    def end(self) -> None:
        for one in self._widgets:
            one.setEnabled(True)
        if self._had is not None and self._widgets[0].window().focusWidget() is self._meanwhile:
            self._had.setFocus()
        self._had = None
