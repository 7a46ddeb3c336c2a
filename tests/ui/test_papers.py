"""The documents of a page, shown to be read, printed or saved."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.bootstrap import Services
from app.domain.records import reference_id
from ui.dialogs.document import DocumentDialog
from ui.window.main_window import MainWindow

VOUGEOT = reference_id("organisation", "21716")


@pytest.mark.parametrize(
    "asked",
    [
        ("needs", "État des besoins"),
        ("watch", "Bulletin"),
        ("organisation", "Bulletin"),
        ("solution", "Coffre partagé"),
    ],
)
def test_ctrl_p_shows_the_document_of_the_page(
    qtbot: QtBot,
    window: MainWindow,
    services: Services,
    commission_id: str,
    asked: tuple[str, str],
) -> None:
    place, title = asked
    solution = services.records.create("solution", {"title": "Coffre partagé"})
    record_id = {"organisation": VOUGEOT, "solution": solution.id}.get(place, "")
    window.open_on(services)
    qtbot.waitUntil(lambda: window.commission_id is not None and not window.tasks.busy)
    window.go(place, record_id)
    page = window.pages[place]
    qtbot.waitUntil(lambda: not window.tasks.busy)
    page.setFocus()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(page, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.findChild(DocumentDialog) is not None)
    dialog = page.findChild(DocumentDialog)
    assert isinstance(dialog, DocumentDialog)
    assert title in dialog.windowTitle()
    qtbot.waitUntil(lambda: dialog.pane.made is not None)
    assert dialog.banner.isHidden()
