"""The cards beside an organisation: its membership, its people, its seats and its needs."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction

from app.domain.membership import FREE_BELOW
from app.domain.records import Organisation, Person, Record, RosterEntry
from app.domain.wording import amount
from app.services.memberships import Fee
from ui.models.organisation_view import OrganisationView
from ui.widgets.buttons import action_button
from ui.widgets.chip import Chip
from ui.widgets.line import Line
from ui.widgets.section import Section
from ui.widgets.text import label
from ui.words.choices import need_title, tone, tone_of, words, words_of
from ui.words.organisations import count_people
from ui.words.persons import person_name, role_words
from ui.words.typed_dates import written_day


class MembershipCard(Section):
    """Whether an organisation is a member, and what membership costs it."""

    def __init__(self) -> None:
        super().__init__("Cotisation")
        self.chip = Chip()
        self.add_beside(self.chip)

    def show_fee(self, organisation: Organisation, fee: Fee) -> None:
        membership = organisation.membership
        self.chip.set(
            words("organisation", "membership", membership),
            tone("organisation", "membership", membership),
        )
        self.clear()
        said, why = fee_words(organisation, fee)
        if said:
            self.hold(label(said, "section", wrap=True))
        self.say(why)


def fee_words(organisation: Organisation, fee: Fee) -> tuple[str, str]:
    """The fee and where it comes from; no fee when nothing tells it."""
    if fee.free:
        return "Adhésion gratuite", f"La commune compte moins de {FREE_BELOW} habitants."
    if organisation.population is None:
        return "", "Indiquez la population : elle donne la cotisation."
    if fee.scale is None:
        return "", "L'espace de travail n'a pas encore de barème des cotisations."
    named = f"Barème {fee.scale.year}" if fee.scale.year else f"Barème « {fee.scale.code} »"
    if fee.cents is None:
        return "", f"{named} : rien n'est prévu pour ce genre de collectivité ou cette population."
    return (
        f"{amount(fee.cents)} par an",
        f"{named}, pour {count_people(organisation.population)}.",
    )


class PersonsCard(Section):
    """The persons of an organisation; one is opened to be changed or deleted."""

    opened = Signal(object)

    def __init__(self, add: QAction) -> None:
        super().__init__("Personnes")
        self.add_beside(action_button(add, kind="quiet", icon="user-plus"))

    def show_persons(self, view: OrganisationView) -> None:
        self.clear()
        for person in view.persons:
            line = Line(person_name(person.fields), _known(person, view), detail_lines=2)
            line.clicked.connect(partial(self.opened.emit, person))
            self.add(line)
        if not view.persons:
            self.say("Ajoutez ses élus et ses agents : ils pourront siéger, parler et recevoir"
                     " les convocations.")  # fmt: skip


def _known(person: Record[Person], view: OrganisationView) -> str:
    role = role_words(person.fields, former=person.id in view.former)
    reached = (person.fields.phone, person.fields.email)
    return ", ".join(part for part in (role, *reached) if part)


class SeatsCard(Section):
    """The seats of an organisation in the commission, past ones too."""

    opened = Signal(object)

    def __init__(self, add: QAction) -> None:
        super().__init__("Sièges à la commission")
        self.add_beside(action_button(add, kind="quiet", icon="plus"))

    def show_seats(self, view: OrganisationView) -> None:
        self.clear()
        for seat in view.seats:
            titular = view.names.get(seat.fields.titular_person_id or "", "Sans titulaire")
            chip = seat_chip(seat, current=seat.id in view.current)
            line = Line(titular, _term(seat.fields, view), *chip, detail_lines=2)
            line.clicked.connect(partial(self.opened.emit, seat))
            self.add(line)
        if not view.seats:
            self.say("Ajoutez un siège pour que la collectivité soit convoquée et compte dans le"
                     " quorum.")  # fmt: skip


def seat_chip(seat: Record[RosterEntry], *, current: bool) -> tuple[str, str]:
    """What a seat counts for today, and its tone."""
    if not current:
        return "Hors mandat", "neutral"
    return ("Vote", "success") if seat.fields.voting else ("Sans vote", "info")


def _term(seat: RosterEntry, view: OrganisationView) -> str:
    alternate = view.names.get(seat.alternate_person_id or "")
    parts = (
        f"Suppléance : {alternate}" if alternate else "",
        f"depuis le {written_day(seat.from_)}" if seat.from_ else "",
        f"prend fin le {written_day(seat.until)}" if seat.until else "",
    )
    return ", ".join(part for part in parts if part)


class RaisedNeedsCard(Section):
    """The needs that concern an organisation."""

    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__("Besoins exprimés")

    def show_needs(self, view: OrganisationView) -> None:
        self.clear()
        for need in view.needs:
            line = Line(
                need_title(need),
                f"Gravité : {words_of(need, 'severity').lower()}",
                words_of(need, "status"),
                tone_of(need, "status"),
            )
            line.clicked.connect(partial(self.opened.emit, need.id))
            self.add(line)
        if not view.needs:
            self.say("Les besoins notés pour cette collectivité s'afficheront ici.")
