"""Which sheet of a workbook is read, where it has several."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import NamedTuple

from app.exchange.sheet import MOST_COLUMNS, MOST_TITLES, Sheet, sheet

_TOP = 2 * MOST_TITLES
"""The first filled lines, in which the headings of a sheet are looked for."""

_SURE = 2

Known = Callable[[Sheet], int]
"""Counts the columns of a table that are known by their headings."""


class Page(NamedTuple):
    """A sheet of a workbook, whose lines are read at each call."""

    name: str
    visible: bool
    lines: Callable[[], Iterable[tuple[int, Sequence[str]]]]


def nothing(top: Sheet) -> int:
    """A `Known` to which no column is known: the first filled sheet is chosen."""
    return 0


def chosen(pages: Sequence[Page], known: Known) -> tuple[int, list[str]]:
    """The rank of the sheet to read, and the names of the other filled sheets that are visible.

    It is the first with two known columns at least, or else with one, or else that holds anything;
    a hidden sheet is read only when no filled one is visible.
    """
    tops = {rank: _top(page) for rank, page in enumerate(pages)}
    filled = [rank for rank, top in tops.items() if top]
    shown = [rank for rank in filled if pages[rank].visible]
    found = max(
        shown or filled,
        key=lambda rank: min(known(sheet(tops[rank], ragged=True)), _SURE),
        default=0,
    )
    return found, [pages[rank].name for rank in shown if rank != found]


def _top(page: Page) -> list[tuple[int, Sequence[str]]]:
    filled = ((line, cells) for line, cells in page.lines() if any(map(str.strip, cells)))
    return [(line, cells[:MOST_COLUMNS]) for line, cells in islice(filled, _TOP)]
