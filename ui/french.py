"""French for what Qt itself says: its standard buttons, its calendars, its numbers."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

LOCALE = QLocale(QLocale.Language.French, QLocale.Country.France)


def install(application: QApplication) -> None:
    """Makes standard buttons, menus and calendars French, whatever the system's language."""
    QLocale.setDefault(LOCALE)
    translator = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load("qtbase_fr", folder):
        application.installTranslator(translator)
