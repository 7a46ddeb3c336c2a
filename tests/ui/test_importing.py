"""A table imported in the window: its columns said, its lines tried, all or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from threading import Event

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app.domain.records import reference_id
from app.domain.wording import plain
from tests.ui.acting import activate, dialog, pick, press, shown, undo, visit
from tests.ui.clipping import clipped
from tests.ui.conftest import in_the_whole_territory, settle
from tests.ui.keyboard import type_text
from tests.ui.spoken import unspoken
from tests.ui.test_exporting import choose
from tests.ui.world import TOWNS, World
from ui.dialogs.import_table import READABLE, ImportDialog
from ui.pages.list_page import ListPage
from ui.pages.needs import NeedsPage
from ui.pages.organisations import OrganisationsPage
from ui.tasks import LONG
from ui.window.main_window import MainWindow

NEEDS = "Titre;Machin;Gravité\nSauvegarde;Les mots;3\nFibre;D'autres mots;2\n"


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that the user chooses in the system's dialog."""
    path = tmp_path / "besoins.csv"
    path.write_text(NEEDS, "utf-8")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *args: (str(path), ""))
    return path


def importing(opened: MainWindow, page: ListPage, qtbot: QtBot) -> ImportDialog:
    choose(page, "Importer un tableau…")
    found = dialog(ImportDialog, page, qtbot)
    settle(opened, qtbot)
    return found


def sentences(found: ImportDialog) -> list[str]:
    model = found.outcomes
    return [
        str(model.index(row).data()).replace("\u00a0", " ").replace("\u202f", " ")
        for row in range(model.rowCount())
    ]


def say(found: ImportDialog, rank: int, field: str | None, qtbot: QtBot) -> None:
    """Chooses what a column holds, and waits until the lines were tried."""
    choice = found.mapping.choices[rank]
    choice.setCurrentIndex(choice.findData(field))
    choice.activated.emit(choice.currentIndex())
    assert not found.take.isEnabled()
    qtbot.waitUntil(lambda: found.outcome.text() != "" and not found.progress.isVisible())


def say_kind(found: ImportDialog, kind: str, qtbot: QtBot) -> None:
    """Chooses what the lines are, and waits until they were tried."""
    found.kind.setCurrentIndex(found.kind.findData(kind))
    found.kind.activated.emit(found.kind.currentIndex())
    assert sentences(found) == []
    qtbot.waitUntil(lambda: len(sentences(found)) == 2)


def test_of_several_commissions_persons_go_to_the_one_named_and_organisations_to_none(
    opened: MainWindow, world: World, qtbot: QtBot, table: Path
) -> None:
    table.write_text("Prénom;Nom;Commune\nZoé;Faure;Vougeot\nAnne;Martin;Agencourt\n", "utf-8")
    world.services.records.create("commission", {"name": "Commission de l'Auxois"}, None)
    opened.spread(frozenset())
    settle(opened, qtbot)
    page = visit(opened, "organisations", OrganisationsPage, qtbot)
    found = importing(opened, page, qtbot)
    assert "dans la commission « Commission de la Côte »" in plain(shown(found))
    say_kind(found, "organisation", qtbot)
    assert not found.where.isVisible()


def test_the_kind_chosen_while_the_file_is_being_read_is_that_of_its_lines(
    opened: MainWindow, world: World, qtbot: QtBot, table: Path
) -> None:
    table.write_text("Prénom;Nom;Commune\nZoé;Faure;Vougeot\nAnne;Martin;Agencourt\n", "utf-8")
    page = visit(opened, "organisations", OrganisationsPage, qtbot)
    disk = Event()
    opened.tasks.run(disk.wait, lane=LONG)
    choose(page, "Importer un tableau…")
    found = dialog(ImportDialog, page, qtbot)
    pick(found.kind, "organisation")
    disk.set()
    settle(opened, qtbot)
    assert found.kind.value() == "organisation"
    assert sentences(found)[0] == "Ligne 2 : collectivité « Vougeot (21) » : sans changement."


