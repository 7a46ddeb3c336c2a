"""The ways into the dialog that imports a table: from a file, or from copied cells."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QFileDialog

from app.domain.records import KINDS
from ui.actions import make_action
from ui.pages.page import NO_COMMISSION, Page
from ui.words.chord import chord

if TYPE_CHECKING:
    from app.services.table_imports import Source

NO_LINES = (
    "Le presse-papiers ne contient pas de lignes : copiez des cellules du tableur, avec la ligne de"
    " leurs titres."
)

WHERE = " Chaque personne est à la page de sa collectivité."
SEATED = f"{WHERE[:-1]}, que montre le filtre « Siégeant »."
"""Said of imported persons, whom the list that they were imported from does not show."""


def import_actions(page: Page, kinds: Sequence[tuple[str, str]], share: QAction) -> list[QAction]:
    """The actions that import a table, from a file or from cells copied in a spreadsheet.

    `kinds` are those that its lines may be of, each with its French word; the lines may go to the
    whole region where `share` is enabled.
    """
    return [
        make_action(
            page, "Importer un tableau…", lambda: _ask(page, kinds, share), icon="upload"
        ),
        make_action(
            page, "Coller des lignes", lambda: _paste(page, kinds, share), "Ctrl+V",
            icon="clipboard-paste",
        ),
    ]  # fmt: skip


def _ask(page: Page, kinds: Sequence[tuple[str, str]], share: QAction) -> None:
    from ui.dialogs.import_table import READABLE

    if _may_take(page, kinds, share):
        name, _ = QFileDialog.getOpenFileName(page, "Importer un tableau", "", READABLE)
        if name:
            _open(page, kinds, share, Path(name))


def _paste(page: Page, kinds: Sequence[tuple[str, str]], share: QAction) -> None:
    from app.services.table_imports import Pasted

    if not _may_take(page, kinds, share):
        return
    text = QGuiApplication.clipboard().text()
    if len(text.strip().splitlines()) > 1:
        _open(page, kinds, share, Pasted(text))
    else:
        page.tell(NO_LINES, "warning")


def _may_take(page: Page, kinds: Sequence[tuple[str, str]], share: QAction) -> bool:
    """Whether the lines have a commission or the region to go to; if not, says so."""
    homeless = not (share.isEnabled() or any(KINDS[kind].regional for kind, _ in kinds))
    if page.commission_id is None and homeless:
        page.tell(NO_COMMISSION, "warning")
        return False
    return True


def _open(page: Page, kinds: Sequence[tuple[str, str]], share: QAction, source: Source) -> None:
    from ui.dialogs.import_table import ImportDialog

    several = page.commissions if len(page.commissions) > 1 else {}
    dialog = ImportDialog(
        source,
        kinds,
        page.services.table_imports,
        page.tasks,
        page,
        commission_id=page.commission_id,
        commission=several.get(page.commission_id or "", ""),
        shared=share.isEnabled(),
    )
    dialog.taken.connect(lambda kind: _on_taken(page, kind, source, seats=dialog.seats.value()))
    dialog.open()


def _on_taken(page: Page, kind: str, source: Source, *, seats: bool) -> None:
    page.changed.emit(frozenset({kind, "roster_entry"} if seats else {kind}))
    where = (SEATED if seats else WHERE) if kind == "person" else ""
    done = f"« {source.name} » est importé"
    if not isinstance(source, Path):
        done = "Les cellules collées sont importées"
    page.tell(f"{done}, {chord('Ctrl+Z')} le défait.{where}")
