"""Cards of lines: filled anew where they are seen, with no more work than their lines ask for."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QRect
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QScrollArea
from pytestqt.qtbot import QtBot

from ui.theme import Theme, font
from ui.widgets.line import Line
from ui.widgets.list_ground import paint_lines
from ui.widgets.scroll import scrolled
from ui.widgets.section import Section
from ui.widgets.text import label


class Measured(Line):
    """A line that counts how often a layout asks all of them for their height."""

    asked = 0

    def heightForWidth(self, width: int) -> int:
        Measured.asked += 1
        return super().heightForWidth(width)


def fill(section: Section, many: int) -> int:
    """Fills it with lines; gives how often their height was asked for."""
    Measured.asked = 0
    with section.refilled():
        for number in range(many):
            section.add(Measured(f"Ligne {number}", most_lines=3))
    QCoreApplication.processEvents()
    return Measured.asked


def page(section: Section, qtbot: QtBot) -> QScrollArea:
    made = scrolled(label("Au-dessus"), section)
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.show()
    return made


def test_twice_the_lines_ask_for_twice_the_work(qtbot: QtBot) -> None:
    section = Section("Conflits")
    shown = page(section, qtbot)
    fill(section, 40)
    once, twice = fill(section, 40), fill(section, 80)
    assert once > 0
    assert twice < 3 * once
    assert section.isVisible()
    assert shown.verticalScrollBar().maximum() > 0


def test_a_card_that_is_hidden_stays_so_as_it_is_filled(qtbot: QtBot) -> None:
    section = Section("Conflits")
    shown = page(section, qtbot)
    section.hide()
    fill(section, 3)
    assert shown.isVisible()
    assert not section.isVisible()


def test_the_keyboard_stays_in_its_place_as_lines_are_filled_anew(qtbot: QtBot) -> None:
    section = Section("Conflits")
    window = page(section, qtbot)
    fill(section, 3)
    with qtbot.waitActive(window):
        window.activateWindow()
    section.findChildren(Line)[1].setFocus()
    fill(section, 3)
    lines = [one for one in section.findChildren(Line) if one.isVisible()]
    qtbot.waitUntil(lines[1].hasFocus)


def test_the_keyboard_does_not_stray_into_another_card_filled_anew(qtbot: QtBot) -> None:
    section, next_to_it = Section("Suites"), Section("Séances à conclure")
    window = scrolled(section, next_to_it)
    qtbot.addWidget(window)
    window.show()
    for one in (section, next_to_it):
        fill(one, 3)
    with qtbot.waitActive(window):
        window.activateWindow()
    section.findChildren(Line)[1].setFocus()
    for one in (section, next_to_it):
        one.clear()
        for number in range(3):
            one.add(Line(f"Ligne {number}"))

    def has_keyboard() -> bool:
        lines = [one for one in section.findChildren(Line) if one.isVisible()]
        return len(lines) == 3 and lines[1].hasFocus()

    qtbot.waitUntil(has_keyboard)


def test_a_card_that_could_not_be_filled_is_seen_once_it_can_be(qtbot: QtBot) -> None:
    card = Section("Suites à donner")
    qtbot.addWidget(card)
    card.show()
    with pytest.raises(ValueError), card.refilled():
        raise ValueError
    with card.refilled():
        card.add(Line("Écrire à tous"))
    assert card.isVisible()


def test_the_last_line_of_a_title_with_pictures_loses_no_letter(theme: Theme) -> None:
    def painted(*lines: str, most: int) -> QImage:
        picture = QImage(100, 80, QImage.Format.Format_RGB32)
        picture.fill(0xFFFFFF)
        painter, used = QPainter(picture), 0
        painter.setFont(font("body"))
        for line in lines:
            used += paint_lines(painter, QRect(0, used, 100, 80), line, most)
        painter.end()
        return picture

    whole = painted("😀😀😀 plateforme", most=2)
    assert whole == painted("😀😀😀", "plateforme", most=1)
