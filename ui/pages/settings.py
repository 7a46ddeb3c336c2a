"""Réglages: who signs, the commission's rules, the looks, the protection and the backups."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace
from PySide6.QtWidgets import QWidget

from app import __version__
from app.domain.records import Commission, FeeScale, Record, Theme
from app.services.erasure import erased_again
from ui import theme as looks
from ui.dialogs.dialog import DELETED, Delete, FormDialog, Save
from ui.dialogs.region import FeeScaleDialog, ThemeDialog
from ui.dialogs.restore import RestoreDialog
from ui.pages.page import NEW, Page
from ui.tasks import Task, Tasks
from ui.theme import Mode, Space
from ui.widgets.backups_card import BackupsCard
from ui.widgets.buttons import button
from ui.widgets.fields import Choice, TextField, Tick
from ui.widgets.form import Form
from ui.widgets.header import PageHeader
from ui.widgets.lines_card import dictionary_card, phrases_card
from ui.widgets.location_card import LocationCard
from ui.widgets.papers_card import PapersCard
from ui.widgets.personal_card import PersonalCard
from ui.widgets.protection_card import ProtectionCard
from ui.widgets.region_cards import ScalesCard, ThemesCard, scale_name
from ui.widgets.rules_form import RulesForm
from ui.widgets.scroll import scrolled
from ui.widgets.settings_card import SettingsCard
from ui.widgets.tabs import Tabs
from ui.widgets.text import label
from ui.window.preferences import Preferences
from ui.window.spelling import ADDED
from ui.words.chord import chord

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.bootstrap import Services
    from app.services.backups import Opening, Return

MODES = (
    (Mode.SYSTEM, "Comme l'ordinateur"),
    (Mode.LIGHT, "Clair"),
    (Mode.DARK, "Sombre"),
)
SEALED = (
    "Seul le GIP change les thèmes et les barèmes une fois l'espace de travail rattaché au"
    " central : demandez-le-lui."
)
NAMES = ("author_name", "operator_name", "operator_address")


class SettingsPage(Page):
    """Each card has its own button that stores it; the looks change at once."""

    kinds = frozenset({"commission", "theme", "fee_scale"})

    def __init__(self, services: Services, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(services, tasks, parent)
        self.header = PageHeader("Réglages")
        self.names = SettingsCard(
            "Vous et l'opérateur",
            "Votre nom signe ce que vous écrivez ; celui de l'opérateur figure sur les documents.",
            form=_names_form(),
            save=self._save_names,
            tasks=tasks,
        )
        self.commission = SettingsCard(
            "Commission",
            "Ses règles valent pour toutes ses séances.",
            form=RulesForm(),
            save=self._save_commission,
            tasks=tasks,
        )
        self.past = button("Historique", self._on_past, icon="history")
        self.commission.add_button(self.past)
        self.looks = SettingsCard(
            "Apparence", "Le changement se voit aussitôt.", form=_looks_form()
        )
        self.phrases = phrases_card(services, tasks)
        self.dictionary = dictionary_card(services, tasks)
        self.protection = ProtectionCard(services, tasks)
        self.location = LocationCard(services, tasks)
        self.backups = BackupsCard(services, tasks)
        self.personal = PersonalCard(services, tasks)
        self.themes = ThemesCard()
        self.scales = ScalesCard()
        self.papers = PapersCard(services, tasks)
        self.tabs = Tabs("Parties des réglages")
        self._rules: Record[Commission] | None = None  # the commission whose rules the card shows
        self._parts: list[QWidget] = []
        self._build()
        self._connect()

    def _build(self) -> None:
        self.body.addWidget(self.header)
        about = label(f"Commissions numériques locales {__version__}, licence EUPL 1.2", "caption")
        for title, cards in (
            ("Vous et l'opérateur", (self.names, self.looks, self.dictionary, about)),
            ("Commission", (self.commission, self.papers, self.phrases)),
            ("Protection et copies", (self.protection, self.location, self.backups)),
            ("Données personnelles", (self.personal,)),
            ("Thèmes et barèmes", (self.themes, self.scales)),
        ):
            part = scrolled(*cards)
            part.setViewportMargins(0, Space.L, 0, 0)
            self.tabs.addTab(part, title)
            self._parts.append(part)
        self.body.addWidget(self.tabs, 1)

    def _connect(self) -> None:
        for card in (self.names, self.commission, self.phrases, self.dictionary, self.backups):
            card.saved.connect(lambda: self.tell("Les réglages sont enregistrés."))
            card.turned.connect(self.saving_changed)
        for card in (self.protection, self.location, self.backups):
            card.told.connect(self.told)
            card.failed.connect(self.failed)
        self.dictionary.saved.connect(lambda: self.changed.emit(frozenset({ADDED})))
        self.location.moved.connect(self.workspace_moved)
        self.location.erase_requested.connect(self._on_erase)
        self.backups.restore_requested.connect(self._on_restore)
        self.backups.repair_requested.connect(self.repair_requested)
        self.personal.changed.connect(self.changed)
        self.personal.failed.connect(self.failed)
        self.personal.told.connect(self.tell)
        self.themes.opened.connect(self._on_theme)
        self.scales.opened.connect(self._on_scale)
        self.papers.told.connect(self.told)
        self.papers.failed.connect(self.failed)
        self.papers.changed.connect(self.changed)
        self.commission.saved.connect(lambda: self.changed.emit(frozenset({"commission"})))

    def show_card(self, card: QWidget) -> None:
        """Turns to the tab that holds a card."""
        for part in self._parts:
            if part.isAncestorOf(card):
                self.tabs.lead(self.tabs.indexOf(part))

    def show_record(self, record_id: str) -> None:
        """Turns to the card that shows a record; for a new one, begins a commission."""
        if record_id == NEW:
            self.show_card(self.commission)
            self.commission.form.field("name").setFocus()
            return
        cards = {"theme": self.themes, "fee_scale": self.scales}
        self.read(
            lambda: self.services.records.envelope(record_id).kind,
            lambda kind: self.show_card(cards.get(kind, self.commission)),
        )

    def offer_move(self) -> None:
        """Asks where to move the workspace, on the tab that says where it is."""
        self.show_card(self.location)
        self.location.ask()

    # Reading

    def set_commission(self, commission_id: str | None) -> None:
        self.commission.touched = False
        super().set_commission(commission_id)

    def refresh(self) -> None:
        settings, commission_id = self.services.settings, self.commission_id
        self.read(lambda: {name: settings.get(name) for name in NAMES}, self.names.show_values)
        self.phrases.refresh()
        self.dictionary.refresh()
        self.backups.refresh()
        self.read(self.services.region.themes, self.themes.show_themes)
        self.read(self.services.region.scales, self.scales.show_scales)
        self.protection.refresh()
        self.personal.refresh()
        self.location.refresh()
        self.papers.refresh(commission_id)
        self.past.setEnabled(commission_id is not None)
        if commission_id is None:
            self._rules = None
        else:
            self.read(lambda: self.services.records.get(commission_id), self._show_commission)

    def unsaved(self) -> str:
        if any(card.touched for card in self.findChildren(SettingsCard) if card.kept):
            return (
                "Des réglages ont été changés et ne sont pas enregistrés : le bouton Enregistrer"
                " de chaque carte les garde."
            )
        return ""

    def _show_commission(self, commission: Record[Commission]) -> None:
        if self.commission.is_held:
            return
        self._rules, fields = commission, commission.fields
        names = (
            "name", "profile", "body_kind", "body_population", "quorum_fraction", "notice_days",
            "proxies_per_holder",
        )  # fmt: skip
        values = {name: getattr(fields, name) for name in names}
        departments = " ".join(fields.departments)
        self.commission.show_values(values | {"departments": departments})

    def _on_past(self) -> None:
        """Shows what the rules of the commission were before."""
        if self.commission_id is not None:
            name = self.commission.form.editor("name").value()
            self.show_past(name, self.commission_id)

    def _save_names(self, values: dict[str, Any]) -> None:
        for name, value in values.items():
            self.services.settings.set(name, value)

    def _save_commission(self, values: dict[str, Any]) -> None:
        from app.services import workspaces

        codes = values["departments"].replace(",", " ").split()
        workspaces.check_departments(codes)
        fields = values | {"departments": codes}
        records, rules = self.services.records, self._rules
        kept: Record[Commission] = (
            records.create("commission", fields, None)
            if rules is None
            else records.update(rules.id, fields, "Réglages de la commission", over=rules)
        )
        shown = replace(kept.fields, **fields)  # as on screen, without what a sync just brought
        self._rules = replace(kept, fields=shown)  # so that a second press makes no second one

    # What the region shares

    def _on_theme(self, theme: Record[Theme] | None) -> None:
        region = self.services.region
        save, delete = self._ways(theme, region.add_theme)
        dialog = ThemeDialog(theme, save, self.tasks, self, delete=delete)
        self._ask(dialog, "theme", theme, theme.fields.label if theme else "")

    def _on_scale(self, scale: Record[FeeScale] | None) -> None:
        region = self.services.region
        save, delete = self._ways(scale, region.add_scale)
        dialog = FeeScaleDialog(scale, save, self.tasks, self, delete=delete)
        self._ask(dialog, "fee_scale", scale, scale_name(scale.fields) if scale else "")

    def _ask(self, dialog: FormDialog, kind: str, record: Record[Any] | None, title: str) -> None:
        if record is not None:
            past = partial(self.show_past, title, record.id, dialog)
            dialog.offer("Historique", past, "history")
        dialog.accepted.connect(lambda: self.changed.emit(frozenset({kind})))
        dialog.deleted.connect(lambda: self.tell(DELETED))

        def show(sealed: bool) -> None:
            if sealed:
                dialog.seal(SEALED)
            dialog.open()

        shared = record or Record(id="", fields=Theme(), commission_id=None)
        self.read(lambda: self.services.records.sealed(shared), show)

    def _ways(self, record: Record[Any] | None, add: Save) -> tuple[Save, Delete | None]:
        """The functions by which a dialog saves and deletes; a new record has none to delete."""
        if record is None:
            return add, None
        records = self.services.records
        return partial(records.update, record.id, over=record), partial(records.delete, record.id)

    # Looks

    def dress(self, theme: looks.Theme, preferences: Preferences) -> None:
        mode = self.looks.form.editor("mode")
        mode.set_value(theme.mode.value)

        def follow() -> None:
            theme.set_mode(Mode(mode.value()))
            preferences.mode = theme.mode

        mode.edited.connect(follow)
        spelling = self.looks.form.editor("spelling")
        spelling.set_value(preferences.spelling)
        spelling.edited.connect(lambda: setattr(preferences, "spelling", spelling.value()))

    def _on_erase(self, name: str, unsent: bool) -> None:
        removal = self.services.removal
        self.end_requested.emit(
            "Effacement de l'espace de travail…",
            lambda task: removal.remove(name, unsent=unsent),
        )

    # Backups

    def _on_restore(self, file: Path) -> None:
        dialog = RestoreDialog(file, self.services, self.tasks, self)
        dialog.confirmed.connect(self._restore)
        dialog.open()

    def _restore(self, file: Path, opening: Opening) -> None:
        def work(task: Task) -> Sequence[str]:
            return _came_back(self.services.backups.restore(file, opening, task.report))

        self.maintenance_requested.emit("Retour à la copie choisie…", work)


def _came_back(to: Return) -> Sequence[str]:
    kept = f" L'état d'avant est dans « {to.replaced.name} »." if to.replaced else ""
    done = f"L'espace de travail est revenu à la copie choisie.{kept}{erased_again(to.erased)}"
    return done, *to.notes


def _names_form() -> Form:
    form = Form()
    form.add("author_name", "Votre nom", TextField("Prénom Nom"))
    form.add("operator_name", "Opérateur", TextField("GIP Territoires Numériques"))
    form.add("operator_address", "Adresse de l'opérateur", TextField(), whole=True)
    return form


def _looks_form() -> Form:
    form = Form()
    form.add(
        "mode",
        "Couleurs",
        Choice([(mode.value, words) for mode, words in MODES]),
        hint=f"{chord('Ctrl')} + et {chord('Ctrl')} − changent la taille du texte,"
        f" {chord('Ctrl+0')} la remet à la normale.",
    )
    form.add("spelling", "", Tick("Souligner les mots inconnus du dictionnaire"))
    return form
