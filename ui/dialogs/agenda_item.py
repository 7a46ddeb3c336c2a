"""An item of the agenda: what it is about, how long it takes, who presents it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from app.domain.records import AgendaItem, Record
from ui.dialogs.dialog import FormDialog
from ui.models.agenda import KINDS
from ui.tasks import Tasks
from ui.widgets.fields import Choice, NumberField, TextField
from ui.widgets.form import Form
from ui.widgets.pick import Option, PickField


class AgendaItemDialog(FormDialog):
    """Makes an item or changes one."""

    def __init__(
        self,
        item: Record[AgendaItem] | None,
        links: Sequence[Option],
        save: Callable[[dict[str, Any]], object],
        tasks: Tasks,
        parent: QWidget | None = None,
    ) -> None:
        """`links` are the notes, needs and solutions that an item may be about."""
        title = "Nouveau point" if item is None else "Modifier le point"
        super().__init__(title, _form(links), save, tasks, parent)
        if item is not None:
            fields = item.fields
            self.form.set_values({name: getattr(fields, name) for name in FIELDS})
        self.form.field("title").setFocus()


FIELDS = ("title", "kind", "planned_minutes", "presenter", "linked_id")


def _form(links: Sequence[Option]) -> Form:
    form = Form(2)
    form.add(
        "title",
        "Intitulé",
        TextField("Tour de table des besoins"),
        required="Donnez un intitulé au point.",
        whole=True,
    )
    form.add("kind", "Nature", Choice(list(KINDS.items())))
    form.add("planned_minutes", "Durée prévue, en minutes", NumberField("20"))
    form.add("presenter", "Rapporteur", TextField("Nom de la personne qui présente"))
    form.add(
        "linked_id",
        "À propos de",
        PickField(links, "Note de veille, besoin ou solution"),
        hint="Le point en reprend le contenu dans les documents.",
    )
    return form
