"""A column that scrolls keeps in sight what has the keyboard, and lets the eye go elsewhere."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from ui.widgets.scroll import scrolled


def test_what_comes_later_leaves_where_the_user_scrolled_to(qtbot: QtBot) -> None:
    lines, news = [QLineEdit() for _ in range(40)], QLabel()
    column = scrolled(*lines, news)
    qtbot.addWidget(column)
    column.resize(300, 300)
    column.show()
    qtbot.waitActive(column)
    lines[0].setFocus()
    bar = column.verticalScrollBar()
    qtbot.waitUntil(lambda: lines[0].hasFocus() and bar.maximum() > 0)
    bar.setValue(bar.maximum())
    bottom = bar.value()
    news.setText("Quorum\nperdu")
    qtbot.waitUntil(lambda: bar.maximum() > bottom)
    qtbot.wait(20)
    assert bar.value() == bottom
    lines[-1].setFocus()
    column.ensureWidgetVisible(lines[-1])
    before = bar.maximum()
    lines[0].setMinimumHeight(400)
    qtbot.waitUntil(lambda: bar.maximum() > before + 300)
    qtbot.waitUntil(lambda: lines[-1].visibleRegion().boundingRect() == lines[-1].rect())
