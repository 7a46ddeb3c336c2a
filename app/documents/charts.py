"""Charts as vectors, in greys and one blue that a black and white printer tells apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.documents.pdf import fonts
from app.documents.pdf.styles import ACCENT, BODY, INK, RULE, Colour
from app.documents.typography import french
from app.domain import wording

if TYPE_CHECKING:
    from reportlab.graphics.shapes import Drawing, String

MOST_BARS = 28
"""Bars that one chart shows, on one page with its heading; the table shows everything."""

_ROW, _BAR, _NAMES, _VALUES, _SIZE = 22.0, 8.0, 118.0, 62.0, 8.0


@dataclass(frozen=True)
class Pair:
    """What one pays together, and what it would pay alone, in cents."""

    name: str
    share: int
    alone: int


@dataclass(frozen=True)
class Chart:
    """A drawing with the words that stand for it."""

    drawing: Drawing
    size: tuple[float, float]
    alt: str

    def paint(self, canvas: Any, x: float, y: float) -> None:
        """Draws on a canvas from the lower left corner."""
        from reportlab.graphics import renderPDF, shapes

        # a drawing begins by choosing this font, else Times, which would not be embedded
        shapes.STATE_DEFAULTS["fontName"] = fonts.face(0).fontName
        renderPDF.draw(self.drawing, canvas, x, y, showBoundary=False)


def share_bars(pairs: Sequence[Pair]) -> Chart:
    """Two bars for each: together, dark; alone, light. The dearest first."""
    from reportlab.graphics.shapes import Drawing

    dearest = sorted(pairs, key=lambda pair: (-max(pair.share, pair.alone), -pair.share))
    shown = dearest[:MOST_BARS]
    width, height = BODY, _ROW * len(shown) + 20
    drawing = Drawing(width, height)
    room = width - _NAMES - _VALUES
    top = max((max(pair.share, pair.alone) for pair in shown), default=0) or 1
    for number, pair in enumerate(shown):
        middle = height - 20 - (number + 0.5) * _ROW
        drawing.add(_label(_NAMES - 6, middle - 3, _shortened(pair.name), textAnchor="end"))
        for cents, bottom, colour in (
            (pair.share, middle, ACCENT),
            (pair.alone, middle - _BAR - 1, RULE),
        ):
            length = room * cents / top
            _bar(drawing, _NAMES, bottom, length, colour)
            drawing.add(_label(_NAMES + length + 4, bottom + 1, wording.amount(cents)))
    _legend(drawing, height)
    return Chart(drawing, (width, height), _alt(pairs, shown))


def _alt(pairs: Sequence[Pair], shown: Sequence[Pair]) -> str:
    dearer = sum(pair.share > pair.alone for pair in pairs)
    told = (
        f"{wording.count(dearer, 'paierait', 'paieraient')} plus ensemble que"
        f" {wording.agree(dearer, 'seule')}"
        if dearer
        else "aucune ne paierait plus ensemble que seule"
    )
    return (
        f"Diagramme en barres : la part de {wording.count(len(shown), 'collectivité')} comparée à"
        f" son prix seule ; {told}. Les montants sont dans le tableau."
    )


def _legend(drawing: Drawing, height: float) -> None:
    for left, colour, words in ((_NAMES, ACCENT, "Ensemble"), (_NAMES + 70, RULE, "Seule")):
        _bar(drawing, left, height - 11, 8, colour)
        drawing.add(_label(left + 12, height - 10.5, words))


def _bar(drawing: Drawing, x: float, y: float, length: float, colour: Colour) -> None:
    from reportlab.graphics.shapes import Rect
    from reportlab.lib.colors import Color

    drawing.add(Rect(x, y, length, _BAR, fillColor=Color(*colour), strokeColor=None))


def _label(x: float, y: float, words: str, **look: Any) -> String:
    from reportlab.graphics.shapes import String
    from reportlab.lib.colors import Color

    plain = {"fontName": fonts.face(0).fontName, "fontSize": _SIZE, "fillColor": Color(*INK)}
    return String(x, y, french(words), **(plain | look))


def _shortened(name: str) -> str:
    """As much of a name as fits beside a bar, on one line, in characters that the font has."""
    face = fonts.face(0)
    line = " ".join(name.split()).translate(fonts.UNDRAWN)
    lacking = fonts.without_glyph(line)
    text = "".join(fonts.PLACEHOLDER if letter in lacking else letter for letter in line)
    room = (_NAMES - 8) * 1000 / _SIZE
    if face.advance(text) <= room:
        return text
    text = text[:60]
    while text and face.advance(f"{text}…") > room:
        text = text[:-1]
    return f"{text}…"
