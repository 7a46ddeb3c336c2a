"""Files outside the workspace, replaced in one step once they are whole."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from app.errors import UserError
from app.storage.protection import sync_folder


@contextmanager
def replacing(target: Path) -> Iterator[IO[bytes]]:
    """A stream whose content becomes the file `target` at the end, or not at all.

    Raises UserError when the disk refuses; a former file then stays as it was.
    """
    try:
        with tempfile.TemporaryDirectory(prefix=".ecriture-", dir=target.parent) as work:
            draft = Path(work) / target.name
            with draft.open("wb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            draft.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise UserError(
                f"Le disque de « {target} » est plein, rien n'a été écrit :"
                " libérez de la place puis recommencez."
            ) from error
        raise UserError(
            f"Le fichier « {target} » ne peut être écrit : vérifiez que le dossier existe et que"
            " vous pouvez y écrire."
        ) from error


def content(source: Path, most: int) -> bytes:
    """A file's bytes; UserError when it cannot be read or holds more than `most`."""
    try:
        with source.open("rb") as stream:
            data = stream.read(most + 1)
    except OSError as error:
        raise UserError(f"Le fichier « {source} » ne peut être lu : vérifiez son nom.") from error
    if len(data) > most:
        raise UserError(f"Le fichier « {source} » dépasse {most >> 20} Mo : partagez-le.")
    return data


@contextmanager
def opened(source: Path) -> Iterator[IO[bytes]]:
    """A file to read from; UserError when it cannot be."""
    try:
        with source.open("rb") as stream:
            yield stream
    except OSError as error:
        raise UserError(f"Le fichier « {source} » ne peut être lu : vérifiez son nom.") from error
