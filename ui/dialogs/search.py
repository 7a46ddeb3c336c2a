"""Ctrl+K: finds anything in the workspace by its words, while typing; Enter goes there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from app.domain.refusals import Refusal
from app.domain.wording import count
from ui.announcing import Announcer, announce
from ui.dialogs.dialog import Dialog, fit
from ui.models.hits import HIT, HitWords, hit_words
from ui.tasks import FINDING, Task, Tasks
from ui.theme import Space
from ui.widgets.dates import DateField
from ui.widgets.fields import Choice
from ui.widgets.flow import Flow
from ui.widgets.hit_delegate import HitDelegate
from ui.widgets.line_icons import make_search
from ui.widgets.text import label
from ui.window.commands import Command, matching

if TYPE_CHECKING:
    from app.services.search import Hit, Search

KINDS = (
    ("", "Tout"),
    ("organisation", "Collectivités"),
    ("person", "Personnes"),
    ("meeting agenda_item minutes", "Séances"),
    ("decision action ballot", "Décisions et suites"),
    ("need need_group need_digest", "Besoins"),
    ("watch_note", "Veille"),
    ("solution commitment", "Solutions"),
)
"""The groups of kinds that a search can be limited to, the kinds separated by spaces."""

HINT = "Une commune, une personne, un mot d'un besoin ou d'une note, une commande…"

NOTHING = "Rien ne correspond à ces mots."
TOO_MANY = "Rien ne contient tous ces mots : n'en gardez qu'un ou deux."

MOST = 50
"""The most records listed at once."""

MORE = f"Plus de {MOST} résultats : ajoutez un mot pour trouver les autres."

EVERY_COMMISSION = (None, "Toutes les commissions")


class SearchDialog(Dialog):
    """One line to type in, and the results below it; `chosen` carries the id of a record.

    Commands that the words name come first; `commanded` carries the Command chosen.
    """

    chosen = Signal(str)
    commanded = Signal(object)

    def __init__(self, search: Search, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._search = search
        self._tasks = tasks
        self._task: Task | None = None  # the search under way
        self._entered = False  # Enter was pressed meanwhile
        self._meant: str | Command | None = None  # the result that an arrow went to
        self._others: Mapping[str | None, str] = {}
        self._commands: Sequence[Command] = ()
        self.line = QLineEdit()
        self.kinds = Choice(KINDS)
        self.commission = Choice([EVERY_COMMISSION])
        self.first_day = DateField()
        self.last_day = DateField()
        self.results = QListWidget()
        self.note = label(HINT, "muted")
        self._found = Announcer(self.line)
        self._build()
        self._connect()
        tasks.run(search.index_pending, owner=self, lane=FINDING)

    def _build(self) -> None:
        self.setWindowTitle("Rechercher partout")
        fit(self, 680, 480)
        self.line.setProperty("kind", "search")
        self.line.setPlaceholderText("Rechercher partout")
        self.line.setAccessibleName("Rechercher partout")
        make_search(self.line)
        self.results.setAccessibleName("Résultats de la recherche")
        self.results.setItemDelegate(HitDelegate(self.results))
        self.results.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.results.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.kinds.call("Ce que l'on cherche")
        self.commission.call("Commission")
        self.commission.hide()
        for field, words in ((self.first_day, "Du"), (self.last_day, "Au")):
            for named in (field, field.line):
                named.setAccessibleName(words)
            field.line.setPlaceholderText(f"{words} jj/mm/aaaa")
        within = Flow()
        for widget in (self.kinds, self.commission, self.first_day, self.last_day):
            within.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.L, Space.L, Space.L, Space.L)
        layout.setSpacing(Space.M)
        layout.addWidget(self.line)
        layout.addLayout(within)
        layout.addWidget(self.results, 1)
        layout.addWidget(self.note)
        layout.addStretch()
        self.results.hide()

    def _connect(self) -> None:
        self.line.textChanged.connect(lambda text: self._find())
        self.kinds.edited.connect(self._find)
        self.commission.edited.connect(self._find)
        for field in (self.first_day, self.last_day):
            field.edited.connect(self._find)
        self.line.returnPressed.connect(self._on_entered)
        self.line.installEventFilter(self)
        self.results.itemActivated.connect(lambda item: self._on_chosen())
        self.results.itemClicked.connect(lambda item: self._on_chosen())

    def offer_commissions(self, names: Mapping[str, str], shown_id: str | None) -> None:
        """Lets the search be limited to one of several commissions; results name the others."""
        self._others = {key: name for key, name in names.items() if key != shown_id}
        self.commission.offer([EVERY_COMMISSION, *names.items()])
        self.commission.setVisible(len(names) > 1)

    def offer_commands(self, commands: Sequence[Command]) -> None:
        """Has the search find these commands too, by their words."""
        self._commands = commands

    def _find(self) -> None:
        """Searches for the words in the line now, giving up the search under way."""
        if self._task is not None:
            self._task.cancel()
        self._entered, self._meant = False, None
        typed = self.line.text()
        within = {
            "kinds": self.kinds.value().split(),
            "commission_id": self.commission.value(),
            "first_day": _day(self.first_day),
            "last_day": _day(self.last_day),
        }
        self._task = self._tasks.run(
            lambda: self._search.find(typed, **within, limit=MOST + 1),
            lambda hits: self._show(typed, hits, bounded=any(within.values())),
            owner=self,
            lane=FINDING,
        )

    def _show(self, typed: str, hits: list[Hit], *, bounded: bool) -> None:
        """Lists the results; a search `bounded` by a filter offers no command."""
        self._task = None
        self.results.clear()
        for command in () if bounded else matching(self._commands, typed):
            self._add(command, HitWords(command.words, command.said, ()))
        for hit in hits[:MOST]:
            own = hit.kind == "commission"  # its title is its name already
            self._add(
                hit.id, hit_words(hit, "" if own else self._others.get(hit.commission_id, ""))
            )
        found = self.results.count()
        listed = [self.results.item(row).data(Qt.ItemDataRole.UserRole) for row in range(found)]
        is_listed = self._meant in listed
        self.results.setCurrentRow(listed.index(self._meant) if is_listed else 0)
        self.results.setVisible(bool(found))
        nothing = TOO_MANY if len(typed.split()) > 1 else NOTHING
        said = MORE if len(hits) > MOST else "" if found else nothing
        self.note.setText(said if typed.strip() else HINT)
        self.note.setVisible(bool(said))
        if typed.strip():
            self._found.take(said or count(found, "résultat"))
        else:
            self._found.stop()
        if self._entered and (is_listed or self._meant is None):
            self._on_chosen()

    def _add(self, found: str | Command, words: HitWords) -> None:
        item = QListWidgetItem(f"{words.title}\n{words.below}")
        item.setData(Qt.ItemDataRole.UserRole, found)
        item.setData(HIT, words)
        self.results.addItem(item)

    def _on_entered(self) -> None:
        """Goes to the result in hand, once those listed are of the words in the line."""
        if self._task is None:
            self._on_chosen()
        else:
            self._entered = True

    def _on_chosen(self) -> None:
        item = self.results.currentItem()
        if item is not None:
            found = item.data(Qt.ItemDataRole.UserRole)
            self.accept()
            (self.chosen if isinstance(found, str) else self.commanded).emit(found)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Lets the arrows move among the results while the keyboard stays in the line."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None and self.results.count():
                row = (self.results.currentRow() + step) % self.results.count()
                self.results.setCurrentRow(row)
                self._meant = self.results.item(row).data(Qt.ItemDataRole.UserRole)
                announce(self.line, ", ".join(self.results.item(row).text().split("\n")))
                return True
        return super().eventFilter(watched, event)


def _day(field: DateField) -> date | None:
    """The day typed; None while the field is empty or cannot be read."""
    try:
        value = field.value()
    except Refusal:
        return None
    return date.fromisoformat(value) if value else None
