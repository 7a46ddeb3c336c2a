"""How wide the columns of a table are: as their words ask for, while there is room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtGui import QFontMetrics

from ui import theme
from ui.models.table import Column
from ui.theme import Space
from ui.widgets.cell_delegate import cell_font
from ui.widgets.chip import chip_size

LEAST_WIDTH = 200
"""The usual width of a column that takes what the others leave, at a text size of 100 %."""

_LOOKED_AT = 400  # about how many rows are looked at, evenly spaced
_MEASURED = 5  # how many of a column's longest texts are measured: the widest is among them
_SPARE = 2  # pixels: what is painted is rounded otherwise than what is measured
_ARROW = 24  # the room beside a title for the arrow of the column sorted by


def usual(column: Column[Any]) -> int:
    """The width of a column whatever it holds."""
    return theme.px(column.width or LEAST_WIDTH)


def asked(column: Column[Any], rows: Sequence[Any], title: str) -> int:
    """The width that shows the lines of the column's title whole, and the words of its rows whole
    on one line.
    """
    some = rows[:: max(1, len(rows) // _LOOKED_AT)]
    longest = sorted({column.text(row) for row in some}, key=len)[-_MEASURED:]
    metrics = QFontMetrics(cell_font(column.role))
    chips = column.tone is not None
    words = (chip_size(one).width() if chips else metrics.horizontalAdvance(one) for one in longest)
    caption = QFontMetrics(theme.font("caption"))
    heading = max(map(caption.horizontalAdvance, title.split("\n"))) + theme.px(_ARROW)
    return max(heading, *words, 0) + 2 * Space.M + _SPARE


def shared(room: int, asked: Mapping[int, int], usual: Mapping[int, int]) -> dict[int, int]:
    """The widths of columns in a room, by their number.

    Each has its usual width, or what is asked for it where that is less. What they spare goes to
    those whose words would be cut, the least cut first; then each has its usual width again. Where
    there is not room for the least, the columns take more than there is.
    """
    widths = {number: min(asked[number], usual[number]) for number in asked}
    for goals in (asked, usual):
        left = max(0, room - sum(widths.values()))
        lacking = {n: goals[n] - width for n, width in widths.items() if goals[n] > width}
        for place, number in enumerate(sorted(lacking, key=lambda one: lacking[one])):
            given = min(lacking[number], left // (len(lacking) - place))
            widths[number] += given
            left -= given
    return widths
