"""Collectivités: the communes and EPCI of the territory, found by a few letters or figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from app.domain.records import Organisation, Record
from app.territory import departments
from ui.models.organisations import OrganisationColumn, OrganisationRow, organisation_rows
from ui.pages.list_page import ListPage, ListWords
from ui.pages.page import NEW
from ui.tasks import Tasks
from ui.widgets.fields import Choice
from ui.words.choices import choices, chose
from ui.words.chord import chord

if TYPE_CHECKING:
    from app.bootstrap import Services

WORDS = ListWords(
    title="Collectivités",
    new="Nouvelle collectivité",
    one="la collectivité",
    many="collectivités",
    back=f"{chord('Ctrl+Z')} la fait revenir.",
    icon="landmark",
    empty="Les communes et les intercommunalités du territoire se trouvent ici.",
    offer="Ajouter une collectivité",
)
HINT = "Nom, INSEE, SIREN, département"
NEAR = "near"
"""The filter at first: organisations of the commission's departments, and any that sits in it."""

SEALED = (
    "Seul le GIP ajoute une collectivité une fois l'espace de travail rattaché au central :"
    " demandez-la-lui."
)


class OrganisationsPage(ListPage):
    """The list of organisations."""

    kind = "organisation"
    kinds = frozenset({"organisation", "roster_entry", "commission"})
    place = "organisation"
    words = WORDS
    columns = OrganisationColumn
    imported = (("organisation", "Collectivités et adhésions"), ("person", "Personnes"))

    def __init__(self, services: Services, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(services, tasks, parent)
        self.panel.filter.setPlaceholderText(HINT)
        add = self.panel.add_facet
        places = [(None, "Toute la région"), (NEAR, "Votre territoire")]
        add(
            Choice([*places, *departments().items()], NEAR),
            lambda row, place: (
                row.is_near if place == NEAR else row.organisation.fields.department == place
            ),
        )
        add(
            Choice([(None, "Tous les genres"), *choices("organisation", "kind")]),
            lambda row, kind: chose(row.organisation, "kind", kind),
        )
        add(
            Choice([(None, "Toutes les adhésions"), *choices("organisation", "membership")]),
            lambda row, membership: chose(row.organisation, "membership", membership),
        )
        add(
            Choice([(None, "Siégeant ou non"), (True, "Siégeant"), (False, "Ne siégeant pas")]),
            lambda row, sits: row.sits == sits,
            "Aucune collectivité ne siège encore : ouvrez-en une pour lui donner un siège, ou"
            " importez le tableau des délégués par le menu de la liste.",
        )

    def gather(self, commission_id: str | None) -> Sequence[OrganisationRow]:
        return organisation_rows(self.services, commission_id)

    def add_one(self) -> None:
        """Opens the page of a new organisation, unless only the GIP may make one."""
        blank = Record(id="", fields=Organisation())
        self.read(lambda: self.services.records.sealed(blank), self._on_sealed)

    def _on_sealed(self, sealed: bool) -> None:
        if sealed:
            self.tell(SEALED, "warning")
        else:
            self.open_requested.emit(self.place, NEW)

    def show_record(self, record_id: str) -> None:
        """Opens an organisation: that of this id, or that of the person or seat of this id."""

        def home() -> str | None:
            record = self.services.records.get(record_id)
            if isinstance(record.fields, Organisation):
                return record_id
            return getattr(record.fields, "organisation_id", None)

        self.read(home, lambda found: self.open_one(found) if found else None)
