"""The addenda to frozen minutes: each is drafted, read in the preview, then frozen."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from app.domain.dates import local_day
from app.domain.records import Minutes, Record
from app.domain.wording import capitalised, short_day
from ui.dialogs.dialog import DELETED, ConfirmDialog, FormDialog
from ui.models.meeting_parts import names_of
from ui.tasks import Tasks
from ui.widgets.buttons import button
from ui.widgets.fields import LongField, TextField
from ui.widgets.form import Form
from ui.widgets.line import Line
from ui.widgets.section import Section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.bootstrap import Services
    from app.services.minutes import Frozen

SEALED = frozenset({"minutes", "meeting"})
"""The kinds that a freeze changes."""


class Addenda(Section):
    """`shown` carries the id of an addendum to be read; `told` a sentence and its tone."""

    changed = Signal(object)
    failed = Signal(object)
    told = Signal(str, str)
    shown = Signal(str)

    def __init__(self, services: Services, tasks: Tasks) -> None:
        super().__init__("Additifs")
        self.services = services
        self.tasks = tasks
        self.write = button("Rédiger un additif", self._on_write, kind="quiet", icon="plus")
        self._minutes: Record[Minutes] | None = None
        self.add_beside(self.write)

    def show_addenda(self, minutes: Record[Minutes], addenda: Sequence[Record[Minutes]]) -> None:
        """Shows the addenda to frozen minutes; a draft can still be changed, then is frozen."""
        self._minutes = minutes
        self.clear()
        names = names_of(addenda)
        for one in addenda:
            line = Line(names[one.id], _detail(one))
            line.clicked.connect(partial(self._show, one))
            self.add(line)
            if one.fields.frozen_at is None:
                freeze = button("Geler l'additif", partial(self._on_freeze, one), icon="stamp")
                change = button("Modifier", partial(self._on_change, one), icon="pencil")
                for made in (freeze, change):
                    made.setAccessibleName(f"{made.text().strip()} : {names[one.id]}")
                self.offer(freeze, change)
        if not addenda:
            self.say("Une erreur se corrige par un additif, qui dit quoi et pourquoi.")

    def _show(self, addendum: Record[Minutes]) -> None:
        self.shown.emit(addendum.id)

    def _on_write(self) -> None:
        minutes = self._minutes
        if minutes is None:
            return
        dialog = FormDialog(
            "Rédiger un additif",
            _form(),
            lambda fields: self.services.minutes.correct(minutes, fields),
            self.tasks,
            self,
            confirm="Relire l'additif",
        )
        dialog.saved.connect(self._on_written)
        dialog.open()

    def _on_change(self, draft: Record[Minutes]) -> None:
        records, form = self.services.records, _form()
        fields = draft.fields
        form.set_values({"replaces": fields.replaces, "text": fields.text, "reason": fields.reason})
        dialog = FormDialog(
            "Modifier l'additif",
            form,
            lambda changed: records.update(draft.id, changed, over=draft),
            self.tasks,
            self,
            confirm="Relire l'additif",
            delete=lambda: records.delete(draft.id),
        )
        dialog.saved.connect(self._show)
        dialog.accepted.connect(lambda: self.changed.emit(SEALED))
        dialog.deleted.connect(lambda: self.told.emit(DELETED, "success"))
        dialog.open()

    def _on_written(self, addendum: Record[Minutes]) -> None:
        self.changed.emit(SEALED)
        self._show(addendum)

    def _on_freeze(self, draft: Record[Minutes]) -> None:
        """Asks for confirmation, with the addendum shown as it will be."""
        self._show(draft)
        ConfirmDialog(
            "Geler l'additif",
            "Ses mots ne changeront plus, et il prend son numéro. Relisez-le d'abord.",
            "Geler l'additif",
            lambda: self._freeze(draft),
            self,
            danger=False,
        ).open()

    def _freeze(self, draft: Record[Minutes]) -> None:
        self.tasks.run(
            lambda: self.services.minutes.freeze(draft.id), self._on_frozen, self.failed.emit, self
        )

    def _on_frozen(self, frozen: Frozen) -> None:
        self._on_written(frozen.record)
        number = frozen.record.fields.number
        sentence = f"L'additif n° {number} est gelé : imprimez-le pour le faire signer."
        self.told.emit(sentence, "success")


def _detail(addendum: Record[Minutes]) -> str:
    frozen, reason = addendum.fields.frozen_at, addendum.fields.reason
    when = f"gelé le {short_day(local_day(frozen))}" if frozen else "à relire, puis à geler"
    return capitalised(" · ".join(part for part in (when, reason) if part))


def _form() -> Form:
    form = Form(1)
    form.add("replaces", "Ce qu'il remplace", TextField("Point 4, le nom du rapporteur"))
    form.add("text", "Texte de l'additif", LongField(lines=5), required="Écrivez ce qu'il corrige.")
    form.add(
        "reason",
        "Motif",
        TextField("Erreur de saisie"),
        required="Dites pourquoi.",
        hint="Vous relirez l'additif avant de le geler ; il prendra alors un numéro.",
    )
    return form
