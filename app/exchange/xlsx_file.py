"""XLSX by openpyxl: reads one sheet of a workbook, and writes workbooks of one sheet."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from typing import Any

from app.domain.refusals import Refusal
from app.exchange.cells import Cell, french, unguarded
from app.exchange.pages import Known, Page, chosen, nothing
from app.exchange.sheet import Sheet, sheet, shown
from app.exchange.workbook import LOCKED, check_parts

MOST_TEXT = 32_767
"""Characters that a cell of a spreadsheet holds; openpyxl would cut the rest without a word."""

_WIDEST = 60
_TALLEST = 12
"""Lines that a cell may take for its text to be shown whole."""
_A4 = 9  # ECMA-376-1 §18.3.1.63
OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # [MS-CFB] §2.2
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # [MS-OFFCRYPTO] §2.3.4.4
_OLD = (
    "c'est un ancien classeur .xls : ouvrez-le dans un tableur et enregistrez-le au format .xlsx."
)
_DAMAGED = (
    "ce fichier n'est pas un classeur XLSX, ou il est endommagé : ouvrez-le dans un tableur et"
    " enregistrez-le au format .xlsx."
)
_NO_PAGES = (
    "ce classeur est au format « Strict Open XML », ou n'a aucune feuille : ouvrez-le dans un"
    " tableur et enregistrez-le au format « Classeur Excel (.xlsx) »."
)
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]+)(\d+):[A-Z]+(\d+)"')
_ROW = re.compile(rb"<(?:\w+:)?row\s([^<>]*)>")
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_NUMBER = re.compile(rb'\br="(\d+)"')
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\s([^<>]*)>\s*<(?:\w+:)?f(?:\s[^<>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)"
    rb"\s*(?:<(?:\w+:)?v\s*(?:/>|></(?:\w+:)?v>)\s*)?</(?:\w+:)?c>"
)
"""A formula without a value, and the attributes of its cell."""
_PLACE = re.compile(rb'\br="([A-Z]+\d+)"')
_NOT_XML = re.compile("[\ufffe\uffff]")
_ESCAPED = re.compile("_x((?!D[89A-F])[0-9A-F]{4})_", re.IGNORECASE)
"""How a cell says a character that XML does not hold (ECMA-376-1 §22.9.2.19)."""
_LIKE_ESCAPED = re.compile("_(?=x[0-9A-F]{4}_)", re.IGNORECASE)
_FIRST_DAY = date(1900, 3, 1)
"""The first day that all spreadsheets count alike."""


def write(name: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A workbook of one sheet; texts are texts and never formulas, and the apostrophe that guards
    one does not show. Printed, it is as wide as a page, and each page begins with the headings.

    Raises Refusal with the line and the column when a cell cannot hold a text.
    """
    from openpyxl.styles import Alignment
    from openpyxl.styles.fonts import DEFAULT_FONT
    from openpyxl.utils import get_column_letter

    from app.exchange import xlsx_memory

    table: list[list[Cell]] = [list(headings), *(list(row) for row in rows)]
    _check_texts(table)
    book, page = xlsx_memory.new_sheet(name)
    book.properties.title, book.properties.creator = name, ""
    page.freeze_panes = "A2"
    page.print_title_rows = "1:1"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", _A4
    page.page_setup.fitToHeight = 0  # as many as it takes
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.oddHeader.left.text, page.oddFooter.right.text = "&A", "&P/&N"
    for column in range(len(headings)):
        longest = max(len(str(row[column] or "")) for row in table[:200])
        page.column_dimensions[get_column_letter(column + 1)].width = min(longest + 2, _WIDEST)
    xlsx_memory.start_rows(page)
    bold = copy(DEFAULT_FONT)
    bold.b = True
    for rank, row in enumerate(table):
        cells = [_cell(page, value) for value in row]
        for cell in cells if rank == 0 else ():
            cell.font = bold
        if any(map(_is_tall, row)):
            for cell, value in zip(cells, row, strict=True):
                cell.alignment = Alignment(vertical="top", wrap_text=_is_tall(value))
        page.append(cells)
    return xlsx_memory.saved(book)


def _check_texts(table: list[list[Cell]]) -> None:
    for line, row in enumerate(table, 1):
        for heading, value in zip(table[0], row, strict=True):
            if not isinstance(value, str):
                continue
            place = f"ligne {line}, colonne « {heading} »"
            if len(value) > MOST_TEXT:
                raise Refusal(
                    f"{place} : le texte dépasse les {MOST_TEXT} caractères d'une cellule,"
                    " exportez en CSV."
                )
            if _NOT_XML.search(value):
                raise Refusal(f"{place} : un caractère n'a pas sa place en XLSX, exportez en CSV.")


