"""What happens on an item: ballots, decisions, actions, needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from app.domain import needs
from app.domain.meeting_state import MeetingState
from app.domain.records import Action, AgendaItem, Ballot, Decision, Minutes, Need, Record
from app.domain.titles import printed_title
from app.domain.validation import readable
from app.domain.wording import agree
from app.services.changes import Change
from app.services.instants import as_instant
from app.services.meeting_files import gather
from app.services.records import Records


class Opinion(msgspec.Struct, frozen=True):
    """The opinion that a vote gave on a solution; `status` is the one that says so."""

    solution_id: str
    title: str
    status: str

    @property
    def words(self) -> str:
        """« avis favorable »."""
        return needs.OPINIONS[self.status]


class Proceedings:
    """Records what an item comes to; the rules refuse what the room or the profile forbids."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def put_to_vote(self, item_id: str, fields: dict[str, Any]) -> Record[Ballot]:
        """A new ballot on an item, held at the present instant unless `held_at` says otherwise.

        The counts of a roll call follow from its names; an adopted ballot on an approval approves
        the minutes that the item is linked to.
        """
        held = {"held_at": as_instant(fields.get("held_at"), self._records.workspace.clock)}
        return self._create("ballot", item_id, fields | held, "Vote")

    def told_of_approval(self, item_id: str, *, adopted: bool = False) -> tuple[str, str]:
        """A sentence on what the votes on an approval did to the minutes, and its tone; else empty.

        `adopted` says whether the item was adopted before the last vote.
        """
        item: Record[AgendaItem] = self._records.get(item_id)
        with self._records.workspace.snapshot() as records:
            linked = records.get(item.fields.linked_id or "")
            file = gather(records, item.fields.meeting_id or "")
        if item.fields.kind != "approval" or linked is None or file is None:
            return "", ""
        adopts = MeetingState(file).adopted(item_id)
        former = readable(linked)["meeting_id"] if linked.kind == "minutes" else linked.id
        kept: Sequence[Record[Minutes]] = self._records.list("minutes", meeting_id=former)
        own = [one.fields for one in kept if one.fields.addendum_to_id is None]
        if any(one.approved_at_meeting_id == item.fields.meeting_id for one in own):
            return ("Le procès-verbal est approuvé.", "success") if adopts else ("", "")
        if any(one.frozen_at for one in own):
            lost = adopted and not adopts
            return ("Le procès-verbal n'est plus approuvé.", "warning") if lost else ("", "")
        if not adopts:
            return "", ""
        return (
            "Le procès-verbal n'est pas gelé, ce vote ne l'approuve donc pas : gelez-le dans sa"
            " séance, puis notez-y l'approbation.",
            "warning",
        )

    def opinion(self, item_id: str) -> Opinion | None:
        """What the last vote held on an item says of its solution, if that does not say it yet;
        None too while the chair's vote lacks, once the GIP has answered, or if the solution is not
        the commission's own.
        """
        item: Record[AgendaItem] = self._records.get(item_id)
        with self._records.workspace.snapshot() as records:
            linked = records.get(item.fields.linked_id or "")
            file = gather(records, item.fields.meeting_id or "")
        if file is None or linked is None or linked.kind != "solution" or linked.deleted:
            return None
        if linked.commission_id != item.commission_id:
            return None
        state = MeetingState(file)
        last = state.last_held(item_id)
        if last is None or state.lacks_chair_vote(last):
            return None
        solution = readable(linked)
        status = "favourable" if state.adopts(last) else "unfavourable"
        if solution["status"] in (status, *needs.DECIDED):
            return None
        return Opinion(linked.id, printed_title(solution["title"]), status)

    def note_opinion(self, item_id: str) -> Opinion | None:
        """Has the solution of an item say what the last vote gave; None when it already does."""
        opinion = self.opinion(item_id)
        if opinion is not None:
            values = {"status": opinion.status}
            self._records.update(opinion.solution_id, values, "Avis de la commission")
        return opinion

    def decide(self, item_id: str, text: str) -> Record[Decision]:
        """Notes a decision."""
        return self._create("decision", item_id, {"text": text}, "Décision")

    def entrust(
        self, item_id: str, text: str, *, owner: str = "", due_on: str | None = None
    ) -> Record[Action]:
        """Notes an action: what, who, and by which day."""
        fields = {"text": text, "owner": owner, "due_on": due_on}
        return self._create("action", item_id, fields, "Suite à donner")

    def end(self, action_ids: Sequence[str]) -> int:
        """Notes as done today the actions still open, and gives how many they were.

        One that was closed elsewhere since it was shown keeps its day and its outcome.
        """
        today = self._records.workspace.clock().date().isoformat()
        done = {"status": "done", "closed_on": today}
        found: list[Record[Action]] = [self._records.get(one) for one in action_ids]
        changes = [Change("action", done, one.id) for one in found if one.fields.status == "open"]
        if changes:
            self._records.put(changes, agree(len(changes), "Suite faite", "Suites faites"))
        return len(changes)

    def raise_need(self, item_id: str, fields: dict[str, Any]) -> Record[Need]:
        """Captures a need at the meeting that the item belongs to."""
        item: Record[AgendaItem] = self._records.get(item_id)
        raised = {"raised_at_meeting_id": item.fields.meeting_id}
        return self._create("need", item_id, fields | raised, "Besoin")

    def _create(self, kind: str, item_id: str, fields: dict[str, Any], label: str) -> Record[Any]:
        item: Record[AgendaItem] = self._records.get(item_id)
        whole = fields | {"agenda_item_id": item_id}
        return self._records.create(kind, whole, item.commission_id, label)
