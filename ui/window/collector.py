"""Collects Python's garbage between two events of the window, and at no other moment.

Left to itself Python does so at any allocation: on a thread that works for the window, where no
widget may end, or within a call of Qt that holds the very lock which a widget that ends waits for.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

EVERY = 250
"""Milliseconds between two looks at whether a collection is due: the more there is to collect, the
longer the window stands still.
"""


class Collector(QObject):
    """Takes the place of Python's own collections as long as the application lives."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        timer = QTimer(self)
        timer.timeout.connect(collect_if_due)
        timer.start(EVERY)


def collect_if_due() -> None:
    """Collects the oldest generation over its threshold; a threshold of zero means never."""
    counts, limits = gc.get_count(), gc.get_threshold()
    due = [age for age, limit in enumerate(limits) if limit and counts[age] > limit]
    if due:
        gc.collect(due[-1])
