"""Answering several needs with one solution: one that exists, or a new one made from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from app.domain.records import Record, Solution
from app.domain.wording import agree, count
from ui.dialogs.dialog import FormDialog
from ui.widgets.form import Form
from ui.widgets.pick import Option, PickField
from ui.words.choices import solution_title
from ui.words.chord import chord

if TYPE_CHECKING:
    from app.bootstrap import Services
    from ui.pages.page import Page


class Answers(NamedTuple):
    """The solutions that may answer the needs; `shared` when the GIP may make a regional one."""

    solutions: Sequence[Option]
    shared: bool


def answers(services: Services, need_ids: Sequence[str]) -> Answers:
    """The solutions that may answer these needs; reads the workspace.

    They are the region's and, when all the needs are of one commission, that commission's.
    """
    spaces = {services.records.envelope(one).commission_id for one in need_ids}
    near = {None, *spaces} if len(spaces) == 1 else {None}
    known: Sequence[Record[Solution]] = services.records.list("solution")
    fit = [one for one in known if one.commission_id in near and one.fields.status != "refused"]
    options = [Option(one.id, solution_title(one)) for one in fit]
    return Answers(options, services.region.published_from_here())


def answer_dialog(page: Page, need_ids: Sequence[str], found: Answers) -> FormDialog:
    """A dialog that asks which solution answers the needs; the GIP may also make a new one."""
    form, needs = Form(1), page.services.needs
    form.add(
        "solution_id",
        "Solution",
        PickField(found.solutions, "Titre de la solution"),
        hint="Chaque besoin garde ses mots et sa commission.",
        required="Choisissez la solution qui répond à ces besoins.",
    )
    number = count(len(need_ids), "besoin")

    def save(values: dict[str, str]) -> object:
        return needs.answer(need_ids, values["solution_id"])

    dialog = FormDialog(
        f"Une solution répond à {number}", form, save, page.tasks, page, confirm="Enregistrer"
    )

    def tell(_: object) -> None:
        page.changed.emit(frozenset({"need", "solution"}))
        taken = agree(len(need_ids), "la lui", "la leur")
        page.tell(f"Une solution répond à {number} ; {chord('Ctrl+Z')} {taken} retire.")

    def pool() -> None:
        dialog.accept()
        page.write(
            lambda: needs.pool(need_ids),
            {"need", "solution"},
            lambda made: page.open_requested.emit("solution", made.id),
        )

    dialog.saved.connect(tell)
    if found.shared:
        dialog.offer("Nouvelle solution pour la région", pool, "plus")
    return dialog
