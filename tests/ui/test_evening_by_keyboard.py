"""A whole evening by the keyboard alone: 15 members, 9 items, 12 needs, 3 ballots."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.conftest import FakeClock
from tests.ui.conftest import in_the_whole_territory, settle
from tests.ui.keyboard import type_text
from tests.ui.world import World
from ui.window.main_window import MainWindow

PLAIN = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
KEY = Qt.Key

AGENDA = (
    ("opening", "Ouverture et appel"),
    ("approval", "Approbation du procès-verbal"),
    ("follow_up", "Suites données"),
    ("watch", "Facturation électronique"),
    ("need", "Tour de table des besoins"),
    ("solution", "Sauvegarde mutualisée"),
    ("solution", "Site internet partagé"),
    ("decision", "Calendrier des formations"),
    ("misc", "Questions diverses"),
)
MEMBERS = (
    *("Roy", "Martin", "Besson", "Dubois", "Garnier", "Petit", "Lefèvre", "Moreau", "Girard"),
    *("Benali", "Fontaine", "Perrin", "Noël", "Chevalier", "Renaud"),
)


class Hands:
    """Two hands on a keyboard: every key goes where the focus is; those that are not text count."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window, self.qtbot, self.strokes = window, qtbot, 0

    @property
    def focus(self) -> QWidget:
        return QApplication.focusWidget() or QApplication.activeWindow() or self.window

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = PLAIN) -> None:
        self.strokes += 1
        QTest.keyClick(self.focus, key, modifiers)
        self.rest()

    def write(self, text: str) -> None:
        type_text(self.focus, text)
        QApplication.sendPostedEvents()

    def rest(self) -> None:
        """Waits for what the key set going, and for the window that it brought to the front."""
        settle(self.window, self.qtbot)
        if QApplication.activeWindow() is None:
            self.window.activateWindow()  # as a window manager does once a dialog is closed
        self.qtbot.waitUntil(lambda: QApplication.focusWidget() is not None and in_front())


def in_front() -> bool:
    """Whether the keyboard is where the last dialog opened wants it."""
    dialog = QApplication.activeModalWidget()
    return dialog is None or dialog.isActiveWindow()


@pytest.fixture
def assembly(world: World) -> World:
    """The commission with fifteen seats."""
    communes = world.services.records.list("organisation", kind="commune", department="21")
    for name, commune in zip(MEMBERS[5:], communes[20:], strict=False):
        person = world.make("person", first_name="Dominique", last_name=name)
        world.make("roster_entry", organisation_id=commune.id, titular_person_id=person.id)
    return world


@in_the_whole_territory
def test_a_whole_evening_is_entered_by_the_keyboard_alone(
    opened: MainWindow,
    assembly: World,
    clock: FakeClock,
    qtbot: QtBot,
    record_property: Callable[[str, object], None],
) -> None:
    world = assembly
    meeting = world.meeting("Réunion de mars", days=0, place="Vougeot")
    for kind, title in AGENDA:
        world.item(meeting, title, kind, planned_minutes=15)
    world.services.meetings.convene(meeting.id)
    hands = Hands(opened, qtbot)

    reach_the_room(hands)
    hands.press(KEY.Key_O, CTRL)
    call_the_roll(hands, absent="Renaud", excused="Noël", represented="Chevalier", by="Roy")
    for number, (_, title) in enumerate(AGENDA):
        hands.press(KEY.Key_Down, CTRL)
        hands.write(f"Ce qui s'est dit sur « {title} ».")
        if number == 4:
            for need in range(12):
                raise_need(hands, f"La commune manque de moyens, besoin numéro {need}.", "martin")
        if number in (1, 5, 7):
            vote_unanimously(hands, f"Approuver « {title} » ?")
        if number == 7:
            note(hands, KEY.Key_D, "Les formations ont lieu en mai.")
            note(hands, KEY.Key_T, "Réserver la salle ; Anne Martin ; dans 15 jours")
        clock.forward(minutes=13)
    hands.press(KEY.Key_O, CTRL | SHIFT)
    hands.press(KEY.Key_Tab)
    hands.press(KEY.Key_Space)

    check(world, meeting.id)
    record_property("keystrokes", hands.strokes)
    print(f"{hands.strokes} touches hors du texte")  # noqa: T201 - shown by -s
    assert hands.strokes <= 100


def reach_the_room(hands: Hands) -> None:
    """From the home page to the room of the only meeting."""
    hands.press(KEY.Key_2, CTRL)
    hands.press(KEY.Key_F, CTRL)
    hands.press(KEY.Key_Return)
    hands.press(KEY.Key_Return)


def call_the_roll(hands: Hands, *, absent: str, excused: str, represented: str, by: str) -> None:
    hands.press(KEY.Key_F4)
    for name in MEMBERS:
        if name in (absent, excused, represented):
            continue
        hands.write(name[:5])
        hands.press(KEY.Key_Return)
    for name, key in ((absent, KEY.Key_A), (excused, KEY.Key_E), (represented, KEY.Key_R)):
        hands.write(name[:5])
        hands.press(KEY.Key_Down)
        hands.press(key)
        if name == represented:
            hands.write(by)
            hands.press(KEY.Key_Return, CTRL)
        hands.press(KEY.Key_F4)
        hands.press(KEY.Key_A, CTRL)


def raise_need(hands: Hands, words: str, speaker: str) -> None:
    hands.press(KEY.Key_B, CTRL)
    hands.write(words)
    hands.press(KEY.Key_Tab)
    hands.write(speaker)
    hands.press(KEY.Key_Return, CTRL)


def vote_unanimously(hands: Hands, question: str) -> None:
    hands.press(KEY.Key_M, CTRL)
    hands.write(question)
    hands.press(KEY.Key_T, CTRL)
    hands.press(KEY.Key_Return)


def note(hands: Hands, key: Qt.Key, text: str) -> None:
    hands.press(key, CTRL)
    hands.write(text)
    hands.press(KEY.Key_Return)
    hands.press(KEY.Key_Escape)


def check(world: World, meeting_id: str) -> None:
    """What the store holds of the evening."""
    file = world.services.meetings.file(meeting_id)
    assert file.meeting.fields.status == "closed"
    assert len(file.attendances) == 14
    assert sorted(one.fields.status for one in file.attendances).count("present") == 12
    assert [proxy.fields.revoked_at for proxy in file.proxies] == [None]
    assert [item.fields.notes for item in file.items] == [
        f"Ce qui s'est dit sur « {title} »." for _, title in AGENDA
    ]
    assert all(item.fields.started_at and item.fields.ended_at for item in file.items)
    assert len(file.needs) == 12
    assert {need.fields.speaker_person_id for need in file.needs} == {world.persons["Agencourt"]}
    assert [ballot.fields.for_count for ballot in file.ballots] == [13, 13, 13]
    (decision,), (action,) = file.decisions, file.actions
    assert decision.fields.text == "Les formations ont lieu en mai."
    assert (action.fields.owner, action.fields.due_on) == ("Anne Martin", "2027-04-03")
