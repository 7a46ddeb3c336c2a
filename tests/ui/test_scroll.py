"""A column that scrolls keeps in sight what has the keyboard, and lets the eye go elsewhere."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ui.widgets.scroll import Bounded, SideBySide, column, scrolled


def test_a_long_column_makes_no_field_of_the_other_grow(qtbot: QtBot) -> None:
    field = QPlainTextEdit()
    beside = SideBySide(column(field), column(*[QLineEdit() for _ in range(90)]))
    qtbot.addWidget(beside)
    beside.resize(1200, beside.sizeHint().height())
    beside.show()
    qtbot.waitActive(beside)
    assert beside.height() > 2 * field.sizeHint().height()
    assert field.height() == field.sizeHint().height()


def test_what_comes_later_leaves_where_the_user_scrolled_to(qtbot: QtBot) -> None:
    lines, news = [QLineEdit() for _ in range(40)], QLabel()
    shown = scrolled(*lines, news)
    qtbot.addWidget(shown)
    shown.resize(300, 300)
    shown.show()
    qtbot.waitActive(shown)
    lines[0].setFocus()
    bar = shown.verticalScrollBar()
    qtbot.waitUntil(lambda: lines[0].hasFocus() and bar.maximum() > 0)
    bar.setValue(bar.maximum())
    bottom = bar.value()
    news.setText("Quorum\nperdu")
    qtbot.waitUntil(lambda: bar.maximum() > bottom)
    qtbot.wait(20)
    assert bar.value() == bottom
    lines[-1].setFocus()
    shown.ensureWidgetVisible(lines[-1])
    before = bar.maximum()
    lines[0].setMinimumHeight(400)
    qtbot.waitUntil(lambda: bar.maximum() > before + 300)
    qtbot.waitUntil(lambda: lines[-1].visibleRegion().boundingRect() == lines[-1].rect())


def test_words_that_wrap_are_measured_at_the_width_that_they_have(qtbot: QtBot) -> None:
    hint, wide, window = (
        QLabel("La séance suivante prend celui d'après. " * 3),
        QLabel("W"),
        QWidget(),
    )
    hint.setWordWrap(True)
    area = Bounded(column(hint, wide))
    QVBoxLayout(window).addWidget(area)
    qtbot.addWidget(window)
    wide.setMinimumWidth(1)
    window.resize(300, 300)
    window.show()
    qtbot.waitActive(window)
    wide.setText("Étienne Prunellier, premier adjoint (Saint-Germain-de-Modéon) " * 3)
    qtbot.wait(20)
    assert area.sizeHint().width() > area.viewport().width()
    assert area.sizeHint().height() == area.held.heightForWidth(area.viewport().width())
