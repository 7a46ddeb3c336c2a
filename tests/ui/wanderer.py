"""A window on a workspace, told where to go, that says where it is until it is killed or closed.

Usage: python -m tests.ui.wanderer FOLDER [PLACE RECORD_ID TAB ITEM_ID]. One line once it came to
rest: the sentence of the banner, the place, the record, and where in it, as JSON. With a place it
then waits to be killed; without, it closes by itself.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from ui.pages.meeting.page import MeetingPage
from ui.window import start
from ui.window.main_window import MainWindow


class Wanderer(QObject):
    """Looks at the window every moment, and does the next thing once it is at rest."""

    def __init__(self, window: MainWindow, way: list[str]) -> None:
        super().__init__(window)
        self.window = window
        self.way = way
        self.steps = [self.go, self.choose, self.tell] if way else [self.tell]
        self.timer = QTimer(self)
        self.timer.timeout.connect(self.look)
        self.timer.start(50)

    def look(self) -> None:
        window = self.window
        if window.resuming.session is None or window.place not in window.pages or window.tasks.busy:
            return
        if self.steps and self.steps[0]():
            self.steps.pop(0)

    def go(self) -> bool:
        self.window.go(self.way[0], self.way[1])
        return True

    def choose(self) -> bool:
        page = self.window.pages["meeting"]
        assert isinstance(page, MeetingPage)
        page.tabs.setCurrentIndex(int(self.way[2]))
        page.hold.go_to(self.way[3])
        return page.hold.here()[0] == self.way[3]

    def tell(self) -> bool:
        window, spot = self.window, self.window.where()
        assert window.resuming.session is not None
        kept = window.resuming.session.interrupted()
        if kept is None or kept[0] != spot:
            return False
        page = window.pages[spot.place]
        detail = ""
        if isinstance(page, MeetingPage):
            detail = f"{page.tabs.currentIndex()} {page.hold.here()[0]}"
            left = page.place.find(spot.record_id)
            if left is None or f"{left.tab} {left.item_id}" != detail:
                return False
        told = window.banner.text() if window.banner.isVisible() else ""
        sys.stdout.write(json.dumps([told, spot.place, spot.record_id, detail]) + "\n")
        sys.stdout.flush()
        if not self.way:
            window.close()
        return True


def main() -> None:
    folder, *way = sys.argv[1:]
    application = start.application()
    window = start.window()
    window.show()
    start.open_in(window, Path(folder), None)
    Wanderer(window, way)
    QTimer.singleShot(60_000, application.quit)  # whoever reads is not left waiting
    application.exec()


if __name__ == "__main__":
    main()
