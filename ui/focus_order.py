"""Tab goes through a window as the eye does: along its layouts, whatever was made first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QLayout,
    QScrollArea,
    QSplitter,
    QTabWidget,
    QWidget,
)


def step(window: QWidget, *, forwards: bool) -> bool:
    """Gives the keyboard to what stands next in a window, or before; False where nothing does.

    Qt's own order is that in which widgets were made: what comes late would come last. It asks too
    when what has the keyboard goes, hidden or disabled: the nearest then takes it.
    """
    here: QWidget | None = window.focusWidget()
    goes = here is not None and not (here.isVisible() and here.isEnabled())
    stops = list(_stops(window, here))
    while here is not None and here not in stops:
        here = here.parentWidget()  # an inner part of one, such as a combo's line
        stops = list(_stops(window, here))
    ahead = stops[stops.index(here) + 1 :] if here is not None else stops
    behind = stops[: stops.index(here)] if here is not None else []
    if goes:
        found = [*ahead, *reversed(behind)]
    else:
        found = [*ahead, *behind] if forwards else [*reversed(behind), *reversed(ahead)]
    if not found:
        return False
    reason = Qt.FocusReason
    found[0].setFocus(reason.TabFocusReason if forwards else reason.BacktabFocusReason)
    _scroll_to(found[0])
    return True


def take_from(layout: QLayout) -> int | None:
    """Takes the keyboard from the stop of a layout that has it in its window, and gives its place;
    None for none.

    It would else go to what stands next, which may be about to be filled anew as well.
    """
    parent = layout.parentWidget()
    here = parent.window().focusWidget() if parent is not None else None
    stops = list(_stops_in(layout))
    if here is None or here not in stops:
        return None
    here.clearFocus()
    return stops.index(here)


def come_back(layout: QLayout, place: int) -> None:
    """Gives the keyboard to what then stands at a place of a layout, or nearest to it when nothing
    does, unless it went elsewhere.
    """
    parent = layout.parentWidget()
    assert parent is not None
    window = parent.window()
    meanwhile = window.focusWidget()

    def give() -> None:
        for added in _laid_out(layout):  # Qt means to show them, maybe after this turn
            QCoreApplication.sendPostedEvents(added, QEvent.Type.MetaCall)
        if window.focusWidget() not in (meanwhile, None):
            return
        stops = list(_stops_in(layout))
        near = [stops[min(place, len(stops) - 1)]] if stops else _nearest(window, parent)
        if near:
            near[0].setFocus()
            _scroll_to(near[0])

    QTimer.singleShot(0, parent, give)  # once the layout is filled again


def _nearest(window: QWidget, here: QWidget) -> list[QWidget]:
    """What Tab stops at in a window: what follows a part of it, then what precedes it."""
    stops = list(_stops(window, here))
    place = stops.index(here) if here in stops else 0
    return [*(one for one in stops[place:] if one is not here), *reversed(stops[:place])]


def bring_into_sight(widget: QWidget) -> None:
    """Scrolls to a widget once it is laid out with what it now says."""
    QTimer.singleShot(0, widget, lambda: _scroll_to(widget))


def bring_current_into_sight(lines: QAbstractItemView) -> None:
    """Scrolls what is around a list to its current line, once it is laid out."""
    QTimer.singleShot(0, lines, lambda: _scroll_to_current(lines))


def _scroll_to_current(lines: QAbstractItemView) -> None:
    line = lines.visualRect(lines.currentIndex())
    around = lines.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea) and (held := around.widget()) is not None:
            place = lines.viewport().mapTo(held, line.center())
            around.ensureVisible(place.x(), place.y(), 0, line.height())
        around = around.parentWidget()


def _scroll_to(widget: QWidget) -> None:
    around = widget.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(widget)
        around = around.parentWidget()


def _stops(widget: QWidget, here: QWidget | None) -> Iterator[QWidget]:
    """What Tab stops at in a widget, and what has the keyboard now, as they are laid out.

    The latter counts even where it was just hidden or disabled.
    """
    around = here is not None and (widget is here or widget.isAncestorOf(here))
    if not (around or (widget.isVisible() and widget.isEnabled())):
        return
    takes = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None
    if takes or widget is here:
        yield widget
    for part in _parts(widget):
        yield from _stops(part, here)


def _parts(widget: QWidget) -> Iterable[QWidget]:
    """The widgets right inside one; of those that Qt makes for itself, none."""
    parts: Iterable[QWidget | None] = ()
    if isinstance(widget, QTabWidget):
        parts = widget.tabBar(), widget.cornerWidget(), widget.currentWidget()
    elif isinstance(widget, QScrollArea):
        parts = (widget.widget(),)
    elif isinstance(widget, QSplitter):
        parts = (widget.widget(number) for number in range(widget.count()))
    elif (layout := widget.layout()) is not None:
        parts = _laid_out(layout)
    return (part for part in parts if part is not None)


def _stops_in(layout: QLayout) -> Iterator[QWidget]:
    for part in _laid_out(layout):
        yield from _stops(part, None)


def _laid_out(layout: QLayout) -> Iterator[QWidget]:
    for number in sorted(range(layout.count()), key=lambda number: _place(layout, number)):
        item = layout.itemAt(number)
        widget, inner = (item.widget(), item.layout()) if item is not None else (None, None)
        if widget is not None:
            yield widget
        elif inner is not None:
            yield from _laid_out(inner)


def _place(layout: QLayout, number: int) -> tuple[int, int]:
    """The line and the column of an item."""
    if isinstance(layout, QGridLayout):
        place = cast(tuple[int, int, int, int], layout.getItemPosition(number))
        return place[0], place[1]
    return 0, number
