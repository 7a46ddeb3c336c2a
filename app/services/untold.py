"""What an erasure leaves in the files of this laptop until the central was told of it."""

from __future__ import annotations

from collections.abc import Sequence

from app.errors import StorageError
from app.services.translation import translated
from app.storage import sync_state
from app.storage.unit_of_work import UnitOfWork
from app.storage.workspace import Workspace

_SETTING = "erasures_untold"
"""Keeps the ids of what the central did not know yet when a person was erased."""


def note(unit: UnitOfWork) -> None:
    """Notes, at an erasure, the records whose former words stay here for the next sync."""
    waiting = {*unit.setting(_SETTING, []), *sync_state.edited_ids(unit)}
    unit.set_setting(_SETTING, sorted(waiting))


def is_due(unit: UnitOfWork) -> bool:
    """Whether words that were erased stay in the files."""
    return bool(unit.setting(_SETTING))


def take_out(workspace: Workspace) -> Sequence[str]:
    """After a sync, rewrites the files without the words of what was told; says why it cannot.

    The next sync tries again; so it does where another program was reading meanwhile.
    """
    with translated(workspace), workspace.reading() as unit:
        waiting = set(unit.setting(_SETTING, []))
        left = waiting & sync_state.edited_ids(unit) if waiting else waiting
    if left == waiting:
        return []
    try:
        if not workspace.compact():
            return []
    except StorageError as error:
        return [f"Ce qui a été effacé se lit encore dans les fichiers. {error.sentence}"]
    with translated(workspace), workspace.unit() as unit:
        unit.set_setting(_SETTING, sorted(left))
        unit.commit()
    return []
