"""Columns are as wide as their words ask for, while there is room."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QFontMetrics
from pytestqt.qtbot import QtBot

from ui.models.table import Column, Columns, TableModel
from ui.theme import Space, Theme
from ui.widgets.cell_delegate import cell_font
from ui.widgets.column_widths import shared
from ui.widgets.table import RecordsTable

_WIDTHS = st.integers(20, 900)


@given(st.lists(st.tuples(_WIDTHS, _WIDTHS), min_size=1, max_size=9), st.integers(0, 3_000))
def test_nothing_is_cut_while_another_column_has_room_to_spare(
    columns: list[tuple[int, int]], room: int
) -> None:
    asked = {number: one for number, (one, _) in enumerate(columns)}
    usual = {number: one for number, (_, one) in enumerate(columns)}
    widths = shared(room, asked, usual)
    least = sum(min(one) for one in columns)
    assert sum(widths.values()) <= max(room, least)
    assert all(width >= min(columns[number]) for number, width in widths.items())
    cut = [number for number, width in widths.items() if width < asked[number]]
    spare = [number for number, width in widths.items() if width > asked[number]]
    assert not (cut and spare)
    if cut and room >= least:
        assert sum(widths.values()) > room - len(cut)


@given(st.lists(st.tuples(_WIDTHS, _WIDTHS), min_size=1, max_size=9))
def test_where_all_is_whole_each_has_its_usual_width(columns: list[tuple[int, int]]) -> None:
    asked = dict(enumerate(min(one) for one in columns))
    usual = dict(enumerate(max(one) for one in columns))
    assert shared(sum(usual.values()), asked, usual) == usual


@dataclass(frozen=True)
class Evening:
    id: str
    title: str
    place: str
    state: str


class EveningColumn(Columns):
    TITLE = Column[Evening]("Séance", lambda row: row.title, width=0)
    PLACE = Column[Evening]("Lieu", lambda row: row.place, width=90)
    STATE = Column[Evening]("État", lambda row: row.state, width=200)


def _asked(text: str) -> int:
    return QFontMetrics(cell_font("body")).horizontalAdvance(text) + 2 * Space.M


def test_a_column_takes_what_another_spares(theme: Theme, qtbot: QtBot) -> None:
    table = RecordsTable("Séances", TableModel(EveningColumn))
    qtbot.addWidget(table)
    table.resize(620, 300)
    table.show()
    assert table.columnWidth(2) == 200
    long = "Salle du conseil, mairie de Saulieu"
    table.set_rows([Evening("1", "Une séance où l'on parle de tout, et de rien", long, "Close")])
    QCoreApplication.processEvents()
    assert table.columnWidth(1) >= _asked(long)
    assert _asked("Close") <= table.columnWidth(2) < 200
    table.set_rows([Evening("1", "Séance", "Salle", "Close")])
    QCoreApplication.processEvents()
    assert (table.columnWidth(1), table.columnWidth(2)) == (90, 200)


def test_a_width_given_by_hand_is_left_alone(theme: Theme, qtbot: QtBot) -> None:
    table = RecordsTable("Séances", TableModel(EveningColumn))
    qtbot.addWidget(table)
    table.resize(620, 300)
    table.set_widths({2: 200})
    table.show()
    long = "Salle du conseil, mairie de Saulieu"
    table.set_rows([Evening("1", "Une séance où l'on parle de tout, et de rien", long, "Close")])
    QCoreApplication.processEvents()
    assert table.columnWidth(2) == 200


class CountColumn(Columns):
    TITLE = Column[Evening]("Séance", lambda row: row.title, width=0)
    WAITING = Column[Evening]("Besoins encore en attente", lambda row: "12", width=170)
    LATE = Column[Evening]("Suites en retard", lambda row: "3", width=130)


def test_titles_are_on_two_lines_where_the_columns_would_take_more_than_there_is(
    theme: Theme, qtbot: QtBot
) -> None:
    table = RecordsTable("Séances", TableModel(CountColumn))
    qtbot.addWidget(table)
    table.set_rows([Evening("1", "Une séance où l'on parle de tout, et de rien", "", "")])
    table.resize(700, 300)
    table.show()
    across, header = Qt.Orientation.Horizontal, table.horizontalHeader()
    whole = [column.title for column in (one.column for one in CountColumn)]

    def titles() -> list[str]:
        return [table.rows.headerData(number, across) for number in range(3)]

    low = header.height()
    assert titles() == whole
    table.resize(460, 300)
    assert titles() == ["Séance", "Besoins encore\nen attente", "Suites\nen retard"]
    assert header.height() > low
    assert header.length() <= table.viewport().width()
    assert table.headings() == whole
    table.resize(700, 300)
    assert (titles(), header.height()) == (whole, low)
