"""Folders that nobody may write into: by their permissions, or on a disk mounted to be read."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WAYS = ("permissions", "mount")

_CAPABILITIES = 0x20080522  # _LINUX_CAPABILITY_VERSION_3
_OVERRIDE = 1 << 1  # CAP_DAC_OVERRIDE, by which root writes where nobody may


@contextmanager
def read_only(folder: Path, way: str) -> Iterator[None]:
    """The folder and all in it read-only; where nothing may be mounted, by the permissions."""
    with _mounted(folder) if way == "mount" and _mounts(folder) else _forbidden(folder):
        yield


def _mounts(folder: Path) -> bool:
    """Puts the folder over itself, if the system lets us."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return False
    return subprocess.run(["mount", "--bind", folder, folder], check=False).returncode == 0


@contextmanager
def _mounted(folder: Path) -> Iterator[None]:
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", folder], check=True)
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@contextmanager
def _forbidden(folder: Path) -> Iterator[None]:
    former = {path: path.stat().st_mode for path in (folder, *folder.rglob("*"))}
    for path, mode in former.items():
        path.chmod(mode & ~0o222)
    _override(False)
    try:
        yield
    finally:
        _override(True)
        for path, mode in former.items():
            path.chmod(mode)


def _override(wanted: bool) -> None:
    """Gives up root's right to pass over permissions, in this thread and those it starts."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return
    system = ctypes.CDLL(None, use_errno=True)
    head, sets = (ctypes.c_uint32 * 2)(_CAPABILITIES, 0), (ctypes.c_uint32 * 6)()
    assert system.capget(head, sets) == 0
    sets[0] = sets[0] | (sets[1] & _OVERRIDE) if wanted else sets[0] & ~_OVERRIDE
    assert system.capset(head, sets) == 0, os.strerror(ctypes.get_errno())
