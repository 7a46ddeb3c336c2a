"""Notes who comes, leaves, is excused or represented, as the keys of the roll call ask."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from app.domain.meeting_state import MeetingState
from app.domain.records import Interval
from app.domain.wording import count, of
from ui.dialogs.choose import HINT
from ui.dialogs.dialog import FormDialog
from ui.dialogs.guest import GuestDialog
from ui.models.room import SeatRow
from ui.models.table import folded
from ui.pages.meeting.deeds import Deeds, stays_of
from ui.pages.meeting.foresight import COMING, foreseen
from ui.pages.meeting.tab import NOT_OPEN
from ui.widgets.dates import HourField
from ui.widgets.form import Form
from ui.widgets.pick import Option, PickField
from ui.widgets.text import label
from ui.words.chord import chord
from ui.words.persons import People, people
from ui.words.typed_dates import hour_of, instant_of

if TYPE_CHECKING:
    from ui.pages.meeting.hold import HoldTab

ROOM = frozenset({"attendance", "proxy"})

FROM_OPENING = "Vide : dès l'ouverture."
NOW = "Vide : maintenant."
NEVER_OUT = "Vide, comme le départ d'avant : resté dans la salle."
NOT_BACK = "Vide : pas revenu."
AWAY = ", hors de la salle"
STILL_IN = "Vide : encore dans la salle."


class Attending:
    """Notes what happens in the room, in the meeting of a tab."""

    def __init__(self, tab: HoldTab) -> None:
        self._tab = tab

    def do(self, seat: SeatRow, deed: str) -> None:
        """Does what a key of the roll call asks, and shows it before the store has it."""
        tab = self._tab
        if tab.state is None or not seat.allows(deed):
            return
        if deed == "represent":
            self._pass_on(seat)
            return
        if deed == "leave" and tab.bounds() is None:
            deed = "absent"  # nobody leaves a meeting that is not open
        if deed == "correct" or (tab.past and self._needs_hours(tab.state, seat, deed)):
            self._ask_hours(seat, deed)
            return
        deeds, at = Deeds(tab.services, tab.state, tab.item_id, past=tab.past), tab.instant()
        work = deeds.work(seat, deed)
        if work is None:
            return
        tab.item.news.hide()
        if seat.guest and deed == "absent":
            taken_off = f"{seat.name} n'est plus sur la feuille ; {chord('Ctrl+Z')} l'y remet."
            tab.write(work, ROOM, lambda done: tab.tell(taken_off))
            return
        arrived = None if deeds.from_opening(seat) else at
        ahead = foreseen(tab.state, seat, deed, at, arrived)
        if ahead is not None:
            tab.hand(ahead)
        tab.write(work, ROOM, failed=self._on_refused)

    def _needs_hours(self, state: MeetingState, seat: SeatRow, deed: str) -> bool:
        """Whether a deed noted once the meeting is over takes another hour than its opening: who
        leaves, who comes back, who takes the seat from the alternate.
        """
        if deed not in COMING:
            return deed == "leave"
        return seat.by_alternate or bool(stays_of(state, seat, _comer(seat, deed))[1])

    def _on_refused(self, error: Exception) -> None:
        """Tells why, and takes back what was shown before the store had it."""
        self._tab.failed.emit(error)
        self._tab.changed.emit(ROOM)

    def mark_absent(self, seats: Sequence[str]) -> None:
        """Ends the roll call: notes as absent the seats that nobody answered for."""
        tab, meeting_id = self._tab, self._tab.meeting_id
        noted = count(len(seats), "siège noté absent", "sièges notés absents")
        tab.write(
            lambda: tab.services.attendance.mark_absent(meeting_id, seats),
            ROOM,
            lambda done: tab.tell(f"{noted} ; {chord('Ctrl+Z')} annule."),
        )

    def ask_guest(self) -> None:
        """Asks who is present without a seat."""
        tab = self._tab
        commission_id, meeting_id = tab.commission_id, tab.meeting_id

        def open_dialog(known: People) -> None:
            dialog = GuestDialog(
                known,
                lambda person: tab.services.attendance.welcome(meeting_id, person),
                lambda fields: tab.services.records.create("person", fields, commission_id),
                tab.tasks,
                tab,
            )
            dialog.person_added.connect(lambda: tab.changed.emit(frozenset({"person"})))
            dialog.saved.connect(lambda sheet: tab.changed.emit(ROOM))
            dialog.open()

        tab.read(lambda: people(tab.services, commission_id), open_dialog)

    def _ask_hours(self, seat: SeatRow, deed: str) -> None:
        """Asks when each stay began and ended, to correct hours noted late or wrongly; of somebody
        who left, when they came back too.
        """
        tab, bounds, meeting_id = self._tab, self._tab.bounds(), self._tab.meeting_id
        assert tab.state is not None
        if bounds is None:
            tab.tell(NOT_OPEN, "info")
            return
        person_id, noted = stays_of(tab.state, seat, _comer(seat, deed))
        back = bool(noted and noted[-1].left) and deed != "leave"
        stays = [*noted, *([Interval()] if back or not noted else [])]
        known: dict[str, str | None] = {}
        for rank, stay in enumerate(stays):
            known |= {f"arrived{rank}": stay.arrived, f"left{rank}": stay.left}
        form = _hours_form(len(noted), back=back)
        form.set_values({name: hour_of(at) for name, at in known.items()})

        def save(hours: dict[str, Any]) -> object:
            held = bounds()
            at = [instant_of(hours[name], instant, held, name) for name, instant in known.items()]
            pairs = list(zip(at[::2], at[1::2], strict=True))
            return tab.services.attendance.correct_stays(
                meeting_id, seat.entry_id, pairs, person_id
            )

        names = tab.state.names
        whose = of(seat.name) if seat.guest else names.of_seat(seat.id, person_id)
        dialog = FormDialog(f"Présence {whose}", form, save, tab.tasks, tab)
        dialog.saved.connect(lambda sheet: tab.changed.emit(ROOM))
        comes = not noted or (back and deed in COMING)
        dialog.begin_at(f"arrived{len(noted)}" if comes else f"left{len(noted) - 1}")
        dialog.open()

    def _pass_on(self, seat: SeatRow) -> None:
        """Gives a proxy, or takes back the one that was given."""
        tab = self._tab
        proxy_id = seat.proxy_id
        if proxy_id is None:
            self._ask_holder(seat)
            return
        form = Form(1)
        instant = self._ask_hour(form, "Révoqué à")
        dialog = FormDialog(
            "Révoquer le pouvoir",
            form,
            lambda values: tab.services.attendance.revoke_proxy(proxy_id, instant(values)),
            tab.tasks,
            tab,
            confirm="Révoquer le pouvoir",
        )
        words = f"Le pouvoir donné par {seat.name} ne comptera plus."
        dialog.layout_.insertWidget(0, label(words, wrap=True))
        dialog.saved.connect(lambda proxy: tab.changed.emit(ROOM))
        dialog.open()

    def _ask_hour(self, form: Form, words: str) -> Callable[[dict[str, Any]], str | None]:
        """Adds to a form the hour of what it notes, which is now until the meeting opens; gives how
        to read its instant from the values, None for the present one.
        """
        tab, bounds = self._tab, self._tab.bounds()
        assert tab.state is not None
        if bounds is None:
            return lambda values: None
        over = tab.past
        form.add("at", words, HourField(), hint=FROM_OPENING if over else NOW)

        def instant(values: dict[str, Any]) -> str | None:
            held = bounds()
            return instant_of(values["at"], None, held, "at") or (held[0] if over else None)

        return instant

    def _ask_holder(self, seat: SeatRow) -> None:
        tab = self._tab
        assert tab.state is not None
        state, meeting_id = tab.state, tab.meeting_id
        moment = state.at(tab.instant(), tab.current)
        inside = moment.room.occupants
        holders = sorted(  # those in the room first; a proxy may name somebody still on the way
            (
                (one not in inside, state.sitting(one, moment), one)
                for one in moment.room.seats
                if one != seat.id
            ),
            key=lambda holder: (holder[0], folded(holder[1])),
        )
        away = AWAY if inside else ""  # in an empty room it would be said of everybody
        options = [Option(one, f"{name}{away}" if out else name) for out, name, one in holders]
        form, picked = Form(1), PickField(options, HINT)
        form.add("holder", "Représenté par", picked, required="Choisissez un nom dans la liste.")
        instant = self._ask_hour(form, "Reçu à")
        dialog = FormDialog(
            f"Pouvoir {of(seat.name)}",
            form,
            lambda values: tab.services.attendance.give_proxy(
                meeting_id, seat.id, values["holder"], instant(values)
            ),
            tab.tasks,
            tab,
            confirm="Noter le pouvoir",
        )
        dialog.saved.connect(lambda proxy: tab.changed.emit(ROOM))
        dialog.open()


def _comer(seat: SeatRow, deed: str) -> str | None:
    """Who comes by a deed; None for a guest and for another deed."""
    return {"present": seat.titular_id, "alternate": seat.alternate_id}.get(deed)


def _hours_form(noted: int, *, back: bool) -> Form:
    """The hours of the stays noted, and of one more for who came `back`, or has none yet."""
    form = Form(2)
    needed = "" if noted else "Donnez l'heure de son arrivée."
    last = max(noted + back, 1) - 1
    for rank in range(last + 1):
        words, hint = ("Revenu à", NEVER_OUT) if rank else ("Arrivé à", FROM_OPENING)
        hint = NOT_BACK if back and rank == last else hint
        form.add(f"arrived{rank}", words, HourField(), hint=hint, required=needed)
        hint = STILL_IN if rank == last and not back else ""
        form.add(f"left{rank}", "Reparti à" if rank else "Parti à", HourField(), hint=hint)
    return form
