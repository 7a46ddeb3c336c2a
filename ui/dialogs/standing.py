"""The dialog on where one organisation stands toward a solution."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from app.domain.wording import count
from ui.dialogs.dialog import FormDialog, Save
from ui.models.standings import GIVEN, Standing
from ui.tasks import Tasks
from ui.widgets.amounts import AmountField
from ui.widgets.dates import DateField
from ui.widgets.fields import Choice, NumberField, TextField
from ui.widgets.form import Form
from ui.words.choices import choices


class StandingDialog(FormDialog):
    """The position of an organisation, its units, its price alone, and its council's vote."""

    def __init__(
        self,
        row: Standing,
        save: Save,
        tasks: Tasks,
        parent: QWidget,
        *,
        by_units: bool,
        years: int | None = None,
    ) -> None:
        """`save` takes only the fields that differ from the row shown; `years` is the plan's term,
        where there is a plan.
        """

        def store(values: dict[str, Any]) -> object:
            return save(
                {name: value for name, value in values.items() if value != getattr(row, name)}
            )

        super().__init__(row.title, _form(years), store, tasks, parent)
        known = {name: getattr(row, name) for name in GIVEN}
        self.form.set_values({**known, "intention": row.intention or "interested"})
        self.form.show_row("units", shown=by_units)
        self.begin_at("units" if by_units else "alone_cents")


def _form(years: int | None) -> Form:
    form = Form(1)
    positions = [*choices("commitment", "intention"), (None, "Rien dit encore")]
    form.add("intention", "Position", Choice(positions))
    form.add("units", "Unités", NumberField(), hint="Par exemple le nombre de postes.")
    term = f"Pour toute la durée, {count(years, 'an')}" if years else "Pour toute la durée"
    hint = f"{term}. Laissez vide pour le calculer d'après l'offre."
    form.add("alone_cents", "Prix payé seule, HT, en €", AmountField(), hint=hint)
    form.add(
        "act_reference",
        "Délibération",
        TextField("N° ou référence de l'acte"),
        hint="L'engagement vaut une fois que son conseil a délibéré.",
    )
    form.add("signed_on", "Adhésion signée le", DateField())
    return form
