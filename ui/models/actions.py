"""The list of actions, of a commission or of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.domain.actions import by_due, is_overdue
from app.domain.formatted_text import unmarked
from app.domain.names import organisation_names
from app.domain.records import Action, Meeting, Record
from ui.models.meetings import begins_at
from ui.models.scope import commission, commission_names
from ui.models.table import Column, Columns
from ui.words.choices import NEWER
from ui.words.typed_dates import written_day, written_day_of

if TYPE_CHECKING:
    from app.bootstrap import Services

NOTHING = "Rien n'attend : les suites décidées en séance s'inscrivent ici."
"""What is said where there is no action."""

STATES = {
    "late": ("En retard", "danger"),
    "open": ("À faire", "info"),
    "done": ("Faite", "success"),
    "dropped": ("Abandonnée", "neutral"),
}
"""The words and the tone of each status of an action, and of an open one whose date is past."""


@dataclass(frozen=True)
class ActionRow:
    """An action with the words of what it refers to, and the meeting that decided it.

    `commission` is "" where one commission alone is listed; `late`: it is open and its date past.
    """

    action: Record[Action]
    commission: str
    owner: str
    meeting: Record[Meeting] | None
    late: bool

    @property
    def id(self) -> str:
        return self.action.id

    @property
    def title(self) -> str:
        return unmarked(self.action.fields.text)

    @property
    def decided_at(self) -> str | None:
        return begins_at(self.meeting.fields) if self.meeting else None

    @property
    def open(self) -> bool:
        return "status" not in self.action.unread and self.action.fields.status == "open"

    @property
    def state(self) -> str:
        return "late" if self.late else self.action.fields.status


def _state_of(row: ActionRow) -> tuple[str, str]:
    return (NEWER, "neutral") if "status" in row.action.unread else STATES[row.state]


class ActionColumn(Columns):
    """One action a row."""

    TEXT = Column[ActionRow]("Suite à donner", lambda row: row.title, width=0, lines=2)
    COMMISSION = commission()
    OWNER = Column[ActionRow]("Responsable", lambda row: row.owner, width=160, role="muted")
    DUE = Column[ActionRow](
        "Échéance",
        lambda row: written_day(row.action.fields.due_on),
        lambda row: row.action.fields.due_on,
        width=105,
    )
    STATE = Column[ActionRow](
        "État",
        lambda row: _state_of(row)[0],
        lambda row: list(STATES).index(row.state),
        tone=lambda row: _state_of(row)[1],
        width=120,
    )
    MEETING = Column[ActionRow](
        "Séance",
        lambda row: written_day_of(row.decided_at),
        lambda row: row.decided_at,
        width=105,
        role="muted",
    )


def action_rows(services: Services, commission_id: str | None) -> list[ActionRow]:
    """The actions of a commission, or of all for None, by due date; reads the workspace."""
    records, space = services.records, commission_id or "*"
    commissions = commission_names(services, commission_id)
    meetings = {one.id: one for one in records.list("meeting", space)}
    held_at = {one.id: one.fields.meeting_id for one in records.list("agenda_item", space)}
    today = services.workspace.clock().date()
    actions: Sequence[Record[Action]] = records.list("action", space)
    owners = {one.fields.owner_organisation_id for one in actions}
    found = records.list("organisation", None)
    places = organisation_names(one for one in found if one.id in owners)
    return [
        ActionRow(
            action=one,
            commission=commissions.get(one.commission_id or "", ""),
            owner=_owner(one.fields, places),
            meeting=meetings.get(held_at.get(one.fields.agenda_item_id or "") or ""),
            late="status" not in one.unread and is_overdue(one.fields, today),
        )
        for one in by_due(actions)
    ]


def _owner(action: Action, places: dict[str, str]) -> str:
    """Who does it: the person, the organisation, or both."""
    place = places.get(action.owner_organisation_id or "", "")
    return ", ".join(part for part in (action.owner.strip(), place) if part)
