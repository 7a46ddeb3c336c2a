"""100 changes over a weak line: 200 ms there and back, 2 Mbit/s each way."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from statistics import median
from urllib.parse import urlsplit

from app.services.changes import Change
from tests.benchmarks.corpus import Corpus
from tests.benchmarks.measure import Measure, timed
from tests.benchmarks.site import site

ROUND_TRIP = 0.2
BYTES_A_SECOND = 2_000_000 / 8
ROUNDS = 3


def main() -> Iterator[Measure]:
    corpus, records = Corpus(), list[Change]()

    def fill(space: str) -> list[Change]:
        records.extend(corpus.records(space, 1_000))
        return records

    with site() as place, slow_line(place.central.url) as url:
        place.url = url
        laptop, _ = place.with_commission(fill)
        laptop.sync.run()
        warm, cold = [], []
        for times in range(ROUNDS):
            laptop.records.put(corpus.edits(records, 2 * times))
            warm.append(timed(laptop.sync.run))
            laptop.records.put(corpus.edits(records, 2 * times + 1))
            laptop.sync.close()
            cold.append(timed(laptop.sync.run))
    yield Measure(
        "100 modifications, 200 ms et 2 Mbit/s, connexion ouverte", median(warm), limit=450
    )
    yield Measure("  connexion à ouvrir", median(cold), limit=900)


@contextmanager
def slow_line(url: str) -> Iterator[str]:
    """A relay that delays and throttles what goes to a central; gives its address."""
    relay = _Relay(urlsplit(url).port or 443)
    thread = threading.Thread(target=lambda: asyncio.run(relay.serve()))
    thread.start()
    try:
        yield f"https://127.0.0.1:{relay.port.result()}"
    finally:
        relay.stop()
        thread.join()


class _Relay:
    """One line that its connections share; opening one takes a round trip."""

    def __init__(self, to: int) -> None:
        self.port: Future[int] = Future()
        self._to = to
        self._free_at = {"up": 0.0, "down": 0.0}

    async def serve(self) -> None:
        """Carries until `stop`."""
        self._loop, self._stopped = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self.carry, "127.0.0.1", 0)
        self.port.set_result(server.sockets[0].getsockname()[1])
        await self._stopped.wait()
        server.close()

    def stop(self) -> None:
        """Ends `serve`, from another thread."""
        self._loop.call_soon_threadsafe(self._stopped.set)

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._to)
        await asyncio.sleep(ROUND_TRIP)
        with suppress(asyncio.CancelledError):  # at the end, and Python 3.11 would complain of it
            await asyncio.gather(self._pass("up", reader, back), self._pass("down", there, writer))

    async def _pass(
        self, way: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Each piece arrives once the line had time for it, and half a round trip later."""
        loop = asyncio.get_running_loop()
        while piece := await reader.read(4096):
            begun = max(loop.time(), self._free_at[way])
            self._free_at[way] = begun + len(piece) / BYTES_A_SECOND
            loop.call_at(self._free_at[way] + ROUND_TRIP / 2, writer.write, piece)
        loop.call_later(ROUND_TRIP / 2, writer.close)
