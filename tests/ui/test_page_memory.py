"""What the user set of the lists and the tabs is there again at the next start."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.acting import visit
from tests.ui.conftest import settle
from tests.ui.test_several_commissions import reopened
from tests.ui.world import World
from ui.pages.meetings import MeetingsPage
from ui.pages.needs import NeedsPage
from ui.pages.settings import SettingsPage
from ui.pages.solution import ABOUT, COMPARISON, PARTICIPANTS, PLAN, SolutionPage
from ui.pages.solutions import SolutionsPage
from ui.theme import Theme
from ui.widgets.table import RecordsTable
from ui.window.main_window import MainWindow
from ui.window.preferences import Preferences

TITLE, STATUS = 0, 3


def drag(table: RecordsTable, column: int, by: int) -> None:
    """Moves the right edge of a column's title, as the mouse does."""
    header = table.horizontalHeader()
    edge = header.sectionViewportPosition(column) + header.sectionSize(column) - 1
    y, left = header.height() // 2, Qt.MouseButton.LeftButton
    QTest.mousePress(header.viewport(), left, pos=QPoint(edge, y))
    QTest.mouseMove(header.viewport(), QPoint(edge + by, y))
    QTest.mouseRelease(header.viewport(), left, pos=QPoint(edge + by, y))


def test_a_column_keeps_the_width_that_it_was_given_and_the_others_share_what_is_left(
    opened: MainWindow, world: World, preferences: Preferences, qtbot: QtBot
) -> None:
    world.make("need", title="Sauvegarde", theme="backup")
    table = visit(opened, "needs", NeedsPage, qtbot).table
    whole, wide = table.horizontalHeader().length(), table.columnWidth(TITLE)
    given = table.columnWidth(STATUS) + 40
    drag(table, STATUS, 40)
    assert table.columnWidth(STATUS) == given
    assert (table.horizontalHeader().length(), table.columnWidth(TITLE)) == (whole, wide - 40)
    opened.resize(1200, 700)
    opened.close()
    with reopened(world.services, preferences, qtbot) as made:
        again = visit(made, "needs", NeedsPage, qtbot).table
        assert again.columnWidth(STATUS) == given
        assert again.columnWidth(TITLE) < wide - 40
        drag(again, TITLE, -30)
        narrow = again.columnWidth(TITLE)
        made.resize(1366, 768)
        assert again.columnWidth(TITLE) == narrow


def test_a_width_given_by_hand_grows_with_the_text(
    opened: MainWindow, world: World, theme: Theme, qtbot: QtBot
) -> None:
    world.make("need", title="Sauvegarde")
    table = visit(opened, "needs", NeedsPage, qtbot).table
    given = table.columnWidth(STATUS) + 40
    drag(table, STATUS, 40)
    theme.set_scale(2.0)
    assert table.columnWidth(STATUS) == 2 * given
    theme.set_scale(1.0)
    assert table.columnWidth(STATUS) == given


def test_a_text_made_smaller_gives_no_width_by_hand(
    opened: MainWindow, world: World, theme: Theme, qtbot: QtBot
) -> None:
    theme.set_scale(2.0)
    page = visit(opened, "solutions", SolutionsPage, qtbot)
    theme.set_scale(1.0)
    settle(opened, qtbot)
    for table in (page.table, visit(opened, "meetings", MeetingsPage, qtbot).table):
        assert table.widths == {}


@pytest.mark.parametrize("number", [0, 2])
def test_the_settings_open_at_the_part_that_was_turned_to_last(
    opened: MainWindow, world: World, preferences: Preferences, qtbot: QtBot, number: int
) -> None:
    visit(opened, "settings", SettingsPage, qtbot).tabs.setCurrentIndex(number)
    opened.close()
    with reopened(world.services, preferences, qtbot) as made:
        assert visit(made, "settings", SettingsPage, qtbot).tabs.currentIndex() == number


def test_the_settings_forget_a_part_that_they_were_led_to(
    opened: MainWindow, world: World, preferences: Preferences, qtbot: QtBot
) -> None:
    page = visit(opened, "settings", SettingsPage, qtbot)
    page.show_card(page.location)
    assert page.tabs.currentIndex() > 0
    opened.close()
    with reopened(world.services, preferences, qtbot) as made:
        assert visit(made, "settings", SettingsPage, qtbot).tabs.currentIndex() == 0


def test_a_solution_opens_at_the_part_that_was_turned_to_last_once_it_has_a_plan(
    opened: MainWindow, world: World, preferences: Preferences, qtbot: QtBot
) -> None:
    plan = {"years": 1, "offers": [{"id": "A", "tiers": [{"from_participants": 1}]}]}
    ready = world.make("solution", title="Sauvegarde", plan=plan)
    bare = world.make("solution", title="Fibre")
    page = visit(opened, "solution", SolutionPage, qtbot, ready.id)
    assert page.tabs.currentIndex() == PARTICIPANTS
    page.tabs.setCurrentIndex(COMPARISON)
    visit(opened, "solution", SolutionPage, qtbot, "new")
    assert page.tabs.currentIndex() == ABOUT
    visit(opened, "solution", SolutionPage, qtbot, bare.id)
    assert page.tabs.currentIndex() == PLAN
    opened.close()
    with reopened(world.services, preferences, qtbot) as made:
        again = visit(made, "solution", SolutionPage, qtbot, ready.id)
        assert again.tabs.currentIndex() == COMPARISON
