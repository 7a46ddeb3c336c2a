"""What goes on beside the pages while a workspace is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.window.pending import Pending
from ui.window.spelling import SpellingAid
from ui.window.supplies import SuppliesWatch
from ui.window.undoing import Undoing
from ui.window.workspace_watch import WorkspaceWatch

if TYPE_CHECKING:
    from app.bootstrap import Services
    from ui.tasks import Tasks
    from ui.widgets.navigation import Navigation
    from ui.window.actions import WindowActions
    from ui.window.preferences import Preferences


class Background:
    """Undo, changes made by other programs, the count of what waits to be sent, automatic syncs,
    the battery and the disk, the spelling.
    """

    def __init__(
        self,
        services: Services,
        actions: WindowActions,
        tasks: Tasks,
        navigation: Navigation,
        preferences: Preferences,
    ) -> None:
        from ui.window.auto_sync import AutoSync  # not needed for the first frame

        self.undoing = Undoing(services, actions, tasks)
        self.workspace_watch = WorkspaceWatch(services, tasks)
        self.pending = Pending(services, tasks)
        self.supplies = SuppliesWatch(services, tasks)
        self.auto_sync = AutoSync(services, tasks)
        self.spelling = SpellingAid(services, tasks, preferences)
        self.pending.counted.connect(navigation.show_pending)
        self.pending.disputed.connect(navigation.show_conflicts)
        self.pending.counted.connect(self.auto_sync.note_pending)
        self.supplies.told.connect(navigation.show_shortage)

    def refresh(self, kinds: frozenset[str]) -> None:
        """Brings undo, the counts and the spelling up to date after these kinds changed; an empty
        set means any.
        """
        self.undoing.refresh()
        self.pending.refresh()
        self.spelling.refresh(kinds)

    def end(self) -> None:
        """Lets go of the workspace."""
        for one in (
            self.undoing,
            self.workspace_watch,
            self.pending,
            self.supplies,
            self.auto_sync,
            self.spelling,
        ):
            one.deleteLater()
