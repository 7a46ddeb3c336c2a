"""An item of the agenda: what it is about, who presents it, how long it takes, when it was held."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from app.domain.attendance import seconds
from app.domain.records import AgendaItem, Record
from app.domain.refusals import Refusal
from ui.dialogs.dialog import FormDialog, Save
from ui.models.agenda import KINDS
from ui.tasks import Tasks
from ui.widgets.dates import HourField
from ui.widgets.fields import Choice, NumberField, TextField
from ui.widgets.form import Form
from ui.widgets.pick import Option, PickField
from ui.words.typed_dates import Held, beginning_of, hour_of, instant_of

HOURS = {"started_at": "Début", "ended_at": "Fin"}


class AgendaItemDialog(FormDialog):
    """Changes an item."""

    def __init__(
        self,
        item: Record[AgendaItem],
        links: Sequence[Option],
        held: Held | None,
        save: Save,
        tasks: Tasks,
        *,
        closed_at: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`links` are what an item may be about, and what this one is about now.

        `held` is None before the meeting opens.
        `closed_at` is the closing, once there is one.
        """

        def store(values: dict[str, Any]) -> object:
            if held is None:
                return save(values)
            between, fields, start, end = held(), item.fields, *HOURS
            began = beginning_of(values[start], fields.started_at, between, closed_at, start)
            ended = instant_of(values[end], fields.ended_at, between, end)
            if began and ended and seconds(ended) < seconds(began):
                raise Refusal("la fin d'un point vient après son début.", field=end)
            return save(values | {start: began, end: ended})

        sealed = "Point de l'ordre du jour"
        super().__init__("Modifier le point", _form(links), store, tasks, parent, sealed=sealed)
        self.form.set_values(self.form.values_in(item.fields))
        if held:
            for name, words in HOURS.items():
                self.form.add(name, words, HourField())
            self.form.set_values({name: hour_of(getattr(item.fields, name)) for name in HOURS})
        self.form.field("title").setFocus()


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
