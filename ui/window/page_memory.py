"""Remembers the order, column widths and filters of each list, and the tab chosen on each page.

They are kept from one opening of the window to the next; the filters apart for each commission, and
for the list of all commissions together.
"""

from __future__ import annotations

from functools import partial

from ui.pages.page import Page
from ui.widgets.fields import Choice
from ui.widgets.list_panel import ListPanel
from ui.widgets.table import RecordsTable
from ui.widgets.tabs import Tabs
from ui.window.preferences import Preferences


def remember(page: Page, preferences: Preferences) -> None:
    """Sets the lists and tabs of a page as they were left, and remembers each change to them."""
    for table in page.findChildren(RecordsTable):
        _remember_columns(table, preferences)
    for tabs in page.findChildren(Tabs):
        tabs.setCurrentIndex(preferences.tab(tabs.objectName()))
        tabs.chosen_changed.connect(partial(preferences.set_tab, tabs.objectName()))
    for panel in page.findChildren(ListPanel):
        reach = f"{panel.table.objectName()}.reach"
        panel.reach.set_value(preferences.choice(None, reach))
        panel.reach.edited.connect(partial(_keep_reach, preferences, reach, panel.reach))
        for number, choice in enumerate(panel.choices):
            name = _name(panel, number)
            choice.edited.connect(partial(_keep_choice, page, preferences, name, choice))
    recall_choices(page, preferences)


def recall_choices(page: Page, preferences: Preferences) -> None:
    """Sets the filters of a page's lists as they were left for the commission listed."""
    for panel in page.findChildren(ListPanel):
        for number, choice in enumerate(panel.choices):
            name = _name(panel, number)
            choice.set_value(preferences.choice(page.listed_id, name, choice.start))


def _name(panel: ListPanel, number: int) -> str:
    return f"{panel.table.objectName()}.{number}"


def _keep_choice(page: Page, preferences: Preferences, name: str, choice: Choice) -> None:
    preferences.set_choice(page.listed_id, name, choice.value())


def _keep_reach(preferences: Preferences, name: str, reach: Choice) -> None:
    preferences.set_choice(None, name, reach.value())


def _remember_columns(table: RecordsTable, preferences: Preferences) -> None:
    name = table.objectName()
    stored = preferences.order(name)
    if stored is not None and stored[0] < table.rows.columnCount():
        table.set_order(*stored)
    table.set_widths(preferences.widths(name))
    table.horizontalHeader().sortIndicatorChanged.connect(
        lambda column, order: preferences.set_order(name, *table.order())
    )
    table.widened.connect(lambda: preferences.set_widths(name, table.widths))
