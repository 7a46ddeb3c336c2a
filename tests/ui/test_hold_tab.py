"""Tenir la séance: who is there, what is said, what is decided, by the keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton, QScrollArea
from pytestqt.qtbot import QtBot

from app.bootstrap import Services
from app.domain.records import Ballot, Record, reference_id
from app.domain.refusals import Refusal
from app.domain.wording import hour, plain
from tests.conftest import FakeClock
from tests.ui.acting import activate, dialog, field, lines, pick, press, shown, visit
from tests.ui.conftest import in_the_whole_territory, settle
from tests.ui.keyboard import type_text
from tests.ui.world import World
from ui.dialogs.agenda_item import AgendaItemDialog
from ui.dialogs.ballot import BallotDialog
from ui.dialogs.choose import ChooseDialog
from ui.dialogs.dialog import DELETED, ConfirmDialog, FormDialog
from ui.dialogs.guest import GuestDialog
from ui.dialogs.meeting import MeetingDialog
from ui.dialogs.need_capture import NeedCaptureDialog, first_words
from ui.dialogs.person import PersonDialog
from ui.models.lines import LINE
from ui.models.room import RoomModel, seat_rows
from ui.pages.meeting.deeds import Deeds
from ui.pages.meeting.foresight import foreseen
from ui.pages.meeting.hold import HoldTab
from ui.pages.meeting.page import MeetingPage
from ui.pages.meeting.quick_line import Entrusted, read_action
from ui.theme import Theme, px
from ui.widgets.line import Line
from ui.widgets.line_delegate import chip_area
from ui.widgets.pick import Option, PicksField
from ui.widgets.room_list import DEEDS, OTHERS
from ui.widgets.vote_entry import VoteEntry
from ui.window.main_window import MainWindow

ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier


class Evening:
    """An open meeting of three items, on screen."""

    def __init__(self, window: MainWindow, world: World, qtbot: QtBot) -> None:
        self.window, self.world, self.qtbot = window, world, qtbot
        self.meeting = world.meeting(days=0, chair_person_id=world.persons["Vougeot"])
        self.items = [
            world.item(self.meeting, "Ouverture", "opening", planned_minutes=10),
            world.item(self.meeting, "Tour de table", "need", planned_minutes=30),
            world.item(self.meeting, "Calendrier", "decision", planned_minutes=10),
        ]
        world.services.meetings.open(self.meeting.id)
        window.go("meeting", self.meeting.id)
        settle(window, qtbot)
        page = window.pages["meeting"]
        assert isinstance(page, MeetingPage)
        self.page = page

    @property
    def tab(self) -> HoldTab:
        return self.page.hold

    def settle(self) -> None:
        settle(self.window, self.qtbot)

    def give_proxy(self, giver: str, holder: str) -> None:
        """Notes the proxy of a commune's member to that of another."""
        seats, attendance = self.world.seats, self.world.services.attendance
        attendance.give_proxy(self.meeting.id, seats[giver], seats[holder])
        self.refresh()

    def refresh(self) -> None:
        """After something was done beside the window."""
        self.window.spread(frozenset())
        self.settle()

    def call(self, *names: str) -> None:
        """Calls the roll: letters of a name, then Enter."""
        for name in names:
            type_text(self.tab.room.call, name)
            self.qtbot.keyClick(self.tab.room.call, Qt.Key.Key_Return)
            self.settle()

    def press(self, town: str, key: Qt.Key) -> None:
        """Goes to a seat in the list, and presses a key."""
        self.tab.room.list.select(self.world.seats[town])
        self.qtbot.keyClick(self.tab.room.list, key)
        self.settle()

    def standing(self, town: str) -> str:
        rows = self.tab.room.list.room.rows
        return next(row.standing for row in rows if row.id == self.world.seats[town])

    def go(self, number: int) -> Record[Any]:
        self.tab.conductor.list.select(self.items[number].id)
        return self.items[number]

    def lines(self) -> list[str]:
        return lines(self.tab.item)

    def dialog(self, kind: type[Any]) -> Any:
        self.qtbot.waitUntil(lambda: self.tab.findChild(kind) is not None)
        found = self.tab.findChild(kind)
        activate(found)
        return found


@pytest.fixture
def evening(opened: MainWindow, world: World, qtbot: QtBot) -> Evening:
    return Evening(opened, world, qtbot)


@pytest.mark.parametrize("width", [1093, 1024, 960])
def test_a_meeting_fits_a_screen_whose_system_enlarges_everything(
    opened: MainWindow, world: World, qtbot: QtBot, width: int
) -> None:
    opened.resize(width, 540)
    evening = Evening(opened, world, qtbot)
    assert evening.tab.isVisible() and opened.width() == width
    for dragged in (1100, 1095):
        opened.resize(dragged, 540)
    qtbot.waitUntil(lambda: opened.minimumWidth() <= width)


# The room


def test_an_open_meeting_opens_on_its_room_with_the_quorum_in_one_sentence(
    evening: Evening,
) -> None:
    assert evening.page.tabs.currentWidget() is evening.tab
    assert evening.tab.room.quorum.words.text() == (
        "Quorum non atteint\u00a0: 0 présent sur 5, il en faut 3, il en manque 3"
    )


def test_a_deliberative_body_without_its_quorum_reads_what_it_may_do(evening: Evening) -> None:
    room = evening.tab.room.quorum
    assert not room.way_on.isVisible()  # a commission goes on all the same
    evening.world.services.records.update(evening.world.commission_id, {"profile": "deliberative"})
    evening.refresh()
    assert plain(room.way_on.text()) == (
        "Attendez, ou prenez « Clore la séance » puis « Convoquer à nouveau », pour le mardi"
        " 23 mars 2027 au plus tôt."
    )
    assert room.way_on.isVisible()
    evening.window.theme.set_scale(2.0)
    settle(evening.window, evening.qtbot)
    assert room.toolTip() == room.way_on.text() and not room.way_on.isVisible()
    evening.window.theme.set_scale(1.0)
    evening.call("roy", "martin", "besson")
    assert not room.way_on.isVisible() and not room.toolTip()
    evening.go(1)
    evening.press("Vougeot", Qt.Key.Key_X)  # which leaves the other items their quorum
    assert room.words.text().startswith("Quorum non atteint")
    assert not room.way_on.isVisible()


def test_the_roll_is_called_by_a_few_letters_and_enter(evening: Evening) -> None:
    assert "Entrée ou P\u00a0présent" in evening.tab.room.keys.text()
    assert evening.tab.room.call.toolTip() == "Entrée note présent"  # in large print, it alone
    evening.call("roy", "MART", "bess")
    assert evening.tab.room.call.text() == ""
    standings = {town: evening.standing(town) for town in ("Vougeot", "Agencourt", "Quincey")}
    assert standings == {"Vougeot": "Présent", "Agencourt": "Présent", "Quincey": "À pointer"}
    assert evening.tab.room.quorum.words.text() == (
        "Quorum atteint\u00a0: 3 présents sur 5, il en faut 3"
    )
    sheets = evening.world.services.records.list("attendance", meeting_id=evening.meeting.id)
    assert {sheet.fields.status for sheet in sheets} == {"present"}
    assert [sheet.fields.intervals for sheet in sheets] == [(), (), ()]


@pytest.mark.parametrize(("width", "scale"), [(960, 1.0), (960, 1.5), (1366, 2.0)])
def test_what_the_line_of_the_call_asks_is_read_whole(
    evening: Evening, width: int, scale: float
) -> None:
    evening.window.theme.set_scale(scale)
    evening.window.resize(width, 700)
    evening.settle()
    line = evening.tab.room.call
    asked = line.fontMetrics().horizontalAdvance(line.placeholderText())
    room = line.width() - px(50)  # its icon and its margins
    evening.window.theme.set_scale(1.0)
    assert asked <= room


def test_a_seat_chosen_among_those_who_answer_is_noted_and_the_next_name_is_typed(
    evening: Evening,
) -> None:
    room = evening.tab.room
    type_text(room.call, "a")
    evening.qtbot.keyClick(room.call, Qt.Key.Key_Down)
    room.list.select(evening.world.seats["Vougeot"])
    evening.qtbot.keyClick(room.list, Qt.Key.Key_Return)
    evening.settle()
    assert evening.standing("Vougeot") == "Présent"
    assert room.call.hasFocus() and room.call.text() == ""
    found = room.list.current()
    assert found is not None and found.town == "Vougeot"  # what Enter did is in sight
    evening.call("dubois")
    assert {evening.standing(town) for town in ("Vougeot", "Quincey")} == {"Présent"}
    found = room.list.current()
    assert found is not None and found.town == "Quincey"


def test_a_screen_reader_says_who_answers_to_the_letters_and_how_they_then_stand(
    evening: Evening, heard: list[str], qtbot: QtBot
) -> None:
    type_text(evening.tab.room.call, "mart")
    qtbot.waitUntil(lambda: heard == ["Anne Martin, Agencourt, À pointer"])
    qtbot.keyClick(evening.tab.room.call, Qt.Key.Key_Return)
    assert heard[1:] == ["Anne Martin, Agencourt, Présent"]
    evening.settle()
    type_text(evening.tab.room.call, "zzz")
    qtbot.waitUntil(lambda: heard[2:] == ["Personne ne correspond à ces lettres."])
    evening.tab.room.call.clear()
    evening.press("Quincey", Qt.Key.Key_E)
    assert heard[3:] == ["Claire Dubois, Quincey, Excusé"]


