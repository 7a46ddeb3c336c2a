"""Where each organisation stands toward a solution: changed on screen at once, then stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QObject, Signal

from ui.models.standings import GIVEN, Standing

if TYPE_CHECKING:
    from ui.models.solution_view import SolutionView
    from ui.pages.record_page import RecordPage


_Rows = Mapping[str, Standing]


class TakingPart(QObject):
    """The `standings` of the solution that a page shows; `turned` follows a change of them."""

    turned = Signal()

    def __init__(self, page: RecordPage) -> None:
        super().__init__(page)
        self.standings: Sequence[Standing] = ()
        self._page = page
        self._solution_id = ""
        self._under_way = 0

    def take(self, view: SolutionView) -> bool:
        """Takes the standings read, unless ticks are still being stored; returns whether they are
        another solution's.

        An organisation that was unticked keeps its units and price here, in case it is ticked
        again.
        """
        if self._solution_id != view.solution.id:
            self._solution_id, self.standings = view.solution.id, view.standings
            return True
        if not self._under_way:
            before = {one.id: one for one in self.standings}
            self.standings = [
                replace(
                    before.get(one.id, one),
                    organisation=one.organisation,
                    raised=one.raised,
                    intention=None,
                )
                if one.intention is None
                else one
                for one in view.standings
            ]
        return False

    def say(self, rows: Sequence[Standing], intention: str | None) -> None:
        """Gives these organisations this intention; the rest of what they said stays."""
        self._turn({row.id for row in rows}, {"intention": intention})

    def writer(self, row: Standing) -> Callable[[dict[str, Any]], object]:
        """The function that stores, off the GUI thread, the fields changed of a row; the other
        fields are taken as they are by then.
        """
        store = self._store()

        def write(typed: dict[str, Any]) -> object:
            now = next((one for one in self.standings if one.id == row.id), row)
            return store({row.id: now}, {row.id: replace(now, **typed)})

        return write

    def _turn(self, ids: set[str], fields: dict[str, Any]) -> None:
        before = {one.id: one for one in self.standings if one.id in ids}
        after = {one: replace(row, **fields) for one, row in before.items()}
        self.standings = [after.get(one.id, one) for one in self.standings]
        self.turned.emit()
        store = self._store()
        self._under_way += 1
        self._page.write(
            lambda: store(before, after), {"commitment"}, self._on_turned, self._on_not_turned
        )

    def _store(self) -> Callable[[_Rows, _Rows], object]:
        """The function that stores new standings of the solution in sight, given the former."""
        page, solutions = self._page, self._page.services.solutions
        solution_id, commission_id = self._solution_id, page.commission_id

        def store(before: _Rows, after: _Rows) -> object:
            turned = {
                one: (cast(Any, row.intention), _given(before[one], row))
                for one, row in after.items()
            }
            return solutions.take_part(solution_id, turned, commission_id)

        return store

    def _on_turned(self, result: object) -> None:
        self._under_way -= 1

    def _on_not_turned(self, error: Exception) -> None:
        """Tells why, and goes back to what is stored."""
        self._under_way -= 1
        self._page.failed.emit(error)
        self._page.refresh()


def _given(before: Standing, after: Standing) -> dict[str, Any]:
    """The fields to store: those that changed, or all if the organisation had said nothing."""
    return {
        name: getattr(after, name)
        for name in GIVEN
        if before.intention is None or getattr(after, name) != getattr(before, name)
    }
