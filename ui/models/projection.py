"""What the projector shows: made only of what the whole room may read.

Notes, needs in their speaker's words, persons, addresses and telephone numbers have no way into
it. Presenters are named all the same: they are on the agenda that everybody was sent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from app.domain import ballots
from app.domain.cost_sharing import offer_taken
from app.domain.cost_terms import HERE_ALONE, taken_words
from app.domain.dates import day
from app.domain.meeting_state import MeetingState
from app.domain.needs import TURNED_DOWN
from app.domain.records import AgendaItem, Ballot, Meeting, Record, Solution, WatchNote
from app.domain.wording import capitalised, day_and_hour, hour, short_day, whole
from ui.models.standings import Costs
from ui.words import costs as cost_words
from ui.words.choices import UNTITLED_NEED, note_title, solution_title, words_of

Subject = Literal["item", "watch", "solution", "costs", "ballot", "needs", "blank"]

SUBJECTS: dict[Subject, str] = {
    "item": "Le &point en cours",
    "watch": "La note de &veille",
    "solution": "La &solution",
    "costs": "La feuille de &coûts",
    "ballot": "Le vote, puis son &résultat",
    "needs": "Les &besoins exprimés",
    "blank": "Un écran &neutre",
}
"""What can be shown, in the words of the menu; the letter after & chooses it."""


@dataclass(frozen=True)
class Chosen:
    """What was chosen to be shown; without an item, whatever item the meeting is at."""

    subject: Subject = "item"
    item_id: str | None = None


@dataclass(frozen=True)
class Table:
    """Rows under their heads; every column but the first stands at the right."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def spoken(self) -> tuple[str, ...]:
        """Each row in words; where it has several numbers, each after the head of its column."""
        several = len(self.heads) > 2
        return tuple(
            ", ".join(
                f"{head} {cell}" if number and several else cell
                for number, (head, cell) in enumerate(zip(self.heads, row, strict=True))
            )
            for row in self.rows
        )


@dataclass(frozen=True)
class Projection:
    """One view: plain text, no record. `tone` colours the first line: success or danger."""

    subject: Subject = "blank"
    head: str = ""
    title: str = ""
    lines: tuple[str, ...] = ()
    table: Table | None = None
    tone: str = ""
    quorum: str = ""
    quorum_reached: bool = True

    @property
    def spoken(self) -> str:
        """What a screen reader says."""
        parts = [self.title, *self.lines, *(self.table.spoken if self.table else ()), self.quorum]
        return " ".join(part if part[-1] in ".!?…" else f"{part}." for part in parts if part)


def item_at(state: MeetingState) -> Record[AgendaItem] | None:
    """The item that the meeting is at: the last one begun that has not ended, else the last begun.

    None before the first one has begun.
    """
    begun = [one for one in state.file.items if one.fields.started_at and not one.fields.withdrawn]
    begun.sort(key=lambda one: one.fields.started_at or "")
    running = [one for one in begun if not one.fields.ended_at]
    return next(reversed(running or begun), None)


def shown_item(state: MeetingState, chosen: Chosen) -> Record[AgendaItem] | None:
    """The item that a choice is about."""
    return state.items.get(chosen.item_id) if chosen.item_id else item_at(state)


def offered(state: MeetingState, item: Record[AgendaItem] | None) -> frozenset[Subject]:
    """The subjects that an item and its meeting have something to show for."""
    found: set[Subject] = {"item", "blank"}
    if _watch_note(state, item):
        found.add("watch")
    solution = linked_solution(state, item)
    if solution:
        found.add("solution")
        found |= {"costs"} if solution.fields.plan else set()
    if _last_ballot(state, item):
        found.add("ballot")
    if state.file.needs:
        found.add("needs")
    return frozenset(found)


def projected(
    state: MeetingState, chosen: Chosen, at: str, costs: Costs | None = None
) -> Projection:
    """The view of a choice at an instant; the item itself where it does not offer that subject.

    `costs` are those of the item's solution, when they are known.
    """
    if chosen.subject == "blank":
        return Projection()
    item = shown_item(state, chosen)
    subject = chosen.subject if chosen.subject in offered(state, item) else "item"
    if subject == "costs" and costs is None:
        subject = "solution"
    meeting = state.file.meeting.fields
    quorum = state.at(at, item).quorum if meeting.status == "open" else None
    over = bool(meeting.closed_at) and subject == "item" and chosen.item_id is None
    title, lines, table, tone = _over(meeting) if over else _SHOW[subject](state, item, costs)
    return Projection(
        subject=subject,
        head=" · ".join(
            part for part in (state.file.commission.fields.name, meeting.title) if part
        ),
        title=title,
        lines=tuple(line for line in lines if line.strip()),
        table=table,
        tone=tone,
        quorum=quorum.sentence if quorum else "",
        quorum_reached=quorum is None or quorum.reached,
    )


View = tuple[str, list[str], Table | None, str]
Item = Record[AgendaItem] | None


