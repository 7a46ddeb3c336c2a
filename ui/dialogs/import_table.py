"""Importing a table: what each column holds, what would become of each line, all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListView,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from app.domain.records import KINDS
from app.domain.refusals import Refusal
from app.domain.wording import count
from app.errors import UserError
from ui import errors, theme
from ui.dialogs.dialog import Dialog, answer, fit
from ui.models.outcomes import OutcomesModel, summary
from ui.saving import ask_where, with_ending
from ui.tasks import LONG, Task, Tasks
from ui.theme import Space
from ui.widgets.banner import Banner
from ui.widgets.buttons import button
from ui.widgets.dates import DateField
from ui.widgets.fields import Choice, Tick
from ui.widgets.form import Form
from ui.widgets.mapping_table import MappingTable
from ui.widgets.scroll import Bounded
from ui.widgets.text import label
from ui.widgets.waiting import Waiting
from ui.words.chord import chord

if TYPE_CHECKING:
    from app.services.table_imports import Look, Source, TableImports
    from app.services.table_writing import TableReport

READABLE = "Tableaux (*.csv *.xlsx *.ods *.txt *.tsv *.xls)"
"""An old .xls can be chosen too, so that a sentence says what to do with it."""

PAUSE = 250
"""Milliseconds between a choice and a new trial of the lines."""

SAID = (
    "Dites ce que contient chaque colonne. Une cellule vide ne change rien, et rien n'est écrit"
    " avant que vous n'importiez."
)
HEADED = "La première ligne collée est celle des titres."
"""Said of pasted cells, which may have been copied without the line of headings."""

REFUSED = (
    "Une ligne refusée retient toutes les autres : corrigez le tableau, ou faites-en deux par les"
    " boutons du bas."
)

STOPPED = "L'importation est arrêtée, rien n'est écrit."


class ImportDialog(Dialog):
    """Tries the lines after each choice; `taken` carries the kind of the records imported."""

    taken = Signal(str)

    def __init__(
        self,
        source: Source,
        kinds: Sequence[tuple[str, str]],
        imports: TableImports,
        tasks: Tasks,
        parent: QWidget | None = None,
        *,
        commission_id: str | None = None,
        commission: str = "",
        shared: bool = False,
    ) -> None:
        """`kinds` are those that the lines may be of, each with its French word.

        `commission` is the name of the commission that the lines go to, where there are several.
        With `shared` the user may send them to the whole region, as is done without a commission.
        """
        super().__init__(parent)
        self._source = source
        self._commission_id = commission_id
        self._several = bool(commission)
        self._imports = imports
        self._tasks = tasks
        self._task: Task | None = None
        self._reading = Task()  # of the file, for the kind chosen last
        # whether the lines are being imported, and whether the user asked to stop that
        self._taking = self._given_up = False
        self._found: TableReport | None = None
        self.banner = Banner()
        self.kind = Choice(kinds)
        self.where = label(f"Les lignes vont dans la commission « {commission} ».", wrap=True)
        self.mapping = MappingTable()
        self.seats = Tick("Les faire siéger, si leur place est libre")
        self.since = DateField()  # the day from which they replace who sits
        self.renewal = Form(1)
        self.region = Tick("Les publier pour toute la région")
        self.outcome = label("", "strong", wrap=True)
        self._said = SAID if isinstance(source, Path) else f"{HEADED} {SAID}"
        self.note = label(self._said, "muted", wrap=True)
        self.outcomes = OutcomesModel(self)
        self.lines = QListView()
        self.progress = QProgressBar()
        self.keep_refused = button("Enregistrer les refusées…", lambda: self._keep(refused=True))
        self.keep_others = button("Enregistrer les autres…", lambda: self._keep(refused=False))
        self.cancel = button("Annuler", self.reject)
        self.take = button("Importer", self._on_take, kind="primary")
        self._pause = QTimer(self)
        self._body = self._assembled()
        self._waiting = Waiting(self.kind, self._body, self.take)
        self._build(several=len(kinds) > 1, shared=shared)
        self._connect()
        self._guess([kind for kind, _ in kinds])

    def _build(self, *, several: bool, shared: bool) -> None:
        self.setWindowTitle("Importer un tableau")
        answer(self, "Ctrl+Return", f"Importer\t{chord('Ctrl+Entrée')}", self.take.click)
        fit(self, 900, 700)
        self.kind.call("Ce que sont les lignes")
        self.lines.setModel(self.outcomes)
        self.lines.setAccessibleName("Ce que devient chaque ligne")
        self.lines.setWordWrap(True)
        self.lines.setResizeMode(QListView.ResizeMode.Adjust)
        self.lines.setLayoutMode(QListView.LayoutMode.Batched)
        self.lines.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.progress.setRange(0, 100)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName("Avancement")
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self.lines.setMinimumHeight(theme.px(90))
        self.lines.setProperty("framed", True)
        self.lines.setProperty("wraps", True)
        self.where.hide()
        self.seats.hide()
        self.renewal.add(
            "since",
            "Remplacer à partir du",
            self.since,
            hint="Après des élections : les sièges que le tableau donne à d'autres finissent ce"
            " jour. Vide, chacun garde le sien.",
        )
        self.renewal.hide()
        self.region.set_value(shared and self._commission_id is None)
        self.region.setEnabled(self._commission_id is not None)
        head = QHBoxLayout()
        head.addWidget(label(self._source.name, "section"), 1)
        head.addWidget(self.kind)
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.S)
        for widget in (self.keep_refused, self.keep_others):
            buttons.addWidget(widget)
        buttons.addStretch()
        for widget in (self.cancel, self.take):
            buttons.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.XL, Space.XL, Space.XL, Space.XL)
        layout.setSpacing(Space.M)
        layout.addLayout(head)
        layout.addWidget(Bounded(self._body), 1)
        layout.addLayout(buttons)
        self.kind.setVisible(several)  # after the layout: shown without a parent, it is a window
        self.region.setVisible(shared)
        self._show_nothing()

    def _assembled(self) -> QWidget:
        """The part that scrolls where large print leaves too little room."""
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.M)
        layout.addWidget(self.where)
        layout.addWidget(self.note)
        layout.addWidget(self.banner)
        layout.addWidget(self.mapping, 3)
        seating = QHBoxLayout()
        seating.setSpacing(Space.XL)
        seating.addWidget(self.seats, 0, Qt.AlignmentFlag.AlignTop)
        seating.addWidget(self.renewal, 1)
        layout.addLayout(seating)
        layout.addWidget(self.region)
        layout.addWidget(self.outcome)
        layout.addWidget(self.progress)
        layout.addWidget(self.lines, 2)
        return body

    def _connect(self) -> None:
        self.kind.edited.connect(self._look)
        self.seats.edited.connect(self._on_seats)
        self.since.edited.connect(self._on_mapped)
        self.region.edited.connect(self._name_commission)
        self.region.edited.connect(self._on_mapped)
        self.mapping.mapped.connect(self._on_mapped)
        self._pause.timeout.connect(self._try)

    # The file, and what its columns hold

    def _guess(self, kinds: Sequence[str]) -> None:
        self._reading = self._tasks.run(
            lambda: self._imports.likeliest(self._source, kinds), self._on_guessed, self._on_failed,
            self, lane=LONG,
        )  # fmt: skip

    def _on_guessed(self, kind: str) -> None:
        self.kind.set_value(kind)
        self._look()

    def _look(self) -> None:
        """Reads the file for the kind chosen, giving up what is being read for another."""
        self._reading.cancel()
        self._show_nothing()
        kind = self.kind.value()
        self._name_commission()
        seated = self._are_seated()
        self.seats.setVisible(seated)
        self.renewal.setVisible(seated and self.seats.value())
        self._reading = self._tasks.run(
            lambda: self._imports.look(self._source, kind), self._show_file, self._on_failed, self,
            lane=LONG,
        )  # fmt: skip

    def _are_seated(self) -> bool:
        """Whether the lines are persons who may be given seats in the commission."""
        return self.kind.value() == "person" and self._commission_id is not None

    def _on_seats(self) -> None:
        self.renewal.setVisible(self.seats.value())
        self._on_mapped()

    def _name_commission(self) -> None:
        """Says which of several commissions the lines go to, unless the region gets them."""
        own = not (self.region.value() or KINDS[self.kind.value()].regional)
        self.where.setVisible(self._several and own)

    def _show_file(self, look: Look) -> None:
        self.mapping.show_file(look.headings, look.first_rows, look.fields, look.columns)
        if look.deputies and self._are_seated():  # a table of designations says who sits
            self.seats.set_value(True)
            self.renewal.show()
        for before, after in pairwise([self.kind, *self.mapping.choices]):
            self.setTabOrder(before, after)
        if self.mapping.choices:
            self.mapping.choices[0].setFocus()
        self._try()

    def _on_mapped(self) -> None:
        self._show_nothing()
        self._pause.start()

    # What becomes of the lines

    def _try(self) -> None:
        self._run(self._show_trial, dry_run=True)

    def _on_take(self) -> None:
        if self._run(self._show_taken, dry_run=False):
            self._taking = True
            self._waiting.begin()

    def _run(self, show: Callable[[TableReport], object], *, dry_run: bool) -> bool:
        """Tries the lines, or imports them, giving up any trial under way.

        False when the choices do not allow it: nothing has begun, and the dialog says why.
        """
        failed = self._on_failed if dry_run else partial(self._on_not_taken, self._found)
        self._show_nothing()
        kind, columns, seats = self.kind.value(), self.mapping.columns(), self.seats.value()
        commission_id = None if self.region.value() else self._commission_id
        if not columns:
            self.outcome.setText("Choisissez ce que contient au moins une colonne.")
            return False
        try:
            since = None if self.renewal.isHidden() else self.since.value()
        except Refusal as refusal:
            self.outcome.setText(refusal.sentence)
            return False
        self.outcome.setText("Essai des lignes…" if dry_run else "Importation…")
        self.progress.setValue(0)
        self.progress.show()

        def work(task: Task) -> TableReport:
            return self._imports.take(
                self._source,
                kind,
                columns=columns,
                commission_id=commission_id,
                seats=seats,
                since=since,
                dry_run=dry_run,
                progress=lambda line, lines: self._report(task, line / lines),
            )

        self._task = self._tasks.run_reporting(
            work, show, failed, self,
            on_progress=lambda words, share: self.progress.setValue(round(100 * share)),
        )  # fmt: skip
        return True

    def _report(self, task: Task, share: float) -> None:
        """Called between two lines, before any is written: an import given up stops here."""
        if self._given_up:
            raise UserError(STOPPED)
        task.report("", share)

    def _show_nothing(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self._found = None
        self.progress.hide()
        self.outcome.setText("")
        self.outcomes.show_report(None)
        self.keep_refused.hide()
        self.keep_others.hide()
        self.take.setText("Importer")
        self.take.setEnabled(False)

    def _show_trial(self, found: TableReport) -> None:
        report = found.report
        self._found = found
        self.progress.hide()
        self.outcomes.show_report(found)
        self.outcome.setText(" ".join([f"{summary(report)}.", *found.remarks]))
        self.note.setText(REFUSED if report.refused else self._said)
        self.keep_refused.setVisible(bool(report.refused))
        self.keep_others.setVisible(bool(report.refused and found.accepted_rows))
        written = 0 if report.refused else len(report.created) + len(report.changed)
        several = any(field.startswith("alternate_") for field in found.columns)
        what = count(written, "personne" if several else "ligne")
        self.take.setText(f"Importer {what}" if written else "Importer")
        self.take.setEnabled(bool(written))
        self.take.setDefault(bool(written))

    def _show_taken(self, found: TableReport) -> None:
        self._end_taking()
        if found.done:
            self.taken.emit(self.kind.value())
            self.accept()
        elif self._given_up:
            self.reject()
        else:
            self._show_trial(found)

    def _on_failed(self, error: Exception) -> None:
        self._show_nothing()
        errors.tell(error, self.banner, self)

    def _end_taking(self) -> None:
        self._taking = False
        self._waiting.end()

    def _on_not_taken(self, tried: TableReport | None, error: Exception) -> None:
        """Closes if the user asked to stop; else says why, above the lines as last tried."""
        self._end_taking()
        if self._given_up:
            self.reject()
            return
        self._on_failed(error)
        if tried is not None:
            self._show_trial(tried)

    # What is kept apart

    def _keep(self, *, refused: bool) -> None:
        found = self._found
        word = "refusées" if refused else "bonnes"
        name, _ = ask_where(
            self, "Enregistrer les lignes", f"{self._source.stem} - {word}.csv", "CSV (*.csv)"
        )
        if name and found is not None:
            path = with_ending(name, ".csv")
            self._tasks.run(
                lambda: self._imports.keep(path, found, refused=refused),
                lambda kept: self.banner.say(f"{count(kept, 'ligne')} dans « {path} »."),
                self._on_kept_failed,
                self,
                lane=LONG,
            )

    def _on_kept_failed(self, error: Exception) -> None:
        errors.tell(error, self.banner, self)

    def reject(self) -> None:
        """Closes; an import under way is asked to stop first, unless it turns out to be done."""
        if self._taking:
            self._given_up = True
            self.outcome.setText("Arrêt…")
        else:
            super().reject()

    def done(self, result: int) -> None:
        """Gives up what is under way when the dialog closes."""
        if self._task is not None:
            self._task.cancel()
        super().done(result)