def _cell(page: Any, value: Cell) -> Any:
    from openpyxl.cell import WriteOnlyCell

    bare = unguarded(value) if isinstance(value, str) else value
    hides = bare != value and not str(bare).startswith("'")  # else reading would take one off
    shown: Any = bare if hides else value
    if isinstance(value, date) and value < _FIRST_DAY:
        shown = french(value)
    if isinstance(shown, str):
        shown = _LIKE_ESCAPED.sub("_x005F_", shown)
    cell = WriteOnlyCell(page, shown)
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = hides
    if isinstance(value, date):
        cell.number_format = "DD/MM/YYYY"
    if isinstance(value, Decimal):
        cell.number_format = f"#,##0.{'0' * len(str(value).partition('.')[2])}"
    return cell


def _is_tall(value: Cell) -> bool:
    """Whether a cell is to be shown on several lines; one that would fill the screen is not."""
    lines = value.split("\n") if isinstance(value, str) else []
    return 1 < sum(1 + len(line) // _WIDEST for line in lines) <= _TALLEST


def read(data: bytes, known: Known = nothing) -> Sheet:
    """The table of the sheet that `chosen` finds by its `known` columns.

    Refusal on a file that is damaged, a bomb, or no workbook.
    """
    if data.startswith(OLD_OR_LOCKED):
        raise Refusal(LOCKED if _ENCRYPTED in data else _OLD)
    check_parts(data, _DAMAGED)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles that it leaves out
            notes: list[str] = []
            return sheet(_lines(data, known, notes), ragged=True)._replace(notes=tuple(notes))
    except Refusal:
        raise
    except Exception as error:
        # openpyxl lets through whatever a damaged part makes it stumble on
        raise Refusal(_DAMAGED) from error


def _lines(data: bytes, known: Known, notes: list[str]) -> Iterator[tuple[int, list[str]]]:
    """The lines of the sheet that is read."""
    from app.exchange import xlsx_reading

    book = xlsx_reading.opened(data)
    try:
        pages = [
            Page(one.title, one.sheet_state == "visible", partial(_rows, one, {}))
            for one in book.worksheets
        ]
        if not pages:
            raise Refusal(_NO_PAGES)
        rank, others = chosen(pages, known)
        page, written = book.worksheets[rank], []
        part = _part(page)
        for line, cells in _rows(page, _merged(part)):
            if cells:
                written.append(line)
                yield line, cells
        _check_formulas(part)
        notes += shown(page.title, others, _hidden(part).intersection(written))
    finally:
        book.close()


def _rows(page: Any, merged: dict[int, list[tuple[int, int]]]) -> Iterator[tuple[int, list[str]]]:
    """The lines of a sheet, each up to its last cell that is not blank; a cell that is merged with
    those below is repeated in each of its lines that holds something.
    """
    below: dict[int, tuple[int, str]] = {}  # the last line, and the text, of a column's merged cell
    page.reset_dimensions()  # a file may lie about them
    for line, row in enumerate(page.iter_rows(values_only=True), 1):
        width = next((n for n in range(len(row), 0, -1) if row[n - 1] is not None), 0)
        cells = [_as_text(value) for value in row[:width]]
        while cells and not cells[-1].strip():
            cells.pop()
        for column, (last, text) in below.items():
            if cells and line <= last:
                cells += [""] * (column + 1 - len(cells))
                cells[column] = cells[column] or text
        for column, last in merged.get(line, ()):
            if column < len(cells):
                below[column] = last, cells[column]
        yield line, cells


# What openpyxl leaves out of a sheet that it streams


def _part(page: Any) -> bytes:
    with page._get_source() as part:
        return bytes(part.read())


def _merged(part: bytes) -> dict[int, list[tuple[int, int]]]:
    """The cells merged with those below, by their line: the rank of the column, the last line."""
    from openpyxl.utils import column_index_from_string

    found: dict[int, list[tuple[int, int]]] = {}
    for column, first, last in _MERGED.findall(part):
        if first != last:
            place = column_index_from_string(column.decode()) - 1, int(last)
            found.setdefault(int(first), []).append(place)
    return found


def _hidden(part: bytes) -> set[int]:
    """The lines that are hidden, by hand or by a filter."""
    rows = (found for found in _ROW.findall(part) if _HIDDEN.search(found))
    return {int(number[1]) for row in rows if (number := _NUMBER.search(row))}


def _check_formulas(part: bytes) -> None:
    """Refusal of a formula whose value the file does not hold: its cell would pass for empty."""
    for about in _FORMULA.findall(part):
        place = _PLACE.search(about)
        if place and b't="str"' not in about:  # "str": its value is an empty text
            raise Refusal(
                f"cellule {place[1].decode()} : sa formule n'a pas été calculée, ouvrez le"
                " classeur dans un tableur et enregistrez-le."
            )


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, datetime | date):
        return _day_as_text(value)
    if isinstance(value, time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _meant(str(value))


def _meant(text: str) -> str:
    said = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return said.replace("\r\n", "\n").replace("\r", "\n")


def _day_as_text(moment: date) -> str:
    """« 19/03/2027 », as a French sheet shows it, with its time where there is one."""
    clock = moment.time() if isinstance(moment, datetime) else time()
    return f"{french(moment)} {clock.isoformat()}" if clock != time() else french(moment)
