"""A file that is saved has an ending, whether the user gave it one or not."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app.documents.document import Document
from tests.ui.acting import press, visit
from tests.ui.conftest import settle
from ui.pages.settings import SettingsPage
from ui.saving import ask_where, save_document, with_ending
from ui.tasks import Tasks
from ui.window.main_window import MainWindow


@pytest.mark.parametrize(
    ("chosen", "file"),
    [
        ("avant l'été", "avant l'été.pdf"),
        ("version 1.2", "version 1.2.pdf"),
        ("avis.PDF", "avis.PDF"),
        ("photo.jpg", "photo.jpg"),
    ],
)
def test_a_name_without_an_ending_is_given_that_of_its_content(
    tmp_path: Path, chosen: str, file: str
) -> None:
    assert with_ending(str(tmp_path / chosen), ".pdf") == tmp_path / file


def test_a_file_without_an_ending_of_its_own_is_given_none(tmp_path: Path) -> None:
    assert with_ending(str(tmp_path / "LISEZMOI"), "") == tmp_path / "LISEZMOI"


def test_a_copy_of_the_workspace_gets_its_ending_and_takes_the_place_of_no_other(
    opened: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = tmp_path / "avant l'été"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: (str(chosen), ""))
    page = visit(opened, "settings", SettingsPage, qtbot)
    page.show_card(page.backups)
    for name in ("avant l'été.sauvegarde", "avant l'été (2).sauvegarde"):
        press(page.backups, "Copier dans un fichier…", qtbot)
        settle(opened, qtbot)
        assert (tmp_path / name).exists()
        assert name in opened.banner.text()


def test_a_draft_nobody_looked_at_says_what_its_paper_shows_as_boxes(
    opened: MainWindow, qtbot: QtBot, tasks: Tasks, saved_file: Path
) -> None:
    told: list[str] = []
    draft = Document(b"", "message/rfc822", "convocation.eml", ("😀", "\u202e"))
    save_document(draft, tasks, opened, told.append, told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert told == [
        f"Enregistré dans « {saved_file} ». La police n'a pas de dessin pour ces caractères,"
        " remplacez-les : « 😀 » (U+1F600) et U+202E."
    ]


def test_a_file_is_offered_where_the_last_one_went_under_a_name_that_windows_takes(
    opened: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Path] = []

    def choose(*args: str) -> tuple[str, str]:
        asked.append(Path(args[2]))
        return str(tmp_path / "pv.pdf"), ""

    monkeypatch.chdir("/")  # where a shortcut may start the program
    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    for name in ("Devis : 3/4 ?. ", "pv.pdf"):
        ask_where(opened, "Enregistrer", name, "")
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    assert asked[0].parent in (Path(documents), Path.home())
    assert asked[0].name == "Devis - 3-4 -"
    assert asked[1] == tmp_path / "pv.pdf"
