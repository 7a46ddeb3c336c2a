"""Aide: F1 says what the keys do where the user is, as the actions that answer them say it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.acting import activate, dialog, shown, visit
from tests.ui.clipping import clipped
from tests.ui.conftest import settle
from tests.ui.spoken import unspoken
from tests.ui.world import World
from ui.dialogs.ballot import BallotDialog
from ui.dialogs.help import HelpDialog
from ui.dialogs.search import SearchDialog
from ui.pages.meeting.page import MeetingPage
from ui.pages.needs import NeedsPage
from ui.pages.watch import WatchPage
from ui.pages.welcome import Welcome
from ui.window.main_window import MainWindow
from ui.window.places import PLACES


def ask(window: MainWindow, qtbot: QtBot) -> HelpDialog:
    qtbot.keyClick(window, Qt.Key.Key_F1)
    return dialog(HelpDialog, window, qtbot)


def test_f1_says_the_keys_of_the_page_in_sight_and_of_the_window_and_they_are_those(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    visit(opened, "watch", WatchPage, qtbot)
    page = visit(opened, "needs", NeedsPage, qtbot)
    found = ask(opened, qtbot)
    assert list(found.parts) == ["Besoins", "Partout"]
    own, everywhere = dict(found.parts["Besoins"]), dict(found.parts["Partout"])
    assert own["Regrouper"] == page.group.shortcut().toString()
    assert (own["Supprimer"], own["Filtrer la liste"]) == ("Suppr", "Ctrl+F")
    assert "Bulletin de veille" not in own
    assert everywhere["Rechercher partout"] == "Ctrl+K"
    found.reject()
    activate(opened)
    for place in PLACES:
        QTest.keySequence(opened, QKeySequence(everywhere[place.title]))
        settle(opened, qtbot)
        assert opened.place == place.name


def test_no_key_of_a_page_is_one_of_the_window(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    everywhere = {key.toString() for one in opened.actions() for key in one.shortcuts()}
    meeting = world.meeting()
    for place, record_id in (*((one.name, "") for one in PLACES), ("meeting", meeting.id)):
        opened.go(place, record_id)
        settle(opened, qtbot)
        actions = opened.pages[place].findChildren(QAction)
        own = {key.toString() for one in actions for key in one.shortcuts()}
        assert own and own.isdisjoint(everywhere), place


def test_the_letters_of_the_roll_call_are_told_where_they_serve_alone(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    meeting = world.meeting()
    page = visit(opened, "meeting", MeetingPage, qtbot, meeting.id)
    for tab, told in ((page.prepare, False), (page.hold, True)):
        page.tabs.setCurrentWidget(tab)
        settle(opened, qtbot)
        found = ask(opened, qtbot)
        letters = dict(found.parts.get("Sur un siège de l'appel", []))
        assert (letters.get("Excusé") == "E") is told
        assert ("Aller à l'appel" in dict(found.parts["Séance"])) is told
        assert ("Onglet suivant", "Ctrl+Tab") in found.parts["Séance"]
        found.reject()
        activate(opened)


def test_f1_says_the_keys_of_a_dialog_that_stands_over_the_page(
    opened: MainWindow, world: World, qtbot: QtBot
) -> None:
    item = world.item(world.meeting(days=0), "Ouverture")
    world.services.meetings.open(item.fields.meeting_id)
    page = visit(opened, "meeting", MeetingPage, qtbot, item.fields.meeting_id)
    page.hold.item.ballot_asked.emit()
    ballot = dialog(BallotDialog, opened, qtbot)
    settle(opened, qtbot)
    activate(ballot)
    qtbot.keyClick(ballot.form.field("question"), Qt.Key.Key_F1)
    found = dialog(HelpDialog, ballot, qtbot)
    (keys,) = found.parts.values()
    assert {("Tous pour", "Ctrl+T"), ("Enregistrer", "Ctrl+Entrée"), ("Fermer", "Échap")} <= set(
        keys
    )
    found.reject()
    activate(ballot)
    ballot.reject()
    opened.actions_.search.trigger()
    search = dialog(SearchDialog, opened, qtbot)
    qtbot.keyClick(search, Qt.Key.Key_F1)
    assert list(dialog(HelpDialog, search, qtbot).parts) == ["Rechercher partout"]


def test_what_the_letters_find_is_said_and_enter_leaves_the_help_open(
    opened: MainWindow, qtbot: QtBot, heard: list[str]
) -> None:
    found = ask(opened, qtbot)
    qtbot.keyClicks(found.filter, "plein ecran")
    qtbot.waitUntil(lambda: heard == ["Plein écran, F11"])
    qtbot.keyClick(found.filter, Qt.Key.Key_Return)
    assert found.isVisible()
    found.filter.setText("zzz")
    qtbot.waitUntil(lambda: heard[1:] == ["Aucune touche ne correspond."])
    found.filter.setText("texte")
    qtbot.waitUntil(lambda: heard[2:] != [])
    assert "Taille normale du texte, Ctrl+0" in heard[2]


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_keys_are_found_by_a_few_letters_at_any_size_of_text(
    opened: MainWindow, world: World, qtbot: QtBot, scale: float
) -> None:
    opened.theme.set_scale(scale)
    visit(opened, "needs", NeedsPage, qtbot)
    assert opened.actions_.help in opened.navigation.menu.actions()
    found = ask(opened, qtbot)
    qtbot.waitUntil(lambda: clipped(found) == [])
    assert unspoken(found) == []
    assert found.focusWidget() is found.filter
    qtbot.keyClicks(found.filter, "ecran")
    qtbot.waitUntil(lambda: shown(found).endswith("Partout Plein écran F11"))
    qtbot.keyClicks(found.filter, "zzz")
    qtbot.waitUntil(lambda: "Aucune touche ne correspond." in shown(found))
    opened.theme.set_scale(1.0)


def test_help_is_there_before_any_workspace_and_tells_no_key_that_needs_one(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    window.show_instead(Welcome(tmp_path / "espace", window.tasks))
    found = ask(window, qtbot)
    assert list(found.parts) == ["Partout"]
    assert ("Plein écran", "F11") in found.parts["Partout"]
    assert (
        not {"Besoins", "Rechercher partout", "Synchroniser"} & dict(found.parts["Partout"]).keys()
    )


def test_the_places_are_reached_where_nothing_has_the_keyboard(
    opened: MainWindow, qtbot: QtBot
) -> None:
    activate(opened)
    if held := QApplication.focusWidget():
        held.clearFocus()
    QTest.keySequence(opened, QKeySequence("Ctrl+3"))
    qtbot.waitUntil(lambda: opened.place == "needs")
