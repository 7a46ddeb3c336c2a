"""A line that is hung up, or closed, while a call is under way in another thread."""

from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor
from threading import Timer

import pytest

from app.errors import SyncError
from app.sync.client import Central as Line
from tests.app.sync.slow_line import slowed
from tests.central_server import Central, central

__all__ = ["central"]


@pytest.mark.parametrize("is_made", [True, False])
def test_a_line_hung_up_waits_for_no_answer_and_calls_again(
    central: Central, is_made: bool
) -> None:
    """One that is being made would wait ten seconds."""
    with (
        slowed(central) as slow,
        ThreadPoolExecutor() as aside,
        Line(slow.url, ca=central.authority.read_text()) as line,
    ):
        if is_made:
            line.capabilities()
        slow.hold("down")
        asked = aside.submit(line.capabilities)
        slow.held.wait()
        line.cancelled = lambda: True
        line.hang_up()
        with pytest.raises(SyncError) as told:
            asked.result(5)
        assert told.value.kind == "cancelled"
        slow.release()
        line.cancelled = lambda: False
        line.capabilities()


def test_a_line_made_after_it_was_hung_up_asks_for_nothing(central: Central) -> None:
    as_it_begins = iter([False])
    with slowed(central) as slow, Line(slow.url, ca=central.authority.read_text()) as line:
        line.cancelled = lambda: next(as_it_begins, True)
        slow.hold("down")
        late = Timer(5, slow.release)
        late.start()
        with pytest.raises(SyncError) as told:
            line.capabilities()
        assert told.value.kind == "cancelled"
        assert late.is_alive()
        late.cancel()


def test_a_line_closed_while_it_is_being_made_is_not_left_open(central: Central) -> None:
    """Left to the garbage collector, it would warn, and a warning fails a test."""
    with slowed(central) as slow, ThreadPoolExecutor() as aside:
        line = Line(slow.url, ca=central.authority.read_text())
        slow.hold("down")
        asked = aside.submit(line.capabilities)
        slow.held.wait()
        line.close()
        slow.release()
        asked.result()
        del line, asked
        gc.collect()