def test_a_table_is_tried_as_its_columns_are_said_then_taken_in_and_undone(
    opened: MainWindow, world: World, qtbot: QtBot, table: Path
) -> None:
    page = visit(opened, "needs", NeedsPage, qtbot)
    found = importing(opened, page, qtbot)
    assert [choice.value() for choice in found.mapping.choices] == ["title", None, "severity"]
    assert found.mapping.item(1, 1).text() == "Les mots"
    assert sentences(found) == [
        "Ligne 2 : besoin « Sauvegarde » : création.",
        "Ligne 3 : besoin « Fibre » : création.",
    ]
    say(found, 1, "words", qtbot)
    qtbot.waitUntil(lambda: not clipped(found))
    assert not unspoken(found)
    press(found, "Importer 2 lignes", qtbot)
    qtbot.waitUntil(lambda: len(page.table.seen()) == 2)
    needs = world.services.records.list("need")
    assert [need.fields.words for need in needs] == ["Les mots", "D'autres mots"]
    assert {need.commission_id for need in needs} == {world.commission_id}
    undo(opened, qtbot)
    qtbot.waitUntil(lambda: page.table.seen() == [])


def test_a_list_that_was_exported_and_edited_comes_back_over_what_it_lists(
    opened: MainWindow,
    world: World,
    qtbot: QtBot,
    saved_file: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    need = world.make(
        "need",
        title="Fibre",
        words="Rien",
        severity=1,
        organisation_ids=[reference_id("organisation", TOWNS["Vougeot"][0])],
    )
    page = visit(opened, "needs", NeedsPage, qtbot)
    choose(page, "Exporter la liste…")
    settle(opened, qtbot)
    path = saved_file.with_name("choisi.bin.xlsx")
    book = load_workbook(path)
    (cell,) = [one for one in book.active[2] if one.value == "Léger"]
    cell.value = "bloquant"
    book.save(path)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *args: (str(path), ""))
    found = importing(opened, page, qtbot)
    assert sentences(found) == ["Ligne 2 : besoin « Fibre » : modification (gravité)."]
    press(found, "Importer 1 ligne", qtbot)
    settle(opened, qtbot)
    (after,) = world.services.records.list("need")
    assert (after.id, after.fields.severity, after.fields.words) == (need.id, 4, "Rien")


def test_refused_lines_hold_all_back_and_are_kept_apart(
    opened: MainWindow, world: World, qtbot: QtBot, table: Path, saved_file: Path
) -> None:
    table.write_text(f"{NEEDS}Trop;;9\n", "utf-8")
    page = visit(opened, "needs", NeedsPage, qtbot)
    found = importing(opened, page, qtbot)
    assert sentences(found)[0] == (
        "Ligne 4, colonne C (« Gravité ») : la valeur « 9 » n'est pas admise : il faut"
        " 1 (léger), 2 (gênant), 3 (grave) ou 4 (bloquant)."
    )
    assert not found.take.isEnabled()
    assert not clipped(found)
    press(found, "Enregistrer les autres…", qtbot)
    settle(opened, qtbot)
    assert saved_file.read_text("utf-8-sig") == NEEDS
    press(found, "Enregistrer les refusées…", qtbot)
    settle(opened, qtbot)
    assert saved_file.read_text("utf-8-sig").splitlines()[1].startswith("Trop;;9;Ligne 4")
    press(found, "Annuler", qtbot)
    assert world.services.records.list("need") == []


def test_a_field_is_in_one_column_and_without_any_nothing_is_tried(
    opened: MainWindow, world: World, qtbot: QtBot, table: Path
) -> None:
    page = visit(opened, "needs", NeedsPage, qtbot)
    found = importing(opened, page, qtbot)
    say(found, 1, "title", qtbot)
    assert [choice.value() for choice in found.mapping.choices] == [None, "title", "severity"]
    assert "Les mots" in sentences(found)[0]
    say(found, 1, None, qtbot)
    say(found, 2, None, qtbot)
    assert found.outcome.text() == "Choisissez ce que contient au moins une colonne."
    assert not found.take.isEnabled()


