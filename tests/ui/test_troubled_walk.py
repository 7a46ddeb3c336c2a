"""A walk at random, the same each time, while the line to the central breaks, a colleague overtakes
the answers and another program writes beside: no word is lost, and all becomes level.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from random import Random

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from app.bootstrap import open_services
from app.domain.records import CENTRAL_ONLY
from app.domain.wording import plain
from tests.app.sync.conftest import Laptop, central, laptop, meddler, troubled
from tests.app.sync.meddler import (
    Act,
    Answer,
    Heard,
    Meddler,
    cut_after,
    cut_before,
    cut_in_body,
    cut_within,
    faithful,
    saying,
)
from tests.ui.acting import field, visit
from tests.ui.conftest import settle
from tests.ui.keyboard import type_text
from tests.ui.test_walk import TYPED_IN, fill, wander
from tests.ui.world import World
from ui.pages.record_page import RecordPage
from ui.pages.sync import SyncPage
from ui.window.main_window import MainWindow

__all__ = ["central", "laptop", "meddler", "troubled"]

WORD = re.compile(r"mot\d+x")
ON_THE_LINE: tuple[Act, ...] = (
    faithful, cut_before, cut_in_body, cut_after, cut_within, saying(500), saying(413),
    saying(429, Retry_After="120"), saying(200, b"<html>Wi-Fi</html>", Content_Type="text/html"),
)  # fmt: skip


class Writers:
    """Whose words are whose: each one is written once, in one record, by the user or another."""

    def __init__(self, anne: Laptop, colleague: Laptop, kinds: dict[str, str]) -> None:
        self.anne, self.colleague, self.kinds = anne, colleague, kinds
        self.random = Random(2027)
        self.record_of: dict[str, str] = {}

    def word(self, record_id: str) -> str:
        word = f"mot{len(self.record_of)}x"
        self.record_of[word] = record_id
        return word

    def any_record(self) -> str:
        return self.random.choice(list(self.kinds))

    def overtake(self, _: Heard, forward: Callable[..., Answer]) -> Answer:
        """The colleague writes, between the central's work and its reply."""
        answer, record_id = forward(), self.any_record()
        name = TYPED_IN[self.kinds[record_id]]
        text = f"{self.colleague.get(record_id)[name]} {self.word(record_id)}."
        self.colleague.put(self.kinds[record_id], record_id, **{name: text})
        self.colleague.sync()
        return answer

    def write_beside(self) -> None:
        """Another program on the workspace of the window."""
        record_id = self.any_record()
        with closing(open_services(self.anne.services.workspace.folder)) as beside:
            title = f"{beside.records.get(record_id).fields.title} {self.word(record_id)}"
            beside.records.update(record_id, {"title": title})

    def strays(self) -> Iterator[str]:
        """The words that are in another record, or neither in their own nor in its conflict."""
        found: dict[str, set[str]] = {}
        seen = [one for one in self.anne.state().values() if one.kind not in CENTRAL_ONLY]
        for one in seen:  # and not the digests that the central makes of needs
            about = one.fields["record_id"] if one.kind == "conflict" else one.id
            written = WORD.findall(msgspec.json.encode(one.fields).decode())
            found.setdefault(about, set()).update(written)
        for word, record_id in self.record_of.items():
            if [one for one in found if word in found[one]] != [record_id]:
                yield word


@pytest.fixture
def writers(troubled: tuple[Laptop, Laptop]) -> Writers:
    anne, colleague = troubled
    (commission,) = anne.services.records.list("commission")
    kinds = fill(World(anne.services, commission.id, {}, {}))
    anne.sync()
    colleague.sync()
    typed = {one: kind for one, kind in kinds.items() if kind in TYPED_IN}
    return Writers(anne, colleague, typed)


def test_no_word_is_lost_while_the_line_breaks_and_others_write(
    window: MainWindow, writers: Writers, meddler: Meddler, qtbot: QtBot
) -> None:
    window.open_on(writers.anne.services)
    settle(window, qtbot)
    assert window.background is not None
    random = writers.random
    for _ in range(12):
        record_id = writers.any_record()
        kind = writers.kinds[record_id]
        page = visit(window, kind, RecordPage, qtbot, record_id)
        meddler.next(*random.choices((*ON_THE_LINE, writers.overtake), k=3))
        window.background.auto_sync.due.emit()
        type_text(field(page.form, TYPED_IN[kind]), f"{writers.word(record_id)}. ")
        if random.random() < 0.3:
            writers.write_beside()
        wander(window, random)
    window.flush()
    settle(window, qtbot)
    meddler.next()
    sync = visit(window, "sync", SyncPage, qtbot)
    for _ in range(2):
        sync.exchange()
        settle(window, qtbot)
        writers.colleague.sync()
    assert plain(sync.header.subtitle.text()) == "Rien à envoyer" and not sync.fault.isVisible()
    qtbot.waitUntil(window.navigation.pending.isHidden)
    assert not window.keeping.unsaved()
    assert writers.anne.state() == writers.colleague.state()
    assert list(writers.strays()) == []
