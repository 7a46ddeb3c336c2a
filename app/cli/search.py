"""`search`: full-text search over everything, best first."""

from __future__ import annotations

import argparse
from typing import Any

from app.cli.arguments import emit, open_from
from app.domain.records import LABELS


def add(verbs: Any) -> None:
    """Registers the verb."""
    one = verbs.add_parser("search", help="cherche dans tout l'espace de travail")
    one.add_argument("text", metavar="TEXTE")
    one.set_defaults(run=search)


def search(arguments: argparse.Namespace) -> int:
    """Prints what was found."""
    hits = open_from(arguments).search.find(arguments.text)
    document = [
        {"kind": hit.kind, "id": hit.id, "title": hit.title, "snippet": hit.snippet} for hit in hits
    ]
    emit(
        arguments,
        document,
        lambda: (
            "\n".join(
                f"{LABELS[hit.kind]} · {hit.title}\n    {hit.snippet}\n    {hit.id}" for hit in hits
            )
            or "Rien ne correspond."
        ),
    )
    return 0
