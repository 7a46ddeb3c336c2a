"""What the user chose once for the workspace: names on the paper, ways of working."""

from __future__ import annotations

import getpass
from typing import Any

import msgspec

from app.errors import UserError
from app.services.translation import translated
from app.storage.workspace import Workspace

PHRASES = (
    "Le procès-verbal de la séance précédente est approuvé sans observation.",
    "Le rapporteur présente le point.",
    "La commission prend acte.",
    "Plusieurs membres demandent des précisions sur",
    "Il est répondu que",
    "La discussion étant close, il est passé au vote.",
    "Le point est reporté à la prochaine séance.",
    "La présidence est assurée par",
)

BY_ITSELF = "sync_by_itself"
"""The setting that says when a sync may begin alone: no, between_meetings, always."""

KNOWN_WORDS = "known_words"
NOTE_PHRASES = "note_phrases"

DEFAULTS: dict[str, Any] = {
    "author_name": "",  # who signs the changes made here; when empty, as `sign_changes` says
    "operator_name": "GIP Territoires Numériques Bourgogne-Franche-Comté",
    "operator_address": "",
    "operator_logo": "",  # a PNG or JPEG picture in base64
    "operator_logo_words": "",  # what it shows, for screen readers; the operator's name if empty
    "backup_folder": "",
    "theme": "system",  # system, light, dark
    "text_size": 100,  # per cent
    BY_ITSELF: "no",
    NOTE_PHRASES: list(PHRASES),  # what a key writes in the notes of an item
    KNOWN_WORDS: [],  # unknown to the dictionary, and right as the user says
}


class Settings:
    """Reads and writes the workspace's settings, by name."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    def get(self, name: str) -> Any:
        """A setting's value, its default when it was never set."""
        with self.workspace.snapshot() as records:
            return records.setting(name, DEFAULTS.get(name))

    def set(self, name: str, value: Any) -> None:
        """Keeps a setting; UserError for a name that does not exist."""
        if name not in DEFAULTS and not name.startswith("window."):
            raise UserError(f"Le réglage « {name} » n'existe pas.")
        with translated(self.workspace), self.workspace.unit() as unit:
            unit.set_setting(name, value)
            unit.commit()
        if name == "author_name":
            self.sign_changes()

    def sign_changes(self) -> None:
        """Puts the user's name on the changes to come.

        It is the name chosen, else the one of the account at the central, else of the session.
        """
        self.workspace.signed_by = (
            self.get("author_name") or enrolled_name(self.workspace) or _account()
        )


class _Known(msgspec.Struct):
    name: str = ""


def enrolled_name(workspace: Workspace) -> str:
    """The name by which the central knows who works here; empty without a central.

    A damaged value counts as empty, so as not to keep anybody from opening the workspace.
    """
    with workspace.snapshot() as records:
        rows = list(records.rows("SELECT value FROM central_link WHERE name = 'facilitator'"))
    try:
        return msgspec.json.decode(rows[0][0], type=_Known).name if rows else ""
    except (msgspec.DecodeError, UnicodeError):
        return ""


def _account() -> str:
    try:
        return getpass.getuser()
    except (ImportError, OSError, KeyError):  # Windows has no table of accounts to look into
        return "inconnu"
