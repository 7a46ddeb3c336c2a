"""The card of how papers look: the logos that they bear, the template of each kind."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal

from app.domain.document_kinds import KINDS
from app.domain.wording import count
from ui.dialogs.logo import LogoDialog
from ui.dialogs.template_editor import TemplateEditor
from ui.tasks import Tasks
from ui.widgets.line import Line
from ui.widgets.section import Section
from ui.words.chord import chord

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.services.letterheads import Logo
    from app.services.paper_looks import Draft

REMOVED = "Le logo est retiré."
"""Said of the operator's logo: it is a setting, which Ctrl+Z does not bring back."""

TAUGHT = (
    "Un clic sur un modèle en change les titres, l'ordre et les phrases, à côté du document qu'il"
    " donne ; il vaut pour cette commission."
)
"""What a click on a line does, which nothing else on the card tells."""

Looks = tuple["Logo | None", "Logo | None", frozenset[str]]


class PapersCard(Section):
    """`told` and `failed` are for the page around it."""

    told = Signal(str, str)
    failed = Signal(object)
    changed = Signal(object)

    def __init__(self, services: Services, tasks: Tasks) -> None:
        super().__init__("Documents")
        self._services, self._tasks = services, tasks
        self._commission_id: str | None = None

    def refresh(self, commission_id: str | None) -> None:
        """Reads anew the logos, and which templates a commission has of its own."""
        self._commission_id = commission_id
        looks = self._services.paper_looks

        def read() -> Looks:
            if commission_id is None:
                return looks.logo(None), None, frozenset()
            own = looks.own_kinds(commission_id)
            return looks.logo(None), looks.logo(commission_id), own

        self._tasks.run(read, lambda found: self._show(*found), self.failed.emit, self)

    def _show(self, operator: Logo | None, own: Logo | None, templates: frozenset[str]) -> None:
        self.clear()
        self.say(TAUGHT)
        self._line("Logo de l'opérateur", _told(operator), partial(self._on_logo, None, operator))
        if self._commission_id is None:
            return
        detail = _told(own) if own else "Celui de l'opérateur"
        act = partial(self._on_logo, self._commission_id, own)
        self._line("Logo de la commission", detail, act)
        for kind, rules in KINDS.items():
            sections = count(len(rules.sections), "section")
            chip = "Modèle de la commission" if kind in templates else ""
            self._line(f"Modèle : {rules.label.lower()}", sections,
                       partial(self._on_template, kind), chip)  # fmt: skip

    def _line(self, words: str, detail: str, act: Any, chip: str = "") -> None:
        line = Line(words, detail, chip, "accent")
        line.clicked.connect(lambda checked=False: act())
        self.add(line)

    def _on_logo(self, commission_id: str | None, logo: Logo | None) -> None:
        looks = self._services.paper_looks
        dialog = LogoDialog(
            "Logo de la commission" if commission_id else "Logo de l'opérateur",
            (logo.data, logo.words) if logo else (b"", ""),
            looks.picture_of,
            lambda values: looks.set_logo(
                commission_id, values["logo"], values["words"], over=logo
            ),
            self._tasks,
            parent=self,
            delete=partial(looks.remove_logo, commission_id) if logo else None,
        )
        gone = (
            f"Le logo est retiré ; {chord('Ctrl+Z')} le fait revenir." if commission_id else REMOVED
        )
        dialog.saved.connect(lambda kept: self._on_kept("Le logo est enregistré."))
        dialog.deleted.connect(lambda: self._on_kept(gone))
        dialog.open()

    def _on_template(self, kind: str) -> None:
        commission_id = self._commission_id
        if commission_id is not None:
            self._tasks.run(
                lambda: self._services.paper_looks.draft(kind, commission_id),
                lambda draft: self._edit(draft, commission_id),
                self.failed.emit,
                self,
            )

    def _edit(self, draft: Draft, commission_id: str) -> None:
        editor = TemplateEditor(draft, commission_id, self._services, self._tasks, self)
        editor.saved.connect(lambda: self._on_kept("Le modèle est enregistré."))
        editor.open()

    def _on_kept(self, sentence: str) -> None:
        self.refresh(self._commission_id)
        self.changed.emit(frozenset({"attachment"}))
        self.told.emit(sentence, "success")


def _told(logo: Logo | None) -> str:
    return logo.words if logo else "Aucun"
