"""The projector: chosen by keys from the room, live, readable from afar, never in the way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from app.domain.wording import plain
from tests.positions import take_part
from tests.ui.acting import activate, visit
from tests.ui.conftest import settle
from tests.ui.world import World
from ui.models.projection import Projection, Table
from ui.pages.meeting.page import MeetingPage
from ui.theme import FAMILY, Theme
from ui.widgets.projection_view import MAIN, ProjectionView, broken
from ui.window.main_window import MainWindow

KEY = Qt.Key


@pytest.fixture
def page(opened: MainWindow, world: World, qtbot: QtBot) -> Iterator[MeetingPage]:
    """The room of an open meeting whose first item has begun."""
    note = world.make("watch_note", title="Facturation électronique", body="Dès septembre.")
    meeting = world.meeting(days=0)
    first = world.item(meeting, "Ouverture", "opening")
    world.item(meeting, "Veille", "watch", linked_id=note.id, notes="Le maire est agacé.")
    world.services.meetings.convene(meeting.id)
    world.services.meetings.open(meeting.id)
    world.services.agenda.start(first.id)
    made = visit(opened, "meeting", MeetingPage, qtbot, meeting.id)
    yield made
    made.showing.projector.stop()


def choose(page: MeetingPage, letter: Qt.Key, qtbot: QtBot) -> None:
    """F5, then the letter of an entry."""
    activate(page.window())
    QTest.keyClick(page.window(), KEY.Key_F5)
    qtbot.waitUntil(lambda: any(one.isVisible() for one in page.findChildren(QMenu)))
    menu = next(one for one in page.findChildren(QMenu) if one.isVisible())
    QTest.keyClick(menu, letter)


def view(page: MeetingPage) -> ProjectionView:
    window = page.showing.projector.window
    assert window is not None
    return window.view


def rename_opening(world: World, opened: MainWindow, qtbot: QtBot) -> None:
    """Gives the first item another title, as another window or a sync does."""
    item = world.services.records.list("agenda_item", title="Ouverture")[0]
    world.services.records.update(item.id, {"title": "Accueil"})
    opened.spread(frozenset({"agenda_item"}))
    settle(opened, qtbot)


def test_two_keys_project_the_item_and_it_follows_the_meeting(
    page: MeetingPage, opened: MainWindow, qtbot: QtBot
) -> None:
    choose(page, KEY.Key_P, qtbot)
    assert view(page).projection.title == "1. Ouverture"
    QTest.keyClick(opened, KEY.Key_Down, Qt.KeyboardModifier.ControlModifier)
    settle(opened, qtbot)
    assert view(page).projection.title == "2. Veille"


def test_a_presence_changes_the_projected_quorum_at_once(page: MeetingPage, qtbot: QtBot) -> None:
    choose(page, KEY.Key_P, qtbot)
    before = view(page).projection.quorum
    QTest.keyClick(page.window(), KEY.Key_F4)
    QTest.keyClicks(page.hold.room.call, "roy")
    QTest.keyClick(page.hold.room.call, KEY.Key_Return)
    assert "1 présent sur 5" in view(page).projection.quorum
    assert before != view(page).projection.quorum


def test_what_was_chosen_stays_until_something_else_is(
    page: MeetingPage, opened: MainWindow, qtbot: QtBot
) -> None:
    QTest.keyClick(opened, KEY.Key_Down, Qt.KeyboardModifier.ControlModifier)
    settle(opened, qtbot)
    choose(page, KEY.Key_V, qtbot)
    assert view(page).projection.lines[-1] == "Dès septembre."
    opened.go("needs")
    settle(opened, qtbot)
    assert view(page).projection.title == "Facturation électronique"
    QTest.keyClick(page, KEY.Key_F5, Qt.KeyboardModifier.ShiftModifier)


def test_a_change_made_on_another_page_reaches_the_projector(
    page: MeetingPage, opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    choose(page, KEY.Key_P, qtbot)
    opened.go("needs")
    rename_opening(world, opened, qtbot)
    assert view(page).projection.title == "1. Accueil"


def test_another_meeting_looked_at_meanwhile_leaves_the_one_shown_live_and_its_keys(
    page: MeetingPage, opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    choose(page, KEY.Key_P, qtbot)
    other = world.meeting("Réunion de mai", days=60)
    visit(opened, "meeting", MeetingPage, qtbot, other.id)
    assert view(page).projection.title == "1. Ouverture"
    rename_opening(world, opened, qtbot)
    assert view(page).projection.title == "1. Accueil"
    page.showing.hide.trigger()
    assert view(page).projection == Projection()
    page.showing.hide.trigger()
    assert view(page).projection.title == "1. Accueil"


def test_to_hold_an_item_while_another_meeting_is_looked_at_leaves_what_is_shown(
    page: MeetingPage, opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    choose(page, KEY.Key_P, qtbot)
    other = world.meeting("Réunion de mai", days=60)
    visit(opened, "meeting", MeetingPage, qtbot, other.id)
    page.showing.open_menu()
    menu = next(one for one in page.findChildren(QMenu) if one.isVisible())
    assert [one.text() for one in menu.actions() if one.isChecked()] == [
        "S&uivre la séance de point en point"
    ]
    QTest.keyClick(menu, KEY.Key_U)
    assert view(page).projection.title == "1. Ouverture"


@pytest.mark.parametrize("place", ["meetings", "meeting"])
def test_a_meeting_that_is_deleted_is_no_longer_projected(
    page: MeetingPage, opened: MainWindow, world: World, place: str, qtbot: QtBot
) -> None:
    choose(page, KEY.Key_P, qtbot)
    opened.go(place, page.meeting_id if place == "meeting" else "")
    settle(opened, qtbot)
    world.services.records.delete(page.meeting_id, cascade=True)
    opened.spread(frozenset({"meeting"}))
    settle(opened, qtbot)
    assert not page.showing.active
    assert "n'est plus ici : la projection est arrêtée" in plain(opened.banner.text())


def test_the_projection_is_read_again_while_another_commission_is_shown(
    page: MeetingPage, opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    choose(page, KEY.Key_P, qtbot)
    other = world.services.records.create("commission", {"name": "Auxois"}, None)
    opened.spread(frozenset())
    settle(opened, qtbot)
    opened.commissions.turn(other.id)
    settle(opened, qtbot)
    assert opened.place == "meetings"
    rename_opening(world, opened, qtbot)
    assert view(page).projection.title == "1. Accueil"


def test_a_key_hides_what_is_shown_and_shows_it_again(page: MeetingPage, qtbot: QtBot) -> None:
    choose(page, KEY.Key_P, qtbot)
    shift = Qt.KeyboardModifier.ShiftModifier
    activate(page.window())
    QTest.keyClick(page.window(), KEY.Key_F5, shift)
    assert view(page).projection == Projection()
    QTest.keyClick(page.window(), KEY.Key_F5, shift)
    assert view(page).projection.title == "1. Ouverture"


def test_what_is_held_or_chosen_before_a_neutral_screen_is_there_again_after_it(
    page: MeetingPage, opened: MainWindow, qtbot: QtBot
) -> None:
    choose(page, KEY.Key_P, qtbot)
    page.showing.hide.trigger()
    QTest.keyClick(opened, KEY.Key_Down, Qt.KeyboardModifier.ControlModifier)
    settle(opened, qtbot)
    choose(page, KEY.Key_U, qtbot)
    assert view(page).projection == Projection()
    page.showing.hide.trigger()
    assert view(page).projection.title == "2. Veille"
    choose(page, KEY.Key_V, qtbot)
    for _ in range(2):
        choose(page, KEY.Key_N, qtbot)
        assert view(page).projection == Projection()
    page.showing.hide.trigger()
    assert view(page).projection.title == "Facturation électronique"


def test_a_projection_that_begins_by_a_neutral_screen_then_shows_the_item(
    page: MeetingPage, qtbot: QtBot
) -> None:
    choose(page, KEY.Key_V, qtbot)
    page.showing.projector.stop()
    choose(page, KEY.Key_N, qtbot)
    page.showing.hide.trigger()
    assert view(page).projection.title == "1. Ouverture"


def test_a_key_turns_the_pages_of_a_long_note_and_the_menu_ends_the_projection(
    page: MeetingPage, opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    note = world.services.records.list("watch_note")[0]
    world.services.records.update(note.id, {"body": "Un mot et encore un mot. " * 200})
    QTest.keyClick(opened, KEY.Key_Down, Qt.KeyboardModifier.ControlModifier)
    opened.spread(frozenset({"watch_note"}))
    settle(opened, qtbot)
    choose(page, KEY.Key_V, qtbot)
    assert (view(page).page, view(page).page_count > 1) == (0, True)
    activate(page.window())
    QTest.keyClick(page.window(), KEY.Key_F6)
    assert view(page).page == 1
    choose(page, KEY.Key_A, qtbot)
    assert not page.showing.active


def test_an_item_can_be_held_on_screen(page: MeetingPage, opened: MainWindow, qtbot: QtBot) -> None:
    choose(page, KEY.Key_P, qtbot)
    choose(page, KEY.Key_U, qtbot)
    QTest.keyClick(opened, KEY.Key_Down, Qt.KeyboardModifier.ControlModifier)
    settle(opened, qtbot)
    assert view(page).projection.title == "1. Ouverture"


def test_a_live_cost_sheet_follows_who_takes_part(
    page: MeetingPage, opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    plan = {"years": 1, "key": {"kind": "equal"}, "offers": [
        {"id": "A", "tiers": [{"from_participants": 1, "setup_cents": 90000}]}]}  # fmt: skip
    solution = world.make("solution", title="Sauvegarde", plan=plan)
    towns = world.services.records.list("organisation", kind="commune", department="21")
    solutions = world.services.solutions
    take_part(solutions, solution.id, towns[0].id, "interested", commission_id=world.commission_id)
    item = world.services.records.list("agenda_item", title="Ouverture")[0]
    world.services.records.update(item.id, {"linked_id": solution.id})
    opened.spread(frozenset({"agenda_item"}))
    settle(opened, qtbot)
    choose(page, KEY.Key_C, qtbot)
    settle(opened, qtbot)
    table = view(page).projection.table
    assert table is not None
    assert [row[1] for row in table.rows] == ["900 €"]
    take_part(solutions, solution.id, towns[1].id, "interested", commission_id=world.commission_id)
    opened.go("solutions")
    opened.spread(frozenset({"commitment"}))
    settle(opened, qtbot)
    table = view(page).projection.table
    assert table is not None
    assert [row[1] for row in table.rows] == ["450 €", "450 €"]


def test_escape_ends_the_projection_where_its_window_was_given_the_keyboard(
    page: MeetingPage, opened: MainWindow, qtbot: QtBot
) -> None:
    choose(page, KEY.Key_P, qtbot)
    window = page.showing.projector.window
    QTest.keyClick(opened, KEY.Key_Escape)
    assert page.showing.active
    QTest.keyClick(window, KEY.Key_Escape)
    assert not page.showing.active
    assert opened.isVisible()


def test_the_projection_closes_with_the_window(
    page: MeetingPage, opened: MainWindow, qtbot: QtBot
) -> None:
    choose(page, KEY.Key_P, qtbot)
    opened.close()
    assert not page.showing.active


# The view

LONG = Projection(
    head="Commission", title="Un titre qui n'en finit pas " * 20,
    lines=("Des mots et encore des mots. " * 60,) * 4,
    table=Table(("Commune", "Ensemble", "Seule"), tuple((f"Commune {n}", "1 €", "2 €")
                                                        for n in range(60))),
    quorum="Quorum atteint : 9 présents sur 12, il en faut 7",
)  # fmt: skip


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (1024, 768), (320, 180)])
def test_the_words_are_a_twentieth_of_the_screen_and_none_is_lost(
    theme: Theme, qtbot: QtBot, size: tuple[int, int]
) -> None:
    made = ProjectionView()
    qtbot.addWidget(made)
    made.resize(*size)
    made.show_projection(LONG)
    assert made.size_of(MAIN) >= size[1] / 20
    lines = 0
    for page in range(made.page_count):
        assert made.page == page
        assert sum(one.height for one in made.shown) <= max(
            made.body().height(), made.shown[0].height
        )
        lines += sum(not one.repeated for one in made.shown)
        made.turn()
    assert made.page == 0
    assert lines >= 60 + 4


def test_the_costs_of_a_solution_begin_at_their_first_page(theme: Theme, qtbot: QtBot) -> None:
    made = ProjectionView()
    qtbot.addWidget(made)
    made.resize(1280, 720)
    solution = Projection(subject="solution", title="Sauvegarde", lines=LONG.lines)
    made.show_projection(solution)
    made.turn()
    made.show_projection(replace(solution, lines=LONG.lines[:2]))
    assert made.page == 1
    made.show_projection(Projection(subject="costs", title="Sauvegarde", table=LONG.table))
    assert made.page == 0


class Reader(QPainter):
    """Keeps the words that it is given to paint."""

    def __init__(self, ground: QImage) -> None:
        super().__init__(ground)
        self.read: list[str] = []

    def drawText(self, area: QRectF, flags: Qt.AlignmentFlag, words: str) -> None:
        self.read.append(words)


@pytest.mark.parametrize("size", [(1920, 1080), (1024, 768)])
def test_a_question_put_to_the_vote_is_read_to_its_end_however_long(
    theme: Theme, qtbot: QtBot, size: tuple[int, int]
) -> None:
    made = ProjectionView()
    qtbot.addWidget(made)
    made.resize(*size)
    question = "Faut-il se joindre au groupement pour la sauvegarde, " * 12 + "et quand ?"
    made.show_projection(Projection(subject="ballot", title=question, lines=("Adopté",)))
    read = made.heading()
    ground = QImage(1, 1, QImage.Format.Format_RGB32)
    with Reader(ground) as painter:
        for _ in range(made.page_count):
            for strip in made.shown:
                strip.paint(painter, made.body())
            made.turn()
        read += painter.read
    assert plain(" ".join(read)) == f"{question} Adopté"
    made.show_projection(Projection(title="Sauvegarde"))
    assert made.heading() == ["Sauvegarde"]


def test_the_result_of_a_long_question_is_shown_as_it_comes(theme: Theme, qtbot: QtBot) -> None:
    made = ProjectionView()
    qtbot.addWidget(made)
    made.resize(1024, 768)
    for times in (1, 4, 12):
        asked = Projection(subject="ballot", title="Faut-il se joindre au groupement ? " * times)
        made.show_projection(asked)
        assert made.page == 0
        made.show_projection(replace(asked, lines=("Adopté",), tone="success"))
        ground = QImage(1, 1, QImage.Format.Format_RGB32)
        with Reader(ground) as painter:
            for strip in made.shown:
                strip.paint(painter, made.body())
        assert "Adopté" in painter.read


def test_how_many_are_missing_is_read_on_the_narrowest_projector(
    theme: Theme, qtbot: QtBot
) -> None:
    made = ProjectionView()
    qtbot.addWidget(made)
    made.resize(1024, 768)
    said = "Quorum non atteint : 12 présents sur 25, il en faut 13, il en manque 1"
    made.show_projection(Projection(title="Point", quorum=said, quorum_reached=False))
    assert plain(" ".join(made.quorum())) == said
    alone = made.body().height()
    made.resize(1920, 1080)
    assert len(made.quorum()) == 1
    assert made.body().height() > alone


def test_a_date_is_never_broken_on_the_projector(theme: Theme) -> None:
    font = QFont(FAMILY)
    font.setPixelSize(40)
    for width in range(400, 1000, 20):
        for line in broken("En vigueur le 1er septembre 2026, échéance le 1er mars", font, width):
            assert not line.endswith(("1er", "septembre")), width


def test_a_picture_in_a_line_breaks_no_word_on_the_projector(theme: Theme) -> None:
    said, font = "😀 La commune 😀 et la plateforme", QFont(FAMILY, 30)
    for width in range(300, 800, 20):
        assert plain(" ".join(broken(said, font, width))) == said
        assert said.startswith(plain(" ".join(broken(said, font, width, 2))).rstrip("…"))


# Screens

SCREENS = [
    {"name": name, "x": x, "y": 0, "width": width, "height": height,
     "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}
    for name, x, width, height in (
        ("projecteur", 1366, 1280, 720), ("salle", 0, 1366, 768), ("bureau", 2646, 1920, 1080)
    )
]  # fmt: skip
BEGIN = """
from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication
from ui.window import start
from ui.models.projection import Projection
from ui.window.projector import Projector
from PySide6.QtWidgets import QMainWindow

