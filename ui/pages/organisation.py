"""One organisation: its particulars, its fee, its people, its seats and the needs it raised."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from app.domain.records import FACILITATOR_FIELDS, Organisation, Person, Record, RosterEntry
from app.services.seating import correct, succeed
from app.territory import departments
from ui.actions import make_action
from ui.dialogs.dialog import DELETED, FormDialog
from ui.dialogs.person import PersonDialog
from ui.dialogs.personal_data import PersonalDataDialog
from ui.dialogs.seat import ADD_PERSON, SeatDialog
from ui.models.organisation_view import OrganisationView, organisation_view
from ui.pages.organisations import WORDS
from ui.pages.record_page import RecordPage
from ui.tasks import Tasks
from ui.widgets.autosave import Saving
from ui.widgets.buttons import papers_button
from ui.widgets.dates import DateField
from ui.widgets.fields import Choice, LongField, NumberField, TextField, YearField
from ui.widgets.organisation_cards import MembershipCard, PersonsCard, RaisedNeedsCard, SeatsCard
from ui.widgets.pick import PickField, PicksField
from ui.widgets.scroll import Scroll, SideBySide, column
from ui.widgets.section import Section
from ui.words.choices import choices, words
from ui.words.organisations import count_people, organisation_words
from ui.words.persons import person_name

if TYPE_CHECKING:
    from app.bootstrap import Services


class EpciField(PickField):
    """The SIREN of an EPCI, empty for none."""

    def value(self) -> str:
        return super().value() or ""


class OrganisationPage(RecordPage):
    """The page of one organisation; its particulars are saved as they are typed."""

    kind = "organisation"
    kinds = frozenset({"organisation", "person", "roster_entry", "need", "theme", "fee_scale"})
    list_place = "organisations"
    words = WORDS
    sealed_words = (
        "Seul le GIP modifie l'identité et l'adhésion d'une collectivité. Vous pouvez changer ses"
        " coordonnées, ses services et ses notes."
    )
    outliving_words = (
        "Le GIP a supprimé cette collectivité, et décidera si elle revient avec ce que vous y avez"
        " écrit. La supprimer ici aussi, c'est y renoncer."
    )

    def __init__(self, services: Services, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(services, tasks, parent)
        self.view: OrganisationView | None = None
        self._sealed = False
        self.add_person = make_action(
            self, "Ajouter une personne", lambda: self.ask_person(None), ADD_PERSON
        )
        self.add_seat = make_action(
            self, "Ajouter un siège", lambda: self.ask_seat(None), "Ctrl+Shift+S"
        )
        self.membership = MembershipCard()
        self.persons = PersonsCard(self.add_person)
        self.seats = SeatsCard(self.add_seat)
        self.needs = RaisedNeedsCard()
        self._add_fields()
        self._build()
        self._connect()

    def _add_fields(self) -> None:
        form, add = self.form, self.form.add
        add("name", "Nom", TextField("Nom de la collectivité"), whole=True)
        add("kind", "Genre", Choice(choices("organisation", "kind")))
        add("department", "Département", TextField("21"))
        add("insee_code", "Code INSEE", TextField("21001"))
        add("siren", "SIREN", TextField("212100010"))
        add("epci_siren", "Intercommunalité", EpciField([], "Nom"), whole=True)
        add("population", "Habitants", NumberField())
        add("population_year", "Année de la population", YearField("2023"))
        form.head("Coordonnées et services")
        add("email", "Courriel", TextField("mairie@commune.fr"))
        add("phone", "Téléphone", TextField("03 80 00 00 00"))
        add("address", "Adresse", TextField("1 place de la Mairie, 21000 Dijon"), whole=True)
        add("services", "Services utilisés", PicksField([], "Ajouter un service"), whole=True)
        useful = LongField("Ce qu'il est utile de savoir", 3)
        hint = "Lues par les animateurs de toute la région : rien sur une personne."
        add("notes", "Notes", useful, hint=hint, whole=True)
        form.head("Adhésion")
        add("membership", "Adhésion", Choice(choices("organisation", "membership")))
        add("member_category", "Catégorie d'adhérent", TextField())
        add("member_since", "Adhérente depuis le", DateField())
        add("left_on", "Retirée le", DateField())

    def _build(self) -> None:
        about = Section("La collectivité")
        about.hold(self.form)
        scroll = Scroll()
        scroll.column.addWidget(
            SideBySide(column(about), column(self.membership, self.seats, self.persons, self.needs))
        )
        scroll.column.addStretch()
        self.body.addWidget(scroll, 1)

        self.bulletin = make_action(self, "Bulletin de veille", self.show_bulletin, "Ctrl+P")
        self.header.add_action(papers_button(self.bulletin), first=True)

    def show_bulletin(self) -> None:
        """Shows the watch bulletin of what concerns this organisation."""
        if self.stored:
            self.show_document("bulletin", self.record_id, "Bulletin de veille")

    def _connect(self) -> None:
        self.persons.opened.connect(self.ask_person)
        self.seats.opened.connect(self.ask_seat)
        self.needs.opened.connect(lambda need_id: self.open_requested.emit("need", need_id))

    # Showing

    def gather(self, record: Record[Any]) -> OrganisationView:
        return organisation_view(self.services, record, self.commission_id)

    def show_view(self, view: OrganisationView) -> None:
        self.view = view
        fields = view.organisation.fields
        self.header.say(organisation_words(fields) or WORDS.new, _subtitle(fields))
        self.form.load(
            view.organisation.id,
            self.form.values_in(fields),
            {"epci_siren": view.epcis, "services": view.services},
        )
        self._lock()
        for action in (self.add_person, self.add_seat):
            action.setEnabled(self.stored)
        for card in (self.persons, self.seats, self.needs):
            card.setVisible(self.stored)
        self.membership.show_fee(fields, view.fee)
        self.persons.show_persons(view)
        self.seats.show_seats(view)
        self.needs.show_needs(view)

    def on_sealed(self, sealed: bool) -> None:
        self._sealed = sealed

    def _lock(self) -> None:
        """Locks the fields that only the GIP edits, unless words typed there are still unsaved."""
        sealed = self._sealed and self.form.autosave.state is Saving.SAVED
        for name in self.form.names():
            self.form.field(name).setEnabled(not sealed or name in FACILITATOR_FIELDS)

    # Writing

    def _save(self, record_id: str, fields: dict[str, Any], over: dict[str, Any]) -> None:
        """Stores first the fields that a facilitator may always change, so that a refusal of the
        others does not hold them back.
        """
        free = {name: value for name, value in fields.items() if name in FACILITATOR_FIELDS}
        others = {name: value for name, value in fields.items() if name not in FACILITATOR_FIELDS}
        parts = (free, others) if record_id not in self._born else (fields,)
        for part in parts:
            if part:
                super()._save(record_id, part, over)
                self.form.keep(record_id, part)

    def ask_person(self, person: Record[Person] | None) -> None:
        """Asks for the particulars of a person of this organisation; None for a new one."""
        save, delete = self._writers("person", person)
        dialog = PersonDialog(person, save, self.tasks, self, delete=delete)
        if person is not None:
            dialog.offer("Données personnelles…", partial(self.show_data, person.id), "users")
            past = partial(self.show_past, person_name(person.fields), person.id, dialog)
            dialog.offer("Historique", past, "history")
        self._ask(dialog, "person")

    def show_data(self, person_id: str) -> None:
        """Shows what is kept about a person."""
        dialog = PersonalDataDialog(person_id, self.services, self.tasks, self)
        dialog.erased.connect(lambda said: self.changed.emit(frozenset()))
        dialog.erased.connect(self.tell)
        dialog.open()

    def ask_seat(self, seat: Record[RosterEntry] | None) -> None:
        """Asks for the particulars of a seat of this organisation; None for a new one."""
        if self.view is None:
            return
        write, delete = self._writers("roster_entry", seat)
        records = self.services.records

        def save(values: dict[str, Any]) -> object:
            since = values.pop("renewed_on")
            if seat is None:
                return write(values)
            if since is None:
                return correct(records, seat, values)
            return succeed(records, seat, values, since)

        today = self.now().date()
        dialog = SeatDialog(
            seat, self.view.everyone, save, self.tasks, self, delete=delete, today=today
        )
        dialog.offer_person(self._writers("person", None)[0])
        dialog.person_added.connect(lambda: self.changed.emit(frozenset({"person"})))
        if seat is not None:
            past = partial(self.show_past, self.header.title.text(), seat.id, dialog)
            dialog.offer("Historique", past, "history")
        elif len(self.view.persons) == 1 and not self.view.seats:
            dialog.form.set_values({"titular_person_id": self.view.persons[0].id})
        self._ask(dialog, "roster_entry")

    def _writers(self, kind: str, record: Record[Any] | None) -> tuple[Any, Any]:
        """The functions that store and delete a record of this organisation in the commission; the
        second is None for a new record.
        """
        records, commission_id = self.services.records, self.commission_id
        organisation_id = self.record_id

        def save(values: dict[str, Any]) -> Record[Any]:
            if record is not None:
                return records.update(record.id, values, over=record)
            return records.create(
                kind, values | {"organisation_id": organisation_id}, commission_id
            )

        return save, None if record is None else lambda: records.delete(record.id)

    def _ask(self, dialog: FormDialog, kind: str) -> None:
        dialog.accepted.connect(lambda: self.changed.emit(frozenset({kind})))
        dialog.deleted.connect(lambda: self.tell(DELETED))
        dialog.open()


def _subtitle(organisation: Organisation) -> str:
    """« Commune, Côte-d'Or, 234 habitants (2023) », with what is known."""
    population = organisation.population
    inhabitants = "" if population is None else count_people(population)
    if inhabitants and organisation.population_year:
        inhabitants = f"{inhabitants} ({organisation.population_year})"
    kind = words("organisation", "kind", organisation.kind)
    department = departments().get(organisation.department, "")
    return ", ".join(part for part in (kind, department, inhabitants) if part)
