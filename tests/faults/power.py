"""What stands on the disk once the power failed: what was synced, and whatever of the rest."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.disk import Call

SECTOR = 512
"""The bytes that a disk writes whole or not at all."""


@dataclass
class _File:
    """A file's bytes on the disk, and what waits in the system's memory to be written there."""

    durable: bytearray = field(default_factory=bytearray)
    waiting: list[Call] = field(default_factory=list)

    def sync(self) -> None:
        for call in self.waiting:
            _write(self.durable, call)
        self.waiting.clear()

    def after_cut(self, chance: random.Random) -> bytes:
        """The durable bytes with none, some or all of what waits, the last one torn."""
        content = bytearray(self.durable)
        share = chance.choice([0.0, 1.0, chance.random()])
        in_order = chance.random() < 0.5
        until = chance.randrange(len(self.waiting) + 1) if in_order else len(self.waiting)
        for number, call in enumerate(self.waiting):
            if in_order and number < until:
                _write(content, call)
            elif (in_order and number == until) or chance.random() < share:
                _write(content, call, chance)
        return bytes(content)


def _write(content: bytearray, call: Call, chance: random.Random | None = None) -> None:
    """Does a write or a truncation; with `chance`, only some of its sectors may be written."""
    if call.name == "truncate":
        del content[call.offset :]
        content.extend(bytes(call.offset - len(content)))
        return
    content.extend(bytes(max(0, call.offset + len(call.data) - len(content))))
    for start in range(0, len(call.data), SECTOR):
        if chance is None or chance.random() < 0.5:
            part = call.data[start : start + SECTOR]
            content[call.offset + start : call.offset + start + len(part)] = part


class Platter:
    """The disk under a folder; told of each call, it knows what would outlive a power cut.

    Names change in the order of the calls, as in a journaled file system: a cut keeps some of the
    changes that wait for the folder's sync, never a later one without those before.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.present = {
            str(path): _File(bytearray(path.read_bytes()))
            for path in folder.rglob("*")
            if path.is_file() and not path.name.endswith("-shm")
        }
        self._durable = dict(self.present)
        self._waiting: list[Call] = []
        self._made: dict[int, _File] = {}  # by the number of the call that opened them

    def tell(self, call: Call) -> None:
        """Takes in a call that went through."""
        if call.name in ("write", "truncate"):
            self.present[call.path].waiting.append(call)
        elif call.name == "sync" and call.path in self.present:
            self.present[call.path].sync()
            self._settle(len(self._waiting))
        elif call.name == "sync":
            self._settle(len(self._waiting))
        elif call.name != "mkdir":
            if call.name == "open":
                self._made[call.number] = _File()
            self._rename(self.present, call)
            self._waiting.append(call)

    def _rename(self, names: dict[str, _File], call: Call) -> None:
        target = call.data.decode()
        if call.name == "open":
            names[call.path] = self._made[call.number]
        elif call.name == "delete":
            names.pop(call.path, None)
        elif call.name == "link":
            names |= {target: names[call.path]} if call.path in names else {}
        else:
            for path in [
                one for one in names if one == call.path or one.startswith(f"{call.path}/")
            ]:
                names[target + path.removeprefix(call.path)] = names.pop(path)

    def _settle(self, waiting: int) -> None:
        for call in self._waiting[:waiting]:
            self._rename(self._durable, call)
        del self._waiting[:waiting]

    def cut(self, chance: random.Random, target: Path) -> None:
        """Writes into a new folder what the next start of the machine finds."""
        names = dict(self._durable)
        for call in self._waiting[: chance.randrange(len(self._waiting) + 1)]:
            self._rename(names, call)
        for path, file in names.items():
            place = target / Path(path).relative_to(self.folder)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(file.after_cut(chance))
