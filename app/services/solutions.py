"""Pooled solutions: their plan of costs, who takes part, and what each one would pay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec

from app.domain.cost_plan import Plan, last_said, plan_for, read_terms
from app.domain.cost_sharing import Comparison, compare
from app.domain.records import Commitment, Envelope, Need, Record, Solution, SolutionTally
from app.domain.validation import typed
from app.domain.wording import agree, count, of_place, shortened
from app.errors import UserError
from app.services import guards
from app.services.changes import Change
from app.services.records import Records
from app.services.translation import translated
from app.services.typed_over import plan_over

Intention = Literal["interested", "committed", "declined"]

_SHOWN = 60
"""How many characters of a name the label of an operation holds."""


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """What each one pays."""

    plan: Plan
    comparison: Comparison


class Solutions:
    """What the window does with solutions."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def solution(self, solution_id: str) -> Record[Solution]:
        """The solution; UserError when the id is not that of one."""
        solution: Record[Solution] = self._records.get(solution_id)
        if not isinstance(solution.fields, Solution):
            raise UserError(f"« {solution_id} » n'est pas une solution : vérifiez l'identifiant.")
        return solution

    def delete(self, solution_ids: Sequence[str]) -> Sequence[str]:
        """Deletes solutions, all or nothing, each with its commitments.

        UserError on the GIP's computer for a solution of the region that has commitments or answers
        needs, which are the commissions'; elsewhere, for one that the GIP published. On the GIP's
        computer a published solution and its copy in the region no longer name each other.
        """
        with self._records.workspace.reading() as unit:
            published = guards.is_gip(unit)
        everywhere = self.everywhere()
        chosen = [self.solution(one) for one in solution_ids]
        for solution in chosen:
            if published and solution.commission_id is None:
                self._check_free(solution, everywhere.get(solution.id, 0))
        parting = self._parting({one.id: one for one in chosen})
        return self._records.delete_all(solution_ids, cascade=True, parting=parting)

    def _parting(self, gone: Mapping[str, Record[Solution]]) -> list[Change]:
        """The changes after which the copies and the origins of these no longer name them."""
        changes = []
        others: Sequence[Record[Solution]] = self._records.list("solution")
        for other in (one for one in others if one.id not in gone):
            fields: dict[str, Any] = {}
            if lost := [one for one in other.fields.origin_ids if one in gone]:
                if self._records.sealed(other):
                    raise UserError(
                        f"« {gone[lost[0]].fields.title} » ne peut être supprimée : le GIP l'a"
                        " publiée pour toute la région, qui en compte les participants. Passez-la"
                        " à l'état « Refusée » si votre commission n'en veut plus."
                    )
                fields["origin_ids"] = [one for one in other.fields.origin_ids if one not in gone]
            if other.fields.published_as_id in gone:
                fields["published_as_id"] = None
            if fields:
                changes.append(Change("solution", fields, other.id))
        return changes

    def _check_free(self, solution: Record[Solution], participants: int) -> None:
        said = {one.fields.organisation_id for one in self.commitments(solution.id)}
        standing = max(len(said), participants)
        answered = len(self._records.list("need_digest", None, solution_id=solution.id))
        if not standing and not answered:
            return
        why = (
            f"{count(standing, 'collectivité')} de la région"
            f" {agree(standing, 'a dit où elle en est', 'ont dit où elles en sont')}"
            if standing
            else f"elle répond à {count(answered, 'besoin')} de la région"
        )
        raise UserError(
            f"« {solution.fields.title} » ne peut être supprimée : {why}. Pour la retirer,"
            " passez-la à l'état « Refusée » et écrivez une réponse : chaque commission la lira."
        )

    def everywhere(self) -> Mapping[str, int]:
        """How many take part in a solution in the whole region, by its id, as the central says."""
        tallies: Sequence[Record[SolutionTally]] = self._records.list("solution_tally", None)
        return {one.fields.solution_id or "": one.fields.participants for one in tallies}

    def commitments(self, solution_id: str) -> Sequence[Record[Commitment]]:
        """What organisations said, by day: of each one, the last counts."""
        found: Sequence[Record[Commitment]] = self._records.list(
            "commitment", solution_id=solution_id
        )
        return sorted(found, key=lambda one: (one.fields.on or "", one.id))

    def needs(self, solution: Record[Solution]) -> Sequence[Record[Need]]:
        """The needs that a solution names, then those that name it."""
        naming: Sequence[Record[Need]] = self._records.list("need", solution_id=solution.id)
        wanted = dict.fromkeys((*solution.fields.need_ids, *(one.id for one in naming)))
        with self._records.workspace.snapshot() as records:
            found = records.get_many(wanted)
        known = [found[one] for one in wanted if one in found]
        return [typed(one) for one in known if one.kind == "need"]

    def raised(self, needs: Sequence[Record[Need]]) -> Mapping[str, str]:
        """The title of a like need for each organisation that raised one of these.

        A need put in a group with one of them counts as like it.
        """
        groups = dict.fromkeys(one.fields.need_group_id for one in needs)
        grouped = [
            one
            for group in groups
            if group is not None
            for one in self._records.list("need", need_group_id=group)
        ]
        return {
            organisation_id: need.fields.title
            for need in (*grouped, *needs)
            for organisation_id in need.fields.organisation_ids
        }

    def sheet(self, solution_id: str) -> Sheet | None:
        """The shares, or None while there is no plan or nobody takes part.

        UserError when they cannot be computed, as when a population is missing.
        """
        terms = self.solution(solution_id).fields.plan
        commitments = self.commitments(solution_id)
        said = last_said(commitments)
        taking_part = {
            one.id: one
            for one in self._records.list("organisation", None)
            if one.id in said and said[one.id].intention != "declined"
        }
        if terms is None or not taking_part:
            return None
        with translated(self._records.workspace):
            plan = plan_for(terms, commitments, taking_part)
            comparison = compare(plan)
        return Sheet(plan=plan, comparison=comparison)

    def take_part(
        self,
        solution_id: str,
        positions: Mapping[str, tuple[Intention | None, Mapping[str, Any]]],
        commission_id: str | None = None,
    ) -> Sequence[Envelope]:
        """Notes the intention of organisations, by their ids, with the other fields given for each.

        All or nothing, as one operation to undo. None takes back what was said; fields that are not
        given stay as stored. For a solution of the whole region, `commission_id` is the commission
        whose commitments these are: what another one noted stays.
        """
        if not positions:
            return []
        space = self.solution(solution_id).commission_id or commission_id
        said: dict[str, list[Record[Commitment]]] = {one: [] for one in positions}
        for one in self.commitments(solution_id):
            said.setdefault(one.fields.organisation_id or "", []).append(one)
        changes: list[Change] = []
        for organisation_id, (intention, given) in positions.items():
            theirs = said[organisation_id]
            own = [one for one in theirs if one.commission_id == space]
            if intention is None:
                changes += self._taken_back(theirs, own)
                continue
            fields: dict[str, Any] = {**given, "intention": intention}
            if not own or theirs[-1] is not own[-1] or own[-1].fields.intention != intention:
                fields["on"] = self._records.workspace.clock().date().isoformat()
            if own:
                changes += _said_again(own, fields)
            else:
                fields |= {"solution_id": solution_id, "organisation_id": organisation_id}
                changes.append(Change("commitment", fields, self._records.ids(), space))
        return self._records.put(changes, self._label(list(positions)))

    def _label(self, organisation_ids: Sequence[str]) -> str:
        """« Position de Vougeot », « Position de 24 collectivités »."""
        if len(organisation_ids) > 1:
            return f"Position de {count(len(organisation_ids), 'collectivité')}"
        organisation = self._records.envelope(organisation_ids[0], deleted=True)
        return f"Position {of_place(shortened(organisation.fields['name'], _SHOWN))}"

    def _taken_back(
        self, said: Sequence[Record[Commitment]], own: Sequence[Record[Commitment]]
    ) -> list[Change]:
        """Deletes what this commission noted; UserError where another one alone did."""
        if said and not own:
            organisation, commission = (
                self._records.get(one or "").fields.name
                for one in (said[-1].fields.organisation_id, said[-1].commission_id)
            )
            raise UserError(
                f"« {organisation} » prend part par la commission « {commission} » :"
                " passez à celle-ci pour retirer sa position."
            )
        return [Change("commitment", {}, one.id, deleted=True) for one in own]

    def save_plan(
        self,
        solution_id: str,
        plan: dict[str, Any] | None,
        *,
        over: dict[str, Any] | msgspec.UnsetType | None = msgspec.UNSET,
    ) -> Record[Solution]:
        """Stores a plan that can be computed, or removes it (None); UserError names what is wrong.

        `over` is the plan as it was shown: what was written elsewhere since stays.
        """
        current = self.solution(solution_id).fields.plan
        with translated(self._records.workspace):
            if plan is not None:
                plan = plan if over is msgspec.UNSET else plan_over(over, plan, current)
                read_terms(plan)
        return self._records.update(solution_id, {"plan": plan}, "Plan de coûts")


def _said_again(own: Sequence[Record[Commitment]], fields: dict[str, Any]) -> list[Change]:
    """Changes the last commitment of an organisation, joined with what another laptop noted."""
    last = own[-1]
    (whole,) = last_said(own).values()
    gone = [Change("commitment", {}, one.id, deleted=True) for one in own[:-1]]
    return [*gone, Change("commitment", msgspec.to_builtins(whole) | fields, last.id)]