def test_the_name_of_the_notes_says_which_item_they_are_of(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes, given = evening.tab.item.notes, list[str]()
    evening.go(0)
    monkeypatch.setattr(notes, "setAccessibleName", given.append)
    evening.go(1)
    assert given == ["Notes du point 2. Tour de table"]
    monkeypatch.undo()
    evening.go(2)
    monkeypatch.setattr(notes, "setAccessibleName", given.append)
    evening.refresh()
    assert len(given) == 1  # a reader says it each time


def test_a_screen_reader_says_that_the_meeting_is_open_and_since_when(
    opened: MainWindow, world: World, heard: list[str], qtbot: QtBot
) -> None:
    meeting = world.meeting(days=0)
    world.item(meeting, "Ouverture", "opening")
    world.services.meetings.convene(meeting.id)
    opened.go("meeting", meeting.id)
    settle(opened, qtbot)
    page = opened.pages["meeting"]
    assert isinstance(page, MeetingPage)
    page.tabs.setCurrentWidget(page.hold)
    page.hold.conductor.open_asked.emit()
    settle(opened, qtbot)
    assert heard[0] == plain(page.hold.conductor.standing.text())
    assert heard[0].startswith("Séance ouverte à ")


def test_a_screen_reader_says_what_the_votes_make(
    evening: Evening, heard: list[str], qtbot: QtBot
) -> None:
    evening.call("roy", "martin")
    heard.clear()
    evening.tab.item.ballot_asked.emit()
    entry = evening.dialog(BallotDialog).entry
    qtbot.waitUntil(lambda: "2 voix dans la salle." in heard)
    qtbot.keyClicks(entry.counts.fields["for_count"], "2")
    said = "Avis favorable à l'unanimité des membres présents ou représentés (2 pour)"
    qtbot.waitUntil(lambda: heard[-1] == said)
    qtbot.keyClicks(entry.counts.fields["against_count"], "4")
    qtbot.waitUntil(lambda: heard[-1] == "Il y a plus de voix que dans la salle.")


def test_a_screen_reader_says_what_a_line_noted_or_why_it_did_not(
    evening: Evening, heard: list[str], qtbot: QtBot
) -> None:
    quick = evening.tab.item.quick
    evening.tab.item.line_asked.emit("decision")
    type_text(quick.line, "On achète\n")
    assert heard == ["Décision notée : On achète"]
    evening.settle()
    evening.tab.item.line_asked.emit("action")
    type_text(quick.line, "Trois devis ; Anne ; demein\n")
    assert heard[1:] == ["« demein » n'est pas une date : écrivez par exemple 30/06/2027."]
    quick.line.clear()
    type_text(quick.line, "; Anne\n")
    assert heard.pop().startswith("Écrivez d'abord quoi faire")
    assert quick.line.text() == "; Anne"
    quick.line.setText("Trois devis ; Anne")
    type_text(quick.line, "\n")
    assert heard[2:] == ["Suite notée : Trois devis ; Anne ; sans échéance"]


def test_who_holds_two_seats_is_called_twice(evening: Evening) -> None:
    world = evening.world
    paul = {"titular_person_id": world.persons["Vougeot"]}
    world.services.records.update(world.seats["Agencourt"], paul)
    evening.refresh()
    evening.call("roy", "roy")
    assert [evening.standing(town) for town in ("Vougeot", "Agencourt")] == ["Présent"] * 2
    evening.call("r", "r")
    assert evening.standing("Arcenant") == "À pointer"  # another who answers is not in their place


def name_zoe(evening: Evening) -> Record[Any]:
    """Zoé Perrin is the alternate of Messanges, whose titular is Luc Besson."""
    zoe = evening.world.make("person", first_name="Zoé", last_name="Perrin")
    seat = evening.world.seats["Messanges"]
    evening.world.services.records.update(seat, {"alternate_person_id": zoe.id})
    evening.refresh()
    return zoe


def test_an_alternate_answers_to_their_own_name_while_the_titular_is_out(evening: Evening) -> None:
    world = evening.world
    zoe = name_zoe(evening)
    room = evening.tab.room
    type_text(room.call, "inconnue")
    assert not room.list.room.rows
    room.call.clear()
    type_text(room.call, "perrin")
    assert [row.spoken for row in room.list.room.rows] == [
        "Zoé Perrin, Messanges, À pointer, suppléance de Luc Besson"
    ]
    (row,) = room.list.room.rows
    assert replace(row, titular="Anne Roy").as_alternate.reason == "suppléance d'Anne Roy"
    evening.qtbot.keyClick(room.call, Qt.Key.Key_Return)
    evening.settle()
    (sheet,) = world.services.records.list("attendance", meeting_id=evening.meeting.id)
    assert sheet.fields.person_id == zoe.id


def test_who_is_another_seats_alternate_answers_for_their_own(evening: Evening) -> None:
    world = evening.world
    paul = {"alternate_person_id": world.persons["Vougeot"]}
    world.services.records.update(world.seats["Agencourt"], paul)
    evening.refresh()
    evening.call("roy", "roy")
    assert evening.standing("Vougeot") == "Présent"
    assert evening.standing("Agencourt") == "À pointer"


def test_whoever_a_line_names_is_who_it_notes_as_present(evening: Evening) -> None:
    world = evening.world
    zoe = name_zoe(evening)
    room = evening.tab.room
    type_text(room.call, "perrin")
    evening.qtbot.keyClick(room.list, Qt.Key.Key_P)
    evening.settle()
    (sheet,) = world.services.records.list("attendance", meeting_id=evening.meeting.id)
    assert sheet.fields.person_id == zoe.id


def seat_zoe(evening: Evening) -> Record[Any]:
    """Zoé Perrin sits for Messanges."""
    zoe = name_zoe(evening)
    evening.call("perrin")
    assert evening.standing("Messanges") == "Suppléant"
    return zoe


@pytest.mark.parametrize("by_name", [False, True])
def test_a_titular_who_arrives_takes_the_seat_back_and_leaves_it_to_the_alternate(
    evening: Evening, clock: FakeClock, by_name: bool
) -> None:
    seat_zoe(evening)
    evening.world.services.agenda.start(evening.items[1].id)
    evening.refresh()
    clock.forward(minutes=20)
    if by_name:
        type_text(evening.tab.room.call, "besson")
        (row,) = evening.tab.room.list.room.rows
        assert row.spoken == "Luc Besson, Messanges, Suppléant, Zoé Perrin siège"
        evening.qtbot.keyClick(evening.tab.room.call, Qt.Key.Key_Return)
        evening.settle()
    else:
        evening.press("Messanges", Qt.Key.Key_P)
    assert evening.standing("Messanges") == "Présent"
    titular = evening.world.services.records.list(
        "attendance", person_id=evening.world.persons["Messanges"]
    )
    assert [hour(one.arrived) for one in titular[0].fields.intervals] == ["18 h 20"]
    clock.forward(minutes=20)
    evening.press("Messanges", Qt.Key.Key_D)
    assert evening.standing("Messanges") == "Suppléant"


def test_a_seat_noted_absent_is_without_the_alternate_noted_by_mistake(evening: Evening) -> None:
    seat_zoe(evening)
    evening.press("Messanges", Qt.Key.Key_A)
    assert evening.standing("Messanges") == "Absent"
    evening.press("Messanges", Qt.Key.Key_S)
    evening.press("Messanges", Qt.Key.Key_E)
    assert evening.standing("Messanges") == "Suppléant"


def test_the_alternate_of_a_seat_without_a_vote_leaves_by_the_same_key(
    evening: Evening, clock: FakeClock
) -> None:
    name_zoe(evening)
    seat = evening.world.seats["Messanges"]
    evening.world.services.records.update(seat, {"voting": False})
    evening.refresh()
    evening.press("Messanges", Qt.Key.Key_S)
    assert evening.standing("Messanges") == "Suppléant"
    clock.forward(hours=1)
    evening.press("Messanges", Qt.Key.Key_D)
    assert plain(evening.standing("Messanges")) == "Parti à 19 h"


def test_a_vote_is_called_by_the_names_of_those_who_sit(evening: Evening) -> None:
    seat_zoe(evening)
    evening.go(2)
    evening.tab.item.ballot.trigger()
    dialog = evening.dialog(BallotDialog)
    assert [voter.words for voter in dialog.entry.names.votes.voters] == ["Zoé Perrin (Messanges)"]


def test_letters_that_name_nobody_mark_nobody_and_stay_to_be_corrected(evening: Evening) -> None:
    room = evening.tab.room
    evening.call("rpy")
    assert evening.world.services.records.list("attendance") == []
    assert (room.call.text(), room.unknown.isVisible()) == ("rpy", True)
    evening.call("roy")
    assert (room.call.text(), room.unknown.isVisible()) == ("", False)
    assert evening.standing("Vougeot") == "Présent"


def test_after_the_roll_call_a_presence_is_an_arrival_with_its_hour(
    evening: Evening, clock: FakeClock
) -> None:
    evening.call("roy")
    evening.world.services.agenda.start(evening.items[1].id)
    clock.forward(minutes=45)
    evening.refresh()
    evening.call("martin")
    (sheet,) = evening.world.services.records.list(
        "attendance", roster_entry_id=evening.world.seats["Agencourt"]
    )
    assert sheet.fields.intervals[0].arrived == "2027-03-19T18:45:00+01:00"
    row = next(
        row for row in evening.tab.room.list.room.rows if row.id == evening.world.seats["Agencourt"]
    )
    assert row.reason == "depuis 18 h 45"


def test_who_comes_once_everybody_was_called_comes_at_that_hour(
    evening: Evening, clock: FakeClock
) -> None:
    evening.call("roy", "martin", "besson")
    evening.qtbot.keyClick(evening.tab.room.list, Qt.Key.Key_T)
    evening.settle()
    clock.forward(minutes=7)
    evening.press("Arcenant", Qt.Key.Key_P)
    services, seat = evening.world.services, evening.world.seats["Arcenant"]
    (sheet,) = services.records.list("attendance", roster_entry_id=seat)
    assert [stay.arrived for stay in sheet.fields.intervals] == ["2027-03-19T18:07:00+01:00"]
    opening = services.meetings.state(evening.meeting.id)
    assert len(opening.at(opening.opening).room.present) == 3


def test_one_key_notes_a_departure_and_the_lost_quorum_is_said_at_once(
    evening: Evening, clock: FakeClock
) -> None:
    evening.call("roy", "martin", "besson")
    clock.forward(minutes=40)
    evening.press("Messanges", Qt.Key.Key_D)
    assert evening.standing("Messanges") == "Parti à 18 h 40"
    assert evening.tab.item.news.property("tone") == "warning"
    assert evening.tab.item.news.text() == (
        "Quorum perdu\u00a0: 2 présents sur 5, il en faut 3, il en manque 1."
    )


def test_what_was_news_of_the_quorum_is_gone_once_its_figures_are_others(
    evening: Evening, clock: FakeClock
) -> None:
    attendance, seats = evening.world.services.attendance, evening.world.seats
    banner = evening.tab.item.news
    evening.call("roy", "martin", "besson")
    (sheet,) = evening.world.services.records.list("attendance", roster_entry_id=seats["Vougeot"])
    attendance.exclude(sheet.id, evening.items[2].id, "personal")

    def leave_elsewhere() -> None:
        attendance.leave(evening.meeting.id, seats["Vougeot"])
        evening.refresh()

    for change in (lambda: evening.go(2), leave_elsewhere):
        evening.press("Messanges", Qt.Key.Key_P)
        clock.forward(minutes=5)
        evening.press("Messanges", Qt.Key.Key_D)
        evening.go(1)
        assert banner.isVisible() and "2 présents sur 5" in plain(banner.text())
        change()
        assert not banner.isVisible()
        evening.go(0)


def test_news_of_a_proxy_stays_as_somebody_comes_and_is_gone_once_undone(
    evening: Evening,
) -> None:
    attendance, meeting_id = evening.world.services.attendance, evening.meeting.id
    evening.call("roy")
    evening.give_proxy("Quincey", "Vougeot")
    attendance.mark(meeting_id, evening.world.seats["Agencourt"], "present")
    evening.refresh()
    assert evening.tab.item.news.isVisible()
    for _ in range(2):
        evening.qtbot.keyClick(evening.tab.room.list, Qt.Key.Key_Z, CTRL)
        evening.settle()
    assert not evening.tab.item.news.isVisible()


def test_a_departure_noted_late_is_given_its_hour_and_the_vote_is_judged_by_it(
    evening: Evening, clock: FakeClock
) -> None:
    evening.call("roy", "martin", "besson")
    item = evening.go(2)
    clock.forward(minutes=30)
    held = {"held_at": clock().isoformat(), "question": "En mai ?", "for_count": 2}
    ballot = evening.world.services.proceedings.put_to_vote(item.id, held)
    clock.forward(minutes=10)
    evening.press("Messanges", Qt.Key.Key_D)
    assert evening.standing("Messanges") == "Parti à 18 h 40"

    def electorate() -> int:
        state = evening.world.services.meetings.state(evening.meeting.id)
        return len(state.ballot(ballot).voters(ballot.fields))

    assert electorate() == 3
    room = evening.tab.room.list
    room.open_menu(room.visualRect(room.currentIndex()).center())
    (menu,) = room.findChildren(QMenu)
    assert "Arrivé ou parti à…\tH" in [one.text() for one in menu.actions()]
    evening.qtbot.keyClick(menu, Qt.Key.Key_Escape)
    activate(evening.window)
    evening.press("Messanges", Qt.Key.Key_H)
    asked = evening.dialog(FormDialog)
    left = asked.form.field("left0")
    assert asked.focusWidget() is left and left.text() == "18 h 40"
    left.clear()
    type_text(left, "19h30")
    evening.qtbot.keyClick(asked, Qt.Key.Key_Return, CTRL)
    said = "Donnez une heure de la séance, entre 18 h et 18 h 40."
    evening.qtbot.waitUntil(lambda: said in shown(asked))
    left.clear()
    type_text(left, "18h25")
    evening.qtbot.keyClick(asked, Qt.Key.Key_Return, CTRL)
    evening.qtbot.waitUntil(lambda: evening.standing("Messanges") == "Parti à 18 h 25")
    assert electorate() == 2
    activate(evening.window)
    evening.window.actions_.undo.trigger()
    evening.qtbot.waitUntil(lambda: evening.standing("Messanges") == "Parti à 18 h 40")


def test_an_arrival_is_given_its_hour_whether_it_was_noted_or_not(
    evening: Evening, clock: FakeClock
) -> None:
    evening.call("roy")
    for town, typed in (("Vougeot", "18h10"), ("Quincey", "1820")):
        evening.press(town, Qt.Key.Key_H)
        asked = evening.dialog(FormDialog)
        clock.forward(minutes=20)  # while it is being asked
        if town == "Quincey":
            evening.qtbot.keyClick(asked, Qt.Key.Key_Return, CTRL)
            assert "Donnez l'heure de son arrivée." in shown(asked)
        type_text(asked.form.field("arrived0"), typed)
        evening.qtbot.keyClick(asked, Qt.Key.Key_Return, CTRL)
        evening.qtbot.waitUntil(lambda: evening.tab.findChild(FormDialog) is None)
        evening.settle()
        activate(evening.window)
    reasons = {row.town: row.reason for row in evening.tab.room.list.room.rows}
    assert (reasons["Vougeot"], reasons["Quincey"]) == ("depuis 18 h 10", "depuis 18 h 20")
    evening.press("Agencourt", Qt.Key.Key_A)
    assert evening.standing("Agencourt") == "Absent"


def test_an_arrival_typed_wrongly_before_a_departure_and_a_return_is_corrected(
    evening: Evening, clock: FakeClock
) -> None:
    seat, sheet = evening.world.seats["Messanges"], evening.world.services.attendance
    clock.forward(minutes=50)
    for step, minute in ((sheet.arrive, 20), (sheet.leave, 30), (sheet.arrive, 40)):
        step(evening.meeting.id, seat, f"2027-03-19T18:{minute}:00+01:00")
    evening.refresh()
    evening.press("Messanges", Qt.Key.Key_H)
    asked = evening.dialog(FormDialog)
    assert asked.focusWidget() is asked.form.field("left1")
    typed = {"arrived0": "18h10", "left0": "", "arrived1": "", "left1": "18h45"}
    for name, words in typed.items():
        asked.form.field(name).clear()
        type_text(asked.form.field(name), words)
    evening.qtbot.mouseClick(asked.confirm, Qt.MouseButton.LeftButton)
    evening.qtbot.waitUntil(lambda: evening.standing("Messanges") == "Parti à 18 h 45")
    (line,) = evening.world.services.records.list("attendance")
    assert [one.arrived for one in line.fields.intervals] == ["2027-03-19T18:10:00+01:00"]


def test_the_hour_of_whoever_left_the_seat_last_is_corrected(
    evening: Evening, clock: FakeClock
) -> None:
    zoe = seat_zoe(evening)
    clock.forward(minutes=30)
    evening.press("Messanges", Qt.Key.Key_D)
    evening.press("Messanges", Qt.Key.Key_H)
    asked = evening.dialog(FormDialog)
    assert asked.windowTitle() == "Présence de Zoé Perrin (Messanges)"
    left = asked.form.field("left0")
    left.clear()
    type_text(left, "18h15")
    evening.qtbot.keyClick(left, Qt.Key.Key_Return, CTRL)
    evening.qtbot.waitUntil(lambda: evening.standing("Messanges") == "Parti à 18 h 15")
    (sheet,) = evening.world.services.records.list("attendance")
    assert sheet.fields.person_id == zoe.id


@pytest.mark.parametrize(("key", "standing"), [(Qt.Key.Key_E, "Excusé"), (Qt.Key.Key_A, "Absent")])
def test_one_key_excuses_or_marks_absent(evening: Evening, key: Qt.Key, standing: str) -> None:
    evening.press("Quincey", key)
    assert evening.standing("Quincey") == standing


def test_a_proxy_is_given_by_a_name_and_its_giver_is_represented(evening: Evening) -> None:
    evening.call("roy")
    evening.tab.room.list.select(evening.world.seats["Quincey"])
    evening.qtbot.keyClick(evening.tab.room.list, Qt.Key.Key_R)
    dialog = evening.dialog(FormDialog)
    type_text(dialog.form.field("holder"), "roy")
    evening.qtbot.keyClick(dialog, Qt.Key.Key_Return, CTRL)
    evening.qtbot.waitUntil(lambda: evening.standing("Quincey") == "Représenté")
    (proxy,) = evening.world.services.records.list("proxy")
    assert proxy.fields.holder_entry_id == evening.world.seats["Vougeot"]


def test_nobody_is_said_out_of_a_room_where_nobody_is_yet(evening: Evening) -> None:
    evening.press("Quincey", Qt.Key.Key_R)
    chosen = evening.dialog(FormDialog).form.field("holder")
    evening.qtbot.keyClick(chosen, Qt.Key.Key_Down)
    assert chosen.completer().model().index(0, 0).data() == "Anne Martin (Agencourt)"
    chosen.completer().popup().hide()


def test_a_proxy_is_noted_to_whoever_it_names_before_they_come(evening: Evening) -> None:
    evening.call("martin")
    evening.tab.room.list.select(evening.world.seats["Quincey"])
    evening.qtbot.keyClick(evening.tab.room.list, Qt.Key.Key_R)
    chosen = evening.dialog(FormDialog).form.field("holder")
    evening.qtbot.keyClick(chosen, Qt.Key.Key_Down)
    offered = chosen.completer().model()
    assert [offered.index(row, 0).data() for row in range(4)] == [
        "Anne Martin (Agencourt)",
        "Jean Garnier (Arcenant), hors de la salle",
        "Luc Besson (Messanges), hors de la salle",
        "Paul Roy (Vougeot), hors de la salle",
    ]
    chosen.completer().popup().hide()
    type_text(chosen, "roy")
    evening.qtbot.keyClick(evening.dialog(FormDialog), Qt.Key.Key_Return, CTRL)
    waiting = "Le pouvoir de Claire Dubois (Quincey) ne compte pas : Paul Roy (Vougeot) n'est pas"
    evening.qtbot.waitUntil(lambda: plain(evening.tab.item.news.text()).startswith(waiting))
    assert evening.standing("Quincey") == "À pointer"
    evening.call("roy")
    assert evening.standing("Quincey") == "Représenté"


def test_a_holder_who_leaves_takes_the_proxy_along_and_it_is_said(
    evening: Evening, clock: FakeClock
) -> None:
    evening.call("roy", "martin", "besson", "garnier")
    evening.give_proxy("Quincey", "Vougeot")
    clock.forward(minutes=10)
    evening.press("Vougeot", Qt.Key.Key_D)
    assert "ne compte plus" in evening.tab.item.news.text()
    assert evening.standing("Quincey") == "À pointer"


def test_good_news_of_a_proxy_warns_of_nothing_where_the_quorum_lacked_already(
    evening: Evening,
) -> None:
    evening.call("roy")
    evening.give_proxy("Quincey", "Vougeot")
    assert evening.tab.item.news.text() == "Le pouvoir de Claire Dubois (Quincey) compte."
    assert evening.tab.item.news.property("tone") == "info"


def test_a_proxy_is_revoked_by_the_same_key_after_a_question(
    evening: Evening, clock: FakeClock
) -> None:
    evening.call("roy")
    seats = evening.world.seats
    evening.give_proxy("Quincey", "Vougeot")
    clock.forward(minutes=5)
    evening.tab.room.list.select(seats["Quincey"])
    evening.qtbot.keyClick(evening.tab.room.list, Qt.Key.Key_R)
    question = evening.dialog(FormDialog)
    evening.qtbot.mouseClick(question.confirm, Qt.MouseButton.LeftButton)
    evening.settle()
    (proxy,) = evening.world.services.records.list("proxy")
    assert proxy.fields.revoked_at == "2027-03-19T18:05:00+01:00"
    assert evening.standing("Quincey") == "À pointer"


def test_a_proxy_noted_or_revoked_late_is_given_its_hour(
    evening: Evening, clock: FakeClock
) -> None:
    evening.call("roy")
    clock.forward(minutes=40)
    proxies = evening.world.services.records
    evening.press("Quincey", Qt.Key.Key_R)
    asked = evening.dialog(FormDialog)
    assert "Vide : maintenant." in shown(asked)
    type_text(asked.form.field("holder"), "roy")
    type_text(asked.form.field("at"), "18h20")
    evening.qtbot.keyClick(asked, Qt.Key.Key_Return, CTRL)
    evening.qtbot.waitUntil(lambda: evening.standing("Quincey") == "Représenté")
    (proxy,) = proxies.list("proxy")
    assert proxy.fields.received_at == "2027-03-19T18:20:00+01:00"
    evening.world.services.meetings.close(evening.meeting.id)
    clock.forward(minutes=40)
    evening.refresh()
    evening.press("Quincey", Qt.Key.Key_R)
    asked = evening.dialog(FormDialog)
    type_text(asked.form.field("at"), "18h30")
    evening.qtbot.keyClick(asked, Qt.Key.Key_Return, CTRL)
    evening.qtbot.waitUntil(lambda: evening.tab.findChild(FormDialog) is None)
    assert proxies.get(proxy.id).fields.revoked_at == "2027-03-19T18:30:00+01:00"
    evening.settle()
    evening.press("Quincey", Qt.Key.Key_R)
    asked = evening.dialog(FormDialog)
    assert "Vide : dès l'ouverture." in shown(asked)
    type_text(asked.form.field("holder"), "roy")
    evening.qtbot.keyClick(asked, Qt.Key.Key_Return, CTRL)
    evening.qtbot.waitUntil(lambda: len(proxies.list("proxy")) == 2)
    received = {one.fields.received_at for one in proxies.list("proxy")}
    assert received == {"2027-03-19T18:00:00+01:00", "2027-03-19T18:20:00+01:00"}


def test_a_guest_is_noted_without_a_seat_and_taken_off_again(evening: Evening) -> None:
    person = evening.world.make("person", first_name="Inès", last_name="Faure", role="GIP")
    evening.qtbot.mouseClick(evening.tab.room.guest, Qt.MouseButton.LeftButton)
    dialog = evening.dialog(ChooseDialog)
    type_text(dialog.form.field("chosen"), "faure")
    evening.qtbot.keyClick(dialog, Qt.Key.Key_Return, CTRL)
    evening.qtbot.waitUntil(lambda: bool(evening.world.services.records.list("attendance")))
    evening.settle()
    guest = evening.tab.room.list.room.rows[-1]
    assert (guest.name, guest.standing) == ("Inès Faure", "Invité")
    assert guest.person_id == person.id
    twice = {"meeting_id": evening.meeting.id, "person_id": person.id}  # as two laptops note it
    evening.world.services.records.create("attendance", twice)
    evening.refresh()
    evening.tab.room.list.select(guest.id)
    evening.qtbot.keyClick(evening.tab.room.list, Qt.Key.Key_A)
    evening.settle()
    assert evening.world.services.records.list("attendance") == []


def test_the_hour_at_which_a_guest_leaves_is_noted_and_corrected(
    evening: Evening, clock: FakeClock
) -> None:
    person = evening.world.make("person", first_name="Inès", last_name="Faure", role="GIP")
    evening.world.services.attendance.welcome(evening.meeting.id, person.id)
    evening.refresh()
    room = evening.tab.room
    clock.forward(hours=1)
    room.list.select(room.list.room.rows[-1].id)
    evening.qtbot.keyClick(room.list, Qt.Key.Key_D)
    evening.settle()
    assert plain(room.list.room.rows[-1].standing) == "Parti à 19 h"
    evening.qtbot.keyClick(room.list, Qt.Key.Key_H)
    hours = dialog(FormDialog, evening.tab, evening.qtbot)
    field(hours.form, "left0").clear()
    type_text(field(hours.form, "left0"), "18 h 40")
    evening.qtbot.mouseClick(hours.confirm, Qt.MouseButton.LeftButton)
    evening.settle()
    (sheet,) = evening.world.services.records.list("attendance")
    assert sheet.fields.intervals[0].left == "2027-03-19T18:40:00+01:00"
    evening.qtbot.keyClick(room.list, Qt.Key.Key_A)
    evening.settle()
    assert evening.world.services.records.list("attendance") == []
    assert "Inès Faure n'est plus sur la feuille" in evening.window.banner.text()


def test_a_presence_noted_once_the_meeting_is_closed_is_from_its_opening_and_hours_are_asked(
    evening: Evening, clock: FakeClock
) -> None:
    evening.call("roy", "martin", "besson")
    clock.forward(hours=2)
    evening.world.services.meetings.close(evening.meeting.id)
    evening.refresh()
    clock.forward(hours=12)
    evening.press("Arcenant", Qt.Key.Key_P)
    evening.press("Vougeot", Qt.Key.Key_D)
    left = dialog(FormDialog, evening.tab, evening.qtbot)
    type_text(field(left.form, "left0"), "19 h")
    evening.qtbot.mouseClick(left.confirm, Qt.MouseButton.LeftButton)
    evening.settle()
    stays = stays_by_town(evening)
    assert stays["Arcenant"] == [(None, None)]
    assert stays["Vougeot"] == [(None, "2027-03-19T19:00:00+01:00")]


def test_a_return_is_noted_once_the_meeting_is_closed_even_on_an_item_begun_before_it(
    evening: Evening, clock: FakeClock
) -> None:
    evening.call("roy", "martin", "besson")
    clock.forward(hours=2)
    evening.world.services.meetings.close(evening.meeting.id)
    evening.refresh()
    for key, typed, first in (
        (Qt.Key.Key_D, {"left0": "18h30"}, "left0"),
        (Qt.Key.Key_H, {"arrived1": ""}, "left0"),
        (Qt.Key.Key_H, {"arrived1": "18h45"}, "left0"),
    ):
        evening.press("Vougeot", key)
        hours = dialog(FormDialog, evening.tab, evening.qtbot)
        assert hours.focusWidget() is hours.form.field(first)
        for name, words in typed.items():
            type_text(field(hours.form, name), words)
        evening.qtbot.mouseClick(hours.confirm, Qt.MouseButton.LeftButton)
        evening.settle()
    assert stays_by_town(evening)["Vougeot"] == [
        (None, "2027-03-19T18:30:00+01:00"), ("2027-03-19T18:45:00+01:00", None),
    ]  # fmt: skip


def test_before_the_opening_who_goes_is_absent_and_who_comes_is_there_from_it(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting(days=0)
    world.item(meeting, "Ouverture", "opening")
    for town in world.seats:
        world.services.attendance.mark(meeting.id, world.seats[town], "present")
    page = visit(opened, "meeting", MeetingPage, qtbot, meeting.id)
    tab = page.hold
    page.tabs.setCurrentWidget(tab)
    statuses = []
    for key in (Qt.Key.Key_D, Qt.Key.Key_P):
        tab.room.list.select(world.seats["Quincey"])
        qtbot.keyClick(tab.room.list, key)
        settle(opened, qtbot)
        sheets = world.services.records.list("attendance", roster_entry_id=world.seats["Quincey"])
        statuses.append([(one.fields.status, one.fields.intervals) for one in sheets])
    assert statuses == [[("absent", ())], [("present", ())]]


def test_in_a_meeting_left_open_hours_are_asked(evening: Evening, clock: FakeClock) -> None:
    evening.call("roy", "martin", "besson")
    clock.forward(days=1)
    evening.refresh()
    evening.qtbot.keyClick(evening.tab, Qt.Key.Key_Down, CTRL)
    begins = dialog(FormDialog, evening.tab, evening.qtbot)
    type_text(field(begins.form, "at"), "18 h 05")
    evening.qtbot.mouseClick(begins.confirm, Qt.MouseButton.LeftButton)
    evening.settle()
    assert evening.world.get(evening.items[0]).started_at == "2027-03-19T18:05:00+01:00"
    evening.tab.item.ballot.trigger()
    vote = dialog(BallotDialog, evening.tab, evening.qtbot)
    assert plain(field(vote.form, "held_at").text()) == "18 h 05"
    vote.reject()
    evening.settle()
    evening.press("Vougeot", Qt.Key.Key_D)
    left = dialog(FormDialog, evening.tab, evening.qtbot)
    assert field(left.form, "left0").isVisible()
    left.reject()


def stays_by_town(evening: Evening) -> dict[str, list[tuple[str | None, str | None]]]:
    """The stays noted for each commune, as (arrived, left)."""
    noted = {
        one.fields.roster_entry_id: [(stay.arrived, stay.left) for stay in one.fields.intervals]
        for one in evening.world.services.records.list("attendance")
    }
    seats = evening.world.seats
    return {town: noted[seat] or [(None, None)] for town, seat in seats.items() if seat in noted}


def test_a_guest_whom_no_list_knows_is_added_on_the_spot(evening: Evening) -> None:
    evening.qtbot.mouseClick(evening.tab.room.guest, Qt.MouseButton.LeftButton)
    guests = evening.dialog(GuestDialog)
    type_text(guests.form.field("chosen"), "Karim Benali")
    press(guests, "Nouvelle personne…", evening.qtbot)
    asked = dialog(PersonDialog, guests, evening.qtbot)
    names = [asked.form.field(name).text() for name in ("first_name", "last_name")]
    assert names == ["Karim", "Benali"]
    with evening.qtbot.waitSignal(guests.person_added):
        evening.qtbot.mouseClick(asked.confirm, Qt.MouseButton.LeftButton)
    activate(guests)
    assert guests.focusWidget() is guests.form.field("chosen")
    evening.qtbot.keyClick(guests.focusWidget(), Qt.Key.Key_Return)
    evening.qtbot.waitUntil(lambda: bool(evening.world.services.records.list("attendance")))
    evening.settle()
    guest = evening.tab.room.list.room.rows[-1]
    assert (guest.name, guest.standing) == ("Karim Benali", "Invité")


def test_every_key_of_the_roll_call_is_told_under_it(evening: Evening) -> None:
    told = evening.tab.room.keys.text()
    keys = [chr(key) for _, key in (*DEEDS.values(), OTHERS)]
    assert [key for key in keys if f" {key}\u00a0" not in told] == []


def test_the_menu_of_a_seat_offers_only_what_changes_it(evening: Evening) -> None:
    room = evening.tab.room.list
    evening.call("roy")
    for town, barred in (
        ("Vougeot", ["Présent, ou arrivée", "Suppléant présent"]),
        ("Quincey", ["Suppléant présent", "Départ", "Déport sur ce point"]),
    ):
        room.select(evening.world.seats[town])
        room.open_menu(room.visualRect(room.currentIndex()).center())
        (menu,) = room.findChildren(QMenu)
        deeds = [one for one in menu.actions() if "\t" in one.text() and not one.isEnabled()]
        assert [one.text().split("\t")[0] for one in deeds] == barred
        menu.close()
        menu.setParent(None)
        activate(evening.window)


def test_what_was_news_in_the_room_is_gone_once_the_meeting_is_closed(
    evening: Evening, clock: FakeClock
) -> None:
    evening.call("roy", "martin", "besson")
    clock.forward(minutes=10)
    evening.press("Messanges", Qt.Key.Key_D)
    assert evening.tab.item.news.isVisible()
    evening.world.services.meetings.close(evening.meeting.id)
    evening.refresh()
    assert not evening.tab.item.news.isVisible()


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["present", "alternate", "leave", "excused", "absent"]),
            st.integers(0, 2),
            st.booleans(),
        ),
        max_size=8,
    )
)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_shown_ahead_of_the_store_is_what_the_store_then_holds(
    services: Services, world: World, clock: FakeClock, deeds: list[tuple[str, int, bool]]
) -> None:
    meeting = world.meeting(days=0)
    item = world.item(meeting, "Ouverture", "opening")
    world.item(meeting, "Divers")
    alternate = world.make("person", first_name="Zoé", last_name="Perrin").id
    for seat_id in world.seats.values():
        services.records.update(seat_id, {"alternate_person_id": alternate})
    services.meetings.open(meeting.id)
    told = {"meeting_id": meeting.id, "roster_entry_id": world.seats["Vougeot"]}
    for minute in ("09", "05"):  # by two laptops, one before the titular had a name
        stays = [{"arrived": f"2027-03-19T18:{minute}:00+01:00", "left": None}]
        services.records.create("attendance", told | {"intervals": stays})
        told["person_id"] = world.persons["Vougeot"]
    for deed, place, later in deeds:
        clock.forward(minutes=1)
        if later:
            services.agenda.start(services.meetings.file(meeting.id).items[1].id)
        state, at = services.meetings.state(meeting.id), clock().isoformat()
        seat = seat_rows(state, at)[place]
        doing = Deeds(services, state, item.id)
        work = doing.work(seat, deed)
        if work is None:
            continue
        ahead = foreseen(state, seat, deed, at, None if doing.from_opening(seat) else at)
        work()
        assert ahead is not None
        assert seat_rows(ahead, at) == seat_rows(services.meetings.state(meeting.id), at)


