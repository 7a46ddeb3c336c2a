"""The points where a program is killed: before and after each commit, each request, each reply.

Passing them is counted; `kill -9` strikes at the one that was asked for. Run as a module, this is
the process that laptops to be killed are forked from.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from sqlalchemy.engine.default import DefaultDialect


class Points:
    """Counts from 0 once it is told to begin."""

    def __init__(self, fatal: int) -> None:
        self.fatal = fatal
        self.passed: int | None = None

    def begin(self) -> None:
        """Counts from here on."""
        self.passed = 0

    def pass_one(self) -> None:
        """A point."""
        if self.passed is None:
            return
        if self.passed == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        self.passed += 1

    def around(self, owner: Any, name: str) -> None:
        """Makes a point before and one after each call of a method."""
        method = getattr(owner, name)

        def passing(*args: Any, **kwargs: Any) -> Any:
            self.pass_one()
            outcome = method(*args, **kwargs)
            self.pass_one()
            return outcome

        setattr(owner, name, passing)


def watch_commits(fatal: int) -> Points:
    """The points around every commit of this process."""
    points = Points(fatal)
    points.around(DefaultDialect, "do_commit")
    return points


def watch_central(fatal: int) -> Points:
    """The points of a central: its commits, and each part of its answers."""
    from app.central import serve

    points = watch_commits(fatal)
    journalled = serve.journalled

    def watched(app: Any) -> Any:
        async def answer(scope: Any, receive: Any, send: Any) -> None:
            async def sent(message: Any) -> None:
                points.pass_one()
                await send(message)
                points.pass_one()

            await app(scope, receive, sent)

        return journalled(answer)

    serve.journalled = watched
    return points


def _sync(folder: str, passphrase: str, fatal: int) -> int:
    from app.bootstrap import Services
    from app.services.sync import Sync
    from app.storage.workspace import open_workspace
    from app.sync.transport import Transport

    points = watch_commits(fatal)
    points.around(Transport, "once")
    workspace = open_workspace(Path(folder), passphrase)
    services = Services(workspace)
    points.begin()
    Sync(workspace, pause=lambda _: None).run(accept_deletions=True)
    services.close()
    return 0


def main() -> None:
    """Forks a laptop for each line; answers how it ended: 0, or minus the signal."""
    import app.documents.sealed
    import app.services.sync
    import app.sync.run  # noqa: F401 - there for each fork

    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os._exit(_sync(**json.loads(line)))
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
