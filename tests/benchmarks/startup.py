"""Start-up: from the start of the process to a painted window, beside a bare PySide6 window."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from tests.benchmarks.measure import Measure

RUNS = 9
TIMES_THE_BARE_WINDOW = 3

# Starts before the program, so that its clock counts from the start of the process; Qt answers the
# exposure of a window by painting it before timers run again.
PROBE = """
import os, runpy, sys, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

started = float(os.environ["STARTED_AT"])
make = QApplication.__init__

def look():
    for widget in QApplication.topLevelWidgets():
        window = widget.windowHandle()
        if isinstance(widget, QMainWindow) and window is not None and window.isExposed():
            print("painted", (time.monotonic() - started) * 1000, flush=True)
            os._exit(0)

def watched(self, *arguments):
    make(self, *arguments)
    self.probe = QTimer(self, interval=1, timeout=look)
    self.probe.start()

QApplication.__init__ = watched
"""
BARE = """
import sys
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow
application = QApplication(sys.argv)
window = QMainWindow()
window.setCentralWidget(QLabel("Bonjour"))
window.show()
application.exec()
"""
PRODUCT = "sys.argv = ['commissions']; runpy.run_module('app', run_name='__main__')"


def painted(program: str, workspace: Path) -> float:
    """Milliseconds until the program's main window is painted, offscreen."""
    environment = os.environ | {
        "COMMISSIONS_WORKSPACE": str(workspace),
        "QT_QPA_PLATFORM": "offscreen",
        "STARTED_AT": repr(time.monotonic()),
    }
    done = subprocess.run(
        [sys.executable, "-c", PROBE + program],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return float(done.stdout.split()[-1])


def main() -> Iterable[Measure]:
    """The medians, the two programs in turns so that a busy moment weighs on both."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder) / "espace"
        command = [sys.executable, "-m", "app", "--workspace", str(workspace), "new"]
        subprocess.run([*command, "--protect", "none"], check=True, capture_output=True)
        pairs = [(painted(BARE, workspace), painted(PRODUCT, workspace)) for _ in range(RUNS + 1)]
    bare, product = (statistics.median(times) for times in zip(*pairs[1:], strict=True))
    return [
        Measure("fenêtre PySide6 nue, processus entier", bare),
        Measure(
            "fenêtre du programme, processus entier", product, limit=TIMES_THE_BARE_WINDOW * bare
        ),
    ]
