"""What every test shares: real workspaces, and the number of cases that properties try."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings

from app.bootstrap import Services
from app.domain.dates import PARIS
from app.storage.workspace import Workspace
from tests.workspaces import new_workspace

# Outside `tests/keyring-session`, the tests meet no keyring rather than the user's own.
if "KEYRING_PROPERTY_PREFERRED_COLLECTION" not in os.environ:
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
os.environ["QT_QPA_PLATFORM"] = "offscreen"

# `make soak` asks for the second by name; a property that sets its own number keeps it.
settings.register_profile("daily", max_examples=50, deadline=None)
settings.register_profile("soak", max_examples=5000, deadline=None, derandomize=False)
settings.load_profile("daily")


def pytest_collection_finish() -> None:
    """Leaves all the modules out of the collections to come, which would look through them."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def garbage() -> Iterator[None]:
    """Collected after each test, once the window's application does so by itself alone."""
    yield
    if "ui.window.collector" in sys.modules:
        from ui.window.collector import collect_if_due

        collect_if_due()


class FakeClock:
    """A clock that a test moves by hand."""

    def __init__(self, instant: datetime | None = None) -> None:
        self.instant = instant or datetime(2027, 3, 19, 18, 0, tzinfo=PARIS)

    def __call__(self) -> datetime:
        return self.instant

    def forward(self, **duration: float) -> None:
        self.instant += timedelta(**duration)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def make_workspace() -> Callable[..., Workspace]:
    """What makes the workspace of `services`: here with the whole territory."""
    return new_workspace


@pytest.fixture
def services(
    tmp_path: Path, clock: FakeClock, make_workspace: Callable[..., Workspace]
) -> Iterator[Services]:
    """The services over a new unprotected workspace, without a commission."""
    opened = Services(make_workspace(tmp_path / "espace", clock=clock))
    opened.settings.sign_changes()
    yield opened
    opened.close()


@pytest.fixture
def commission_id(services: Services) -> str:
    """A commission in the workspace of `services`."""
    fields = {"name": "Commission de l'Auxois", "departments": ["21"]}
    return services.records.create("commission", fields, None).id
