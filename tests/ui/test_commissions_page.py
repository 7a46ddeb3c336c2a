"""Commissions: how all those of a workspace stand, for whoever follows the whole region."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from pytestqt.qtbot import QtBot

from app.clock import new_id
from app.domain.records import Envelope
from app.domain.validation import complete
from tests.ui.acting import CONTROL, activate, column, list_all, shown, visit
from tests.ui.clipping import clipped
from tests.ui.conftest import settle
from tests.ui.test_several_commissions import reopened
from tests.ui.world import World
from ui.models.commissions import CommissionColumn
from ui.pages.commissions import CommissionsPage
from ui.pages.home import HomePage
from ui.pages.needs import NeedsPage
from ui.theme import Space
from ui.window.main_window import MainWindow
from ui.window.preferences import Preferences

NAMES = list(CommissionColumn)
NEEDS, CONFLICTS = (
    NAMES.index(one) for one in (CommissionColumn.NEEDS, CommissionColumn.CONFLICTS)
)
BACK = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def other(world: World) -> World:
    """A second commission, with what waits in it; it is 19 March 2027."""
    made = world.services.records.create("commission", {"name": "Éclaireurs de l'Auxois"}, None).id
    auxois = World(world.services, made, {}, {})
    world.make("need", title="Fibre", status="set_aside", reason="Fait.")
    held = auxois.meeting(days=-30, status="closed", opened_at="2027-02-17T18:30:00+01:00")
    auxois.meeting(days=10)
    item = auxois.item(held, "Suites")
    for text, due_on in (("Un", "2027-03-01"), ("Deux", "2027-04-01"), ("Trois", None)):
        auxois.make("action", agenda_item_id=item.id, text=text, due_on=due_on)
    for title, status in (("A", "raised"), ("B", "qualified"), ("C", "answered")):
        auxois.make("need", title=title, status=status)
    published = world.services.records.create("solution", {"title": "Région"}, None)
    for status in ("draft", "proposed", "favourable", "adopted", "unfavourable"):
        auxois.make("solution", title=status, status=status)
    auxois.make("solution", title="Publiée", status="proposed", published_as_id=published.id)
    return auxois


@pytest.fixture
def page(several: MainWindow, qtbot: QtBot) -> CommissionsPage:
    return visit(several, "commissions", CommissionsPage, qtbot)


def dispute(other: World) -> None:
    """A conflict in the other commission, as a sync leaves it."""
    need, *_ = other.services.records.list("need", other.commission_id)
    mine = {"value": "Un", "author": "Léa", "at": "2027-03-01T10:00:00+01:00"}
    fields = complete(
        "conflict",
        {
            "record_kind": "need", "record_id": need.id, "unit": "title", "base_revision": 1,
            "base": "A", "mine": mine, "theirs": mine | {"value": "Deux"}, "status": "open",
        },
    )  # fmt: skip
    with other.services.workspace.unit() as unit:
        conflict = Envelope(
            kind="conflict", id=new_id(), commission_id=other.commission_id, revision=1,
            fields=fields,
        )  # fmt: skip
        unit.receive_new([conflict])
        unit.commit()


def action(page: CommissionsPage, words: str) -> QAction:
    (found,) = [one for one in page.table.actions() if one.text() == words]
    return found


def test_who_has_one_commission_is_offered_no_list_of_them(
    opened: MainWindow, qtbot: QtBot
) -> None:
    home = visit(opened, "home", HomePage, qtbot)
    assert not home.whole_region.isVisible()
    qtbot.keyClick(home, Qt.Key.Key_L, CONTROL)
    assert opened.place == "home"


def test_the_home_page_leads_by_a_key_to_all_the_commissions_and_back(
    several: MainWindow, qtbot: QtBot
) -> None:
    home = visit(several, "home", HomePage, qtbot)
    assert home.whole_region.isVisible()
    qtbot.keyClick(home, Qt.Key.Key_L, CONTROL)
    settle(several, qtbot)
    page = several.pages["commissions"]
    assert isinstance(page, CommissionsPage)
    assert several.navigation.entries["home"].isChecked()
    qtbot.keyClick(page, Qt.Key.Key_Left, BACK)
    assert several.place == "home"


def test_each_commission_says_when_it_meets_and_how_much_waits_there(
    page: CommissionsPage, several: MainWindow, other: World, qtbot: QtBot
) -> None:
    shown_as = [column(page.table, number) for number in range(len(NAMES))]
    assert list(zip(*shown_as, strict=True)) == [
        ("Éclaireurs de l'Auxois", "29/03/2027", "17/02/2027", "2", "2", "1", ""),
        ("Commission de la Côte", "Aucune", "", "", "", "", ""),
    ]
    assert page.table.isColumnHidden(CONFLICTS)
    dispute(other)
    several.spread(frozenset({"conflict"}))
    settle(several, qtbot)
    assert column(page.table, CONFLICTS) == ["1", ""]
    assert not page.table.isColumnHidden(CONFLICTS)


def test_a_meeting_under_way_is_the_next_and_one_left_open_the_last(
    page: CommissionsPage, several: MainWindow, world: World, other: World, qtbot: QtBot
) -> None:
    other.meeting(days=0, status="open", opened_at="2027-03-19T18:30:00+01:00")
    world.meeting(days=-9, status="open", opened_at="2027-03-10T18:30:00+01:00")
    several.spread(frozenset({"meeting"}))
    settle(several, qtbot)
    assert [column(page.table, number) for number in (1, 2)] == [
        ["En cours", "Aucune"], ["17/02/2027", "10/03/2027"]
    ]  # fmt: skip


def test_enter_turns_to_a_commission_and_the_keyboard_comes_back_to_its_row(
    page: CommissionsPage, several: MainWindow, world: World, other: World, qtbot: QtBot
) -> None:
    assert several.commission_id == world.commission_id
    page.table.set_order(NAMES.index(CommissionColumn.NAME))
    page.table.setFocus()
    page.table.selectRow(1)
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    settle(several, qtbot)
    assert (several.place, several.commission_id) == ("home", other.commission_id)
    activate(several)
    qtbot.keyClick(several.pages["home"], Qt.Key.Key_L, CONTROL)
    settle(several, qtbot)
    assert [row.id for row in page.table.chosen()] == [other.commission_id]
    assert page.table.hasFocus()


def test_a_row_leads_to_what_waits_in_its_commission_alone(
    page: CommissionsPage, several: MainWindow, other: World, qtbot: QtBot
) -> None:
    list_all(several, "needs", NeedsPage, qtbot)
    visit(several, "commissions", CommissionsPage, qtbot)
    page.table.selectRow(0)
    assert not page.decide.isEnabled()
    action(page, "Voir ses besoins").trigger()
    settle(several, qtbot)
    assert several.commission_id == other.commission_id
    needs = several.pages["needs"]
    assert isinstance(needs, NeedsPage)
    assert (needs.isVisible(), sorted(column(needs.table))) == (True, ["A", "B", "C"])
    for words, place in (("Voir ses séances", "meetings"), ("Voir ses solutions", "solutions")):
        visit(several, "commissions", CommissionsPage, qtbot)
        action(page, words).trigger()
        settle(several, qtbot)
        assert several.place == place
    dispute(other)
    several.spread(frozenset({"conflict"}))
    visit(several, "commissions", CommissionsPage, qtbot)
    action(page, "Départager ses conflits").trigger()
    settle(several, qtbot)
    assert several.place == "sync"
    assert "Deux versions à départager" in shown(several.pages["sync"])


def test_the_order_chosen_stays_from_one_opening_to_the_next(
    page: CommissionsPage,
    several: MainWindow,
    world: World,
    preferences: Preferences,
    qtbot: QtBot,
) -> None:
    page.table.set_order(NEEDS, down=False)
    assert column(page.table)[0] == "Commission de la Côte"
    several.close()
    with reopened(world.services, preferences, qtbot) as made:
        again = visit(made, "commissions", CommissionsPage, qtbot)
        assert again.table.order() == (NEEDS, False)
        assert column(again.table)[0] == "Commission de la Côte"


def test_a_spreadsheet_is_given_the_zeros_that_the_table_leaves_blank(
    page: CommissionsPage, qtbot: QtBot
) -> None:
    page.table.setFocus()
    page.table.selectAll()
    qtbot.keyClick(page.table, Qt.Key.Key_C, CONTROL)
    assert QGuiApplication.clipboard().text().splitlines() == [
        "Éclaireurs de l'Auxois\t29/03/2027\t17/02/2027\t2\t2\t1",
        "Commission de la Côte\tAucune\t\t0\t0\t0",
    ]


def test_a_number_that_stands_out_is_aligned_with_the_others(page: CommissionsPage) -> None:
    table, late = page.table, NAMES.index(CommissionColumn.OVERDUE)
    image = table.viewport().grab().toImage()

    def colour_of(row: int, *, at_right: bool) -> str:
        area = table.visualRect(table.rows.index(row, late)).adjusted(Space.M, 0, -Space.M, 0)
        x = area.right() - Space.XS if at_right else area.left() + Space.XS
        return image.pixelColor(x, area.center().y()).name()

    assert colour_of(0, at_right=False) == colour_of(1, at_right=False)
    assert colour_of(0, at_right=True) != colour_of(1, at_right=True)


def test_no_commission_is_deleted_from_its_row(
    page: CommissionsPage, several: MainWindow, qtbot: QtBot
) -> None:
    page.table.setFocus()
    page.table.selectAll()
    qtbot.keyClick(page.table, Qt.Key.Key_Delete)
    settle(several, qtbot)
    assert QGuiApplication.focusWindow() is several.windowHandle()
    assert len(several.commissions.known) == 2


def test_without_a_commission_the_list_says_what_it_will_hold(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    world.services.records.delete(world.commission_id, cascade=True)
    opened.spread(frozenset())
    page = visit(opened, "commissions", CommissionsPage, qtbot)
    assert "Chaque commission tiendra ici sur une ligne" in shown(page)
    page.empty.requested.emit()
    assert opened.place == "settings"


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_words_around_the_list_are_read_whole(
    page: CommissionsPage, several: MainWindow, qtbot: QtBot, scale: float
) -> None:
    several.theme.set_scale(scale)
    settle(several, qtbot)
    assert not clipped(page)
    assert not clipped(visit(several, "home", HomePage, qtbot).header)


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_every_count_is_in_sight_in_larger_text_too(
    page: CommissionsPage, several: MainWindow, qtbot: QtBot, scale: float
) -> None:
    several.theme.set_scale(scale)
    settle(several, qtbot)
    assert page.table.horizontalScrollBar().maximum() == 0
