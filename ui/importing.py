"""The way into the dialog that imports a table: which file, then what it holds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog

from app.domain.records import KINDS
from ui.actions import make_action
from ui.chord import chord
from ui.pages.page import NO_COMMISSION, Page

WHERE = " Chaque personne est à la page de sa collectivité."
SEATED = f"{WHERE[:-1]}, que montre le filtre « Siégeant »."
"""What is said of persons, whom the list that they came in by does not show."""


def import_action(page: Page, kinds: Sequence[tuple[str, str]], share: QAction) -> QAction:
    """Imports a table whose lines are of one of these kinds, each with its French word.

    They may be for the whole region where `share` is enabled.
    """
    return make_action(
        page, "Importer un tableau…", lambda: _ask(page, kinds, share), icon="upload"
    )


def _ask(page: Page, kinds: Sequence[tuple[str, str]], share: QAction) -> None:
    from ui.dialogs.import_table import READABLE, ImportDialog

    homeless = not (share.isEnabled() or any(KINDS[kind].regional for kind, _ in kinds))
    if page.commission_id is None and homeless:
        page.tell(NO_COMMISSION, "warning")
        return
    name, _ = QFileDialog.getOpenFileName(page, "Importer un tableau", "", READABLE)
    if not name:
        return
    several = page.commissions if len(page.commissions) > 1 else {}
    dialog = ImportDialog(
        Path(name),
        kinds,
        page.services.table_imports,
        page.tasks,
        page,
        commission_id=page.commission_id,
        commission=several.get(page.commission_id or "", ""),
        shared=share.isEnabled(),
    )
    dialog.taken.connect(lambda kind: _on_taken(page, kind, name, seats=dialog.seats.value()))
    dialog.open()


def _on_taken(page: Page, kind: str, name: str, *, seats: bool) -> None:
    page.changed.emit(frozenset({kind, "roster_entry"} if seats else {kind}))
    where = (SEATED if seats else WHERE) if kind == "person" else ""
    page.tell(f"« {Path(name).name} » est importé, {chord('Ctrl+Z')} le défait.{where}")
