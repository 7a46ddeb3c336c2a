"""A PDF on screen: turned page by page, searched, larger and smaller, printed and saved."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Signal
from PySide6.QtPdf import QPdfDocument
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from ui.actions import make_action
from ui.theme import Space
from ui.widgets.buttons import action_button, icon_button
from ui.widgets.empty_state import EmptyState
from ui.widgets.flow import Flow
from ui.widgets.pdf_search import PdfSearch
from ui.widgets.pdf_view import STEP, PdfPages
from ui.widgets.text import Label, label, rule
from ui.widgets.thumbnails import Thumbnails
from ui.words.chord import chord

COMING = "Le document se prépare…"


class PdfPreview(QFrame):
    """Shows the bytes of a PDF; the page around it, which has them, prints and saves."""

    print_asked = Signal()
    save_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "card")
        self.document = QPdfDocument(self)
        self.view = PdfPages(self.document)
        self.search = PdfSearch(self.document, self.view)
        self.thumbnails = Thumbnails(self.document)
        self.waiting = EmptyState("file-text", COMING)
        self.page: Label = label("", "caption")
        self.page.setAccessibleName("Page")
        self.print_action = make_action(self, "Imprimer", self.print_asked.emit, "Ctrl+P")
        self.save_action = make_action(self, "Enregistrer", self.save_asked.emit, "Ctrl+S")
        self.find_action = make_action(self, "Rechercher", self.search.open_bar, "Ctrl+F")
        make_action(self, "Suivant", lambda: self.search.step(1), "F3")
        make_action(self, "Précédent", lambda: self.search.step(-1), "Shift+F3")
        self.print_button = action_button(self.print_action, icon="printer")
        self.save_button = action_button(self.save_action, icon="save")
        self.pages_button = icon_button("panel-left", "Afficher les pages en petit")
        self._buffer = QBuffer(self)
        self._stack = QStackedWidget()
        self._bar = Flow()
        self._lines = QVBoxLayout()
        self._bar.setSpacing(Space.XS)
        self._build()
        self._connect()

    def _build(self) -> None:
        view = self.view
        self.pages_button.setCheckable(True)
        self.thumbnails.hide()
        ignored = QSizePolicy.Policy.Ignored  # else large print leaves the bar too little room
        self.waiting.setSizePolicy(ignored, ignored)
        for tool in (
            self.pages_button,
            icon_button("chevron-up", "Page précédente (Page préc.)", lambda: view.turn(-1)),
            icon_button("chevron-down", "Page suivante (Page suiv.)", lambda: view.turn(1)),
            self.page,
            icon_button(
                "minus", f"Réduire (− ou {chord('Ctrl')} et molette)", lambda: view.zoom(1 / STEP)
            ),
            icon_button(
                "plus", f"Agrandir (+ ou {chord('Ctrl')} et molette)", lambda: view.zoom(STEP)
            ),
            icon_button("move-horizontal", "Toute la largeur (0)", view.fit_width),
            icon_button("maximize", "Page entière", view.fit_page),
            icon_button("search", f"Rechercher ({chord('Ctrl+F')})", self.search.open_bar),
            self.save_button,
            self.print_button,
        ):
            self._bar.addWidget(tool)
        bar = QHBoxLayout()
        bar.setContentsMargins(Space.M, Space.S, Space.M, Space.S)
        bar.addLayout(self._bar, 1)
        reading = QWidget()
        beside = QHBoxLayout(reading)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(0)
        beside.addWidget(self.thumbnails)
        beside.addWidget(view, 1)
        self._stack.addWidget(self.waiting)
        self._stack.addWidget(reading)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addLayout(bar)
        self._lines.addWidget(self.search)
        layout.addLayout(self._lines)
        layout.addWidget(rule())
        layout.addWidget(self._stack, 1)
        self._show_page()

    def _connect(self) -> None:
        self.view.page_changed.connect(lambda number: self._show_page())
        self.search.closed.connect(self.view.setFocus)
        self.thumbnails.chosen.connect(self.view.go_to)
        self.pages_button.toggled.connect(self._on_pages)

    def add_tool(self, widget: QWidget) -> None:
        """Puts a control first in the bar, such as a choice of document."""
        self._bar.put_first(widget)

    def add_last(self, widget: QWidget) -> None:
        """Puts a control last in the bar."""
        self._bar.addWidget(widget)

    def add_line(self, widget: QWidget) -> None:
        """Puts a line under the bar."""
        self._lines.addWidget(widget)

    def only_show(self) -> None:
        """Leaves out what saves and prints, where the document is only an example."""
        for action, widget in (
            (self.print_action, self.print_button),
            (self.save_action, self.save_button),
        ):
            action.setVisible(False)
            widget.hide()

    def show_pdf(self, data: bytes) -> None:
        """Shows a document, at the place where the former one stood."""
        number, at = self.view.page(), self.view.verticalScrollBar().value()
        former = self.document.pageCount()
        self._buffer.close()
        self._buffer.setData(QByteArray(data))
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self.document.load(self._buffer)
        self._stack.setCurrentIndex(1)
        self.view.go_to(number)
        if self.document.pageCount() == former:
            self.view.verticalScrollBar().setValue(at)
        self.thumbnails.refresh()
        self.search.refresh()
        self._show_page()

    def wait(self, sentence: str) -> None:
        """Says why there is nothing to show yet."""
        self.waiting.say(sentence)
        self._stack.setCurrentWidget(self.waiting)
        self._show_page()

    @property
    def shown(self) -> bool:
        """Whether there is a document on screen."""
        return self._stack.currentIndex() == 1 and self.document.pageCount() > 0

    def _on_pages(self, wanted: bool) -> None:
        self.thumbnails.setVisible(wanted)
        self._show_page()

    def _show_page(self) -> None:
        number = self.view.page()
        count = self.document.pageCount()
        self.page.setText(f"{number + 1} sur {count}" if self.shown else "")
        self.thumbnails.show_page(number)
        for action in (self.print_action, self.save_action, self.find_action):
            action.setEnabled(self.shown)
