"""The blocks that pages are filled with: paragraphs, figures, rules, white, stacks side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from app.documents.pdf.canvas import Place, TaggedCanvas
from app.documents.pdf.structure import Element
from app.documents.pdf.styles import RULE, SIDE, Style
from app.documents.pdf.text import Line

WIDOW = 2
"""Lines of a paragraph that stay together at the foot or the head of a page."""


class Block(Protocol):
    """Something of a known height that stands in the flow of pages."""

    @property
    def height(self) -> float: ...

    @property
    def before(self) -> float:
        """The least white above, left out at the head of a page."""

    @property
    def after(self) -> float:
        """The least white below; the larger of `after` and the next `before` holds."""

    @property
    def keep(self) -> bool:
        """Whether its end must not be parted from the beginning of the next block."""

    @property
    def least(self) -> float:
        """The height of the smallest beginning that may stand at the foot of a page."""

    def split(self, room: float, force: bool) -> tuple[Block, Block] | None:
        """A beginning that fits in the room and the rest; None when it cannot be parted.

        There is a rest even when the whole fits: a block kept with the next one leaves that rest to
        stand with it. With `force` (an empty page) the beginning holds at least something.
        """

    def draw(self, canvas: TaggedCanvas, x: float, top: float) -> None: ...


class Paragraph(Struct, frozen=True):
    """Lines of text at an indent, with a label in the column to their left.

    When a page parts a paragraph, both parts belong to the same element.
    """

    element: Element | None
    lines: Sequence[Line]
    style: Style
    width: float
    indent: float = 0
    label: Sequence[Line] = ()
    label_style: Style | None = None
    label_element: Element | None = None
    label_at: float = 0
    anchor: tuple[str, str, int] | None = None
    """The name, title and level of a heading's bookmark."""

    continued: bool = False

    @property
    def height(self) -> float:
        return max(len(self.lines) * self.style.leading, self._label_height)

    @property
    def _label_height(self) -> float:
        return len(self.label) * self.label_style.leading if self.label_style else 0.0

    @property
    def before(self) -> float:
        return 0 if self.continued else self.style.before

    @property
    def after(self) -> float:
        return self.style.after

    @property
    def keep(self) -> bool:
        return self.style.keep

    @property
    def least(self) -> float:
        count = len(self.lines)
        together = count if count < 2 * WIDOW or self.anchor else WIDOW
        return max(together * self.style.leading, self._label_height)

    def split(self, room: float, force: bool) -> tuple[Block, Block] | None:
        if self.anchor and not force:
            return None  # a heading stays whole
        total = len(self.lines)
        fitting = min(int(room / self.style.leading + 0.001), total - WIDOW)
        if force:
            fitting = max(fitting, 1)
        elif fitting < WIDOW or self._label_height > room:
            return None
        if fitting >= total:
            return None
        first = replace(self, lines=self.lines[:fitting])
        rest = replace(
            self, lines=self.lines[fitting:], label=(), label_style=None, anchor=None,
            continued=True,
        )  # fmt: skip
        return first, rest

    def draw(self, canvas: TaggedCanvas, x: float, top: float) -> None:
        if self.anchor:
            name, title, level = self.anchor
            canvas.bookmark(name, title, level, top + 6)
        if self.label and self.label_style:
            element = self.label_element or self.element
            level_top = top - self.style.baseline + self.label_style.baseline
            place = Place(x + self.label_at, level_top, self.indent)
            canvas.draw_lines(self.label, self.label_style, place, element)
        place = Place(x + self.indent, top, self.width - self.indent)
        canvas.draw_lines(self.lines, self.style, place, self.element)


class Whole(Struct, frozen=True):
    """A block that pages never part: it begins with all of itself."""

    @property
    def least(self: Block) -> float:
        return self.height

    def split(self, room: float, force: bool) -> tuple[Block, Block] | None:
        return None


class SideLabel(Whole, frozen=True):
    """A label in the side column, level with the first line of the block that follows."""

    element: Element
    lines: Sequence[Line]
    style: Style
    beside: Style
    height: float = 0
    before: float = 0
    after: float = 0
    keep: bool = True

    def draw(self, canvas: TaggedCanvas, x: float, top: float) -> None:
        level_top = top - self.beside.baseline + self.style.baseline
        canvas.draw_lines(self.lines, self.style, Place(x, level_top, SIDE), self.element)


class Figure(Whole, frozen=True):
    """A picture drawn by a function of the canvas, x and bottom; its element's Alt describes it."""

    element: Element
    paint: Callable[[TaggedCanvas, float, float], None]
    size: tuple[float, float]
    indent: float = 0
    before: float = 4
    after: float = 10
    keep: bool = False

    @property
    def height(self) -> float:
        return self.size[1]

    def draw(self, canvas: TaggedCanvas, x: float, top: float) -> None:
        left, bottom = x + self.indent, top - self.size[1]
        right = left + self.size[0]
        box = f"[{left:.2f} {bottom:.2f} {right:.2f} {top:.2f}]"
        self.element.attributes = f"/O/Layout/Placement/Block/BBox {box}"
        with canvas.content(self.element):
            self.paint(canvas, left, bottom)


class Space(Whole, frozen=True):
    """White of a given height, which disappears at the head of a page."""

    height: float
    before: float = 0
    after: float = 0
    keep: bool = False
    least: float = 0

    def draw(self, canvas: TaggedCanvas, x: float, top: float) -> None:
        return


class Rule(Whole, frozen=True):
    """A hairline across the text."""

    width: float
    indent: float = 0
    before: float = 6
    after: float = 6
    height: float = 0.5
    keep: bool = False

    def draw(self, canvas: TaggedCanvas, x: float, top: float) -> None:
        with canvas.artifact():
            canvas.rule(x + self.indent, top, self.width - self.indent, RULE)


def stacked(blocks: Sequence[Block]) -> float:
    """The height of blocks one below the other, white included."""
    return sum(block.height + block.after for block in blocks)


class Beside(Whole, frozen=True):
    """Stacks of blocks next to each other, each at its own indent, never parted."""

    stacks: Sequence[tuple[float, Sequence[Block]]]
    height: float
    before: float = 0
    after: float = 0
    keep: bool = False

    def draw(self, canvas: TaggedCanvas, x: float, top: float) -> None:
        for indent, blocks in self.stacks:
            y = top
            for block in blocks:
                block.draw(canvas, x + indent, y)
                y -= block.height + block.after
