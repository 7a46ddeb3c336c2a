"""Tables: sound models, sorting by meaning, filtering by words, cells that harm no spreadsheet."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QAccessible, QGuiApplication, QHelpEvent
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from app.domain.wording import whole
from app.exchange import csv_file
from tests.ui.acting import activate, clear_filter, press
from tests.ui.clipping import clipped
from tests.ui.keyboard import type_text
from ui.models.clipboard import as_cells
from ui.models.table import Column, Columns, TableModel, folded
from ui.theme import Theme
from ui.widgets.empty_state import EmptyState
from ui.widgets.fields import Choice
from ui.widgets.list_ground import count_lines
from ui.widgets.list_panel import ListPanel
from ui.widgets.table import RecordsTable


@dataclass(frozen=True)
class Town:
    id: str
    name: str
    people: int | None
    member: bool = False


class TownColumn(Columns):
    NAME = Column[Town]("Commune", lambda town: town.name, width=0)
    PEOPLE = Column[Town](
        "Habitants",
        lambda town: whole(town.people) if town.people else "",
        lambda town: town.people,
        align="right",
    )
    MEMBER = Column[Town](
        "Adhésion",
        lambda town: "Adhérente" if town.member else "",
        tone=lambda town: "success",
        hides="empty",
    )


class ShortColumn(Columns):
    NAME = Column[Town]("Commune", lambda town: town.name[:7], whole=lambda town: town.name)


class NarrowColumn(Columns):
    CODE = Column[Town]("Code", lambda town: town.id, width=54)
    NAME = Column[Town]("Commune", lambda town: town.name, width=0)


class LongColumn(Columns):
    NAME = Column[Town]("Commune", lambda town: town.name, width=0)
    WITH = Column[Town](
        "Membres", lambda town: "Au GIP et au syndicat" * town.member, hides="alike", lines=2
    )


TOWNS = (
    Town("a", "L'Étang-Vergy", 190),
    Town("b", "Vougeot", 150, member=True),
    Town("c", "Échenoz", None),
    Town("d", "Agencourt", 480, member=True),
)


@pytest.fixture
def panel(qtbot: QtBot) -> ListPanel:
    table = RecordsTable("Communes", TableModel(TownColumn))
    made = ListPanel(table, EmptyState("landmark", "Aucune commune."), "Filtrer les communes")
    qtbot.addWidget(made)
    made.resize(800, 400)
    made.show()
    made.set_rows(TOWNS)
    return made


def test_an_empty_place_says_its_whole_sentence_however_often_it_is_resized(qtbot: QtBot) -> None:
    empty = EmptyState("users", "Une commission réunit les communes d'un territoire. " * 3)
    qtbot.addWidget(empty)
    empty.show()
    for width in (900, 901, 400, 1000):
        empty.resize(width, 400)
        assert clipped(empty) == []


def shown(panel: ListPanel) -> list[str]:
    rows = panel.table.rows
    return [str(rows.index(n, 0).data()) for n in range(rows.rowCount())]


def test_a_narrow_column_grows_with_the_text_and_back(theme: Theme, qtbot: QtBot) -> None:
    table = RecordsTable("Communes", TableModel(NarrowColumn))
    qtbot.addWidget(table)
    table.resize(800, 400)
    table.show()
    for scale, width in ((1.0, 54), (2.0, 108), (1.0, 54)):
        theme.set_scale(scale)
        assert (table.columnWidth(0), table.widths) == (width, {})


def tall(table: RecordsTable) -> list[bool]:
    """Of each row that shows, whether it is higher than one line asks for."""
    usual = table.verticalHeader().defaultSectionSize()
    return [table.rowHeight(row) > usual for row in range(table.rows.rowCount())]


def test_a_row_grows_only_while_a_column_of_several_lines_is_shown(qtbot: QtBot) -> None:
    table = RecordsTable("Communes", TableModel(LongColumn))
    qtbot.addWidget(table)
    table.resize(800, 400)
    table.set_widths({1: 100})
    table.show()
    for towns in (TOWNS[:1], TOWNS, TOWNS[:2], TOWNS[1:2]):
        table.set_rows(towns)
        QCoreApplication.processEvents()
        several = len({town.member for town in towns}) > 1
        assert sorted(tall(table)) == sorted(town.member and several for town in towns)


def test_the_model_and_its_proxy_are_sound(panel: ListPanel) -> None:
    fatal = QAbstractItemModelTester.FailureReportingMode.Fatal
    testers = [
        QAbstractItemModelTester(panel.table.rows, fatal),
        QAbstractItemModelTester(panel.table.rows.sourceModel(), fatal),
    ]
    panel.set_rows(TOWNS[:2])
    panel.filter.setText("vou")
    panel.set_rows(())
    assert len(testers) == 2


def calls(work: Callable[[], object]) -> int:
    """How many functions of Python some work calls."""
    made = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal made
        made += event == "call"

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return made


def test_a_list_of_thousands_is_put_in_order_and_filtered_row_by_row(panel: ListPanel) -> None:
    """Two rows that are compared one by one ask for much more, and more so the more there are."""
    panel.hide()  # what is not seen is not told
    panel.set_rows([Town(str(n), f"Commune {n * 7 % 1000}", n) for n in range(1000)])
    panel.table.set_order(1)
    for work, a_row in (
        (lambda: panel.table.set_order(0, down=True), 5),
        (lambda: panel.filter.setText("commune 1"), 30),  # each row's words are read
        (lambda: panel.filter.setText("commune 12"), 10),
        (panel.filter.clear, 5),
    ):
        assert calls(work) < a_row * 1000
    assert shown(panel)[:2] == ["Commune 999", "Commune 998"]


def test_the_rows_chosen_stay_so_whatever_they_are_put_in_order_by(panel: ListPanel) -> None:
    panel.hide()
    panel.table.set_order(0)
    panel.table.select_where("a")
    flags = QItemSelectionModel.SelectionFlag
    panel.table.selectionModel().select(
        panel.table.rows.place("d", "id"), flags.Select | flags.Rows
    )
    assert [town.name for town in panel.table.chosen()] == ["Agencourt", "L'Étang-Vergy"]
    panel.table.set_order(1)
    assert [town.name for town in panel.table.chosen()] == ["L'Étang-Vergy", "Agencourt"]
    assert panel.table.current().name == "L'Étang-Vergy"
    panel.filter.setText("vergy")
    assert [town.name for town in panel.table.chosen()] == ["L'Étang-Vergy"]


def test_what_is_equal_in_the_order_of_a_column_stays_as_it_was(panel: ListPanel) -> None:
    panel.table.set_order(0, down=True)
    panel.table.set_order(2)
    assert shown(panel) == ["Vougeot", "Agencourt", "L'Étang-Vergy", "Échenoz"]


@pytest.mark.parametrize("down", [False, True])
def test_a_row_without_a_value_comes_last_in_both_orders(panel: ListPanel, down: bool) -> None:
    panel.table.set_order(1, down=down)
    assert shown(panel)[-1] == "Échenoz"
    panel.table.set_order(2, down=down)
    assert set(shown(panel)[:2]) == {"Vougeot", "Agencourt"}


def test_choices_offered_anew_filter_the_rows_once_another_is_chosen(panel: ListPanel) -> None:
    panel.hide()
    choice = Choice([(None, "Toutes"), (True, "Adhérentes")])
    panel.add_facet(choice, lambda town, value: town.member is value)
    filtered = list[object]()
    panel.table.rows.layoutChanged.connect(lambda *kept: filtered.append(kept))
    choice.offer([(None, "Toutes"), (True, "Les adhérentes")])
    assert (filtered, len(shown(panel))) == ([], 4)
    choice.set_value(True)
    assert len(filtered) == 1
    choice.offer([(None, "Toutes")])
    assert (len(filtered), len(shown(panel))) == (2, 4)


def test_rows_of_several_lines_stay_so_and_cost_a_list_of_thousands_little(qtbot: QtBot) -> None:
    """Qt asks for the height of each row, and looks at each of its cells, if it is let."""
    table = RecordsTable("Communes", TableModel(LongColumn))
    qtbot.addWidget(table)
    table.resize(800, 400)
    table.set_widths({1: 100})
    table.show()
    table.set_rows([Town(str(n), f"Commune {n}", n, member=bool(n % 2)) for n in range(1000)])
    QCoreApplication.processEvents()

    def asks(work: Callable[[], object]) -> int:
        return calls(lambda: (work(), QCoreApplication.processEvents()))

    def expected() -> list[bool]:
        return [town.member for town in table.rows.seen()]

    for work, a_row in (
        (table.hide, 1),
        (table.show, 2),
        (lambda: table.set_order(0), 15),
        (lambda: table.rows.filter_by("commune 1"), 30),  # each row's words are read
        (lambda: table.rows.filter_by(""), 8),
        (lambda: table.setColumnWidth(1, 90), 6),
    ):
        assert asks(work) < a_row * 1000
        assert tall(table) == expected()
    table.select_where("800")
    table.set_rows([*table.rows.seen(), Town("z", "Agencourt", 480)])
    QCoreApplication.processEvents()
    last = table.rowAt(table.viewport().height() - 1)
    assert last == table.currentIndex().row()  # no further down than it takes to show it
    count_lines.cache_clear()
    table.setColumnWidth(1, 700)
    QCoreApplication.processEvents()
    assert not any(tall(table))
    assert count_lines.cache_info().misses == 2  # each text is measured once


def test_names_sort_as_people_read_them_and_the_unknown_comes_last(panel: ListPanel) -> None:
    panel.table.set_order(0)
    assert shown(panel) == ["Agencourt", "Échenoz", "L'Étang-Vergy", "Vougeot"]
    panel.table.set_order(1)
    assert shown(panel) == ["Vougeot", "L'Étang-Vergy", "Agencourt", "Échenoz"]


def test_the_keyboard_sorts_too(panel: ListPanel, qtbot: QtBot) -> None:
    keys = Qt.Key
    menu = panel.table.sorting
    assert menu.menuAction() in panel.table.actions()  # what the menu key opens
    for steps, wanted in ((2, ["Vougeot", "L'Étang-Vergy", "Agencourt", "Échenoz"]),
                          (4, ["Agencourt", "L'Étang-Vergy", "Vougeot", "Échenoz"])):  # fmt: skip
        menu.popup(panel.mapToGlobal(QPoint()))
        for _ in range(steps):
            qtbot.keyClick(menu, keys.Key_Down)
        qtbot.keyClick(menu, keys.Key_Return)
        assert shown(panel) == wanted
    menu.popup(panel.mapToGlobal(QPoint()))
    assert [one.isChecked() for one in menu.actions() if one.text()] == [False, True, False, True]
    menu.close()


def test_a_screen_reader_is_told_the_order_of_the_rows_and_what_their_number_is_of(
    panel: ListPanel, heard: list[str]
) -> None:
    def heading(number: int) -> str:
        table = QAccessible.queryAccessibleInterface(panel.table)
        return table.child(number + 1).text(QAccessible.Text.Name)  # after the corner

    people, inverse = panel.table.sorting.actions()[1], panel.table.sorting.actions()[-1]
    people.trigger()
    assert (heading(0), heading(1)) == ("Commune", "Habitants, tri croissant")
    inverse.trigger()
    assert heading(1) == "Habitants, tri décroissant"
    assert heard == ["Habitants, tri croissant", "Habitants, tri décroissant"]
    assert panel.count.accessibleName() == "4 lignes"
    panel.filter.setText("vergy")
    assert panel.count.accessibleName() == "1 ligne sur 4"


def test_escape_clears_the_filter_from_its_own_line_alone(panel: ListPanel, qtbot: QtBot) -> None:
    activate(panel)
    type_text(panel.filter, "vergy")
    panel.table.setFocus()
    qtbot.keyClick(panel.table, Qt.Key.Key_Escape)
    assert (panel.filter.text(), shown(panel)) == ("vergy", ["L'Étang-Vergy"])
    panel.filter.setFocus()
    qtbot.keyClick(panel.filter, Qt.Key.Key_Escape)
    assert (panel.filter.text(), len(shown(panel))) == ("", 4)


@pytest.mark.parametrize("typed", ["etang vergy", "l’étang", "VERGY", "ETANG-VER"])
def test_the_filter_forgives_accents_case_hyphens_and_apostrophes(
    panel: ListPanel, typed: str, qtbot: QtBot
) -> None:
    type_text(panel.filter, typed)
    assert shown(panel) == ["L'Étang-Vergy"]
    assert panel.count.text() == "1 sur 4"


def test_a_choice_beside_the_filter_narrows_too_and_one_button_clears_both(
    panel: ListPanel, qtbot: QtBot
) -> None:
    choice = Choice([(None, "Toutes"), (True, "Adhérentes")])
    panel.add_facet(choice, lambda town, value: town.member is value)
    choice.set_value(True)
    assert sorted(shown(panel)) == ["Agencourt", "Vougeot"]
    panel.filter.setText("zzz")
    assert shown(panel) == []
    clear_filter(panel)
    assert len(shown(panel)) == 4


def test_where_choices_leave_nothing_of_what_is_typed_they_are_dropped_before_it(
    panel: ListPanel, qtbot: QtBot
) -> None:
    choice = Choice([(None, "Toutes"), (True, "Adhérentes")], True)
    panel.add_facet(choice, lambda town, value: town.member is value)
    assert sorted(shown(panel)) == ["Agencourt", "Vougeot"]
    panel.filter.setText("vergy")
    press(panel, "Chercher parmi les 4", qtbot)
    assert shown(panel) == ["L'Étang-Vergy"]
    panel.filter.setText("zzz")
    press(panel, "Effacer le filtre", qtbot)
    assert len(shown(panel)) == 4
    choice.set_value(True)
    panel.set_rows([town for town in TOWNS if not town.member][:1])
    press(panel, "Chercher dans toute la liste", qtbot)
    assert len(shown(panel)) == 1


def test_how_many_rows_a_filter_leaves_is_said_once_the_typing_rests(
    panel: ListPanel, qtbot: QtBot, heard: list[str]
) -> None:
    panel.set_rows(TOWNS)
    type_text(panel.filter, "Vergy")
    qtbot.waitUntil(lambda: heard == ["1 ligne sur 4"])
    type_text(panel.filter, "zzz")
    qtbot.waitUntil(lambda: heard[1:] == ["Rien ne correspond à ce filtre."])
    clear_filter(panel)
    qtbot.waitUntil(lambda: heard[2:] == ["4 lignes"])


def test_the_choices_are_whole_at_any_width(panel: ListPanel, qtbot: QtBot) -> None:
    for name in ("Départements de la région", "Genres de collectivité", "Adhésions au groupement"):
        panel.add_facet(Choice([(None, name)]), lambda town, value: True)
    for width, is_narrow in ((1600, False), (640, True), (400, True), (1600, False)):
        panel.resize(width, 400)
        qtbot.waitUntil(
            lambda width=width, is_narrow=is_narrow: all(
                choice.width() >= choice.sizeHint().width()
                and choice.x() + choice.width() <= width
                and (choice.y() > panel.filter.geometry().bottom()) is is_narrow
                for choice in panel.choices
            )
        )


def test_an_empty_list_teaches_instead_of_showing_a_void(panel: ListPanel) -> None:
    assert not panel.empty.isVisible()
    panel.set_rows(())
    assert panel.empty.isVisible()


def test_the_row_that_was_current_stays_current_when_rows_are_read_again(panel: ListPanel) -> None:
    panel.table.select_where("b")
    panel.set_rows((Town("z", "Ancey", 400), *TOWNS))
    assert panel.table.current().name == "Vougeot"


def test_the_rows_chosen_stay_so_when_rows_are_read_again(panel: ListPanel) -> None:
    def chosen() -> list[str]:
        return [town.id for town in panel.table.chosen()]

    flags = QItemSelectionModel.SelectionFlag
    for town in "adb":
        place = panel.table.rows.place(town, "id")
        panel.table.selectionModel().setCurrentIndex(place, flags.Select | flags.Rows)
    panel.set_rows((Town("z", "Ancey", 400), *TOWNS))
    assert sorted(chosen()) == ["a", "b", "d"]
    assert panel.table.current().id == "b"
    panel.table.setFocus()
    panel.set_rows([town for town in TOWNS if town.id != "b"])
    assert sorted(chosen()) == ["a", "d"]
    panel.set_rows([town for town in TOWNS if town.id not in "abd"])
    assert chosen() == ["c"]  # one takes their place, as after a deletion
    panel.set_rows(TOWNS)
    panel.table.selectAll()
    panel.set_rows([*TOWNS])
    assert len(chosen()) == len(panel.table.selectionModel().selection().toList()) * 4


def test_enter_opens_and_delete_asks(panel: ListPanel, qtbot: QtBot) -> None:
    panel.table.select_where("d")
    with qtbot.waitSignal(panel.table.opened) as opened:
        qtbot.keyClick(panel.table, Qt.Key.Key_Return)
    assert opened.args[0].name == "Agencourt"
    with qtbot.waitSignal(panel.table.delete_requested) as asked:
        qtbot.keyClick(panel.table, Qt.Key.Key_Delete)
    assert asked.args[0].name == "Agencourt"


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Down])
def test_enter_and_down_in_the_filter_go_to_the_first_row(
    key: Qt.Key, panel: ListPanel, qtbot: QtBot
) -> None:
    type_text(panel.filter, "agen")
    qtbot.keyClick(panel.filter, key)
    assert panel.table.hasFocus()
    assert panel.table.current().name == "Agencourt"


def test_the_order_by_a_column_hidden_as_it_is_empty_waits_for_it(panel: ListPanel) -> None:
    panel.table.set_order(2)
    assert shown(panel)[:2] == ["Vougeot", "Agencourt"]
    panel.set_rows([TOWNS[2], TOWNS[0], Town("e", "Ancey", 9)])
    assert panel.table.isColumnHidden(2)
    assert shown(panel) == ["Ancey", "Échenoz", "L'Étang-Vergy"]
    offered = [one.text() for one in panel.table.sorting.actions() if one.isVisible()]
    assert "Adhésion" not in offered
    panel.set_rows(TOWNS)
    assert sorted(shown(panel)[:2]) == ["Agencourt", "Vougeot"]
    assert panel.table.order() == (2, False)
    assert panel.table.sorting.actions()[2].isVisible()


def bubble(table: RecordsTable, row: int, column: int) -> str:
    """What a cell says when the mouse rests on it."""
    index, ground = table.rows.index(row, column), table.viewport()
    place = table.visualRect(index).center()
    rest = QHelpEvent(QEvent.Type.ToolTip, place, ground.mapToGlobal(place))
    QCoreApplication.sendEvent(ground, rest)
    return str(index.data(Qt.ItemDataRole.ToolTipRole)) if rest.isAccepted() else ""


def test_a_cell_that_is_cut_or_shortened_is_read_whole_in_its_bubble(
    panel: ListPanel, qtbot: QtBot
) -> None:
    towns = [Town("a", "Saint-Germain-de-Modéon " * 9, 190), Town("b", "Vougeot", 150, member=True)]
    panel.set_rows(towns)
    panel.table.set_order(0)
    cells = [(row, number) for row in range(2) for number in range(3)]
    said = [bubble(panel.table, row, number) for row, number in cells]
    assert said == [towns[0].name, "", "", "", "", ""]
    panel.table.setColumnWidth(2, 50)
    assert bubble(panel.table, 1, 2) == "Adhérente"
    short = RecordsTable("Communes", TableModel(ShortColumn))
    qtbot.addWidget(short)
    short.set_rows([Town("c", "Saint-Germain-de-Modéon", 190)])
    short.show()
    assert bubble(short, 0, 0) == "Saint-Germain-de-Modéon"


def test_copied_rows_are_the_cells_of_a_spreadsheet(panel: ListPanel, qtbot: QtBot) -> None:
    panel.table.set_order(0)
    panel.table.selectAll()
    qtbot.keyClick(panel.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().split("\n")
    assert lines[0] == "Agencourt\t480\tAdhérente"
    assert len(lines) == 4


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("19/03/2027", date(2027, 3, 19)),
        ("31/02/2027", "31/02/2027"),
        ("00/00/0000", "00/00/0000"),
        ("19/03/1850", "19/03/1850"),
    ],
)
def test_a_day_leaves_for_a_spreadsheet_as_one_where_there_is_such_a_day(
    text: str, cell: object
) -> None:
    column = Column[str]("Échéance", str, sort=str)
    assert column.cell(text) == cell


@pytest.mark.parametrize("text", ["=1+1", "+33 (0)3", "-cmd|calc", "@SUM(A1)"])
def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(text: str) -> None:
    assert as_cells([[text]]) == f"'{text}"


@pytest.mark.parametrize(
    "text", ['"Le serveur" est lent', '"Trop cher"', '"', '"=1+1', 'Dire "oui"', "L'écran"]
)
def test_a_cell_that_begins_by_a_quotation_comes_whole_out_of_the_clipboard(text: str) -> None:
    copied = as_cells([["Besoin", "Gravité"], [text, "3"]])
    assert csv_file.pasted(copied).rows[0].cells == (text, "3")


def test_numbers_stay_numbers_and_a_cell_stays_one_cell() -> None:
    assert as_cells([["-12,50", "+3", "a\tb\nc"]]) == "-12,50\t+3\ta b c"


def test_selected_rows_are_copied_with_their_numbers_and_without_the_columns_that_hide(
    panel: ListPanel, qtbot: QtBot
) -> None:
    panel.set_rows([Town("e", "Dijon", 159_346)])
    panel.table.setFocus()
    panel.table.selectAll()
    qtbot.keyClick(panel.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "Dijon\t159346"
    assert panel.table.headings() == ["Commune", "Habitants"]


def test_escape_clears_the_filter(panel: ListPanel, qtbot: QtBot) -> None:
    panel.filter.setFocus()
    type_text(panel.filter, "vou")
    qtbot.keyClick(panel.filter, Qt.Key.Key_Escape)
    assert len(shown(panel)) == len(TOWNS)
    assert panel.filter.hasFocus()


def test_folding_keeps_words_apart() -> None:
    assert folded("Œuvre d’Étang-Vergy") == "oeuvre d etang vergy"


def test_a_list_is_copied_as_it_is_seen_under_its_titles(panel: ListPanel) -> None:
    panel.filter.setText("vou")
    panel.table.set_order(0, down=True)
    panel.table.copy_seen()
    assert QGuiApplication.clipboard().text() == (
        "Commune\tHabitants\tAdhésion\nVougeot\t150\tAdhérente"
    )
    panel.filter.setText("e")
    assert panel.table.seen() == [
        ["Vougeot", 150, "Adhérente"],
        ["L'Étang-Vergy", 190, ""],
        ["Échenoz", "", ""],
        ["Agencourt", 480, "Adhérente"],
    ]
