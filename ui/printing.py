"""Prints a PDF as it is: each page drawn at the printer's resolution over white."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QAbstractPrintDialog, QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QWidget

from app.domain.wording import count
from app.errors import UserError
from ui.tasks import Cancelled, Failed, Reported, Task, Tasks

Told = Callable[[str], object]

RESOLUTION = 300
"""Dots per inch: enough for text on any office printer, and light on memory."""


_HAIR = 0.005
"""A paper smaller than the page by no more than this share counts as the same size: sizes are
rounded to whole points."""


class Page(NamedTuple):
    """A page to print, by its number from 0."""

    document: QPdfDocument
    number: int


def make_printer(name: str = "", *, two_up: bool = False, one_sided: bool = False) -> QPrinter:
    """A printer set for whole A4 pages; the system's dialog chooses which one and how.

    `two_up` lays the sheet on its side, for two pages next to each other; `one_sided` leaves the
    back of each sheet white.
    """
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setResolution(RESOLUTION)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setFullPage(True)
    printer.setDocName(name)
    printer.setDuplex(sides(two_up=two_up, one_sided=one_sided))
    if two_up:
        printer.setPageOrientation(QPageLayout.Orientation.Landscape)
    return printer


def sides(*, two_up: bool, one_sided: bool) -> QPrinter.DuplexMode:
    """The duplex mode: a sheet on its side turns over its short edge, lest its back be upside
    down.
    """
    if one_sided:
        return QPrinter.DuplexMode.DuplexNone
    return QPrinter.DuplexMode.DuplexShortSide if two_up else QPrinter.DuplexMode.DuplexAuto


def ask_and_print(
    documents: Sequence[bytes], tasks: Tasks, owner: QWidget, told: Told, failed: Failed,
    *, name: str = "", two_up: bool = False, one_sided: bool = False,
    on_progress: Reported | None = None,
) -> Task | None:  # fmt: skip
    """Asks which printer, prints documents there, and says how many pages went out.

    None when the user cancels.
    """
    printer = make_printer(name, two_up=two_up, one_sided=one_sided)
    dialog = QPrintDialog(printer, owner)
    dialog.setWindowTitle("Imprimer")
    dialog.setOption(QAbstractPrintDialog.PrintDialogOption.PrintPageRange)
    if dialog.exec() != QDialog.DialogCode.Accepted:
        return None
    return tasks.run_reporting(
        lambda task: print_pdf(documents, printer, task, two_up=two_up),
        lambda pages: told(_sent(pages)),
        failed,
        owner,
        on_progress=on_progress,
    )


def _sent(pages: int) -> str:
    sent = "envoyées" if pages > 1 else "envoyée"
    return f"{count(pages, 'page')} {sent} à l'imprimante."


def print_pdf(
    documents: Sequence[bytes], printer: QPrinter, task: Task, *, two_up: bool = False
) -> int:
    """Prints documents in one job, off the GUI thread; gives how many of their pages went out.

    Raises UserError when none of the pages asked for is there or the printer cannot be reached,
    Cancelled, with the job aborted, when the user gives it up.
    """
    opened = [_opened(data) for data in documents]
    there = [Page(one, n) for one, _ in opened for n in range(one.pageCount())]
    pages = _asked(there, printer)
    if not pages:
        which = f"de 1 à {len(there)}" if len(there) > 1 else "la page 1"
        raise UserError(f"Ces pages n'existent pas : choisissez {which}.")
    each = 2 if two_up else 1
    sheets = [pages[first : first + each] for first in range(0, len(pages), each)]
    painter = QPainter()
    if not painter.begin(printer):
        raise UserError("L'imprimante ne répond pas : vérifiez-la, ou choisissez-en une autre.")
    try:
        for done, sheet in enumerate(sheets):
            words = f"Impression de la page {done * each + 1} sur {len(pages)}"
            task.report(words, done / len(sheets))
            if done:
                printer.newPage()
            _draw_sheet(sheet, printer, painter, each)
    except Cancelled:
        printer.abort()
        raise
    finally:
        painter.end()
    return len(pages)


def _opened(data: bytes) -> tuple[QPdfDocument, QBuffer]:
    """A document, with the buffer that must outlive it."""
    document, buffer = QPdfDocument(), QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document.load(buffer)
    return document, buffer


def _asked(pages: list[Page], printer: QPrinter) -> list[Page]:
    """The pages that the dialog asked for."""
    asked = printer.pageRanges()
    return [one for n, one in enumerate(pages, 1) if asked.isEmpty() or asked.contains(n)]


def _draw_sheet(sheet: Sequence[Page], printer: QPrinter, painter: QPainter, each: int) -> None:
    """Draws the pages of a sheet side by side, each in its share of the paper."""
    paper = printer.paperRect(QPrinter.Unit.DevicePixel)
    width = paper.width() / each
    for place, page in enumerate(sheet):
        _draw(page, painter, QRectF(place * width, 0, width, paper.height()))


def _draw(page: Page, painter: QPainter, room: QRectF) -> None:
    """Draws a page in its own size, or smaller where the paper is, in the middle of its room."""
    device = painter.device()
    points = page.document.pagePointSize(page.number)
    width = points.width() * device.logicalDpiX() / 72
    height = points.height() * device.logicalDpiY() / 72
    scale = min(1.0, room.width() / width, room.height() / height)
    if scale > 1 - _HAIR:
        scale = 1.0
    # on whole dots: where the device has the resolution of the picture, no dot is blurred
    target = QRect(0, 0, round(width * scale), round(height * scale))
    target.moveCenter(room.toRect().center())
    painter.drawImage(target, _over_white(page, scale))


def _over_white(page: Page, scale: float) -> QImage:
    """A page drawn over white at the printing resolution: its transparent ground would print
    black.
    """
    inches = page.document.pagePointSize(page.number) / 72
    dots = RESOLUTION * scale
    size = QSize(round(inches.width() * dots), round(inches.height() * dots))
    paper = QImage(size, QImage.Format.Format_RGB32)
    paper.fill(Qt.GlobalColor.white)
    on_paper = QPainter(paper)
    on_paper.drawImage(0, 0, page.document.render(page.number, size))
    on_paper.end()
    return paper
