"""The places of the window, in the order of its navigation; a page is loaded when first seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.pages.page import Page


@dataclass(frozen=True)
class Place:
    """One entry of the navigation."""

    name: str
    title: str
    icon: str
    page: Callable[[], type[Page]]


def _soon() -> type[Page]:
    from ui.pages.soon import SoonPage

    return SoonPage


PLACES = (
    Place("home", "Accueil", "house", _soon),
    Place("meetings", "Séances", "calendar-days", _soon),
    Place("needs", "Besoins", "message-square-quote", _soon),
    Place("watch", "Veille", "newspaper", _soon),
    Place("solutions", "Solutions", "handshake", _soon),
    Place("organisations", "Collectivités", "landmark", _soon),
    Place("sync", "Synchronisation", "refresh-cw", _soon),
    Place("settings", "Réglages", "settings", _soon),
)
