"""Prints a PDF as it is: each page drawn at the printer's resolution over white."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QWidget

from app.domain.wording import count
from app.errors import UserError
from ui.tasks import Failed, Task, Tasks

Told = Callable[[str], object]

RESOLUTION = 300
"""Dots per inch: enough for text on any office printer, and light on memory."""


def make_printer() -> QPrinter:
    """A printer set for whole pages; the system's dialog chooses which one and how."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setResolution(RESOLUTION)
    printer.setFullPage(True)
    return printer


def ask_and_print(data: bytes, tasks: Tasks, owner: QWidget, told: Told, failed: Failed) -> None:
    """Asks which printer, prints a document there, and says how many pages went out."""
    printer = make_printer()
    dialog = QPrintDialog(printer, owner)
    dialog.setWindowTitle("Imprimer")
    if dialog.exec() == QDialog.DialogCode.Accepted:
        tasks.run_reporting(
            lambda task: print_pdf(data, printer, task),
            lambda pages: told(_sent(pages)),
            failed,
            owner,
        )


def _sent(pages: int) -> str:
    sent = "envoyées" if pages > 1 else "envoyée"
    return f"{count(pages, 'page')} {sent} à l'imprimante."


def print_pdf(data: bytes, printer: QPrinter, task: Task) -> int:
    """Prints a document off the GUI thread; gives how many pages went out.

    UserError when the printer cannot be reached.
    """
    document, buffer = QPdfDocument(), QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document.load(buffer)
    pages = _pages(document, printer)
    painter = QPainter()
    if not painter.begin(printer):
        raise UserError("L'imprimante ne répond pas : vérifiez-la, ou choisissez-en une autre.")
    for done, number in enumerate(pages):
        if done:
            printer.newPage()
        task.report(f"Impression de la page {number + 1}", done / len(pages))
        _draw(document, number, printer, painter)
    painter.end()
    return len(pages)


def _pages(document: QPdfDocument, printer: QPrinter) -> range:
    """The pages that the dialog asked for, counted from 0."""
    first, last = printer.fromPage() or 1, printer.toPage() or document.pageCount()
    return range(first - 1, min(last, document.pageCount()))


def _draw(document: QPdfDocument, number: int, printer: QPrinter, painter: QPainter) -> None:
    """Draws a page in its own size, from the corner of the paper."""
    inches = document.pagePointSize(number) / 72
    size = QSize(round(inches.width() * RESOLUTION), round(inches.height() * RESOLUTION))
    paper = QImage(size, QImage.Format.Format_RGB32)
    paper.fill(Qt.GlobalColor.white)
    on_paper = QPainter(paper)
    on_paper.drawImage(0, 0, document.render(number, size))
    on_paper.end()
    scale = printer.resolution() / RESOLUTION
    painter.drawImage(QRect(0, 0, round(size.width() * scale), round(size.height() * scale)), paper)
