"""Ctrl+Z and Ctrl+Y across pages; the menu names what they would undo and redo."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ui.tasks import Tasks
from ui.window.actions import WindowActions

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.services.undo import Step


class Undoing(QObject):
    """Undoes and redoes the user's operations.

    `undone` carries the kinds that changed. `told` follows, with « Annulé » or « Rétabli », the
    operation's words, the ids of its commissions, and whether it changed one of their own records.
    """

    undone = Signal(object)
    told = Signal(str, str, object, bool)
    failed = Signal(object)

    def __init__(self, services: Services, actions: WindowActions, tasks: Tasks) -> None:
        super().__init__(tasks)
        self._services = services
        self._actions = actions
        self._tasks = tasks
        # no lambdas: the actions outlive this object, and Qt disconnects its methods with it
        actions.undo.triggered.connect(self._on_undo)
        actions.redo.triggered.connect(self._on_redo)
        self.refresh()

    def refresh(self) -> None:
        """Names in the menu what could be undone and redone now."""
        services = self._services
        self._tasks.run(
            lambda: (services.undo.next_undo(), services.undo.next_redo()), self._name, owner=self
        )

    def _name(self, steps: tuple[Step | None, Step | None]) -> None:
        self._actions.name_undo(*(step.label if step else "" for step in steps))

    def _on_undo(self) -> None:
        undo = self._services.undo
        self._run(undo.next_undo, undo.undo, "Annulé")

    def _on_redo(self) -> None:
        undo = self._services.undo
        self._run(undo.next_redo, undo.redo, "Rétabli")

    def _run(
        self, find: Callable[[], Step | None], work: Callable[[], dict[str, str]], word: str
    ) -> None:
        def done() -> tuple[dict[str, str], str, set[str], bool]:
            step = find()
            changed = work()
            envelopes = (self._services.records.envelope(one, deleted=True) for one in changed)
            spaces = {one.commission_id for one in envelopes if one.commission_id}
            what = f"{step.label[:1].lower()}{step.label[1:]}" if step else ""
            return changed, what, spaces, not spaces.isdisjoint(changed)

        self._tasks.run(done, lambda found: self._on_done(word, *found), self._on_failed, self)

    def _on_failed(self, error: Exception) -> None:
        """Tells why, and names the next operation: undo passes over one that was refused."""
        self.failed.emit(error)
        self.refresh()

    def _on_done(
        self, word: str, changed: dict[str, str], what: str, spaces: set[str], itself: bool
    ) -> None:
        self.undone.emit(frozenset(changed.values()))
        self.told.emit(word, what, spaces, itself)
