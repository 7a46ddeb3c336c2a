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
ROUNDS = 9
IDLE = 50


def main() -> Iterator[Measure]:
    with site() as place:
        few = hundred_changes(place, FEW)
        yield from _nothing_to_do(place)
    with site() as place:
        many = hundred_changes(place, MANY)
    for way, small, large in zip(("envoyées", "reçues"), few, many, strict=True):
        yield Measure(f"100 modifications {way}, parmi {FEW:,}", small, limit=10)
        yield Measure(f"  {way}, parmi {MANY:,}", large, "ms", min(10, 1.3 * small), small)


def hundred_changes(place: Site, count: int) -> tuple[float, float]:
    """Median milliseconds of 100 changes up, then down on another laptop."""
    corpus, records = Corpus(), list[Change]()

    def fill(space: str) -> list[Change]:
        records.extend(corpus.records(space, count))
        return records

    one, space = place.with_commission(fill)
    one.sync.run()
    other = place.adopting(space)
    other.sync.run()
    _settle(place)
    up, down = [], []
    for times in range(ROUNDS):
        one.records.put(corpus.edits(records, times))
        up.append(timed(one.sync.run))
        down.append(timed(other.sync.run))
    return median(up), median(down)


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