def test_a_presence_is_shown_before_the_store_has_it(evening: Evening) -> None:
    evening.tab.room.list.select(evening.world.seats["Vougeot"])
    evening.qtbot.keyClick(evening.tab.room.list, Qt.Key.Key_P)
    assert evening.standing("Vougeot") == "Présent"
    assert evening.window.tasks.busy


def test_an_exclusion_bears_on_the_item_in_hand_alone(evening: Evening) -> None:
    evening.call("roy", "martin", "besson")
    evening.go(1)
    evening.press("Vougeot", Qt.Key.Key_X)
    assert evening.standing("Vougeot") == "Déport"
    assert evening.tab.room.quorum.words.text().startswith("Quorum non atteint")
    evening.go(2)
    assert evening.standing("Vougeot") == "Présent"


def test_an_exclusion_asked_before_the_store_has_the_presence_is_noted(evening: Evening) -> None:
    evening.tab.room.list.select(evening.world.seats["Vougeot"])
    evening.qtbot.keyClick(evening.tab.room.list, Qt.Key.Key_P)
    evening.press("Vougeot", Qt.Key.Key_X)
    assert evening.standing("Vougeot") == "Déport"
    assert not evening.window.banner.isVisible()


def test_the_room_is_a_sound_model(evening: Evening) -> None:
    model = RoomModel()
    fatal = QAbstractItemModelTester.FailureReportingMode.Fatal
    tester = QAbstractItemModelTester(model, fatal)
    rows = list(evening.tab.room.list.room.rows)
    model.set_rows(rows)
    model.filter_by("roy")
    model.set_rows([])
    assert tester.model() is model


