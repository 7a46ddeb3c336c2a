"""A command line beside the open window: what it wrote appears, and what is being typed stays."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from pytestqt.qtbot import QtBot

from app.domain.wording import plain
from tests.ui.acting import column, visit
from tests.ui.conftest import settle
from tests.ui.keyboard import type_text
from tests.ui.world import World
from ui.errors import ABSENT
from ui.pages.need import NeedPage
from ui.pages.needs import NeedsPage
from ui.window.main_window import MainWindow


def put(world: World, path: Path, **change: object) -> None:
    path.write_text(json.dumps({"kind": "need", "commission_id": world.commission_id} | change))
    records(world, "put", str(path))


def records(world: World, verb: str, what: str) -> None:
    folder = str(world.services.workspace.folder)
    command = [sys.executable, "-m", "app", "--workspace", folder, "records", verb, what]
    subprocess.run(command, check=True, capture_output=True)


def test_what_a_command_line_writes_appears_in_the_list_on_screen(
    opened: MainWindow, world: World, qtbot: QtBot, tmp_path: Path
) -> None:
    page = visit(opened, "needs", NeedsPage, qtbot)
    put(world, tmp_path / "besoin.json", fields={"title": "Sauvegarde"})
    qtbot.waitUntil(lambda: "Sauvegarde" in column(page.panel.table))


def test_words_being_typed_stay_when_another_field_changes_beside(
    opened: MainWindow, world: World, qtbot: QtBot, tmp_path: Path
) -> None:
    need = world.make("need", title="Sauvegarde")
    page = visit(opened, "need", NeedPage, qtbot, need.id)
    words = page.form.field("words")
    words.setFocus()
    type_text(words, "Notre serveur")
    put(world, tmp_path / "besoin.json", id=need.id, fields={"title": "Sauvegarde externe"})
    type_text(words, " tombe")
    assert opened.background is not None
    opened.background.workspace_watch.look()
    settle(opened, qtbot)
    qtbot.waitUntil(lambda: page.form.editor("title").value() == "Sauvegarde externe")
    type_text(words, " souvent")
    page.flush()
    settle(opened, qtbot)
    assert world.get(need).words == "Notre serveur tombe souvent"
    assert world.get(need).title == "Sauvegarde externe"


def test_a_record_deleted_beside_is_left_with_a_sentence_that_says_where_it_is(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    need = world.make("need", title="Sauvegarde")
    visit(opened, "need", NeedPage, qtbot, need.id)
    records(world, "delete", need.id)
    assert opened.background is not None
    opened.background.workspace_watch.look()
    qtbot.waitUntil(lambda: opened.place == "needs")
    settle(opened, qtbot)
    assert plain(opened.banner.text()) == ABSENT


def test_a_record_opened_after_the_one_seen_last_was_deleted_beside_is_shown(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    gone, need = world.make("need", title="Fibre"), world.make("need", title="Sauvegarde")
    visit(opened, "need", NeedPage, qtbot, gone.id)
    visit(opened, "needs", NeedsPage, qtbot)
    world.services.records.delete(gone.id)
    opened.spread(frozenset({"need"}))
    settle(opened, qtbot)
    page = visit(opened, "need", NeedPage, qtbot, need.id)
    assert (opened.place, opened.where().record_id) == ("need", need.id)
    assert page.header.title.text() == "Sauvegarde"
    assert not opened.banner.isVisible()


def test_ones_own_changes_are_not_taken_for_anothers(opened: MainWindow, world: World) -> None:
    neighbours = world.services.neighbours
    neighbours.wrote()
    world.make("need", title="Fibre")
    assert not neighbours.wrote()
