"""One item of the agenda on paper: who reported, what was said, voted, decided and asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.documents.formatted import inline, write_formatted, write_plain
from app.documents.meeting_words import hour_in, hours_in, item_title, numbers
from app.documents.pdf.paper import Paper
from app.documents.pdf.styles import SIDE
from app.documents.pdf.table import Column
from app.documents.pdf.text import Content, Run
from app.documents.people import People
from app.domain import ballots, dates, wording
from app.domain.meeting_state import Moment
from app.domain.records import (
    Action,
    AgendaItem,
    Ballot,
    Meeting,
    Need,
    Record,
    Solution,
    WatchNote,
)
from app.domain.search_text import fold
from app.domain.titles import printed_title

_SQUARE = str.maketrans("()", "[]")

METHODS = {
    "show_of_hands": "Vote à main levée",
    "roll_call": "Vote par appel nominal",
    "secret": "Vote au scrutin secret",
}
_SIDES = {"for": "pour", "against": "contre", "abstain": "abstention"}


class ItemWriter:
    """Writes items one after the other; the quorum is told when it changes."""

    def __init__(self, paper: Paper, people: People) -> None:
        self.paper, self.people = paper, people
        self.state, self.file = people.state, people.file
        self._numbers = numbers(self.file)
        self._quorum = self.state.opening_quorum.sentence

    def written(self) -> list[Record[AgendaItem]]:
        """The items to write: a withdrawn one too, when something was noted on it."""
        state = self.state
        return [one for one in self.file.items if not one.fields.withdrawn or state.is_told(one)]

    def write(self, item: Record[AgendaItem]) -> None:
        """The whole of an item, in the order of a meeting."""
        fields = item.fields
        self.heading(item)
        self.paper.text(_when_and_who(fields, self.file.meeting.fields), "small", keep=True)
        if self.state.is_unreached(item):
            self.paper.text("Point non abordé.")
            return
        self.room(item)
        self._presented(fields.linked_id)
        write_formatted(self.paper, fields.notes)
        for need in self.file.needs:
            if need.fields.agenda_item_id == item.id:
                self.need(need.fields)
        self.outcome(item)

    def heading(self, item: Record[AgendaItem]) -> None:
        """The item's number and title."""
        number = self._numbers[item.id]
        self.paper.heading(2, item_title(item), label=f"{number}." if number else "")

    def room(self, item: Record[AgendaItem]) -> None:
        """The quorum at an item, when it differs from the one told last, and who steps aside."""
        if not item.fields.withdrawn:
            self._tell_quorum(self.state.item(item))
        self._excluded(item)

    def outcome(self, item: Record[AgendaItem]) -> None:
        """What was voted, decided and left to do."""
        for ballot in self.state.ballots_of.get(item.id, ()):
            self._ballot(ballot)
        for decision in self.file.decisions:
            if decision.fields.agenda_item_id == item.id:
                write_formatted(self.paper, decision.fields.text, "strong", label="Décision")
        for action in self.file.actions:
            if action.fields.agenda_item_id == item.id:
                self.paper.text(self.action(action.fields), label="Suite à donner")

    def action(self, fields: Action) -> Content:
        """« Envoyer le modèle (Paul Roy, pour le 15 avril 2027) »; brackets in these are square."""
        details = [owner(self.people, fields).translate(_SQUARE)]
        if fields.due_on:
            details.append(f"pour le {wording.short_day(dates.day(fields.due_on))}")
        remark = ", ".join(detail for detail in details if detail)
        return [*inline(fields.text), f" ({remark})" if remark else ""]

    def _tell_quorum(self, moment: Moment) -> None:
        if moment.quorum.sentence != self._quorum:
            self._quorum = moment.quorum.sentence
            self.paper.text(f"{self._quorum}.", keep=True)

    def _excluded(self, item: Record[AgendaItem]) -> None:
        moment = self.state.item(item)
        if moment.room.excluded:
            names = self._sitting(moment.room.excluded, moment)
            self.paper.text(wording.ended(_aside(names, "à ce point")), label="Déport", keep=True)

    def _sitting(self, entries: Iterable[str], moment: Moment) -> list[str]:
        """Who sits for each of the entries, in the order of the lists."""
        ordered = sorted(entries, key=self.people.order_of)
        return [self.state.sitting(entry, moment) for entry in ordered]

    def _presented(self, linked_id: str | None) -> None:
        """The watch note or the solution that the item is about."""
        key = linked_id or ""
        if key in self.file.watch_notes:
            self._watch_note(self.file.watch_notes[key].fields)
        elif key in self.file.solutions:
            self._solution(self.file.solutions[key].fields)

    def _watch_note(self, note: WatchNote) -> None:
        paper = self.paper
        paper.text([Run(printed_title(note.title), bold=True)], label="Note de veille", keep=True)
        write_plain(paper, note.body)
        write_plain(paper, note.todo, label="À faire")
        dated = [
            f"publication le {wording.short_day(dates.day(note.published_on))}"
            if note.published_on else "",
            f"en vigueur le {wording.short_day(dates.day(note.applies_from))}"
            if note.applies_from else "",
            f"échéance le {wording.short_day(dates.day(note.deadline_on))}"
            if note.deadline_on else "",
        ]  # fmt: skip
        told = (part for part in (note.reference, *dated) if part.strip())
        source = wording.capitalised(", ".join(told))
        if source or note.url:
            end = f"{wording.ended(source)}\n" if source and note.url else source
            link = [Run(note.url, link=note.url)] if note.url else []
            paper.text([end, *link], "note")

    def _solution(self, solution: Solution) -> None:
        self.paper.text(
            [Run(printed_title(solution.title), bold=True)], label="Solution", keep=True
        )
        write_plain(self.paper, solution.description)

    def need(self, need: Need) -> None:
        """A need by its title, then in the words of who spoke."""
        paper = self.paper
        paper.text([Run(printed_title(need.title), bold=True)], label="Besoin", keep=True)
        speaker = self.people.with_place(need.speaker_person_id) if need.speaker_person_id else ""
        named = dict.fromkeys(need.organisation_ids)
        places = sorted(filter(None, map(self.people.place, named)), key=fold)
        said = [
            f"Exprimé par {speaker}" if speaker else "",
            f"pour {wording.listed(places)}" if places else "",
            f"à satisfaire avant le {wording.short_day(dates.day(need.deadline_on))}"
            if need.deadline_on else "",
        ]  # fmt: skip
        remark = ", ".join(part for part in said if part)
        write_plain(paper, need.words, keep=bool(remark), quoted=True)
        if remark:
            paper.text(wording.ended(wording.capitalised(remark)), "note")

    def _ballot(self, ballot: Record[Ballot]) -> None:
        fields, paper = ballot.fields, self.paper
        moment = self.state.ballot(ballot)
        if fields.question.strip():
            paper.text(fields.question, label="Question", keep=True)
        self._tell_quorum(moment)
        if not ballots.is_entered(fields):
            paper.text(f"{METHODS[fields.method]} : les voix ne sont pas saisies.", label="Vote")
            return
        turnout = ballots.turnout(ballots.tally(fields), len(moment.voters(fields)))
        meeting = self.file.meeting.fields
        held = f", à {hour_in(meeting, fields.held_at)}" if fields.held_at else ""
        how = f"{METHODS[fields.method]}{held} : {turnout}. "
        method: Content = [how, Run(f"{self.state.result(ballot)}.", bold=True)]
        remarks, named = list(self._remarks(fields, moment)), fields.method == "roll_call"
        paper.text(method, label="Vote", keep=named or bool(remarks))
        for remark in remarks:
            paper.text(wording.ended(remark), "note", keep=named)
        if named:
            self._roll_call(fields, moment)

    def _remarks(self, fields: Ballot, moment: Moment) -> Iterator[str]:
        """The requests for a particular method, which minutes tell (CGCT L2121-15), and who did not
        take part.
        """
        for what, asking in (
            ("Scrutin secret", fields.secret_requested_by),
            ("Appel nominal", fields.roll_call_requested_by),
        ):
            if asking:
                yield f"{what} demandé par {wording.listed(self._sitting(asking, moment))}"
        if fields.appointment and fields.secret_waived and fields.method != "secret":
            yield "Scrutin secret écarté à l'unanimité"
        if fields.not_taking_part:
            yield _aside(self._sitting(fields.not_taking_part, moment), "au vote")

    def _roll_call(self, fields: Ballot, moment: Moment) -> None:
        rows = []
        for entry_id in sorted(fields.votes, key=self.people.order_of):
            holder = moment.represented.get(entry_id)
            by = f"par {self.state.sitting(holder, moment)}" if holder else ""
            name = self.state.sitting(entry_id, moment)
            rows.append([name, _SIDES[fields.votes[entry_id]], by])
        if rows:
            columns = [Column("Membre", 50), Column("Vote", 18), Column("Pouvoir exercé", 36)]
            if not any(row[2] for row in rows):
                columns, rows = columns[:2], [row[:2] for row in rows]
            self.paper.table(columns, rows, caption="Votes de l'appel nominal", indent=SIDE)


def _aside(names: list[str], what: str) -> str:
    verb = wording.agree(len(names), "Ne prend pas part", "Ne prennent pas part")
    return f"{verb} {what} : {wording.listed(names)}"


def owner(people: People, action: Action) -> str:
    """Who does it: the person, the organisation, or both."""
    place = people.place(action.owner_organisation_id)
    if action.owner and place:
        return f"{action.owner}, {place}"
    return action.owner or place


def _when_and_who(fields: AgendaItem, meeting: Meeting) -> str:
    parts = []
    if fields.started_at and fields.ended_at:
        parts.append(hours_in(meeting, fields.started_at, fields.ended_at))
    elif fields.started_at:
        parts.append(f"à {hour_in(meeting, fields.started_at)}")
    if fields.presenter.strip():
        parts.append(f"rapporteur : {fields.presenter}")
    return wording.capitalised(", ".join(parts))
