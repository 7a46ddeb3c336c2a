"""A workspace in a folder that a synchroniser copies: said in the window, and moved from there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.bootstrap import Services
from app.paths import present
from tests.ui.acting import dialog, press, shown
from tests.ui.conftest import settle
from tests.workspaces import new_workspace
from ui.pages.settings import SettingsPage
from ui.widgets.location_card import MoveDialog
from ui.window.main_window import MainWindow


@pytest.fixture
def synced(tmp_path: Path) -> Iterator[Services]:
    folder = tmp_path / "OneDrive - GIP" / "espace"
    services = Services(new_workspace(folder))
    services.records.create("commission", {"name": "Auxois"}, None)
    yield services
    services.close()


def test_the_window_warns_and_moves_the_workspace_where_the_user_says(
    window: MainWindow, synced: Services, qtbot: QtBot, tmp_path: Path
) -> None:
    former, target = synced.workspace.folder, tmp_path / "local"
    window.open_on(synced)
    qtbot.waitUntil(lambda: "synchronisé par OneDrive" in window.banner.text())
    press(window.banner, "Déplacer…", qtbot)
    page = window.pages["settings"]
    assert isinstance(page, SettingsPage)
    asked = dialog(MoveDialog, page, qtbot)
    asked.form.set_values({"target": str(former / "dedans")})
    asked.confirm.click()
    qtbot.waitUntil(lambda: "ne convient pas non plus" in asked.banner.text())
    asked.form.set_values({"target": str(target), "keep": False})
    went: list[Path] = []
    window.take_place = lambda folder: went.append(folder) or True
    asked.confirm.click()
    qtbot.waitUntil(lambda: went == [target])
    settle(window, qtbot)
    assert str(target) in shown(page.location)
    assert not page.location.warning.isVisible()
    synced.records.create("person", {"last_name": "Roy"})
    assert present(former) == target
    assert [path.name for path in former.iterdir()] == ["deplace.json"]
