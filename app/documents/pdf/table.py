"""Tables: real ones, with heads that are repeated on each page and announced with each cell."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from math import inf

from msgspec import Struct
from msgspec.structs import replace

from app.documents.pdf.canvas import Place, TaggedCanvas
from app.documents.pdf.flowables import WIDOW, Block
from app.documents.pdf.structure import Element
from app.documents.pdf.styles import FAINT, QUIET, RULE, Style, style
from app.documents.pdf.text import Content, Line, plain_text, set_lines, width_of
from app.documents.typography import french

PADDING = 3.2
"""White above and below the text of a cell."""

NARROWEST = 0.65
"""The part of its width that a column of words keeps when other columns need room."""

LONGEST_LINE = 300
"""A text longer than this cannot stand on one line of a cell: its width is not measured."""

REPEATED = 4
"""Lines of a cell, at the most, that are repeated where its row goes on over a page."""

GUTTER = 8.0
"""White between two columns."""


class Column(Struct, frozen=True):
    """A column: its head, its share of the table's width, how its cells are aligned."""

    head: str
    share: float
    align: str = "left"


class Cell(Struct, frozen=True):
    """A cell ready to be drawn; without an element it repeats one of an earlier page."""

    element: Element | None
    lines: Sequence[Line]
    style: Style
    x: float
    width: float

    def again(self) -> Cell:
        """The same on a later page, for the eye alone."""
        return replace(self, element=None, style=replace(self.style, colour=QUIET))


class Row(Struct, frozen=True):
    cells: Sequence[Cell]
    height: float

    def split(self, room: float) -> tuple[Row, Row] | None:
        """The row in two when it is taller than the room; None when too little of it fits."""
        leading = self.cells[0].style.leading
        tallest = max(len(cell.lines) for cell in self.cells)
        fitting = min(int((room - 2 * PADDING) / leading), tallest - WIDOW)
        repeated = [len(cell.lines) for cell in self.cells if cell.element is None]
        if fitting < max([WIDOW, *repeated]):
            return None
        first = [replace(cell, lines=cell.lines[:fitting]) for cell in self.cells]
        rest = [replace(cell, lines=cell.lines[fitting:]) for cell in self.cells]
        for number, cell in enumerate(self.cells):
            if len(cell.lines) > min(fitting, REPEATED):
                break  # only the cells that say what the row is about, before a long one
            rest[number] = cell.again()
        return Row(first, room), Row(rest, row_height(rest))

    def again(self) -> Row:
        """The same on a later page, for the eye alone."""
        return replace(self, cells=[cell.again() for cell in self.cells])


def row_height(cells: Sequence[Cell], least: float = 0) -> float:
    tallest = max(len(cell.lines) * cell.style.leading for cell in cells)
    return max(tallest + 2 * PADDING, least)


class Table(Struct, frozen=True):
    """Rows under a head; `grid` draws the columns' borders too, for sheets filled in by hand."""

    head: Row
    rows: Sequence[Row]
    width: float
    indent: float = 0
    grid: bool = False
    before: float = 4
    after: float = 12
    keep: bool = False

    @property
    def height(self) -> float:
        return self.head.height + sum(row.height for row in self.rows)

    @property
    def least(self) -> float:
        first = sum(row.height for row in self.rows[: self._together])
        return self.head.height + min(first, self._tall)

    @property
    def _tall(self) -> float:
        """Above this height a row may be parted; one to sign stays whole as long as it can."""
        return (20 if self.grid else 6) * self.head.height

    @property
    def _together(self) -> int:
        """Rows that begin a table together: two, or the three of a small one, unless tall."""
        rows = self.rows if len(self.rows) < 2 * WIDOW else self.rows[:WIDOW]
        return len(rows) if sum(row.height for row in rows) <= self._tall else 1

    def split(self, room: float, force: bool) -> tuple[Block, Block] | None:
        left = room - self.head.height
        count = 0
        while count < len(self.rows) - 1 and self.rows[count].height <= left:
            left -= self.rows[count].height
            count += 1
        first, rest = list(self.rows[:count]), list(self.rows[count:])
        if len(rest) == 1 and count > 1 and rest[0].height < self._tall:
            row = first.pop()  # no row stands alone under a repeated head
            parts = row.split(row.height) if row.height > self._tall else None
            *kept, begun = parts or [row]
            first += kept
            rest.insert(0, begun)
        elif rest and rest[0].height > self._tall:
            parts = rest[0].split(left)
            if parts:
                first.append(parts[0])
                rest[0] = parts[1]
        if not first or (len(first) < self._together and not force):
            return None
        return replace(self, rows=first), replace(self, head=self.head.again(), rows=rest)

    def draw(self, canvas: TaggedCanvas, x: float, top: float) -> None:
        left = x + self.indent
        self._draw_row(canvas, self.head, left, top)
        edges = [top - self.head.height]
        for row in self.rows:
            self._draw_row(canvas, row, left, edges[-1])
            edges.append(edges[-1] - row.height)
        self._draw_rules(canvas, left, top, edges)

    def _draw_row(self, canvas: TaggedCanvas, row: Row, left: float, top: float) -> None:
        for cell in row.cells:
            if cell.lines:
                place = Place(left + cell.x, top - PADDING, cell.width)
                aside = nullcontext() if cell.element else canvas.artifact("Pagination", "Header")
                with aside:
                    canvas.draw_lines(cell.lines, cell.style, place, cell.element)

    def _draw_rules(
        self, canvas: TaggedCanvas, left: float, top: float, edges: list[float]
    ) -> None:
        between, end = (QUIET, QUIET) if self.grid else (FAINT, RULE)
        with canvas.artifact():
            canvas.rule(left, edges[0], self.width, QUIET, 0.8)
            for edge in edges[1:-1]:
                canvas.rule(left, edge, self.width, between)
            canvas.rule(left, edges[-1], self.width, end)
            if self.grid:  # what is signed stays in its frame on a copy in black and white
                canvas.rule(left, top, self.width, end)
                borders = [cell.x - GUTTER / 2 for cell in self.head.cells[1:]]
                for border in [0, *borders, self.width]:
                    canvas.upright(left + border, top, edges[-1], between)


