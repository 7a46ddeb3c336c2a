"""The first start, and the way into a locked workspace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.bootstrap import Services, open_services
from app.domain.wording import plain
from app.errors import AppError, Locked, NoWorkspace
from app.paths import present
from app.storage import keyrings, protection
from app.storage.workspace import create
from app.sync.credentials import Credentials
from tests.central_server import Central, central
from tests.keyrings import no_keyring
from tests.ui.acting import activate, choose_passphrase, press, shown
from tests.ui.clipping import clipped
from tests.ui.conftest import settle
from tests.workspaces import new_workspace
from ui.dialogs.recovery_code import RecoveryCodeDialog
from ui.pages.sync import SyncPage
from ui.pages.welcome import Welcome
from ui.tasks import Tasks
from ui.theme import Theme
from ui.widgets.code_field import CodeField, add_code
from ui.widgets.fields import Choice
from ui.widgets.form import Form
from ui.widgets.path_field import PathField
from ui.window import start
from ui.window.main_window import MainWindow

__all__ = ["central"]


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
    assert "Les fichiers sont chiffrés" in shown(page)
    mode.set_value("none")
    mode.edited.emit()
    qtbot.waitUntil(lambda: "Les fichiers ne sont pas chiffrés" in shown(page))
    qtbot.mouseClick(page.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(opened))
    (commission,) = opened[0].records.list("commission")
    assert commission.fields.name == "Commission de l'Auxois"
    assert opened[0].records.history(commission.id)[0].author == "Anne Martin"
    assert opened[0].undo.next_undo() is None  # Ctrl+Z leaves the workspace with its commission
    opened[0].close()


def test_an_assembly_that_decides_is_told_where_its_notice_is_settled(
    qtbot: QtBot, tmp_path: Path, opened: list[Services]
) -> None:
    page = welcome_for(qtbot, tmp_path / "espace", NoWorkspace("x"), opened)
    profile = page.form.field("profile")
    assert isinstance(profile, Choice)
    for value, told in (("deliberative", True), ("commission", False)):
        profile.set_value(value)
        profile.edited.emit()
        assert ("le délai de convocation en dépend" in shown(page)) is told


def test_the_making_of_a_workspace_is_said_until_it_is_done_or_refused(
    qtbot: QtBot, tmp_path: Path, opened: list[Services]
) -> None:
    folder = tmp_path / "espace"
    folder.mkdir()
    (folder / "lettre.odt").touch()
    page = welcome_for(qtbot, folder, NoWorkspace("x"), opened)
    type_in(qtbot, page, "name", "Auxois")
    type_in(qtbot, page, "author_name", "Anne Martin")
    qtbot.mouseClick(page.confirm, Qt.MouseButton.LeftButton)
    assert "Création de l'espace de travail…" in shown(page)
    qtbot.waitUntil(page.confirm.isEnabled)
    assert "Création de l'espace de travail…" not in shown(page)


def test_a_folder_that_is_not_empty_is_said_without_a_word_of_the_command_line(
    qtbot: QtBot, tmp_path: Path, opened: list[Services]
) -> None:
    folder = tmp_path / "espace"
    folder.mkdir()
    (folder / "lettre.odt").touch()
    page = welcome_for(qtbot, folder, NoWorkspace("x"), opened)
    type_in(qtbot, page, "name", "Auxois")
    type_in(qtbot, page, "author_name", "Anne Martin")
    qtbot.mouseClick(page.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "n'est pas un dossier vide" in page.banner.text())
    assert page.banner.text().endswith("mettez ailleurs ce qu'il contient, puis recommencez.")


def test_enter_in_a_field_makes_the_workspace_as_the_button_does(
    qtbot: QtBot, tmp_path: Path, opened: list[Services]
) -> None:
    page = welcome_for(qtbot, tmp_path / "espace", NoWorkspace("x"), opened)
    type_in(qtbot, page, "name", "Auxois")
    page.form.field("mode").set_value("none")
    type_in(qtbot, page, "author_name", "Anne Martin")
    qtbot.keyClick(page.form.field("author_name"), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(opened))
    opened[0].close()


def test_the_recovery_code_is_shown_before_anything_is_written(
    qtbot: QtBot, tmp_path: Path, opened: list[Services]
) -> None:
    page = welcome_for(qtbot, tmp_path / "espace", NoWorkspace("x"), opened)
    type_in(qtbot, page, "name", "Auxois")
    type_in(qtbot, page, "author_name", "Anne Martin")
    choose_passphrase(page.form, "quatre mots bien choisis", qtbot)
    type_in(qtbot, page, "again", "quatre mots bien choisi")
    qtbot.mouseClick(page.confirm, Qt.MouseButton.LeftButton)
    assert "Les deux phrases de passe diffèrent : écrivez ici la même." in shown(page)
    assert page.focusWidget() is page.form.field("again")
    type_in(qtbot, page, "again", "quatre mots bien choisis")
    qtbot.mouseClick(page.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: page.findChild(RecoveryCodeDialog) is not None)
    dialog = page.findChild(RecoveryCodeDialog)
    assert isinstance(dialog, RecoveryCodeDialog)
    assert not page.working.isVisible()  # it waits for the user, not the user for it
    assert not (tmp_path / "espace").exists()
    assert not dialog.confirm.isEnabled()
    activate(dialog)
    dialog.noted.setFocus()
    qtbot.keyClick(dialog.noted, Qt.Key.Key_Return)
    assert dialog.isVisible()
    qtbot.keyClick(dialog.noted, Qt.Key.Key_Space)
    qtbot.keyClick(dialog.noted, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(opened))
    opened[0].close()
    again = open_services(tmp_path / "espace", "quatre mots bien choisis")
    again.close()


def test_in_large_text_the_recovery_code_is_read_whole(
    theme: Theme, tasks: Tasks, qtbot: QtBot
) -> None:
    theme.set_scale(2.0)
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    code = "BCWCF-TAQ2S-ZH5RK-WM114-KVYA0-X315E-31CBF"
    dialog = RecoveryCodeDialog(code, lambda: pytest.fail("nothing is printed"), tasks, parent)
    dialog.open()
    dialog.copy.click()  # a sentence comes above
    qtbot.waitUntil(dialog.banner.isVisible)
    qtbot.waitUntil(lambda: not clipped(dialog))
    assert dialog.confirm.visibleRegion().boundingRect() == dialog.confirm.rect()


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
    assert "le code de secours de la fiche ouvre aussi" in page.banner.text()
    assert page.lost.isVisible()
    qtbot.keyClicks(page.form.field("secret"), "quatre mots bien choisis")  # over the wrong one
    qtbot.keyClick(page.form.field("secret"), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(opened))
    opened[0].close()


def test_the_passphrase_is_asked_for_again_on_the_way_back_from_the_code(
    qtbot: QtBot, tmp_path: Path, opened: list[Services]
) -> None:
    folder = tmp_path / "espace"
    lock = protection.choose("passphrase", "quatre mots bien choisis", workspace="essai")
    create(folder, lock).close()
    page = welcome_for(qtbot, folder, Locked("x", "passphrase"), opened)
    type_in(qtbot, page, "secret", "une autre phrase")
    qtbot.keyClick(page.form.field("secret"), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "n'est pas la bonne" in page.banner.text())
    qtbot.mouseClick(page.lost, Qt.MouseButton.LeftButton)
    assert not page.banner.isVisible()
    qtbot.mouseClick(page.back, Qt.MouseButton.LeftButton)
    assert (page.lost.isVisible(), page.back.isVisible()) == (True, False)
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
    qtbot.waitUntil(lambda: "Le groupe n° 7 du code de secours est mal recopié :" in shown(page))
    choose_passphrase(page.form, "une nouvelle phrase de passe", qtbot)
    qtbot.keyClick(page.form.field("code"), Qt.Key.Key_Return)
    type_in(qtbot, page, "code", lock.recovery_code[:-6])
    qtbot.keyClick(page.form.field("code"), Qt.Key.Key_Return)
    assert "compte 7 groupes de 5 caractères" in shown(page)
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


@pytest.mark.parametrize(
    "note",
    ['{"to": 3}', '{"to": "/pas/ici"}', f'{{"to": "/{"x" * 300}"}}'],
    ids=["unread", "missing", "unreachable"],
)
def test_a_workspace_that_moved_and_is_not_found_is_chosen_in_the_window(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, note: str
) -> None:
    former, place = tmp_path / "espace", tmp_path / "déplacé"
    former.mkdir()
    (former / "deplace.json").write_text(note)
    services = Services(new_workspace(place))
    services.records.create("commission", {"name": "Auxois"}, None)
    services.close()
    page = first_page(qtbot, window, former)
    assert "Où est l'espace de travail ?" in shown(page)
    assert "choisi" in page.lead.text()
    assert "--workspace" not in page.lead.text()
    qtbot.mouseClick(page.copy, Qt.MouseButton.LeftButton)
    proposed = page.form.field("folder")
    assert isinstance(proposed, PathField)
    assert proposed.value() == str(tmp_path / "espace-2")
    qtbot.mouseClick(page.back, Qt.MouseButton.LeftButton)
    chosen = [str(tmp_path), str(place)]
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *args: chosen.pop(0))
    field = page.form.field("place")
    assert isinstance(field, PathField)
    qtbot.mouseClick(field.choose, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(page.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Il n'y a pas d'espace de travail" in shown(page))
    qtbot.mouseClick(field.choose, Qt.MouseButton.LeftButton)
    went: list[Path] = []
    window.take_place = lambda folder: went.append(folder) or True
    qtbot.mouseClick(page.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: went == [place])
    qtbot.waitUntil(lambda: "home" in window.pages)
    settle(window, qtbot)
    assert present(former) == place
    assert window.services is not None
    window.services.close()


class Copied(NamedTuple):
    """The copy of a computer that is lost, and its recovery code."""

    file: Path
    code: str


@pytest.fixture
def copied(tmp_path: Path) -> Iterator[Copied]:
    lock = protection.choose("keyring", workspace="ordinateur-perdu")
    assert lock.recovery_code is not None
    services = Services(create(tmp_path / "perdu", lock))
    services.settings.set("author_name", "Paul Fromentin")
    services.records.create("commission", {"name": "Auxois"}, None)
    file = services.backups.save(tmp_path / "clé" / "copie.sauvegarde")
    services.close()
    keyrings.forget_secret("ordinateur-perdu")
    yield Copied(file, lock.recovery_code)
    keyrings.forget_secret("ordinateur-perdu")


def first_page(qtbot: QtBot, window: MainWindow, folder: Path) -> Welcome:
    """What the window shows where there is no workspace."""
    start.open_in(window, folder, None)
    qtbot.waitUntil(lambda: window.findChild(Welcome) is not None)
    page = window.findChild(Welcome)
    assert isinstance(page, Welcome)
    return page


def test_a_code_of_the_gip_brings_its_commission_to_a_first_start(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, central: Central
) -> None:
    beaune = central.commission("Beaune")
    facilitator = central.facilitator(beaune, name="Odile Faivre")
    page = first_page(qtbot, window, tmp_path / "espace")
    qtbot.mouseClick(page.invited, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(page.confirm, Qt.MouseButton.LeftButton)
    assert "Recopiez le code donné par le GIP." in shown(page)
    page.form.set_values({"url": "http://central.example", "code": "FAUX", "mode": "none"})
    qtbot.mouseClick(page.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "commence par https://" in shown(page))
    page.form.set_values({"url": central.url, "ca": str(tmp_path / "absent.pem")})
    qtbot.mouseClick(page.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "absent.pem » ne peut être lu" in shown(page))
    assert not (tmp_path / "espace").exists()
    page.form.set_values(
        {"url": central.url, "code": "FAUX", "ca": str(central.authority), "mode": "none"}
    )
    qtbot.mouseClick(page.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "sync" in window.pages)
    sync, services = window.pages["sync"], window.services
    assert isinstance(sync, SyncPage)
    assert services is not None
    qtbot.waitUntil(sync.tie.banner.isVisible)  # what was typed is there to be mended
    assert sync.tie.form.editor("code").value() == "FAUX"
    assert services.records.list("commission") == []
    sync.tie.form.set_values({"code": central.code(facilitator)})
    sync.tie.tie.click()
    qtbot.waitUntil(lambda: window.commission_id == beaune)
    assert plain(window.banner.text()).endswith("Synchronisez pour recevoir ce qu'elle contient.")
    settle(window, qtbot)
    assert services.workspace.signed_by == "Odile Faivre"
    services.sync.close()
    services.close()


def test_without_passphrase_nor_code_the_commission_comes_back_beside_by_a_code_of_the_gip(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, central: Central
) -> None:
    beaune = central.commission("Beaune")
    facilitator = central.facilitator(beaune)
    folder = tmp_path / "espace"
    create(
        folder, protection.choose("passphrase", "quatre mots bien choisis", workspace="e")
    ).close()
    before = (folder / "commissions.db").read_bytes()
    page = first_page(qtbot, window, folder)
    for button in (page.lost, page.uncoded, page.invited):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    for title in ("Repartir dans un autre dossier", "Ouvrir avec le code de secours"):
        qtbot.mouseClick(page.back, Qt.MouseButton.LeftButton)
        assert page.title.text() == title
    qtbot.mouseClick(page.back, Qt.MouseButton.LeftButton)
    for button in (page.lost, page.uncoded, page.invited):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    page.form.set_values(
        {
            "url": central.url,
            "code": central.code(facilitator),
            "ca": str(central.authority),
            "mode": "none",
        }
    )
    qtbot.mouseClick(page.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.commission_id == beaune)
    settle(window, qtbot)
    services = window.services
    assert services is not None
    assert services.workspace.folder == present(folder) == tmp_path / "espace-2"
    assert (folder / "commissions.db").read_bytes() == before
    services.sync.close()
    services.close()


def choose_copy(qtbot: QtBot, page: Welcome, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Goes to the copies from the first page, looks for a file by the system's dialog, and says
    who works from now on.
    """
    qtbot.mouseClick(page.copy, Qt.MouseButton.LeftButton)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *args: (str(file), ""))
    field = page.form.field("file")
    assert isinstance(field, PathField)
    qtbot.mouseClick(field.choose, Qt.MouseButton.LeftButton)
    assert field.value() == str(file)
    type_in(qtbot, page, "author_name", "Anne Martin")
    qtbot.waitUntil(lambda: not page.tasks.busy)


