"""Where the program's own files and the user's workspaces are."""

from __future__ import annotations

import os
from pathlib import Path

APPLICATION = "commissions-numeriques"
WORKSPACE_VARIABLE = "COMMISSIONS_WORKSPACE"


def resources() -> Path:
    """The folder of shipped data: beside the packages in a checkout and in an installation."""
    return Path(__file__).resolve().parent.parent / "resources"


def default_workspace() -> Path:
    """The workspace when none is named: the variable's, else the platform's data folder."""
    named = os.environ.get(WORKSPACE_VARIABLE)
    if named:
        return Path(named)
    import platformdirs

    return Path(platformdirs.user_data_dir(APPLICATION, appauthor=False)) / "espace"
