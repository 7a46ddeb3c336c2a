"""New workspaces for the tests: copies of one made once, for its territory takes long to write."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from app.clock import Clock, now
from app.storage import protection
from app.storage.workspace import Workspace, create, open_workspace


def new_workspace(folder: Path, name: str = "essai", clock: Clock = now) -> Workspace:
    """What `create` makes without protection; `name` is its entry in the keyring."""
    shutil.copytree(_model(), folder)
    protection.write_header(folder, protection.choose("none", workspace=name))
    return open_workspace(folder, clock=clock)


@cache
def _model() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="commissions-")) / "modele"
    atexit.register(shutil.rmtree, folder.parent, ignore_errors=True)
    create(folder, protection.choose("none", workspace="modele")).close()
    return folder
