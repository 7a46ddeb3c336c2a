"""The one look of all documents: the page's grid, the scale of type, the colours of ink."""

from __future__ import annotations

from functools import cache

from msgspec import Struct
from msgspec.structs import replace

MM = 72 / 25.4
"""Points in a millimetre; every measure of paper here is in points."""

PAGE_WIDTH, PAGE_HEIGHT = 210 * MM, 297 * MM
LEFT, RIGHT = 24 * MM, 24 * MM
TOP, BOTTOM = 27 * MM, 25 * MM
WIDTH = PAGE_WIDTH - LEFT - RIGHT
SIDE = 34 * MM
"""The side column, gutter included: labels, numbers and times; the text stands to its right."""

BODY = WIDTH - SIDE
HEAD_LINE = PAGE_HEIGHT - 16 * MM
FOOT_LINE = 13.5 * MM

Colour = tuple[float, float, float]
INK: Colour = (0, 0, 0)
"""Full black: a laser printer dithers any lighter ink, which speckles letters and codes."""

ACCENT: Colour = (0.11, 0.25, 0.42)
QUIET: Colour = (0.34, 0.37, 0.41)
RULE: Colour = (0.62, 0.65, 0.69)
FAINT: Colour = (0.80, 0.82, 0.85)


class Style(Struct, frozen=True):
    """How a paragraph is set; `before` and `after` are the least white around it."""

    size: float = 10
    leading: float = 14
    bold: bool = False
    italic: bool = False
    colour: Colour = INK
    before: float = 0
    after: float = 6
    align: str = "left"
    hyphenate: bool = True
    keep: bool = False
    """Ends on the same page as the beginning of what follows."""

    @property
    def baseline(self) -> float:
        """From the top of a line down to the line that its letters stand on."""
        return self.leading / 2 + 0.29 * self.size

    def scaled(self, factor: float) -> Style:
        """The same style in larger or smaller print."""
        return replace(
            self,
            size=self.size * factor,
            leading=self.leading * factor,
            before=self.before * factor,
            after=self.after * factor,
        )


_STYLES = {
    "body": Style(),
    "lead": Style(size=11, leading=15.5, after=8),
    "small": Style(size=8.5, leading=11.5, colour=QUIET, after=4),
    "note": Style(size=8.5, leading=11.5, colour=QUIET, after=9),
    "foot": Style(size=8.5, leading=11.5, colour=QUIET, after=3),
    "label": Style(size=8.5, leading=14, colour=QUIET, hyphenate=False),
    "label-strong": Style(size=8.5, leading=14, bold=True, hyphenate=False),
    "kicker": Style(size=10.5, leading=14, colour=ACCENT, bold=True, after=2, hyphenate=False),
    "title": Style(size=23, leading=27, bold=True, after=3, hyphenate=False, keep=True),
    "subtitle": Style(size=13, leading=18, colour=QUIET, after=16, hyphenate=False),
    "letter-title": Style(size=13, leading=18, bold=True, before=8, after=8, hyphenate=False,
                          keep=True),
    "h2": Style(
        size=13, leading=17, bold=True, before=20, after=7, hyphenate=False, keep=True
    ),
    "h3": Style(
        size=10.5, leading=14, bold=True, colour=ACCENT, before=11, after=4, hyphenate=False,
        keep=True,
    ),
    "h4": Style(size=10, leading=14, bold=True, before=8, after=3, hyphenate=False, keep=True),
    "strong": Style(bold=True),
    "signer": Style(bold=True, hyphenate=False),
    "quote": Style(italic=True),
    "cell": Style(size=9, leading=12.5, after=0),
    "cell-head": Style(size=8.5, leading=12.5, bold=True, colour=QUIET, after=0, hyphenate=False),
    "cell-total": Style(size=9, leading=12.5, bold=True, after=0),
    "caption": Style(size=8.5, leading=11.5, bold=True, colour=QUIET, before=8, after=3, keep=True),
    "toc-1": Style(size=10, leading=16, bold=True, after=0, hyphenate=False),
    "toc-2": Style(size=10, leading=15, after=0, hyphenate=False),
    "address": Style(size=10.5, leading=12.5, after=0, hyphenate=False),
    "code": Style(size=22, leading=26, bold=True, after=0, hyphenate=False),
    "running": Style(size=8, leading=10, colour=QUIET, after=0, hyphenate=False),
}  # fmt: skip


@cache
def style(name: str, scale: float = 1, align: str = "left") -> Style:
    """A style of the look by its name, enlarged for readers who need large print."""
    found = _STYLES[name] if scale == 1 else _STYLES[name].scaled(scale)
    return found if align == found.align else replace(found, align=align)
