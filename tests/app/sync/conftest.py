"""Laptops for the tests of the sync: real workspaces, real services, a real central."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.bootstrap import Services, open_services
from app.clock import new_id
from app.domain.records import Envelope
from app.services.sync import Sync
from app.services.sync_report import Report
from app.storage.rows import Stored
from app.storage.workspace import Workspace
from tests.app.sync.meddler import Meddler, meddling
from tests.central_server import Central, start_central
from tests.workspaces import faults_of_rows, light_workspace


class Laptop:
    """A workspace with shorthands for what the tests do; its calls are made again at once."""

    def __init__(
        self,
        folder: Path,
        central: Central,
        meddler: Meddler | None = None,
        make_workspace: Callable[..., Workspace] = light_workspace,
    ) -> None:
        self.central = central
        self.url = meddler.url if meddler else central.url
        self.authority = meddler.authority if meddler else central.authority.read_text()
        self.waits: list[float] = []
        self._work_on(Services(make_workspace(folder, new_id())))
        self.services.settings.set("author_name", folder.name)

    def open(self, folder: Path, secret: str | None = None) -> None:
        """Goes on with the workspace of a folder."""
        self._work_on(open_services(folder, secret))

    def _work_on(self, services: Services) -> None:
        self.services = services
        services.__dict__["sync"] = Sync(services.workspace, pause=self.waits.append)

    def enrol(self, facilitator: str, **wish: Any) -> None:
        code = self.central.code(facilitator)
        self.services.sync.enrol(self.url, code, self.authority, **wish)

    def sync(self, **options: Any) -> Report:
        report = self.services.sync.run(**options)
        with self.services.workspace.reading() as unit:
            assert faults_of_rows(unit) == []
        return report

    def put(self, kind: str, /, record_id: str | None = None, **fields: Any) -> str:
        """Creates a record, or changes the one named; gives its id."""
        if record_id is None:
            return self.services.records.create(kind, fields).id
        return self.services.records.update(record_id, fields).id

    def get(self, record_id: str) -> dict[str, Any]:
        return self.services.records.envelope(record_id).fields

    def stored(self, record_id: str) -> Stored:
        with self.services.workspace.reading() as unit:
            found = unit.stored(record_id)
        assert found is not None
        return found

    def state(self) -> dict[str, Envelope]:
        """Everything that the central knows of, deleted records included."""
        with self.services.workspace.reading() as unit:
            found = unit.select(deleted=True)
            return {one.id: one for one in found if one.revision > 0}


@pytest.fixture
def central(tmp_path: Path) -> Iterator[Central]:
    with start_central(tmp_path / "central") as served:
        yield served


@pytest.fixture
def laptop(tmp_path: Path, central: Central) -> Iterator[Callable[..., Laptop]]:
    """Makes laptops by name, behind a meddler if one is given."""
    made: list[Laptop] = []

    def make(name: str, meddler: Meddler | None = None, **options: Central) -> Laptop:
        made.append(Laptop(tmp_path / name, options.get("central", central), meddler))
        return made[-1]

    yield make
    for one in made:
        one.services.close()


@pytest.fixture
def meddler(central: Central) -> Iterator[Meddler]:
    """What stands between one laptop and the central."""
    with meddling(central) as between:
        yield between


@pytest.fixture
def pair(central: Central, laptop: Callable[..., Laptop]) -> tuple[Laptop, Laptop]:
    """Two laptops of one facilitator on one commission, level with the central."""
    return enrolled(central, laptop("anne"), laptop("benoit"))


@pytest.fixture
def troubled(
    central: Central, meddler: Meddler, laptop: Callable[..., Laptop]
) -> tuple[Laptop, Laptop]:
    """As `pair`, the first one behind the meddler."""
    return enrolled(central, laptop("anne", meddler), laptop("benoit"))


def enrolled(central: Central, one: Laptop, other: Laptop) -> tuple[Laptop, Laptop]:
    facilitator = central.facilitator(central.commission())
    for laptop in (one, other):
        laptop.enrol(facilitator)
        laptop.sync()
    return one, other