def test_a_heading_that_stands_twice_is_said_until_both_columns_are_read(
    opened: MainWindow, world: World, qtbot: QtBot, table: Path
) -> None:
    table.write_text("Titre;Titre\nSauvegarde;Les mots\n", "utf-8")
    page = visit(opened, "needs", NeedsPage, qtbot)
    found = importing(opened, page, qtbot)
    said = "Plusieurs colonnes s'appellent « Titre » : une seule est lue."
    assert said in found.outcome.text().replace("\u00a0", " ")
    assert not clipped(found)
    say(found, 1, "words", qtbot)
    qtbot.waitUntil(lambda: "1 " in found.outcome.text())
    assert "Plusieurs" not in found.outcome.text()


def test_persons_come_in_by_the_page_of_organisations(
    opened: MainWindow, world: World, qtbot: QtBot, table: Path
) -> None:
    table.write_text("Prénom;Nom;Commune\nZoé;Faure;Vougeot\nAnne;Martin;Agencourt\n", "utf-8")
    page = visit(opened, "organisations", OrganisationsPage, qtbot)
    found = importing(opened, page, qtbot)
    assert found.kind.value() == "person"
    assert not found.where.isVisible()
    say_kind(found, "organisation", qtbot)
    assert "collectivité « Vougeot (21) »" in sentences(found)[0]
    say_kind(found, "person", qtbot)
    assert sentences(found) == [
        "Ligne 2 : personne « Zoé Faure » de Vougeot (21) : création.",
        "Ligne 3 : personne « Anne Martin » d'Agencourt (21) : sans changement.",
    ]
    press(found, "Importer 1 ligne", qtbot)
    told = "Chaque personne est à la page de sa collectivité."
    qtbot.waitUntil(lambda: opened.banner.text().endswith(told))
    assert len(world.services.records.list("person")) == 6
    assert len(world.services.records.list("roster_entry")) == len(TOWNS)


@in_the_whole_territory
def test_persons_who_come_in_sit_for_organisations_without_a_seat_where_it_is_ticked(
    opened: MainWindow, world: World, qtbot: QtBot, table: Path
) -> None:
    table.write_text("Prénom;Nom;Commune\nZoé;Faure;Vougeot\nLéa;Petit;Chaux\n", "utf-8")
    world.services.records.update(world.commission_id, {"departments": ["21"]})
    page = visit(opened, "organisations", OrganisationsPage, qtbot)
    found = importing(opened, page, qtbot)
    found.seats.click()
    press(found, "Importer 2 lignes", qtbot)
    qtbot.waitUntil(lambda: any("Chaux (21)" in row for row in seated(page)))
    assert len(seated(page)) == len(TOWNS) + 1
    undo(opened, qtbot)
    qtbot.waitUntil(lambda: len(seated(page)) == len(TOWNS))
    assert len(world.services.records.list("person")) == len(TOWNS)


@in_the_whole_territory
def test_persons_left_without_a_seat_are_named_before_they_come_in(
    opened: MainWindow, world: World, qtbot: QtBot, table: Path
) -> None:
    table.write_text(
        "Prénom;Nom;Commune\nLéa;Petit;Chaux\nIda;Noël;Chaux\nZoé;Faure;Vougeot\n"
        "Anne;Martin;Agencourt\n",
        "utf-8",
    )
    world.services.records.update(world.commission_id, {"departments": ["21"]})
    page = visit(opened, "organisations", OrganisationsPage, qtbot)
    found = importing(opened, page, qtbot)
    assert "siège" not in found.outcome.text()
    found.seats.click()
    qtbot.waitUntil(lambda: "siège" in found.outcome.text())
    assert plain(found.outcome.text()).endswith(
        "2 personnes restent sans siège. Une colonne « Titulaire ou suppléant » en donnerait un à"
        " chaque titulaire."
    )
    assert sentences(found) == [
        "Ligne 2 : personne « Léa Petit » de Chaux (21) : création, siège donné.",
        "Ligne 3 : personne « Ida Noël » de Chaux (21) : création, sans siège.",
        "Ligne 4 : personne « Zoé Faure » de Vougeot (21) : création, sans siège.",
        "Ligne 5 : personne « Anne Martin » d'Agencourt (21) : sans changement.",
    ]


