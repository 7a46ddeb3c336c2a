"""The words that the user says to be right, one a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ui.tasks import Tasks
from ui.widgets.fields import LongField
from ui.widgets.form import Form
from ui.widgets.settings_card import SettingsCard

if TYPE_CHECKING:
    from app.bootstrap import Services


class DictionaryCard(SettingsCard):
    """Kept in the workspace, for they may be names."""

    def __init__(self, services: Services, tasks: Tasks) -> None:
        form = Form(columns=1)
        form.add("words", "Un mot par ligne", LongField("téléservice", lines=4))
        super().__init__(
            "Dictionnaire",
            "Dans les textes longs, les mots inconnus sont soulignés : un clic droit dit ce qui a"
            " pu être voulu, ou ajoute le mot ici ; F7 va de l'un à l'autre. Les noms des"
            " collectivités et des personnes sont connus.",
            form=form,
            save=self._keep,
            tasks=tasks,
        )
        self._services = services

    def refresh(self) -> None:
        """Reads the words again."""
        assert self._tasks is not None
        self._tasks.run(self._services.spelling.words, self._show, owner=self)

    def _show(self, words: list[str]) -> None:
        self.show_values({"words": "\n".join(words)})

    def _keep(self, values: dict[str, Any]) -> None:
        self._services.spelling.keep(values["words"].split("\n"))
