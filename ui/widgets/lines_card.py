"""Cards of settings that keep a list of texts, one a line: the phrases of the notes, the words
that the user says to be right.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from app.services.typed_over import typed_over
from ui.tasks import Tasks
from ui.widgets.fields import LongField
from ui.widgets.form import Form
from ui.widgets.settings_card import SettingsCard
from ui.words.chord import chord

if TYPE_CHECKING:
    from app.bootstrap import Services

_PHRASES = "note_phrases"


class LinesCard(SettingsCard):
    """`read` gives the texts that are kept, `keep` takes those of the field, off the GUI thread."""

    def __init__(
        self,
        title: str,
        sentence: str,
        field: tuple[str, str],
        *,
        read: Callable[[], Sequence[str]],
        keep: Callable[[list[str]], object],
        tasks: Tasks,
    ) -> None:
        """`field` gives the label and the placeholder of the field."""
        form = Form(columns=1)
        form.add("lines", field[0], LongField(field[1], lines=4))
        super().__init__(title, sentence, form=form, save=self._keep_lines, tasks=tasks)
        self._read, self._keep = read, keep
        self._shown: Sequence[str] = ()
        self.saved.connect(self.refresh)

    def refresh(self) -> None:
        """Reads the texts again."""
        assert self._tasks is not None
        self._tasks.run(self._read, self._show, owner=self)

    def _show(self, texts: Sequence[str]) -> None:
        if not self.is_held:
            self._shown = texts
        self.show_values({"lines": "\n".join(texts)})

    def _keep_lines(self, values: dict[str, Any]) -> None:
        """Keeps the lines, and what was added elsewhere since they were shown."""
        lines = [line for one in values["lines"].split("\n") if (line := one.strip())]
        self._keep(typed_over("lines", self._shown, lines, list(self._read())))
        self._shown = lines


def phrases_card(services: Services, tasks: Tasks) -> LinesCard:
    """The card of the phrases that a key writes in the notes of an item."""
    settings = services.settings
    return LinesCard(
        "Phrases des notes",
        f"Dans les notes, {chord('Ctrl+I')} complète la phrase dont vous tapez les premiers"
        " mots, ou les propose toutes.",
        ("Une phrase par ligne", "La commission prend acte."),
        read=partial(settings.get, _PHRASES),
        keep=partial(settings.set, _PHRASES),
        tasks=tasks,
    )


def dictionary_card(services: Services, tasks: Tasks) -> LinesCard:
    """The card of the words added to the dictionary, kept in the workspace: some may be names."""
    return LinesCard(
        "Dictionnaire",
        "Dans les textes longs, les mots inconnus sont soulignés : un clic droit dit ce qui a"
        " pu être voulu, ou ajoute le mot ici ; F7 va de l'un à l'autre. Les noms des"
        " collectivités et des personnes sont connus.",
        ("Un mot par ligne", "téléservice"),
        read=services.spelling.words,
        keep=services.spelling.keep,
        tasks=tasks,
    )
