"""The window in a process of its own, led by lines on its standard input.

Usage: python -m tests.window_visitor FOLDER [PASSPHRASE]
Each line is a place, alone or with the id of a record. Once nothing is under way any more, the
memory that the process holds is told in bytes; so it is when the workspace has opened. At the end
of the lines the window is closed.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer

from app.bootstrap import open_services
from ui.window import start
from ui.window.main_window import MainWindow

QUIET_LOOKS = 6  # of 20 ms


def settle(window: MainWindow) -> None:
    """Lets the window work until nothing is under way for a while."""
    loop = QEventLoop()
    quiet = 0

    def look() -> None:
        nonlocal quiet
        still = window.services is None or window.tasks.busy
        quiet = 0 if still else quiet + 1
        if quiet >= QUIET_LOOKS:
            loop.quit()

    timer = QTimer(interval=20)
    timer.timeout.connect(look)
    timer.start()
    loop.exec()


def resident() -> int:
    """The bytes of memory that the process holds now (the RSS of Linux)."""
    pages = Path("/proc/self/statm").read_text("ascii").split()[1]
    return int(pages) * 4096


def tell_memory() -> None:
    sys.stdout.write(f"{resident()}\n")
    sys.stdout.flush()


def main() -> None:
    folder, *passphrase = sys.argv[1:]
    start.application()
    window = start.window()
    window.show()
    window.open_with(lambda: open_services(Path(folder), *passphrase))
    settle(window)
    tell_memory()
    for line in sys.stdin:
        window.go(*line.split())
        settle(window)
        tell_memory()
    window.close()


if __name__ == "__main__":
    main()
