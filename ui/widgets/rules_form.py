"""The rules of a commission: the kind of assembly, its quorum, its notice, its proxies."""

from __future__ import annotations

from typing import Any, cast

from app.domain import notice
from app.domain.records import Commission
from app.domain.refusals import Refusal
from ui.widgets.fields import Choice, NumberField, TextField
from ui.widgets.form import Form
from ui.words.choices import PROFILES, choices

OFFERED = {
    "body_kind": [("", "Commission"), *choices("commission", "body_kind")],
    "quorum_fraction": choices("commission", "quorum_fraction"),
}
"""What is offered in the fields that may hold another text as well."""


class RulesForm(Form):
    """Says how many days of notice hold, by the other fields, where none are written."""

    def __init__(self) -> None:
        super().__init__()
        self.add("name", "Nom", TextField(), required="Donnez un nom à la commission.", whole=True)
        self.add("profile", "Genre d'assemblée", Choice(PROFILES))
        self.add(
            "departments", "Départements", TextField("21 58"), hint="Codes séparés d'un espace."
        )
        self.add("body_kind", "Organe", Choice(OFFERED["body_kind"]))
        self.add(
            "body_population", "Habitants", NumberField(), hint="Fixe le délai de convocation."
        )
        self.add("quorum_fraction", "Quorum", Choice(OFFERED["quorum_fraction"]))
        self.add("notice_days", "Délai de convocation", NumberField())
        self.add(
            "proxies_per_holder", "Pouvoirs par personne", NumberField("1"), hint="Un seul si vide."
        )
        for name in ("profile", "body_kind", "body_population"):
            self.editor(name).edited.connect(self._show_notice)
        self._show_notice()

    def set_values(self, values: dict[str, Any]) -> None:
        """Fills the fields; a body or a quorum that no list has is offered as it is written."""
        for name in OFFERED.keys() & values.keys():
            held, offered = values[name], OFFERED[name]
            known = not held or held in dict(offered)
            cast(Choice, self.field(name)).offer(offered if known else [*offered, (held, held)])
        super().set_values(values)
        self._show_notice()

    def _show_notice(self) -> None:
        try:
            population = self.editor("body_population").value()
        except Refusal:
            return
        rules = Commission(
            profile=self.editor("profile").value(),
            body_kind=self.editor("body_kind").value() or "",
            body_population=population,
        )
        days = notice.clear_days(rules)
        self.explain("notice_days", f"En jours francs ; vide : {days}, selon la règle.")
