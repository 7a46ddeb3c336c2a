"""A meeting whose day is past and that nobody opened, as the window tells it and gets rid of it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain.records import Meeting, Record
from app.domain.wording import plain
from app.services.endings import Ending, note_done
from app.sync import link as ties
from tests.conftest import FakeClock
from tests.ui.acting import activate, dialog, press, shown, undo, visit
from tests.ui.conftest import settle
from tests.ui.world import World
from tests.workspaces import tie
from ui.dialogs.dialog import ConfirmDialog, FormDialog
from ui.dialogs.meeting import MeetingDialog
from ui.pages.home import HomePage
from ui.pages.meeting.page import MeetingPage
from ui.pages.meetings import MeetingsPage
from ui.widgets.line import Line
from ui.window.main_window import MainWindow

ENTER = Qt.Key.Key_Return


@pytest.fixture
def past(opened: MainWindow, world: World, clock: FakeClock, qtbot: QtBot) -> Record[Meeting]:
    """Convened for the evening of the 20th; it is the 21st."""
    meeting = world.meeting("Réunion de mars", days=1, place="Vougeot",
                            chair_person_id=world.persons["Vougeot"],
                            secretary_ids=[world.persons["Agencourt"]])  # fmt: skip
    world.item(meeting, "Ouverture", "opening")
    world.item(meeting, "Une décision à prendre", "decision")
    world.services.meetings.convene(meeting.id)
    world.services.attendance.mark(meeting.id, world.seats["Quincey"], "excused")
    clock.forward(days=2)
    return meeting


def show(window: MainWindow, meeting: Record[Meeting], qtbot: QtBot) -> MeetingPage:
    page = visit(window, "meeting", MeetingPage, qtbot, meeting.id)
    settle(window, qtbot)
    return page


def offered(page: MeetingPage) -> list[str]:
    """What the card offers, first words of each line; nothing where it is hidden."""
    lines = page.conclude.unheld.findChildren(Line)
    return [plain(one.accessibleName()).split(",")[0] for one in lines if one.isVisible()]


def test_the_home_page_leads_to_what_can_become_of_it(
    opened: MainWindow, past: Record[Meeting], qtbot: QtBot
) -> None:
    opened.spread(frozenset())
    settle(opened, qtbot)
    home = opened.pages["home"]
    assert isinstance(home, HomePage)
    (line,) = [one for one in home.unfinished.findChildren(Line) if one.isVisible()]
    assert line.accessibleName().endswith("Non ouverte")
    activate(opened)
    line.click()
    settle(opened, qtbot)
    page = opened.pages["meeting"]
    assert isinstance(page, MeetingPage)
    assert page.tabs.currentWidget() is page.conclude
    assert plain(page.conclude.unheld.words.text()) == (
        "Elle devait se tenir le samedi 20 mars 2027 à 18 h 30 et n'a pas été ouverte."
    )
    assert offered(page) == ["Elle n'a réuni personne", "La déplacer…", "La supprimer"]
    qtbot.waitUntil(page.conclude.unheld.nobody.hasFocus)
    assert not page.conclude.checklist.isVisible()
    assert not page.conclude.card.isVisible()
    page.tabs.setCurrentWidget(page.hold)
    settle(opened, qtbot)
    assert "l'onglet Conclure dit que faire" in plain(page.hold.conductor.standing.text())


def test_it_gathered_nobody_by_the_keyboard_then_is_frozen_and_convened_again(
    opened: MainWindow, past: Record[Meeting], world: World, qtbot: QtBot
) -> None:
    page = show(opened, past, qtbot)
    activate(opened)
    qtbot.keyClick(QApplication.focusWidget(), ENTER)
    asked = dialog(ConfirmDialog, page, qtbot)
    said = shown(asked)
    assert "le samedi 20 mars 2027 à 18 h 30" in said
    assert "4 membres sont notés absents" in said
    assert "Les notes préparées" not in said
    qtbot.keyClick(asked.confirm, ENTER)
    qtbot.waitUntil(lambda: page.chip.text() == "Close")
    settle(opened, qtbot)
    tab = page.conclude
    assert offered(page) == []
    assert tab.checklist.heading.text() == "Rien ne manque"
    assert "n'ayant réuni personne" in plain(opened.banner.text())
    sheets = world.services.records.list("attendance", meeting_id=past.id)
    assert sorted(one.fields.status for one in sheets) == ["absent"] * 4 + ["excused"]
    press(tab, "Geler le procès-verbal", qtbot)
    qtbot.mouseClick(dialog(ConfirmDialog, page, qtbot).confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.card.chip.text() == "Gelé")
    settle(opened, qtbot)
    again = tab.next.findChildren(Line)[1]
    assert again.accessibleName().startswith("Convoquer à nouveau")
    activate(opened)
    again.setFocus()
    opened.spread(frozenset({"meeting"}))
    settle(opened, qtbot)
    settle(opened, qtbot)
    again = tab.next.findChildren(Line)[1]
    assert again.hasFocus()
    again.click()
    call = dialog(FormDialog, page, qtbot)
    qtbot.mouseClick(call.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.meeting_id not in ("", past.id))
    settle(opened, qtbot)
    made = world.services.records.get(page.meeting_id).fields
    assert made.reconvened_from_id == past.id
    assert made.starts_at[:10] == "2027-03-25"  # time to convene, beyond three clear days


def test_what_was_noted_is_taken_back_at_once(
    opened: MainWindow, past: Record[Meeting], world: World, qtbot: QtBot
) -> None:
    item = world.services.records.list("agenda_item", meeting_id=past.id)[1]
    world.services.records.update(item.id, {"notes": "Lire la note du GIP."})
    page = show(opened, past, qtbot)
    page.conclude.unheld.nobody.click()
    asked = dialog(ConfirmDialog, page, qtbot)
    assert "Les notes préparées restent à leurs points, hors du procès-verbal." in shown(asked)
    qtbot.mouseClick(asked.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.chip.text() == "Close")
    undo(opened, qtbot)
    qtbot.waitUntil(lambda: page.chip.text() == "Convoquée")
    settle(opened, qtbot)
    assert offered(page)[0] == "Elle n'a réuni personne"
    assert len(world.services.records.list("attendance", meeting_id=past.id)) == 1


def test_it_is_moved_from_its_date(
    opened: MainWindow, past: Record[Meeting], world: World, qtbot: QtBot
) -> None:
    page = show(opened, past, qtbot)
    page.conclude.unheld.postpone.click()
    asked = dialog(MeetingDialog, page, qtbot)
    field = asked.form.field("starts_at")
    assert field.isAncestorOf(asked.focusWidget())
    asked.form.set_values({"starts_at": "2027-04-09T18:30:00+02:00", "ends_at": None})
    qtbot.mouseClick(asked.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: world.get(past).starts_at.startswith("2027-04-09"))
    settle(opened, qtbot)
    assert offered(page) == []
    assert page.conclude.checklist.isVisible()


def test_it_goes_to_the_trash_and_comes_back(
    opened: MainWindow, past: Record[Meeting], world: World, qtbot: QtBot
) -> None:
    page = show(opened, past, qtbot)
    page.conclude.unheld.remove.click()
    qtbot.mouseClick(dialog(ConfirmDialog, page, qtbot).confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: opened.place == "meetings")
    settle(opened, qtbot)
    meetings = opened.pages["meetings"]
    assert isinstance(meetings, MeetingsPage)
    assert meetings.table.rows.rowCount() == 0
    assert not opened.banner.isVisible()
    undo(opened, qtbot)
    qtbot.waitUntil(lambda: meetings.table.rows.rowCount() == 1)
    assert len(world.services.records.list("agenda_item", meeting_id=past.id)) == 2


def test_one_that_somebody_came_to_is_opened_on_its_day_instead(
    opened: MainWindow, past: Record[Meeting], world: World, qtbot: QtBot
) -> None:
    world.services.attendance.mark(past.id, world.seats["Vougeot"], "present")
    page = show(opened, past, qtbot)
    assert offered(page) == ["L'ouvrir à sa date", "La déplacer…", "La supprimer"]
    assert "Quelqu'un y était" in plain(page.conclude.unheld.words.text())
    page.conclude.unheld.open.click()
    qtbot.waitUntil(lambda: page.chip.text() == "En cours")
    assert world.get(past).opened_at == world.get(past).starts_at
    settle(opened, qtbot)
    assert offered(page) == []


def test_until_the_day_is_over_and_without_a_date_nothing_changes(
    opened: MainWindow, past: Record[Meeting], world: World, clock: FakeClock, qtbot: QtBot
) -> None:
    clock.forward(days=-1, hours=5)  # the evening itself, the hour past
    page = show(opened, past, qtbot)
    assert page.tabs.currentWidget() is page.hold
    page.tabs.setCurrentWidget(page.conclude)
    settle(opened, qtbot)
    assert offered(page) == [] and page.conclude.checklist.isVisible()
    clock.forward(days=9)
    undated = world.meeting("À fixer")
    world.services.records.update(undated.id, {"starts_at": None})
    page = show(opened, undated, qtbot)
    assert page.tabs.currentWidget() is page.prepare


def test_without_a_seat_there_is_nothing_to_note_of_it(
    opened: MainWindow, past: Record[Meeting], world: World, qtbot: QtBot
) -> None:
    for seat in world.seats.values():
        world.services.records.update(seat, {"until": "2027-01-01"})
    page = show(opened, past, qtbot)
    assert offered(page) == ["La déplacer…", "La supprimer"]
    assert "Aucun siège n'était pourvu ce jour-là" in plain(page.conclude.unheld.words.text())
    qtbot.waitUntil(page.conclude.unheld.postpone.hasFocus)


def test_another_laptop_is_to_be_heard_first_where_none_was_since(
    opened: MainWindow, past: Record[Meeting], world: World, qtbot: QtBot
) -> None:
    workspace = world.services.workspace
    tie(world.services, "facilitator")
    page = show(opened, past, qtbot)
    assert offered(page)[0] == "Elle n'a réuni personne"  # this commission is not the central's
    with workspace.unit() as unit:
        ties.keep(unit, "spaces", [world.commission_id])
        unit.commit()
    page = show(opened, past, qtbot)
    assert offered(page)[:2] == ["Synchroniser d'abord", "Elle n'a réuni personne"]
    activate(opened)
    page.conclude.unheld.sync.setFocus()
    opened.spread(frozenset({"meeting"}))
    settle(opened, qtbot)
    settle(opened, qtbot)
    assert page.conclude.unheld.sync.hasFocus()
    note_done(workspace, Ending("2027-03-20T18:00:00+01:00", "1 envoyé"), moved=True)
    page = show(opened, past, qtbot)
    assert offered(page)[0] == "Synchroniser d'abord"
    note_done(workspace, Ending("2027-03-21T09:00:00+01:00", "1 envoyé"), moved=True)
    page = show(opened, past, qtbot)
    assert offered(page)[0] == "Elle n'a réuni personne"
