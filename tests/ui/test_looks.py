"""Every page in both themes and at twice the size of text, on the screen of a small laptop."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QAction, QColor
from PySide6.QtWidgets import QLineEdit, QStyle, QStyleOptionTab, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.storage.workspace import Workspace
from tests.ui.acting import dialog
from tests.ui.acting import visit as record
from tests.ui.clipping import clipped
from tests.ui.conftest import settle
from tests.ui.keyboard import type_text
from tests.ui.spoken import unspoken
from tests.ui.test_theme import contrast
from tests.ui.world import World
from tests.workspaces import new_workspace
from ui.dialogs.dialog import ConfirmDialog
from ui.pages.meeting.page import MeetingPage
from ui.pages.need import NeedPage
from ui.pages.settings import SettingsPage
from ui.theme import Mode, Theme, colours
from ui.widgets.buttons import action_button, button, put_words
from ui.widgets.list_panel import ListPanel
from ui.window.main_window import MainWindow


@pytest.fixture
def make_workspace() -> Callable[..., Workspace]:
    return new_workspace


def visit(window: MainWindow, world: World, place: str, qtbot: QtBot) -> None:
    """Goes to a place, a tab of the meeting after a colon."""
    name, _, tab = place.partition(":")
    window.go(name, world.services.records.list("meeting")[0].id if name == "meeting" else "")
    settle(window, qtbot)
    page = window.pages[name]
    if tab and isinstance(page, MeetingPage):
        page.tabs.setCurrentIndex(int(tab))
        settle(window, qtbot)
    qtbot.waitUntil(lambda: not window.tasks.busy)


@pytest.mark.parametrize("place", ["home", "meetings", "meeting:0", "meeting:1", "meeting:2"])
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_a_page_fits_in_both_themes_and_every_control_has_a_name(
    opened: MainWindow, world: World, qtbot: QtBot, place: str, scale: float
) -> None:
    meeting = world.meeting(place="Salle des fêtes de Vougeot", days=3)
    for title in ("Ouverture et appel", "Approbation du procès-verbal de la dernière séance"):
        world.item(meeting, title, "opening", planned_minutes=10)
    opened.theme.set_scale(scale)
    visit(opened, world, place, qtbot)
    for mode in (Mode.LIGHT, Mode.DARK):
        opened.theme.set_mode(mode)
        qtbot.waitUntil(lambda: clipped(opened) == [])
        assert (opened.width(), opened.height()) == (1366, 768)
        assert unspoken(opened) == []
        corner = opened.grab().toImage().pixelColor(1360, 760)
        assert corner == QColor(colours().ground)
    opened.theme.set_scale(1.0)
    opened.theme.set_mode(Mode.SYSTEM)


@pytest.mark.parametrize("place", ["meetings", "meeting:1", "watch", "organisations"])
def test_the_icons_inside_a_line_of_text_grow_with_it(
    opened: MainWindow, world: World, qtbot: QtBot, place: str
) -> None:
    world.meeting(days=3)
    visit(opened, world, place, qtbot)

    def beside() -> list[tuple[int, int]]:
        lines = opened.stack.currentWidget().findChildren(QLineEdit)
        icons = [i for one in lines if one.isVisible() for i in one.findChildren(QToolButton)]
        return [(icon.width() - 6, icon.height() - 2) for icon in icons]  # Qt's own margins

    assert set(beside()) == {(16, 16)}
    opened.theme.set_scale(2.0)
    qtbot.waitUntil(lambda: set(beside()) == {(32, 32)})
    opened.theme.set_scale(1.0)
    qtbot.waitUntil(lambda: set(beside()) == {(16, 16)})


@pytest.mark.parametrize("place", ["needs", "watch", "solutions", "organisations"])
def test_a_list_on_screen_follows_the_size_of_text(
    opened: MainWindow, world: World, qtbot: QtBot, place: str
) -> None:
    visit(opened, world, place, qtbot)
    panel = opened.stack.currentWidget().findChildren(ListPanel)[0]
    for scale, width in ((2.0, 720), (1.0, 360), (2.0, 720)):
        opened.theme.set_scale(scale)
        assert panel.filter.maximumWidth() == width
        qtbot.waitUntil(lambda: all(_is_whole(one, panel) for one in panel.choices))
    opened.theme.set_scale(1.0)


def _is_whole(one: QWidget, panel: QWidget) -> bool:
    corner = one.mapTo(panel, one.rect().bottomRight())
    return one.width() >= one.sizeHint().width() and panel.rect().contains(corner)


def test_a_column_out_of_sight_follows_what_it_holds(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting(days=30)
    world.item(meeting, "Ouverture")
    visit(opened, world, "meeting:0", qtbot)
    page = opened.pages["meeting"]
    assert isinstance(page, MeetingPage)
    page.tabs.setCurrentWidget(page.hold)
    settle(opened, qtbot)
    page.hold.conductor.open.trigger()
    dialog(ConfirmDialog, page, qtbot).confirm.click()
    settle(opened, qtbot)
    opened.theme.set_scale(2.0)
    page.tabs.setCurrentWidget(page.prepare)
    settle(opened, qtbot)
    chip = page.prepare.convocations.chip
    assert chip.text() == "Des envois manquent"
    qtbot.waitUntil(lambda: chip.visibleRegion().boundingRect() == chip.rect())
    opened.theme.set_scale(1.0)


def test_the_icons_of_places_stand_in_the_middle_where_words_lack_room(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    opened.theme.set_scale(2.0)
    entry = opened.navigation.entries["home"]
    qtbot.waitUntil(lambda: not entry.text())
    image = entry.grab().toImage()
    ink = colours().accent.lower()
    every = itertools.product(range(image.width()), range(image.height()))
    columns = [x for x, y in every if image.pixelColor(x, y).name() == ink]
    assert abs(min(columns) + max(columns) + 1 - image.width()) <= 2
    opened.theme.set_scale(1.0)


def test_the_title_of_a_record_has_all_the_width_that_its_page_has(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    need = world.make("need", title="Tenir après une attaque quand la mairie n'ouvre que le mardi")
    opened.theme.set_scale(2.0)
    page = record(opened, "need", NeedPage, qtbot, need.id)
    header = page.header
    assert header.title.width() == header.width()
    assert not clipped(header)
    opened.theme.set_scale(1.0)


@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
def test_tabs_that_lack_room_have_arrows_that_show(
    opened: MainWindow, world: World, qtbot: QtBot, mode: Mode
) -> None:
    opened.theme.set_mode(mode)
    opened.theme.set_scale(2.0)
    visit(opened, world, "settings", qtbot)
    page = opened.pages["settings"]
    assert isinstance(page, SettingsPage)
    bar = page.tabs.tabBar()
    tear = QStyle.SubElement.SE_TabBarTearIndicatorLeft
    assert bar.style().subElementRect(tear, QStyleOptionTab(), bar).width() == 0
    arrows = bar.findChildren(QToolButton)
    assert [arrow.isVisible() for arrow in arrows] == [True, True]
    for arrow in arrows:
        area = QRect(arrow.mapTo(opened, QPoint()), arrow.size())
        image = opened.grab(area).toImage()
        every = itertools.product(range(area.width()), range(area.height()))
        points = {image.pixelColor(x, y).name() for x, y in every}
        assert max(contrast(point, colours().ground) for point in points) >= 3
    opened.theme.set_scale(1.0)
    opened.theme.set_mode(Mode.SYSTEM)


@pytest.mark.parametrize("place", ["meeting:0", "meeting:1", "meeting:2"])
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_a_full_meeting_fits_whatever_came_of_an_item(
    opened: MainWindow, world: World, qtbot: QtBot, place: str, scale: float
) -> None:
    """Long titles, lists that scroll, a ballot, a decision and an action on the item in hand."""
    long = "Délégué à la protection des données, partagé entre communes et intercommunalités"
    meeting = world.meeting(long, place="Foyer rural de La Roche-en-Brenil", days=0)
    items = [world.item(meeting, long, "solution", planned_minutes=20) for _ in range(9)]
    world.services.meetings.convene(meeting.id)
    world.services.meetings.open(meeting.id)
    world.services.attendance.mark(meeting.id, world.seats["Quincey"], "present")
    world.services.agenda.start(items[0].id)
    proceedings = world.services.proceedings
    proceedings.put_to_vote(items[0].id, {"question": f"{long} ?", "for_count": 1})
    proceedings.decide(items[0].id, long)
    proceedings.entrust(items[0].id, long, owner="Anne Martin", due_on="2027-04-30")
    opened.theme.set_scale(scale)
    visit(opened, world, place, qtbot)

    def fits() -> None:
        assert clipped(opened) == []
        assert (opened.width(), opened.height()) == (1366, 768)

    qtbot.waitUntil(fits)
    page = opened.pages["meeting"]
    assert isinstance(page, MeetingPage)
    if place == "meeting:1":
        page.hold.item.opinion.say(f"{long}, cet avis défavorable.", offer="Noter l'avis")
        page.hold.item.action.trigger()
        type_text(page.hold.item.quick.line, f"{long} ; Anne Martin ; dans 15 jours")
        qtbot.waitUntil(fits)
        opened.banner.say(f"{long}, déplacez l'espace de travail.", "warning", "Déplacer…")
        page.hold.item.news.say(f"Quorum perdu. {long}, il en manque un.")
        qtbot.waitUntil(fits)
        qtbot.waitUntil(lambda: in_sight(page.hold.item.quick.line))
        page.hold.item.quick.line.clear()
        qtbot.keyClick(page.hold.item.quick.line, Qt.Key.Key_Escape)
        qtbot.waitUntil(fits)
        qtbot.waitUntil(lambda: in_sight(page.hold.item.notes))
    opened.theme.set_scale(1.0)


def in_sight(widget: QWidget) -> bool:
    return widget.hasFocus() and widget.visibleRegion().boundingRect() == widget.rect()


def test_an_agenda_without_durations_fits_at_twice_the_size(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting(days=1)
    for number in range(10):
        world.item(meeting, f"Point {number}", planned_minutes=None if number else 5)
    opened.theme.set_scale(2.0)
    visit(opened, world, "meeting:0", qtbot)
    page = opened.pages["meeting"]
    assert isinstance(page, MeetingPage)
    assert page.prepare.agenda.total.text().endswith("9 points sans durée")
    qtbot.waitUntil(lambda: clipped(opened) == [])
    assert (opened.width(), opened.height()) == (1366, 768)
    column = page.prepare.convocations
    assert column.visibleRegion().boundingRect().width() == column.width()
    opened.theme.set_scale(1.0)


def test_an_empty_agenda_beside_what_may_go_on_it_fits_at_twice_the_size(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    world.make("watch_note", title="Facturation électronique", level="obligation")
    meeting = world.meeting(place="Salle des fêtes de Vougeot", days=10)
    opened.theme.set_scale(2.0)
    visit(opened, world, "meeting:0", qtbot)
    page = opened.pages["meeting"]
    assert isinstance(page, MeetingPage)
    for full in (False, True):
        if full:
            world.item(meeting, "Ouverture et appel", "opening", planned_minutes=10)
            page.refresh()
        qtbot.waitUntil(lambda full=full: page.prepare.agenda.list.isVisible() == full)
        settle(opened, qtbot)  # the window takes the size that its page asks for
        assert page.prepare.proposals.isVisible()
        qtbot.waitUntil(lambda: clipped(opened) == [])
        assert (opened.width(), opened.height()) == (1366, 768)
    opened.theme.set_scale(1.0)


@pytest.mark.parametrize("place", ["meeting:0", "meeting:1", "meeting:2"])
def test_a_notice_at_twice_the_size_keeps_the_window_on_a_small_screen(
    opened: MainWindow, world: World, qtbot: QtBot, place: str
) -> None:
    meeting = world.meeting(days=0)
    world.item(meeting, "Ouverture et appel", "opening", planned_minutes=10)
    world.services.meetings.convene(meeting.id)
    world.services.meetings.open(meeting.id)
    opened.theme.set_scale(2.0)
    visit(opened, world, place, qtbot)
    page = opened.pages["meeting"]
    assert isinstance(page, MeetingPage)

    def fits() -> None:
        assert clipped(opened) == []
        assert (opened.width(), opened.height()) == (1366, 768)

    page.hold.item.news.say("Le pouvoir de Luc Besson (Messanges) compte. Quorum atteint.")
    qtbot.waitUntil(fits)
    page.hold.item.news.hide()
    opened.banner.say("La séance est convoquée.", "success")
    qtbot.waitUntil(fits)
    opened.theme.set_scale(1.0)


def test_a_button_is_called_by_what_it_says(qtbot: QtBot) -> None:
    made = button("Commencer", icon="play")
    qtbot.addWidget(made)
    assert made.text().strip() == made.accessibleName() == "Commencer"
    made.setText("Reprendre")
    assert made.text().strip() == made.accessibleName() == "Reprendre"
    assert made.text() != "Reprendre"  # apart from its icon
    put_words(made, "Reprendre", shown=False)
    assert (made.text(), made.accessibleName()) == ("", "Reprendre")
    action = QAction("Vote")
    action.setShortcut("Ctrl+M")
    asked = action_button(action, icon="vote")
    spoken = QAccessible.queryAccessibleInterface(asked)
    assert spoken.text(QAccessible.Text.Description) == "Ctrl+M"  # and not its name again
    put_words(asked, "Vote", shown=False)
    action.setEnabled(False)
    assert (asked.text(), asked.accessibleName()) == ("", "Vote")
    assert button("Annuler").text() == "Annuler"


@pytest.mark.parametrize("kind", ["plain", "danger"])
def test_a_button_that_cannot_be_pressed_is_edged_faintly(
    theme: Theme, qtbot: QtBot, kind: str
) -> None:
    made = button("Supprimer", kind=kind)
    qtbot.addWidget(made)
    made.setEnabled(False)
    edge = made.grab().toImage().pixelColor(made.width() // 2, 0)
    assert edge == QColor(colours().line)


def test_the_titles_of_tabs_stay_where_they_are_whichever_is_chosen(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    world.meeting()
    visit(opened, world, "meeting:0", qtbot)
    page = opened.pages["meeting"]
    assert isinstance(page, MeetingPage)
    bar = page.tabs.tabBar()
    before = [bar.tabRect(number) for number in range(bar.count())]
    page.tabs.setCurrentIndex(2)
    assert [bar.tabRect(number) for number in range(bar.count())] == before
