"""Réglages: who signs, the commission's rules, the looks, the protection and the backups."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFileDialog, QWidget

from app import __version__
from app.domain.records import Commission, FeeScale, Record, Theme
from app.domain.wording import long_day
from ui import theme as looks
from ui.dialogs.region import FeeScaleDialog, ThemeDialog
from ui.pages.page import Page
from ui.preferences import Preferences
from ui.tasks import LONG, Tasks
from ui.theme import Mode
from ui.widgets.buttons import button
from ui.widgets.fields import Choice, NumberField, TextField
from ui.widgets.form import Form
from ui.widgets.header import PageHeader
from ui.widgets.personal_card import PersonalCard
from ui.widgets.protection_card import ProtectionCard
from ui.widgets.region_cards import ScalesCard, ThemesCard
from ui.widgets.scrolled import scrolled
from ui.widgets.settings_card import SettingsCard
from ui.widgets.text import label

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.services.doctor import Finding

PROFILES = (
    ("commission", "Commission : les votes sont des avis"),
    ("deliberative", "Assemblée délibérante : les règles s'imposent"),
)
BODIES = (
    ("", "Commission"),
    ("commune", "Conseil municipal"),
    ("epci", "Conseil communautaire"),
    ("syndicat", "Comité syndical"),
)
FRACTIONS = (("1/2", "La moitié, plus un"), ("1/3", "Le tiers, plus un"), ("2/3", "Les deux tiers"))
MODES = (
    (Mode.SYSTEM, "Comme l'ordinateur"),
    (Mode.LIGHT, "Clair"),
    (Mode.DARK, "Sombre"),
)
NAMES = ("author_name", "operator_name", "operator_address")


class SettingsPage(Page):
    """Each card keeps what it says by its own button; the looks change at once."""

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
            form=_commission_form(),
            save=self._save_commission,
            tasks=tasks,
        )
        self.looks = SettingsCard(
            "Apparence", "Le changement se voit aussitôt.", form=_looks_form()
        )
        self.protection = ProtectionCard(services, tasks)
        self.backups = SettingsCard(
            "Sauvegardes",
            "Une copie se fait à la première ouverture du jour ; 7 jours, 4 semaines et 6 mois sont"
            " gardés, ici et dans le second dossier s'il est choisi.",
            form=_backups_form(),
            save=self._save_backups,
            tasks=tasks,
        )
        self.personal = PersonalCard(services, tasks)
        self.themes = ThemesCard()
        self.scales = ScalesCard()
        self.kept = label("", "muted", wrap=True)
        self.save_now = button("Sauvegarder maintenant…", self._on_save_now, icon="save")
        self.examine = button("Vérifier l'espace de travail", self._on_examine, icon="shield")
        self._build()
        self._connect()

    def _build(self) -> None:
        self.backups.inside.insertWidget(4, self.kept)
        self.backups.add_button(self.save_now)
        self.backups.add_button(self.examine)
        self.body.addWidget(self.header)
        about = label(f"Commissions numériques locales {__version__}, licence EUPL 1.2", "caption")
        cards = (
            self.names, self.commission, self.looks, self.protection, self.backups, self.personal,
            self.themes, self.scales, about,
        )  # fmt: skip
        self.body.addWidget(scrolled(*cards), 1)

    def _connect(self) -> None:
        for card in (self.names, self.commission, self.backups):
            card.saved.connect(lambda: self.tell("Les réglages sont enregistrés."))
        self.protection.told.connect(self.told)
        self.protection.failed.connect(self.failed)
        self.personal.changed.connect(self.changed)
        self.personal.failed.connect(self.failed)
        self.themes.opened.connect(self._on_theme)
        self.scales.opened.connect(self._on_scale)
        self.commission.saved.connect(lambda: self.changed.emit(frozenset({"commission"})))

    # Reading

    def refresh(self) -> None:
        settings, commission_id = self.services.settings, self.commission_id
        self.read(lambda: {name: settings.get(name) for name in NAMES}, self.names.form.set_values)
        self.read(
            lambda: (settings.get("backup_folder"), self.services.backups.days()),
            lambda found: self._show_backups(*found),
        )
        self.read(self.services.region.themes, self.themes.show_themes)
        self.read(self.services.region.scales, self.scales.show_scales)
        self.protection.refresh()
        if commission_id is not None:
            self.read(lambda: self.services.records.get(commission_id), self._show_commission)

    def _show_commission(self, commission: Record[Commission]) -> None:
        fields = commission.fields
        names = (
            "name", "profile", "body_kind", "body_population", "quorum_fraction", "notice_days",
            "proxies_per_holder",
        )  # fmt: skip
        values = {name: getattr(fields, name) for name in names}
        departments = " ".join(fields.departments)
        self.commission.form.set_values(values | {"departments": departments})

    def _show_backups(self, folder: str, days: Sequence[date]) -> None:
        self.backups.form.set_values({"backup_folder": folder})
        last = f"Dernière copie : {long_day(days[0])}." if days else "Aucune copie pour l'instant."
        self.kept.setText(last)

    # Keeping

    def _save_names(self, values: dict[str, Any]) -> None:
        for name, value in values.items():
            self.services.settings.set(name, value)

    def _save_commission(self, values: dict[str, Any]) -> None:
        from app.services import workspaces

        codes = values["departments"].replace(",", " ").split()
        workspaces.check_departments(codes)
        if self.commission_id is None:
            self.services.records.create("commission", values | {"departments": codes}, None)
            return
        fields = values | {"departments": codes}
        self.services.records.update(self.commission_id, fields, "Réglages de la commission")

    def _save_backups(self, values: dict[str, Any]) -> None:
        self.services.settings.set("backup_folder", values["backup_folder"])

    # What the region shares

    def _on_theme(self, theme: Record[Theme] | None) -> None:
        region = self.services.region
        save, delete = self._ways(theme, region.add_theme)
        dialog = ThemeDialog(theme, save, self.tasks, self, delete=delete)
        dialog.accepted.connect(lambda: self.changed.emit(frozenset({"theme"})))
        dialog.open()

    def _on_scale(self, scale: Record[FeeScale] | None) -> None:
        region = self.services.region
        save, delete = self._ways(scale, region.add_scale)
        dialog = FeeScaleDialog(scale, save, self.tasks, self, delete=delete)
        dialog.accepted.connect(lambda: self.changed.emit(frozenset({"fee_scale"})))
        dialog.open()

    def _ways(
        self, record: Record[Any] | None, add: Callable[[dict[str, Any]], object]
    ) -> tuple[Callable[[dict[str, Any]], object], Callable[[], object] | None]:
        """How a dialog saves, and how it deletes where there is something to delete."""
        if record is None:
            return add, None
        records = self.services.records
        return partial(records.update, record.id), partial(records.delete, record.id)

    # Looks

    def dress(self, theme: looks.Theme, preferences: Preferences) -> None:
        mode = self.looks.form.field("mode")
        assert isinstance(mode, Choice)
        mode.set_value(theme.mode.value)

        def follow() -> None:
            theme.set_mode(Mode(mode.value()))
            preferences.mode = theme.mode

        mode.edited.connect(follow)

    # Backups

    def _on_save_now(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, "Sauvegarder", "commissions.sauvegarde", "Sauvegardes (*.sauvegarde)"
        )
        if name:
            self.tasks.run(
                lambda: self.services.backups.save(Path(name)),
                lambda file: self.tell(f"La sauvegarde est dans « {file} »."),
                self.failed.emit,
                self,
                lane=LONG,
            )

    def _on_examine(self) -> None:
        self.tasks.run(
            self.services.safety.examine, self._show_findings, self.failed.emit, self, lane=LONG
        )

    def _show_findings(self, findings: Sequence[Finding]) -> None:
        wrong = [finding.sentence for finding in findings if not finding.ok]
        if wrong:
            self.tell(" ".join(wrong), "warning")
        else:
            self.tell(" ".join(finding.sentence for finding in findings))


def _names_form() -> Form:
    form = Form()
    form.add("author_name", "Votre nom", TextField("Prénom Nom"))
    form.add("operator_name", "Opérateur", TextField("GIP Territoires Numériques"))
    form.add("operator_address", "Adresse de l'opérateur", TextField(), whole=True)
    return form


def _commission_form() -> Form:
    form = Form()
    form.add("name", "Nom", TextField(), required="Donnez un nom à la commission.", whole=True)
    form.add("profile", "Genre d'assemblée", Choice(PROFILES))
    form.add("departments", "Départements", TextField("21 58"), hint="Codes séparés d'un espace.")
    form.add("body_kind", "Organe", Choice(BODIES))
    form.add("body_population", "Habitants", NumberField(), hint="Fixe le délai de convocation.")
    form.add("quorum_fraction", "Quorum", Choice(FRACTIONS))
    form.add(
        "notice_days",
        "Délai de convocation",
        NumberField("3"),
        hint="En jours francs ; vide : selon la règle.",
    )
    form.add(
        "proxies_per_holder", "Pouvoirs par personne", NumberField("1"), hint="Un seul si vide."
    )
    return form


def _looks_form() -> Form:
    form = Form()
    form.add(
        "mode",
        "Couleurs",
        Choice([(mode.value, words) for mode, words in MODES]),
        hint="Ctrl + et Ctrl − changent la taille du texte, Ctrl 0 la remet à la normale.",
    )
    return form


def _backups_form() -> Form:
    form = Form(columns=1)
    form.add(
        "backup_folder",
        "Second dossier",
        TextField("/media/clé-usb"),
        hint="Un autre disque ou une clé USB ; vide : aucun.",
    )
    return form
