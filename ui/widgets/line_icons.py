"""The icons inside a line edit, scaled with its text: the one that clears it, that of a search."""

from __future__ import annotations

from functools import cache

from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QProxyStyle,
    QStyle,
    QStyleOption,
    QToolButton,
    QWidget,
)

from ui import icons, theme

SIDE = 16


class _Scaled(QProxyStyle):
    """Qt draws these icons at 16 pixels, and a style sheet cannot say otherwise."""

    def pixelMetric(
        self,
        metric: QStyle.PixelMetric,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
    ) -> int:
        if metric is QStyle.PixelMetric.PM_LineEditIconSize:
            return theme.px(SIDE)
        return super().pixelMetric(metric, option, widget)


@cache
def _style() -> QStyle:
    """One style for all lines, owned by the application: a widget does not keep its style alive."""
    made = _Scaled("Fusion")
    made.setParent(QApplication.instance())
    return made


def make_clearable(line: QLineEdit) -> None:
    """Gives a line the button that empties it."""
    line.setStyle(_style())
    line.setClearButtonEnabled(True)
    _call_last(line, "Effacer")


def make_search(line: QLineEdit) -> None:
    """Makes a line clearable, with the picture of a search before its text."""
    make_clearable(line)
    search = line.addAction(icons.icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
    search.triggered.connect(lambda checked=False: line.setFocus())
    _call_last(line, "Rechercher")


def _call_last(line: QLineEdit, words: str) -> None:
    """Names the button that a line was just given: Qt makes it with a picture alone."""
    line.findChildren(QToolButton)[-1].setAccessibleName(words)
