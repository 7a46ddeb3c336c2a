"""A place whose page is not there yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ui.pages.page import Page
from ui.tasks import Tasks
from ui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from app.bootstrap import Services


class SoonPage(Page):
    """Says that this place is being built."""

    def __init__(self, services: Services, tasks: Tasks) -> None:
        super().__init__(services, tasks)
        self.body.addWidget(EmptyState("inbox", "Cette page arrive."))
