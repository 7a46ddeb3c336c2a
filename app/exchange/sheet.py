"""A table as rows of text under their headings, whatever file it came from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from app.domain.refusals import Refusal
from app.domain.wording import count, some, whole

MOST_ROWS = 100_000
MOST_COLUMNS = 500
MOST_TITLES = 4
"""Lines of title that may stand above the headings."""


class Row(NamedTuple):
    """The cells of one line, numbered as a spreadsheet that opens the file numbers it."""

    line: int
    cells: tuple[str, ...]


class Sheet(NamedTuple):
    """A table: `rows` are as long as `headings`, or longer where the file overflows them.

    `titled` are the lines above that were taken for its title, then that of the headings.
    `notes` are sentences to show: sheets that are not read, hidden lines, accents that seem lost.
    """

    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    titled: tuple[Row, ...] = ()

    def column(self, rank: int) -> str:
        """« colonne C (« Gravité ») », and « colonne C » of one without heading."""
        letter, heading = letters(rank), self.written()[rank]
        return f"colonne {letter} (« {heading} »)" if heading else f"colonne {letter}"

    def written(self) -> list[str]:
        """The headings that the file itself gives, empty where it gives none."""
        return [
            "" if name == f"Colonne {letters(rank)}" else name
            for rank, name in enumerate(self.headings)
        ]


def sheet(rows: Iterable[tuple[int, Sequence[str]]], *, ragged: bool = False) -> Sheet:
    """The table of lines as they come. The first line that is not blank holds the headings; but a
    few lines that fill one cell each are a title, if the next one fills several, all with words:
    it then holds the headings. In a `ragged` file, cells beyond the headings are columns too. A
    filled column without heading is named by its letter.

    Raises Refusal when there is no line, or there are too many lines or columns.
    """
    found: list[Row] = []
    titles: list[Row] = []
    for line, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > MOST_COLUMNS:
            raise Refusal(f"ligne {line} : le tableau dépasse {MOST_COLUMNS} colonnes.")
        if len(found) <= MOST_TITLES and all(map(_is_title, found)) and _may_head(cells):
            titles, found = found, []
        if len(found) > MOST_ROWS:
            raise Refusal(f"le tableau dépasse {whole(MOST_ROWS)} lignes : coupez-le en plusieurs.")
        found.append(Row(line, tuple(cells)))
    if not found:
        raise Refusal("le fichier ne contient aucun tableau.")
    table = under(found[0].cells, found[1:], ragged=ragged)
    width = len(table.headings) if ragged else 0
    above = [*titles, found[0]] if titles else []
    titled = [Row(line, cells + ("",) * (width - len(cells))) for line, cells in above]
    return table._replace(titled=tuple(titled))


def under(headings: Sequence[str], rows: Sequence[Row], *, ragged: bool = False) -> Sheet:
    """The table of these rows under these headings."""
    width = max((len(row.cells) for row in rows), default=0) if ragged else 0
    names = [cell.strip() for cell in headings] + [""] * (width - len(headings))
    kept = tuple(Row(line, cells + ("",) * (len(names) - len(cells))) for line, cells in rows)
    for rank, name in enumerate(names):
        if not name and any(row.cells[rank].strip() for row in kept):
            names[rank] = f"Colonne {letters(rank)}"
    return Sheet(tuple(names), kept)


def shown(name: str, others: Sequence[str], hidden: Collection[int]) -> Iterator[str]:
    """Sentences on the `others`, visible sheets that are not read, and on the hidden lines read."""
    if others:
        words = "l'autre ne l'est pas" if len(others) == 1 else "les autres ne le sont pas"
        unread = some([f"« {one} »" for one in others])
        yield f"Seule la feuille « {name} » est lue, {words} : {unread}"
    if hidden:
        which = "ligne masquée est lue aussi", "lignes masquées sont lues aussi"
        yield f"{count(len(hidden), *which)} : {some([str(line) for line in sorted(hidden)])}"


def letters(rank: int) -> str:
    """« A », « Z », « AA »: how spreadsheets name the columns."""
    before, last = divmod(rank, 26)
    return f"{letters(before - 1) if before else ''}{chr(ord('A') + last)}"


def _is_title(row: Row) -> bool:
    return sum(bool(cell.strip()) for cell in row.cells) == 1


def _may_head(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell.strip()]
    return len(filled) > 1 and all(any(map(str.isalpha, cell)) for cell in filled)
