"""What stands outside the text: running head, page x / y, and the foot of a first page."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from app.documents.pdf.canvas import Place, TaggedCanvas
from app.documents.pdf.structure import Element
from app.documents.pdf.styles import (
    BOTTOM,
    FOOT_LINE,
    HEAD_LINE,
    INK,
    LEFT,
    MM,
    PAGE_HEIGHT,
    RULE,
    SIDE,
    WIDTH,
    Style,
    style,
)
from app.documents.pdf.text import Content, Line, set_lines

CODE_SIZE = 20 * MM
"""The side of the square code on a first page, its quiet zone aside."""

PAGE_NUMBER_WIDTH = 20 * MM
"""The width that a notice leaves to the page number, at the right of a sheet's last line."""

FOLD_LEFT, FOLD_WIDTH = 10.5 * MM, 4 * MM

Modules = Sequence[Sequence[bool]]
"""The dark and light squares of a code, from the top."""


class Foot(Struct, frozen=True):
    """Words and a square code at the foot of the first page, with what the code says."""

    contents: Sequence[Content]
    modules: Modules
    alt: str


class Notice(Struct, frozen=True):
    """Small print at the foot of the first page, its last line beside the page's number."""

    element: Element
    lines: Sequence[Line]
    look: Style

    @property
    def top(self) -> float:
        """Where it begins, from the bottom of the sheet."""
        above = (len(self.lines) - 1) * self.look.leading
        return FOOT_LINE + 8 - style("running").baseline + self.look.baseline + above


class Running:
    """The running head and foot of a section's pages."""

    def __init__(self, head: str, missing: set[str], folds: Sequence[float] = ()) -> None:
        self._folds = folds
        self._head = self._one_line(" ".join(head.split()), missing)
        self.foot: Foot | None = None
        self.notice: Notice | None = None
        self._missing = missing

    @property
    def foot_height(self) -> float:
        """What the first page's foot takes from its text, in points."""
        code = CODE_SIZE + 6 * MM if self.foot else 0
        return max(code, self.notice.top - BOTTOM if self.notice else 0)

    def draw(self, canvas: TaggedCanvas, number: int, total: int) -> None:
        """The head (none on the first page), fold marks and page number, as artifacts."""
        look = style("running")
        if number == 1 and self._folds:
            with canvas.artifact():
                for fold in self._folds:
                    canvas.rule(FOLD_LEFT, PAGE_HEIGHT - fold, FOLD_WIDTH, RULE)
        if number > 1 and self._head[0].pieces:
            with canvas.artifact("Pagination", "Header"):
                canvas.draw_lines(self._head, look, Place(LEFT, HEAD_LINE + 12, WIDTH), None)
                canvas.rule(LEFT, HEAD_LINE, WIDTH, RULE)
        page = self._lines(f"Page {number} / {total}", self._missing)
        with canvas.artifact("Pagination", "Footer"):
            place = Place(LEFT, FOOT_LINE + 8, WIDTH)
            canvas.draw_lines(page, style("running", 1, "right"), place, None)

    def draw_foot(self, canvas: TaggedCanvas, root: Element) -> None:
        """The foot of a first page; a code is last in reading order."""
        if self.notice is not None:
            place = Place(LEFT, self.notice.top, WIDTH - PAGE_NUMBER_WIDTH)
            canvas.draw_lines(self.notice.lines, self.notice.look, place, self.notice.element)
        if self.foot is None:
            return
        bottom = BOTTOM - 2 * MM
        section = root.add("Sect")
        with canvas.artifact():
            canvas.rule(LEFT, bottom + CODE_SIZE + 4 * MM, WIDTH, RULE)
        top = bottom + CODE_SIZE
        for content in self.foot.contents:
            look = style("foot")
            lines = set_lines(content, look, WIDTH - SIDE, self._missing)
            place = Place(LEFT + SIDE, top, WIDTH - SIDE)
            canvas.draw_lines(lines, look, place, section.add("P"))
            top -= len(lines) * look.leading + look.after
        box = f"[{LEFT:.2f} {bottom:.2f} {LEFT + CODE_SIZE:.2f} {bottom + CODE_SIZE:.2f}]"
        figure = section.add(
            "Figure", alt=self.foot.alt, attributes=f"/O/Layout/Placement/Block/BBox {box}"
        )
        with canvas.content(figure):
            canvas.squares(self.foot.modules, LEFT, bottom, CODE_SIZE, INK)

    def _one_line(self, head: str, missing: set[str]) -> list[Line]:
        """The head, ended by an ellipsis after the words that a line holds."""
        lines = self._lines(head, missing)
        words = "".join(text for _, text, _ in lines[0].pieces).rstrip()
        while len(lines) > 1:
            lines = self._lines(f"{words}…", missing)
            words = words.rpartition(" ")[0] or words[:-1]
        return lines

    def _lines(self, text: str, missing: set[str]) -> list[Line]:
        return set_lines(text, style("running"), WIDTH, missing)
