"""A table of a file with, above each column, the field that it holds."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QTableWidget, QTableWidgetItem

from ui import theme
from ui.widgets.fields import Choice

IGNORED = (None, "Ignorer cette colonne")
WIDTH = 210
BESIDE = 72
"""What a choice takes beside its words."""


class MappingTable(QTableWidget):
    """Shows the headings and first rows of a file; each column's field is chosen on top of it.

    A field is in one column at most: choosing it again takes it from the other.
    """

    mapped = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.choices: list[Choice] = []
        self.setAccessibleName("Colonnes du fichier")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setTabKeyNavigation(False)  # Tab would go round the cells and never leave
        self.setMinimumHeight(theme.px(120))
        self.setShowGrid(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)

    def show_file(
        self,
        headings: Sequence[str],
        rows: Sequence[Sequence[str]],
        fields: Sequence[tuple[str, str]],
        columns: dict[str, int],
    ) -> None:
        """Shows a file; `fields` are (field, title), `columns` the rank guessed of each."""
        self.clear()
        self.setColumnCount(len(headings))
        self.setRowCount(len(rows) + 1)
        self.setHorizontalHeaderLabels(list(headings))
        guessed = {rank: field for field, rank in columns.items()}
        self.choices = []
        for rank, heading in enumerate(headings):
            choice = Choice([IGNORED, *fields])
            choice.call(f"Contenu de la colonne « {heading} »")
            choice.set_value(guessed.get(rank))
            choice.edited.connect(lambda rank=rank: self._on_edited(rank))
            self.choices.append(choice)
            self.setCellWidget(0, rank, choice)
            self._widen(rank)
            for number, row in enumerate(rows, 1):
                self.setItem(number, rank, QTableWidgetItem(" ".join(row[rank].split())[:200]))
        self.setRowHeight(0, theme.px(46))
        rows_height = sum(self.rowHeight(number) for number in range(self.rowCount()))
        header, bar = self.horizontalHeader(), self.horizontalScrollBar()
        self.setMaximumHeight(rows_height + header.sizeHint().height() + bar.sizeHint().height())

    def columns(self) -> dict[str, int]:
        """The rank of the column of each field that is chosen."""
        chosen = {choice.value(): rank for rank, choice in enumerate(self.choices)}
        chosen.pop(None, None)
        return chosen

    def _widen(self, rank: int) -> None:
        """Makes a column wide enough for the words of its choice."""
        choice = self.choices[rank]
        words = choice.fontMetrics().horizontalAdvance(choice.currentText())
        self.setColumnWidth(rank, max(theme.px(WIDTH), words + theme.px(BESIDE)))

    def _on_edited(self, rank: int) -> None:
        field = self.choices[rank].value()
        for other, choice in enumerate(self.choices):
            if other != rank and field is not None and choice.value() == field:
                choice.set_value(None)
        self._widen(rank)
        self.mapped.emit()
