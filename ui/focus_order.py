"""Tab goes through a window as the eye does: along its layouts, whatever was made first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QGroupBox,
    QLayout,
    QScrollArea,
    QSplitter,
    QTabWidget,
    QWidget,
)


def step(window: QWidget, *, forwards: bool) -> bool:
    """Moves the keyboard focus to the next Tab stop of a window, or back; False if there is none.

    Qt's own order is that of creation, where a widget made late would come last. Qt also calls this
    when the focused widget is hidden or disabled: the nearest stop then takes the focus.
    """
    here: QWidget | None = window.focusWidget()
    goes = here is not None and not (here.isVisible() and here.isEnabled())
    stops = list(_stops(window, here))
    while here is not None and here not in stops:
        here = here.parentWidget()  # the focus is inside a stop, as in a combo box's line
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


def step_card(window: QWidget, *, forwards: bool) -> None:
    """Moves the keyboard focus to the first Tab stop of the next card of a window, or back."""
    here = window.focusWidget()
    first: dict[QWidget, QWidget] = {}
    for stop in _stops(window, here):
        if (card := _card(stop)) is not None:
            first.setdefault(card, stop)
    cards = list(first)
    if cards:
        outside = -1 if forwards else 0
        at = cards.index(card) if (card := _card(here)) in first else outside
        found = first[cards[(at + (1 if forwards else -1)) % len(cards)]]
        found.setFocus(Qt.FocusReason.TabFocusReason)
        _scroll_to(found)


def _card(widget: QWidget | None) -> QWidget | None:
    while widget is not None and not isinstance(widget, QGroupBox):
        widget = widget.parentWidget()
    return widget


def take_from(layout: QLayout) -> int | None:
    """Clears the focus if a Tab stop of the layout has it, and gives that stop's place; else None.

    Otherwise Qt would move the focus on to the next widget, which may be about to be filled anew as
    well.
    """
    parent = layout.parentWidget()
    here = parent.window().focusWidget() if parent is not None else None
    stops = list(_stops_in(layout))
    if here is None or here not in stops:
        return None
    here.clearFocus()
    return stops.index(here)


def come_back(layout: QLayout, place: int) -> None:
    """Focuses, once the layout is filled again, the Tab stop at that place or the nearest one,
    unless the focus went elsewhere meanwhile.
    """
    parent = layout.parentWidget()
    assert parent is not None
    window = parent.window()
    meanwhile = window.focusWidget()

    def give() -> None:
        for added in _laid_out(layout):  # shown by a queued call of Qt, perhaps not made yet
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
    """The Tab stops of a window, nearest first: those after a part of it, then those before."""
    stops = list(_stops(window, here))
    place = stops.index(here) if here in stops else 0
    return [*(one for one in stops[place:] if one is not here), *reversed(stops[:place])]


def bring_into_sight(widget: QWidget) -> None:
    """Scrolls to a widget once its new content is laid out."""
    QTimer.singleShot(0, widget, lambda: _scroll_to(widget))


def bring_current_into_sight(lines: QAbstractItemView) -> None:
    """Scrolls the areas around a list to its current line, once the list is laid out."""
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
    """The Tab stops in a widget, in layout order, and `here`, the widget that has the focus.

    `here` counts even if it was just hidden or disabled.
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
    """The direct children of a widget in layout order, without those that Qt makes for itself."""
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
