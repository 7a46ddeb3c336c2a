"""The particulars of a meeting: when, where, who leads it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from PySide6.QtWidgets import QWidget

from app.domain.dates import PARIS, instant, local_day
from app.domain.records import Meeting, Record
from app.domain.refusals import Refusal
from ui.dialogs.dialog import FormDialog
from ui.tasks import Tasks
from ui.widgets.dates import HourField, InstantField
from ui.widgets.fields import NumberField, TextField, Tick
from ui.widgets.form import Form
from ui.widgets.pick import Option, PickField, PicksField


class MeetingDialog(FormDialog):
    """Makes a meeting or changes its particulars."""

    def __init__(
        self,
        meeting: Record[Meeting] | None,
        persons: Sequence[Option],
        save: Callable[[dict[str, Any]], object],
        tasks: Tasks,
        parent: QWidget | None = None,
    ) -> None:
        title = "Nouvelle séance" if meeting is None else "Modifier la séance"
        super().__init__(title, _form(persons), lambda values: save(_fields(values)), tasks, parent)
        if meeting is not None:
            self.form.set_values(_values(meeting.fields))
        self.form.field("title").setFocus()


def _form(persons: Sequence[Option]) -> Form:
    form = Form(2)
    form.add(
        "title",
        "Intitulé",
        TextField("Séance ordinaire"),
        required="Donnez un intitulé à la séance.",
        whole=True,
    )
    form.add("starts_at", "Date et heure", InstantField())
    form.add("ends_at", "Fin prévue", HourField())
    form.add("place", "Lieu", TextField("Salle des fêtes, 2 place de la Mairie"), whole=True)
    form.add("chair_person_id", "Présidence", PickField(persons, "Nom de la personne"))
    form.add("secretary_ids", "Secrétariat", PicksField(persons, "Ajouter une personne"))
    form.add("number", "Numéro", NumberField(), hint="Numéro de la séance dans l'année, au besoin.")
    form.add("emergency", "", Tick("Séance convoquée en urgence"))
    form.add(
        "emergency_reason",
        "Motif de l'urgence",
        TextField(),
        hint="Il figure au procès-verbal.",
        whole=True,
    )
    return form


def _values(meeting: Meeting) -> dict[str, Any]:
    """The fields of the record as the form shows them."""
    ends = instant(meeting.ends_at).astimezone(PARIS).time() if meeting.ends_at else None
    return {
        "title": meeting.title,
        "starts_at": meeting.starts_at,
        "ends_at": ends,
        "place": meeting.place,
        "chair_person_id": meeting.chair_person_id,
        "secretary_ids": meeting.secretary_ids,
        "number": meeting.number,
        "emergency": meeting.emergency,
        "emergency_reason": meeting.emergency_reason,
    }


def _fields(values: dict[str, Any]) -> dict[str, Any]:
    """The values of the form as the record takes them."""
    starts, ends = values["starts_at"], values["ends_at"]
    if ends is not None and starts is None:
        raise Refusal("la fin prévue demande d'abord une date.", field="starts_at")
    if ends is not None:
        values = values | {"ends_at": _on_the_day(local_day(starts), ends)}
    if values["emergency"] and not values["emergency_reason"]:
        raise Refusal(
            "dites pourquoi la séance est convoquée en urgence.", field="emergency_reason"
        )
    return values


def _on_the_day(day: date, hour: Any) -> str:
    return datetime.combine(day, hour, PARIS).isoformat()
