"""Lists as they are seen, in a file that a spreadsheet opens."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QToolButton
from pytestqt.qtbot import QtBot

from app.domain.wording import plain
from app.exchange import csv_file, xlsx_file
from tests.ui.acting import visit
from tests.ui.conftest import settle
from tests.ui.world import World
from ui.pages.exporting import FORMATS
from ui.pages.list_page import ListPage
from ui.pages.needs import NeedsPage
from ui.pages.organisations import OrganisationsPage
from ui.pages.watch import WatchPage
from ui.window.main_window import MainWindow

LISTS: dict[str, tuple[str, type[ListPage]]] = {
    "need": ("needs", NeedsPage),
    "watch_note": ("watch", WatchPage),
    "organisation": ("organisations", OrganisationsPage),
}
"""Those that a table brings lines into, by their kind."""


def choose(page: ListPage, words: str) -> None:
    """Takes the entry of the menu beside the list's count."""
    (more,) = [one for one in page.panel.findChildren(QToolButton) if one.menu() is not None]
    assert more.isVisible()
    next(one for one in more.menu().actions() if one.text() == words).trigger()


@pytest.mark.parametrize("offered", FORMATS)
def test_a_list_is_exported_as_it_is_seen(
    opened: MainWindow,
    world: World,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    offered: str,
) -> None:
    world.make("need", title="=1+1", words="Un", severity=2)
    world.make("need", title="Autre sauvegarde", severity=1)
    world.make("need", title="Fibre", severity=4)
    page = visit(opened, "needs", NeedsPage, qtbot)
    page.panel.filter.setText("1")
    page.panel.filter.setText("")
    page.table.set_order(0, down=True)
    path = world.services.workspace.folder.parent / "liste"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: (str(path), offered))
    choose(page, "Exporter la liste…")
    settle(opened, qtbot)
    ending, separator = FORMATS[offered]
    data = path.with_suffix(ending).read_bytes()
    sheet = (xlsx_file if ending == ".xlsx" else csv_file).read(data)
    assert sheet.headings[:3] == ("Besoin", "Thème", "Gravité")
    assert [row.cells[0] for row in sheet.rows] == [
        "Fibre", "Autre sauvegarde", "=1+1" if ending == ".xlsx" else "'=1+1",
    ]  # fmt: skip
    assert ending == ".xlsx" or f"Besoin{separator}Thème" in data.decode("utf-8-sig")
    assert "3 lignes dans" in plain(opened.banner.text())


def test_the_filter_of_a_list_keeps_its_rows_out_of_the_file(
    opened: MainWindow, world: World, qtbot: QtBot, saved_file: Path
) -> None:
    world.make("need", title="Sauvegarde")
    world.make("need", title="Fibre")
    page = visit(opened, "needs", NeedsPage, qtbot)
    page.panel.filter.setText("fib")
    choose(page, "Exporter la liste…")
    settle(opened, qtbot)
    sheet = xlsx_file.read(saved_file.with_name("choisi.bin.xlsx").read_bytes())
    assert [row.cells[0] for row in sheet.rows] == ["Fibre"]


@pytest.mark.parametrize("kind", LISTS)
def test_a_list_that_is_exported_and_imported_again_changes_nothing(
    opened: MainWindow, world: World, qtbot: QtBot, saved_file: Path, kind: str
) -> None:
    meeting = world.make("meeting", starts_at="2027-03-19T18:30:00+01:00")
    world.make("need", title="Fibre", words="Rien ne va", raised_at_meeting_id=meeting.id)
    world.make("watch_note", title="Un texte", reference="art. 5", deadline_on="2027-01-01")
    page = visit(opened, *LISTS[kind], qtbot)
    choose(page, "Exporter la liste…")
    settle(opened, qtbot)
    path = saved_file.with_name("choisi.bin.xlsx")
    report = world.services.table_imports.take(path, kind, dry_run=True).report
    assert len(report.skipped) == len(page.table.seen()) > 0
    assert [*report.created, *report.changed, *report.refused] == []


def test_the_file_offered_for_a_list_names_its_commission(
    opened: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered: list[str] = []

    def ask(*args: str) -> tuple[str, str]:
        offered.append(Path(args[2]).name)
        return "", ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    choose(visit(opened, "needs", NeedsPage, qtbot), "Exporter la liste…")
    settle(opened, qtbot)
    assert offered == ["besoins-commission-de-la-cote.xlsx"]


def test_a_list_takes_the_place_of_no_file_that_was_not_chosen(
    opened: MainWindow,
    world: World,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world.make("need", title="Fibre")
    page = visit(opened, "needs", NeedsPage, qtbot)
    former = tmp_path / "liste.xlsx"
    former.write_bytes(b"de l'an dernier")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: (str(tmp_path / "liste"), ""))
    choose(page, "Exporter la liste…")
    settle(opened, qtbot)
    assert former.read_bytes() == b"de l'an dernier"
    assert (tmp_path / "liste (2).xlsx").exists()
