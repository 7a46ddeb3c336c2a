"""A commission's first sync of 10,000 records, up and down, beside the limit and beside Anki."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from app.services.search import Hit
from tests.benchmarks import peer_anki
from tests.benchmarks.corpus import Corpus
from tests.benchmarks.measure import Measure, timed
from tests.benchmarks.site import site
from tests.benchmarks.sync_limit import limit

RECORDS = 10_000
RUNS = 3


def main() -> Iterator[Measure]:
    """The medians; what is compared runs in turns, so that a busy moment weighs on all."""
    with tempfile.TemporaryDirectory() as folder:
        anki = _anki(Path(folder))
        ours, peers = [], []
        for run in range(RUNS):
            ours.append(first_sync(RECORDS))
            if anki is not None:
                peers.append(peer_anki.first_sync(anki, Path(folder) / str(run), _texts()))
    up, least_up, down, least_down, found = map(median, zip(*ours, strict=True))
    yield Measure("première synchronisation, 10 000 envoyés", up, "ms", 2.0 * least_up, least_up)
    yield Measure("  10 000 reçus, chiffrés", down, "ms", 2.5 * least_down, least_down)
    yield Measure("  la recherche y trouve ensuite", found, limit=2000)
    if peers:
        anki_up, anki_down = map(median, zip(*peers, strict=True))
        yield Measure("  envoyés, à côté d'Anki sans TLS", up, "ms", anki_up, anki_up)
        yield Measure("  reçus, à côté d'Anki sans TLS", down, "ms", anki_down, anki_down)


def first_sync(count: int) -> tuple[float, ...]:
    """Milliseconds: up and its limit, down and its limit, a word found."""
    corpus = Corpus()
    with site() as place:
        one, space = place.with_commission(lambda space: corpus.records(space, count))
        with one.workspace.reading() as unit:
            records = list(unit.select(space=space))
        with limit(place.folder / "limite") as bare:
            least_up, up = timed(lambda: bare.send(records)), timed(one.sync.run)
            other = place.adopting(space)
            least_down, down = timed(bare.fetch), timed(other.sync.run)
        hits = list[Hit]()
        found = timed(lambda: hits.extend(other.search.find(corpus.text(1))))
        assert hits
    return up, least_up, down, least_down, found


def _texts() -> list[str]:
    corpus = Corpus()
    return [corpus.text() for _ in range(RECORDS)]


def _anki(folder: Path) -> str | None:
    try:
        return peer_anki.install(folder / "anki")
    except (OSError, subprocess.SubprocessError):
        print("  Anki ne peut être installé ici : il n'est pas mesuré.", file=sys.stderr)
        return None
