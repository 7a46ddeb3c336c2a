"""The sheet of an OpenDocument workbook (ISO/IEC 26300), as LibreOffice saves it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any
from xml.etree.ElementTree import Element, ParseError, fromstring

from app.domain.refusals import Refusal
from app.exchange.cells import french
from app.exchange.pages import Known, Page, chosen, nothing
from app.exchange.sheet import MOST_COLUMNS, MOST_ROWS, Sheet, sheet, shown
from app.exchange.workbook import LOCKED, check_parts

_OFFICE, _TABLE, _TEXT = (
    f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("office", "table", "text")
)
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_GROUPS = tuple(
    f"{_TABLE}{name}" for name in ("table-header-rows", "table-row-group", "table-rows")
)
_SIGNS = {f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n", f"{_TEXT}s": " "}
_MOST_BYTES = 100 << 20
"""The most bytes of its content, which takes ten times its size in memory to read."""

_DAMAGED = (
    "ce fichier n'est pas un classeur ODS, ou il est endommagé : ouvrez-le dans un tableur et"
    " enregistrez-le au format .xlsx."
)


def read(data: bytes, known: Known = nothing) -> Sheet:
    """The table of the sheet that `chosen` finds by its `known` columns.

    Refusal on a file that is damaged, locked, a bomb, or no workbook.
    """
    check_parts(data, _DAMAGED)
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        parts = set(file.namelist())
        if "META-INF/manifest.xml" in parts and b"encryption-data" in file.read(
            "META-INF/manifest.xml"
        ):
            raise Refusal(LOCKED)
        if "content.xml" not in parts:
            raise Refusal(_DAMAGED)
        if file.getinfo("content.xml").file_size > _MOST_BYTES:
            raise Refusal("le classeur est trop gros : enregistrez-le au format .xlsx.")
        content = file.read("content.xml")
    notes: list[str] = []
    try:
        root = fromstring(content)  # noqa: S314 - `check_parts` refuses what declares entities
        return sheet(_lines(root, known, notes), ragged=True)._replace(notes=tuple(notes))
    except Refusal:
        raise
    except (ParseError, ValueError, RecursionError) as error:
        raise Refusal(_DAMAGED) from error


def _lines(root: Element, known: Known, notes: list[str]) -> Iterator[tuple[int, list[str]]]:
    hidden = {
        style.get(f"{_STYLE}name")
        for style in root.iter(f"{_STYLE}style")
        for properties in style.iter(f"{_STYLE}table-properties")
        if properties.get(f"{_TABLE}display") == "false"
    }
    tables = root.findall(f".//{_OFFICE}spreadsheet/{_TABLE}table")
    pages = [
        Page(
            one.get(f"{_TABLE}name", ""),
            one.get(f"{_TABLE}style-name") not in hidden,
            partial(_bare, one),
        )
        for one in tables
    ]
    if not pages:
        return
    rank, others = chosen(pages, known)
    unseen = set()
    for line, cells, seen in _rows(tables[rank]):
        unseen |= set() if seen else {line}
        yield line, cells
    notes += shown(pages[rank].name, others, unseen)


def _bare(page: Element) -> Iterator[tuple[int, list[str]]]:
    return ((line, cells) for line, cells, _ in _rows(page))


def _rows(page: Element) -> Iterator[tuple[int, list[str], bool]]:
    """The lines that hold something, and whether each is visible; a cell that is merged with those
    below is repeated in each of them.
    """
    below: dict[int, tuple[int, str]] = {}
    line = 0
    for row in _in_groups(page):
        cells = list(_cells(row, line + 1, below))
        while cells and not cells[-1].strip():
            cells.pop()
        times = _times(row, "number-rows-repeated")
        if cells:
            seen = row.get(f"{_TABLE}visibility", "visible") == "visible"
            for number in range(line + 1, line + 1 + min(times, MOST_ROWS + 2)):
                yield number, cells, seen
        line += times


def _in_groups(page: Element) -> Iterator[Element]:
    for part in page:
        if part.tag == f"{_TABLE}table-row":
            yield part
        elif part.tag in _GROUPS:
            yield from _in_groups(part)


def _cells(row: Element, line: int, below: dict[int, tuple[int, str]]) -> Iterator[str]:
    column = 0
    found = [cell for cell in row if cell.tag in _CELLS]
    filled = any(_as_text(cell).strip() for cell in found)
    for cell in found:
        text = _as_text(cell)
        span = _times(cell, "number-rows-spanned")
        if span > 1:
            below[column] = line + span - 1, text
        times = _times(cell, "number-columns-repeated")
        if column > MOST_COLUMNS and text.strip():
            yield text  # which makes the line too long
            return
        for _ in range(min(times, MOST_COLUMNS + 1 - column)):
            last, above = below.get(column, (0, ""))
            yield text or (above if filled and line <= last else "")
            column += 1


def _times(element: Element, name: str) -> int:
    """An attribute that counts repetitions, at least 1; ValueError when it is no number."""
    return max(1, int(element.get(f"{_TABLE}{name}", 1)))


def _as_text(cell: Element) -> str:
    """What the cell holds: numbers bare of their format, days as a French sheet shows them."""
    get = {name: cell.get(f"{_OFFICE}{name}") for name in ("value-type", "value", "date-value",
                                                           "boolean-value")}  # fmt: skip
    if get["date-value"]:
        return _day(get["date-value"])
    if get["boolean-value"]:
        return "oui" if get["boolean-value"] == "true" else "non"
    words = "\n".join(_words(part) for part in cell if part.tag == f"{_TEXT}p")
    if get["value"] and not words.startswith(("#", "Err:")):  # the error of a formula
        return get["value"].removesuffix(".0")
    return words


def _day(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    clock = "" if moment.time() == datetime.min.time() else f" {moment.time().isoformat()}"
    return f"{french(moment)}{clock}"


def _words(part: Any) -> str:
    """The words of a paragraph and of what it holds, spaces and line breaks included."""
    words = [part.text or ""]
    for child in part:
        sign = _SIGNS.get(child.tag)
        words.append(sign * int(child.get(f"{_TEXT}c", 1)) if sign else _words(child))
        words.append(child.tail or "")
    return "".join(words)
