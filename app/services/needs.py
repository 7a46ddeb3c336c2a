"""Needs: their life, the needs alike, and groups that can be undone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from app.domain.needs import WORDS, Status, check_step
from app.domain.operation_words import operation_words
from app.domain.records import Envelope, Need, NeedDigest, NeedGroup, Record, Solution
from app.domain.search_text import stem, words
from app.domain.validation import readable
from app.domain.wording import shortened
from app.errors import UserError
from app.services.changes import Change
from app.services.records import Records
from app.services.search import Search
from app.services.translation import of_record, translated

LIKE_ENOUGH = 55
"""The likeness, out of 100, from which a need is shown as alike."""

_MOST = 5  # needs alike that are shown
_SHORT = 3  # words up to this length say nothing of the subject
_PARTED: dict[str, Any] = {"need_group_id": None}
_PARTING = "Séparation de besoins"
_ANSWERED = "Réponse à des besoins"


class Alike(msgspec.Struct, frozen=True, kw_only=True):
    """A need like the one being written, here or (a digest) elsewhere in the region.

    `commission` is the name of its commission, "" where that is not in the workspace.
    """

    record: Record[Any]
    likeness: int
    commission: str


class Needs:
    """What the window does with needs."""

    def __init__(self, records: Records, search: Search) -> None:
        self._records = records
        self._search = search

    def move(
        self, need_id: str, status: Status, *, reason: str = "", solution_id: str | None = None
    ) -> Record[Need]:
        """Takes a need a step further (or back); UserError when the step or its reason is wrong."""
        before: Record[Need] = self._records.get(need_id)
        fields: dict[str, Any] = {"status": status, "reason": reason}
        if solution_id is not None:
            fields["solution_id"] = solution_id
        after = msgspec.structs.replace(before.fields, **fields)
        with translated(self._records.workspace), of_record("besoin", need_id):
            check_step(before.fields, after)
        changes = [Change("need", fields, need_id)]
        if solution_id is not None:
            changes += self._named_by(solution_id, before)
        self._records.put(changes, "Suivi du besoin")
        return self._records.get(need_id)

    def _named_by(self, solution_id: str, need: Record[Need]) -> list[Change]:
        """The change that makes a solution name the need it answers, if of the same commission."""
        solution = self._records.envelope(solution_id)
        named = readable(solution)["need_ids"]
        if need.id in named or solution.commission_id != need.commission_id:
            return []
        return [Change("solution", {"need_ids": [*named, need.id]}, solution_id)]

    def propose(self, need_id: str) -> Record[Solution]:
        """Makes a solution that answers a need and also names the needs grouped with it; UserError
        where the need may not be answered yet.
        """
        records = self._records
        need: Record[Need] = records.get(need_id)
        group_id = need.fields.need_group_id
        mates = records.list("need", need_group_id=group_id) if group_id else [need]
        made_id = records.ids()
        answered = {"status": "answered", "solution_id": made_id}
        with translated(records.workspace), of_record("besoin", need_id):
            check_step(need.fields, msgspec.structs.replace(need.fields, **answered))
        fields = {
            "title": records.get(group_id).fields.title if group_id else need.fields.title,
            "theme": need.fields.theme,
            "need_ids": [one.id for one in mates],
        }
        changes = [
            Change("solution", fields, made_id, need.commission_id),
            Change("need", answered, need_id),
        ]
        records.put(changes, "Solution proposée")
        return records.get(made_id)

    def answer(self, need_ids: Sequence[str], solution_id: str) -> Sequence[Envelope]:
        """Makes one solution answer several needs, all or none, even those only raised so far.

        UserError where one was set aside or served, or where the solution is another commission's.
        """
        changes = self._answered(need_ids, solution_id)
        solution = self._records.envelope(solution_id)
        if solution.commission_id is not None:
            spaces = {self._records.envelope(one).commission_id for one in need_ids}
            if spaces != {solution.commission_id}:
                raise UserError(
                    "Cette solution est celle d'une commission, et des besoins sont d'une autre :"
                    " choisissez une solution pour la région."
                )
            named = [*dict.fromkeys((*readable(solution)["need_ids"], *need_ids))]
            changes.append(Change("solution", {"need_ids": named}, solution_id))
        return self._records.put(changes, _ANSWERED)

    def pool(self, need_ids: Sequence[str]) -> Record[Solution]:
        """Makes a solution of the whole region that answers these needs, with the title of the
        first; UserError where one was set aside or served.
        """
        first: Record[Need] = self._records.get(need_ids[0])
        made_id = self._records.ids()
        fields = {"title": first.fields.title, "theme": first.fields.theme}
        made = Change("solution", fields, made_id, None)
        self._records.put([made, *self._answered(need_ids, made_id)], _ANSWERED)
        return self._records.get(made_id)

    def _answered(self, need_ids: Sequence[str], solution_id: str) -> list[Change]:
        for need_id in need_ids:
            need: Need = self._records.get(need_id).fields
            if need.status in ("served", "set_aside"):
                raise UserError(
                    f"« {need.title or shortened(need.words, 80)} » est {WORDS[need.status]} :"
                    " ne choisissez que des besoins qui attendent une réponse."
                )
        fields = {"status": "answered", "solution_id": solution_id}
        return [Change("need", fields, need_id) for need_id in need_ids]

    def alike(self, typed: str, *, but: str = "") -> Sequence[Alike]:
        """The needs most like a text, likeness first; none for less than two significant words."""
        from rapidfuzz import fuzz

        wanted = significant(typed)
        if len(wanted) < 2:
            return []
        subject = " ".join(wanted)
        names = {one.id: one.fields.name for one in self._records.list("commission")}
        found = []
        for hit in self._search.find_any(wanted, kinds=("need", "need_digest"), limit=60):
            if hit.id == but:
                continue
            record = self._records.get(hit.id)
            other = " ".join(significant(_text(record.fields)))
            likeness = round(fuzz.token_set_ratio(subject, other))
            if likeness >= LIKE_ENOUGH:
                name = names.get(record.commission_id or "", "")
                found.append(Alike(record=record, likeness=likeness, commission=name))
        return sorted(found, key=lambda one: (-one.likeness, one.record.id))[:_MOST]

    def group(self, need_ids: Sequence[str], title: str) -> Record[NeedGroup]:
        """Puts needs that are alike together; each keeps its words and its communes."""
        needs = [self._records.envelope(need_id) for need_id in need_ids]
        if len(needs) < 2:
            raise UserError("Un groupe réunit au moins deux besoins : choisissez-en d'autres.")
        if len({need.commission_id for need in needs}) > 1:
            raise UserError("Un groupe réunit des besoins d'une même commission.")
        group_id = self._records.ids()
        theme = readable(needs[0])["theme"]
        group = {"title": title, "theme": theme}
        changes = [Change("need_group", group, group_id, needs[0].commission_id)]
        changes += self._moved(need_ids, group_id)
        self._records.put(changes, "Regroupement de besoins")
        return self._records.get(group_id)

    def join(self, group_id: str, need_ids: Sequence[str]) -> None:
        """Adds needs to a group."""
        self._records.put(self._moved(need_ids, group_id), "Regroupement de besoins")

    def part(self, need_id: str) -> None:
        """Takes a need out of its group."""
        if self._records.get(need_id).fields.need_group_id is not None:
            self._records.put(self._moved([need_id], None), _PARTING)

    def _moved(self, need_ids: Sequence[str], group_id: str | None) -> list[Change]:
        """Puts needs in a group, or in none; a group that they leave with one need is undone."""
        changes = [Change("need", {"need_group_id": group_id}, need_id) for need_id in need_ids]
        for former, others in self._forsaken(need_ids, group_id):
            changes += [Change("need", _PARTED, other) for other in others]
            changes.append(Change("need_group", {}, former, deleted=True))
        return changes

    def _forsaken(
        self, need_ids: Sequence[str], joined: str | None = None
    ) -> Iterator[tuple[str, Sequence[str]]]:
        """The groups, but the one `joined`, that needs leave with one other at most, and which."""
        left = {readable(self._records.envelope(one))["need_group_id"] for one in need_ids}
        for former in sorted(left - {None, joined}):
            needs = self._records.list("need", need_group_id=former)
            others = [need.id for need in needs if need.id not in need_ids]
            if len(others) < 2:
                yield former, others

    def delete(self, need_ids: Sequence[str]) -> Sequence[str]:
        """Deletes needs, all or nothing, with the groups that they leave with one other at most.

        UserError names what refers to one of them.
        """
        groups = dict(self._forsaken(need_ids))
        parting = [Change("need", _PARTED, other) for others in groups.values() for other in others]
        label = operation_words("Suppression", *("need" for _ in need_ids))
        return self._records.delete_all([*need_ids, *groups], label=label, parting=parting)


def _text(fields: Need | NeedDigest) -> str:
    return f"{fields.title} {fields.words}" if isinstance(fields, Need) else fields.title


def significant(text: str) -> list[str]:
    """The stems of the words that carry the subject, each once, in their order."""
    return list(dict.fromkeys(stem(word) for word in words(text) if len(word) > _SHORT))
