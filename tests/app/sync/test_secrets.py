"""A token is in the keyring and on the wire, and nowhere else: not in a log, a trace or a file."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable

import pytest

from app.errors import SyncError
from app.services.sync import Sync
from tests.app.sync.conftest import Laptop
from tests.app.sync.meddler import Act, Meddler, cut_before, cut_within, saying
from tests.app.sync.test_foreign_answers import FOREIGN
from tests.app.sync.test_tokens import age
from tests.central_server import Central

SIGN_IN = b'{"type": "urn:commissions:problem:sign-in", "title": "x", "status": 401}'
FAILURES: dict[str, Act] = {
    **FOREIGN,
    "cut before": cut_before,
    "cut within": cut_within,
    "503": saying(503, Retry_After="40"),
    "sign in again": saying(401, SIGN_IN, Content_Type="application/problem+json"),
}


class Fault(Exception):
    """What nobody foresaw."""


def _traces(laptop: Laptop, meddler: Meddler) -> list[str]:
    """What is told of every failing sync, and of one that fails in a way that nobody foresaw."""
    told = []
    for act in FAILURES.values():
        meddler.next(act, act, act)
        with pytest.raises(SyncError) as caught:
            laptop.sync()
        told += traceback.format_exception(caught.value)
        told.append(repr(caught.value))

    def unforeseen(_: int, __: int) -> None:
        raise Fault

    meddler.next()
    laptop.put("need", title="Fibre")
    with pytest.raises(Fault) as fault:
        laptop.services.sync.run(progress=unforeseen)
    return [*told, *traceback.format_exception(fault.value)]


def test_a_token_is_told_to_nobody(
    central: Central,
    troubled: tuple[Laptop, Laptop],
    meddler: Meddler,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    anne, _ = troubled
    anne.sync()
    age(anne)
    anne.sync()
    anne.sync()  # under the renewed token
    written = [*_traces(anne, meddler), caplog.text, *capfd.readouterr()]
    written += [repr(anne.services.sync.status()), repr(vars(anne.services.sync))]
    tokens = {heard.headers["Authorization"].removeprefix("Bearer ") for heard in meddler.calls()}
    assert len(tokens) == 2
    assert "httpcore2" in caplog.text  # the line's own journal is among what is searched
    everywhere = "\n".join(written)
    files = [path for path in anne.services.workspace.folder.rglob("*") if path.is_file()]
    for token in tokens:
        assert token not in everywhere
        assert [path for path in files if token.encode() in path.read_bytes()] == []


def test_a_code_is_told_to_nobody(
    central: Central, laptop: Callable[..., Laptop], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    anne = laptop("anne")
    code = central.code(central.facilitator(central.commission()))
    sync = Sync(anne.services.workspace, pause=anne.waits.append)
    with pytest.raises(SyncError) as caught:
        sync.enrol(anne.url, code + "X", anne.authority)
    sync.enrol(anne.url, code, anne.authority)
    sync.close()
    assert code not in "".join(traceback.format_exception(caught.value)) + caplog.text
