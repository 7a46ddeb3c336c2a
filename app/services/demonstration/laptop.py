"""A laptop of the demonstration: a workspace of its own, and scripts played on it in their time."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.clock import new_id, now
from app.services import workspaces
from app.services.demonstration.story import Step, Story

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.bootstrap import Services


class StoryClock:
    """The time of the step being played; the present between the scripts."""

    def __init__(self) -> None:
        self.at: datetime | None = None

    def __call__(self) -> datetime:
        return self.at or now()


class Laptop:
    """The services of one person's unprotected workspace, on which scripts are played.

    `pause` is called at the steps that ask for one.
    """

    def __init__(
        self,
        folder: Path,
        author: str,
        opener: Callable[[Path, StoryClock], Services],
        pause: Callable[[Laptop], None],
    ) -> None:
        self.clock = StoryClock()
        lock = workspaces.choose("none", None, new_id())
        workspaces.create(folder, lock).close()
        self.services = opener(folder, self.clock)
        self.services.settings.set("author_name", author)
        self._pause = pause

    def play(self, story: Story, script: str) -> None:
        """Plays the steps of a script, each at its own time; UserError as the services raise it."""
        for step in story.steps(script):
            self.clock.at = story.instant(step)
            self._play(story, step)
        self.clock.at = None

    def _play(self, story: Story, step: Step) -> None:
        changes = story.changes(step)
        if changes:
            self.services.records.put(changes)
        if step.pause:
            self._pause(self)
        if step.tell:
            self._tell(story.id_of(step.tell), story.id_of(step.meeting))
        if step.verb:
            self._take(story, step)

    def _tell(self, note_id: str, meeting_id: str) -> None:
        """The commission's organisations that the note concerns are told of it."""
        commission_id = self.services.records.envelope(meeting_id).commission_id
        concerned = self.services.watch.audience(note_id, commission_id)
        self.services.watch.tell(note_id, [one.id for one in concerned], meeting_id)

    def _take(self, story: Story, step: Step) -> None:
        meetings, meeting_id = self.services.meetings, story.id_of(step.meeting)
        if step.verb == "convene":
            meetings.convene(meeting_id)
        elif step.verb == "open":
            meetings.open(meeting_id)
        elif step.verb == "close":
            meetings.close(meeting_id)
        elif step.verb == "freeze":
            self.services.minutes.freeze(meeting_id)
        elif step.verb == "approve":
            meetings.approve(meeting_id, story.id_of(step.in_))