# The agenda


def test_ctrl_down_goes_to_the_next_item_and_times_both(evening: Evening, clock: FakeClock) -> None:
    evening.qtbot.keyClick(evening.tab, Qt.Key.Key_Down, CTRL)
    evening.settle()
    clock.forward(minutes=10)
    evening.qtbot.keyClick(evening.tab, Qt.Key.Key_Down, CTRL)
    evening.settle()
    first, second = (evening.world.get(item) for item in evening.items[:2])
    assert (first.started_at, first.ended_at) == (
        "2027-03-19T18:00:00+01:00",
        "2027-03-19T18:10:00+01:00",
    )
    assert second.started_at == "2027-03-19T18:10:00+01:00"
    assert [row.progress for row in evening.tab.conductor.list.agenda.rows] == [
        "done", "current", "",
    ]  # fmt: skip
    assert evening.tab.item.title.text() == "2. Tour de table"
    assert evening.tab.item.notes.hasFocus()


def test_the_menu_of_an_item_begins_ends_and_changes_it(evening: Evening) -> None:
    agenda = evening.tab.conductor.list

    def choose(words: str) -> None:
        place = agenda.visualRect(agenda.currentIndex()).center()
        agenda.customContextMenuRequested.emit(place)
        menu = evening.dialog(QMenu)
        action = next(one for one in menu.actions() if one.text() == words)
        evening.qtbot.keyClick(menu, Qt.Key.Key_Escape)
        assert action.isEnabled()
        action.trigger()
        evening.qtbot.waitUntil(lambda: evening.tab.findChild(QMenu) is None)
        evening.settle()

    item = evening.go(1)
    choose("Commencer\tEntrée")
    assert evening.world.get(item).started_at == "2027-03-19T18:00:00+01:00"
    choose("Terminer")
    assert evening.world.get(item).ended_at == "2027-03-19T18:00:00+01:00"
    choose("Reprendre\tEntrée")
    assert evening.world.get(item).ended_at is None
    choose("Modifier")
    form = evening.dialog(AgendaItemDialog)
    type_text(form.form.field("presenter"), "Mme Martin")
    evening.qtbot.keyClick(form, Qt.Key.Key_Return, CTRL)
    evening.qtbot.waitUntil(lambda: evening.world.get(item).presenter == "Mme Martin")


def test_what_an_item_is_about_is_named_and_its_menu_opens_it(evening: Evening) -> None:
    note = evening.world.make("watch_note", title="La fin de la 2G")
    item = evening.go(1)
    evening.world.services.records.update(item.id, {"linked_id": note.id})
    evening.world.services.agenda.start(item.id)
    evening.refresh()
    detail = plain(evening.tab.item.detail.text())  # the times stay in sight, if not the title
    assert detail.endswith("30 min prévues · depuis 18 h, 0 min · La fin de la 2G")
    agenda = evening.tab.conductor.list
    agenda.customContextMenuRequested.emit(agenda.visualRect(agenda.currentIndex()).center())
    menu = evening.dialog(QMenu)
    action = next(one for one in menu.actions() if one.text() == "Ouvrir la note de veille")
    evening.qtbot.keyClick(menu, Qt.Key.Key_Escape)
    action.trigger()
    evening.settle()
    assert evening.window.place == "watch_note"


def test_closing_the_meeting_asks_first_and_ends_the_item_under_way(
    evening: Evening, clock: FakeClock
) -> None:
    evening.world.services.agenda.start(evening.items[0].id)
    evening.refresh()
    clock.forward(hours=2)
    evening.tab.conductor.close_meeting.trigger()
    question = evening.dialog(ConfirmDialog)
    evening.qtbot.mouseClick(question.confirm, Qt.MouseButton.LeftButton)
    evening.qtbot.waitUntil(lambda: evening.world.get(evening.meeting).status == "closed")
    evening.settle()
    assert evening.world.get(evening.items[0]).ended_at == "2027-03-19T20:00:00+01:00"
    assert evening.tab.conductor.standing.text() == "Séance close à 20\u00a0h"


def test_closing_says_that_those_in_are_told_of_the_watch_note_presented(
    evening: Evening,
) -> None:
    world = evening.world
    for linked, said in ((None, False), (world.make("watch_note", title="IA").id, True)):
        world.services.records.update(evening.items[0].id, {"linked_id": linked})
        if linked:
            evening.call("roy")
            world.services.agenda.start(evening.items[0].id)
        evening.refresh()
        evening.tab.conductor.close_meeting.trigger()
        question = evening.dialog(ConfirmDialog)
        assert ("notées informées" in shown(question)) is said
        if said:
            question.accept()
        else:
            question.reject()
            evening.qtbot.waitUntil(lambda: evening.tab.findChild(ConfirmDialog) is None)
    evening.qtbot.waitUntil(lambda: len(world.services.records.list("briefing")) == 1)
    (told,) = world.services.records.list("briefing")
    assert told.fields.organisation_ids == (reference_id("organisation", "21716"),)


def test_a_meeting_is_opened_from_its_room(opened: MainWindow, world: World, qtbot: QtBot) -> None:
    meeting = world.meeting(days=0)
    world.item(meeting, "Ouverture", "opening")
    opened.go("meeting", meeting.id)
    settle(opened, qtbot)
    page = opened.pages["meeting"]
    assert isinstance(page, MeetingPage)
    page.tabs.setCurrentWidget(page.hold)
    settle(opened, qtbot)
    page.hold.conductor.open.trigger()
    qtbot.waitUntil(lambda: world.get(meeting).status == "open")
    settle(opened, qtbot)
    assert world.get(meeting).opened_at == "2027-03-19T18:00:00+01:00"
    assert page.chip.text() == "En cours"


# The notes


def test_notes_are_saved_as_they_are_typed_and_said_to_be(evening: Evening) -> None:
    item = evening.go(1)
    type_text(evening.tab.item.notes, "Mme Martin n'a plus de sauvegarde.")
    assert evening.window.navigation.saved.text() == "Enregistrement…"
    evening.qtbot.waitUntil(
        lambda: evening.world.get(item).notes == "Mme Martin n'a plus de sauvegarde."
    )
    evening.qtbot.waitUntil(lambda: evening.window.navigation.saved.text() == "Tout est enregistré")


def test_going_to_another_item_saves_the_notes_and_keeps_each_items_own(
    evening: Evening,
) -> None:
    one = evening.go(0)
    type_text(evening.tab.item.notes, "Appel fait")
    two = evening.go(1)
    type_text(evening.tab.item.notes, "Besoins dits")
    evening.go(0)
    assert evening.tab.item.notes.toPlainText() == "Appel fait"
    evening.settle()
    assert evening.world.get(one).notes == "Appel fait"
    assert evening.world.get(two).notes == "Besoins dits"


def test_a_meeting_without_an_agenda_shows_nothing_of_the_one_seen_before(
    evening: Evening,
) -> None:
    item = evening.go(1)
    type_text(evening.tab.item.notes, "Besoins dits")
    evening.world.services.proceedings.decide(item.id, "Un devis sera demandé.")
    evening.refresh()
    assert evening.tab.item.findChildren(Line)
    other = evening.world.meeting("Réunion sans ordre du jour")
    evening.window.go("meeting", other.id)
    evening.settle()
    evening.page.tabs.setCurrentWidget(evening.tab)
    evening.settle()
    panel = evening.tab.item
    assert panel.title.text() == "Aucun point à l'ordre du jour"
    assert panel.notes.toPlainText() == ""
    assert not [line for line in panel.findChildren(Line) if line.isVisible()]
    assert not panel.begin.isVisible() and not panel.end.isVisible()
    assert evening.world.get(item).notes == "Besoins dits"


def test_an_item_never_ended_ended_with_the_meeting(evening: Evening, clock: FakeClock) -> None:
    item = evening.go(1)
    clock.forward(minutes=20)
    services = evening.world.services
    meeting = services.meetings.close(evening.meeting.id)
    services.records.update(item.id, {"started_at": meeting.fields.opened_at})
    clock.forward(days=3)
    evening.refresh()
    row = evening.tab.conductor.list.agenda.rows[1]
    assert (row.progress, row.lasts) == ("done", "20 / 30 min")
    assert evening.tab.item.detail.text().endswith("à 18\u00a0h\u00a020, 20\u00a0min")
    assert not evening.tab.item.end.isVisible()


def test_the_keyboard_comes_back_in_sight_to_a_tab_whose_line_the_freeze_took_away(
    evening: Evening,
) -> None:
    evening.go(1)
    page, services = evening.page, evening.world.services
    page.tabs.setCurrentWidget(page.prepare)
    page.prepare.agenda.line.setFocus()
    page.tabs.setCurrentWidget(evening.tab)
    evening.tab.item.decision.trigger()
    page.tabs.setCurrentWidget(page.conclude)
    evening.settle()
    services.meetings.close(evening.meeting.id)
    services.minutes.freeze(evening.meeting.id)
    evening.refresh()
    for tab, line in (
        (evening.tab, evening.tab.item.quick.line),
        (page.prepare, page.prepare.agenda.line),
    ):
        page.tabs.setCurrentWidget(tab)
        evening.settle()
        here = QApplication.focusWidget()
        assert here is not None and here.isVisible() and tab.isAncestorOf(here)
        type_text(here, "Un mot de trop")
        assert line.text() == ""


def test_frozen_minutes_take_no_word_more_and_leave_nothing_unsaved(evening: Evening) -> None:
    item = evening.go(1)
    type_text(evening.tab.item.notes, "Besoins dits")
    evening.page.flush()
    evening.settle()
    services = evening.world.services
    services.meetings.close(evening.meeting.id)
    panel = evening.tab.item
    panel.action.trigger()
    assert panel.quick.isVisible()
    services.minutes.freeze(evening.meeting.id)
    evening.refresh()
    assert not panel.quick.isVisible()
    type_text(panel.notes, "Un mot de trop")
    evening.qtbot.keyClick(panel.notes, Qt.Key.Key_G, CTRL)
    evening.settle()
    assert panel.notes.toPlainText() == evening.world.get(item).notes == "Besoins dits"
    assert evening.window.navigation.saved.text() == "Tout est enregistré"
    assert not any(one.isEnabled() for one in (panel.need, panel.ballot, panel.decision))
    assert evening.tab.conductor.standing.text().endswith("procès-verbal gelé")
    room = evening.tab.room
    assert not any(one.isVisible() for one in (room.call, room.guest, room.keys))
    panel.notes.setFocus()
    evening.qtbot.keyClick(evening.window, Qt.Key.Key_F4)
    assert room.list.hasFocus()
    room.list.select(evening.world.seats["Vougeot"])
    room.list.open_menu(room.list.visualRect(room.list.currentIndex()).center())
    assert room.list.findChildren(QMenu) == []
    line = room.list.visualRect(room.list.currentIndex())
    chip = chip_area(line, room.list.currentIndex().data(LINE)).center()
    for place in (line.center(), chip):
        evening.qtbot.mouseMove(room.list.viewport(), place)
    assert room.list.viewport().cursor().shape() == Qt.CursorShape.ArrowCursor
    evening.qtbot.keyClick(room.list, Qt.Key.Key_A)
    evening.go(0)
    assert panel.notes.placeholderText() == "Rien n'a été noté sur ce point."
    assert not any(one.isVisible() for one, _ in panel._buttons)
    evening.tab.edit_item(item.id)
    sealed = evening.dialog(AgendaItemDialog)
    assert sealed.banner.text().endswith("un additif, à l'onglet Conclure.")
    assert sealed.windowTitle() == "Point de l'ordre du jour"
    assert "Modifier" not in shown(sealed)
    assert not sealed.confirm.isEnabled()
    sealed.reject()
    evening.page.edit.trigger()
    particulars = dialog(MeetingDialog, evening.page, evening.qtbot)
    assert "Nouvelle personne" not in shown(particulars)
    particulars.reject()
    evening.page.tabs.setCurrentWidget(evening.page.prepare)
    agenda = evening.page.prepare.agenda
    assert not agenda.line.isVisible() and agenda.templates.isVisible()
    agenda.list.select(item.id)
    agenda.list.menu_requested.emit(agenda.list.current(), agenda.list.mapToGlobal(QPoint()))
    (menu,) = evening.page.prepare.findChildren(QMenu)
    assert [plain(one.text()) for one in menu.actions()] == ["Lire\tEntrée"]
    menu.close()
    for key, held in ((Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier), (Qt.Key.Key_Up, ALT)):
        evening.qtbot.keyClick(agenda.list, key, held)
    evening.settle()
    assert not evening.window.banner.isVisible()


