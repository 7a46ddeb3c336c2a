"""The projected view, painted in type that the last row of a hall can read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QWidget

from app.documents.typography import french
from ui import theme
from ui.models.projection import Projection, Table
from ui.text_places import letter_of

MAIN, TITLE, LONG_TITLE, SMALL = 1 / 19, 1 / 12, 1 / 16, 1 / 38
"""Sizes of type, in heights of the screen: at least 1/20 for all that must be read from afar."""

MARGIN = 1 / 18
MOST_TITLE, MOST_QUORUM = 3, 2
"""Lines of a title and of the quorum; a title goes on below, once, and a quorum is cut."""

HEADING_GAP = 0.5
"""What separates a heading from what follows, in heights of the main type."""

Paint = Callable[[QPainter, QRectF], None]


@dataclass(frozen=True)
class Strip:
    """A line of a page: its height and what paints it; `repeated` on each page of its table."""

    height: float
    paint: Paint
    repeated: bool = False


class ProjectionView(QWidget):
    """Shows a projection; what does not fit goes on further pages."""

    def __init__(self) -> None:
        super().__init__()
        self.projection = Projection()
        self.page = 0
        self._pages: list[list[Strip]] = [[]]
        self.setMinimumSize(QSize(320, 180))
        self.setAccessibleName("Projection")

    def show_projection(self, projection: Projection) -> None:
        """Shows a view; one of another subject, or with another title, begins at its first page.

        The result of the question in sight is shown as it comes, on whichever page.
        """
        if projection == self.projection:
            return
        shown = self.projection
        same = (projection.subject, projection.title) == (shown.subject, shown.title)
        self.projection = projection
        self.setAccessibleDescription(projection.spoken)
        self.lay_out()
        if not same:
            self.page = 0
        elif projection.tone and not shown.tone:
            self.page = self._first_below_title()

    @property
    def page_count(self) -> int:
        return len(self._pages)

    @property
    def shown(self) -> list[Strip]:
        """The lines on the page in sight."""
        return self._pages[self.page]

    def turn(self) -> None:
        """Goes to the next page, and from the last one to the first."""
        self.page = (self.page + 1) % self.page_count
        self.update()

    def size_of(self, part: float) -> int:
        """The pixels of a size of type on this screen."""
        return max(round(self.height() * part), 8)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.lay_out()

    # Laying out

    def lay_out(self) -> None:
        """Breaks the words into lines and the lines into pages."""
        room = self.body().height()
        self._pages = list(_paged(list(self._strips()), room)) or [[]]
        self.page = min(self.page, self.page_count - 1)
        self.update()

    def _first_below_title(self) -> int:
        """The page where what follows the whole title begins."""
        before = len(self._title()[1][MOST_TITLE:])
        ends = accumulate(map(len, self._pages))
        return next((page for page, end in enumerate(ends) if end > before), 0)

    def _font(self, part: float, *, bold: bool = False) -> QFont:
        font = QFont(theme.FAMILY)
        font.setPixelSize(self.size_of(part))
        font.setBold(bold)
        return font

    @property
    def _margin(self) -> float:
        return self.height() * MARGIN

    def _width(self) -> float:
        return self.width() - 2 * self._margin

    def _title(self) -> tuple[QFont, list[str]]:
        """The lines of the title, in the largest type if they are one, else in a smaller one."""
        words, width = self.projection.title, self._width()
        font = self._font(TITLE, bold=True)
        if len(broken(words, font, width, 2)) < 2:
            return font, broken(words, font, width)
        font = self._font(LONG_TITLE, bold=True)
        return font, broken(words, font, width)

    def heading(self) -> list[str]:
        """The lines of the title that every page begins with; past the first page, cut."""
        font, title = self._title()
        if self.page and len(title) > MOST_TITLE:
            return broken(self.projection.title, font, self._width(), MOST_TITLE)
        return title[:MOST_TITLE]

    def body(self) -> QRectF:
        """Where what follows the heading stands, above the quorum."""
        top = self._margin + self.size_of(SMALL) * 1.6
        font, title = self._title()
        top += min(len(title), MOST_TITLE) * QFontMetricsF(font).lineSpacing()
        top += self.size_of(MAIN) * HEADING_GAP
        bottom = self.height() - self._margin * 0.7 - self._quorum_height()
        return QRectF(self._margin, top, self._width(), max(bottom - top, 1.0))

    def quorum(self) -> list[str]:
        """The quorum, on as many lines as a narrow screen asks: how many are missing comes last."""
        return broken(self.projection.quorum, self._font(MAIN), self._width(), MOST_QUORUM)

    def _quorum_height(self) -> float:
        lines = len(self.quorum())
        spacing = QFontMetricsF(self._font(MAIN)).lineSpacing()
        return self.size_of(MAIN) * 1.5 + (lines - 1) * spacing if lines else 0.0

    def _strips(self) -> Iterator[Strip]:
        projection = self.projection
        font, title = self._title()
        yield from self._written(title[MOST_TITLE:], font, "text")
        for number, line in enumerate(projection.lines):
            told = bool(projection.tone) and not number
            font = self._font(MAIN, bold=told)
            lines = broken(line, font, self._width())
            yield from self._written(lines, font, projection.tone if told else "text")
        if projection.table is not None:
            yield from self._table(projection.table)

    def _written(self, lines: Sequence[str], font: QFont, role: str) -> Iterator[Strip]:
        spacing = QFontMetricsF(font).lineSpacing()

        def painter_of(words: str) -> Paint:
            def paint(painter: QPainter, area: QRectF) -> None:
                painter.setFont(font)
                painter.setPen(theme.colour(role))
                painter.drawText(area, Qt.AlignmentFlag.AlignLeft, words)

            return paint

        for place, words in enumerate(lines):
            gap = spacing * 0.35 if place == len(lines) - 1 else 0
            yield Strip(spacing + gap, painter_of(words))

    def _table(self, table: Table) -> Iterator[Strip]:
        font, bold = self._font(MAIN), self._font(MAIN, bold=True)
        gap = self.size_of(MAIN)
        widths = _column_widths(table, QFontMetricsF(bold), self._width(), gap)
        height = QFontMetricsF(font).lineSpacing() * 1.08

        def painter_of(cells: Sequence[str], face: QFont, role: str) -> Paint:
            def paint(painter: QPainter, area: QRectF) -> None:
                painter.setFont(face)
                painter.setPen(theme.colour(role))
                left = area.left()
                for number, (cell, width) in enumerate(zip(cells, widths, strict=True)):
                    side = Qt.AlignmentFlag.AlignRight if number else Qt.AlignmentFlag.AlignLeft
                    box = QRectF(left, area.top(), width, area.height())
                    words = QFontMetricsF(face).elidedText(
                        french(cell), Qt.TextElideMode.ElideRight, width
                    )
                    painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, words)
                    left += width
                painter.setPen(theme.colour("line"))
                painter.drawLine(area.bottomLeft(), QPointF(left, area.bottom()))

            return paint

        yield Strip(height, painter_of(table.heads, font, "muted"), repeated=True)
        for row in table.rows:
            yield Strip(height, painter_of(row, font, "text"))

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("surface"))
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        if self.projection == Projection():
            return
        self._paint_head(painter)
        self._paint_title(painter)
        body = self.body()
        top = body.top()
        if not self.page and len(self._title()[1]) > MOST_TITLE:
            top -= self.size_of(MAIN) * HEADING_GAP  # the title goes on
        for strip in self.shown:
            area = QRectF(body.left(), top, body.width(), strip.height)
            strip.paint(painter, area)
            top += strip.height
        self._paint_quorum(painter)

    def _paint_head(self, painter: QPainter) -> None:
        painter.setFont(self._font(SMALL))
        painter.setPen(theme.colour("muted"))
        metrics = QFontMetricsF(painter.font())
        area = QRectF(self._margin, self._margin, self._width(), metrics.lineSpacing())
        pages = f"{self.page + 1} / {self.page_count}" if self.page_count > 1 else ""
        painter.drawText(area, Qt.AlignmentFlag.AlignRight, pages)
        room = area.width() - metrics.horizontalAdvance(f"{pages}  ")
        words = metrics.elidedText(french(self.projection.head), Qt.TextElideMode.ElideRight, room)
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft, words)

    def _paint_title(self, painter: QPainter) -> None:
        font, _ = self._title()
        painter.setFont(font)
        painter.setPen(theme.colour("text"))
        spacing = QFontMetricsF(font).lineSpacing()
        top = self._margin + self.size_of(SMALL) * 1.6
        for words in self.heading():
            area = QRectF(self._margin, top, self._width(), spacing)
            painter.drawText(area, Qt.AlignmentFlag.AlignLeft, words)
            top += spacing

    def _paint_quorum(self, painter: QPainter) -> None:
        if not self.projection.quorum:
            return
        tone = "success" if self.projection.quorum_reached else "danger"
        height = self._quorum_height() + self._margin * 0.5
        band = QRectF(0, self.height() - height, self.width(), height)
        painter.fillRect(band, theme.colour(f"{tone}_soft"))
        painter.setFont(self._font(MAIN))
        painter.setPen(theme.colour(tone))
        painter.drawText(
            band.adjusted(self._margin, 0, -self._margin, 0),
            Qt.AlignmentFlag.AlignVCenter,
            "\n".join(self.quorum()),
        )


def broken(text: str, font: QFont, width: float, most: int = 0) -> list[str]:
    """The lines of a text at a width; at the `most`, the last one ends with an ellipsis."""
    words = french(" ".join(text.split()))
    if not words:
        return []
    layout = QTextLayout(words, font)
    layout.setTextOption(_anywhere())
    layout.beginLayout()
    lines: list[str] = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        start = line.textStart()
        if most and len(lines) == most - 1:
            rest = words[letter_of(words, start) :]
            lines.append(QFontMetricsF(font).elidedText(rest, Qt.TextElideMode.ElideRight, width))
            break
        end = letter_of(words, start + line.textLength())
        lines.append(words[letter_of(words, start) : end].rstrip(" "))
    layout.endLayout()
    return lines


def _anywhere() -> QTextOption:
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    return option


def _column_widths(
    table: Table, metrics: QFontMetricsF, width: float, gap: float
) -> tuple[float, ...]:
    """The first column takes what the others, as wide as their words, leave."""
    others = []
    for number in range(1, len(table.heads)):
        cells = [table.heads[number], *(row[number] for row in table.rows)]
        others.append(max(metrics.horizontalAdvance(french(cell)) for cell in cells) + gap)
    return (max(width - sum(others), width / 4), *others)


def _paged(strips: list[Strip], room: float) -> Iterator[list[Strip]]:
    """Fills pages; the head of a table comes again on each page that it goes on to."""
    page: list[Strip] = []
    used, head = 0.0, None
    for strip in strips:
        if strip.repeated:
            head = strip
        if page and used + strip.height > room:
            yield page
            page = [head] if head is not None and not strip.repeated else []
            used = sum(one.height for one in page)
        page.append(strip)
        used += strip.height
    if page:
        yield page
