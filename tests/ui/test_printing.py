"""Printing: the same ink as the document, nothing cut, two pages a sheet, a job taken back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageStat
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QPageRanges, QPageSize
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QApplication, QLineEdit, QRadioButton, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from app.documents.attendance_sheet import attendance_sheet
from app.documents.document import Document, Letterhead
from app.documents.minutes import minutes
from app.domain.dates import PARIS
from app.domain.wording import plain
from app.errors import UserError
from app.storage.protection import new_recovery_code
from tests.app.documents import reading
from tests.app.documents.meetings import whole_meeting
from tests.ui.world import World
from ui.dialogs.recovery_code import RecoveryCodeDialog
from ui.printing import ask_and_print, make_printer, print_pdf, sides
from ui.tasks import LONG, Cancelled, Task, Tasks
from ui.widgets.document_pane import DocumentPane

MADE = datetime(2027, 3, 19, 20, 45, tzinfo=PARIS)
MM = 72 / 25.4


def to_file(path: Path, *, two_up: bool = False) -> QPrinter:
    printer = make_printer("pv", two_up=two_up)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    return printer


def sheets(source: bytes | Path) -> list[Image.Image]:
    """Each page in grey at 150 dots an inch."""
    with pypdfium2.PdfDocument(source) as pdf:
        return [page.render(scale=150 / 72, grayscale=True).to_pil() for page in pdf]


def ink(picture: Image.Image) -> float:
    """How dark a page is as a whole, from 0 to 255."""
    return 255 - float(ImageStat.Stat(picture).mean[0])


@pytest.mark.parametrize("make", [minutes, attendance_sheet])
def test_what_is_printed_is_what_is_on_screen_point_by_point(
    qapp: QApplication, tmp_path: Path, make: Callable[..., Document]
) -> None:
    data = make(whole_meeting(), Letterhead(), MADE).data
    printer = to_file(tmp_path / "out.pdf")
    count = print_pdf([data], printer, Task())
    del printer
    made, printed = sheets(data), sheets(tmp_path / "out.pdf")
    assert count == len(made) == len(printed)
    for before, after in zip(made, printed, strict=True):
        assert abs(after.width - before.width) <= 1
        assert abs(after.height - before.height) <= 1
        # of two drawings of one page, the edges of letters alone differ
        difference = ImageChops.difference(before, after.resize(before.size))
        assert ImageStat.Stat(difference).mean[0] < ink(before) * 0.75
        assert ink(after) == pytest.approx(ink(before), rel=0.06)


def test_two_pages_share_a_sheet_each_whole(qapp: QApplication, tmp_path: Path) -> None:
    data = minutes(whole_meeting(), Letterhead(), MADE).data
    printer = to_file(tmp_path / "out.pdf", two_up=True)
    count = print_pdf([data], printer, Task(), two_up=True)
    del printer
    made, printed = sheets(data), sheets(tmp_path / "out.pdf")
    assert count == len(made)
    assert len(printed) == (len(made) + 1) // 2
    sheet = printed[0]
    assert sheet.width > sheet.height
    half = sheet.width // 2
    for place, page in enumerate(made[:2]):
        part = sheet.crop((place * half, 0, (place + 1) * half, sheet.height))
        difference = ImageChops.difference(page.resize(part.size), part)
        assert ImageStat.Stat(difference).mean[0] < ink(page)
        assert ink(part) == pytest.approx(ink(page), rel=0.1)


def test_a_smaller_paper_takes_the_whole_page_smaller(qapp: QApplication, tmp_path: Path) -> None:
    data = minutes(whole_meeting(), Letterhead(), MADE).data
    printer = to_file(tmp_path / "out.pdf")
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A5))
    print_pdf([data], printer, Task())
    del printer
    before, after = sheets(data)[0], sheets(tmp_path / "out.pdf")[0]
    assert ink(after) == pytest.approx(ink(before), rel=0.1)


def test_documents_follow_one_another_in_one_job(qapp: QApplication, tmp_path: Path) -> None:
    first = attendance_sheet(whole_meeting(), Letterhead(), MADE).data
    second = minutes(whole_meeting(), Letterhead(), MADE).data
    printer = to_file(tmp_path / "out.pdf")
    count = print_pdf([first, second], printer, Task())
    del printer
    written = reading.pages((tmp_path / "out.pdf").read_bytes())
    assert count == written == reading.pages(first) + reading.pages(second)


def test_scattered_pages_are_printed_without_those_between(
    qapp: QApplication, tmp_path: Path
) -> None:
    data = minutes(whole_meeting(), Letterhead(), MADE).data
    printer = to_file(tmp_path / "out.pdf")
    printer.setPageRanges(QPageRanges.fromString("1,3"))
    assert print_pdf([data], printer, Task()) == 2
    del printer
    printed = sheets(tmp_path / "out.pdf")
    assert [ink(one) for one in printed] == pytest.approx(
        [ink(sheets(data)[number]) for number in (0, 2)], rel=0.06
    )


def test_pages_that_are_not_there_are_refused_and_nothing_is_printed(
    qapp: QApplication, tmp_path: Path
) -> None:
    data = minutes(whole_meeting(), Letterhead(), MADE).data
    printer = to_file(tmp_path / "out.pdf")
    printer.setPageRanges(QPageRanges.fromString("50-60"))
    with pytest.raises(UserError, match=f"choisissez de 1 à {reading.pages(data)}"):
        print_pdf([data], printer, Task())
    del printer
    assert not (tmp_path / "out.pdf").exists()


def test_a_job_that_is_given_up_stops_between_pages(qapp: QApplication, tmp_path: Path) -> None:
    data = minutes(whole_meeting(), Letterhead(), MADE).data
    task, told = Task(), []

    def report(words: str, share: float) -> None:
        told.append(words)
        if len(told) == 2:
            raise Cancelled

    task.report = report
    printer = to_file(tmp_path / "out.pdf")
    printer.setPageRanges(QPageRanges.fromString("2-3"))
    with pytest.raises(Cancelled):
        print_pdf([data], printer, task)
    assert told == ["Impression de la page 1 sur 2", "Impression de la page 2 sur 2"]
    assert printer.printerState() in (QPrinter.PrinterState.Aborted, QPrinter.PrinterState.Idle)


class Hand:
    """Acts in the print dialog, Qt's own on Linux, as soon as it is open, and ends it."""

    def __init__(self, path: Path | None, *, first: int = 0, last: int = 0) -> None:
        self._path, self._first, self._last = path, first, last
        self._timer = QTimer(interval=20)
        self._timer.timeout.connect(self._act)
        self._timer.start()

    def _act(self) -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QPrintDialog):
            return
        self._timer.stop()
        if self._path is None:
            dialog.reject()
            return
        name = dialog.findChild(QLineEdit, "filename")
        assert name is not None
        name.setText(str(self._path))
        if self._first:
            chosen = dialog.findChild(QRadioButton, "printRange")
            first, last = dialog.findChild(QSpinBox, "from"), dialog.findChild(QSpinBox, "to")
            assert chosen is not None
            assert first is not None
            assert last is not None
            chosen.setChecked(True)
            first.setValue(self._first)
            last.setValue(self._last)
        dialog.accept()