def test_a_meeting_opens_on_another_day_only_once_that_is_confirmed(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting(days=1)
    page = visit(opened, "meeting", MeetingPage, qtbot, meeting.id)
    page.tabs.setCurrentWidget(page.hold)
    page.hold.conductor.open.trigger()
    asked = dialog(ConfirmDialog, page, qtbot)
    assert (
        "Elle est prévue le samedi 20 mars 2027 à 18 h 30, et l'horloge de cet ordinateur dit le"
        " vendredi 19 mars 2027 à 18 h : c'est cette heure qui sera notée."
    ) in shown(asked)
    asked.reject()
    settle(opened, qtbot)
    assert world.get(meeting).status == "planned"
    page.hold.conductor.open.trigger()
    dialog(ConfirmDialog, page, qtbot).confirm.click()
    qtbot.waitUntil(lambda: world.get(meeting).status == "open")


def test_what_was_told_is_left_behind_as_the_meeting_goes_on(evening: Evening) -> None:
    for go_on in (
        lambda: evening.page.tabs.setCurrentWidget(evening.page.prepare),
        lambda: evening.page.tabs.setCurrentWidget(evening.page.hold),
        evening.tab.conductor.next.trigger,
    ):
        evening.tab.tell("La séance est convoquée.")
        evening.settle()
        assert evening.window.banner.isVisible()
        evening.tab.item.news.say("Quorum atteint.")
        go_on()
        assert not evening.window.banner.isVisible()
    assert not evening.tab.item.news.isVisible()


def test_on_the_last_item_closing_is_the_step_that_comes_next(evening: Evening) -> None:
    conductor = evening.tab.conductor
    kinds = []
    while conductor.next.isEnabled():
        kinds.append(conductor._close.property("kind"))
        conductor.next.trigger()
        evening.settle()
    assert set(kinds) == {"plain"}
    assert conductor._close.property("kind") == "primary"


def test_a_click_on_the_standing_of_a_seat_gives_what_the_keys_give(evening: Evening) -> None:
    room, seat = evening.tab.room.list, evening.world.seats["Vougeot"]
    room.select(seat)
    line = room.visualRect(room.currentIndex())
    chip = chip_area(line, room.currentIndex().data(LINE)).center()
    evening.qtbot.mouseMove(room.viewport(), line.center())
    assert room.viewport().cursor().shape() == Qt.CursorShape.ArrowCursor
    evening.qtbot.mouseClick(room.viewport(), Qt.MouseButton.LeftButton, pos=line.center())
    assert room.findChildren(QMenu) == []
    evening.qtbot.mouseMove(room.viewport(), chip)
    assert room.viewport().cursor().shape() == Qt.CursorShape.PointingHandCursor
    evening.qtbot.mouseClick(room.viewport(), Qt.MouseButton.LeftButton, pos=chip)
    (menu,) = room.findChildren(QMenu)
    next(one for one in menu.actions() if one.text().startswith("Excusé")).trigger()
    menu.close()
    evening.settle()
    (noted,) = evening.world.services.records.list("attendance")
    assert (noted.fields.roster_entry_id, noted.fields.status) == (seat, "excused")


@pytest.mark.parametrize("by", ["key", "menu"])
def test_one_gesture_ends_the_roll_call_and_ctrl_z_takes_it_back(evening: Evening, by: str) -> None:
    seats, room = evening.world.seats, evening.tab.room.list
    evening.call("roy", "martin")
    giver = {"giver_entry_id": seats["Quincey"], "holder_entry_id": seats["Vougeot"]}
    evening.world.make(
        "proxy", meeting_id=evening.meeting.id, received_at="2027-03-18T18:00:00+01:00", **giver
    )
    evening.refresh()
    type_text(evening.tab.room.call, "roy")  # the seats out of sight are called too
    if by == "key":
        evening.qtbot.keyClick(room, Qt.Key.Key_T)
    else:
        room.open_menu(room.visualRect(room.currentIndex()).center())
        (menu,) = room.findChildren(QMenu)
        assert menu.actions()[-1].text() == "Marquer absents les autres (2)\tT"
        menu.actions()[-1].trigger()
        menu.close()
        activate(evening.window)
    evening.tab.room.call.clear()
    evening.qtbot.waitUntil(lambda: evening.standing("Arcenant") == "Absent")
    evening.settle()
    assert plain(evening.window.banner.text()) == ("2 sièges notés absents ; Ctrl+Z annule.")
    standings = [evening.standing(town) for town in seats]
    assert standings == ["Présent", "Présent", "Absent", "Représenté", "Absent"]
    evening.qtbot.keyClick(room, Qt.Key.Key_T)  # nobody is left
    evening.qtbot.keyClick(evening.window, Qt.Key.Key_Z, CTRL)
    evening.qtbot.waitUntil(lambda: evening.standing("Arcenant") == "À pointer")
    assert evening.standing("Messanges") == "À pointer"
    assert evening.standing("Vougeot") == "Présent"


def test_a_room_without_a_seat_says_where_seats_are_given(evening: Evening) -> None:
    assert not evening.tab.room.empty.isVisible()
    for seat in evening.world.seats.values():
        evening.world.services.records.delete(seat, cascade=True)
    evening.refresh()
    assert evening.tab.room.empty.isVisible()


def test_a_reading_anew_while_one_types_takes_no_word_away(evening: Evening) -> None:
    evening.go(1)
    type_text(evening.tab.item.notes, "Un mot ")
    evening.window.spread(frozenset())
    type_text(evening.tab.item.notes, "puis un autre")
    evening.settle()
    evening.window.spread(frozenset())
    evening.settle()
    assert evening.tab.item.notes.toPlainText() == "Un mot puis un autre"


def test_another_meeting_is_shown_at_the_item_that_it_is_at(evening: Evening) -> None:
    world, window = evening.world, evening.window
    evening.go(2)
    other = world.meeting(days=0)
    items = [world.item(other, title, "decision") for title in ("Un", "Deux", "Trois")]
    world.services.meetings.open(other.id)
    world.services.agenda.start(items[1].id)
    window.go("meeting", other.id)
    evening.settle()
    assert evening.tab.item_id == items[1].id


def test_the_item_that_the_meeting_is_at_stays_in_sight_as_its_list_gets_lower(
    evening: Evening,
) -> None:
    world, window, agenda = evening.world, evening.window, evening.tab.conductor.list
    many = world.meeting(days=0)
    items = [world.item(many, f"Point {number}", "decision") for number in range(1, 21)]
    world.services.meetings.open(many.id)
    world.services.agenda.start(items[11].id)
    window.resize(1366, 760)
    window.go("meeting", many.id)
    evening.settle()

    def is_in_sight() -> bool:
        return agenda.viewport().rect().contains(agenda.visualRect(agenda.currentIndex()))

    agenda.scrollTo(agenda.currentIndex(), agenda.ScrollHint.PositionAtBottom)
    window.resize(1366, 660)
    evening.settle()
    assert evening.tab.item_id == items[11].id and is_in_sight()
    agenda.scrollToTop()  # what comes before is being read
    window.resize(1366, 600)
    evening.settle()
    assert not is_in_sight()


def test_notes_saved_stay_on_screen_as_time_passes_and_from_item_to_item(
    evening: Evening,
) -> None:
    one, tab = evening.go(0), evening.tab
    type_text(tab.item.notes, "La fibre est attendue.")
    tab.flush()
    evening.settle()
    assert tab.state is not None
    tab.show_state(tab.state)  # as its clock does
    assert tab.item.notes.toPlainText() == "La fibre est attendue."
    evening.go(1)
    evening.go(0)
    type_text(tab.item.notes, "Ce soir : ")
    tab.flush()
    evening.settle()
    assert evening.world.get(one).notes == tab.item.notes.toPlainText()
    evening.world.services.records.update(one.id, {"notes": ""})
    evening.refresh()
    assert tab.item.notes.toPlainText() == ""


def test_the_roll_called_between_two_sentences_leaves_the_notes_and_their_cursor_as_they_are(
    evening: Evening,
) -> None:
    item, notes = evening.go(0), evening.tab.item.notes
    for words, town in (("Un. ", "Vougeot"), ("Deux. ", "Quincey"), ("Trois.", "Agencourt")):
        evening.qtbot.keyClicks(notes, words)
        evening.tab.flush()
        evening.settle()
        evening.press(town, Qt.Key.Key_P)
        assert notes.document().isUndoAvailable()
    assert evening.world.get(item).notes == notes.toPlainText() == "Un. Deux. Trois."


def test_notes_changed_elsewhere_are_shown_when_nothing_is_being_typed(evening: Evening) -> None:
    item = evening.go(1)
    evening.world.services.records.update(item.id, {"notes": "Venu du central"})
    evening.refresh()
    assert evening.tab.item.notes.toPlainText() == "Venu du central"


def test_notes_written_elsewhere_stay_as_one_types_on(evening: Evening) -> None:
    item, notes = evening.go(1), evening.tab.item.notes
    type_text(notes, "Un devis.")
    evening.tab.flush()
    evening.settle()
    type_text(notes, "\nUne visite.")
    evening.world.services.records.update(item.id, {"notes": "Le central.\nUn devis."})
    type_text(notes, "\nUne date")
    evening.tab.flush()
    evening.settle()
    evening.refresh()
    whole = "Le central.\nUn devis.\nUne visite.\nUne date"
    assert evening.world.get(item).notes == notes.toPlainText() == whole


def test_notes_written_elsewhere_are_read_once_what_is_being_typed_is_saved(
    evening: Evening,
) -> None:
    item, notes = evening.go(1), evening.tab.item.notes
    type_text(notes, "Un devis.")
    evening.tab.flush()
    evening.settle()
    evening.world.services.records.update(item.id, {"notes": "Le central.\nUn devis."})
    type_text(notes, "\nUne date")
    evening.refresh()
    evening.tab.flush()
    whole = "Le central.\nUn devis.\nUne date"
    evening.qtbot.waitUntil(lambda: notes.toPlainText() == whole)
    assert evening.world.get(item).notes == whole


def test_notes_written_elsewhere_at_the_end_too_stay_and_leave_the_cursor_in_its_place(
    evening: Evening,
) -> None:
    item, notes = evening.go(1), evening.tab.item.notes
    type_text(notes, "Un devis 😀.\nUne date")
    evening.tab.flush()
    evening.settle()
    stored = "Le central.\nUn devis 😀.\nUne date\nUne visite."
    evening.world.services.records.update(item.id, {"notes": stored})
    type_text(notes, " à dire")
    for words in (", et", " un lieu"):
        evening.tab.flush()
        evening.settle()
        evening.refresh()
        evening.qtbot.keyClicks(notes, words)
    evening.tab.flush()
    evening.settle()
    whole = "Le central.\nUn devis 😀.\nUne date à dire, et un lieu\nUne visite."
    assert evening.world.get(item).notes == notes.toPlainText() == whole


def test_one_burst_of_typing_is_one_entry_of_the_history(evening: Evening) -> None:
    item = evening.go(1)
    for part in ("Le maire ", "demande ", "un devis"):
        type_text(evening.tab.item.notes, part)
        evening.tab.flush()
        evening.settle()
    entries = evening.world.services.records.history(item.id)
    typed = [entry.changes["notes"] for entry in entries if "notes" in entry.changes]
    assert typed[0][1] == "Le maire demande un devis"
    assert len(typed) == 1


def test_closing_the_window_loses_no_word(evening: Evening) -> None:
    item = evening.go(1)
    type_text(evening.tab.item.notes, "Les derniers mots")
    evening.window.close()
    assert evening.world.get(item).notes == "Les derniers mots"


# What comes of an item


def test_ctrl_b_notes_a_need_in_the_speakers_words_with_their_commune(evening: Evening) -> None:
    item = evening.go(1)
    evening.qtbot.keyClick(evening.tab.item.notes, Qt.Key.Key_B, CTRL)
    dialog = evening.dialog(NeedCaptureDialog)
    assert dialog.form.field("words").hasFocus()
    type_text(dialog.form.field("words"), "Si le serveur brûle, on a tout perdu.")
    type_text(dialog.form.field("speaker_person_id"), "martin")
    evening.qtbot.keyClick(dialog, Qt.Key.Key_Return, CTRL)
    evening.qtbot.waitUntil(lambda: bool(evening.world.services.records.list("need")))
    evening.settle()
    (need,) = evening.world.services.records.list("need")
    assert need.fields.words == "Si le serveur brûle, on a tout perdu."
    assert need.fields.title == "Si le serveur brûle, on a tout perdu"
    assert need.fields.agenda_item_id == item.id
    assert need.fields.raised_at_meeting_id == evening.meeting.id
    assert need.fields.speaker_person_id == evening.world.persons["Agencourt"]
    assert len(need.fields.organisation_ids) == 1
    assert evening.lines() == ["Si le serveur brûle, on a tout perdu., Besoin"]


def test_the_commune_of_who_speaks_is_proposed_and_another_one_can_be_chosen(
    evening: Evening,
) -> None:
    evening.go(1)
    evening.tab.item.need.trigger()
    dialog = evening.dialog(NeedCaptureDialog)
    place, speaker = dialog.form.field("organisation_id"), dialog.form.field("speaker_person_id")
    type_text(speaker, "martin")
    assert place.text() == "Agencourt (21)"
    speaker.clear()
    type_text(speaker, "roy")
    assert place.text() == "Vougeot (21)"
    place.clear()
    type_text(place, "quincey")
    type_text(speaker, " ")
    type_text(dialog.form.field("words"), "La fibre manque.")
    evening.qtbot.keyClick(dialog, Qt.Key.Key_Return, CTRL)
    evening.qtbot.waitUntil(lambda: bool(evening.world.services.records.list("need")))
    (need,) = evening.world.services.records.list("need")
    (town,) = need.fields.organisation_ids
    assert evening.world.services.records.get(town).fields.name == "Quincey"


def test_needs_alike_show_while_the_words_are_typed(evening: Evening) -> None:
    evening.world.make("need", title="Sauvegarde du serveur", words="Rien n'est sauvegardé ici.")
    evening.go(1)
    evening.tab.item.need.trigger()
    dialog = evening.dialog(NeedCaptureDialog)
    type_text(dialog.form.field("words"), "Une sauvegarde pour notre serveur")
    evening.qtbot.waitUntil(dialog.alike.isVisible)
    (line,) = dialog.alike.findChildren(Line)
    assert line.accessibleName().startswith("Sauvegarde du serveur")


def test_all_that_came_of_an_item_is_in_sight_where_the_notes_can_spare_the_room(
    evening: Evening,
) -> None:
    evening.window.resize(1366, 768)
    evening.call("roy", "martin", "besson")
    item = evening.go(1)
    for number in range(2):
        told = {"text": f"Suite {number}", "owner": "Anne Martin"}
        evening.world.make("action", agenda_item_id=item.id, **told)
        evening.refresh()
    lines = [one for one in evening.tab.item.findChildren(Line) if one.isVisible()]
    assert len(lines) == 2
    assert all(one.visibleRegion().boundingRect() == one.rect() for one in lines)


@pytest.mark.parametrize("width", [1100, 1366])
def test_the_result_of_a_vote_is_read_whole(evening: Evening, width: int) -> None:
    evening.window.resize(width, 768)
    evening.call("roy", "martin", "besson")
    item = evening.go(2)
    question = "Approuver le calendrier des formations du printemps et de l'été, communes comprises"
    fields = {"question": question, "for_count": 3, "held_at": "2027-03-19T18:00:00+01:00"}
    evening.world.make("ballot", agenda_item_id=item.id, **fields)
    evening.refresh()
    (line,) = (one for one in evening.tab.item.findChildren(Line) if one.isVisible())
    assert line.accessibleName().startswith("Avis favorable à l'unanimité des membres présents ou")
    assert line.height() >= line.heightForWidth(line.width()) > line.minimumSizeHint().height()
    assert line.visibleRegion().boundingRect() == line.rect()


def test_a_vote_whose_voices_are_not_entered_is_not_told_as_lost(evening: Evening) -> None:
    evening.call("roy", "martin", "besson")
    item = evening.go(2)
    at = "2027-03-19T18:00:00+01:00"
    evening.world.make("ballot", agenda_item_id=item.id, question="Le calendrier ?", held_at=at)
    evening.refresh()
    assert evening.lines() == ["Voix non saisies, Le calendrier ?, Vote"]


def test_ctrl_z_takes_back_what_enter_noted_not_the_letters_that_were_typed(
    evening: Evening,
) -> None:
    call, records = evening.tab.room.call, evening.world.services.records
    evening.call("martin")
    assert len(records.list("attendance")) == 1
    evening.qtbot.keyClick(call, Qt.Key.Key_Z, CTRL)
    evening.settle()
    assert (records.list("attendance"), call.text()) == ([], "")
    evening.qtbot.keyClick(call, Qt.Key.Key_Y, CTRL)
    evening.settle()
    assert len(records.list("attendance")) == 1
    line = evening.tab.item.quick.line
    evening.qtbot.keyClick(evening.tab.item.notes, Qt.Key.Key_D, CTRL)
    type_text(line, "Les formations ont lieu en mai.\n")
    evening.settle()
    assert len(records.list("decision")) == 1
    evening.qtbot.keyClick(line, Qt.Key.Key_Z, CTRL)
    evening.settle()
    assert (records.list("decision"), line.text()) == ([], "")


def test_ctrl_z_in_notes_is_theirs_once_words_were_typed_there(evening: Evening) -> None:
    item, notes = evening.go(1), evening.tab.item.notes
    evening.call("martin")
    type_text(notes, "Un devis")
    evening.tab.flush()
    evening.settle()
    for _ in range(3):  # more often than there is anything to take back
        evening.qtbot.keyClick(notes, Qt.Key.Key_Z, CTRL)
    evening.tab.flush()
    evening.settle()
    records = evening.world.services.records
    assert (evening.world.get(item).notes, len(records.list("attendance"))) == ("", 1)


def test_ctrl_z_in_notes_where_nothing_was_typed_takes_back_the_last_deed(
    evening: Evening,
) -> None:
    evening.go(1)
    evening.call("martin")
    evening.tab.item.notes.setFocus()
    evening.qtbot.keyClick(evening.tab.item.notes, Qt.Key.Key_Z, CTRL)
    evening.settle()
    assert evening.world.services.records.list("attendance") == []


def test_a_decision_and_an_action_each_take_one_line(evening: Evening) -> None:
    evening.go(2)
    quick = evening.tab.item.quick
    evening.qtbot.keyClick(evening.tab.item.notes, Qt.Key.Key_D, CTRL)
    type_text(quick.line, "Les formations ont lieu en mai.")
    evening.qtbot.keyClick(quick.line, Qt.Key.Key_Return)
    evening.qtbot.keyClick(evening.tab.item.notes, Qt.Key.Key_T, CTRL)
    type_text(quick.line, "Écrire au préfet, Mme Roy, 15 avril")
    assert plain(quick.echo.text()) == (
        "Écrire au préfet, Mme Roy ; sans responsable ; pour le jeudi 15 avril 2027."
        " Qui s'en charge s'écrit après « ; »."
    )
    quick.line.clear()
    type_text(quick.line, "Envoyer trois devis ; Anne Martin ; dans 15 jours")
    said = "Envoyer trois devis ; Anne Martin ; pour le samedi 3 avril 2027"
    assert plain(quick.echo.text()) == said
    evening.qtbot.keyClick(quick.line, Qt.Key.Key_Return)
    evening.qtbot.waitUntil(lambda: len(evening.lines()) == 2)
    assert evening.lines() == [
        "Les formations ont lieu en mai., Décision",
        "Envoyer trois devis, Anne Martin, pour le 3 avril 2027, Suite",
    ]
    (action,) = evening.world.services.records.list("action")
    assert (action.fields.owner, action.fields.due_on) == ("Anne Martin", "2027-04-03")
    evening.qtbot.keyClick(quick.line, Qt.Key.Key_Escape)
    assert not quick.isVisible()


def test_the_window_asks_before_it_closes_over_a_line_half_typed(evening: Evening) -> None:
    evening.go(2)
    evening.tab.item.decision.trigger()
    quick = evening.tab.item.quick
    type_text(quick.line, "Les formations ont lieu en mai.")
    evening.window.close()
    question = dialog(ConfirmDialog, evening.window, evening.qtbot)
    assert evening.window.isVisible()
    assert "« Les formations ont lieu en mai. »" in shown(question)
    question.reject()
    activate(evening.window)
    evening.qtbot.keyClick(quick.line, Qt.Key.Key_Return)
    evening.qtbot.waitUntil(lambda: len(evening.lines()) == 1)
    assert evening.page.unsaved() == ""


def test_a_line_of_the_item_opens_to_be_changed_or_deleted(evening: Evening) -> None:
    item = evening.go(2)
    decision = evening.world.services.proceedings.decide(item.id, "Oui")
    evening.refresh()
    evening.tab.item.findChildren(Line)[0].click()
    dialog = evening.dialog(FormDialog)
    evening.qtbot.mouseClick(dialog.delete, Qt.MouseButton.LeftButton)
    evening.qtbot.waitUntil(lambda: evening.world.services.records.list("decision") == [])
    assert decision.id
    evening.qtbot.waitUntil(lambda: evening.lines() == [])
    assert "Ctrl+Z" in evening.window.banner.text()


def test_a_show_of_hands_is_counted_against_the_room_and_said_in_a_sentence(
    evening: Evening,
) -> None:
    evening.call("roy", "martin", "besson")
    evening.go(2)
    evening.qtbot.keyClick(evening.tab.item.notes, Qt.Key.Key_M, CTRL)
    dialog = evening.dialog(BallotDialog)
    assert not dialog.options.field("requested_by").isVisible()  # nobody asks for the usual way
    type_text(dialog.form.field("question"), "Former en mai ?")
    type_text(dialog.entry.counts.fields["for_count"], "4")
    assert dialog.outcome.text() == "Il y a plus de voix que dans la salle."
    evening.qtbot.mouseClick(dialog.entry.counts.all_for, Qt.MouseButton.LeftButton)
    assert plain(dialog.outcome.text()) == (
        "Avis favorable à l'unanimité des membres présents ou représentés (3 pour)"
    )
    evening.qtbot.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
    evening.qtbot.waitUntil(lambda: bool(evening.world.services.records.list("ballot")))
    evening.settle()
    (ballot,) = evening.world.services.records.list("ballot")
    assert (ballot.fields.for_count, ballot.fields.held_at) == (3, "2027-03-19T18:00:00+01:00")
    assert ballot.fields.question == "Former en mai ?"  # in the place of the item's title
    assert "Avis favorable à l'unanimité" in evening.lines()[0]


@pytest.mark.parametrize("closed", [False, True])
def test_a_vote_entered_late_is_held_when_its_item_ended_before_those_then_in_the_room(
    evening: Evening, clock: FakeClock, closed: bool
) -> None:
    evening.call("roy", "martin", "besson")
    for _ in evening.items[:2]:
        evening.qtbot.keyClick(evening.tab.item.notes, Qt.Key.Key_Down, CTRL)
        evening.settle()
        clock.forward(minutes=10)
    evening.call("garnier")
    if closed:
        evening.world.services.meetings.close(evening.meeting.id)
        evening.refresh()
    evening.go(0)
    evening.tab.item.ballot.trigger()
    ballot = evening.dialog(BallotDialog)
    type_text(ballot.entry.counts.fields["for_count"], "4")
    assert ballot.outcome.text() == "Il y a plus de voix que dans la salle."
    evening.qtbot.mouseClick(ballot.entry.counts.all_for, Qt.MouseButton.LeftButton)
    evening.qtbot.mouseClick(ballot.confirm, Qt.MouseButton.LeftButton)
    evening.qtbot.waitUntil(lambda: bool(evening.world.services.records.list("ballot")))
    evening.settle()
    (kept,) = evening.world.services.records.list("ballot")
    assert (kept.fields.for_count, kept.fields.held_at) == (3, "2027-03-19T18:10:00+01:00")


def test_a_tie_asks_for_the_vote_of_the_chair(evening: Evening) -> None:
    evening.call("roy", "martin")
    evening.go(2)
    evening.tab.item.ballot.trigger()
    dialog = evening.dialog(BallotDialog)
    type_text(dialog.form.field("question"), "Former en mai ?")
    type_text(dialog.entry.counts.fields["for_count"], "1")
    assert not dialog.chair_row.isVisible()
    type_text(dialog.entry.counts.fields["against_count"], "1")
    assert dialog.chair_row.isVisible()
    assert plain(dialog.outcome.text()) == (
        "Les voix sont partagées : celle du président l'emporte."
    )
    evening.qtbot.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
    assert dialog.isVisible() and dialog.focusWidget() is dialog.chair  # nobody has decided yet
    assert "Dites comment le président a voté." in shown(dialog)
    evening.qtbot.keyClick(dialog.chair, Qt.Key.Key_Down)
    dialog.chair.edited.emit()
    assert dialog.outcome.text().startswith("Avis favorable, la voix du président étant")
    evening.qtbot.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
    evening.qtbot.waitUntil(lambda: bool(evening.world.services.records.list("ballot")))
    assert evening.world.services.records.list("ballot")[0].fields.chair_vote == "for"


def test_a_chair_may_have_voted_neither_for_nor_against_at_a_tie(evening: Evening) -> None:
    evening.call("roy", "martin", "besson")
    evening.go(2)
    evening.tab.item.ballot.trigger()
    dialog = evening.dialog(BallotDialog)
    for name in ("for_count", "against_count", "abstain_count"):
        type_text(dialog.entry.counts.fields[name], "1")
    dialog.chair.set_value("neither")
    dialog.chair.edited.emit()
    assert dialog.outcome.text().startswith("Avis défavorable, les voix étant également partagées")
    evening.qtbot.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
    evening.qtbot.waitUntil(lambda: bool(evening.world.services.records.list("ballot")))
    assert evening.world.services.records.list("ballot")[0].fields.chair_vote is None


@pytest.mark.parametrize("away", ["absent", "apart"])
def test_a_tie_asks_nothing_of_a_chair_who_takes_no_part(evening: Evening, away: str) -> None:
    evening.call("martin", "besson", *(["roy"] if away == "apart" else []))
    evening.go(2)
    evening.tab.item.ballot.trigger()
    dialog = evening.dialog(BallotDialog)
    if away == "apart":
        apart = dialog.options.field("not_taking_part")
        apart.set_value([evening.world.seats["Vougeot"]])
        apart.edited.emit()
    for name in ("for_count", "against_count"):
        type_text(dialog.entry.counts.fields[name], "1")
    assert not dialog.chair_row.isVisible()
    assert dialog.outcome.text().startswith("Avis défavorable, les voix étant également partagées")
    evening.qtbot.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
    evening.qtbot.waitUntil(lambda: bool(evening.world.services.records.list("ballot")))


def test_the_question_is_the_title_of_the_item_until_another_is_typed(evening: Evening) -> None:
    evening.call("roy", "martin", "besson")
    evening.go(2)
    evening.tab.item.ballot.trigger()
    dialog = evening.dialog(BallotDialog)
    question = dialog.form.field("question")
    assert dialog.focusWidget() is question
    assert question.selectedText() == question.text() == "Calendrier"
    dialog.entry.counts.fill()
    evening.qtbot.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
    evening.qtbot.waitUntil(lambda: bool(evening.world.services.records.list("ballot")))
    assert evening.world.services.records.list("ballot")[0].fields.question == "Calendrier"


def test_only_who_is_present_can_ask_for_a_way_of_voting(evening: Evening) -> None:
    seats = evening.world.seats
    giver = {"giver_entry_id": seats["Quincey"], "holder_entry_id": seats["Vougeot"]}
    evening.world.make(
        "proxy", meeting_id=evening.meeting.id, received_at="2027-03-18T18:00:00+01:00", **giver
    )
    evening.call("roy", "martin")
    evening.go(2)
    evening.tab.item.ballot.trigger()
    dialog = evening.dialog(BallotDialog)
    asking, apart = (dialog.options.field(one) for one in ("requested_by", "not_taking_part"))
    evening.qtbot.waitUntil(dialog.isActiveWindow)

    def offered(picks: PicksField) -> int:
        picks.line.setFocus()
        return picks.line.completer().model().rowCount()

    assert offered(apart) == 3
    pick(dialog.form.field("method"), "roll_call")
    assert offered(asking) == 2
    type_text(asking.line, "Ro zz")
    pick(dialog.form.field("method"), "show_of_hands")  # what is out of sight is not asked for
    evening.qtbot.mouseClick(dialog.entry.counts.all_for, Qt.MouseButton.LeftButton)
    evening.qtbot.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
    evening.qtbot.waitUntil(lambda: len(evening.world.services.records.list("ballot")) == 1)


def test_a_vote_on_minutes_that_are_not_frozen_says_that_it_does_not_approve_them(
    evening: Evening,
) -> None:
    former = evening.world.meeting("Réunion de janvier", days=-60)
    approval = {"kind": "approval", "linked_id": former.id}
    evening.world.services.records.update(evening.items[2].id, approval)
    evening.refresh()
    evening.call("roy")
    evening.go(2)
    evening.tab.item.ballot.trigger()
    dialog = evening.dialog(BallotDialog)
    type_text(dialog.form.field("question"), "Approuvé ?")
    type_text(dialog.entry.counts.fields["for_count"], "1")
    evening.qtbot.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
    said = evening.window.banner.text
    evening.qtbot.waitUntil(lambda: "pas gelé, ce vote ne l'approuve donc pas" in said())


def test_a_vote_corrected_or_deleted_says_what_becomes_of_the_minutes_it_approved(
    evening: Evening, clock: FakeClock
) -> None:
    former = evening.world.meeting("Réunion de janvier", days=-60)
    for step in ("open", "close"):
        getattr(evening.world.services.meetings, step)(former.id, "2027-01-18T18:00:00+01:00")
    evening.world.services.minutes.freeze(former.id)
    approval = {"kind": "approval", "linked_id": former.id}
    evening.world.services.records.update(evening.items[2].id, approval)
    evening.refresh()
    vote_to_correct(evening, clock, question="Approuvé ?", for_count=3)
    assert evening.world.get(former).status == "approved"

    def correct(votes: dict[str, str], said: str) -> None:
        dialog = evening.dialog(BallotDialog)
        for name, number in votes.items():
            field = dialog.entry.counts.fields[name]
            field.clear()
            type_text(field, number)
        evening.qtbot.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
        evening.qtbot.waitUntil(lambda: evening.window.banner.text() == said)
        evening.settle()
        activate(evening.window)
        (line,) = (one for one in evening.tab.item.findChildren(Line) if one.isVisible())
        line.click()

    lost = "Le procès-verbal n'est plus approuvé."
    correct({"for_count": "0", "against_count": "3"}, lost)
    assert evening.world.get(former).status == "closed"
    correct({"for_count": "3", "against_count": "0"}, "Le procès-verbal est approuvé.")
    dialog = evening.dialog(BallotDialog)
    evening.qtbot.mouseClick(dialog.delete, Qt.MouseButton.LeftButton)
    evening.qtbot.waitUntil(lambda: plain(evening.window.banner.text()) == f"{DELETED} {lost}")


def test_the_opinion_voted_on_a_solution_is_offered_to_it(
    evening: Evening, clock: FakeClock
) -> None:
    solution = evening.world.make("solution", title="Sauvegarde")
    evening.world.services.records.update(
        evening.items[2].id, {"kind": "solution", "linked_id": solution.id}
    )
    evening.refresh()
    evening.call("roy", "martin", "besson")
    evening.go(2)
    clock.forward(minutes=5)
    evening.press("Messanges", Qt.Key.Key_D)
    news = evening.tab.item.news
    evening.tab.item.ballot.trigger()
    dialog = evening.dialog(BallotDialog)
    evening.qtbot.mouseClick(dialog.entry.counts.all_for, Qt.MouseButton.LeftButton)
    evening.qtbot.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
    offered = evening.tab.item.opinion
    evening.qtbot.waitUntil(offered.isVisible)
    evening.settle()
    assert (
        plain(offered.text()) == "La solution « Sauvegarde » ne dit pas encore cet avis favorable."
    )
    assert news.isVisible() and news.text().startswith("Quorum perdu")
    clock.forward(minutes=5)
    evening.press("Messanges", Qt.Key.Key_P)
    assert offered.isVisible() and news.text().startswith("Quorum atteint")
    evening.go(1)
    assert not offered.isVisible()
    evening.go(2)
    dialog = correct_vote(evening)
    evening.qtbot.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
    evening.qtbot.waitUntil(offered.isVisible)
    (offer,) = (one for one in offered.findChildren(QPushButton) if one.text())
    assert offer.text() == "Noter l'avis"
    offer.click()
    evening.qtbot.waitUntil(lambda: evening.world.get(solution).status == "favourable")
    said = evening.window.banner.text
    evening.qtbot.waitUntil(lambda: plain(said()) == "« Sauvegarde » : avis favorable.")
    assert not offered.isVisible()


def correct_vote(evening: Evening) -> BallotDialog:
    """The dialog of the vote of the item in hand."""
    activate(evening.window)
    (line,) = (one for one in evening.tab.item.findChildren(Line) if one.isVisible())
    line.click()
    return evening.dialog(BallotDialog)


def vote_to_correct(evening: Evening, clock: FakeClock, **fields: Any) -> Record[Any]:
    """A vote of three, one of whom has left since, and the hour of which is long gone."""
    evening.call("roy", "martin", "besson")
    item = evening.go(2)
    ballot = evening.world.services.proceedings.put_to_vote(item.id, fields)
    clock.forward(minutes=20)
    evening.press("Messanges", Qt.Key.Key_D)
    (line,) = (one for one in evening.tab.item.findChildren(Line) if one.isVisible())
    line.click()
    return ballot


def test_a_vote_is_corrected_in_place_at_its_own_hour_and_taken_back_in_one_gesture(
    evening: Evening, clock: FakeClock
) -> None:
    ballot = vote_to_correct(evening, clock, question="En mai ?", for_count=2, against_count=1)
    dialog = evening.dialog(BallotDialog)
    counts = dialog.entry.counts.fields
    assert [field.text() for field in counts.values()] == ["2", "1", "", ""]
    assert plain(dialog.outcome.text()) == "Avis favorable (2 pour, 1 contre)"
    assert dialog.delete.isVisible()
    counts["for_count"].clear()
    type_text(counts["for_count"], "1")
    type_text(counts["abstain_count"], "1")
    evening.qtbot.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
    assert "Dites comment le président a voté." in shown(dialog)  # a tie, which was none
    dialog.chair.set_value("against")
    evening.qtbot.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
    evening.qtbot.waitUntil(lambda: evening.world.get(ballot).for_count == 1)
    corrected = evening.world.get(ballot)
    assert (corrected.abstain_count, corrected.chair_vote) == (1, "against")
    assert corrected.held_at == ballot.fields.held_at == "2027-03-19T18:00:00+01:00"
    evening.settle()
    assert evening.lines()[0].startswith("Avis défavorable, les voix étant également partagées")
    activate(evening.window)
    evening.window.actions_.undo.trigger()
    evening.qtbot.waitUntil(lambda: evening.world.get(ballot) == ballot.fields)


def test_the_hour_of_a_vote_is_corrected_and_its_room_follows(
    evening: Evening, clock: FakeClock
) -> None:
    ballot = vote_to_correct(evening, clock, question="En mai ?", for_count=3)
    dialog = evening.dialog(BallotDialog)
    hour_of_vote = dialog.form.field("held_at")
    assert plain(hour_of_vote.text()) == "18 h 00"

    def retype(words: str) -> None:
        hour_of_vote.setFocus()
        hour_of_vote.clear()
        type_text(hour_of_vote, words)

    retype("18h25")
    evening.qtbot.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
    said = "Donnez une heure de la séance, entre 18 h et 18 h 20."
    evening.qtbot.waitUntil(lambda: said in shown(dialog))
    dialog.apart.set_value([evening.world.seats["Messanges"]])
    retype("18h20")
    evening.qtbot.keyClick(hour_of_vote, Qt.Key.Key_Tab)
    assert dialog.apart.chosen() == []  # who had left by then takes no part anyway
    assert dialog.outcome.text() == "Il y a plus de voix que dans la salle."
    dialog.entry.counts.fill()
    assert "(2 pour)" in plain(dialog.outcome.text())
    evening.qtbot.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
    evening.qtbot.waitUntil(lambda: evening.world.get(ballot).for_count == 2)
    assert evening.world.get(ballot).held_at == "2027-03-19T18:20:00+01:00"


def test_a_vote_that_took_its_time_is_given_an_hour_later_than_it_began(
    evening: Evening, clock: FakeClock
) -> None:
    evening.call("roy", "martin")
    evening.go(2)
    evening.tab.item.ballot.trigger()
    dialog = evening.dialog(BallotDialog)
    clock.forward(minutes=6)
    evening.qtbot.mouseClick(dialog.entry.counts.all_for, Qt.MouseButton.LeftButton)
    dialog.form.field("held_at").clear()
    type_text(dialog.form.field("held_at"), "18h05")
    evening.qtbot.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
    evening.qtbot.waitUntil(lambda: evening.tab.findChild(BallotDialog) is None)
    (ballot,) = evening.world.services.records.list("ballot")
    assert ballot.fields.held_at == "2027-03-19T18:05:00+01:00"


def test_a_roll_call_is_corrected_by_the_name_that_was_misheard(
    evening: Evening, clock: FakeClock
) -> None:
    seats = evening.world.seats
    asked = [seats["Messanges"]]
    votes = {seats[town]: "for" for town in ("Vougeot", "Agencourt", "Messanges")}
    fields = {"method": "roll_call", "votes": votes, "roll_call_requested_by": asked}
    ballot = vote_to_correct(evening, clock, question="En mai ?", **fields)
    dialog = evening.dialog(BallotDialog)
    names = dialog.entry.names
    assert dict(names.votes.votes) == votes  # who left since among them
    assert dialog.form.field("method").findData("secret") == -1
    row = [voter.id for voter in names.votes.voters].index(seats["Agencourt"])
    names.setCurrentIndex(names.votes.index(row))
    evening.qtbot.keyClick(names, Qt.Key.Key_C)
    evening.qtbot.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
    evening.qtbot.waitUntil(lambda: evening.world.get(ballot).against_count == 1)
    corrected = evening.world.get(ballot)
    assert corrected.votes == votes | {seats["Agencourt"]: "against"}
    assert (corrected.for_count, corrected.held_at) == (2, ballot.fields.held_at)
    assert list(corrected.roll_call_requested_by) == asked


def test_a_vote_corrected_keeps_who_asked_in_vain_for_another_method(
    evening: Evening, clock: FakeClock
) -> None:
    asked = [evening.world.seats["Vougeot"]]
    fields = {"question": "En mai ?", "for_count": 3, "secret_requested_by": asked}
    ballot = vote_to_correct(evening, clock, **fields)
    dialog = evening.dialog(BallotDialog)
    type_text(dialog.form.field("question"), "En juin ?")
    evening.qtbot.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
    evening.qtbot.waitUntil(lambda: evening.world.get(ballot).question == "En juin ?")
    assert list(evening.world.get(ballot).secret_requested_by) == asked


def test_a_secret_ballot_entered_once_is_not_corrected_and_keeps_no_name(
    evening: Evening, clock: FakeClock
) -> None:
    fields = {"method": "secret", "for_count": 2, "blank_count": 1}
    ballot = vote_to_correct(evening, clock, question="Qui ?", **fields)
    dialog = evening.dialog(FormDialog)
    assert not isinstance(dialog, BallotDialog)
    assert "supprimez le vote" in shown(dialog)
    type_text(dialog.form.field("question"), "Qui nous représente ?")
    dialog.form.field("held_at").clear()
    type_text(dialog.form.field("held_at"), "18h15")
    evening.qtbot.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
    evening.qtbot.waitUntil(lambda: evening.world.get(ballot).question != "Qui ?")
    assert (evening.world.get(ballot).votes, evening.world.get(ballot).for_count) == ({}, 2)
    assert evening.world.get(ballot).held_at == "2027-03-19T18:15:00+01:00"


def test_a_roll_call_is_entered_name_by_name_with_one_key_each(evening: Evening) -> None:
    evening.call("roy", "martin", "besson")
    evening.go(2)
    evening.tab.item.ballot.trigger()
    dialog = evening.dialog(BallotDialog)
    type_text(dialog.form.field("question"), "Former en mai ?")
    dialog.form.field("method").set_value("roll_call")
    dialog.form.editor("method").edited.emit()
    assert dialog.outcome.text().startswith("Il manque 3 noms")
    evening.qtbot.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
    assert dialog.banner.isVisible()
    for key in (Qt.Key.Key_P, Qt.Key.Key_C):
        evening.qtbot.keyClick(dialog.entry.names, key)
    assert plain(dialog.outcome.text()).startswith("Il manque 1 nom à l'appel")
    assert not dialog.banner.isVisible()
    dialog.entry.names.setCurrentIndex(dialog.entry.names.votes.index(0))
    for key in (Qt.Key.Key_P, Qt.Key.Key_C, Qt.Key.Key_P):
        evening.qtbot.keyClick(dialog.entry.names, key)
    assert plain(dialog.outcome.text()) == "Avis favorable (2 pour, 1 contre)"
    evening.qtbot.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
    evening.qtbot.waitUntil(lambda: bool(evening.world.services.records.list("ballot")))
    (ballot,) = evening.world.services.records.list("ballot")
    assert sorted(ballot.fields.votes.values()) == ["against", "for", "for"]
    assert ballot.fields.for_count == 2


@pytest.mark.parametrize("method", ["show_of_hands", "roll_call"])
def test_leaving_a_vote_under_way_asks_first_however_it_was_entered(
    evening: Evening, method: str
) -> None:
    evening.call("roy", "martin")
    evening.go(2)
    evening.tab.item.ballot.trigger()
    dialog = evening.dialog(BallotDialog)
    dialog.form.field("method").set_value(method)
    dialog.form.field("method").edited.emit()
    if method == "roll_call":
        evening.qtbot.keyClick(dialog.entry.names, Qt.Key.Key_P)
    else:
        evening.qtbot.mouseClick(dialog.entry.counts.all_for, Qt.MouseButton.LeftButton)
    evening.qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    asked = dialog.findChild(ConfirmDialog)
    assert asked is not None and dialog.isVisible()
    evening.qtbot.mouseClick(asked.cancel, Qt.MouseButton.LeftButton)
    assert dialog.isVisible() and dialog.entry.differs(Ballot())


def test_a_vote_left_as_it_was_opens_and_closes_without_a_question(
    evening: Evening, clock: FakeClock
) -> None:
    votes = dict.fromkeys((evening.world.seats[one] for one in ("Vougeot", "Agencourt")), "for")
    vote_to_correct(evening, clock, question="En mai ?", method="roll_call", votes=votes)
    dialog = evening.dialog(BallotDialog)
    evening.qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_a_roll_call_follows_the_room_and_says_who_votes_for_whom(evening: Evening) -> None:
    world = evening.world
    eric = world.make("person", first_name="Éric", last_name="Aubry")
    world.services.records.update(world.seats["Agencourt"], {"titular_person_id": eric.id})
    evening.refresh()
    evening.call("roy", "aubry", "besson")
    evening.give_proxy("Quincey", "Messanges")
    evening.go(2)
    evening.tab.item.ballot.trigger()
    dialog = evening.dialog(BallotDialog)
    assert [voter.words for voter in dialog.entry.names.votes.voters] == [
        "Éric Aubry (Agencourt)",
        "Luc Besson (Messanges)",
        "Claire Dubois (Quincey), par Luc Besson (Messanges)",
        "Paul Roy (Vougeot)",
    ]


def test_the_voices_in_the_room_say_how_many_are_by_proxy(evening: Evening) -> None:
    evening.call("roy", "martin")
    evening.give_proxy("Quincey", "Vougeot")
    evening.go(2)
    evening.tab.item.ballot.trigger()
    dialog = evening.dialog(BallotDialog)
    assert plain(dialog.outcome.text()) == "3 voix dans la salle, dont 1 par pouvoir."
    evening.qtbot.keyClicks(dialog.entry.counts.fields["for_count"], "3")
    assert plain(dialog.room.text()) == "3 voix sur 3 dans la salle, dont 1 par pouvoir"
    type_text(dialog.apart.line, "dubois\n")
    assert plain(dialog.room.text()) == "3 voix sur 2 dans la salle"


def test_a_roll_call_is_entered_with_the_mouse_alone(evening: Evening) -> None:
    evening.call("roy", "martin", "besson")
    evening.go(2)
    evening.tab.item.ballot.trigger()
    dialog = evening.dialog(BallotDialog)
    dialog.form.field("method").set_value("roll_call")
    dialog.form.editor("method").edited.emit()
    names = dialog.entry.names

    def click(words: str) -> None:
        name = names.currentIndex().data()
        (one,) = (
            one
            for one in dialog.findChildren(QPushButton)
            if one.accessibleName() == f"{words}, {name}"
        )
        evening.qtbot.mouseClick(one, Qt.MouseButton.LeftButton)

    for words in ("Pour", "Contre", "Abstention"):
        click(words)
    first = names.visualRect(names.votes.index(0)).center()
    evening.qtbot.mouseClick(names.viewport(), Qt.MouseButton.LeftButton, pos=first)
    click("Pour")
    assert dialog.outcome.text().startswith("Avis défavorable, les voix étant également partagées")
    focused = dialog.focusWidget()
    assert isinstance(focused, QPushButton)
    evening.qtbot.keyClick(focused, Qt.Key.Key_P)
    assert dialog.outcome.text().startswith("Avis favorable à l'unanimité des suffrages exprimés")


def test_the_buttons_of_a_vote_stay_where_they_are_whoever_is_called(evening: Evening) -> None:
    evening.call("roy")
    evening.go(2)
    evening.tab.item.ballot.trigger()
    dialog = evening.dialog(BallotDialog)
    dialog.form.field("method").set_value("roll_call")
    dialog.form.editor("method").edited.emit()
    names = ["Luc Besson", " ".join(["Marie-Bénédicte"] * 20), "Paul Roy"]
    dialog.entry.show_voters([Option(name, name) for name in names])
    roll_call = dialog.entry.roll_call
    places = set()
    for row in range(len(names)):
        roll_call.names.setCurrentIndex(roll_call.names.votes.index(row))
        evening.settle()
        places.add(roll_call.buttons["for"].y())
    assert len(places) == 1


def test_the_call_goes_on_with_who_has_not_voted_when_one_takes_no_part(
    qtbot: QtBot, theme: Theme
) -> None:
    entry = VoteEntry()
    qtbot.addWidget(entry)
    buttons = entry.roll_call.buttons
    assert not any(one.isEnabled() for one in buttons.values())
    voters = [Option(name, name) for name in ("Luc Besson", "Anne Martin", "Paul Roy")]
    entry.show_voters(voters)
    buttons["for"].click()
    entry.show_voters([voters[0], voters[2]])
    buttons["against"].click()
    assert entry.names.votes.votes == {"Luc Besson": "for", "Paul Roy": "against"}
    entry.names.votes.votes["Anne Martin"] = "for"  # noted before she was known to take no part
    assert len(entry.values("roll_call")["votes"]) == 3
    entry.show_voters([])
    assert not any(one.isEnabled() for one in buttons.values())
    assert [one.accessibleName() for one in buttons.values()] == ["Pour", "Contre", "Abstention"]


def test_a_vote_clicked_twice_in_a_row_or_held_down_counts_once(qtbot: QtBot, theme: Theme) -> None:
    entry = VoteEntry()
    qtbot.addWidget(entry)
    entry.show_voters([Option(name, name) for name in ("Luc Besson", "Anne Martin", "Paul Roy")])
    entry.show()
    pour, votes = entry.roll_call.buttons["for"], entry.names.votes
    for play in (qtbot.mouseClick, qtbot.mouseDClick, qtbot.mouseRelease):
        play(pour, Qt.MouseButton.LeftButton)
    held = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_P, Qt.KeyboardModifier.NoModifier, "p", True)
    QApplication.sendEvent(pour, held)
    assert votes.votes == {"Luc Besson": "for"}


