"""Veille: what changes in the rules, by when, and which communes have been told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from ui.actions import make_action
from ui.models.watch import WatchColumn, WatchRow, watch_rows
from ui.pages.list_page import ListWords, ThemedListPage
from ui.tasks import Tasks
from ui.widgets.buttons import papers_button
from ui.widgets.fields import Choice
from ui.words.choices import choices, chose
from ui.words.chord import chord

if TYPE_CHECKING:
    from app.bootstrap import Services

WORDS = ListWords(
    title="Veille",
    new="Nouvelle note",
    one="la note de veille",
    many="notes de veille",
    back=f"{chord('Ctrl+Z')} la fait revenir.",
    icon="newspaper",
    empty="Une note dit ce qui change dans les règles, pour qui et avant quand.",
    offer="Écrire une première note",
    shared="Note pour la région",
)


class WatchPage(ThemedListPage):
    """The list of watch notes, the nearest deadline first."""

    kind = "watch_note"
    kinds = frozenset(
        {"watch_note", "briefing", "roster_entry", "organisation", "theme", "commission"}
    )
    place = "watch_note"
    words = WORDS
    columns = WatchColumn
    order = (5, False)
    across = True
    imported = (("watch_note", "Notes de veille"),)

    def __init__(self, services: Services, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(services, tasks, parent)
        self.panel.add_facet(
            Choice([(None, "Tous les niveaux"), *choices("watch_note", "level")]),
            lambda row, level: chose(row.note, "level", level),
        )
        self.add_themes(lambda row: row.note)
        self.panel.add_facet(
            Choice([(None, "Informées ou non"), (True, "À informer")]),
            lambda row, to_tell: row.to_tell,
        )

        self.bulletin = make_action(self, "Bulletin de veille", self.show_bulletin, "Ctrl+P")
        self.header.add_action(papers_button(self.bulletin), first=True)

    def show_bulletin(self) -> None:
        """Shows the bulletin of the commission, ready to be printed."""
        self.show_document("bulletin", self.commission_id, "Bulletin de veille")

    def gather(self, commission_id: str | None) -> Sequence[WatchRow]:
        return watch_rows(self.services, commission_id)

    def delete(self, record_ids: Sequence[str]) -> object:
        return self.services.watch.delete(record_ids)
