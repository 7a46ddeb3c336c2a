"""Besoins: what the communes ask for, in their own words, filtered, grouped and followed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from app.domain.records import Need, NeedDigest
from ui.actions import make_action
from ui.dialogs.answer import answer_dialog, answers
from ui.dialogs.dialog import FormDialog
from ui.models.needs import NeedColumn, NeedRow, digest_words, need_rows
from ui.pages.list_page import ListWords, ThemedListPage
from ui.tasks import Tasks
from ui.widgets.buttons import action_button, papers_button
from ui.widgets.fields import Choice, TextField
from ui.widgets.form import Form
from ui.words.choices import choices, chose
from ui.words.chord import chord

if TYPE_CHECKING:
    from app.bootstrap import Services

SEVERAL = f"Choisissez d'abord plusieurs besoins : {chord('Ctrl+clic')} sur chacun."

ASUNDER = (
    "Un groupe réunit des besoins d'une même commission. À ceux de plusieurs, une même solution"
    f" pour la région peut répondre : {chord('Ctrl+R')} la choisit."
)

WORDS = ListWords(
    title="Besoins",
    new="Nouveau besoin",
    one="le besoin",
    many="besoins",
    back=f"{chord('Ctrl+Z')} le fait revenir.",
    icon="message-square-quote",
    empty="Notez ici ce que les communes demandent, dans leurs propres mots.",
    offer="Noter un premier besoin",
)


class NeedsPage(ThemedListPage):
    """The list of needs."""

    kind = "need"
    kinds = frozenset({"need", "need_group", "theme", "organisation", "meeting", "commission"})
    place = "need"
    words = WORDS
    columns = NeedColumn
    order = (5, False)
    across = True
    imported = (("need", "Besoins"),)

    def __init__(self, services: Services, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(services, tasks, parent)
        self.panel.add_facet(
            Choice([(None, "Tous les états"), *choices("need", "status")]),
            lambda row, status: chose(row.need, "status", status),
        )
        self.add_themes(lambda row: row.need)
        self._grouping = action_button(self.group)
        self._grouping.setToolTip(SEVERAL)
        self.group.changed.connect(self._on_group_changed)
        self.header.add_action(self._grouping, first=True)
        self.report = make_action(self, "État des besoins", self.show_report, "Ctrl+P")
        self.header.add_action(papers_button(self.report), first=True)

    def row_actions(self) -> list[QAction]:
        self.group = make_action(self, "Regrouper", self.ask_group, "Ctrl+G", "link")
        self.answer = make_action(self, "Répondre…", self.ask_answer, "Ctrl+R", "handshake")
        first, *others = super().row_actions()
        return [first, self.answer, self.group, *others]

    def delete(self, record_ids: Sequence[str]) -> object:
        return self.services.needs.delete(record_ids)

    def gather(self, commission_id: str | None) -> Sequence[NeedRow]:
        return need_rows(self.services, commission_id)

    def on_chosen(self, rows: Sequence[NeedRow]) -> None:
        self.group.setEnabled(len(rows) > 1)
        self.answer.setEnabled(bool(rows))

    def _on_group_changed(self) -> None:
        self._grouping.setToolTip(
            f"Regrouper ({chord('Ctrl+G')})" if self.group.isEnabled() else SEVERAL
        )

    def show_record(self, record_id: str) -> None:
        """Opens a need, or the first of a group, whose page shows the others.

        A digest of another commission's need is only told, in a sentence.
        """
        records = self.services.records
        otherwise = super().show_record

        def look() -> tuple[str, str]:
            record = records.get(record_id)
            if isinstance(record.fields, NeedDigest):
                return "", digest_words(self.services, record.fields)
            if isinstance(record.fields, Need):
                return record_id, ""
            mates = records.list("need", need_group_id=record_id)
            return mates[0].id if mates else "", ""

        def show(found: tuple[str, str]) -> None:
            need_id, words = found
            if need_id:
                self.open_one(need_id)
            elif words:
                self.tell(words, "info")
            else:
                otherwise(record_id)

        self.read(look, show)

    def show_report(self) -> None:
        """Shows the report on the needs of the commission, or of all if all are listed."""
        if self.panel.everywhere:
            pane = self.open_paper("État des besoins")
            pane.run(self.services.documents.needs_of_all, pane.take)
            return
        self.show_document("needs-report", self.commission_id, "État des besoins")

    def ask_group(self) -> None:
        """Asks for the title of a group of the selected needs, unless they are of several
        commissions.
        """
        rows: list[NeedRow] = self.table.chosen()
        if len({row.need.commission_id for row in rows}) > 1:
            self.tell(ASUNDER, "warning")
        elif len(rows) > 1:
            group_dialog(self, rows[0].title, [row.id for row in rows]).open()

    def ask_answer(self) -> None:
        """Asks which solution answers the selected needs, even of several commissions."""
        need_ids = [row.id for row in self.table.chosen()]
        if need_ids:
            self.read(
                lambda: answers(self.services, need_ids),
                lambda found: answer_dialog(self, need_ids, found).open(),
            )


def group_dialog(page: Any, title: str, need_ids: Sequence[str]) -> FormDialog:
    """Asks for a title, then puts the needs together; each keeps its words."""
    form = Form(1)
    form.add(
        "title",
        "Titre du groupe",
        TextField(),
        hint="Chaque besoin garde ses mots et ses communes ; le groupe se défait à tout moment.",
        required="Donnez un titre au groupe.",
    )
    form.set_values({"title": title})

    def save(values: dict[str, Any]) -> object:
        return page.services.needs.group(need_ids, values["title"])

    dialog = FormDialog(
        f"Regrouper {len(need_ids)} besoins", form, save, page.tasks, page, confirm="Regrouper"
    )

    def tell(group: object) -> None:
        page.changed.emit(frozenset({"need", "need_group"}))
        page.tell(f"{len(need_ids)} besoins sont regroupés : la fiche de chacun montre les autres.")

    dialog.saved.connect(tell)
    return dialog
