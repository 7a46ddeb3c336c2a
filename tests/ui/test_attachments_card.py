"""Files on a need's page: dropped, looked at, saved, removed, and only read when sealed."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QToolButton
from pytestqt.qtbot import QtBot

from app.domain.wording import plain
from app.services.attachments import File
from tests.app.sync.conftest import Laptop, central, laptop, meddler, troubled
from tests.app.sync.meddler import Meddler
from tests.ui.acting import activate, dialog, field, lines, press, shown, undo, visit
from tests.ui.conftest import settle
from tests.ui.world import World
from ui.dialogs.attachment import LONGEST, ImageDialog, read_image
from ui.pages.need import NeedPage
from ui.pages.page import NEW
from ui.pages.sync import SyncPage
from ui.widgets.attachments_card import AttachmentsCard
from ui.widgets.line import Line
from ui.window.main_window import MainWindow

__all__ = ["central", "laptop", "meddler", "troubled"]

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "tableau.png"
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    assert image.save(str(path))
    return path


@pytest.fixture
def page(opened: MainWindow, world: World, qtbot: QtBot) -> NeedPage:
    need = world.make("need", title="Sauvegardes")
    return visit(opened, "need", NeedPage, qtbot, need.id)


def press_icon(card: AttachmentsCard, name: str, qtbot: QtBot) -> None:
    found = [one for one in card.findChildren(QToolButton) if one.accessibleName() == name]
    qtbot.mouseClick(found[0], LEFT)


def test_a_card_without_a_file_says_what_goes_there(page: NeedPage) -> None:
    assert "déposez-les ici" in shown(page.attachments)


def test_files_chosen_are_kept_with_the_need(
    page: NeedPage, world: World, photo: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *args: ([str(photo)], ""))
    press(page.attachments, "Ajouter…", qtbot)
    said = f"tableau.png, {photo.stat().st_size} octets"
    qtbot.waitUntil(lambda: lines(page.attachments) == [said])
    [held] = world.services.attachments.of(page.record_id)
    assert world.services.attachments.content(held.record.id) == photo.read_bytes()


def test_a_file_dropped_on_the_card_is_kept(page: NeedPage, photo: Path, qtbot: QtBot) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(photo))])
    held = (Qt.DropAction.CopyAction, data, LEFT, Qt.KeyboardModifier.NoModifier)
    page.attachments.dropEvent(QDropEvent(QPointF(5, 5), *held))
    qtbot.waitUntil(lambda: len(lines(page.attachments)) == 1)


def test_a_file_dropped_where_one_writes_does_not_write_where_it_lies(
    page: NeedPage, photo: Path
) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(photo))])
    data.setText(str(photo))
    held = (Qt.DropAction.CopyAction, data, LEFT, Qt.KeyboardModifier.NoModifier)
    for place in (field(page.form, "words").viewport(), field(page.form, "title")):
        event = QDragEnterEvent(QPointF(5, 5), *held)
        event.ignore()
        QApplication.sendEvent(place, event)
        assert not event.isAccepted()


def test_a_file_copied_elsewhere_is_pasted_from_where_one_writes(
    page: NeedPage, photo: Path, qtbot: QtBot
) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(photo))])
    QGuiApplication.clipboard().setMimeData(data)
    field(page.form, "words").setFocus()
    paste(page, qtbot)
    qtbot.waitUntil(lambda: len(lines(page.attachments)) == 1)
    assert field(page.form, "words").toPlainText() == ""


def test_a_file_goes_to_no_former_need_as_a_new_one_is_begun(
    opened: MainWindow, page: NeedPage, world: World, photo: Path, qtbot: QtBot
) -> None:
    former = page.record_id
    disk = Event()
    opened.tasks.run(disk.wait)
    opened.go("need", NEW)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(photo))])
    QGuiApplication.clipboard().setMimeData(data)
    paste(page, qtbot)
    disk.set()
    settle(opened, qtbot)
    assert world.services.attachments.of(former) == []


def test_a_folder_is_said_to_be_one(
    page: NeedPage, opened: MainWindow, photo: Path, qtbot: QtBot
) -> None:
    page.attachments.take([photo.parent])
    qtbot.waitUntil(lambda: "est un dossier" in opened.banner.text())
    assert lines(page.attachments) == []
    page.attachments.take([photo])
    qtbot.waitUntil(lambda: "« tableau.png » est dans" in plain(opened.banner.text()))
    page.attachments.take([photo, photo])
    qtbot.waitUntil(lambda: "2 fichiers sont dans" in plain(opened.banner.text()))


def test_what_is_no_file_of_this_computer_is_not_dropped(page: NeedPage) -> None:
    data = QMimeData()
    data.setUrls([QUrl("https://example.fr/photo.png")])
    held = (Qt.DropAction.CopyAction, data, LEFT, Qt.KeyboardModifier.NoModifier)
    event = QDragEnterEvent(QPointF(5, 5), *held)
    event.ignore()
    page.attachments.dragEnterEvent(event)
    assert not event.isAccepted()


def paste(page: NeedPage, qtbot: QtBot) -> None:
    """Ctrl+V wherever the keyboard is."""
    activate(page.window())
    at = QApplication.focusWidget()
    qtbot.keyClick(at, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


@pytest.mark.parametrize("name", ["words", "title", "speaker_person_id", "deadline_on"])
def test_a_picture_copied_elsewhere_is_pasted_from_where_one_writes(
    opened: MainWindow, page: NeedPage, photo: Path, qtbot: QtBot, name: str
) -> None:
    QGuiApplication.clipboard().setImage(QImage(str(photo)))
    field(page.form, name).setFocus()
    for number in (1, 2):
        paste(page, qtbot)
        qtbot.waitUntil(lambda number=number: len(lines(page.attachments)) == number)
        settle(opened, qtbot)
    assert "est dans les pièces jointes" in plain(opened.banner.text())
    held = page.services.attachments.of(page.record_id)
    image = "Image du 19 mars 2027 à 18 h"
    assert [one.record.fields.name for one in held] == [f"{image} (2).png", f"{image}.png"]
    assert read_image(page.services.attachments.content(held[0].record.id)).width() == 40
    page.attachments.add_file.setFocus()
    qtbot.keyClick(opened, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(lines(page.attachments)) == 1)


def test_words_are_pasted_in_the_field_that_has_the_keyboard(page: NeedPage, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("Tout est perdu")
    words = field(page.form, "words")
    words.setFocus()
    paste(page, qtbot)
    assert words.value() == "Tout est perdu"


def test_a_file_copied_elsewhere_is_pasted(page: NeedPage, photo: Path, qtbot: QtBot) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(photo))])
    QGuiApplication.clipboard().setMimeData(data)
    page.attachments.add_file.setFocus()
    paste(page, qtbot)
    said = f"tableau.png, {photo.stat().st_size} octets"
    qtbot.waitUntil(lambda: lines(page.attachments) == [said])


def test_pasting_words_where_files_go_says_what_to_copy(
    opened: MainWindow, page: NeedPage, qtbot: QtBot
) -> None:
    QGuiApplication.clipboard().setText("des mots")
    page.attachments.add_file.setFocus()
    paste(page, qtbot)
    qtbot.waitUntil(lambda: "copiez d'abord une image" in plain(opened.banner.text()))
    assert not lines(page.attachments)


def test_pasting_before_anything_was_copied_says_what_to_copy(
    opened: MainWindow, page: NeedPage, qtbot: QtBot
) -> None:
    QGuiApplication.clipboard().clear()
    for one in (field(page.form, "title"), page.attachments.add_file):
        opened.banner.hide()
        one.setFocus()
        paste(page, qtbot)
        qtbot.waitUntil(lambda: "copiez d'abord une image" in plain(opened.banner.text()))
        qtbot.waitUntil(opened.banner.isVisible)


def test_an_image_is_shown_and_another_file_is_saved(
    page: NeedPage, world: World, photo: Path, qtbot: QtBot, saved_file: Path
) -> None:
    keep = world.services.attachments.keep
    keep(page.record_id, File("devis.xyz", "application/octet-stream", b"devis"), "Ajout")
    page.attachments.take([photo])
    qtbot.waitUntil(lambda: len(lines(page.attachments)) == 2)
    other, image = (one for one in page.attachments.findChildren(Line) if one.isVisible())
    image.click()
    view = dialog(ImageDialog, page.attachments, qtbot)
    assert view.windowTitle() == "tableau.png"
    view.close()
    other.click()
    qtbot.waitUntil(saved_file.exists)
    assert saved_file.read_bytes() == b"devis"


def test_a_file_removed_comes_back_by_ctrl_z(
    opened: MainWindow, page: NeedPage, photo: Path, qtbot: QtBot
) -> None:
    page.attachments.take([photo])
    qtbot.waitUntil(lambda: len(lines(page.attachments)) == 1)
    press_icon(page.attachments, "Retirer « tableau.png »", qtbot)
    qtbot.waitUntil(lambda: not lines(page.attachments))
    said = "« tableau.png » est retiré des pièces jointes. Ctrl+Z le fait revenir."
    qtbot.waitUntil(lambda: plain(opened.banner.text()) == said)
    undo = "Annuler : Retrait d'une pièce jointe « tableau.png »"
    qtbot.waitUntil(lambda: plain(opened.actions_.undo.text()) == undo)
    qtbot.keyClick(opened, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(lines(page.attachments)) == 1)


def test_what_has_not_come_yet_cannot_be_opened(
    opened: MainWindow, page: NeedPage, world: World, qtbot: QtBot
) -> None:
    fields = {"owner_id": page.record_id, "name": "photo.jpg", "size": 3, "sha256": "0" * 64}
    world.services.records.create("attachment", fields)
    page.refresh()
    settle(opened, qtbot)
    [line] = [one for one in page.attachments.findChildren(Line) if one.isVisible()]
    assert line.accessibleName() == "photo.jpg, 3 octets, à recevoir"
    assert not line.isEnabled()


def test_files_of_what_the_gip_published_are_only_read(page: NeedPage) -> None:
    card = page.attachments
    card.show_owner(page.record_id, sealed=True)
    assert not card.add_file.isVisible()
    assert not card.paste.isEnabled()
    assert not card.acceptDrops()


def test_a_large_photo_is_read_no_larger_than_a_screen(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    image = QImage(4 * LONGEST, LONGEST, QImage.Format.Format_Mono)
    image.fill(0)
    assert image.save(str(path))
    assert read_image(path.read_bytes()).width() == LONGEST
    assert read_image(b"no image").isNull()


def test_a_file_removed_twice_in_a_row_is_said_to_be_removed_and_once_back_goes_again(
    page: NeedPage, opened: MainWindow, photo: Path, qtbot: QtBot
) -> None:
    page.attachments.take([photo])
    settle(opened, qtbot)
    for _ in range(2):
        removing = [
            one
            for one in page.attachments.findChildren(QToolButton)
            if one.accessibleName() == "Retirer « tableau.png »"
        ]
        removing[0].setFocus()
        for _ in range(2):
            removing[0].click()
        settle(opened, qtbot)
        assert "est retiré des pièces jointes" in plain(opened.banner.text())
        assert lines(page.attachments) == [] and page.attachments.add_file.hasFocus()
        undo(opened, qtbot)
        qtbot.waitUntil(lambda: len(lines(page.attachments)) == 1)


def test_a_file_that_the_network_keeps_here_is_told_to_be_left_and_why(
    window: MainWindow, troubled: tuple[Laptop, Laptop], meddler: Meddler, photo: Path, qtbot: QtBot
) -> None:
    anne, colleague = troubled
    need = anne.put("need", title="Sauvegardes")
    anne.services.attachments.add(need, [photo])
    window.open_on(anne.services)
    sync = visit(window, "sync", SyncPage, qtbot)
    meddler.always = lambda heard, forward: None if "/uploads" in heard.path else forward()
    sync.exchange()
    settle(window, qtbot)
    assert plain(window.banner.text()) == (
        "2 modifications envoyées. Fichiers qui restent à transmettre à la prochaine"
        " synchronisation : 1. « 127.0.0.1 » ne répond plus : rien n'est perdu, réessayez avec un"
        " réseau."
    )
    assert window.banner.property("tone") == "info"
    meddler.always = None
    sync.exchange()
    settle(window, qtbot)
    assert plain(window.banner.text()) == "1 fichier envoyé."
    colleague.sync()
    assert [one.here for one in colleague.services.attachments.of(need)] == [True]


def test_a_file_for_a_need_just_deleted_beside_is_refused_in_words(
    page: NeedPage, opened: MainWindow, world: World, photo: Path, qtbot: QtBot
) -> None:
    world.services.records.delete(page.record_id)
    page.attachments.take([photo])
    settle(opened, qtbot)
    assert plain(opened.banner.text()) == (
        "Cet enregistrement est supprimé (la corbeille le rend) : besoin « Sauvegardes »."
    )
