"""A list as it is seen, written to a file that a spreadsheet opens, or put on the clipboard."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog

from app.domain.wording import count
from ui.actions import make_action
from ui.pages.page import Page
from ui.saving import completed
from ui.tasks import LONG
from ui.widgets.table import RecordsTable

FORMATS = {
    "Classeur (*.xlsx)": (".xlsx", ";"),
    "CSV à points-virgules (*.csv)": (".csv", ";"),
    "CSV à virgules (*.csv)": (".csv", ","),
}
"""The ending and the separator of each file that is offered."""


def list_actions(page: Page, table: RecordsTable) -> list[QAction]:
    """What is done with a list as it is seen: its filter, its order and its columns."""
    return [
        make_action(page, "Exporter la liste…", lambda: _export(page, table), icon="download"),
        make_action(page, "Copier la liste", lambda: _copy(page, table), icon="copy"),
    ]


def _copy(page: Page, table: RecordsTable) -> None:
    table.copy_seen()
    page.tell(f"{count(table.rows.rowCount(), 'ligne')} dans le presse-papiers.")


def _export(page: Page, table: RecordsTable) -> None:
    name, headings, rows = table.accessibleName(), table.headings(), table.seen()
    chosen, offered = QFileDialog.getSaveFileName(
        page, "Exporter la liste", f"{name}.xlsx", ";;".join(FORMATS)
    )
    if not chosen:
        return
    ending, separator = FORMATS.get(offered, (".xlsx", ";"))
    path = Path(chosen)
    if not re.fullmatch(r"\.(xlsx|csv)", path.suffix, re.IGNORECASE):
        path = completed(path, ending)
    page.tasks.run(
        lambda: page.services.exports.seen(path, name, headings, rows, separator),
        lambda written: page.tell(f"{count(written, 'ligne')} dans « {path} »."),
        page.failed.emit,
        page,
        lane=LONG,
    )
