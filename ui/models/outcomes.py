"""What an import would do with each line: the refused first, those that change nothing last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt

from app.domain.wording import count, typographic, whole
from ui import icons
from ui.models.rows import Index

if TYPE_CHECKING:
    from app.services.imports import Report
    from app.services.table_writing import TableReport


class OutcomesModel(QAbstractListModel):
    """One sentence a line of the file."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._refused = 0
        self._sentences: list[str] = []

    def show_report(self, found: TableReport | None) -> None:
        """Replaces all sentences; None shows nothing."""
        self.beginResetModel()
        groups = (found.report.refused, found.written, found.report.skipped) if found else ()
        self._sentences = [one.sentence for group in groups for one in group]
        self._refused = len(found.report.refused) if found else 0
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        return 0 if parent.isValid() else len(self._sentences)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return typographic(self._sentences[index.row()])
        if role == Qt.ItemDataRole.DecorationRole:
            refused = index.row() < self._refused
            return icons.icon(*(("circle-alert", "danger") if refused else ("check", "success")))
        return None


def summary(report: Report) -> str:
    """« 1 200 à créer, 3 à modifier, 1 sans changement, 2 lignes refusées »."""
    parts = [f"{whole(len(report.created))} à créer", f"{whole(len(report.changed))} à modifier"]
    if report.skipped:
        parts.append(f"{whole(len(report.skipped))} sans changement")
    if report.refused:
        parts.append(count(len(report.refused), "ligne refusée", "lignes refusées"))
    return ", ".join(parts)
