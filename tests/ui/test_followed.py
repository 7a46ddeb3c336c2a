"""« Suites données » in the room: what became of requests, and of what was to do."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.domain.follow_up import Became, FollowUp
from app.domain.records import Record
from app.domain.wording import plain
from tests.conftest import FakeClock
from tests.ui.acting import dialog, pick, press, visit
from tests.ui.conftest import settle
from tests.ui.world import World
from ui.dialogs.dialog import FormDialog
from ui.pages.meeting.followed import followed_lines
from ui.pages.meeting.page import MeetingPage
from ui.widgets.line import Line
from ui.widgets.notes import INVITED
from ui.window.main_window import MainWindow


@pytest.fixture
def due(world: World, clock: FakeClock) -> Record[Any]:
    """What the last meeting left to do; a need that it heard was set aside since."""
    last = world.meeting("Réunion de mars", days=0)
    world.services.meetings.open(last.id)
    item = world.item(last, "Tour de table", "need")
    proceedings = world.services.proceedings
    need = proceedings.raise_need(item.id, {"title": "Fibre", "words": "Rien."})
    left = proceedings.entrust(item.id, "Écrire à tous", owner="Anne Martin", due_on="2027-04-01")
    proceedings.entrust(item.id, "Relire")
    world.services.meetings.close(last.id)
    clock.forward(days=20)
    world.services.needs.move(need.id, "set_aside", reason="Au département")
    return left


def test_a_request_without_a_title_is_named_all_the_same(world: World, qtbot: QtBot) -> None:
    need, solution = world.make("need", words="Plus de serveur"), world.make("solution")
    moved = FollowUp(
        needs=[Became(need, "satisfait", moved=True)],
        solutions=[Became(solution, "retenue", moved=True)],
    )
    found = followed_lines(moved, date(2027, 3, 19))
    for _, _, line in found:
        qtbot.addWidget(line)
    assert [line.accessibleName() for _, _, line in found] == [
        "Plus de serveur, Satisfait, Besoin",
        "Solution sans titre, Retenue, Solution",
    ]


@pytest.fixture
def page(opened: MainWindow, world: World, due: Record[Any], qtbot: QtBot) -> MeetingPage:
    """The next meeting, open, at its item « Suites données »."""
    meeting = world.meeting("Réunion d'avril", days=0)
    followed = world.item(meeting, "Suites données", "follow_up")
    world.item(meeting, "Divers")
    world.services.meetings.open(meeting.id)
    shown = visit(opened, "meeting", MeetingPage, qtbot, meeting.id)
    shown.hold.go_to(followed.id)
    settle(opened, qtbot)
    return shown


def told(page: MeetingPage) -> list[str]:
    lines = page.hold.item.findChildren(Line)
    return [plain(one.accessibleName()) for one in lines if not one.isHidden()]


def test_the_item_tells_what_became_of_requests_then_what_is_left_to_do(page: MeetingPage) -> None:
    assert told(page) == [
        "Fibre, Écarté (Au département), Besoin",
        "Écrire à tous, Anne Martin, Il y a 7 jours",
        "Relire, Sans échéance",
    ]


def test_another_item_tells_nothing_of_it(
    opened: MainWindow, page: MeetingPage, qtbot: QtBot
) -> None:
    assert "n'imprime de lui-même que" in page.hold.item.notes.placeholderText()
    page.hold.go_to(page.hold.conductor.list.agenda.rows[1].id)
    settle(opened, qtbot)
    assert told(page) == []
    assert page.hold.item.notes.placeholderText() == INVITED


def test_another_meeting_is_not_shown_for_a_moment_what_this_one_tells(
    opened: MainWindow, page: MeetingPage, world: World, qtbot: QtBot
) -> None:
    other = world.meeting("Réunion de mai", days=30)
    item = world.item(other, "Suites données", "follow_up")
    page.hold.hand(world.services.meetings.state(other.id))
    page.hold.go_to(item.id)
    assert page.hold.item.lines.count() == 1  # what stretches below them
    settle(opened, qtbot)
    assert told(page)[0] == "Écrire à tous, Anne Martin, Il y a 7 jours"


def test_minutes_that_are_frozen_tell_it_themselves(
    opened: MainWindow, page: MeetingPage, world: World, qtbot: QtBot
) -> None:
    world.services.meetings.close(page.meeting_id)
    world.services.minutes.freeze(page.meeting_id)
    opened.spread(frozenset({"meeting", "minutes"}))
    settle(opened, qtbot)
    assert told(page) == []


@pytest.mark.parametrize(("outcome", "said"), [("", "Anne Martin"), ("Envoyé", "Envoyé")])
def test_what_was_done_is_noted_there_and_then_told_as_done(
    opened: MainWindow, page: MeetingPage, world: World, due: Record[Any], qtbot: QtBot,
    *, outcome: str, said: str,
) -> None:  # fmt: skip
    line = next(
        one for one in page.hold.item.findChildren(Line) if "Écrire" in one.accessibleName()
    )
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton)
    form = dialog(FormDialog, page, qtbot)
    pick(form.form.field("status"), "done")
    form.form.set_values({"outcome": outcome})
    press(form, "Enregistrer", qtbot)
    settle(opened, qtbot)
    assert world.get(due).status == "done"
    assert told(page)[1] == f"Écrire à tous, {said}, Faite"


def test_a_request_that_is_told_leads_to_it(
    opened: MainWindow, page: MeetingPage, qtbot: QtBot
) -> None:
    line = next(one for one in page.hold.item.findChildren(Line) if "Fibre" in one.accessibleName())
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton)
    settle(opened, qtbot)
    assert opened.place == "need"


def test_a_solution_that_is_told_leads_to_it(
    opened: MainWindow, page: MeetingPage, world: World, qtbot: QtBot
) -> None:
    made = world.make("solution", title="Coffre")
    world.services.records.update(made.id, {"status": "proposed"})
    opened.spread(frozenset())
    settle(opened, qtbot)
    line = next(
        one for one in page.hold.item.findChildren(Line) if "Coffre" in one.accessibleName()
    )
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton)
    settle(opened, qtbot)
    assert opened.place == "solution"
