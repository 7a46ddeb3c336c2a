"""A guest: somebody in the room without a seat, perhaps not known to any list yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.domain.records import Person, Record
from ui.dialogs.choose import ChooseDialog
from ui.dialogs.person import PersonDialog
from ui.tasks import Tasks
from ui.widgets.pick import Option, PickField
from ui.words.persons import People, person_words


class GuestDialog(ChooseDialog):
    """Notes a known person as a guest, or adds a new one first.

    `person_added` follows each person added, whether or not they are then noted.
    """

    person_added = Signal()

    def __init__(
        self,
        people: People,
        welcome: Callable[[str], object],
        add: Callable[[dict[str, Any]], Record[Person]],
        tasks: Tasks,
        parent: QWidget | None = None,
    ) -> None:
        """`welcome` notes the presence of a person, `add` stores a new one."""
        super().__init__(
            "Noter un invité",
            "Personne présente, sans siège",
            people.persons,
            welcome,
            tasks,
            parent=parent,
            confirm="Noter l'invité",
        )
        self._people = people
        self._add = add
        self._line = cast(PickField, self.form.field("chosen"))
        self.offer("Nouvelle personne…", self._ask_person, "user-plus")

    def _ask_person(self) -> None:
        dialog = PersonDialog(None, self._add, self._tasks, self, places=self._people.places)
        dialog.begin_with(self._line.text())
        dialog.saved.connect(self._on_added)
        dialog.open()

    def _on_added(self, person: Record[Person]) -> None:
        """Chooses the new person in the field; the user then only confirms."""
        added = Option(person.id, person_words(person.fields))
        self._people = self._people._replace(persons=[*self._people.persons, added])
        self._line.offer(self._people.persons)
        self._line.set_value(person.id)
        self._line.setFocus()
        self.person_added.emit()