def test_the_copy_of_a_lost_computer_comes_back_by_its_code_in_one_go(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, copied: Copied,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    folder = tmp_path / "espace"
    page = first_page(qtbot, window, folder)
    choose_copy(qtbot, page, copied.file, monkeypatch)
    page.confirm.click()
    assert "Recopiez le code de la fiche." in shown(page)
    type_in(qtbot, page, "code", copied.code.lower().replace("-", ""))
    assert page.form.editor("code").value() == copied.code
    press(page, "Reprendre la copie", qtbot)
    assert page.working.isVisible()
    qtbot.waitUntil(lambda: window.services is not None)
    assert window.services is not None
    assert window.services.workspace.folder == folder
    [commission] = window.services.records.list("commission")
    assert window.services.safety.mode() == "keyring"
    settle(window, qtbot)
    window.services.records.update(commission.id, {"name": "Auxois et Morvan"})
    signed = [entry.author for entry in window.services.records.history(commission.id)]
    assert signed == ["Anne Martin", "Paul Fromentin"]
    window.services.close()
    open_services(folder).close()


def test_a_copy_comes_back_elsewhere_under_a_passphrase_and_is_found_there_the_next_time(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, copied: Copied,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    folder, chosen = tmp_path / "usuel" / "espace", tmp_path / "grand disque"
    (chosen / "espace").mkdir(parents=True)
    (chosen / "espace" / "photo.jpg").write_bytes(b"")
    page = first_page(qtbot, window, folder)
    choose_copy(qtbot, page, copied.file, monkeypatch)
    type_in(qtbot, page, "code", copied.code)
    where = page.form.field("folder")
    assert isinstance(where, PathField)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *args: str(chosen))
    qtbot.mouseClick(where.choose, Qt.MouseButton.LeftButton)
    choose_passphrase(page.form, "trop court", qtbot)
    page.confirm.click()
    qtbot.waitUntil(lambda: "Il faut un dossier nouveau ou vide" in shown(page))
    (chosen / "espace" / "photo.jpg").unlink()
    page.confirm.click()
    qtbot.waitUntil(lambda: "Il faut au moins 12 caractères." in shown(page))
    assert not folder.exists()
    choose_passphrase(page.form, "quatre mots bien choisis", qtbot)
    went: list[Path] = []
    window.take_place = lambda folder: went.append(folder) or True
    page.confirm.click()
    qtbot.waitUntil(lambda: went == [chosen / "espace"])
    settle(window, qtbot)
    assert window.services is not None
    window.services.close()
    assert present(folder) == chosen / "espace"
    open_services(present(folder), "quatre mots bien choisis").close()


def test_what_was_typed_is_found_again_on_the_way_back_from_the_copy_and_to_it(
    qtbot: QtBot, tmp_path: Path, opened: list[Services]
) -> None:
    page = welcome_for(qtbot, tmp_path / "espace", NoWorkspace("x"), opened)
    type_in(qtbot, page, "name", "Commission de l'Auxois")
    press(page, "J'ai une copie et son code de secours…", qtbot)
    type_in(qtbot, page, "code", "abcde")
    press(page, "Retour", qtbot)
    assert page.form.editor("name").value() == "Commission de l'Auxois"
    assert page.focusWidget() is page.form.field("name")
    press(page, "J'ai une copie et son code de secours…", qtbot)
    code = page.form.field("code")
    assert isinstance(code, CodeField)
    assert code.text() == "ABCDE"


def test_a_wrong_code_or_a_file_that_is_no_copy_is_said_and_nothing_is_made(
    qtbot: QtBot, tmp_path: Path, copied: Copied, opened: list[Services],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    page = welcome_for(qtbot, tmp_path / "espace", NoWorkspace("x"), opened)
    (tmp_path / "notes.txt").write_text("rien")
    (tmp_path / "commission.zip").write_text("rien")
    choose_copy(qtbot, page, tmp_path / "commission.zip", monkeypatch)
    assert "demandez une copie « .sauvegarde »" in shown(page)
    press(page, "Retour", qtbot)
    choose_copy(qtbot, page, tmp_path / "notes.txt", monkeypatch)
    assert "n'est pas une copie faite par ce programme" in shown(page)
    press(page, "Retour", qtbot)
    assert page.title.text() == "Bienvenue"
    choose_copy(qtbot, page, copied.file, monkeypatch)
    type_in(qtbot, page, "code", protection.new_recovery_code())
    page.confirm.click()
    qtbot.waitUntil(lambda: "Le code de secours n'est pas le bon" in shown(page))
    assert page.confirm.isEnabled()
    assert not page.working.isVisible()
    assert not (tmp_path / "espace").exists()


def test_what_goes_wrong_at_twice_the_size_comes_into_sight(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, copied: Copied,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    window.theme.set_scale(2.0)
    window.resize(1366, 768)
    page = first_page(qtbot, window, tmp_path / "espace")
    choose_copy(qtbot, page, copied.file, monkeypatch)
    type_in(qtbot, page, "code", protection.new_recovery_code())
    page.back.setFocus()
    qtbot.keyClick(page.back, Qt.Key.Key_Tab)
    assert page.confirm.hasFocus() and page.title.visibleRegion().isEmpty()
    qtbot.keyClick(page.confirm, Qt.Key.Key_Return)
    qtbot.waitUntil(page.banner.isVisible)
    qtbot.waitUntil(lambda: page.banner.visibleRegion().boundingRect() == page.banner.rect())
    assert page.confirm.hasFocus()
    window.theme.set_scale(1.0)


def test_a_computer_without_a_keyring_offers_a_passphrase_for_the_copy(
    qtbot: QtBot, tmp_path: Path, copied: Copied, opened: list[Services],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    page = welcome_for(qtbot, tmp_path / "espace", NoWorkspace("x"), opened)
    choose_copy(qtbot, page, copied.file, monkeypatch)
    type_in(qtbot, page, "code", copied.code)
    with no_keyring():
        page.confirm.click()
        qtbot.waitUntil(lambda: "Aucun trousseau de clés utilisable" in shown(page))
        assert "--protect" not in shown(page)
        choose_passphrase(page.form, "quatre mots bien choisis", qtbot)
        page.confirm.click()
        qtbot.waitUntil(lambda: bool(opened))
    opened[0].close()


def test_a_copy_that_nothing_protects_comes_back_without_a_code(
    qtbot: QtBot, tmp_path: Path, opened: list[Services], monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = Services(new_workspace(tmp_path / "ancien"))
    file = bare.backups.save(tmp_path / "copie.sauvegarde")
    bare.close()
    page = welcome_for(qtbot, tmp_path / "espace", NoWorkspace("x"), opened)
    choose_copy(qtbot, page, file, monkeypatch)
    assert not page.form.field("code").isVisible()
    page.confirm.click()
    qtbot.waitUntil(lambda: bool(opened))
    assert opened[0].safety.mode() == "none"
    opened[0].close()


def test_a_workspace_left_unprotected_says_that_its_token_is_gone(
    qtbot: QtBot, tmp_path: Path, opened: list[Services]
) -> None:
    folder = tmp_path / "espace"
    lock = protection.choose("passphrase", "quatre mots bien choisis", workspace="essai")
    workspace = create(folder, lock)
    with no_keyring():
        Credentials(workspace).keep("un-jeton-de-256-bits")
        workspace.close()
        page = welcome_for(qtbot, folder, Locked("x", "passphrase"), opened)
        qtbot.mouseClick(page.lost, Qt.MouseButton.LeftButton)
        assert lock.recovery_code is not None
        type_in(qtbot, page, "code", lock.recovery_code)
        mode = page.form.field("mode")
        assert isinstance(mode, Choice)
        mode.set_value("none")
        with qtbot.waitSignal(page.told) as told:
            page.confirm.click()
    assert "un nouveau code au GIP" in told.args[0]
    opened[0].close()


def test_a_damaged_workspace_that_the_code_opens_goes_on_to_its_repair(
    qtbot: QtBot, tmp_path: Path, opened: list[Services]
) -> None:
    folder = tmp_path / "espace"
    lock = protection.choose("passphrase", "quatre mots bien choisis", workspace="essai")
    create(folder, lock).close()
    content = bytearray((folder / "commissions.db").read_bytes())
    content[100:2000] = bytes(1900)
    (folder / "commissions.db").write_bytes(content)
    page = welcome_for(qtbot, folder, Locked("x", "passphrase"), opened)
    qtbot.mouseClick(page.lost, Qt.MouseButton.LeftButton)
    assert lock.recovery_code is not None
    type_in(qtbot, page, "code", lock.recovery_code)
    choose_passphrase(page.form, "une nouvelle phrase de passe", qtbot)
    with qtbot.waitSignal(page.damaged) as found:
        page.confirm.click()
    assert found.args == ["une nouvelle phrase de passe"]


def test_a_code_typed_without_slip_is_not_spoken_over(qtbot: QtBot, heard: list[str]) -> None:
    form = Form()
    qtbot.addWidget(form)
    field = add_code(form)
    form.show()
    activate(form)
    field.setFocus()
    qtbot.keyClicks(field, "BCWC")
    assert heard == []
    qtbot.keyClicks(field, "G")
    (fault,) = heard
    assert fault.startswith("Code de secours, Le groupe n° 1")


def test_a_code_is_set_in_groups_wherever_it_is_corrected(qtbot: QtBot) -> None:
    field = CodeField()
    qtbot.addWidget(field)
    qtbot.keyClicks(field, "abcdefgh 12")
    assert field.text() == "ABCDE-FGH12"
    field.setCursorPosition(2)
    qtbot.keyClicks(field, "xy")
    assert (field.text(), field.cursorPosition()) == ("ABXYC-DEFGH-12", 4)
    qtbot.keyClicks(field, "z")
    assert (field.text(), field.cursorPosition()) == ("ABXYZ-CDEFG-H12", 5)
    for _ in range(3):
        qtbot.keyClick(field, Qt.Key.Key_Backspace)
    assert (field.text(), field.cursorPosition()) == ("ABCDE-FGH12", 2)
    field.clear()
    qtbot.keyClicks(field, "abcdef")
    for _ in range(2):
        qtbot.keyClick(field, Qt.Key.Key_Backspace)
    assert field.text() == "ABCD"
    field.clear()
    QApplication.clipboard().setText("abcde – fgh12.")
    field.paste()
    assert field.text() == "ABCDE-FGH12"
