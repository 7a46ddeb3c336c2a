"""The places of the window, in the order of its navigation; a page is loaded when first seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.services.records import Records
    from ui.pages.page import Page


@dataclass(frozen=True)
class Place:
    """One place to go to; `within` names the entry of the navigation that leads to it."""

    name: str
    title: str
    icon: str
    page: Callable[[], type[Page]]
    within: str = ""


def _home() -> type[Page]:
    from ui.pages.home import HomePage

    return HomePage


def _meetings() -> type[Page]:
    from ui.pages.meetings import MeetingsPage

    return MeetingsPage


def _meeting() -> type[Page]:
    from ui.pages.meeting.page import MeetingPage

    return MeetingPage


def _sync() -> type[Page]:
    from ui.pages.sync import SyncPage

    return SyncPage


def _settings() -> type[Page]:
    from ui.pages.settings import SettingsPage

    return SettingsPage


def _needs() -> type[Page]:
    from ui.pages.needs import NeedsPage

    return NeedsPage


def _need() -> type[Page]:
    from ui.pages.need import NeedPage

    return NeedPage


def _watch() -> type[Page]:
    from ui.pages.watch import WatchPage

    return WatchPage


def _watch_note() -> type[Page]:
    from ui.pages.watch_note import WatchNotePage

    return WatchNotePage


def _organisations() -> type[Page]:
    from ui.pages.organisations import OrganisationsPage

    return OrganisationsPage


def _organisation() -> type[Page]:
    from ui.pages.organisation import OrganisationPage

    return OrganisationPage


def _solutions() -> type[Page]:
    from ui.pages.solutions import SolutionsPage

    return SolutionsPage


def _solution() -> type[Page]:
    from ui.pages.solution import SolutionPage

    return SolutionPage


def _actions() -> type[Page]:
    from ui.pages.actions import ActionsPage

    return ActionsPage


def _commissions() -> type[Page]:
    from ui.pages.commissions import CommissionsPage

    return CommissionsPage


PLACES = (
    Place("home", "Accueil", "house", _home),
    Place("meetings", "Séances", "calendar-days", _meetings),
    Place("needs", "Besoins", "message-square-quote", _needs),
    Place("watch", "Veille", "newspaper", _watch),
    Place("solutions", "Solutions", "handshake", _solutions),
    Place("organisations", "Collectivités", "landmark", _organisations),
    Place("sync", "Synchronisation", "refresh-cw", _sync),
    Place("settings", "Réglages", "settings", _settings),
)

BEYOND = (
    Place("actions", "Suites à donner", "list-checks", _actions, within="home"),
    Place("commissions", "Commissions", "users", _commissions, within="home"),
)
"""Lists that are reached from another place, not from the navigation."""

INNER = (
    Place("meeting", "Séance", "calendar-days", _meeting, within="meetings"),
    Place("need", "Besoin", "message-square-quote", _need, within="needs"),
    Place("watch_note", "Note de veille", "newspaper", _watch_note, within="watch"),
    Place("solution", "Solution", "handshake", _solution, within="solutions"),
    Place("organisation", "Collectivité", "landmark", _organisation, within="organisations"),
)
"""Pages of one record, which its list leads to."""

EVERYWHERE = {place.name: place for place in (*PLACES, *BEYOND, *INNER)}

SHOWN_IN = {
    "organisation": "organisations",
    "person": "organisations",
    "roster_entry": "organisations",
    "meeting": "meetings",
    "need": "needs",
    "need_group": "needs",
    "need_digest": "needs",
    "watch_note": "watch",
    "solution": "solutions",
    "commission": "settings",
    "theme": "settings",
    "fee_scale": "settings",
}
"""The place that shows each kind; a record of any other kind is seen with its owner."""


def home_of(records: Records, record_id: str) -> tuple[str, str]:
    """The place that shows a record, and the id to show there: its own, or that of its owner."""
    from app.domain.ownership import owner_field  # not needed for the first frame

    record, owners = records.envelope(record_id), set[str]()
    while record.kind not in SHOWN_IN:
        owner = record.fields.get(owner_field(record.kind)) or record.fields.get("addendum_to_id")
        if not isinstance(owner, str) or owner in owners:
            return "home", ""
        owners.add(owner)
        record = records.envelope(owner)
    return SHOWN_IN[record.kind], record.id
