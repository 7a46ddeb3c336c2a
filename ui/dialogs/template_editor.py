"""A document template, edited beside the document that it makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from app.domain.document_kinds import KINDS
from app.domain.document_templates import Template
from app.domain.refusals import Refusal
from app.errors import UserError
from ui import errors, theme
from ui.actions import REDO
from ui.dialogs.dialog import GO_ON, ConfirmDialog, Dialog, answer, fit
from ui.focus_order import step
from ui.making import make
from ui.models.template_sections import SectionsModel
from ui.tasks import Task, Tasks
from ui.theme import Space
from ui.widgets.banner import Banner
from ui.widgets.buttons import button, icon_button
from ui.widgets.pdf_preview import PdfPreview
from ui.widgets.scroll import scrolled
from ui.widgets.section_editor import SectionEditor
from ui.widgets.section_list import SectionList
from ui.widgets.text import label
from ui.widgets.waiting import Still
from ui.words.chord import chord

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.documents.document import Document
    from app.services.paper_looks import Draft

PAUSE = 400
"""Milliseconds without a change before the document is made again."""

MOST_UNDONE = 100


class _Changed(UserError):
    """The template stored is no longer the one that the editor opened on."""

    def __init__(self, now: Template) -> None:
        super().__init__("Ce modèle a changé depuis que vous l'avez ouvert.")
        self.now = now


class TemplateEditor(Dialog):
    """Edits a commission's template of one kind of document; `saved` follows its storing."""

    saved = Signal()

    def __init__(
        self, draft: Draft, commission_id: str, services: Services, tasks: Tasks, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._draft, self._commission_id = draft, commission_id
        self._under = draft.template  # the template stored, as the user last knew it
        self._services, self._tasks = services, tasks
        self._done: list[Template] = [draft.template]
        self._undone: list[Template] = []
        self._typing: int | None = None
        self._typed: int | None = None
        self._making: Task | None = None
        kind = KINDS[draft.template.kind]
        self.sections = SectionsModel(draft.template, self)
        self.list = SectionList(self.sections)
        self.editor = SectionEditor(kind.variables)
        self.preview = PdfPreview()
        self.banner = Banner()
        self.undo = icon_button(
            "undo-2", f"Annuler la dernière modification ({chord('Ctrl+Z')})", self._on_undo
        )
        self.redo = icon_button("redo-2", f"Rétablir ({chord('Ctrl+Y')})", self._on_redo)
        self.up = icon_button("arrow-up", "Monter la section", lambda: self.list.move_current(-1))
        self.down = icon_button(
            "arrow-down", "Descendre la section", lambda: self.list.move_current(1)
        )
        self.reset = button("Rétablir le modèle livré", self._on_reset)
        self.cancel = button("Annuler", self.reject)
        self.confirm = button("Enregistrer", self._on_confirm, kind="primary")
        self._still = Still(self)
        self._pause = QTimer(self, interval=PAUSE, singleShot=True)
        self._build(kind.label)
        self._connect()
        self.list.select(0)
        self.list.setFocus()
        if draft.fault:
            self.banner.say(draft.fault, "warning")
        self._show_undo()
        self._make()

    def _build(self, title: str) -> None:
        self.setWindowTitle(f"Modèle : {title.lower()}")
        fit(self, 1240, 860)
        head = QHBoxLayout()
        head.setSpacing(Space.XS)
        head.addWidget(label("Sections", "strong"), 1)
        for one in (self.up, self.down, self.undo, self.redo):
            head.addWidget(one)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, Space.M, 0)
        column.setSpacing(Space.S)
        column.addLayout(head)
        column.addWidget(self.list, 2)
        column.addWidget(scrolled(self.editor), 3)
        parts = QSplitter()
        parts.setChildrenCollapsible(False)
        parts.addWidget(left)
        parts.addWidget(self.preview)
        parts.setSizes([theme.px(480), theme.px(720)])
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.S)
        buttons.addWidget(self.reset)
        buttons.addStretch()
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.confirm)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.XL, Space.L, Space.XL, Space.L)
        layout.setSpacing(Space.M)
        layout.addWidget(label(f"Modèle : {title.lower()}", "section"))
        layout.addWidget(self.banner)
        layout.addWidget(parts, 1)
        layout.addLayout(buttons)
        self.preview.only_show()

    def _connect(self) -> None:
        self.list.selected.connect(self._show_section)
        self.editor.edited.connect(self._on_words)
        self.sections.edited.connect(self._on_edited)
        self._pause.timeout.connect(self._make)
        answer(self, QKeySequence.StandardKey.Undo, "Annuler", self._on_undo)
        answer(self, REDO, "Rétablir", self._on_redo)
        answer(
            self, "Ctrl+Return", f"{self.confirm.text()}\t{chord('Ctrl+Entrée')}", self._on_confirm
        )

    def focusNextPrevChild(self, forwards: bool) -> bool:
        return step(self, forwards=forwards)

    # What is edited

    def _show_section(self, row: int) -> None:
        if row >= 0:
            self.editor.show_section(self.sections.section(row), self.sections.rules(row))

    def _on_words(self) -> None:
        row = self.list.currentIndex().row()
        shown = self.sections.section(row).shown
        self._typing = row
        self.sections.replace(row, msgspec.structs.replace(self.editor.section(), shown=shown))
        self._typing = None

    def _on_edited(self) -> None:
        """Adds a state to undo to; typing in one section without a pause makes only one."""
        going_on = self._typing is not None and self._typing == self._typed
        if going_on and self._pause.isActive() and len(self._done) > 1:
            self._done[-1] = self.sections.template
        else:
            self._done = [*self._done[-MOST_UNDONE:], self.sections.template]
        self._undone, self._typed = [], self._typing
        self._show_undo()
        self._show_section(self.list.currentIndex().row())
        self._pause.start()

    def _on_undo(self) -> None:
        if len(self._done) > 1:
            self._undone.append(self._done.pop())
            self._go_to(self._done[-1])

    def _on_redo(self) -> None:
        if self._undone:
            self._done.append(self._undone.pop())
            self._go_to(self._done[-1])

    def _on_reset(self) -> None:
        """Goes back to the shipped template; like any change, this can be undone."""
        self._done.append(self._draft.shipped)
        self._undone = []
        self._go_to(self._draft.shipped)

    def _go_to(self, template: Template) -> None:
        row, self._typed = self.list.currentIndex().row(), None
        self.sections.set_template(template)
        self.list.select(row)
        self._show_section(self.list.currentIndex().row())
        self._show_undo()
        self._pause.start()

    def _show_undo(self) -> None:
        self.undo.setEnabled(len(self._done) > 1)
        self.redo.setEnabled(bool(self._undone))

    # What it makes

    def _make(self) -> None:
        if self._making is not None:
            self._making.cancel()
        template, commission_id = self.sections.template, self._commission_id
        self._making = make(
            self._tasks,
            lambda: self._services.compositions.preview(commission_id, template),
            self._on_made,
            lambda error: errors.tell(error, self.banner, self),
            self,
        )

    def _on_made(self, document: Document) -> None:
        if self.banner.text() != self._draft.fault:
            self.banner.hide()
        self.preview.show_pdf(document.data)

    def _on_refused(self, error: Exception) -> None:
        """Goes to the section at fault, and says there what is wrong."""
        self._still.end()
        self.confirm.setEnabled(True)
        if isinstance(error, _Changed):
            self._ask_over(error)
            return
        refusal = error.__cause__
        if isinstance(refusal, Refusal) and refusal.field.startswith("sections["):
            self.list.select(int(refusal.field.removeprefix("sections[").partition("]")[0]))
        errors.tell(error, self.banner, self)

    # Keeping

    def _on_confirm(self) -> None:
        if not self.confirm.isEnabled():
            return
        self.confirm.setEnabled(False)
        self._still.begin()
        template, looks = self.sections.template, self._services.paper_looks
        shipped, commission_id = self._draft.shipped, self._commission_id
        under = self._under

        def keep() -> None:
            now = looks.draft(template.kind, commission_id).template
            if now not in (under, template):
                raise _Changed(now)
            if template == shipped:
                looks.reset(template.kind, commission_id)
            else:
                looks.save(commission_id, template)

        self._tasks.run(keep, lambda done: self._on_saved(), self._on_refused, self)

    def _ask_over(self, changed: _Changed) -> None:
        """Asks before overwriting a template that was stored by others meanwhile."""

        def keep() -> None:
            self._under = changed.now
            self._on_confirm()

        ConfirmDialog(
            "Remplacer le modèle",
            f"{changed} Enregistrer le vôtre remplace ce qu'un autre en a fait.",
            "Remplacer",
            keep,
            self,
        ).open()

    def _on_saved(self) -> None:
        self._still.end()
        self.saved.emit()
        self.accept()

    def reject(self) -> None:
        """Closes, asking first if the template was changed; does nothing while it is stored."""
        if self._still.on:
            return
        leave = super().reject
        if self.sections.template == self._draft.template:
            leave()
            return
        ConfirmDialog(
            "Abandonner les modifications",
            "Ce que vous avez changé dans ce modèle sera perdu.",
            "Abandonner",
            lambda: leave(),  # noqa: PLW0108 - connected as it is, Qt would come back here
            self,
            cancel=GO_ON,
        ).open()
