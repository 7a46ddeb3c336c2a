"""The card of the other commissions: when each one meets next, and what is to be done before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from PySide6.QtCore import Signal

from app.domain.dates import local_day
from app.domain.wording import capitalised, count, short_day
from app.services.overview import Overview
from ui.models.meetings import begins_at
from ui.widgets.line import Line
from ui.widgets.section import Section
from ui.words.days import distance, due_tone


class OtherCommissions(Section):
    """`chosen` carries the id of the commission to turn to; hidden where there is no other."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__("Vos autres commissions")
        self.hide()

    def show_overviews(
        self, views: Sequence[Overview], names: Mapping[str, str], today: date
    ) -> None:
        self.clear()
        for view in views:
            line = Line(
                names.get(view.commission.id, view.commission.fields.name),
                capitalised(" · ".join(_to_do(view, today))),
                *_chip(view, today),
                most_lines=2,
                detail_lines=3,
            )
            line.clicked.connect(
                lambda checked=False, one=view.commission.id: self.chosen.emit(one)
            )
            self.add(line)
        self.setVisible(bool(views))


def _to_do(view: Overview, today: date) -> Iterator[str]:
    """When it meets, then what is most urgent first."""
    latest = view.latest_sending_on
    yield _when(view)
    if latest is not None:
        late = latest < today
        yield (
            "convocations en retard"
            if late
            else f"à convoquer au plus tard {distance(latest, today)}"
        )
    if view.meeting is not None and not view.item_count:
        yield "ordre du jour vide"
    if view.overdue:
        yield count(len(view.overdue), "suite en retard", "suites en retard")
    if view.left_open:
        yield count(len(view.left_open), "séance non close", "séances non closes")
    if view.unheld:
        yield count(len(view.unheld), "séance non ouverte", "séances non ouvertes")
    if view.unfinished:
        yield count(len(view.unfinished), "procès-verbal à conclure", "procès-verbaux à conclure")


def _when(view: Overview) -> str:
    if view.meeting is None:
        return "aucune séance prévue"
    if view.meeting.fields.status == "open":
        return "séance en cours"
    starts = begins_at(view.meeting.fields)
    return short_day(local_day(starts)) if starts else "date à fixer"


def _chip(view: Overview, today: date) -> tuple[str, str]:
    """How far the meeting is, in the tone of its convocations."""
    starts = begins_at(view.meeting.fields) if view.meeting is not None else None
    latest = view.latest_sending_on
    tone = due_tone(latest, today) if latest is not None else "neutral"
    return (capitalised(distance(local_day(starts), today)), tone) if starts else ("", tone)
