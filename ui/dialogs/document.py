"""A document in a window of its own, to be read, printed or saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import errors
from ui.dialogs.dialog import Dialog, fit
from ui.tasks import Tasks
from ui.theme import Space
from ui.widgets.banner import Banner
from ui.widgets.document_pane import DocumentPane

if TYPE_CHECKING:
    from app.bootstrap import Services


class DocumentDialog(Dialog):
    """Shows one document of a record."""

    def __init__(
        self, title: str, services: Services, tasks: Tasks, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.banner = Banner()
        self.pane = DocumentPane(services, tasks)
        self.setWindowTitle(title)
        fit(self, 900, 1000)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.L, Space.L, Space.L, Space.L)
        layout.setSpacing(Space.M)
        layout.addWidget(self.banner)
        layout.addWidget(self.pane, 1)
        self.pane.failed.connect(lambda error: errors.tell(error, self.banner, self))
        self.pane.told.connect(self.banner.say)
