"""The phrases that a key writes in the notes of an item, one a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ui.tasks import Tasks
from ui.widgets.fields import LongField
from ui.widgets.form import Form
from ui.widgets.settings_card import SettingsCard

if TYPE_CHECKING:
    from app.bootstrap import Services


class PhrasesCard(SettingsCard):
    """Kept in the workspace's settings."""

    def __init__(self, services: Services, tasks: Tasks) -> None:
        form = Form(columns=1)
        form.add("phrases", "Une phrase par ligne", LongField("La commission prend acte.", lines=4))
        super().__init__(
            "Phrases des notes",
            "Dans les notes, Ctrl+I complète la phrase dont vous tapez les premiers mots, ou les"
            " propose toutes.",
            form=form,
            save=self._keep,
            tasks=tasks,
        )
        self._services = services

    def refresh(self) -> None:
        """Reads the phrases again."""
        assert self._tasks is not None
        settings = self._services.settings
        self._tasks.run(lambda: settings.get("note_phrases"), self._show, owner=self)

    def _show(self, phrases: list[str]) -> None:
        self.show_values({"phrases": "\n".join(phrases)})

    def _keep(self, values: dict[str, Any]) -> None:
        lines = (line.strip() for line in values["phrases"].split("\n"))
        self._services.settings.set("note_phrases", [line for line in lines if line])
