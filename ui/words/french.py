"""French for what Qt itself says: its standard buttons, its calendars, its numbers."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

LOCALE = QLocale(QLocale.Language.French, QLocale.Country.France)

LEFT = {
    "&Look in:": "&Regarder dans :",
    "Files of &type:": "&Type de fichiers :",
    "Folder": "Dossier",
    "File": "Fichier",
    "%1 File": "Fichier %1",
    "Drive": "Disque",
    "Shortcut": "Raccourci",
    "Unknown": "Inconnu",
    "Page &Set:": "&Série de pages :",
    "Page &order:": "&Ordre des pages :",
    "Pages &per sheet:": "&Pages par feuille :",
}
"""Texts of Qt's own file and print dialogs that Qt's French translation leaves in English."""


class _Rest(QTranslator):
    """The translator that is asked for what Qt's own does not know."""

    def isEmpty(self) -> bool:
        return False

    def translate(
        self, context: str, source: str, disambiguation: str | None = None, n: int = -1
    ) -> str:
        return LEFT.get(source)  # type: ignore[return-value]  # None, not "", is « unknown » to Qt


def install(application: QApplication) -> None:
    """Makes standard buttons, menus and calendars French, whatever the system's language."""
    QLocale.setDefault(LOCALE)
    application.installTranslator(_Rest(application))  # the last one installed is asked first
    translator = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load("qtbase_fr", folder):
        application.installTranslator(translator)
