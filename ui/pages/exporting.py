"""Writes a list as it is seen to a file that a spreadsheet opens, or to the clipboard."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction

from app.domain.wording import count
from ui.actions import make_action
from ui.pages.page import Page
from ui.saving import ask_where, completed
from ui.tasks import LONG
from ui.widgets.table import RecordsTable

if TYPE_CHECKING:
    from app.services.records import Records

FORMATS = {
    "Classeur (*.xlsx)": (".xlsx", ";"),
    "CSV à points-virgules (*.csv)": (".csv", ";"),
    "CSV à virgules (*.csv)": (".csv", ","),
}
"""The ending and the separator of each kind of file offered."""


def list_actions(page: Page, table: RecordsTable) -> list[QAction]:
    """The actions that export or copy a list as it is seen: filtered, in its order and columns."""
    return [
        make_action(page, "Exporter la liste…", lambda: _export(page, table), icon="download"),
        make_action(page, "Copier la liste", lambda: _copy(page, table), icon="copy"),
    ]


def _copy(page: Page, table: RecordsTable) -> None:
    table.copy_seen()
    page.tell(f"{count(table.rows.rowCount(), 'ligne')} dans le presse-papiers.")


def _export(page: Page, table: RecordsTable) -> None:
    name, commission_id = table.accessibleName(), page.listed_id
    page.read(
        lambda: _file_name(page.services.records, name, commission_id),
        lambda file: _save(page, table, file),
    )


def _file_name(records: Records, name: str, commission_id: str | None) -> str:
    """A file name made of the list's and the commission's, so that commissions have each theirs."""
    from app.documents.document import file_name

    of = records.get(commission_id).fields.name if commission_id else ""
    return file_name(name, of, ending="xlsx")


def _save(page: Page, table: RecordsTable, file: str) -> None:
    name, headings, rows = table.accessibleName(), table.headings(), table.seen()
    chosen, offered = ask_where(page, "Exporter la liste", file, ";;".join(FORMATS))
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
