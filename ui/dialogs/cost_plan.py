"""Dialogs on a cost-sharing plan: its rules, and one offer with its price tiers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from app.domain.cost_plan import KEY_LABELS, Key, free_id
from app.domain.cost_terms import offer_called
from app.domain.refusals import Refusal
from app.domain.wording import capitalised
from ui.dialogs.dialog import Delete, FormDialog, Save, fit
from ui.tasks import Tasks
from ui.widgets.amounts import AmountField, PercentField
from ui.widgets.fields import Choice, NumberField, TextField
from ui.widgets.form import Form
from ui.widgets.rows_field import RowsField
from ui.words.chord import chord

Terms = Mapping[str, Any]

FIRST_TERMS: dict[str, Any] = {"years": 3, "vat_rate": "0.20", "key": {"kind": "equal"}}
"""The rules of a plan at its first offer."""

KEY_HINTS = {
    "equal": "Chacun paie la même part.",
    "population": "Chacun paie selon son nombre d'habitants.",
    "strata": "Chacun paie selon le poids de sa strate de population.",
    "mixed": "Une part égale pour tous, le reste selon le nombre d'habitants.",
    "usage": "Chacun paie selon ses unités : postes, boîtes aux lettres électroniques…",
    "alone": "Chacun paie à proportion de ce qu'il paierait seul.",
}

_ASKED_BY = {"fixed_share": "mixed", "strata": "strata"}
"""The fields that only one sharing key needs, with that key."""


class PlanForm(Form):
    """A form that shows a refusal of the plan under the field that the refusal's path names."""

    def say_error(self, name: str, sentence: str) -> bool:
        for part in name.split("."):
            bare = part.split("[", maxsplit=1)[0]
            if bare not in self.names():
                continue
            field = self.field(bare)
            if isinstance(field, RowsField) and field.say_error(name, sentence):
                return True
            return super().say_error(bare, sentence)
        return super().say_error({"key": "kind"}.get(name, name), sentence)


class PlanDialog(FormDialog):
    """A dialog on a plan, wide enough for its rows of amounts."""

    def __init__(
        self,
        title: str,
        form: PlanForm,
        save: Save,
        tasks: Tasks,
        parent: QWidget,
        *,
        delete: Delete | None = None,
    ) -> None:
        super().__init__(title, form, save, tasks, parent, delete=delete)
        self.layout_.addStretch()
        fit(self, 860, 660)


class TermsDialog(PlanDialog):
    """Years, taxes, exemption, subsidy, and the key by which the cost is shared."""

    def __init__(self, plan: Terms, save: Save, tasks: Tasks, parent: QWidget) -> None:
        """`save` takes the whole plan."""
        self._plan = plan
        self.kind = Choice([(one, capitalised(words)) for one, words in KEY_LABELS.items()])
        super().__init__("Règles de répartition", self._form(), save, tasks, parent)
        self.form.set_values({"strata": [{"from": 0}], **plan, **plan["key"]})
        self.kind.currentIndexChanged.connect(lambda index: self._follow_kind())
        self._follow_kind()

    def _form(self) -> PlanForm:
        form = PlanForm(2)
        years = "Écrivez une durée, de 1 à 30 ans."
        hint = "Si elle change, revoyez les prix payés seule : ils sont pour toute la durée."
        form.add("years", "Durée, en années", NumberField(), hint=hint, required=years)
        form.add("vat_rate", "TVA, en %", PercentField())
        form.add(
            "exempt_below_population",
            "Exonérer les communes de moins de… habitants",
            NumberField(),
            hint="Laissez vide pour n'exonérer personne.",
        )
        form.add("subsidy_cents", "Subvention sur toute la durée, en €", AmountField())
        form.add("kind", "Clé de répartition", self.kind)
        share = "Écrivez la part partagée également, par exemple 30."
        form.add(
            "fixed_share",
            "Part fixe, en %",
            PercentField(),
            hint="Le reste, par habitant.",
            required=share,
        )
        bound = "Part la plus {}, HT, sur toute la durée. Vide : sans limite."
        low, high = bound.format("basse"), bound.format("haute")
        form.add("floor_cents", "Plancher, en €", AmountField(), hint=low)
        form.add("cap_cents", "Plafond, en €", AmountField(), hint=high)
        strata = RowsField("Strate", "Ajouter une strate", _stratum_form)
        form.add("strata", "Strates de population", strata, whole=True)
        return form

    def _follow_kind(self) -> None:
        """Explains the key chosen, and shows only the fields that it needs."""
        self.form.explain("kind", KEY_HINTS[self.kind.value()])
        for name, kind in _ASKED_BY.items():
            self.form.show_row(name, shown=self._asks(kind))

    def _asks(self, kind: str) -> bool:
        return bool(self.kind.value() == kind)

    def collect(self) -> dict[str, Any] | None:
        known = self._plan["key"]
        kept = {name: known.get(name) for name, kind in _ASKED_BY.items() if not self._asks(kind)}
        values = self.form.values(but=kept)
        if values is None:
            return None
        key = kept | {name: values.pop(name) for name in Key.__struct_fields__ if name not in kept}
        terms = {**values, "key": _filled(key)}
        return {**_filled(terms), "offers": self._plan["offers"]}


