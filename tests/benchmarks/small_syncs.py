"""The syncs of every day: 100 changes up and down, among few records and many; nothing to do."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from sqlalchemy import exists, select

from app.central.schema import bulk_revisions, spaces
from app.services.changes import Change
from tests.benchmarks.corpus import Corpus
from tests.benchmarks.measure import Measure, median_ms, timed
from tests.benchmarks.site import Site, site
from tests.central_server import Central

FEW, MANY = 1_000, 50_000
ROUNDS = 27
IDLE = 50


def main() -> Iterator[Measure]:
    with site() as place, site() as large_place:
        few, many = HundredChanges(place, FEW), HundredChanges(large_place, MANY)
        for times in range(ROUNDS):  # in turn: the machine's slow moments are those of both
            few.round(times)
            many.round(times)
        yield from _nothing_to_do(place)
    for way, small, large in zip(
        ("envoyées", "reçues"), few.medians(), many.medians(), strict=True
    ):
        yield Measure(f"100 modifications {way}, parmi {FEW:,}", small, limit=10)
        yield Measure(f"  {way}, parmi {MANY:,}", large, "ms", min(10, 1.3 * small), small)


class HundredChanges:
    """100 changes sent by a laptop among `count` records, then received by another."""

    def __init__(self, place: Site, count: int) -> None:
        self._corpus, self._records = Corpus(), list[Change]()
        self._up, self._down = list[float](), list[float]()

        def fill(space: str) -> list[Change]:
            self._records.extend(self._corpus.records(space, count))
            return self._records

        self._one, space = place.with_commission(fill)
        self._one.sync.run()
        self._other = place.adopting(space)
        self._other.sync.run()
        _settle(place)

    def round(self, times: int) -> None:
        self._one.records.put(self._corpus.edits(self._records, times))
        self._up.append(timed(self._one.sync.run))
        self._down.append(timed(self._other.sync.run))

    def medians(self) -> tuple[float, float]:
        """Milliseconds up and down."""
        return median(self._up), median(self._down)


def _settle(place: Site) -> None:
    """Syncs until the central has done what it leaves for a quiet moment, and all have it."""
    while _has_work(place.central) or any(one.sync.run().received for one in place.laptops):
        time.sleep(0.2)
    time.sleep(1)
    for laptop in place.laptops:
        laptop.sync.run()


def _has_work(central: Central) -> bool:
    with central.database.reading() as connection:
        in_bulk = connection.execute(select(exists().select_from(bulk_revisions))).scalar_one()
        behind = connection.execute(select(exists().where(spaces.c.pending.is_not(None))))
        return bool(in_bulk or behind.scalar_one())


def _nothing_to_do(place: Site) -> Iterator[Measure]:
    """Its time, its requests by the central's journal, and the files that it wrote to."""
    laptop = place.laptops[0]
    _settle(place)  # the central then moves its log of what came before
    lines, files = _requests(place), _files(place.folder)
    taken = median_ms(laptop.sync.run, IDLE)
    requests = (_requests(place) - lines) / IDLE
    touched = sum(_files(place.folder)[path] != state for path, state in files.items())
    yield Measure("rien à faire", taken, limit=1.5)
    yield Measure("  requêtes", requests, "", limit=1)
    yield Measure("  fichiers écrits, des deux côtés", touched, "", limit=0)


def _requests(place: Site) -> int:
    return (place.folder / "journal").read_bytes().count(b"\n")


def _files(folder: Path) -> dict[Path, tuple[int, int]]:
    """The size and the last writing of every database, its write-ahead log included."""
    found = [*folder.rglob("*.db"), *folder.rglob("*.sqlite"), *folder.rglob("*-wal")]
    return {path: (path.stat().st_size, path.stat().st_mtime_ns) for path in found}