def test_a_letter_with_control_gives_no_vote(evening: Evening) -> None:
    evening.call("roy")
    evening.go(2)
    evening.tab.item.ballot.trigger()
    dialog = evening.dialog(BallotDialog)
    dialog.form.field("method").set_value("roll_call")
    dialog.form.editor("method").edited.emit()
    evening.qtbot.keyClick(dialog.entry.names, Qt.Key.Key_C, CTRL)
    assert dialog.entry.names.votes.votes == {}


@pytest.fixture
def large_ballot(evening: Evening) -> Iterator[BallotDialog]:
    """A vote of eight, in text at twice its size, which its dialog scrolls."""
    evening.window.theme.set_scale(2.0)
    towns = evening.world.services.records.list("organisation", kind="commune", department="21")
    for town in towns[20:28]:
        person = evening.world.make("person", first_name="Dominique", last_name=f"Élu {town.id}")
        seat = evening.world.make(
            "roster_entry", organisation_id=town.id, titular_person_id=person.id
        )
        evening.world.services.attendance.mark(evening.meeting.id, seat.id, "present")
    evening.refresh()
    evening.go(2)
    evening.tab.item.ballot.trigger()
    dialog = evening.dialog(BallotDialog)
    dialog.resize(dialog.width(), 600)
    yield dialog
    evening.window.theme.set_scale(1.0)