class OfferDialog(PlanDialog):
    """One supplier's offer, and its prices from each number of participants on."""

    def __init__(
        self, plan: Terms | None, offer_id: str, save: Save, tasks: Tasks, parent: QWidget
    ) -> None:
        """`save` takes the whole plan; an empty `offer_id` adds an offer."""
        self._plan: Terms = plan or {**FIRST_TERMS, "offers": []}
        self._offers: list[dict[str, Any]] = list(self._plan["offers"])
        ids = [one["id"] for one in self._offers]
        self._id = offer_id or free_id(ids)
        self._rank = ids.index(offer_id) if offer_id else len(ids)
        others = {**self._plan, "offers": [one for one in self._offers if one["id"] != offer_id]}
        super().__init__(
            capitalised(offer_called(self._id)),
            _offer_form(),
            save,
            tasks,
            parent,
            delete=(lambda: save(others)) if offer_id and len(ids) > 1 else None,
        )
        known = self._offers[self._rank] if offer_id else {"tiers": [{"from_participants": 1}]}
        self.form.set_values(known)

    def collect(self) -> dict[str, Any] | None:
        values = super().collect()
        if values is None:
            return None
        tiers = [_filled(tier) for tier in values["tiers"]]
        offer = {"id": self._id, "supplier": values["supplier"], "tiers": tiers}
        offers = [*self._offers[: self._rank], offer, *self._offers[self._rank + 1 :]]
        return {**self._plan, "offers": offers}


def _offer_form() -> PlanForm:
    form = PlanForm(1)
    form.add("supplier", "Fournisseur", TextField("Le GIP, ou le nom du fournisseur"), whole=True)
    tiers = RowsField("Palier", "Ajouter un palier de prix", _tier_form)
    hint = (
        "Montants hors taxe, en euros. Laissez vide ce que l'offre ne demande pas. L'unité est ce"
        " qui se compte dans chaque commune : un poste, une boîte aux lettres électronique. Une"
        f" colonne copiée d'un tableur se colle ({chord('Ctrl+V')}) dans un champ et remplit les"
        " paliers qui suivent."
    )
    form.add("tiers", "Paliers de prix, selon le nombre de participants", tiers, hint=hint)
    return form


def _tier_form() -> Form:
    form = Form(3)
    start = "Écrivez à partir de combien de participants."
    form.add("from_participants", "À partir de… participants", NumberField(), required=start)
    form.add("setup_cents", "Mise en place, pour tous", AmountField("0"))
    form.add("setup_per_participant_cents", "Mise en place, par participant", AmountField("0"))
    form.add("yearly_cents", "Par an, pour tous", AmountField("0"))
    form.add("yearly_per_participant_cents", "Par an, par participant", AmountField("0"))
    form.add("yearly_per_inhabitant_cents", "Par an, par habitant", AmountField("0"))
    form.add("yearly_per_unit_cents", "Par an, par unité", AmountField("0"))
    return form


def _stratum_form() -> Form:
    form = Form(2)
    form.add("from", "À partir de… habitants", NumberField(), required="Écrivez un nombre.")
    weight = "Écrivez un poids, par exemple 2."
    hint = "Avec 2, on paie deux fois plus qu'avec 1."
    form.add("weight", "Poids", WeightField(), hint=hint, required=weight)
    return form


_WEIGHT = re.compile(r"\d{1,18}(\.\d{1,400})?", re.ASCII)


class WeightField(TextField):
    """A weight as a decimal text, typed with a comma or a point."""

    def value(self) -> str:
        text = super().value().replace(",", ".")
        if text and not _WEIGHT.fullmatch(text):
            raise Refusal("Écrivez un poids, par exemple 2 ou 2,5.")
        return text

    def set_value(self, value: str | None) -> None:
        super().set_value((value or "").replace(".", ","))


def _filled(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields without the empty ones: a plan leaves out what it does not have."""
    return {name: value for name, value in fields.items() if value is not None}
