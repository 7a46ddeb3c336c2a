"""`search`: full-text search over everything, best first."""

from __future__ import annotations

import argparse
from datetime import date
from typing import Any

from app.cli import DONE
from app.cli.arguments import emit, open_from
from app.domain.records import KINDS
from app.domain.snippets import bracketed
from app.domain.titles import label_of

_MOST = 1000
"""The most records printed: for programs, which read more of them than people do."""


def add(verbs: Any) -> None:
    """Registers the verb."""
    one = verbs.add_parser("search", help="cherche dans tout l'espace de travail")
    one.add_argument("text", metavar="TEXTE")
    one.add_argument(
        "--kind", action="append", default=[], choices=sorted(KINDS), metavar="GENRE",
        help="ce genre seul ; se répète",
    )  # fmt: skip
    one.add_argument("--commission", metavar="ID", help="cette commission seule")
    for name, words in (("--from", "à partir de ce jour"), ("--until", "jusqu'à ce jour compris")):
        one.add_argument(
            name, dest=name[2:] + "_day", type=date.fromisoformat, metavar="AAAA-MM-JJ",
            help=f"{words} : celui d'une séance, de la publication d'une note, sinon de la saisie",
        )  # fmt: skip
    one.set_defaults(run=search)


def search(arguments: argparse.Namespace) -> int:
    """Prints what was found."""
    hits = open_from(arguments).search.find(
        arguments.text,
        kinds=arguments.kind,
        commission_id=arguments.commission,
        first_day=arguments.from_day,
        last_day=arguments.until_day,
        limit=_MOST,
    )
    document = [
        {"kind": hit.kind, "id": hit.id, "title": hit.title, "snippet": bracketed(hit.snippet)}
        for hit in hits
    ]
    emit(
        arguments,
        document,
        lambda: (
            "\n".join(
                f"{label_of(hit.kind)} · {hit.title}\n    {bracketed(hit.snippet)}\n    {hit.id}"
                for hit in hits
            )
            or "Rien ne correspond."
        ),
    )
    return DONE