@in_the_whole_territory
def test_the_name_that_is_called_shows_where_the_text_is_large(
    evening: Evening, large_ballot: BallotDialog
) -> None:
    large_ballot.form.field("method").set_value("roll_call")
    large_ballot.form.editor("method").edited.emit()
    names = large_ballot.entry.names
    names.setFocus()

    def called_shows() -> bool:
        seen = names.viewport().visibleRegion().boundingRect()
        return bool(seen.contains(names.visualRect(names.currentIndex())))

    for _ in range(7):
        evening.qtbot.keyClick(names, Qt.Key.Key_P)
        evening.qtbot.waitUntil(called_shows)


@in_the_whole_territory
@pytest.mark.parametrize("method", ["show_of_hands", "roll_call"])
def test_who_votes_is_chosen_without_leaving_the_place_where_one_chooses(
    evening: Evening, large_ballot: BallotDialog, method: str
) -> None:
    bar = large_ballot.findChild(QScrollArea).verticalScrollBar()
    settle(evening.window, evening.qtbot)
    assert bar.value() == 0
    large_ballot.form.field("method").set_value(method)
    large_ballot.form.editor("method").edited.emit()
    for _ in range(3):  # what was asked to come into sight does at the next turn
        settle(evening.window, evening.qtbot)
    bar.setValue(place := bar.maximum())
    large_ballot.options.field("not_taking_part").set_value(
        [large_ballot.entry.names.votes.voters[0].id]
    )
    large_ballot.options.editor("not_taking_part").edited.emit()
    settle(evening.window, evening.qtbot)
    assert bar.value() == place


