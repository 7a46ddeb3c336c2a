"""A seat of an organisation in the commission: who holds it, who stands in, and until when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any, cast

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.records import Person, Record, RosterEntry
from app.domain.refusals import Refusal
from ui.actions import make_action
from ui.dialogs.dialog import Delete, FormDialog, Save
from ui.dialogs.person import PersonDialog
from ui.tasks import Tasks
from ui.widgets.buttons import button
from ui.widgets.dates import DateField
from ui.widgets.fields import Tick
from ui.widgets.form import Form
from ui.widgets.pick import Option, PickField
from ui.words.persons import person_words

HOLDERS = {"titular_person_id": "Nouveau titulaire", "alternate_person_id": "Nouveau suppléant"}
"""The fields that name who sits, with the title of the dialog that adds a person there."""

RENEWED = "Les séances d'avant gardent qui y siégeait ; vide, elles changent aussi."
"""The hint under the day from which somebody else sits."""

ADD_PERSON = "Ctrl+Shift+P"
"""The keys that add a person, here and on the page of an organisation."""


class SeatDialog(FormDialog):
    """Adds a seat, or changes or deletes one; a person who is to sit can be added here.

    `person_added` follows each person added, whatever becomes of the seat.
    """

    person_added = Signal()

    def __init__(
        self,
        seat: Record[RosterEntry] | None,
        persons: Sequence[Option],
        save: Save,
        tasks: Tasks,
        parent: QWidget | None = None,
        *,
        delete: Delete | None = None,
        today: date | None = None,
    ) -> None:
        """`save` also gets `renewed_on`, the day from which the new persons sit.

        That day is `today` unless the user types another; None when nobody is replaced, or when
        the user emptied the field: the change then holds for past meetings too.
        """
        title = "Nouveau siège" if seat is None else "Modifier le siège"
        super().__init__(
            title, _form(persons), lambda values: save(self._checked(values)), tasks, parent,
            delete=delete,
        )  # fmt: skip
        self._held = msgspec.to_builtins(seat.fields if seat is not None else RosterEntry())
        self.form.set_values({**self._held, "renewed_on": today.isoformat() if today else None})
        self._show_renewal()
        self._persons = list(persons)
        self.form.focus_first()
        for name in HOLDERS:
            self._holder(name).edited.connect(self._show_renewal)

    def offer_person(self, save: Callable[[dict[str, Any]], Record[Person]]) -> None:
        """Offers to add a person who is to sit; `save` stores them, off the GUI thread."""
        ways = QHBoxLayout()
        for name, words in HOLDERS.items():
            ask = partial(self._ask_person, save, name)
            ways.addWidget(button(f"{words}…", ask, kind="quiet", icon="user-plus"))
        ways.addStretch()
        self.layout_.addLayout(ways)
        make_action(self, "", lambda: self._ask_person(save, self._waiting_place()), ADD_PERSON)

    def _ask_person(self, save: Callable[[dict[str, Any]], Record[Person]], name: str) -> None:
        """Asks for a new person of the organisation, who is then chosen in this field."""
        dialog = PersonDialog(None, save, self._tasks, self, new=HOLDERS[name])
        if self._holder(name).names_none():
            dialog.begin_with(self._holder(name).text())
        dialog.saved.connect(lambda person: self._on_added(person, name))
        dialog.open()

    def _on_added(self, person: Record[Person], name: str) -> None:
        self._persons.append(Option(person.id, person_words(person.fields)))
        for one in HOLDERS:
            self._holder(one).offer(list(self._persons))
        self.form.set_values({name: person.id})
        self._holder(name).edited.emit()
        self.person_added.emit()

    def _waiting_place(self) -> str:
        """The first field that holds an unknown name, else an empty one, else the first."""
        empty = (name for name in HOLDERS if not self._holder(name).text().strip())
        unknown = (name for name in HOLDERS if self._holder(name).names_none())
        return next(unknown, next(empty, next(iter(HOLDERS))))

    def _show_renewal(self) -> None:
        """Asks for the day of the change where somebody who sat is replaced or leaves."""
        replaced = any(
            self._held[name]
            and (self._holder(name).names_none() or self._holder(name).value() != held)
            for name, held in self._held.items()
            if name in HOLDERS
        )
        self.form.show_row("renewed_on", shown=replaced)

    def _holder(self, name: str) -> PickField:
        return cast(PickField, self.form.field(name))

    def _checked(self, values: dict[str, Any]) -> dict[str, Any]:
        """The values of the form; Refusal where they contradict one another."""
        titular, alternate = values["titular_person_id"], values["alternate_person_id"]
        if titular is not None and titular == alternate:
            raise Refusal(
                "choisissez une autre personne que la titulaire.", field="alternate_person_id"
            )
        if values["from"] and values["until"] and values["until"] <= values["from"]:
            raise Refusal("la fin du siège vient après son début.", field="until")
        if not any(self._held[name] and values[name] != self._held[name] for name in HOLDERS):
            values["renewed_on"] = None
        return values


def _form(persons: Sequence[Option]) -> Form:
    form = Form(2)
    form.add(
        "titular_person_id",
        "Titulaire",
        PickField(persons, "Nom de la personne"),
    )
    form.add("alternate_person_id", "Suppléant", PickField(persons, "Nom de la personne"))
    form.add("renewed_on", "Remplacement à partir du", DateField(), hint=RENEWED, whole=True)
    form.add("from", "Depuis le", DateField(), hint="Vide, le siège vaut dès la première séance.")
    form.add(
        "until", "Prend fin le", DateField(), hint="Premier jour où le siège n'est plus occupé."
    )
    form.add("voting", "", Tick("Avec droit de vote"), whole=True)
    return form
