"""The procès-verbal: everything that the law asks of it (CGCT L2121-15), item by item."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.documents.document import Document, Letterhead
from app.documents.items import ItemWriter
from app.documents.masthead import finished, masthead, open_paper
from app.documents.meeting_parts import meeting_facts, meeting_values, write_actions
from app.documents.meeting_words import (
    is_draft,
    iso_day,
    item_title,
    lowered,
    meeting_title,
    numbers,
)
from app.documents.pdf.paper import Paper
from app.documents.pdf.styles import SIDE
from app.documents.pdf.table import Column
from app.documents.pdf.text import Run
from app.documents.people import Line, Lists, People
from app.documents.seal import Seal, sealed_file, sealing_foot
from app.documents.templates import Part, arrange, shipped
from app.domain import wording
from app.domain.attendance import seconds
from app.domain.document_templates import Template
from app.domain.follow_up import Became
from app.domain.meeting_file import MeetingFile
from app.domain.meeting_state import MeetingState
from app.domain.names import with_place
from app.domain.records import Need, Proxy, Record
from app.domain.titles import printed_title


def minutes(
    file: MeetingFile, letterhead: Letterhead, made_at: datetime, *, seal: Seal | None = None,
    became: Sequence[Became[Need]] = (), template: Template | None = None,
) -> Document:  # fmt: skip
    """The minutes as a PDF, sealed when a seal is given; the shipped template is the default.

    `became` are needs of earlier meetings on which these minutes report.
    """
    whole = _Minutes(file, letterhead, made_at, seal, became)
    return whole.write(template or shipped("minutes"))


class _Minutes:
    def __init__(
        self, file: MeetingFile, letterhead: Letterhead, made_at: datetime, seal: Seal | None,
        became: Sequence[Became[Need]],
    ) -> None:  # fmt: skip
        self.file, self.letterhead, self.seal, self.became = file, letterhead, seal, became
        self.made_at = made_at
        self.state = MeetingState(file)
        self.people = People(self.state)
        self.title = "Projet de procès-verbal" if is_draft(file) else "Procès-verbal"
        self.name = file.commission.fields.name
        meeting = lowered(meeting_title(file.meeting.fields))
        self.paper = open_paper(
            letterhead, f"{self.title}, {meeting}, {self.name}", made_at,
            subject=f"{self.title} : {self.name}",
            head=f"{self.title}, {meeting} – {self.name}",
            files=sealed_file(seal, "proces-verbal.json"),
        )  # fmt: skip
        self.writer = ItemWriter(self.paper, self.people)

    def write(self, template: Template) -> Document:
        paper, file = self.paper, self.file
        masthead(paper, self.letterhead, self.name, self.title, meeting_title(file.meeting.fields))
        if is_draft(file):
            paper.text("Projet, soumis à l'approbation de la prochaine séance.", "strong")
        paper.facts(meeting_facts(self.people))
        paper.contents()
        values = meeting_values(self.people, self.letterhead, self.made_at)
        arrange(paper, template, values, self._parts())
        if self.seal:
            sealing_foot(paper, self.seal, "Procès-verbal gelé")
        return finished(paper, "pv", iso_day(file.meeting.fields), self.name)

    def _parts(self) -> dict[str, Part]:
        return {
            "attendance": self._attendance,
            "quorum": self._quorum,
            "agenda": self._agenda,
            "follow_up": self._follow_up,
            "items": lambda heading: self._items(),
            "other_needs": self._other_needs,
            "actions": lambda heading: write_actions(self.paper, self.people, heading),
        }

    def _attendance(self, heading: str) -> None:
        lists = self.people.lists()
        self.paper.heading(2, heading)
        self.paper.text(_summary(lists), keep=True)
        _people_table(self.paper, "Présents", "Remarque", lists.present, seats=lists.seats_present)
        represented = lists.represented
        _people_table(
            self.paper, "Représentés", "Pouvoir donné à", represented, seats=len(represented)
        )
        for label, lines in (
            ("Excusés", lists.excused),
            ("Absents", lists.absent),
            ("Autres participants", lists.others),
            ("Excusés, sans voix", lists.voteless_excused),
            ("Absents, sans voix", lists.voteless_absent),
        ):
            self.paper.text(" ;\n".join(_named(line) for line in lines), label=label)
        for reason in self._vain_proxies():
            self.paper.text(reason, "note", label="Pouvoir sans effet")

    def _vain_proxies(self) -> list[str]:
        """The proxies that counted at no moment, with the reason; not one noted twice that did."""
        counted = {
            (one.fields.giver_entry_id, one.fields.holder_entry_id)
            for one in self.file.proxies
            if one.id in self.people.effective
        }
        return [
            f"{self.state.names.seat(proxy.fields.giver_entry_id)} à"
            f" {self.state.names.seat(proxy.fields.holder_entry_id)} : {self._hindrance(proxy)}."
            for proxy in self.file.proxies
            if (proxy.fields.giver_entry_id, proxy.fields.holder_entry_id) not in counted
        ]

    def _hindrance(self, proxy: Record[Proxy]) -> str:
        """Why a proxy did not count, at the first moment after its receipt, else at the opening."""
        received = proxy.fields.received_at
        had = [
            moment
            for moment in self.people.state.moments()
            if received and moment.at and seconds(received) <= seconds(moment.at)
        ]
        met = min(had, key=lambda moment: seconds(moment.at or ""), default=None)
        states = (met or self.state.at(self.state.opening)).proxies
        return next(one.reason for one in states if one.id == proxy.id)

    def _quorum(self, heading: str) -> None:
        self.paper.heading(2, heading)
        self.paper.text(f"À l'ouverture. {self.state.opening_quorum.sentence}.")
        if self.state.gathered_nobody:
            self.paper.text("Personne ne s'est présenté : aucun point n'a pu être abordé.")

    def _agenda(self, heading: str) -> None:
        if not self.file.items:
            return
        self.paper.heading(2, heading)
        given = numbers(self.file)
        self.paper.bullets(
            [item_title(item) for item in self.file.items],
            labels=[f"{given[item.id]}." for item in self.file.items],
        )

    def _follow_up(self, heading: str) -> None:
        """What became of earlier needs (« Ce que vous aviez demandé est devenu… »)."""
        if not self.became:
            return
        self.paper.heading(2, heading)
        self.paper.bullets(
            [
                [Run(printed_title(one.record.fields.title), bold=True), f" : {one.words}"]
                for one in self.became
            ]
        )

    def _items(self) -> None:
        for item in self.writer.written():
            self.writer.write(item)

    def _other_needs(self, heading: str) -> None:
        """The needs raised outside of any item that these minutes write."""
        written = {item.id for item in self.writer.written()}
        others = [n for n in self.file.needs if n.fields.agenda_item_id not in written]
        if others:
            self.paper.heading(2, heading)
        for need in others:
            self.writer.need(need.fields)


def _summary(lists: Lists) -> str:
    counts = [wording.count(lists.seats_present, "membre présent", "membres présents")]
    for lines, word in (
        (lists.represented, "représenté"),
        (lists.excused, "excusé"),
        (lists.absent, "absent"),
    ):
        if lines:
            counts.append(wording.count(len(lines), word))
    return f"{', '.join(counts)}, sur {lists.seats} en exercice."


def _people_table(paper: Paper, title: str, remark: str, lines: list[Line], *, seats: int) -> None:
    """A list under its number of seats; a seat that two people held in turn counts once."""
    if not lines:
        return
    paper.heading(3, f"{title} ({seats})")
    columns = [Column("Collectivité", 34), Column("Nom et qualité", 40)]
    rows: list[list[str]] = [[line.place or "–", _listed(line.person, line.role)] for line in lines]
    if any(line.remark for line in lines):
        columns.append(Column(remark, 30))
        rows = [[*row, line.remark] for row, line in zip(rows, lines, strict=True)]
    paper.table(columns, rows, caption=title, indent=SIDE, fit=False)


def _named(line: Line) -> str:
    """« Luc Garnier (Chevannes), conseiller, à partir de 18 h 40 »"""
    return _listed(with_place(line.person, line.place), line.role, line.remark)


def _listed(*words: str) -> str:
    return ", ".join(filter(None, words))