def _item(state: MeetingState, item: Item, costs: Costs | None) -> View:
    meeting = state.file.meeting.fields
    if item is None:
        return meeting.title, [_when(meeting), meeting.place], None, ""
    fields = item.fields
    solution, note = linked_solution(state, item), _watch_note(state, item)
    about = solution.fields.title if solution else note.fields.title if note else ""
    lines = [
        about if about != fields.title else "",
        f"Présenté par {fields.presenter.strip()}" if fields.presenter.strip() else "",
        *_next(state, item),
    ]
    return _titled(item), lines, None, ""


def _over(meeting: Meeting) -> View:
    """The last view: the meeting is closed, and no item of it was chosen to stay in sight."""
    return "La séance est close", [f"À {hour(meeting.closed_at or '')}"], None, ""


def _watch(state: MeetingState, item: Item, costs: Costs | None) -> View:
    note = _watch_note(state, item)
    assert note is not None
    fields = note.fields
    dates = [
        words_of(note, "level"),
        f"en vigueur le {short_day(day(fields.applies_from))}" if fields.applies_from else "",
        f"échéance le {short_day(day(fields.deadline_on))}" if fields.deadline_on else "",
    ]
    lines = [
        ", ".join(part for part in dates if part),
        f"À faire : {fields.todo.strip()}" if fields.todo.strip() else "",
        *fields.body.split("\n"),
        fields.reference,
    ]
    return note_title(note), lines, None, ""


def _solution(state: MeetingState, item: Item, costs: Costs | None) -> View:
    found = linked_solution(state, item)
    assert found is not None
    fields = found.fields
    lines = [
        *fields.description.split("\n"),
        f"Fournisseur : {fields.provider}" if fields.provider.strip() else "",
    ]
    return solution_title(found), lines, None, ""


def _costs(state: MeetingState, item: Item, costs: Costs | None) -> View:
    found = linked_solution(state, item)
    assert found is not None
    assert costs is not None
    provider = found.fields.provider
    offer = offer_taken(costs.plan, costs.comparison, provider)
    several = len(costs.plan.offers) > 1
    lines = [
        taken_words(costs.plan, costs.comparison, provider) if several else "",
        HERE_ALONE if found.commission_id is None else "",
        cost_words.progress(costs, offer, joined=found.fields.status not in TURNED_DOWN),
    ]
    years = costs.plan.years
    rows = tuple(
        (
            costs.name(share.code),
            cost_words.a_year(share.share_cents, years),
            cost_words.a_year(share.alone_cents, years),
        )
        for share in offer.shares
    )
    heads = ("HT par an, en moyenne", "Ensemble", "Seule")
    return solution_title(found), lines, Table(heads, rows), ""


def _ballot(state: MeetingState, item: Item, costs: Costs | None) -> View:
    ballot = _last_ballot(state, item)
    assert ballot is not None
    title = ballot.fields.question.strip() or (_titled(item) if item else "Vote")
    if not ballots.is_entered(ballot.fields):
        return title, ["Vote en cours"], None, ""
    votes = ballots.tally(ballot.fields)
    counts = (
        ("Pour", votes.in_favour),
        ("Contre", votes.against),
        ("Abstentions", votes.abstentions),
        ("Blancs", votes.blanks),
    )
    rows = tuple((name, whole(number)) for name, number in counts if number)
    tone = "success" if state.adopts(ballot) else "danger"
    return title, [state.result(ballot)], Table(("Vote", "Voix"), rows), tone


def _needs(state: MeetingState, item: Item, costs: Costs | None) -> View:
    titles = [one.fields.title or UNTITLED_NEED for one in state.file.needs]
    return "Besoins exprimés", titles, None, ""


_SHOW = {
    "item": _item,
    "watch": _watch,
    "solution": _solution,
    "costs": _costs,
    "ballot": _ballot,
    "needs": _needs,
}


def _titled(item: Record[AgendaItem]) -> str:
    number = f"{item.fields.number}. " if item.fields.number else ""
    return f"{number}{item.fields.title}"


def _when(meeting: Meeting) -> str:
    return capitalised(day_and_hour(meeting.starts_at)) if meeting.starts_at else ""


def _next(state: MeetingState, item: Record[AgendaItem]) -> Iterator[str]:
    """The next item to begin, else the first one passed over; none once the meeting is closed."""
    if state.file.meeting.fields.closed_at:
        return
    items = list(state.file.items)
    place = next(number for number, one in enumerate(items) if one.id == item.id)
    waiting = (
        one
        for one in (*items[place + 1 :], *items[:place])
        if not one.fields.started_at and not one.fields.withdrawn
    )
    following = next(waiting, None)
    if following is not None:
        yield f"Ensuite : {_titled(following)}"


def _watch_note(state: MeetingState, item: Item) -> Record[WatchNote] | None:
    return state.file.watch_notes.get((item.fields.linked_id or "") if item else "")


def linked_solution(state: MeetingState, item: Item) -> Record[Solution] | None:
    """The solution that an item is about."""
    return state.file.solutions.get((item.fields.linked_id or "") if item else "")


def _last_ballot(state: MeetingState, item: Item) -> Record[Ballot] | None:
    """The last ballot of an item; one without votes yet only while the meeting is open."""
    found = state.ballots_of.get(item.id, []) if item else []
    voting = state.file.meeting.fields.status == "open"
    told = [one for one in found if voting or ballots.is_entered(one.fields)]
    return told[-1] if told else None
