"""Publishes a commission's solution for the whole region, from its page."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction

from app.domain.records import Record, Solution
from ui.actions import make_action
from ui.dialogs.publication import PublicationDialog
from ui.words.chord import chord

if TYPE_CHECKING:
    from ui.pages.record_page import RecordPage


def publish_action(page: RecordPage) -> QAction:
    """The action that asks whether the region has this solution already, then publishes it."""
    return make_action(
        page, "Publier pour toute la région", lambda: _ask(page), "Ctrl+Shift+R", "send"
    )


def _ask(page: RecordPage) -> None:
    """Stores what was typed first, so that it is published too."""
    page.flush()
    own_id, services = page.record_id, page.services

    def look() -> tuple[Record[Solution], Sequence[Record[Solution]], int]:
        own = services.solutions.solution(own_id)
        return own, *services.publications.alike(own)

    page.read(look, lambda found: _open(page, *found))


def _open(
    page: RecordPage, own: Record[Solution], offered: Sequence[Record[Solution]], like: int
) -> None:
    if own.id != page.record_id:
        return
    publish = partial(page.services.publications.publish, own.id)
    dialog = PublicationDialog(
        own.fields.title, offered, publish, page.tasks, like=like, parent=page
    )
    there = {one.id for one in offered}
    dialog.saved.connect(lambda made: _tell(page, own.fields.title, made, joined=made.id in there))
    dialog.open()


def _tell(page: RecordPage, title: str, made: Record[Solution], *, joined: bool) -> None:
    same = f", comme « {made.fields.title} »" if joined else ""
    page.tell(
        f"« {title} » est publiée pour toute la région{same}. La prochaine synchronisation"
        f" l'apportera à chaque commission ; {chord('Ctrl+Z')} la retire."
    )
    page.changed.emit(frozenset({"solution"}))
