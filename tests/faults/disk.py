"""A disk that fails, or whose machine dies, at a call that the test names.

Every call by which the program changes files goes through here: those of SQLite by a shim under
its own file layer (a `sqlite3_vfs`), those of Python by the functions of `io` and `os`. Nothing of
the program is replaced: what fails is what the system would have failed.
"""

from __future__ import annotations

import builtins
import ctypes
import errno
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sqlcipher3 import _sqlite3  # type: ignore[attr-defined]  # the library that SQLite is part of

_SQLITE_CODES = {errno.ENOSPC: 13}  # SQLITE_FULL; every other error is SQLITE_IOERR
_IOERR = 10


@dataclass(frozen=True)
class Call:
    """One call: `name` is open, write, truncate, sync, rename, link, mkdir or delete.

    `path` is the file that changes; `data` goes to `offset`, or is the new name of the file.
    """

    number: int
    name: str
    path: str
    offset: int = 0
    data: bytes = b""


Act = Callable[[Call], int | None]
"""Told of each call before it is made; an errno makes it fail."""


class Disk:
    """Counts the calls and asks `act` what becomes of each."""

    def __init__(self, act: Act = lambda call: None) -> None:
        self.act = act
        self.calls = 0

    def meet(self, name: str, path: str, offset: int = 0, data: bytes = b"") -> int:
        """The errno with which a call fails, 0 when it goes through."""
        self.calls += 1
        return self.act(Call(self.calls, name, path, offset, data)) or 0

    @contextmanager
    def __call__(self) -> Iterator[Disk]:
        """Stands under every file that is opened inside."""
        before = _present[0]
        _present[0] = self
        former = {(module, name): getattr(module, name) for module, name in _PYTHON_CALLS}
        sqlite = _library()
        real = sqlite.sqlite3_vfs_find(None)
        sqlite.sqlite3_vfs_register(ctypes.addressof(_shim()), 1)
        try:
            for (module, name), replacement in _PYTHON_CALLS.items():
                setattr(module, name, replacement)
            yield self
        finally:
            for (module, name), original in former.items():
                setattr(module, name, original)
            sqlite.sqlite3_vfs_register(real, 1)
            _present[0] = before


def failing(number: int, fault: int) -> Disk:
    """A disk that fails once, at the call of this number."""
    return Disk(lambda call: fault if call.number == number else None)


def full_from(number: int) -> Disk:
    """A disk that takes nothing more from the call of this number on; deleting still works."""
    growing = ("open", "write", "mkdir", "link")
    return Disk(
        lambda call: errno.ENOSPC if call.number >= number and call.name in growing else None
    )


_present = [Disk()]


# SQLite's file layer


class _Methods(ctypes.Structure):
    """sqlite3_io_methods: a version, then eighteen functions."""

    _fields_ = [("version", ctypes.c_int), ("calls", ctypes.c_void_p * 18)]


class _Vfs(ctypes.Structure):
    """sqlite3_vfs, version 3."""

    _fields_ = [
        ("version", ctypes.c_int),
        ("file_size", ctypes.c_int),
        ("path_size", ctypes.c_int),
        ("next", ctypes.c_void_p),
        ("name", ctypes.c_char_p),
        ("data", ctypes.c_void_p),
        ("open", ctypes.c_void_p),
        ("delete", ctypes.c_void_p),
        ("others", ctypes.c_void_p * 14),
    ]


_Code, _Pointer, _Text = ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p
_OPEN = ctypes.CFUNCTYPE(_Code, _Pointer, _Pointer, _Pointer, _Code, _Pointer)
_DELETE = ctypes.CFUNCTYPE(_Code, _Pointer, _Text, _Code)
_WRITE = ctypes.CFUNCTYPE(_Code, _Pointer, _Pointer, _Code, ctypes.c_int64)
_TRUNCATE = ctypes.CFUNCTYPE(_Code, _Pointer, ctypes.c_int64)
_SYNC = ctypes.CFUNCTYPE(_Code, _Pointer, _Code)
_WRITE_AT, _TRUNCATE_AT, _SYNC_AT = 2, 3, 4  # their places among the methods, after close and read

_paths: dict[int, str] = {}  # by the address of the open sqlite3_file
_tables: dict[int, tuple[_Methods, list[Any]]] = {}  # ours by the address of the real ones


@cache
def _library() -> Any:
    library = ctypes.CDLL(_sqlite3.__file__)
    library.sqlite3_vfs_find.restype = ctypes.c_void_p
    library.sqlite3_vfs_find.argtypes = [ctypes.c_char_p]
    library.sqlite3_vfs_register.argtypes = [ctypes.c_void_p, ctypes.c_int]
    return library


@cache
def _shim() -> _Vfs:
    address = _library().sqlite3_vfs_find(None)
    real = _Vfs.from_address(address)
    shim = _Vfs.from_buffer_copy(real)
    shim.name = b"faults"
    really_open, really_delete = _OPEN(real.open), _DELETE(real.delete)

    def open_file(vfs: int, name: int | None, file: int, flags: int, flags_out: int | None) -> int:
        path = ctypes.string_at(name).decode() if name else ""
        creates = bool(flags & 4) and not Path(path).exists()
        if creates and (fault := _present[0].meet("open", path)):
            return _code(fault)
        code = really_open(address, name, file, flags, flags_out)
        _watch(file, path)
        return code

    def delete_file(vfs: int, name: bytes, sync: int) -> int:
        if Path(name.decode()).exists() and (fault := _present[0].meet("delete", name.decode())):
            return _code(fault)
        return really_delete(address, name, sync)

    _kept.extend((_OPEN(open_file), _DELETE(delete_file)))
    shim.open, shim.delete = (ctypes.cast(one, ctypes.c_void_p).value for one in _kept)
    return shim