@pytest.mark.parametrize(("two_up", "pages"), [(False, 2), (True, 1)])
def test_the_dialog_s_choices_of_printer_and_pages_are_followed(
    qtbot: QtBot, tasks: Tasks, tmp_path: Path, two_up: bool, pages: int
) -> None:
    data = minutes(whole_meeting(), Letterhead(), MADE).data
    owner, told = QWidget(), []
    qtbot.addWidget(owner)
    owner.show()
    hand = Hand(tmp_path / "out.pdf", first=2, last=3)
    task = ask_and_print(
        [data], tasks, owner, told.append, lambda error: told.append(str(error)), two_up=two_up
    )
    assert task is not None
    qtbot.waitUntil(lambda: told == ["2 pages envoyées à l'imprimante."])
    del hand, task
    qtbot.waitUntil((tmp_path / "out.pdf").exists)
    made, printed = sheets(data)[1:3], sheets(tmp_path / "out.pdf")
    assert len(printed) == pages
    darkness = [ink(one) for one in made]
    expected = [sum(darkness) / 2] if two_up else darkness
    assert [ink(one) for one in printed] == pytest.approx(expected, rel=0.1)
    assert (printed[0].width > printed[0].height) is two_up


@pytest.fixture
def pane(world: World, tasks: Tasks, qtbot: QtBot) -> DocumentPane:
    made = DocumentPane(world.services, tasks)
    qtbot.addWidget(made)
    made.show()
    made.take(minutes(whole_meeting(), Letterhead(), MADE))
    return made


