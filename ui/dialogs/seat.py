"""A seat of an organisation in the commission: who holds it, who stands in, and until when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from app.domain.records import Record, RosterEntry
from app.domain.refusals import Refusal
from ui.dialogs.dialog import FormDialog
from ui.tasks import Tasks
from ui.widgets.dates import DateField
from ui.widgets.fields import Tick
from ui.widgets.form import Form
from ui.widgets.pick import Option, PickField


class SeatDialog(FormDialog):
    """Adds a seat, or changes or deletes one."""

    def __init__(
        self,
        seat: Record[RosterEntry] | None,
        persons: Sequence[Option],
        save: Callable[[dict[str, Any]], object],
        tasks: Tasks,
        parent: QWidget | None = None,
        *,
        delete: Callable[[], object] | None = None,
    ) -> None:
        title = "Nouveau siège" if seat is None else "Modifier le siège"
        super().__init__(
            title, _form(persons), lambda values: save(_checked(values)), tasks, parent,
            delete=delete,
        )  # fmt: skip
        self.form.set_values(_values(seat.fields if seat is not None else RosterEntry()))
        self.form.focus_first()


def _form(persons: Sequence[Option]) -> Form:
    form = Form(2)
    form.add(
        "titular_person_id",
        "Titulaire",
        PickField(persons, "Nom de la personne"),
        hint="" if persons else "Ajoutez d'abord les personnes de la collectivité.",
    )
    form.add("alternate_person_id", "Suppléant", PickField(persons, "Nom de la personne"))
    form.add("from", "Depuis le", DateField(), hint="Vide, le siège vaut dès la première séance.")
    form.add("until", "Jusqu'au", DateField(), hint="Premier jour où le siège n'est plus occupé.")
    form.add("voting", "", Tick("Avec droit de vote"), whole=True)
    return form


def _values(seat: RosterEntry) -> dict[str, Any]:
    """The fields of the record as the form shows them."""
    return {
        "titular_person_id": seat.titular_person_id,
        "alternate_person_id": seat.alternate_person_id,
        "voting": seat.voting,
        "from": seat.from_,
        "until": seat.until,
    }


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    """The values of the form once they agree with one another."""
    titular, alternate = values["titular_person_id"], values["alternate_person_id"]
    if titular is not None and titular == alternate:
        raise Refusal(
            "choisissez une autre personne que la titulaire.", field="alternate_person_id"
        )
    if values["from"] and values["until"] and values["until"] <= values["from"]:
        raise Refusal("la fin du siège vient après son début.", field="until")
    return values
