"""A document made off the GUI thread, shown, printed and saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.printing import ask_and_print
from ui.saving import save_document
from ui.tasks import LONG, Task, Tasks
from ui.widgets.pdf_preview import PdfPreview

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.documents.document import Document


class DocumentPane(PdfPreview):
    """`failed` and `told` are for the page around it."""

    failed = Signal(object)
    told = Signal(str, str)

    def __init__(self, services: Services, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.services = services
        self.tasks = tasks
        self.made: Document | None = None
        self._making: Task | None = None
        self.print_asked.connect(self._on_print)
        self.save_asked.connect(self._on_save)

    def make(self, kind: str, record_id: str) -> None:
        """Makes a document anew; the former one stays on screen meanwhile."""
        if self._making is not None:
            self._making.cancel()
        self._making = self.tasks.run(
            lambda: self.services.documents.make(kind, record_id),
            self.take,
            self._on_not_made,
            self,
            lane=LONG,
        )

    def take(self, document: Document) -> None:
        """Shows a document that is made already."""
        self.made = document
        self.show_pdf(document.data)
        if document.missing_glyphs:
            letters = " ".join(document.missing_glyphs)
            self.told.emit(f"La police n'a pas de dessin pour : {letters}", "warning")

    def _on_not_made(self, error: Exception) -> None:
        self.made = None
        self.wait("Ce document ne peut pas être composé pour l'instant.")
        self.failed.emit(error)

    def _on_save(self) -> None:
        if self.made is not None:
            save_document(self.made, self.tasks, self, self._say, self.failed.emit)

    def _say(self, sentence: str) -> None:
        self.told.emit(sentence, "success")

    def _on_print(self) -> None:
        if self.made is not None:
            ask_and_print(self.made.data, self.tasks, self, self._say, self.failed.emit)
