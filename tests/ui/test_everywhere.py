"""What works from every page: undo, redo and the search of everything."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.bootstrap import Services
from tests.ui.conftest import settle
from ui.dialogs.search import SearchDialog
from ui.main_window import MainWindow


def test_undo_is_named_in_the_menu_and_takes_the_last_operation_back(
    qtbot: QtBot, window: MainWindow, services: Services, commission_id: str
) -> None:
    need = services.records.create("need", {"title": "Un"})
    services.records.update(need.id, {"title": "Deux"})
    window.open_on(services)
    undo, redo = window.actions_.undo, window.actions_.redo
    qtbot.waitUntil(lambda: undo.text() == "Annuler : Modification du besoin « Deux »")
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: redo.text() == "Rétablir : Modification du besoin « Un »")
    assert undo.text() == "Annuler : Ajout du besoin « Un »"
    assert services.records.get(need.id).fields.title == "Un"
    qtbot.keyClick(window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: not redo.isEnabled())
    assert services.records.get(need.id).fields.title == "Deux"


def test_operations_of_several_pages_are_taken_back_and_done_again_by_keys_alone(
    qtbot: QtBot, window: MainWindow, services: Services, commission_id: str
) -> None:
    for number in range(6):
        services.records.create("need", {"title": f"Besoin {number}"})
        services.records.create("meeting", {"title": f"Séance {number}"})
    window.open_on(services)
    settle(window, qtbot)
    for place in ("needs", "meetings", "needs"):
        window.go(place)
        settle(window, qtbot)
    for key, left in ((Qt.Key.Key_Z, 0), (Qt.Key.Key_Y, 6)):
        for _ in range(12):
            qtbot.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
        settle(window, qtbot)
        assert len(services.records.list("need")) == left
        assert len(services.records.list("meeting")) == left


def test_ctrl_k_finds_a_commune_and_enter_goes_there(
    qtbot: QtBot, window: MainWindow, services: Services, commission_id: str
) -> None:
    window.open_on(services)
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.findChild(SearchDialog) is not None)
    dialog = window.findChild(SearchDialog)
    assert isinstance(dialog, SearchDialog)
    qtbot.keyClicks(dialog.line, "etang vergy")
    qtbot.waitUntil(lambda: dialog.results.count() == 1)
    assert dialog.results.item(0).text().startswith("L'Étang-Vergy (21)\nCollectivité")
    qtbot.keyClick(dialog.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.place == "organisation")
