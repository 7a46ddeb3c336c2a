"""The hours of the meeting itself: corrected in one dialog, asked for when it was left open."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.records import Record
from app.domain.wording import plain
from tests.conftest import FakeClock
from tests.ui.acting import activate, dialog, press, shown, visit
from tests.ui.conftest import settle
from tests.ui.keyboard import type_text
from tests.ui.world import World
from ui.dialogs.agenda_item import AgendaItemDialog
from ui.dialogs.ballot import BallotDialog
from ui.dialogs.dialog import ConfirmDialog, FormDialog
from ui.dialogs.meeting_hours import LateClosingDialog, MeetingHoursDialog
from ui.pages.meeting.page import MeetingPage
from ui.widgets.line import Line
from ui.window.main_window import MainWindow

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


class Evening:
    """A meeting opened at 18 h, its one item begun at 18 h 10, its only member in since 18 h 05."""

    def __init__(
        self,
        window: MainWindow,
        world: World,
        clock: FakeClock,
        qtbot: QtBot,
        *,
        meeting: Record[Any] | None = None,
        at: str = "2027-03-19T18:%02d:00+01:00",
    ) -> None:
        self.window, self.world, self.clock, self.qtbot = window, world, clock, qtbot
        self.services = world.services
        clock.forward(seconds=20)
        chair = world.persons["Vougeot"]
        self.meeting = meeting or world.meeting(days=0, chair_person_id=chair)
        first = clock().minute + 5
        self.item = world.item(self.meeting, "Besoins")
        self.services.meetings.open(self.meeting.id)
        seat = world.seats["Vougeot"]
        self.services.attendance.arrive(self.meeting.id, seat, at % first)
        self.services.agenda.start(self.item.id, at % (first + 5))

    def show(self) -> MeetingPage:
        return visit(self.window, "meeting", MeetingPage, self.qtbot, self.meeting.id)

    def close_in_the_morning(self) -> MeetingPage:
        self.clock.forward(hours=14, minutes=40)
        self.services.meetings.close(self.meeting.id)
        return self.show()

    def hour(self, record: Record[Any], field: str) -> str:
        return str(getattr(self.world.get(record), field))[5:19]


@pytest.fixture
def evening(opened: MainWindow, world: World, clock: FakeClock, qtbot: QtBot) -> Evening:
    return Evening(opened, world, clock, qtbot)


def retype(field: Any, words: str) -> None:
    field.setFocus()
    field.clear()
    type_text(field, words)


def save(asked: FormDialog, qtbot: QtBot) -> None:
    qtbot.mouseClick(asked.confirm, Qt.MouseButton.LeftButton)


def test_a_closing_noted_in_the_morning_is_corrected_with_the_item_that_it_ended(
    evening: Evening, qtbot: QtBot
) -> None:
    page = evening.close_in_the_morning()
    assert page.tabs.currentWidget() is page.conclude
    press(page.conclude.card, "Corriger les heures", qtbot)
    asked = dialog(MeetingHoursDialog, page, qtbot)
    closing = asked.form.field("closed_at")
    assert asked.focusWidget() is closing and closing.text() == "8 h 40"
    assert "Notée le samedi 20 mars 2027." in shown(asked)
    retype(closing, "22h10")
    save(asked, qtbot)
    qtbot.waitUntil(lambda: "à 22 h 10" in plain(page.conclude.card.words.text()))
    assert evening.hour(evening.meeting, "closed_at") == "03-19T22:10:59"
    assert evening.hour(evening.item, "ended_at") == "03-19T22:10:59"
    assert evening.hour(evening.meeting, "opened_at") == "03-19T18:00:20"  # not typed, not changed
    activate(evening.window)
    evening.window.actions_.undo.trigger()
    qtbot.waitUntil(lambda: evening.hour(evening.meeting, "closed_at") == "03-20T08:40:20")
    assert evening.hour(evening.item, "ended_at") == "03-20T08:40:20"


def test_an_opening_noted_late_is_corrected_by_the_keyboard_while_the_meeting_is_held(
    evening: Evening, qtbot: QtBot
) -> None:
    evening.clock.forward(minutes=20)
    page = evening.show()
    activate(evening.window)
    qtbot.keyClick(page.hold, Qt.Key.Key_E, CTRL | SHIFT)
    asked = dialog(MeetingHoursDialog, page, qtbot)
    assert asked.form.names() == ["opened_at", "all"]
    day_and_hour: Any = asked.form.field("opened_at")
    retype(day_and_hour.hour, "18h07")
    save(asked, qtbot)
    said = (
        "Paul Roy (Vougeot) arrive à 18 h 05, avant cette ouverture : avancez l'ouverture, ou"
        " corrigez d'abord l'heure de cette arrivée."
    )
    qtbot.waitUntil(lambda: said in shown(asked))
    retype(day_and_hour.hour, "18h25")
    save(asked, qtbot)
    qtbot.waitUntil(lambda: "L'ouverture est encore à venir" in shown(asked))
    retype(day_and_hour.hour, "17h50")
    save(asked, qtbot)
    standing = page.hold.conductor.standing
    qtbot.waitUntil(lambda: plain(standing.text()) == "Séance ouverte à 17 h 50")


def test_the_pencil_beside_the_hour_opens_them_and_frozen_hours_are_read_alone(
    evening: Evening, qtbot: QtBot
) -> None:
    evening.clock.forward(hours=2)
    evening.services.meetings.close(evening.meeting.id)
    evening.services.minutes.freeze(evening.meeting.id)
    page = evening.show()
    assert not page.conclude.card.hours.isVisible()
    page.tabs.setCurrentWidget(page.hold)
    settle(evening.window, qtbot)
    qtbot.mouseClick(page.hold.conductor.hours, Qt.MouseButton.LeftButton)
    asked = dialog(MeetingHoursDialog, page, qtbot)
    assert "une erreur se corrige par un additif" in plain(asked.banner.text())
    assert not asked.confirm.isVisible() and not asked.form.field("closed_at").isEnabled()
    assert not asked.form.field("all").isVisible()


def test_a_closing_half_typed_keeps_no_hours_from_being_shifted(
    evening: Evening, qtbot: QtBot
) -> None:
    evening.clock.forward(hours=2)
    evening.services.meetings.close(evening.meeting.id)
    page = evening.show()
    press(page.conclude.card, "Corriger les heures", qtbot)
    asked = dialog(MeetingHoursDialog, page, qtbot)
    retype(asked.form.field("closed_at"), "25h")
    every: Any = asked.form.field("all")
    every.click()
    assert not asked.form.field("closed_at").isVisible()
    opening: Any = asked.form.field("opened_at")
    retype(opening.hour, "17h50")
    save(asked, qtbot)
    qtbot.waitUntil(lambda: evening.hour(evening.meeting, "opened_at")[6:11] == "17:50")
    assert evening.hour(evening.meeting, "closed_at")[6:11] == "19:50"


def test_the_hour_that_a_closed_meeting_lacks_is_given_where_its_hours_are(
    evening: Evening, qtbot: QtBot
) -> None:
    evening.clock.forward(hours=2)
    evening.services.meetings.close(evening.meeting.id)
    evening.services.records.update(evening.meeting.id, {"closed_at": None})
    page = evening.show()
    lacking = page.conclude.checklist.findChildren(Line)
    next(one for one in lacking if "l'heure de clôture" in one.accessibleName()).click()
    asked = dialog(MeetingHoursDialog, page, qtbot)
    assert asked.focusWidget() is asked.form.field("closed_at")
    retype(asked.form.field("closed_at"), "20h")
    save(asked, qtbot)
    qtbot.waitUntil(lambda: evening.hour(evening.meeting, "closed_at") == "03-19T20:00:20")


def test_a_meeting_held_on_the_clock_of_a_drawer_is_put_right_by_the_keyboard_in_one_gesture(
    opened: MainWindow, world: World, clock: FakeClock, qtbot: QtBot
) -> None:
    planned = world.meeting(days=0, chair_person_id=world.persons["Vougeot"])
    clock.instant = clock.instant.replace(year=2020, month=1, day=1, minute=10)
    evening = Evening(opened, world, clock, qtbot, meeting=planned, at="2020-01-01T18:%d:00+01:00")
    clock.forward(hours=2)
    world.services.meetings.close(planned.id)
    page = evening.show()
    said = "Elle s'est ouverte le 1er janvier 2020, prévue le 19 mars 2027"
    assert said in plain(page.conclude.card.words.text())
    clock.instant = clock.instant.replace(year=2027, month=3, day=20)  # set right since
    activate(opened)
    qtbot.keyClick(page.conclude, Qt.Key.Key_E, CTRL | SHIFT)
    asked = dialog(MeetingHoursDialog, page, qtbot)
    activate(asked)
    assert asked.moves_all and not asked.form.field("closed_at").isVisible()
    day: Any = asked.form.field("opened_at")
    assert asked.focusWidget() is day.day.line
    assert "Donnez le jour et l'heure où la séance s'est vraiment ouverte." in shown(asked)
    save(asked, qtbot)
    qtbot.waitUntil(lambda: day.property("invalid") is True, timeout=5000)
    assert shown(asked).count("s'est vraiment ouverte") == 1
    retype(day.day.line, "19/03/2027")
    retype(day.hour, "18h40")
    for one in (
        "Ouverture : mercredi 1er janvier 2020 à 18 h 10 devient vendredi 19 mars 2027 à 18 h 40.",
        "Clôture : mercredi 1er janvier 2020 à 20 h 10 devient vendredi 19 mars 2027 à 20 h 40.",
        "Se décalent d'autant : 1 point et 1 présence.",
    ):
        assert one in shown(asked)
    qtbot.keyClick(asked, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: said not in plain(page.conclude.card.words.text()))
    assert evening.hour(planned, "opened_at") == "03-19T18:40:00"
    assert evening.hour(evening.item, "started_at") == "03-19T18:49:40"
    activate(opened)
    opened.actions_.undo.trigger()
    qtbot.waitUntil(lambda: evening.hour(planned, "closed_at") == "01-01T20:10:20")
    assert evening.hour(evening.item, "started_at") == "01-01T18:20:00"


def test_unticked_the_opening_alone_moves(evening: Evening, qtbot: QtBot) -> None:
    evening.clock.forward(hours=2)
    evening.services.meetings.close(evening.meeting.id)
    page = evening.show()
    page.conclude.edit_hours()
    asked = dialog(MeetingHoursDialog, page, qtbot)
    assert not asked.moves_all and asked.form.field("closed_at").isVisible()
    tick: Any = asked.form.field("all")
    tick.click()
    assert not asked.form.field("closed_at").isVisible() and asked.preview.isVisible()
    tick.click()
    assert asked.form.field("closed_at").isVisible() and not asked.preview.isVisible()
    day: Any = asked.form.field("opened_at")
    retype(day.hour, "17h50")
    save(asked, qtbot)
    qtbot.waitUntil(lambda: evening.hour(evening.meeting, "opened_at") == "03-19T17:50:00")
    assert evening.hour(evening.item, "started_at") == "03-19T18:10:00"


def test_before_the_opening_there_is_no_hour_to_correct(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    page = visit(opened, "meeting", MeetingPage, qtbot, world.meeting(days=0).id)
    page.tabs.setCurrentWidget(page.hold)
    settle(opened, qtbot)
    assert not page.hold.conductor.hours.isVisible()
    with qtbot.waitSignal(page.told) as told:
        page.hold.edit_hours()
    assert told.args == ["Les heures se donnent une fois la séance ouverte.", "info"]


def test_closing_on_the_morning_after_asks_when_the_meeting_ended(
    evening: Evening, qtbot: QtBot
) -> None:
    evening.clock.forward(hours=14, minutes=40)
    page = evening.show()
    page.hold.conductor.close_meeting.trigger()
    asked = dialog(LateClosingDialog, page, qtbot)
    assert "s'est-elle terminée maintenant ?" in shown(asked)
    field: Any = asked.form.field("closed_at")
    assert field.text() == "18 h 10"  # the item begun, the last thing noted
    retype(field, "18h07")
    save(asked, qtbot)
    qtbot.waitUntil(lambda: "Point 1 (Besoins) commence à 18 h 10, après" in shown(asked))
    retype(field, "22h10")
    save(asked, qtbot)
    qtbot.waitUntil(lambda: evening.world.get(evening.meeting).status == "closed")
    assert evening.hour(evening.meeting, "closed_at") == "03-19T22:10:59"
    assert evening.hour(evening.item, "ended_at") == "03-19T22:10:59"


@pytest.mark.parametrize(("later", "left"), [({"hours": 9}, False), ({"hours": 12.1}, True)])
def test_a_late_closing_may_still_be_now(
    evening: Evening, qtbot: QtBot, later: dict[str, float], left: bool
) -> None:
    evening.clock.forward(**later)
    page = evening.show()
    page.hold.conductor.close_meeting.trigger()
    if left:
        asked = dialog(LateClosingDialog, page, qtbot)
        retype(asked.form.field("closed_at"), "")
        save(asked, qtbot)
    else:
        qtbot.mouseClick(dialog(ConfirmDialog, page, qtbot).confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: evening.world.get(evening.meeting).status == "closed")
    assert evening.world.get(evening.meeting).closed_at == evening.clock().isoformat()


def test_a_vote_at_the_minute_of_the_closing_is_counted_in_the_room(
    evening: Evening, qtbot: QtBot
) -> None:
    ballot = evening.services.proceedings.put_to_vote(
        evening.item.id,
        {"question": "Oui ?", "held_at": "2027-03-19T18:15:00+01:00", "for_count": 1},
    )
    evening.clock.forward(minutes=50)
    evening.services.meetings.close(evening.meeting.id)
    page = evening.show()
    page.tabs.setCurrentWidget(page.hold)
    settle(evening.window, qtbot)
    page.hold.noting.open_line("ballot", ballot.id)
    asked = dialog(BallotDialog, page, qtbot)
    retype(asked.form.field("held_at"), "18h50")
    qtbot.keyClick(asked.form.field("held_at"), Qt.Key.Key_Tab)
    assert "(1 pour)" in plain(asked.outcome.text())
    save(asked, qtbot)
    qtbot.waitUntil(lambda: evening.hour(ballot, "held_at") == "03-19T18:50:19")


def test_an_item_ends_after_it_began(evening: Evening, qtbot: QtBot) -> None:
    evening.clock.forward(minutes=50)
    page = evening.show()
    page.hold.edit_item(evening.item.id)
    asked = dialog(AgendaItemDialog, page, qtbot)
    retype(asked.form.field("ended_at"), "18h05")
    save(asked, qtbot)
    qtbot.waitUntil(lambda: "La fin d'un point vient après son début." in shown(asked))
    evening.clock.forward(minutes=10)  # while it is being asked
    retype(asked.form.field("ended_at"), "18h58")
    save(asked, qtbot)
    qtbot.waitUntil(lambda: evening.hour(evening.item, "ended_at") == "03-19T18:58:00")
