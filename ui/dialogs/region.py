"""What the region shares, in dialogs: a theme of needs, a scale of membership fees."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.domain.records import FeeScale, Record, Theme
from ui.dialogs.dialog import Delete, FormDialog, Save
from ui.tasks import Tasks
from ui.theme import set_widths
from ui.widgets.amounts import AmountField
from ui.widgets.fields import Choice, NumberField, TextField, Tick, YearField
from ui.widgets.form import Form
from ui.widgets.region_cards import scale_name
from ui.widgets.rows_field import RowsField
from ui.words.choices import choices


class ThemeDialog(FormDialog):
    """Adds a theme, or changes or deletes one; a theme in use can only leave the lists."""

    def __init__(
        self,
        theme: Record[Theme] | None,
        save: Save,
        tasks: Tasks,
        parent: QWidget | None = None,
        *,
        delete: Delete | None = None,
    ) -> None:
        form = Form(1)
        form.add("label", "Nom du thème", TextField(), required="Donnez un nom au thème.")
        form.add("active", "", Tick("Proposé dans les listes"))
        title = "Nouveau thème" if theme is None else "Modifier le thème"
        sealed = "" if theme is None else "Thème"
        super().__init__(title, form, save, tasks, parent, delete=delete, sealed=sealed)
        shown = theme.fields if theme else Theme()
        form.set_values(form.values_in(shown))
        form.focus_first()


class FeeScaleDialog(FormDialog):
    """Adds a scale of fees, or changes or deletes one: a year, and amounts by population."""

    def __init__(
        self,
        scale: Record[FeeScale] | None,
        save: Save,
        tasks: Tasks,
        parent: QWidget | None = None,
        *,
        delete: Delete | None = None,
    ) -> None:
        form = Form(1)
        form.add("year", "Année", YearField("2027"), required="Dites de quelle année il s'agit.")
        form.add("rows", "Cotisations", RowsField("Ligne", "Ajouter une ligne", _row_form))
        title = "Nouveau barème" if scale is None else "Modifier le barème"
        sealed = "" if scale is None else scale_name(scale.fields)
        super().__init__(title, form, save, tasks, parent, delete=delete, sealed=sealed)
        set_widths(self, least=680)  # for the three fields of a line
        rows = [
            {name: getattr(row, name) for name in ("kind", "population_from", "amount_cents")}
            for row in (scale.fields.rows if scale else ())
        ]
        form.set_values({"year": scale.fields.year if scale else None, "rows": rows})
        form.focus_first()


def _row_form() -> Form:
    form = Form(3)
    form.add("kind", "Genre", Choice(choices("organisation", "kind")))
    form.add(
        "population_from",
        "À partir de (habitants)",
        NumberField("0"),
        required="Écrivez 0 pour partir du premier habitant.",
    )
    form.add(
        "amount_cents",
        "Par an, en €",
        AmountField("250"),
        required="Donnez la cotisation.",
    )
    return form
