"""A person of an organisation: an elected member or an agent, and how to reach them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from app.domain.records import Person, Record
from ui.dialogs.dialog import Delete, FormDialog, Save
from ui.tasks import Tasks
from ui.widgets.fields import TextField
from ui.widgets.form import Form
from ui.widgets.pick import Option, PickField


class PersonDialog(FormDialog):
    """Adds a person, or changes or deletes one."""

    def __init__(
        self,
        person: Record[Person] | None,
        save: Save,
        tasks: Tasks,
        parent: QWidget | None = None,
        *,
        delete: Delete | None = None,
        new: str = "Nouvelle personne",
        places: Sequence[Option] = (),
    ) -> None:
        """`places` are the organisations to choose from; none where it is already known."""
        title = new if person is None else "Modifier la personne"
        super().__init__(title, _form(places), save, tasks, parent, delete=delete)
        if person is not None:
            self.form.set_values(self.form.values_in(person.fields))
        self.delete.setToolTip(
            "La fiche ira dans la corbeille. Pour que rien n'en reste : « Données personnelles… »."
        )
        self.form.focus_first()

    def begin_with(self, typed: str) -> None:
        """Fills the name from one typed elsewhere that nobody had: « Moreau », « Luc Moreau »."""
        parts = reversed(typed.split(maxsplit=1))
        self.form.set_values(dict(zip(("last_name", "first_name"), parts, strict=False)))


def _form(places: Sequence[Option]) -> Form:
    form = Form(2)
    form.add("first_name", "Prénom", TextField())
    form.add("last_name", "Nom", TextField(), required="Donnez le nom de la personne.")
    form.add("role", "Fonction", TextField("Maire, adjointe, secrétaire de mairie…"), whole=True)
    if places:
        words = PickField(places, "Commune ou autre collectivité")
        form.add("organisation_id", "Collectivité", words, whole=True)
    hint = "Pour convoquer : de préférence celui du mandat."
    form.add("email", "Courriel", TextField("prenom.nom@commune.fr"), hint=hint)
    hint = "Aucun papier de séance ne le porte."
    form.add("phone", "Téléphone", TextField("03 80 00 00 00"), hint=hint)
    return form
