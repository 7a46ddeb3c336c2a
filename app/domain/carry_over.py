"""What a meeting leaves to the next one: items to propose for its agenda, each with the reason."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.domain import attendance, wording
from app.domain.agenda_templates import GENERIC, Template
from app.domain.dates import day
from app.domain.meeting_file import MeetingFile
from app.domain.meeting_state import MeetingState
from app.domain.records import AgendaItem, ItemKind, Meeting, Record, WatchNote

WATCH_MINUTES = 10
APPROVAL_MINUTES = 5
FOLLOW_UP_MINUTES = 15

_HEADS: tuple[ItemKind, ...] = ("opening", "approval", "follow_up")
"""The kinds that open an agenda, in this order."""


@dataclass(frozen=True)
class Proposal:
    """An item for an agenda: its fields, and why in French.

    `item_id` names an item that is on the agenda already and only lacks what `fields` say.
    """

    fields: dict[str, Any]
    why: str
    item_id: str | None = None

    @property
    def kind(self) -> ItemKind:
        kind: ItemKind = self.fields["kind"]
        return kind

    @property
    def linked_id(self) -> str | None:
        linked: str | None = self.fields.get("linked_id")
        return linked


def approvals(last: MeetingFile) -> Iterator[Proposal]:
    """The approval of the last meeting's minutes, after that of the failed meeting which it
    reconvened, if it did; none for minutes that are approved already.
    """
    if last.reconvened_from is not None:
        yield from approvals(last.reconvened_from)
    meeting = last.meeting
    if meeting.fields.status != "approved":
        fields = {
            "kind": "approval",
            "title": f"Approbation du procès-verbal de la séance {held(meeting.fields)}",
            "linked_id": meeting.id,
            "planned_minutes": APPROVAL_MINUTES,
        }
        yield Proposal(fields, "Ce procès-verbal n'est pas encore approuvé")


def follow_up(why: str) -> Proposal:
    """The item that tells what became of former requests; `why` says what there is to tell."""
    fields = {
        "kind": "follow_up",
        "title": GENERIC["follow_up"],
        "planned_minutes": FOLLOW_UP_MINUTES,
    }
    return Proposal(fields, why)


def unfinished(last: MeetingFile, approved: Collection[str] = ()) -> Iterator[Proposal]:
    """The items that the last meeting did not come to, or left without vote or decision.

    Openings and follow-ups, which every agenda holds, are left out, and so is what is linked to one
    of the `approved`; an approval comes back when its vote failed.
    """
    state = MeetingState(last)
    for item in last.items:
        if not item.fields.withdrawn and item.fields.linked_id not in approved:
            why = _left(state, item)
            if why:
                yield _again(last, item, why)


def put_off(last: MeetingFile, approved: Collection[str] = ()) -> Iterator[Proposal]:
    """The items that may only have been put off: those withdrawn from the agenda of the last
    meeting, and the approvals that it came to without a vote; none linked to one of the `approved`.
    """
    state = MeetingState(last)
    for item in last.items:
        why = _off(state, item)
        if why and item.fields.linked_id not in approved:
            yield _again(last, item, why)


def _off(state: MeetingState, item: Record[AgendaItem]) -> str:
    fields = item.fields
    if fields.withdrawn:
        return "" if fields.kind in ("opening", "follow_up") else "Retiré de l'ordre du jour"
    voteless = fields.kind == "approval" and item.id not in state.ballots_of
    return "Sans vote" if voteless and fields.linked_id and not _left(state, item) else ""


def _again(last: MeetingFile, item: Record[AgendaItem], why: str) -> Proposal:
    fields = {
        "kind": item.fields.kind,
        "title": item.fields.title,
        "linked_id": item.fields.linked_id,
        "planned_minutes": item.fields.planned_minutes,
        "presenter": item.fields.presenter,
        "notes": "" if item.fields.started_at else item.fields.notes,
    }
    return Proposal(fields, f"{why} à la séance {held(last.meeting.fields)}")


def _left(state: MeetingState, item: Record[AgendaItem]) -> str:
    """Why an item is unfinished; empty when it is not."""
    fields, voted = item.fields, state.ballots_of.get(item.id, [])
    if fields.kind in ("opening", "follow_up"):
        return ""
    if voted and fields.kind == "approval":
        return "" if any(map(state.adopts, voted)) else "Non approuvé"
    noted = state.is_untimed and not state.gathered_nobody
    told = state.is_told(item) if noted else state.bears(item)
    if fields.started_at is None and not told:
        return "Non abordé"
    decided = any(one.fields.agenda_item_id == item.id for one in state.file.decisions)
    return "Ni vote ni décision" if fields.kind == "decision" and not voted and not decided else ""


def watch(note: Record[WatchNote], concerned: int, seats: int, *, again: bool = False) -> Proposal:
    """The presentation of a watch note that concerns so many of the commission's seats; `again`
    when it was told there and has changed since.
    """
    fields = {
        "kind": "watch",
        "title": note.fields.title,
        "linked_id": note.id,
        "planned_minutes": WATCH_MINUTES,
    }
    due = note.fields.deadline_on
    reasons = [
        f"concerne {wording.count(concerned, 'collectivité')} sur {seats}",
        f"échéance le {wording.short_day(day(due))}" if due else "",
    ]
    if again:  # first what is new: the line may be cut at its end
        reasons = ["a changé", *reversed(reasons)]
    why = wording.capitalised(", ".join(filter(None, reasons)))
    return Proposal(fields, why)


def held(meeting: Meeting) -> str:
    """« du 19 mars 2027 », or « précédente » for a meeting without date."""
    on = attendance.meeting_day(meeting)
    return f"du {wording.short_day(on)}" if on else "précédente"


def new_to(
    proposals: Iterable[Proposal], items: Sequence[Record[AgendaItem]], last: MeetingFile | None
) -> list[Proposal]:
    """The proposals that an agenda does not hold yet.

    Of two proposals for the same item the first is kept. The first approval completes the agenda's
    own approval item, when that does not say which minutes it is about.
    """
    minutes = {one.id: one.fields.meeting_id for one in last.minutes} if last else {}
    known = [_told(item.fields, minutes) for item in items]
    bare = next((one.id for one in items if _is_bare_approval(one.fields)), None)
    found = list[Proposal]()
    for one in proposals:
        if any(_is_same(item, one) for item in known):
            continue
        known.append(one)
        completes = bare if one.kind == "approval" else None
        found.append(one if completes is None else _completing(one, completes))
        bare = None if completes else bare
    return found


def _completing(proposal: Proposal, item_id: str) -> Proposal:
    """The proposal as the completion of an item that is there."""
    titled = {name: proposal.fields[name] for name in ("kind", "title", "linked_id")}
    return replace(proposal, fields=titled, item_id=item_id)


def _told(item: AgendaItem, minutes: Mapping[str, str | None]) -> Proposal:
    """An item as a proposal; a link to minutes counts as one to their meeting."""
    linked = minutes.get(item.linked_id or "", item.linked_id)
    return Proposal({"kind": item.kind, "title": item.title, "linked_id": linked}, "")


def _is_same(one: Proposal, other: Proposal) -> bool:
    """Whether two items are the same: about one record, else of the same kind and title."""
    if one.kind != other.kind or one.linked_id != other.linked_id:
        return False
    alike = bool(one.fields["title"].casefold() == other.fields["title"].casefold())
    return alike or one.linked_id is not None or one.kind == "follow_up"


def _is_bare_approval(item: AgendaItem) -> bool:
    return item.kind == "approval" and item.linked_id is None and not item.withdrawn


def place_of(kind: ItemKind, kinds: Sequence[ItemKind]) -> int:
    """The position of a new item of a kind, on an agenda given by the kinds of its items.

    Opening, approval and follow-up come first, in this order; another kind goes after the last item
    of that kind below them, else before the « misc » items that close the agenda.
    """
    if kind in _HEADS:
        before = _HEADS[: _HEADS.index(kind) + 1]
        return max((place for place, one in enumerate(kinds, 1) if one in before), default=0)
    heads = [place for place, one in enumerate(kinds, 1) if one in _HEADS]
    alike = [place for place, one in enumerate(kinds, 1) if one == kind and kind != "misc"]
    if alike and alike[-1] > max(heads, default=0):
        return alike[-1]
    end = len(kinds)
    while end and kinds[end - 1] == "misc":
        end -= 1
    return end


def following(kind: ItemKind, items: Sequence[Record[AgendaItem]]) -> str | None:
    """The id of the item right before which a new one typed by hand goes; None for the end.

    A « misc » one goes last, but before a closing « Questions diverses ».
    """
    if kind != "misc":
        place = place_of(kind, [one.fields.kind for one in items])
    else:
        place = len(items) - bool(items and _closes(items[-1].fields))
    return items[place].id if place < len(items) else None


def _closes(item: AgendaItem) -> bool:
    return item.kind == "misc" and bool(_DIVERS.search(item.title))


_DIVERS = re.compile(r"\bdivers(es)?\b", re.IGNORECASE)


def composed(template: Template, carried: Sequence[Proposal], *, first: bool) -> list[Proposal]:
    """A whole agenda: the template's items, and each proposal carried over in its place.

    A template's item takes up what is carried of the same one. A `first` meeting has neither
    approval nor follow-up, and without minutes to approve there is no approval.
    """
    approves = any(one.kind == "approval" for one in carried)
    left_out = set(_HEADS[1:]) if first else set() if approves else {"approval"}
    agenda = [Proposal(one.fields(), "") for one in template.items if one.kind not in left_out]
    for proposal in carried:
        bare = [n for n, one in enumerate(agenda) if one.kind == "approval" and not one.linked_id]
        if proposal.kind == "approval" and bare:
            own = {"title": proposal.fields["title"], "linked_id": proposal.linked_id}
            agenda[bare[0]] = Proposal(agenda[bare[0]].fields | own, proposal.why)
            continue
        same = next((n for n, one in enumerate(agenda) if _is_same(one, proposal)), None)
        if same is None:
            agenda.insert(place_of(proposal.kind, [one.kind for one in agenda]), proposal)
        elif proposal.kind != "follow_up" and not agenda[same].why:
            prepared = ("planned_minutes", "presenter", "notes")
            own = {name: proposal.fields[name] for name in prepared if proposal.fields.get(name)}
            agenda[same] = Proposal(agenda[same].fields | own, proposal.why)
    return agenda
