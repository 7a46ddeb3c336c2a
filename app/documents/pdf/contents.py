"""The table of contents that a long document opens with."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from app.documents.pdf.canvas import Place, TaggedCanvas
from app.documents.pdf.flowables import Block, Paragraph, Space, Whole
from app.documents.pdf.layout import Page
from app.documents.pdf.structure import Element
from app.documents.pdf.styles import QUIET, SIDE, WIDTH, Style, style
from app.documents.pdf.text import Content, Line, Run, set_lines, width_of

CONTENTS_FROM = 8
"""Pages from which on a document has a table of contents."""

MOST_ENTRIES = 30
"""Above this many lines the table is left with the main headings alone."""

_NUMBERS = 30.0
"""The room of the page numbers, in points."""


class Heading(Struct, frozen=True):
    """A heading met while the document is written: its bookmark's name, its words, its level."""

    name: str
    title: str
    level: int


def outline_depth(headings: list[Heading]) -> int:
    """The lowest level that the viewer's outline shows: the last with at most 200 headings in all.

    A longer outline helps nobody, and readers that follow its chain give up.
    """
    depth = 0
    while depth < 4 and 0 < sum(item.level <= depth + 1 for item in headings) <= 200:
        depth += 1
    return depth


class Entry(Whole, frozen=True):
    """A line of the table: a link to a heading, dots, and the page where it stands."""

    element: Element
    lines: list[Line]
    style: Style
    name: str
    pages: dict[str, int]
    missing: set[str]
    before: float = 0
    after: float = 0
    keep: bool = False

    @property
    def height(self) -> float:
        return len(self.lines) * self.style.leading

    def draw(self, canvas: TaggedCanvas, x: float, top: float) -> None:
        width = WIDTH - SIDE
        left = x + SIDE
        canvas.draw_lines(self.lines, self.style, Place(left, top, width), self.element)
        number = [self._number()]
        last = top - (len(self.lines) - 1) * self.style.leading
        look = replace(self.style, align="right")
        canvas.draw_lines(number, look, Place(left, last, width), self.element)
        room = width - self.lines[-1].width - number[0].width - 12
        count = int(room / width_of(" .", self.style))
        if count > 2:
            dots = self._set(" ." * count)
            place = Place(left, last, width - number[0].width - 5)
            with canvas.artifact():
                canvas.draw_lines(dots, replace(look, colour=QUIET), place, None)

    def _number(self) -> Line:
        """The page number, in the same link as the title but with a space before it in the text."""
        (line,) = self._set([Run(str(self.pages[self.name]), link=f"#{self.name}")])
        ((face, number, sense),) = line.pieces
        words = f" {number}"
        return Line(((face, words, sense),), width_of(words, self.style))

    def _set(self, content: Content) -> list[Line]:
        return set_lines(content, self.style, WIDTH, self.missing)


class Contents:
    """The place of the table in the flow and in the structure, and its lines when wanted."""

    def __init__(
        self, parent: Element, kid: int, block: int, headings: list[Heading], missing: set[str]
    ) -> None:
        self._parent, self._kid, self._block = parent, kid, block
        self._headings, self._missing = headings, missing
        self._pages: dict[str, int] = {}

    def wanted(self, pages: int) -> bool:
        return pages >= CONTENTS_FROM

    def insert(self, blocks: list[Block]) -> None:
        """Puts the table among the blocks, its elements among their parent's children."""
        title = Element("H2")
        tree = Element("TOC")
        for offset, element in enumerate((title, tree)):
            element.parent = self._parent
            self._parent.kids.insert(self._kid + offset, element)
        look = style("h2")
        heading = Paragraph(
            title, set_lines("Sommaire", look, WIDTH - SIDE, self._missing), look, WIDTH, SIDE
        )
        listed = [item for item in self._headings if item.level in (2, 3)]
        if len(listed) > MOST_ENTRIES:
            listed = [item for item in listed if item.level == 2]
        main = "toc-1" if any(item.level == 3 for item in listed) else "toc-2"
        entries = [self._entry(tree, item, "toc-2" if item.level == 3 else main) for item in listed]
        # the last entry never goes to the next page alone
        entries[-2:-1] = [replace(one, keep=True) for one in entries[-2:-1]]
        blocks[self._block : self._block] = [heading, *entries, Space(10)]

    def number(self, pages: list[Page]) -> None:
        """Notes on which page each heading came to stand."""
        for number, page in enumerate(pages, 1):
            for placed in page:
                if isinstance(placed.block, Paragraph) and placed.block.anchor:
                    self._pages[placed.block.anchor[0]] = number

    def _entry(self, tree: Element, item: Heading, name: str) -> Entry:
        look = style(name)
        content = [Run(item.title, link=f"#{item.name}")]
        lines = set_lines(content, look, WIDTH - SIDE - _NUMBERS, self._missing)
        element = tree.add("TOCI").add("Reference")
        return Entry(element, lines, look, item.name, self._pages, self._missing)
