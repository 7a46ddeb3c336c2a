"""The first start, and the way into a locked workspace."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.bootstrap import Services, open_services
from app.errors import AppError, Locked, NoWorkspace
from app.storage import keyrings, protection
from app.storage.workspace import create
from ui import start
from ui.dialogs.recovery_code import RecoveryCodeDialog
from ui.main_window import MainWindow
from ui.pages.welcome import Welcome
from ui.tasks import Tasks
from ui.widgets.fields import Choice


@pytest.fixture
def opened() -> list[Services]:
    return []


def welcome_for(qtbot: QtBot, folder: Path, error: AppError, opened: list[Services]) -> Welcome:
    tasks = Tasks(lambda error: pytest.fail(str(error)))
    page = Welcome(folder, tasks)
    tasks.setParent(page)
    qtbot.addWidget(page)
    page.opened.connect(opened.append)
    page.ask(error)
    page.resize(1366, 768)
    page.show()
    return page


def type_in(qtbot: QtBot, page: Welcome, name: str, text: str) -> None:
    field = page.form.field(name)
    assert isinstance(field, QLineEdit)
    field.clear()
    qtbot.keyClicks(field, text)


def test_the_first_start_makes_a_workspace_with_its_commission(
    qtbot: QtBot, tmp_path: Path, opened: list[Services]
) -> None:
    page = welcome_for(qtbot, tmp_path / "espace", NoWorkspace("x"), opened)
    qtbot.mouseClick(page.confirm, Qt.MouseButton.LeftButton)
    assert not (tmp_path / "espace").exists()
    type_in(qtbot, page, "name", "Commission de l'Auxois")
    type_in(qtbot, page, "author_name", "Anne Martin")
    mode = page.form.field("mode")
    assert isinstance(mode, Choice)
    mode.set_value("none")
    qtbot.mouseClick(page.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(opened))
    (commission,) = opened[0].records.list("commission")
    assert commission.fields.name == "Commission de l'Auxois"
    assert opened[0].records.history(commission.id)[0].author == "Anne Martin"
    opened[0].close()


def test_the_recovery_code_is_shown_before_anything_is_written(
    qtbot: QtBot, tmp_path: Path, opened: list[Services]
) -> None:
    page = welcome_for(qtbot, tmp_path / "espace", NoWorkspace("x"), opened)
    type_in(qtbot, page, "name", "Auxois")
    type_in(qtbot, page, "author_name", "Anne Martin")
    mode = page.form.field("mode")
    assert isinstance(mode, Choice)
    mode.set_value("passphrase")
    mode.edited.emit()
    type_in(qtbot, page, "passphrase", "quatre mots bien choisis")
    qtbot.mouseClick(page.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.findChild(RecoveryCodeDialog) is not None)
    dialog = page.findChild(RecoveryCodeDialog)
    assert isinstance(dialog, RecoveryCodeDialog)
    assert not (tmp_path / "espace").exists()
    assert not dialog.confirm.isEnabled()
    dialog.noted.click()
    dialog.confirm.click()
    qtbot.waitUntil(lambda: bool(opened))
    opened[0].close()
    again = open_services(tmp_path / "espace", "quatre mots bien choisis")
    again.close()


def test_a_locked_workspace_asks_for_its_passphrase_until_it_is_right(
    qtbot: QtBot, tmp_path: Path, opened: list[Services]
) -> None:
    folder = tmp_path / "espace"
    lock = protection.choose("passphrase", "quatre mots bien choisis", workspace="essai")
    create(folder, lock).close()
    with pytest.raises(AppError) as caught:
        open_services(folder)
    page = welcome_for(qtbot, folder, caught.value, opened)
    type_in(qtbot, page, "secret", "une autre phrase")
    qtbot.keyClick(page.form.field("secret"), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "n'est pas la bonne" in page.banner.text())
    type_in(qtbot, page, "secret", "quatre mots bien choisis")
    qtbot.keyClick(page.form.field("secret"), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(opened))
    opened[0].close()


def test_a_lost_passphrase_gives_way_to_the_code_and_a_new_passphrase(
    qtbot: QtBot, tmp_path: Path, opened: list[Services]
) -> None:
    folder = tmp_path / "espace"
    lock = protection.choose("passphrase", "quatre mots bien choisis", workspace="essai")
    create(folder, lock).close()
    page = welcome_for(qtbot, folder, Locked("x", "passphrase"), opened)
    qtbot.mouseClick(page.lost, Qt.MouseButton.LeftButton)
    assert lock.recovery_code is not None
    type_in(qtbot, page, "code", f"{lock.recovery_code[:-1]}?")
    mode = page.form.field("mode")
    assert isinstance(mode, Choice)
    mode.set_value("passphrase")
    mode.edited.emit()
    type_in(qtbot, page, "passphrase", "une nouvelle phrase de passe")
    qtbot.keyClick(page.form.field("code"), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "7 groupes" in page.banner.text())
    type_in(qtbot, page, "code", lock.recovery_code.lower())
    qtbot.keyClick(page.form.field("code"), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(opened))
    opened[0].close()
    open_services(folder, "une nouvelle phrase de passe").close()


def test_the_window_asks_for_the_code_when_the_keyring_has_lost_its_key(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    folder = tmp_path / "espace"
    lock = protection.choose("keyring", workspace="essai-fenetre")
    assert lock.recovery_code is not None
    services = Services(create(folder, lock))
    services.records.create("commission", {"name": "Auxois"}, None)
    services.close()
    keyrings.forget_secret("essai-fenetre")
    start.open_in(window, folder, None)
    qtbot.waitUntil(lambda: window.findChild(Welcome) is not None)
    page = window.findChild(Welcome)
    assert isinstance(page, Welcome)
    assert "perdu la clé" in page.lead.text()
    assert sorted(path.name for path in folder.iterdir()) == ["commissions.db", "protection.json"]
    type_in(qtbot, page, "code", lock.recovery_code)
    page.confirm.click()
    qtbot.waitUntil(lambda: window.services is not None)
    assert window.services is not None
    assert len(window.services.records.list("commission")) == 1
    assert keyrings.read_secret("essai-fenetre") is not None
    qtbot.waitUntil(lambda: not window.tasks.busy)
    window.services.close()
    keyrings.forget_secret("essai-fenetre")
