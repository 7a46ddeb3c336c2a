"""What cannot be pressed while its work is under way."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QWidget

_INPUT = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.InputMethod,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseButtonDblClick,
        QEvent.Type.Drop,
    }
)


class Waiting:
    """Disables widgets for a while, then gives the focus back to the one that had it.

    It does not where the user moved the focus meanwhile, unless to `stop`, which shows for that
    while alone.
    """

    def __init__(self, *widgets: QWidget, stop: QWidget | None = None) -> None:
        self._widgets = widgets
        self._stop = stop
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
        at = self._widgets[0].window().focusWidget()
        if self._had is not None and (at is self._meanwhile or at is self._stop):
            self._had.setFocus()
        self._had = None


class Still(QObject):
    """Has a window ignore keys and clicks while what it holds is being stored: what was typed
    meanwhile would be lost. The focus stays where it is.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.on = False

    def begin(self) -> None:
        self.on = True
        _application().installEventFilter(self)

    def end(self) -> None:
        self.on = False
        _application().removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        here = isinstance(watched, QWidget) and watched.window() is self.parent()
        return here and event.type() in _INPUT


def _application() -> QCoreApplication:
    application = QCoreApplication.instance()
    assert application is not None  # there is a window
    return application
