"""The order and the filters of each list, kept from one opening of the window to the next."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from ui.preferences import Preferences
from ui.widgets.fields import Choice
from ui.widgets.list_panel import ListPanel
from ui.widgets.table import RecordsTable


def remember_lists(page: QWidget, preferences: Preferences) -> None:
    """Gives the lists of a page the order and the filters that they had, and keeps new ones."""
    for table in page.findChildren(RecordsTable):
        _remember_order(table, preferences)
    for panel in page.findChildren(ListPanel):
        _remember_choices(panel, preferences)


def _remember_order(table: RecordsTable, preferences: Preferences) -> None:
    name = table.objectName()
    stored = preferences.order(name)
    if stored is not None and stored[0] < table.rows.columnCount():
        table.set_order(*stored)
    table.horizontalHeader().sortIndicatorChanged.connect(
        lambda column, order: preferences.set_order(name, *table.order())
    )


def _remember_choices(panel: ListPanel, preferences: Preferences) -> None:
    for number, choice in enumerate(panel.choices):
        name = f"{panel.table.objectName()}.{number}"
        choice.set_value(preferences.choice(name))
        choice.edited.connect(partial(_keep_choice, preferences, name, choice))


def _keep_choice(preferences: Preferences, name: str, choice: Choice) -> None:
    preferences.set_choice(name, choice.value())
