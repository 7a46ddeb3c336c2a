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
"""The file left in the old folder of a workspace that moved: it says where the workspace is now."""


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
    """A short name for a workspace's folder, where its path would be too long or show too much."""
    return hashlib.sha256(os.path.normcase(folder.resolve()).encode()).hexdigest()[:16]


def present(folder: Path) -> Path:
    """Where the workspace of a folder is now; Astray when the note that it moved is unreadable."""
    return trail(folder)[-1]


def trail(folder: Path) -> list[Path]:
    """A folder and those that its workspace moved to in turn, the present one last."""
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
    """Whether a path leads to something that this process can see: nothing on a locked disk."""
    try:
        path.stat()
    except (OSError, ValueError):
        return False
    return True
