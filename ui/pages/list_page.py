"""The base of a page that lists records of one kind: make, open, delete, copy, see the history."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from app.domain.records import Record
from app.domain.wording import ended, whole
from ui.actions import make_action
from ui.dialogs.dialog import ConfirmDialog
from ui.models.table import Columns, TableModel
from ui.pages.exporting import list_actions
from ui.pages.importing import import_actions
from ui.pages.page import NEW, NEW_SHARED, NO_COMMISSION, Page
from ui.tasks import Tasks
from ui.widgets.buttons import action_button
from ui.widgets.empty_state import EmptyState
from ui.widgets.fields import Choice
from ui.widgets.header import PageHeader
from ui.widgets.list_panel import ListPanel
from ui.widgets.table import RecordsTable
from ui.words.choices import theme_choices
from ui.words.chord import chord

if TYPE_CHECKING:
    from app.bootstrap import Services

ALL_THEMES = "Tous les thèmes"


@dataclass(frozen=True)
class ListWords:
    """The words of a list: `one` is « le besoin », `many` « besoins ».

    `back` says, before a deletion, how to undo it. `new` is the button that makes a record, `offer`
    the one shown when there are none, `shared` the one that makes a record for the whole region,
    for the GIP; each is "" where the list has no such button.
    """

    title: str
    one: str
    many: str
    back: str
    icon: str
    empty: str
    new: str = ""
    offer: str = ""
    shared: str = ""


GONE_EVERYWHERE = "Cela vaut pour toutes les commissions, dès leur prochaine synchronisation."
"""Said before the GIP deletes a record that it published."""


class ListPage(Page):
    """A list whose rows have an `id` and a `title`; each opens in `place`.

    `behind` is the title of the home page, for a list that is reached from there and not from the
    navigation. `imported` are the kinds that can be imported here from a table, each with its
    French word; `across` says that the records of all commissions can be listed together.
    """

    kind: ClassVar[str]
    place: ClassVar[str]
    words: ClassVar[ListWords]
    behind: ClassVar[str] = ""
    columns: ClassVar[type[Columns]]
    order: ClassVar[tuple[int, bool]] = (0, False)
    cascade: ClassVar[bool] = False
    imported: ClassVar[Sequence[tuple[str, str]]] = ()
    across: ClassVar[bool] = False

    def __init__(self, services: Services, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(services, tasks, parent)
        words = self.words
        self.header = PageHeader(words.title, back=self.behind)
        self.table = RecordsTable(words.title, TableModel(self.columns))
        self.empty = EmptyState(words.icon, words.empty, words.offer)
        self.panel = ListPanel(self.table, self.empty, f"Filtrer les {words.many}")
        self.new = make_action(self, words.new, self.add_one, "Ctrl+N", "plus")
        self.share = make_action(self, words.shared, self.add_shared, "Ctrl+Shift+N", "plus")
        self.sharing = action_button(self.share, icon="plus")
        self.open = make_action(self, "Ouvrir", self.open_chosen, "Ctrl+O", "pencil")
        self.look_back = make_action(self, "Historique", self.show_history, "Ctrl+H", "history")
        self.copy = make_action(self, f"Copier\t{chord('Ctrl+C')}", self.table.copy, icon="copy")
        self.remove = make_action(self, "Supprimer\tSuppr", self.ask_removal, icon="trash-2")
        if self.behind:
            self.back = make_action(self, "Retour", self.go_back, "Alt+Left")
        self._left = ""  # the record whose page was left, while its row is not there yet
        self._lay_out()
        self._wire()

    def _lay_out(self) -> None:
        self.header.add_action(self.sharing)
        if self.words.new:
            self.header.add_action(action_button(self.new, kind="primary", icon="plus"))
        self.new.setEnabled(bool(self.words.new))
        self._offer_sharing(offered=False)
        self.table.insertActions(self.table.sorting.menuAction(), self.row_actions())
        self.table.set_order(*self.order)
        self.body.addWidget(self.header)
        self.body.addWidget(self.panel, 1)
        self.panel.add_actions(self.list_actions())
        self._on_selection()

    def _wire(self) -> None:
        self.header.back_requested.connect(self.go_back)
        self.panel.reach.edited.connect(self._on_reach)
        self.table.opened.connect(lambda row: self.open_one(row.id))
        self.table.selectionModel().selectionChanged.connect(lambda now, was: self._on_selection())
        self.table.rows.layoutChanged.connect(lambda *kept: self._on_selection())  # by the filter
        self.table.delete_requested.connect(lambda row: self.ask_removal())
        self.empty.requested.connect(self.add_one)

    def row_actions(self) -> list[QAction]:
        """The actions that a right click on rows offers."""
        return [self.open, self.copy, self.look_back, self.remove]

    def list_actions(self) -> list[QAction]:
        """The actions that the menu beside the list's count offers."""
        actions = list_actions(self, self.table)
        if not self.imported:
            return actions
        return [*import_actions(self, self.imported, self.share), *actions]

    def gather(self, commission_id: str | None) -> Sequence[Any]:
        """Reads the rows of a commission, off the GUI thread; for None, a list `across` commissions
        reads those of all.
        """
        raise NotImplementedError

    def refresh(self) -> None:
        listed_id = self.listed_id
        self.read(lambda: self.gather(listed_id), self.show_rows)
        if self.words.shared:
            self.read(
                self.services.region.published_from_here,
                lambda offered: self._offer_sharing(offered=offered),
            )

    def _offer_sharing(self, *, offered: bool) -> None:
        self.share.setVisible(offered)
        self.share.setEnabled(offered)
        self.sharing.setVisible(offered)

    def show_rows(self, rows: Sequence[Any]) -> None:
        self.panel.set_rows(rows)
        if self._left and self.table.select_where(self._left) and self.hasFocus():
            self.table.setFocus()
        self._left = ""
        self._on_selection()

    @property
    def listed_id(self) -> str | None:
        return None if self.panel.everywhere else self.commission_id

    def offer_commissions(self, names: Mapping[str, str]) -> None:
        """Offers to list the records of all commissions together, where there are several."""
        super().offer_commissions(names)
        self.panel.reach.setVisible(self.across and len(names) > 1)

    def _on_reach(self) -> None:
        """Lists one commission or all of them; filters and selection stay, as far as they apply."""
        for choice in self.panel.choices:
            choice.edited.emit()
        self.refresh()

    def set_commission(self, commission_id: str | None) -> None:
        """Clears the filter and the selection, which are about the former commission's rows.

        A list of all commissions stays as it is.
        """
        if self.listed_id is not None:
            if self.commission_id not in (None, commission_id):
                self.panel.filter.clear()
            self.table.selectionModel().clear()  # the current row too, else it selects another's
        super().set_commission(commission_id)

    def show_record(self, record_id: str) -> None:
        """Opens a record of this kind; a record of another kind is seen in the list.

        For a commission, lists its own records alone.
        """

        def show(kind: str) -> None:
            if kind == self.kind:
                self.open_one(record_id)
            elif kind == "commission" and self.panel.everywhere:
                self.panel.reach.set_value(None)
                self.panel.reach.edited.emit()

        self.read(lambda: self.services.records.envelope(record_id).kind, show)

    def come_from(self, record_id: str) -> None:
        """Stands on the record whose page was left, even if it was made there."""
        if record_id != getattr(self.table.current(), "id", ""):
            self._left = "" if self.table.select_where(record_id) else record_id

    def take_focus(self) -> None:
        """Gives the keyboard back to the table, on the row that was left, if there is one."""
        back = self.table.chosen() and self.table.isVisible()
        (self.table if back else self).setFocus()

    def add_one(self) -> None:
        """Opens the page of a new record of the commission; without one, of the region."""
        if self.commission_id is not None:
            self.open_requested.emit(self.place, NEW)
        elif self.share.isEnabled():
            self.add_shared()
        else:
            self.tell(NO_COMMISSION, "warning")

    def add_shared(self) -> None:
        """Opens the page of a new record for the whole region."""
        self.open_requested.emit(self.place, NEW_SHARED)

    def go_back(self) -> None:
        self.open_requested.emit("home", "")

    def open_one(self, record_id: str) -> None:
        self.open_requested.emit(self.place, record_id)

    def open_chosen(self) -> None:
        """Opens the selected record."""
        (row,) = self.table.chosen()
        self.open_one(row.id)

    def show_history(self) -> None:
        """Shows what happened to the selected record."""
        (row,) = self.table.chosen()
        self.show_past(row.title, row.id)

    def ask_removal(self) -> None:
        """Asks before the selected records are deleted."""
        rows = self.table.chosen()
        if not rows:
            return
        words = self.words
        one = len(rows) == 1
        what = words.one if one else f"{whole(len(rows))} {words.many}"
        names = " ; ".join(f"« {row.title} »" for row in rows[:4]) + (" ; …" if rows[4:] else "")
        back = words.back if one else f"{chord('Ctrl+Z')} les fait revenir."
        if self.share.isEnabled() and any(row.is_shared for row in rows):
            back = f"{GONE_EVERYWHERE} {back}"
        ConfirmDialog(
            f"Supprimer {what}",
            f"{ended(names)} {back}",
            "Supprimer",
            partial(self._remove, [row.id for row in rows]),
            self,
        ).open()

    def _remove(self, record_ids: Sequence[str]) -> None:
        self.went_on.emit()
        self.write(lambda: self.delete(record_ids), {self.kind})

    def delete(self, record_ids: Sequence[str]) -> object:
        """Deletes records, off the GUI thread."""
        return self.services.records.delete_all(record_ids, cascade=self.cascade)

    def _on_selection(self) -> None:
        chosen = self.table.chosen()
        for action in (self.open, self.look_back):
            action.setEnabled(len(chosen) == 1)
        for action in (self.copy, self.remove):
            action.setEnabled(bool(chosen))
        self.on_chosen(chosen)

    def on_chosen(self, rows: Sequence[Any]) -> None:
        """Hears which rows are selected."""


class ThemedListPage(ListPage):
    """A list that can also be filtered by theme."""

    def add_themes(self, record: Callable[[Any], Record[Any]]) -> None:
        """Adds the filter; `record` gives the record of a row."""
        self.themes = Choice([(None, ALL_THEMES)])
        self.panel.add_facet(self.themes, lambda row, theme: record(row).fields.theme == theme)

    def refresh(self) -> None:
        super().refresh()
        self.read(lambda: theme_choices(self.services, ALL_THEMES), self.themes.offer)
