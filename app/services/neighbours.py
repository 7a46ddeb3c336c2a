"""What another program wrote into the open workspace: a command line beside the window."""

from __future__ import annotations

from sqlalchemy import func, select

from app.storage.tables import operation
from app.storage.workspace import Workspace


class Neighbours:
    """Looks for operations that this process did not make, from when it was made on."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        with workspace.reading() as unit:
            last = unit.connection.execute(select(func.max(operation.c.n))).scalar()
        self._seen: int = last or 0

    def wrote(self) -> bool:
        """Whether others wrote anything since the last look."""
        own = self._workspace.operations
        with self._workspace.reading() as unit:
            query = select(operation.c.n).where(operation.c.n > self._seen)
            new = set(unit.connection.execute(query).scalars())
        foreign = new - own
        self._seen = max(new, default=self._seen)
        own -= new
        return bool(foreign)