def test_a_table_of_new_delegates_replaces_those_who_sat_from_the_day_that_is_said(
    opened: MainWindow, world: World, qtbot: QtBot, table: Path
) -> None:
    table.write_text("Prénom;Nom;Commune\nZoé;Faure;Vougeot\n", "utf-8")
    page = visit(opened, "organisations", OrganisationsPage, qtbot)
    found = importing(opened, page, qtbot)
    assert not found.since.isVisible()
    found.seats.click()
    qtbot.waitUntil(lambda: "sans siège" in found.outcome.text())
    assert "sièges que le tableau donne à d'autres finissent" in shown(found)
    type_text(found.since.line, "15/13/2027")
    qtbot.waitUntil(lambda: "date" in found.outcome.text())
    found.seats.click()  # the day, out of sight now, is none of the import's
    qtbot.waitUntil(lambda: "date" not in found.outcome.text() and found.take.isEnabled())
    found.seats.click()
    qtbot.waitUntil(lambda: "date" in found.outcome.text())
    found.since.line.clear()
    type_text(found.since.line, "15/03/2027")
    told = "1 siège d'avant prend fin le 15 mars 2027 : Paul Roy."
    qtbot.waitUntil(lambda: plain(found.outcome.text()).endswith(told))
    press(found, "Importer 1 ligne", qtbot)
    seats = world.services.records.list
    qtbot.waitUntil(lambda: len(seats("roster_entry")) == len(TOWNS) + 1)


def seated(page: OrganisationsPage) -> list[str]:
    """The organisations that the list says to sit."""
    return [str(name) for name, *_, sits in page.table.seen() if sits]


def test_a_file_that_is_no_table_is_said_in_the_dialog(
    opened: MainWindow, world: World, qtbot: QtBot, table: Path
) -> None:
    table.write_bytes(b"Titre\0")
    page = visit(opened, "needs", NeedsPage, qtbot)
    found = importing(opened, page, qtbot)
    assert found.banner.isVisible()
    assert "enregistrez-le au format .xlsx ou .csv" in found.banner.text()
    assert not found.take.isEnabled()


def test_a_workbook_of_another_format_says_how_to_save_it(
    opened: MainWindow, world: World, qtbot: QtBot, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workbook = table.with_suffix(".XLS")
    workbook.write_bytes(b"\x09\x08\x10\0")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *args: (str(workbook), ""))
    assert "*.xls" in READABLE
    found = importing(opened, visit(opened, "needs", NeedsPage, qtbot), qtbot)
    assert "enregistrez-le au format .xlsx ou .csv" in found.banner.text()


def test_tab_goes_from_each_column_in_sight_on_to_the_lines(
    opened: MainWindow, world: World, qtbot: QtBot, table: Path
) -> None:
    headings = ";".join(f"Colonne {number}" for number in range(9))
    table.write_text(f"Titre;{headings}\nSauvegarde{';mot' * 9}\n", "utf-8")
    page = visit(opened, "needs", NeedsPage, qtbot)
    found = importing(opened, page, qtbot)
    activate(found)
    for choice in found.mapping.choices:
        assert choice.hasFocus()
        assert choice.visibleRegion().boundingRect() == choice.rect()
        qtbot.keyClick(choice, Qt.Key.Key_Tab)
    assert found.lines.hasFocus()


def test_in_large_text_nothing_stands_over_anything_else(
    opened: MainWindow, world: World, qtbot: QtBot, table: Path
) -> None:
    table.write_text("Titre;Gravité;Titre\nFibre;Grave;x\nSite;Énorme;x\n", "utf-8")
    page = visit(opened, "needs", NeedsPage, qtbot)
    opened.theme.set_scale(2.0)
    found = importing(opened, page, qtbot)
    qtbot.waitUntil(lambda: not clipped(found))
    parts = (found.note, found.mapping, found.outcome, found.lines)
    tops = [(one.y(), one.y() + one.height()) for one in parts]
    assert all(above[1] <= below[0] for above, below in pairwise(tops))
    assert found.take.visibleRegion().boundingRect() == found.take.rect()


