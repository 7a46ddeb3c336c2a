"""Where the program's own files and the user's workspaces are."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from app.domain.refusals import Refusal
from app.domain.wording import capitalised
from app.errors import Astray

APPLICATION = "commissions-numeriques"
WORKSPACE_VARIABLE = "COMMISSIONS_WORKSPACE"
MOVED = "deplace.json"
"""Left in the folder of a workspace that moved: where it is now."""


def resources() -> Path:
    """The folder of shipped data: beside the packages in a checkout and in an installation."""
    return Path(__file__).resolve().parent.parent / "resources"


def default_workspace() -> Path:
    """The workspace when none is named: the variable's, else the platform's data folder."""
    named = os.environ.get(WORKSPACE_VARIABLE)
    return Path(named) if named else platform_workspace()


def platform_workspace() -> Path:
    """The workspace in the platform's own data folder."""
    import platformdirs

    return Path(platformdirs.user_data_dir(APPLICATION, appauthor=False)) / "espace"


def known_as(folder: Path) -> str:
    """The short name that a workspace's folder has wherever its path would be too long, or told."""
    return hashlib.sha256(os.path.normcase(folder.resolve()).encode()).hexdigest()[:16]


def present(folder: Path) -> Path:
    """The folder where a workspace is now, should it have moved from this one; Astray if unread."""
    return trail(folder)[-1]


def trail(folder: Path) -> list[Path]:
    """A folder, and those that a workspace moved to from there, the present one last."""
    passed: list[Path] = []
    while is_there(note := folder / MOVED) and folder not in passed:
        passed.append(folder)
        try:
            folder = Path(json.loads(note.read_bytes())["to"])
        except (OSError, ValueError, KeyError, TypeError):
            why = f"le fichier « {note} » ne dit plus où est l'espace de travail"
            raise Astray(
                f"{capitalised(why)} : désignez-le avec --workspace, puis supprimez ce fichier."
            ) from Refusal(f"{why} : choisissez son dossier, il sera retenu.")
    return [*passed, folder]


def is_there(path: Path) -> bool:
    """Whether a path leads to something that can be seen; on a locked disk nothing is."""
    try:
        path.stat()
    except (OSError, ValueError):
        return False
    return True