class TableSetter:
    """Turns the contents of cells into rows, in columns that share a width."""

    def __init__(
        self, columns: Sequence[Column], width: float, scale: float, missing: set[str],
        inset: float,
    ) -> None:  # fmt: skip
        """`inset` keeps text off the borders of a grid."""
        self._columns, self._scale, self._missing = columns, scale, missing
        shares = sum(column.share for column in columns)
        room = width - 2 * inset + GUTTER
        self._inset = inset
        self._widths = [column.share / shares * room - GUTTER for column in columns]

    def make_room(self, rows: Sequence[Sequence[Content]]) -> bool:
        """Widens the columns of figures that a figure overflows, at the cost of those that can
        give; False when too little can be given, and nothing changes.
        """
        return self._share([
            self._widest(number, rows) if column.align == "right" else width * NARROWEST
            for number, (column, width) in enumerate(zip(self._columns, self._widths, strict=True))
        ])  # fmt: skip

    def fit(self, rows: Sequence[Sequence[Content]]) -> bool:
        """Has every cell stand on one line, where columns too wide can give to those too narrow;
        False when too little can be given, and nothing changes.
        """
        return self._share([
            max(self._widest(number, rows), width * NARROWEST)
            for number, width in enumerate(self._widths)
        ])  # fmt: skip

    def _share(self, needs: Sequence[float]) -> bool:
        """Gives the columns that lack width some of what the others can spare, if it is enough."""
        lacking = [max(need - width, 0) for need, width in zip(needs, self._widths, strict=True)]
        spare = [max(width - need, 0) for need, width in zip(needs, self._widths, strict=True)]
        if sum(lacking) > sum(spare):
            return False
        if sum(lacking):
            taken = sum(lacking) / sum(spare)
            self._widths = [
                width + more - taken * less
                for width, more, less in zip(self._widths, lacking, spare, strict=True)
            ]
        return True

    def _widest(self, number: int, rows: Sequence[Sequence[Content]]) -> float:
        """The width of a column's widest line; of its head, which may break, the widest word."""
        column = self._columns[number]
        name = "cell-total" if column.align == "right" else "cell"
        looks = style("cell-head", self._scale), style(name, self._scale)
        texts = [line for row in rows for line in plain_text(row[number]).split("\n")]
        if max(map(len, texts), default=0) > LONGEST_LINE:
            return inf
        head, body = (
            max((width_of(french(text), look) for text in words), default=0)
            for words, look in zip((column.head.split(), texts), looks, strict=True)
        )
        return max(head, body) + 0.1  # for rounding

    def head(self, parent: Element) -> Row:
        """The row of the columns' heads."""
        heads = [column.head for column in self._columns]
        return self._row(parent, heads, "cell-head", len(heads), 0)

    def body(self, parent: Element, contents: Sequence[Content], name: str, least: float) -> Row:
        """A row headed by its first cell, in the style of a name."""
        return self._row(parent, contents, name, 1, least)

    def _row(
        self, parent: Element, contents: Sequence[Content], name: str, heads: int, least: float
    ) -> Row:
        cells, left = [], self._inset
        scope = "Column" if heads > 1 else "Row"
        row = parent.add("TR")
        for number, (column, content) in enumerate(zip(self._columns, contents, strict=True)):
            look = style(name, self._scale, column.align)
            heading = number < heads and plain_text(content).strip()  # what is blank heads nothing
            head = f"/O/Table/Scope/{scope}" if heading else ""
            element = row.add("TH" if head else "TD", attributes=head)
            width = self._widths[number]
            lines = set_lines(content, look, width, self._missing)
            cells.append(Cell(element, lines, look, left, width))
            left += width + GUTTER
        return Row(cells, row_height(cells, least))
