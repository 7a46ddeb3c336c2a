"""A document made off the GUI thread, shown, printed and saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu

from app.domain.document_kinds import KINDS
from ui.making import make
from ui.printing import ask_and_print
from ui.saving import missing_words, save_document
from ui.tasks import Task, Tasks
from ui.widgets.buttons import button
from ui.widgets.fields import Tick
from ui.widgets.pdf_preview import COMING, PdfPreview
from ui.widgets.progress import ProgressLine
from ui.words.chord import chord

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.documents.document import Document
    from app.services.paper_looks import Draft


class DocumentPane(PdfPreview):
    """`failed`, `told` and `changed` are for the page around it."""

    failed = Signal(object)
    told = Signal(str, str)
    changed = Signal(object)

    def __init__(self, services: Services, tasks: Tasks) -> None:
        super().__init__()
        self.services = services
        self.tasks = tasks
        self.made: Document | None = None
        self.progress = ProgressLine()
        self.printing = ProgressLine()
        self.model_button = button("Modèle…", self._on_template, icon="pencil")
        self.large = Tick("Gros caractères")
        self._about: tuple[str, str, str | None] = ("", "", None)
        self._along: Sequence[Document] = ()
        self._work: Task | None = None
        self._print: Task | None = None
        self.add_line(self.progress)
        self.add_line(self.printing)
        for tool in (self.large, self.model_button):
            self.add_last(tool)
            tool.hide()
        self.print_button.setMenu(self._print_menu())
        self.print_asked.connect(self._on_print)
        self.save_asked.connect(self._on_save)
        self.progress.cancelled.connect(self._on_cancel)
        self.printing.cancelled.connect(self._on_print_cancelled)
        self.large.edited.connect(lambda: self.make(*self._about))

    def _print_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addAction(f"Imprimer…\t{chord('Ctrl+P')}", self._on_print)
        menu.addAction("Deux pages par feuille…", lambda: self._on_print(two_up=True))
        self._together = menu.addAction(
            "Avec le procès-verbal gelé…", lambda: self._on_print(together=True)
        )
        self._together.setVisible(False)
        return menu

    def make(self, kind: str, record_id: str, commission_id: str | None = None) -> None:
        """Makes a document anew; the former one stays on screen meanwhile, if of the same record.

        `commission_id` says whose template to follow for a record of the region.
        """
        if record_id != self._about[1]:
            self.made = None
            self.wait(COMING)
        self._about = (kind, record_id, commission_id)
        self.model_button.setVisible(kind in KINDS)
        self.large.setVisible(kind == "attendance-sheet")
        large = self.large.value()
        services = self.services  # what makes documents loads off this thread
        self.run(
            lambda: services.documents.make(
                kind, record_id, large=large, commission_id=commission_id
            ),
            self.take,
        )

    def run(self, making: Callable[[], object], take: Callable[..., object]) -> None:
        """Makes something for this pane, showing progress when it lasts."""

        def done(result: object) -> None:
            self.progress.end()
            take(result)

        if self._work is not None:
            self._work.cancel()
        self.progress.begin("Le document se prépare")
        self._work = make(
            self.tasks, making, done, self._on_not_made, self, on_progress=self.progress.report
        )

    def take(self, document: Document, along: Sequence[Document] = ()) -> None:
        """Shows a document that is made already; those `along` can be printed after it."""
        self.made, self._along = document, along
        self._together.setVisible(bool(along))
        self.show_pdf(document.data)
        if document.missing_glyphs:
            self.told.emit(missing_words(document), "warning")

    def _on_not_made(self, error: Exception) -> None:
        self.progress.end()
        self.made = None
        self.wait("Ce document ne peut pas être composé pour l'instant.")
        self.failed.emit(error)

    def _on_cancel(self) -> None:
        if self._work is not None:
            self._work.cancel()
        if not self.shown:
            self.wait("La composition a été arrêtée.")

    # Saving and printing

    def _on_save(self) -> None:
        if self.made is not None:
            save_document(self.made, self.tasks, self, self._say, self.failed.emit)

    def _say(self, sentence: str) -> None:
        self.told.emit(sentence, "success")

    def _on_print(self, *, two_up: bool = False, together: bool = False) -> None:
        if self.made is None:
            return
        documents = [self.made.data]
        if together:
            documents += [one.data for one in self._along]
        task = ask_and_print(
            documents, self.tasks, self, self._on_printed, self._on_not_printed,
            name=self.made.file_name, two_up=two_up, one_sided=self.made.one_sided,
            on_progress=self.printing.report,
        )  # fmt: skip
        if task is not None:
            self._print = task
            self.printing.begin("L'impression se prépare")

    def _on_print_cancelled(self) -> None:
        if self._print is not None:
            self._print.cancel()

    def _on_printed(self, sentence: str) -> None:
        self.printing.end()
        self._say(sentence)

    def _on_not_printed(self, error: Exception) -> None:
        self.printing.end()
        self.failed.emit(error)

    # The template

    def _on_template(self) -> None:
        kind, record_id, shown_id = self._about

        def found() -> tuple[Draft, str] | None:
            record = self.services.records.get(record_id)
            commission_id = self.services.compositions.whose(record, shown_id)
            if commission_id is None:
                return None
            return self.services.paper_looks.draft(kind, commission_id), commission_id

        self.tasks.run(found, self._edit, self.failed.emit, self)

    def _edit(self, found: tuple[Draft, str] | None) -> None:
        from ui.dialogs.template_editor import TemplateEditor

        if found is None:
            sentence = "Ce document n'est d'aucune commission, il suit le modèle livré."
            self.told.emit(sentence, "info")
            return
        editor = TemplateEditor(*found, self.services, self.tasks, self)
        editor.saved.connect(self._on_template_saved)
        editor.open()

    def _on_template_saved(self) -> None:
        self.make(*self._about)
        self.changed.emit(frozenset({"attachment"}))
        self._say("Le modèle est enregistré ; ce qui est gelé ne change pas.")
