"""A table as rows of text under their headings, whatever file it came from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from app.domain.refusals import Refusal
from app.domain.wording import whole

MOST_ROWS = 100_000
MOST_COLUMNS = 500


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
    one below where it fills one cell alone and that one several, with words: it is then the title
    of the table.

    Raises Refusal when there are none, or too many lines or columns.
    """
    headings: tuple[str, ...] | None = None
    kept: list[Row] = []
    for line, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > MOST_COLUMNS:
            raise Refusal(f"ligne {line} : le tableau dépasse {MOST_COLUMNS} colonnes.")
        if headings is None or (not kept and _is_title(headings) and _may_head(cells)):
            headings = tuple(cell.strip() for cell in cells)
            continue
        if len(kept) == MOST_ROWS:
            raise Refusal(f"le tableau dépasse {whole(MOST_ROWS)} lignes : coupez-le en plusieurs.")
        kept.append(Row(line, tuple(cells) + ("",) * (len(headings) - len(cells))))
    if headings is None:
        raise Refusal("le fichier ne contient aucun tableau.")
    return Sheet(headings, tuple(kept))


def _is_title(cells: Sequence[str]) -> bool:
    return sum(bool(cell.strip()) for cell in cells) == 1


def _may_head(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell.strip()]
    return len(filled) > 1 and all(any(map(str.isalpha, cell)) for cell in filled)
