"""A table as rows of text under their headings, whatever file it came from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from app.domain.refusals import Refusal
from app.domain.wording import whole

MOST_ROWS = 100_000
MOST_COLUMNS = 500
MOST_TITLES = 4
"""Lines of title that may stand above the headings."""


class Row(NamedTuple):
    """The cells of one line of the file, whose first line is 1."""

    line: int
    cells: tuple[str, ...]


class Sheet(NamedTuple):
    """A table: `rows` are as long as `headings`, or longer where the file overflows them."""

    headings: tuple[str, ...]
    rows: tuple[Row, ...]


def sheet(rows: Iterable[tuple[int, Sequence[str]]]) -> Sheet:
    """The table of lines as they come; the first one that is not blank holds the headings, or the
    one below a few that fill one cell alone each, where it fills several, with words: they are
    then the title of the table.

    Raises Refusal when there are none, or too many lines or columns.
    """
    found: list[Row] = []
    for line, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > MOST_COLUMNS:
            raise Refusal(f"ligne {line} : le tableau dépasse {MOST_COLUMNS} colonnes.")
        if len(found) <= MOST_TITLES and all(map(_is_title, found)) and _may_head(cells):
            found.clear()
        if len(found) > MOST_ROWS:
            raise Refusal(f"le tableau dépasse {whole(MOST_ROWS)} lignes : coupez-le en plusieurs.")
        found.append(Row(line, tuple(cells)))
    if not found:
        raise Refusal("le fichier ne contient aucun tableau.")
    headings = tuple(cell.strip() for cell in found[0].cells)
    width = len(headings)
    return Sheet(
        headings,
        tuple(Row(line, cells + ("",) * (width - len(cells))) for line, cells in found[1:]),
    )


def _is_title(row: Row) -> bool:
    return sum(bool(cell.strip()) for cell in row.cells) == 1


def _may_head(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell.strip()]
    return len(filled) > 1 and all(any(map(str.isalpha, cell)) for cell in filled)
