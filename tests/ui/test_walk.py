"""A walk at random, the same each time: to look changes nothing, and each word stays where it was
typed, whatever is opened next.
"""

from __future__ import annotations

from random import Random

import pytest
from PySide6.QtWidgets import QTabWidget
from pytestqt.qtbot import QtBot

from app.bootstrap import Services
from app.clock import new_id
from app.domain.records import reference_id
from app.services.changes import Change
from tests.ui.acting import field
from tests.ui.conftest import settle
from tests.ui.keyboard import type_text
from tests.ui.world import World
from ui.pages.record_page import RecordPage
from ui.window.main_window import MainWindow
from ui.window.places import PLACES

VOUGEOT = reference_id("organisation", "21716")
TYPED_IN = {"need": "words", "solution": "description", "watch_note": "todo"}


@pytest.fixture
def other(world: World) -> World:
    """A second commission, which nothing of the first one is offered in."""
    commission_id = new_id()
    fields = {"name": "Commission de l'Auxois"}
    world.services.records.put([Change("commission", fields, commission_id, None)])
    return World(world.services, commission_id, {}, {})


def fill(world: World) -> dict[str, str]:
    """Records that name others of the same commission; gives their kinds by id."""
    meeting = world.meeting()
    world.item(meeting, "Tour de table")
    theme = world.services.region.themes()[0].fields.code
    speaker = {"speaker_person_id": next(iter(world.persons.values()), None)}
    said = {"raised_at_meeting_id": meeting.id, "theme": theme, "organisation_ids": [VOUGEOT]}
    need = world.make("need", title="Sauvegarde", **said, **speaker)
    solution = world.make("solution", title="Coffre", need_ids=[need.id], theme=theme)
    latter = world.make("watch_note", title="Règle de l'an")
    note = world.make("watch_note", title="Règle", theme=theme, superseded_by_id=latter.id)
    records = (meeting, need, solution, latter, note)
    return {one.id: one.fields.kind_name for one in records}


def last_change(services: Services) -> int:
    with services.workspace.unit() as unit:
        found = unit.connection.exec_driver_sql("SELECT max(change) FROM history").scalar_one()
    return int(found)


def wander(window: MainWindow, random: Random) -> None:
    """Turns to another tab or commission, to a list, or goes on by Tab."""
    page = window.pages[window.place]
    tabs = [one for one in page.findChildren(QTabWidget) if one.isVisible()]
    match random.randrange(5):
        case 0:
            window.go(random.choice(PLACES).name)
        case 1:
            window.commissions.turn(random.choice(list(window.commissions.known)))
        case 2 if tabs:
            tabs[0].setCurrentIndex(random.randrange(tabs[0].count()))
        case _:
            page.focusNextPrevChild(True)


@pytest.mark.parametrize("seed", range(2))
def test_a_walk_writes_nothing(
    several: MainWindow, world: World, other: World, qtbot: QtBot, seed: int
) -> None:
    random = Random(seed)
    kinds = fill(world) | fill(other) | {VOUGEOT: "organisation"}
    before = last_change(world.services)
    for _ in range(30):
        record_id = random.choice(list(kinds))
        several.go(kinds[record_id], record_id)
        if random.random() < 0.7:
            settle(several, qtbot)
        wander(several, random)
    settle(several, qtbot)
    for page in several.pages.values():
        page.flush()
    settle(several, qtbot)
    assert last_change(world.services) == before
    assert not several.keeping.unsaved()


def test_each_word_of_a_walk_is_where_it_was_typed(
    several: MainWindow, world: World, other: World, qtbot: QtBot
) -> None:
    random = Random(2027)
    kinds = {one: kind for one, kind in (fill(world) | fill(other)).items() if kind in TYPED_IN}
    typed: dict[str, str] = dict.fromkeys(kinds, "")
    for number in range(30):
        record_id = random.choice(list(kinds))
        several.go(kinds[record_id], record_id)
        settle(several, qtbot)
        page = several.pages[kinds[record_id]]
        assert isinstance(page, RecordPage)
        type_text(line := field(page.form, TYPED_IN[kinds[record_id]]), f"mot{number} ")
        typed[record_id] = line.toPlainText().strip()
        assert f"mot{number}" in typed[record_id]
        wander(several, random)
    several.pages[several.place].flush()
    settle(several, qtbot)
    records = world.services.records
    stored = {
        one: str(getattr(records.get(one).fields, TYPED_IN[kind])) for one, kind in kinds.items()
    }
    assert stored == typed