def test_an_appointment_by_hands_needs_that_all_give_up_secrecy(evening: Evening) -> None:
    evening.world.services.records.update(evening.world.commission_id, {"profile": "deliberative"})
    evening.refresh()
    evening.call("roy", "martin", "besson")
    evening.go(2)
    evening.tab.item.ballot.trigger()
    dialog = evening.dialog(BallotDialog)
    type_text(dialog.form.field("question"), "Nommer Mme Martin ?")
    dialog.entry.counts.fill()
    appointment, waived = (dialog.options.field(name) for name in ("appointment", "secret_waived"))
    assert not waived.isEnabled()
    evening.qtbot.keyClick(appointment, Qt.Key.Key_Space)
    evening.qtbot.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
    method = dialog.form.field("method")
    evening.qtbot.waitUntil(lambda: method.property("invalid") is True)
    said = [one.text() for one in dialog.form.findChildren(QLabel)]
    assert any("une nomination se vote au scrutin secret" in text for text in said)
    evening.qtbot.keyClick(waived, Qt.Key.Key_Space)
    evening.qtbot.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
    evening.qtbot.waitUntil(lambda: bool(evening.world.services.records.list("ballot")))
    assert evening.world.services.records.list("ballot")[0].fields.secret_waived


def test_a_secret_ballot_keeps_no_name(evening: Evening) -> None:
    evening.call("roy", "martin", "besson")
    evening.go(2)
    evening.tab.item.ballot.trigger()
    dialog = evening.dialog(BallotDialog)
    type_text(dialog.form.field("question"), "Qui représente la commission ?")
    dialog.form.field("method").set_value("secret")
    dialog.form.editor("method").edited.emit()
    type_text(dialog.entry.counts.fields["for_count"], "2")
    type_text(dialog.entry.counts.fields["blank_count"], "1")
    evening.qtbot.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)
    evening.qtbot.waitUntil(lambda: bool(evening.world.services.records.list("ballot")))
    (ballot,) = evening.world.services.records.list("ballot")
    assert ballot.fields.method == "secret"
    assert (ballot.fields.votes, ballot.fields.chair_vote) == ({}, None)


# Reading what is typed


@pytest.mark.parametrize(
    ("typed", "action"),
    [
        ("Relancer", Entrusted("Relancer")),
        ("Relancer ; Luc", Entrusted("Relancer", "Luc")),
        ("Relancer ; demain", Entrusted("Relancer", "", "2027-03-20")),
        ("Relancer ; Luc ; 30/06", Entrusted("Relancer", "Luc", "2027-06-30")),
        ("Relancer, enfin ; Luc, 30/06", Entrusted("Relancer, enfin", "Luc", "2027-06-30")),
        ("Relancer ; Luc, ou Léa", Entrusted("Relancer", "Luc, ou Léa")),
        ("Relancer ; ; 30/06", Entrusted("Relancer", "", "2027-06-30")),
        ("Relancer ; Luc ; 30/06 ;", Entrusted("Relancer", "Luc", "2027-06-30")),
        (
            "Relancer, avec la note, dans 15 jours",
            Entrusted("Relancer, avec la note", "", "2027-04-03"),
        ),
        ("Relancer, avec la note", Entrusted("Relancer, avec la note")),
        (", demain", Entrusted(", demain")),
    ],
)
def test_an_action_is_read_from_one_line(typed: str, action: Entrusted, clock: FakeClock) -> None:
    assert read_action(typed, clock().date()) == action


def test_words_after_the_day_of_an_action_are_refused_not_dropped(clock: FakeClock) -> None:
    with pytest.raises(Refusal, match="au maire aussi"):
        read_action("Envoyer trois devis ; Anne Martin ; demain ; au maire aussi", clock().date())


@pytest.mark.parametrize("typed", [";", "; Anne Martin", " ; demain", "; Anne Martin ; demain"])
def test_an_action_that_does_not_say_what_is_refused(typed: str, clock: FakeClock) -> None:
    with pytest.raises(Refusal, match="quoi faire"):
        read_action(typed, clock().date())


def test_a_title_is_cut_at_the_end_of_a_word() -> None:
    long = "On nous demande chaque semaine des copies de documents que personne ne retrouve"
    assert first_words(long) == "On nous demande chaque semaine des copies de documents que…"
    assert first_words("« Trop lent. »") == "Trop lent"
