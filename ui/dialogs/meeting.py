"""The particulars of a meeting: when, where, who leads it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from typing import Any, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.dates import PARIS, instant
from app.domain.records import Meeting, Person, Record
from app.domain.refusals import Refusal
from ui.dialogs.dialog import FormDialog, Save
from ui.dialogs.person import PersonDialog
from ui.tasks import Tasks
from ui.widgets.dates import HourField, InstantField
from ui.widgets.fields import NumberField, TextField, Tick
from ui.widgets.form import Form
from ui.widgets.pick import Option, PickField, PicksField
from ui.words.persons import People, person_words

_EVENING = timedelta(hours=12)
"""The longest that a meeting lasts past midnight; beyond, its hours are taken for a slip."""


class MeetingDialog(FormDialog):
    """Makes a meeting or changes its particulars; `person_added` follows each person added here."""

    person_added = Signal()

    def __init__(
        self,
        meeting: Record[Meeting] | None,
        people: People,
        save: Save,
        tasks: Tasks,
        parent: QWidget | None = None,
    ) -> None:
        title = "Nouvelle séance" if meeting is None else "Modifier la séance"

        def store(values: dict[str, Any]) -> object:
            return save(_as_known(meeting, _fields(values)))

        super().__init__(title, _form(people.persons), store, tasks, parent, sealed="Séance")
        self._people = people
        self._chair = cast(PickField, self.form.field("chair_person_id"))
        self._secretaries = cast(PicksField, self.form.field("secretary_ids"))
        if meeting is not None:
            self.form.set_values(_values(meeting.fields, self.form.names()))
        self.form.editor("emergency").edited.connect(self._follow_emergency)
        self._follow_emergency()
        self.form.field("title").setFocus()

    def _follow_emergency(self) -> None:
        """Asks for the reason when the meeting is convened in an emergency."""
        self.form.show_row("emergency_reason", shown=self.form.editor("emergency").value())

    def offer_person(self, save: Callable[[dict[str, Any]], Record[Person]]) -> None:
        """Offers to add a person as chair or secretary; `save` stores them."""
        self.offer("Nouvelle personne…", lambda: self._ask_person(save), "user-plus")

    def _ask_person(self, save: Callable[[dict[str, Any]], Record[Person]]) -> None:
        line = self._chair if self._chair.names_none() else self._secretaries.line
        dialog = PersonDialog(None, save, self._tasks, self, places=self._people.places)
        dialog.begin_with(line.text())
        dialog.saved.connect(self._on_added)
        dialog.open()

    def _on_added(self, person: Record[Person]) -> None:
        """Makes the new person chair or secretary, by the line in which their name was typed.

        If neither line holds a name, they become chair when there is a secretary but no chair yet.
        """
        chair, secretaries = self._chair, self._secretaries
        chosen = secretaries.chosen()
        presides = chair.names_none() or (chosen and not (chair.text() or secretaries.line.text()))
        added = Option(person.id, person_words(person.fields))
        self._people = self._people._replace(persons=[*self._people.persons, added])
        for field in (chair, secretaries):
            field.offer(self._people.persons)
        if presides:
            chair.set_value(person.id)
        else:
            secretaries.set_value([*chosen, person.id])
        self.person_added.emit()


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
    hint = "Facultatif. La séance suivante prend le numéro d'après."
    form.add("number", "Numéro", NumberField(), hint=hint)
    form.add("emergency", "", Tick("Séance convoquée en urgence"))
    form.add(
        "emergency_reason",
        "Motif de l'urgence",
        TextField(),
        hint="Il figure au procès-verbal.",
        whole=True,
    )
    return form


def _values(meeting: Meeting, names: Sequence[str]) -> dict[str, Any]:
    """The fields of the record as the form shows them."""
    ends = instant(meeting.ends_at).astimezone(PARIS).time() if meeting.ends_at else None
    return {name: getattr(meeting, name) for name in names} | {"ends_at": ends}


def _fields(values: dict[str, Any]) -> dict[str, Any]:
    """The values of the form as the record takes them."""
    starts, ends = values["starts_at"], values["ends_at"]
    if ends is not None and starts is None:
        raise Refusal("la fin prévue demande d'abord une date.", field="starts_at")
    if ends is not None:
        values = values | {"ends_at": _end(starts, ends)}
    if values["emergency"] and not values["emergency_reason"]:
        raise Refusal(
            "dites pourquoi la séance est convoquée en urgence.", field="emergency_reason"
        )
    return values


def _as_known(meeting: Record[Meeting] | None, fields: dict[str, Any]) -> dict[str, Any]:
    """The same fields, where an instant that did not change is written as it is stored."""
    for name in ("starts_at", "ends_at"):
        known = getattr(meeting.fields, name) if meeting else None
        if known and fields[name] and instant(known) == instant(fields[name]):
            fields = fields | {name: known}
    return fields


def _end(starts_at: str, hour: time) -> str:
    """The instant of the end; an hour before the start is of the next day, for an evening."""
    starts = instant(starts_at).astimezone(PARIS)
    ends = datetime.combine(starts.date(), hour, PARIS)
    if ends <= starts:
        ends += timedelta(days=1)
        if ends - starts > _EVENING:
            raise Refusal("la fin prévue est avant le début de la séance.", field="ends_at")
    return ends.isoformat()
