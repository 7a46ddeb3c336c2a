"""Sync with the central over TLS on the loopback: a first sync, what follows, nothing to do."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from app.bootstrap import Services, open_services
from app.services import workspaces
from app.services.records import Change
from tests.benchmarks.measure import Measure, median_ms
from tests.central_server import Central, start_central

RECORDS = 10_000
WORDS = "Le débit tombe dès que l'école se met sur les tablettes. " * 10  # 0.6 KB a record


def main() -> Iterable[Measure]:
    """Two laptops: one sends its first 10,000 records, the other receives them."""
    with (
        tempfile.TemporaryDirectory() as folder,
        start_central(Path(folder) / "central") as central,
    ):
        account = central.facilitator(create=True)
        first, second = _laptop(Path(folder) / "un"), _laptop(Path(folder) / "deux")
        space = first.records.create("commission", {"name": "Commission d'essai"}, None).id
        ids = _fill(first, space)
        _enrol(first, central, account, upload=True)
        up = _timed(first)
        _enrol(second, central, account, adopt=space)
        down = _timed(second)
        idle = median_ms(first.sync.run)
        first.records.put([Change("need", {"severity": 3}, one) for one in ids[:100]])
        some = _timed(first)
        first.close()
        second.close()
    return [
        Measure("première synchronisation, 10 000 enregistrements envoyés", up, limit=2000),
        Measure("première synchronisation, 10 000 enregistrements reçus", down, limit=2000),
        Measure("100 modifications envoyées", some),
        Measure("une synchronisation sans rien à faire", idle),
    ]


def _laptop(folder: Path) -> Services:
    workspaces.create(folder, workspaces.choose("none", None, folder.name)).close()
    return open_services(folder)


def _fill(laptop: Services, space: str) -> list[str]:
    needs = [
        Change("need", {"title": f"Besoin {number}", "words": WORDS}, None, space)
        for number in range(RECORDS)
    ]
    return [one.id for one in laptop.records.put(needs)]


def _enrol(
    laptop: Services,
    central: Central,
    account: str,
    *,
    adopt: str | None = None,
    upload: bool = False,
) -> None:
    authority = central.authority.read_text("ascii")
    code = central.code(account)
    laptop.sync.enrol(central.url, code, authority, adopt=adopt, upload=upload)


def _timed(laptop: Services) -> float:
    start = time.perf_counter()
    laptop.sync.run()
    return (time.perf_counter() - start) * 1000