def test_a_long_refusal_is_read_to_its_end(
    opened: MainWindow, world: World, qtbot: QtBot, table: Path
) -> None:
    table.write_text(f"{NEEDS}Trop;;{'beaucoup ' * 30}\n", "utf-8")
    page = visit(opened, "needs", NeedsPage, qtbot)
    found = importing(opened, page, qtbot)
    lines = found.lines
    qtbot.waitUntil(lambda: lines.visualRect(found.outcomes.index(2)).isValid())
    refused, created = (lines.visualRect(found.outcomes.index(row)) for row in (0, 1))
    assert refused.height() > created.height()
    assert refused.width() <= lines.viewport().width()


PASTED = (
    "Commune\tTitulaire\tCourriel\tSuppléant\r\n"
    "Vougeot\tM. FAURE Léo\tleo@a.fr\tMme PETIT\u00a0Léa\r\n"
    'Agencourt\tMme MARTIN Anne\t\t"BLANC\nLuc"\r\n'
)
"""Cells as a spreadsheet copies them, one of two lines among them."""


@pytest.fixture
def copied(qtbot: QtBot) -> Iterator[QClipboard]:
    clipboard = QGuiApplication.clipboard()
    yield clipboard
    clipboard.clear()


def paste(opened: MainWindow, page: ListPage, qtbot: QtBot) -> None:
    activate(opened)
    page.setFocus()
    qtbot.keyClick(opened.focusWidget(), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def test_cells_copied_from_a_spreadsheet_are_pasted_into_a_list_as_a_file_would_come_in(
    opened: MainWindow, world: World, qtbot: QtBot, copied: QClipboard
) -> None:
    copied.setText("Titre\tGravité\r\nSauvegarde\t3\r\nFibre, et débit\t9\r\n")
    page = visit(opened, "needs", NeedsPage, qtbot)
    paste(opened, page, qtbot)
    found = dialog(ImportDialog, page, qtbot)
    settle(opened, qtbot)
    assert sentences(found)[0] == (
        "Ligne 3, colonne B (« Gravité ») : la valeur « 9 » n'est pas admise : il faut"
        " 1 (léger), 2 (gênant), 3 (grave) ou 4 (bloquant)."
    )
    press(found, "Annuler", qtbot)
    copied.setText("Titre\tGravité\r\nSauvegarde\t3\r\nFibre, et débit\t2\r\n")
    paste(opened, page, qtbot)
    found = dialog(ImportDialog, page, qtbot)
    settle(opened, qtbot)
    assert "La première ligne collée est celle des titres." in plain(shown(found))
    qtbot.waitUntil(lambda: not clipped(found))
    press(found, "Importer 2 lignes", qtbot)
    qtbot.waitUntil(lambda: len(page.table.seen()) == 2)
    assert opened.banner.text().startswith("Les cellules collées sont importées")
    undo(opened, qtbot)
    qtbot.waitUntil(lambda: page.table.seen() == [])


def test_what_was_copied_without_lines_opens_nothing_and_goes_into_the_filter_as_it_is(
    opened: MainWindow, world: World, qtbot: QtBot, copied: QClipboard
) -> None:
    copied.setText("fibre")
    world.make("need", title="Site", severity=1)
    page = visit(opened, "needs", NeedsPage, qtbot)
    paste(opened, page, qtbot)
    qtbot.waitUntil(lambda: "copiez des cellules du tableur" in opened.banner.text())
    copied.setText("Titre\tGravité\nFibre\t2\n")
    page.panel.filter.setFocus()
    modifier = Qt.KeyboardModifier.ControlModifier
    qtbot.keyClick(page.panel.filter, Qt.Key.Key_V, modifier)
    assert page.panel.filter.text().startswith("Titre")
    assert page.findChildren(ImportDialog) == []


def test_a_table_of_designations_makes_titulars_and_deputies_sit_in_one_import(
    opened: MainWindow, world: World, qtbot: QtBot, copied: QClipboard
) -> None:
    copied.setText(PASTED)
    page = visit(opened, "organisations", OrganisationsPage, qtbot)
    paste(opened, page, qtbot)
    found = dialog(ImportDialog, page, qtbot)
    settle(opened, qtbot)
    assert found.kind.value() == "person"
    assert found.seats.value()
    assert found.renewal.isVisible()
    type_text(found.since.line, "15/03/2027")
    told = "1 siège d'avant prend fin le 15 mars 2027 : Paul Roy."
    qtbot.waitUntil(lambda: told in plain(found.outcome.text()))
    assert sentences(found) == [
        "Ligne 2 : personne « Léo FAURE » de Vougeot (21) : création, siège donné.",
        "Ligne 2 : personne « Léa PETIT » de Vougeot (21) : création, suppléance donnée.",
        "Ligne 3 : personne « Anne MARTIN » d'Agencourt (21) : modification (nom).",
        "Ligne 3 : personne « Luc BLANC » d'Agencourt (21) : création, suppléance donnée.",
    ]
    qtbot.waitUntil(lambda: not clipped(found))
    activate(found)
    order = [found.kind, *found.mapping.choices, found.seats]
    for here, further in pairwise(order):
        here.setFocus()
        qtbot.keyClick(here, Qt.Key.Key_Tab)
        assert further.hasFocus()
    assert found.take.text() == "Importer 4 personnes"
    qtbot.keyClick(found.seats, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    seats = world.services.records.list
    qtbot.waitUntil(lambda: len(seats("roster_entry")) == len(TOWNS) + 1)
    undo(opened, qtbot)
    qtbot.waitUntil(lambda: len(seats("roster_entry")) == len(TOWNS))
    assert len(seats("person")) == len(TOWNS)


def taking_in_many(opened: MainWindow, qtbot: QtBot, table: Path) -> ImportDialog:
    """An import of many needs that has just begun."""
    lines = "".join(f"Besoin {number};2\n" for number in range(300))
    table.write_text(f"Titre;Gravité\n{lines}", "utf-8")
    found = importing(opened, visit(opened, "needs", NeedsPage, qtbot), qtbot)
    press(found, "Importer 300 lignes", qtbot)
    return found


def test_an_import_given_up_under_way_writes_nothing_and_closes(
    opened: MainWindow, world: World, qtbot: QtBot, table: Path
) -> None:
    found = taking_in_many(opened, qtbot, table)
    assert not found.mapping.isEnabled()
    found.cancel.click()
    settle(opened, qtbot)
    assert not world.services.records.list("need") and not opened.findChildren(ImportDialog)


def test_an_import_given_up_too_late_is_told(
    opened: MainWindow, world: World, qtbot: QtBot, table: Path
) -> None:
    found = taking_in_many(opened, qtbot, table)
    assert opened.tasks.finish()  # the lines are in the store, which the window knows nothing of
    qtbot.keyClick(found, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not opened.findChildren(ImportDialog))
    assert "est importé" in opened.banner.text()


def test_lines_that_were_not_taken_in_are_offered_again(
    opened: MainWindow, world: World, qtbot: QtBot, table: Path
) -> None:
    page = visit(opened, "needs", NeedsPage, qtbot)
    found = importing(opened, page, qtbot)
    kept = table.rename(table.with_suffix(".gone"))  # the stick is taken out
    press(found, "Importer 2 lignes", qtbot)
    settle(opened, qtbot)
    assert "besoins.csv" in found.banner.text() and found.isVisible()
    kept.rename(table)
    press(found, "Importer 2 lignes", qtbot)
    settle(opened, qtbot)
    assert len(world.services.records.list("need")) == 2 and not page.findChildren(ImportDialog)


def test_a_day_that_is_none_begins_nothing_and_the_dialog_still_closes(
    opened: MainWindow, world: World, qtbot: QtBot, table: Path
) -> None:
    table.write_text("Prénom;Nom;Commune\nZoé;Faure;Vougeot\n", "utf-8")
    found = importing(opened, visit(opened, "organisations", OrganisationsPage, qtbot), qtbot)
    found.seats.click()
    qtbot.waitUntil(found.take.isEnabled)
    found.since.line.setText("32/13")
    found.take.click()
    assert found.mapping.isEnabled() and not found.take.isEnabled()
    qtbot.keyClick(found, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not opened.findChildren(ImportDialog))
    assert len(world.services.records.list("roster_entry")) == len(TOWNS)
