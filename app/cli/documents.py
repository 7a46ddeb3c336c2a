"""`documents KIND ID --out PATH`: the papers; `documents verify FILE`: whether one is frozen."""

from __future__ import annotations

import argparse
import sys
from importlib.util import LazyLoader, find_spec, module_from_spec
from pathlib import Path
from typing import Any

import msgspec

from app.cli import DONE, FAILED, NEEDS_USER
from app.cli.arguments import MOST, emit, open_from, warn, written_file
from app.documents.document import Document, missing_sentence
from app.domain import wording
from app.domain.media_types import UNKNOWN, kind_of
from app.errors import AppError, UserError
from app.services.documents import TITLES, write_document
from app.storage import files

_ABOUT = {
    "addendum": "d'un procès-verbal, ou de l'additif",
    "bulletin": "d'une commission ou d'une collectivité",
    "solution-sheet": "d'une solution",
    "vote-pack": "d'une solution",
    "needs-report": "d'une commission",
    "calendar": "d'une commission",
}
"""What the identifier given to a kind of document is of; of a meeting for the other kinds."""


def add(verbs: Any) -> None:
    """Registers the verbs."""
    group = verbs.add_parser("documents", help="les documents imprimés et les calendriers")
    kinds = group.add_subparsers(required=True, metavar="GENRE", title="genres")
    for kind, title in TITLES.items():
        one = kinds.add_parser(kind, help=title.lower())
        one.add_argument("id", metavar="ID", help=_ABOUT.get(kind, "d'une séance"))
        one.add_argument(
            "--out", required=True, metavar="FICHIER", type=written_file,
            help="où l'écrire ; en .eml, un brouillon de courriel qui le joint",
        )  # fmt: skip
        if kind == "attendance-sheet":
            one.add_argument("--large", action="store_true", help="en gros caractères")
        one.set_defaults(run=make, kind=kind)
    one = kinds.add_parser("verify", help="dit si un fichier est un PDF gelé, à l'octet près")
    one.add_argument("file", metavar="FICHIER", type=Path)
    one.set_defaults(run=verify)


def make(arguments: argparse.Namespace) -> int:
    """Writes the document; 3 when its fonts lack a character, named on the standard error."""
    _defer_pillow()
    documents = open_from(arguments).documents
    out: Path = arguments.out
    write = documents.draft if out.suffix.lower() == ".eml" else documents.make
    document = write(arguments.kind, arguments.id, large=getattr(arguments, "large", False))
    _check_ending(out, document)
    write_document(document, out)
    emit(arguments, _summary(out, document), f"{TITLES[arguments.kind]} : « {out} ».")
    if document.missing_glyphs:
        warn(missing_sentence(document.missing_glyphs))
        return NEEDS_USER
    return DONE


def _check_ending(out: Path, document: Document) -> None:
    """UserError when the file's ending is another format's; an unknown ending, or none, will do."""
    if kind_of(out.name) not in (document.media_type, UNKNOWN):
        ending = Path(document.file_name).suffix
        raise UserError(
            f"« {out} » ne s'ouvrirait pas, ce document est en {ending} : donnez-lui un nom qui"
            f" finit par {ending}, ou par .eml pour un brouillon de courriel qui le joint."
        )


def _defer_pillow() -> None:
    """Delays loading Pillow until a paper has a picture, which most have not.

    ReportLab imports it when it loads; such a lazy load is safe only in a single-threaded process.
    """
    import PIL

    spec = find_spec("PIL.Image")
    if spec is None or spec.loader is None or spec.name in sys.modules:
        return
    spec.loader = LazyLoader(spec.loader)
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    PIL.Image = module


def _summary(out: Path, document: Document) -> dict[str, Any]:
    return {
        "out": str(out),
        "media_type": document.media_type,
        "size": len(document.data),
        "missing_glyphs": list(document.missing_glyphs),
    }


def verify(arguments: argparse.Namespace) -> int:
    """Prints whether the file is a frozen PDF's very bytes; 1 when it is not."""
    try:
        data = files.content(arguments.file, MOST)
    except AppError:
        emit(arguments, {"frozen": False}, "")
        raise
    found = open_from(arguments).minutes.verify(data)
    if not found.frozen:
        emit(arguments, {"frozen": False}, "")
        warn(
            f"« {arguments.file} » n'est pas un PDF gelé de cet espace de travail, ou il a été"
            " modifié : demandez l'original."
        )
        return FAILED
    emit(
        arguments,
        msgspec.to_builtins(found),
        f"« {arguments.file} » est le PDF gelé le {wording.day_and_hour(found.frozen_at or '')}.",
    )
    return DONE
