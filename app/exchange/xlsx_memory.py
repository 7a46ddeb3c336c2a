"""openpyxl's streaming sheet, kept in memory: openpyxl would write it to a temporary file."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter


def new_sheet(name: str) -> tuple[Workbook, Any]:
    """A workbook and its only sheet, to append rows to before `saved`."""
    book = Workbook(write_only=True)
    return book, book.create_sheet(name)


def start_rows(page: Any) -> None:
    """Makes the sheet write to memory; called once the columns are set, before the first row."""
    page._writer = _SheetWriter(page, io.BytesIO())
    page._writer.write_top()


def saved(book: Workbook) -> bytes:
    """The workbook as the bytes of a file."""
    stream = io.BytesIO()
    ExcelWriter(book, _Archive(stream, "w", zipfile.ZIP_DEFLATED)).save()
    return stream.getvalue()


class _SheetWriter(WorksheetWriter):  # type: ignore[misc]  # openpyxl has no types
    def cleanup(self) -> None:
        """There is no file to remove."""


class _Archive(zipfile.ZipFile):
    def write(self, part: Any, name: Any) -> None:  # type: ignore[override]  # no file has a name
        """Takes the sheet's stream where ZipFile would take a file's name."""
        self.writestr(name, part.getvalue())
