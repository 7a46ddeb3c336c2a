"""« Suites données »: what was left to do, and what became of what was asked for and proposed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.domain import wording
from app.domain.records import Action, Need, Record, Solution

T = TypeVar("T", Need, Solution)


@dataclass(frozen=True)
class Became(Generic[T]):
    """A need or a solution with its present state in words; `moved` if that changed since the last
    meeting.
    """

    record: Record[T]
    words: str
    moved: bool


@dataclass(frozen=True)
class FollowUp:
    """What a meeting has to hear of the former ones.

    `open` holds the actions to do by due date, `overdue` those of them that are late, `ended` what
    was done or dropped since the last meeting; `needs` and `solutions` those still on their way,
    and those that moved since.
    """

    open: Sequence[Record[Action]] = ()
    overdue: Sequence[Record[Action]] = ()
    ended: Sequence[Record[Action]] = ()
    needs: Sequence[Became[Need]] = ()
    solutions: Sequence[Became[Solution]] = ()

    @property
    def moved(self) -> list[Became[Need] | Became[Solution]]:
        """« Ce que vous aviez demandé est devenu… »"""
        needs = [one for one in self.needs if one.moved]
        return [*needs, *(one for one in self.solutions if one.moved)]

    @property
    def why(self) -> str:
        """« 3 suites à donner, dont 1 en retard, et 2 demandes ont évolué »; empty for nothing."""
        parts = []
        if self.open:
            late = f", dont {len(self.overdue)} en retard" if self.overdue else ""
            parts.append(f"{wording.count(len(self.open), 'suite')} à donner{late}")
        if self.ended:
            parts.append(
                wording.count(len(self.ended), "suite donnée", "suites données")
                + " depuis la dernière séance"
            )
        if self.moved:
            verb = "ont évolué" if len(self.moved) > 1 else "a évolué"
            parts.append(f"{wording.count(len(self.moved), 'demande')} {verb}")
        return wording.listed(parts)
