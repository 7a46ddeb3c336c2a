"""Types into a workspace and is killed, again and again; each time every saved word is there.

Usage: python -m tests.faults.typist FOLDER RECORD_ID KILLS [KEY]

Half of the kills come at a call to the system, at each in its turn, before it or once half of what
it writes is written; the others at any moment. Some are then put to sleep and woken. A process
without threads, so that each typist is a fork of it. Prints in JSON how many kills there were of
each kind, and among how many calls.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
from itertools import cycle, product
from pathlib import Path

from app.bootstrap import Services
from app.clock import now
from app.services.changes import Change
from app.storage.backup import check_database
from app.storage.database import open_engine
from app.storage.workspace import DATABASE, Workspace
from tests.faults.disk import Call, Disk

EDITS = 4
"""What a typist saves before the workspace is closed, which writes the log into the database."""

SLEEPS = 3


class Typist:
    """Types in one record of one workspace; each text says its number."""

    def __init__(self, folder: Path, record_id: str, key: bytes | None) -> None:
        self.folder = folder
        self.record_id = record_id
        self.key = key

    def open(self) -> Services:
        engine = open_engine(self.folder / DATABASE, self.key)
        return Services(Workspace(self.folder, engine, now, self.key))

    def number(self) -> int:
        """The number of the text that the workspace holds, and its history too."""
        services = self.open()
        words = services.records.get(self.record_id).fields.words
        last = services.records.history(self.record_id)[0].changes["words"][1]
        services.close()
        assert words == last == _text(int(words.split()[0]))
        return int(words.split()[0])

    def type(self, first: int, told: int, edits: int) -> None:
        """Writes to the descriptor `told` the number of each text once it is saved."""
        services = self.open()
        for number in range(first, first + edits):
            services.records.put(
                [Change("need", {"words": _text(number)}, self.record_id)], burst="frappe"
            )
            os.write(told, f"{number}\n".encode())
        services.close()


def _text(number: int) -> str:
    return f"{number} " + "m" * (number % 700)


def _killer(number: int, half: bool) -> Disk:
    """A disk whose machine kills the program at the call of this number."""

    def act(call: Call) -> None:
        if call.number == number:
            if half and call.name == "write":
                descriptor = os.open(call.path, os.O_WRONLY)
                os.pwrite(descriptor, call.data[: len(call.data) // 2], call.offset)
            os.kill(os.getpid(), signal.SIGKILL)

    return Disk(act)


def _forked(typist: Typist, first: int, disk: Disk, edits: int) -> tuple[int, int]:
    """Starts a typist; gives its process and where it tells what is saved."""
    hears, tells = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(hears)
        with disk():
            typist.type(first, tells, edits)
        os._exit(0)
    os.close(tells)
    return process, hears


def _killed_at_call(typist: Typist, number: int, half: bool) -> bool:
    """Kills a typist at this call; False when it was done before."""
    before = typist.number()
    process, hears = _forked(typist, before + 1, _killer(number, half), EDITS)
    with os.fdopen(hears) as told:
        acknowledged = [before, *map(int, told.read().split())][-1]
    _, status = os.waitpid(process, 0)
    _check(typist, acknowledged)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the typist failed"
    return os.WIFSIGNALED(status)


def _killed_at_any_moment(typist: Typist, after: int) -> None:
    """Kills a typist once it has told that so many texts are saved."""
    before = typist.number()
    process, hears = _forked(typist, before + 1, Disk(), sys.maxsize)
    with os.fdopen(hears) as told:
        for _ in range(after):
            last = told.readline()
        os.kill(process, signal.SIGKILL)
        acknowledged = [int(last), *map(int, told.read().split())][-1]
    os.waitpid(process, 0)
    _check(typist, acknowledged)


def _put_to_sleep(typist: Typist, after: int) -> None:
    """Stops a typist at any moment, as a laptop that sleeps does; awake, it types on."""
    process, hears = _forked(typist, typist.number() + 1, Disk(), sys.maxsize)
    with os.fdopen(hears) as told:
        for _ in range(after):
            last = told.readline()
        os.kill(process, signal.SIGSTOP)
        os.waitpid(process, os.WUNTRACED)
        asleep = typist.number()
        assert asleep >= int(last), f"{last} was lost by a laptop that sleeps"
        os.kill(process, signal.SIGCONT)
        while int(last) <= asleep:
            last = told.readline()
        os.kill(process, signal.SIGKILL)
        acknowledged = [int(last), *map(int, told.read().split())][-1]
    os.waitpid(process, 0)
    _check(typist, acknowledged)


def _check(typist: Typist, acknowledged: int) -> None:
    assert check_database(typist.folder / DATABASE, typist.key) == []
    assert typist.number() in (acknowledged, acknowledged + 1), f"{acknowledged} was lost"


def _calls(typist: Typist) -> int:
    """How many calls a typist makes when nothing stops it."""
    counted = Disk()
    with counted(), Path(os.devnull).open("w") as nobody:
        typist.type(typist.number() + 1, nobody.fileno(), EDITS)
    return counted.calls


def main() -> None:
    folder, record_id, kills, *key = sys.argv[1:]
    typist = Typist(Path(folder), record_id, bytes.fromhex(key[0]) if key else None)
    chance = random.Random(f"1828 {bool(key)}")
    calls = _calls(typist)
    places = list(product(range(1, calls + 1), (False, True)))
    chance.shuffle(places)
    at_call = 0
    for number, half in cycle(places):
        at_call += _killed_at_call(typist, number, half)
        if at_call == int(kills) // 2:
            break
    for _ in range(int(kills) - at_call):
        _killed_at_any_moment(typist, chance.randrange(1, 8))
    for _ in range(SLEEPS):
        _put_to_sleep(typist, chance.randrange(1, 8))
    told = {"at_calls": at_call, "calls": calls, "at_any_moment": int(kills) - at_call}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