_kept: list[Any] = []  # callbacks that C code holds


def _watch(file: int, path: str) -> None:
    """Puts our methods in the place of the file's own, which they call."""
    place = ctypes.c_void_p.from_address(file)
    if place.value:  # null when the opening failed
        _paths[file] = path
        place.value = ctypes.addressof(_watched(place.value))


def _watched(address: int) -> _Methods:
    if address not in _tables:
        table = _Methods.from_buffer_copy(_Methods.from_address(address))
        really_write = _WRITE(table.calls[_WRITE_AT])
        really_truncate = _TRUNCATE(table.calls[_TRUNCATE_AT])
        really_sync = _SYNC(table.calls[_SYNC_AT])

        def write(file: int, data: int, size: int, offset: int) -> int:
            content = ctypes.string_at(data, size)
            fault = _present[0].meet("write", _paths[file], offset, content)
            return _code(fault) or really_write(file, data, size, offset)

        def truncate(file: int, size: int) -> int:
            fault = _present[0].meet("truncate", _paths[file], size)
            return _code(fault) or really_truncate(file, size)

        def sync(file: int, flags: int) -> int:
            fault = _present[0].meet("sync", _paths[file])
            return _code(fault) or really_sync(file, flags)

        ours = [_WRITE(write), _TRUNCATE(truncate), _SYNC(sync)]
        for number, call in zip((_WRITE_AT, _TRUNCATE_AT, _SYNC_AT), ours, strict=True):
            table.calls[number] = ctypes.cast(call, ctypes.c_void_p).value
        _tables[address] = table, ours
    return _tables[address][0]


def _code(fault: int) -> int:
    return _SQLITE_CODES.get(fault, _IOERR) if fault else 0


# Python's files


class _File(io.FileIO):
    """A file of the system whose writes are told."""

    def write(self, data: Any) -> int:
        _meet("write", _path_of(self.fileno()), self.tell(), bytes(data))
        return super().write(data)

    def truncate(self, size: int | None = None) -> int:
        at = self.tell() if size is None else size
        _meet("truncate", _path_of(self.fileno()), at)
        return super().truncate(size)


def _meet(name: str, path: str, offset: int = 0, data: bytes = b"") -> None:
    if fault := _present[0].meet(name, path, offset, data):
        raise OSError(fault, os.strerror(fault), path)


def _path_of(descriptor: int) -> str:
    return str(Path(f"/proc/self/fd/{descriptor}").readlink())


_open, _open_low, _fsync, _mkdir = io.open, os.open, os.fsync, os.mkdir
_replace, _rename, _link, _unlink = os.replace, os.rename, os.link, os.unlink


def _told_open(
    file: Any, mode: str = "r", buffering: int = -1, encoding: Any = None, *rest: Any, **named: Any
) -> Any:
    if not set(mode) & set("wax+") or named.get("opener"):
        return _open(file, mode, buffering, encoding, *rest, **named)
    if not isinstance(file, int) and not Path(file).exists():
        _meet("open", os.fspath(file))
    raw = _File(file, mode.replace("b", "").replace("t", ""))
    if "+" in mode:
        stream: Any = io.BufferedRandom(raw)
    else:
        stream = io.BufferedWriter(raw)
    return stream if "b" in mode else io.TextIOWrapper(stream, encoding, *rest, **named)


def _told_open_low(path: Any, flags: int, *rest: Any, **named: Any) -> int:
    if flags & os.O_CREAT and not Path(path).exists():
        _meet("open", os.fspath(path))
    return _open_low(path, flags, *rest, **named)


def _told_fsync(descriptor: int) -> None:
    _meet("sync", _path_of(descriptor))
    _fsync(descriptor)


def _told_mkdir(path: Any, *rest: Any, **named: Any) -> None:
    _meet("mkdir", os.fspath(path))
    _mkdir(path, *rest, **named)


def _told_unlink(path: Any, **named: Any) -> None:
    folder = named.get("dir_fd")
    whole = os.fspath(path) if folder is None else f"{_path_of(folder)}/{os.fspath(path)}"
    _meet("delete", whole)
    _unlink(path, **named)


def _moving(name: str, really: Callable[..., None]) -> Callable[..., None]:
    def told(source: Any, target: Any, **named: Any) -> None:
        _meet(name, os.fspath(source), data=os.fsencode(target))
        really(source, target, **named)

    return told


_PYTHON_CALLS: dict[tuple[Any, str], Any] = {
    (io, "open"): _told_open,
    (builtins, "open"): _told_open,
    (os, "open"): _told_open_low,
    (os, "fsync"): _told_fsync,
    (os, "mkdir"): _told_mkdir,
    (os, "replace"): _moving("rename", _replace),
    (os, "rename"): _moving("rename", _rename),
    (os, "link"): _moving("link", _link),
    (os, "unlink"): _told_unlink,
    (os, "remove"): _told_unlink,
}
