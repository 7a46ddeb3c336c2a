"""Whether another program, such as a command beside the window, wrote into the open workspace, and
when anybody last did.
"""

from __future__ import annotations

from sqlalchemy import func, select

from app.services.translation import translated
from app.sqlite import at_most
from app.storage.tables import operation
from app.storage.workspace import Workspace

_LATEST = select(operation.c.at).order_by(operation.c.n.desc()).limit(at_most(1))


class Neighbours:
    """Looks for operations, since this object was made, that this process did not write."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        with workspace.reading() as unit:
            last = unit.connection.execute(select(func.max(operation.c.n))).scalar()
        self._seen: int = last or 0

    def wrote(self) -> bool:
        """Whether others wrote anything since the last look."""
        own = self._workspace.operations
        with translated(self._workspace), self._workspace.reading() as unit:
            query = select(operation.c.n).where(operation.c.n > self._seen)
            new = set(unit.connection.execute(query).scalars())
        foreign = new - own
        self._seen = max(new, default=self._seen)
        own -= new
        return bool(foreign)

    def last_at(self) -> str:
        """The instant of the last operation of all; "" when there is none."""
        with translated(self._workspace), self._workspace.reading() as unit:
            return unit.connection.execute(_LATEST).scalar() or ""
