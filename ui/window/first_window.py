"""One window a workspace: a second start brings the first one forward and ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, QStandardPaths, QThread, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from app.errors import UserError
from app.paths import known_as

_PATIENCE = 5000
"""Milliseconds in which the first window answers, busy or still starting."""

_TRIES, _PAUSE = 10, 100
"""How often, and every how many milliseconds, a window that has just started is looked for."""

_FRONT = "XDG_ACTIVATION_FRONT"
"""The variable whose token lets a window come to the front on Wayland; a later start hands its own
token to the first window.
"""


class FirstWindow(QObject):
    """Holds a workspace's place among windows; `called` follows each later start.

    A lock tells which window is first, and a socket that only this user may open carries the call.
    Both have a name made from the workspace's path, and neither lies in the workspace itself.
    """

    called = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock: QLockFile | None = None
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)

    def claim(self, folder: Path) -> bool:
        """Claims a workspace for this window; False when another has it, which came forward.

        UserError when that window does not answer.
        """
        name = _name(folder)
        lock = QLockFile(f"{name}.lock")
        lock.setStaleLockTime(0)  # held as long as its process lives: what a kill left is taken
        if not lock.tryLock(0) and _call(_socket(name)):
            return False
        self._server.close()
        self._lock = lock
        QLocalServer.removeServer(_socket(name))
        self._server.listen(_socket(name))
        return True

    def _on_connection(self) -> None:
        while (caller := self._server.nextPendingConnection()) is not None:
            caller.readyRead.connect(lambda one=caller: self._on_call(one))
            caller.disconnected.connect(caller.deleteLater)
            if caller.canReadLine():
                self._on_call(caller)

    def _on_call(self, caller: QLocalSocket) -> None:
        if not caller.canReadLine():
            return
        token = bytes(caller.readLine().data()).decode(errors="replace").strip()
        if token:
            os.environ[_FRONT] = token
        self.called.emit()
        caller.write(b"\n")
        caller.flush()


def _call(socket_name: str) -> bool:
    """Asks the first window to come forward; False when there is none any more."""
    socket = QLocalSocket()
    for _ in range(_TRIES):
        socket.connectToServer(socket_name)
        if socket.waitForConnected(_PATIENCE):
            break
        QThread.msleep(_PAUSE)
    else:
        return False
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.AllowSetForegroundWindow(-1)  # ASFW_ANY
    socket.write(f"{os.environ.get(_FRONT, '')}\n".encode())
    if not socket.waitForBytesWritten(_PATIENCE) or not socket.waitForReadyRead(_PATIENCE):
        raise UserError(
            "L'espace de travail est déjà ouvert dans une fenêtre qui ne répond pas :"
            " fermez-la puis recommencez."
        )
    return True


def _name(folder: Path) -> str:
    """The path, without an ending, of a workspace's lock and socket; short, as sockets need."""
    places = QStandardPaths.StandardLocation
    mine = places.TempLocation if sys.platform == "win32" else places.RuntimeLocation
    return str(Path(QStandardPaths.writableLocation(mine)) / f"commissions-{known_as(folder)}")


def _socket(name: str) -> str:
    return Path(name).name if sys.platform == "win32" else name