@pytest.mark.parametrize(("words", "each"), [("Imprimer…", 1), ("Deux pages par feuille…", 2)])
def test_the_menu_of_a_paper_prints_it_whole_or_two_pages_a_sheet(
    pane: DocumentPane, qtbot: QtBot, tmp_path: Path, words: str, each: int
) -> None:
    told: list[str] = []
    pane.told.connect(lambda sentence, tone: told.append(sentence))
    hand = Hand(tmp_path / "out.pdf")
    next(one for one in pane.print_button.menu().actions() if words in one.text()).trigger()
    assert pane.made is not None
    pages = reading.pages(pane.made.data)
    qtbot.waitUntil(lambda: told == [f"{pages} pages envoyées à l'imprimante."])
    del hand
    qtbot.waitUntil((tmp_path / "out.pdf").exists)
    assert reading.pages((tmp_path / "out.pdf").read_bytes()) == -(-pages // each)


def test_a_document_made_anew_leaves_the_print_that_its_user_began(
    pane: DocumentPane, qtbot: QtBot, tasks: Tasks, tmp_path: Path
) -> None:
    told: list[str] = []
    pane.told.connect(lambda sentence, tone: told.append(sentence))
    document, held = pane.made, threading.Event()
    assert document is not None
    tasks.run(held.wait, lane=LONG)
    hand = Hand(tmp_path / "out.pdf")
    pane.print_button.menu().actions()[0].trigger()
    del hand
    pane.run(lambda: document, pane.take)
    held.set()
    pages = reading.pages(document.data)
    qtbot.waitUntil(lambda: told == [f"{pages} pages envoyées à l'imprimante."])
    qtbot.waitUntil((tmp_path / "out.pdf").exists)


def test_a_print_given_up_leaves_the_document_being_made(
    pane: DocumentPane, qtbot: QtBot, tasks: Tasks, tmp_path: Path
) -> None:
    told: list[str] = []
    taken: list[object] = []
    pane.told.connect(lambda sentence, tone: told.append(sentence))
    held = threading.Event()
    tasks.run(held.wait, lane=LONG)
    hand = Hand(tmp_path / "out.pdf")
    pane.print_button.menu().actions()[0].trigger()
    del hand
    pane.run(lambda: "anew", taken.append)
    qtbot.waitUntil(pane.printing.isVisible)
    qtbot.mouseClick(pane.printing.cancel, Qt.MouseButton.LeftButton)
    held.set()
    qtbot.waitUntil(lambda: taken == ["anew"])
    assert told == []
    assert not (tmp_path / "out.pdf").exists()


def test_the_sheet_of_a_recovery_code_is_printed_before_anything_is_written(
    world: World, tasks: Tasks, qtbot: QtBot, tmp_path: Path
) -> None:
    safety, code = world.services.safety, new_recovery_code()
    dialog = RecoveryCodeDialog(code, lambda: safety.recovery_sheet(code), tasks)
    qtbot.addWidget(dialog)
    dialog.show()
    hand = Hand(tmp_path / "out.pdf")
    qtbot.mouseClick(dialog.print_sheet, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: plain(dialog.banner.text()) == "1 page envoyée à l'imprimante.")
    del hand
    assert reading.pages((tmp_path / "out.pdf").read_bytes()) == 1
    assert safety.mode() == "none"
    assert not dialog.confirm.isEnabled()


def test_who_thinks_better_of_it_prints_nothing(qtbot: QtBot, tasks: Tasks) -> None:
    owner, told = QWidget(), []
    qtbot.addWidget(owner)
    owner.show()
    hand = Hand(None)
    assert ask_and_print([b""], tasks, owner, told.append, told.append) is None
    del hand
    assert told == []


def test_a_printer_is_asked_for_300_dots_an_inch_on_the_whole_sheet(qapp: QApplication) -> None:
    for two_up in (False, True):
        printer = make_printer(two_up=two_up)
        assert printer.resolution() == 300
        assert printer.fullPage()


def test_a_sheet_is_turned_over_its_own_edge_or_not_at_all() -> None:
    mode = QPrinter.DuplexMode
    asked = [(two_up, one_sided) for two_up in (False, True) for one_sided in (False, True)]
    found = [sides(two_up=two_up, one_sided=one_sided) for two_up, one_sided in asked]
    assert found == [mode.DuplexAuto, mode.DuplexNone, mode.DuplexShortSide, mode.DuplexNone]
