"""A folder that vanishes while the window is open: nothing is said to be saved, nothing is lost."""

from __future__ import annotations

import shutil

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.bootstrap import Services, open_services
from app.domain.wording import plain
from app.errors import StorageError
from tests.faults.read_only import WAYS, read_only
from tests.ui.acting import dialog, press, shown, visit
from tests.ui.conftest import settle
from tests.ui.keyboard import type_text
from tests.ui.world import World
from ui.dialogs.dialog import ConfirmDialog
from ui.pages.meeting.page import MeetingPage
from ui.pages.meeting.prepare import AWAITS
from ui.pages.need import NeedPage
from ui.pages.watch_note import WatchNotePage
from ui.widgets.autosave import Autosave, Saving
from ui.window.main_window import MainWindow


def test_a_folder_moved_away_gets_a_sentence_and_its_return_saves_the_words(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    need = world.make("need", title="Fibre")
    page = visit(opened, "need", NeedPage, qtbot, need.id)
    folder = world.services.workspace.folder
    folder.rename(folder.with_name("parti"))
    words = page.form.field("words")
    type_text(words, "Le maire demande la fibre.")
    qtbot.waitUntil(lambda: opened.navigation.saved.text() != "Tout est enregistré")
    qtbot.waitUntil(lambda: "n'est plus là" in plain(opened.refusal.text()))
    qtbot.waitUntil(lambda: worst_of(opened) is Saving.FAILED)
    opened.close()
    question = dialog(ConfirmDialog, opened, qtbot)
    assert opened.isVisible()
    question.reject()
    assert words.toPlainText() == "Le maire demande la fibre."
    folder.with_name("parti").rename(folder)
    qtbot.waitUntil(lambda: worst_of(opened) is Saving.SAVED)
    qtbot.waitUntil(lambda: "de nouveau là" in opened.banner.text())
    assert opened.navigation.saved.text() == "Tout est enregistré"
    assert world.get(need).words == "Le maire demande la fibre."


def test_a_refused_value_put_right_is_no_return_of_the_workspace(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    note = world.make("watch_note", title="RGAA")
    page = visit(opened, "watch_note", WatchNotePage, qtbot, note.id)
    most = page.audience.population_to
    type_text(most, "9" * 20)
    qtbot.waitUntil(lambda: worst_of(opened) is Saving.FAILED)
    most.clear()
    type_text(most, "500")
    qtbot.waitUntil(lambda: world.get(note).audience.population_to == 500)
    qtbot.waitUntil(lambda: worst_of(opened) is Saving.SAVED)
    assert not opened.banner.isVisible()


def test_words_noted_in_one_line_come_back_to_it_when_they_cannot_be_stored(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting()
    world.item(meeting, "Calendrier")
    world.services.meetings.open(meeting.id)
    page = visit(opened, "meeting", MeetingPage, qtbot, meeting.id)
    folder = world.services.workspace.folder
    folder.rename(folder.with_name("parti"))
    quick, new = page.hold.item.quick, page.prepare.agenda.line
    for ask, words in (
        (page.hold.item.decision, "Deux serveurs."),
        (page.hold.item.action, "Un ; Anne"),
    ):
        ask.trigger()
        type_text(quick.line, words)
        qtbot.keyClick(quick.line, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda words=words: quick.isVisible() and quick.line.text() == words)
        quick.line.clear()
    page.tabs.setCurrentWidget(page.prepare)
    type_text(new, "Tour de table, 30")
    qtbot.keyClick(new, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: new.text() == "Tour de table, 30")
    assert opened.background is not None
    opened.background.workspace_watch.look()
    settle(opened, qtbot)
    folder.with_name("parti").rename(folder)
    opened.go("home")  # where nothing else tells that it waits for Enter
    qtbot.waitUntil(lambda: shown(opened.refusal) == plain(AWAITS))
    press(opened.refusal, "Y revenir", qtbot)
    qtbot.waitUntil(new.isVisible)
    qtbot.keyClick(new, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(world.services.records.list("agenda_item")) == 2)
    assert new.text() == ""


def test_an_idle_window_says_it_too_and_never_that_all_is_saved(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    folder = world.services.workspace.folder
    assert opened.background is not None
    told: list[Exception] = []
    opened.background.workspace_watch.lost.connect(told.append)
    folder.rename(folder.with_name("parti"))
    for _ in range(3):
        opened.background.workspace_watch.look()
    qtbot.waitUntil(lambda: bool(told) and not opened.tasks.busy)
    assert opened.navigation.saved.text() != "Tout est enregistré"
    assert len(told) == 1
    folder.with_name("parti").rename(folder)
    with qtbot.waitSignal(opened.background.workspace_watch.back):
        opened.background.workspace_watch.look()
    qtbot.waitUntil(lambda: opened.navigation.saved.text() == "Tout est enregistré")


def test_its_return_does_not_have_a_line_begun_be_saved(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    need, meeting = world.make("need", title="Fibre"), world.meeting()
    line = visit(opened, "meeting", MeetingPage, qtbot, meeting.id).prepare.agenda.line
    type_text(line, "Tour de table")
    page = visit(opened, "need", NeedPage, qtbot, need.id)
    folder = world.services.workspace.folder
    folder.rename(folder.with_name("parti"))
    type_text(page.form.field("words"), "La fibre")
    qtbot.waitUntil(lambda: worst_of(opened) is Saving.FAILED)
    folder.with_name("parti").rename(folder)
    qtbot.waitUntil(lambda: "de nouveau là" in opened.banner.text())
    assert "enregistré" not in opened.banner.text()
    assert opened.navigation.saved.text() == "Saisie en cours…"


def test_words_never_go_to_a_file_that_was_removed(services: Services, commission_id: str) -> None:
    need = services.records.create("need", {"title": "Fibre"})
    folder = services.workspace.folder
    elsewhere = folder.with_name("ailleurs")
    with services.workspace.unit() as unit:
        unit.set_setting("author_name", "Anne")
        shutil.copytree(folder, elsewhere)
        shutil.rmtree(folder)
        with pytest.raises(StorageError, match="n'est plus là"):
            unit.commit()
    with pytest.raises(StorageError, match="n'est plus là"):
        services.records.update(need.id, {"title": "La fibre"})
    assert not folder.exists()
    elsewhere.rename(folder)  # as a stick put back: other files, the same workspace
    assert services.records.update(need.id, {"title": "La fibre"}).fields.title == "La fibre"


def worst_of(window: MainWindow) -> Saving:
    states = {one.state for one in window.findChildren(Autosave)}
    return next((s for s in (Saving.FAILED, Saving.PENDING) if s in states), Saving.SAVED)


@pytest.mark.parametrize("way", WAYS)
def test_words_typed_over_a_folder_that_can_only_be_read_are_saved_once_it_can_be_written(
    window: MainWindow, world: World, qtbot: QtBot, way: str
) -> None:
    need = world.make("need", title="Fibre")
    folder = world.services.workspace.folder.with_name("après une coupure")  # its log is there
    shutil.copytree(world.services.workspace.folder, folder)
    with read_only(folder, way):
        again = open_services(folder)
        window.open_on(again)
        page = visit(window, "need", NeedPage, qtbot, need.id)
        type_text(page.form.field("words"), "Le maire demande la fibre.")
        qtbot.waitUntil(lambda: worst_of(window) is Saving.FAILED)
        qtbot.waitUntil(lambda: "en lecture seule" in plain(window.refusal.text()))
        assert window.navigation.saved.text() != "Tout est enregistré"
    qtbot.waitUntil(lambda: worst_of(window) is Saving.SAVED)
    assert again.records.get(need.id).fields.words == "Le maire demande la fibre."
