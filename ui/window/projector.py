"""The projection's window: it goes to the second screen by itself, and becomes a small window where
only the program's own is left.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QRect, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QScreen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.models.projection import Projection
from ui.theme import dress
from ui.widgets.projection_view import ProjectionView

SIZE = (960, 540)
"""The most that the projection's window takes where there is only one screen."""


class ProjectorWindow(QWidget):
    """A window that does not take the keyboard; Escape closes it if a click gave it the keyboard.

    That happens on Wayland, where no window can refuse it.
    """

    closed = Signal()

    def __init__(self) -> None:
        super().__init__(None, Qt.WindowType.Window | Qt.WindowType.WindowDoesNotAcceptFocus)
        self.setWindowTitle("Projection")
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, on=False)
        self.view = ProjectionView()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        dress(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()


class Projector(QObject):
    """Shows projections on the screen that the program's window is not on.

    `moved` says in words where the projection went when a screen was plugged in or out.
    """

    moved = Signal(str)

    def __init__(self, main: QWidget) -> None:
        """`main` is a widget of the program's own window."""
        super().__init__(main)
        self._main = main
        self._window: ProjectorWindow | None = None
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.screenAdded.connect(self._on_added)
        application.screenRemoved.connect(self._on_removed)

    @property
    def active(self) -> bool:
        return self._window is not None

    @property
    def window(self) -> ProjectorWindow | None:
        return self._window

    def show(self, projection: Projection) -> None:
        """Shows a projection, opening the window for the first one."""
        if self._window is None:
            self._window = ProjectorWindow()
            self._window.closed.connect(self._let_go)
            self._place(other_screen(self._own_screen()))
        self._window.view.show_projection(projection)

    def turn(self) -> None:
        """Shows the next page of what is shown."""
        if self._window is not None:
            self._window.view.turn()

    def stop(self) -> None:
        """Closes the window."""
        if self._window is not None:
            self._window.close()

    def _let_go(self) -> None:
        if self._window is not None:
            self._window.deleteLater()
            self._window = None

    # Screens

    def _own_screen(self) -> QScreen:
        return self._main.window().screen()

    def _place(self, screen: QScreen | None) -> None:
        """Fills a screen, or stands as a window on the program's own where there is no other."""
        window = self._window
        assert window is not None
        window.winId()  # the handle that a screen is set on
        if screen is not None:
            window.setScreen(screen)
            window.setGeometry(screen.geometry())
            window.setWindowState(Qt.WindowState.WindowFullScreen)
            window.show()  # showFullScreen would ask for the keyboard
            return
        window.setWindowState(Qt.WindowState.WindowNoState)
        window.setScreen(self._own_screen())
        window.show()
        window.setGeometry(_lower_corner(self._own_screen()))

    def _on_added(self, screen: QScreen) -> None:
        if self._window is not None and not self._window.isFullScreen():
            self._place(screen if screen is not self._own_screen() else None)
            self.moved.emit("La projection occupe l'écran qui vient d'être branché.")

    def _on_removed(self, screen: QScreen) -> None:
        """Puts the windows where both can be seen: the program's own, then the projection."""
        left = [one for one in QGuiApplication.screens() if one is not screen]
        if not left:
            return
        bring_back(self._main.window(), left)
        others = [one for one in left if one is not self._own_screen()]
        if self._window is not None and self._window.screen() not in others:
            self._place(others[0] if others else None)
            where = "occupe un autre écran" if others else "reste ici, réduite"
            self.moved.emit(f"Un écran n'est plus branché : la projection {where}.")


def other_screen(own: QScreen) -> QScreen | None:
    """The first screen that is not the program's own; None where there is no other."""
    return next((one for one in QGuiApplication.screens() if one is not own), None)


def _lower_corner(screen: QScreen) -> QRect:
    """The lower right corner of the screen, so that the agenda and the notes stay in sight."""
    room = screen.availableGeometry()
    width, height = min(SIZE[0], room.width() // 2), min(SIZE[1], room.height() // 2)
    return QRect(room.right() - width + 1, room.bottom() - height + 1, width, height)


def bring_back(window: QWidget, screens: list[QScreen]) -> None:
    """Moves a window onto the first of these screens, unless a part of it can be seen already."""
    if window.isMinimized() or any(
        one.availableGeometry().intersects(window.frameGeometry()) for one in screens
    ):
        return
    room = screens[0].availableGeometry()
    full = window.isFullScreen() or window.isMaximized()
    window.setScreen(screens[0])
    size = window.size().boundedTo(room.size())
    window.setGeometry(QRect(room.topLeft(), room.size() if full else size))
