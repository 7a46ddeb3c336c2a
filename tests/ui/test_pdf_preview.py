"""A PDF on screen: searched, turned by keys, enlarged, in little, and how far its making is."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest
from PySide6.QtCore import QBuffer, QIODevice, QPoint, QPointF, Qt
from PySide6.QtGui import QResizeEvent, QWheelEvent
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.documents.agenda import agenda
from app.documents.document import Document, Letterhead
from app.documents.making import heard_by, tell
from app.documents.minutes import minutes
from app.domain.dates import PARIS
from app.domain.wording import plain
from tests.app.documents.meetings import whole_meeting
from tests.ui.acting import CONTROL
from tests.ui.world import World
from ui.dialogs.template_editor import TemplateEditor
from ui.tasks import Tasks
from ui.widgets.document_pane import DocumentPane
from ui.widgets.pdf_preview import PdfPreview
from ui.widgets.pdf_view import PdfPages

MADE = datetime(2027, 3, 19, 20, 45, tzinfo=PARIS)


@pytest.fixture(scope="module")
def paper() -> Document:
    return minutes(whole_meeting(), Letterhead(), MADE)


@pytest.fixture
def preview(paper: Document, qtbot: QtBot) -> Iterator[PdfPreview]:
    made = PdfPreview()
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.show_pdf(paper.data)
    made.view.setFocus()
    yield made


def pages(preview: PdfPreview) -> int:
    return preview.document.pageCount()


def test_words_are_found_whatever_their_spaces_and_marked_in_turn(
    preview: PdfPreview, qtbot: QtBot
) -> None:
    qtbot.keyClick(preview.view, Qt.Key.Key_F, CONTROL)
    assert preview.focusWidget() is preview.search.field
    QTest.keyClicks(preview.search.field, "Signaler un incident :")
    qtbot.waitUntil(lambda: "Rien" in preview.search.told.text())
    preview.search.field.clear()
    QTest.keyClicks(preview.search.field, "Besoin")
    count = 4
    qtbot.waitUntil(lambda: preview.search.told.text() == f"1 sur {count}")
    qtbot.keyClick(preview.search.field, Qt.Key.Key_Return)
    assert preview.search.told.text() == f"2 sur {count}"
    qtbot.keyClick(preview.search.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(preview.search.field, Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    assert preview.search.told.text() == f"{count} sur {count}"
    assert preview.view.currentSearchResultIndex() == count - 1
    qtbot.keyClick(preview.search.field, Qt.Key.Key_Escape)
    assert preview.search.isHidden()
    assert preview.focusWidget() is preview.view


@pytest.mark.parametrize(
    "typed", ["séance n° 3", "Mme L'Hôte", "à 18 h 30", "« Notre serveur", "le bâtiment"]
)
def test_what_is_typed_is_looked_for_as_it_is_printed(
    preview: PdfPreview, qtbot: QtBot, typed: str
) -> None:
    preview.search.open_bar()
    preview.search.field.setText(typed)
    wanted = "Rien" if typed == "le bâtiment" else "1 sur "
    qtbot.waitUntil(lambda: plain(preview.search.told.text()).startswith(wanted))


def test_a_document_made_anew_is_searched_anew(
    preview: PdfPreview, paper: Document, qtbot: QtBot
) -> None:
    preview.search.open_bar()
    preview.search.field.setText("Besoin")
    qtbot.waitUntil(lambda: preview.search.told.text().startswith("1 sur "))
    preview.show_pdf(paper.data)
    qtbot.waitUntil(lambda: preview.search.told.text().startswith("1 sur "))


def test_keys_turn_pages_and_change_their_size(preview: PdfPreview, qtbot: QtBot) -> None:
    view = preview.view
    qtbot.keyClick(view, Qt.Key.Key_PageDown)
    assert view.page() == 1
    qtbot.keyClick(view, Qt.Key.Key_End)
    assert view.page() == pages(preview) - 1
    qtbot.keyClick(view, Qt.Key.Key_PageUp)
    assert view.page() == pages(preview) - 2
    qtbot.keyClick(view, Qt.Key.Key_Home)
    assert view.page() == 0
    qtbot.keyClick(view, Qt.Key.Key_Plus)
    larger = view.zoomFactor()
    qtbot.keyClick(view, Qt.Key.Key_Minus)
    assert view.zoomFactor() == pytest.approx(larger / 1.25)
    qtbot.keyClick(view, Qt.Key.Key_0)
    assert view.zoomMode() is QPdfView.ZoomMode.FitToWidth


def test_keys_that_a_french_keyboard_shifts_change_the_size_too(
    preview: PdfPreview, qtbot: QtBot
) -> None:
    view, shift = preview.view, Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(view, Qt.Key.Key_Plus, shift)
    assert view.zoomMode() is QPdfView.ZoomMode.Custom
    qtbot.keyClick(view, Qt.Key.Key_0, shift)
    assert view.zoomMode() is QPdfView.ZoomMode.FitToWidth


def test_the_buttons_say_the_keys_that_do_the_same(preview: PdfPreview) -> None:
    tips = {one.toolTip() for one in preview.findChildren(QAbstractButton) if one.isVisible()}
    assert tips >= {
        "Page précédente (Page préc.)", "Page suivante (Page suiv.)", "Toute la largeur (0)",
        "Réduire (− ou Ctrl et molette)", "Agrandir (+ ou Ctrl et molette)",
        "Rechercher (Ctrl+F)", "Enregistrer (Ctrl+S)", "Imprimer (Ctrl+P)",
    }  # fmt: skip


def test_ctrl_and_the_wheel_zoom_and_the_wheel_alone_scrolls(preview: PdfPreview) -> None:
    view = preview.view

    def wheel(up: int, keys: Qt.KeyboardModifier) -> None:
        at = QPointF(50, 50)
        event = QWheelEvent(
            at, view.viewport().mapToGlobal(at), QPoint(), QPoint(0, up),
            Qt.MouseButton.NoButton, keys, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(view.viewport(), event)

    view.fit_page()
    view.zoom(1.0)
    before = view.zoomFactor()
    wheel(120, CONTROL)
    assert view.zoomFactor() == pytest.approx(before * 1.25)
    wheel(-120, CONTROL)
    assert view.zoomFactor() == pytest.approx(before)
    at = view.verticalScrollBar().value()
    wheel(-120, Qt.KeyboardModifier.NoModifier)
    assert view.verticalScrollBar().value() > at


def test_pages_in_little_are_drawn_and_lead_to_theirs(preview: PdfPreview, qtbot: QtBot) -> None:
    qtbot.mouseClick(preview.pages_button, Qt.MouseButton.LeftButton)
    model = preview.thumbnails.pages
    assert model.rowCount() == pages(preview)

    def inked() -> bool:
        picture = model.data(model.index(0), Qt.ItemDataRole.DecorationRole)
        image = picture.toImage()  # type: ignore[attr-defined]  # a QPixmap
        return any(
            image.pixelColor(x, y).lightness() < 120
            for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)
        )  # fmt: skip

    qtbot.waitUntil(inked)
    preview.thumbnails.setCurrentIndex(model.index(2))
    assert preview.view.page() == 2
    preview.view.turn(-1)
    assert preview.thumbnails.currentIndex().row() == 1


def test_the_place_is_kept_when_the_document_is_made_anew(
    preview: PdfPreview, paper: Document
) -> None:
    preview.view.go_to(1)
    at = preview.view.verticalScrollBar().value() + 30
    preview.view.verticalScrollBar().setValue(at)
    preview.show_pdf(paper.data)
    assert preview.view.verticalScrollBar().value() == at


class Restless(PdfPages):
    """Pages that count how often they are resized, and give up fitting before Qt is lost in it."""

    def __init__(self, document: QPdfDocument) -> None:
        self.times = 0
        super().__init__(document)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.times += 1
        if self.times > 50:
            self.setZoomMode(QPdfView.ZoomMode.Custom)
        super().resizeEvent(event)


def test_a_page_about_as_high_as_its_room_comes_to_rest(qtbot: QtBot) -> None:
    data = QBuffer()
    data.setData(agenda(whole_meeting(), Letterhead(), MADE).data)
    data.open(QIODevice.OpenModeFlag.ReadOnly)
    document = QPdfDocument()
    document.load(data)
    assert document.pageCount() == 1
    page, view = document.pagePointSize(0), Restless(document)
    around = QWidget()
    QVBoxLayout(around).addWidget(view)
    qtbot.addWidget(around)
    around.show()
    for fit in (view.fit_width, view.fit_page):
        for width in (300, 418, 640):
            for aside in range(-30, 60, 4):
                fit()
                view.times = 0
                around.resize(width, round(width * page.height() / page.width()) + aside)
                QApplication.processEvents()
                assert view.times <= 50, (width, aside)


@pytest.fixture
def pane(world: World, tasks: Tasks, qtbot: QtBot) -> DocumentPane:
    made = DocumentPane(world.services, tasks)
    qtbot.addWidget(made)
    made.show()
    return made


def test_a_long_making_says_how_far_it_is_and_stops_when_given_up(
    pane: DocumentPane, qtbot: QtBot, tasks: Tasks
) -> None:
    stopped, going = threading.Event(), threading.Event()

    def endless() -> Document:
        try:
            while True:
                tell("Page 12", 0.4)
                going.wait(0.01)
        finally:
            stopped.set()

    taken: list[object] = []
    pane.run(endless, taken.append)
    assert pane.progress.isHidden()
    qtbot.waitUntil(pane.progress.isVisible)
    qtbot.waitUntil(lambda: pane.progress.bar.value() == 400)
    assert pane.progress.words.text() == "Page 12"
    qtbot.mouseClick(pane.progress.cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(stopped.is_set)
    qtbot.waitUntil(lambda: not tasks.busy)
    assert pane.progress.isHidden()
    assert taken == []


def test_letters_without_a_drawing_are_named_and_turn_no_sentence_round(
    pane: DocumentPane, paper: Document
) -> None:
    told: list[str] = []
    pane.told.connect(lambda words, tone: told.append(words))
    pane.take(paper)
    assert told == []
    pane.take(replace(paper, missing_glyphs=("\u202e",)))
    assert told == ["La police n'a pas de dessin pour ce caractère, remplacez-le : U+202E."]


def test_a_paper_tells_its_makers_share_in_order_and_can_be_stopped() -> None:
    shares: list[float] = []
    with heard_by(lambda words, share: shares.append(share)):
        minutes(whole_meeting(), Letterhead(), MADE)
    assert shares == sorted(shares)
    assert 0 <= shares[0] <= shares[-1] < 1

    def stop(words: str, share: float) -> None:
        raise InterruptedError

    with heard_by(stop), pytest.raises(InterruptedError):
        minutes(whole_meeting(), Letterhead(), MADE)


def test_the_sheet_of_a_solution_of_the_region_follows_the_only_commission_s_template(
    pane: DocumentPane, world: World, qtbot: QtBot
) -> None:
    solution = world.services.records.create("solution", {"title": "Sauvegarde"}, None)
    pane.make("solution-sheet", solution.id)
    qtbot.waitUntil(lambda: "Coûts" in pane.document.getAllText(0).text())
    qtbot.mouseClick(pane.model_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: pane.findChild(TemplateEditor) is not None)
    editor = pane.findChild(TemplateEditor)
    assert editor is not None
    editor.list.select([one.name for one in editor.sections.template.sections].index("costs"))
    editor.editor.heading.setText("Ce que chacun paierait")
    editor.editor.heading.edited.emit()
    qtbot.mouseClick(editor.confirm, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Ce que chacun paierait" in pane.document.getAllText(0).text())
    assert "solution-sheet" in world.services.paper_looks.own_kinds(world.commission_id)