application = start.application()
room, wall = (next(s for s in application.screens() if s.name() == n)
              for n in ("salle", "projecteur"))
main = QMainWindow()
main.winId()
main.setScreen(room)
main.setGeometry(QRect(20, 20, 900, 600))
main.show()
projector = Projector(main)
said = []
projector.moved.connect(said.append)
projector.show(Projection(title="Point"))
window = projector.window
"""
ON_TWO_SCREENS = """
whole = window.geometry() == wall.geometry()
print("opens on", window.screen().name(), window.isFullScreen(), whole)
application.screenRemoved.emit(wall)
print("unplugged", window.screen().name(), window.isFullScreen(), main.isVisible(), bool(said))
application.screenAdded.emit(wall)
print("plugged in", window.screen().name(), window.isFullScreen())
main.setScreen(wall)
main.setGeometry(QRect(1500, 50, 900, 600))
application.screenRemoved.emit(wall)
print("brought back", room.geometry().contains(main.geometry()))
projector.stop()
main.setScreen(wall)
main.setGeometry(QRect(1500, 50, 900, 600))
said.clear()
projector.show(Projection(title="Point"))
window = projector.window
print("opens on", window.screen().name(), window.isFullScreen())
application.screenRemoved.emit(wall)
print("uncovers", room.geometry().contains(main.geometry()), window.isFullScreen(), bool(said))
"""


ON_THREE_SCREENS = """
unplugged = window.screen()
application.screenRemoved.emit(unplugged)
print(window.screen() not in (unplugged, room), window.isFullScreen(), said)
"""


def on_screens(number: int, script: str, tmp_path: Path) -> Sequence[str]:
    """What a program prints that projects where there are so many screens."""
    told = {"synchronousWindowSystemEvents": False, "windowFrameMargins": False}
    screens = tmp_path / "screens.json"
    screens.write_text(json.dumps(told | {"screens": SCREENS[:number]}))
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + script],
        env=os.environ | {"QT_QPA_PLATFORM": f"offscreen:configfile={screens}"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_projection_takes_the_second_screen_and_leaves_the_one_that_stays_to_the_program(
    tmp_path: Path,
) -> None:
    assert on_screens(2, ON_TWO_SCREENS, tmp_path) == [
        "opens on projecteur True True",
        "unplugged salle False True True",
        "plugged in projecteur True",
        "brought back True",
        "opens on salle True",
        "uncovers True False True",
    ]


def test_the_projection_goes_on_to_a_third_screen_and_says_so(tmp_path: Path) -> None:
    (told,) = on_screens(3, ON_THREE_SCREENS, tmp_path)
    assert told.startswith("True True") and "occupe un autre écran" in told
