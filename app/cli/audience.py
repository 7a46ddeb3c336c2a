"""`audience`: the organisations that a watch note concerns."""

from __future__ import annotations

import argparse
from typing import Any

from app.cli import DONE
from app.cli.arguments import emit, open_from


def add(verbs: Any) -> None:
    """Registers the verb."""
    one = verbs.add_parser("audience", help="les collectivités qu'une note de veille concerne")
    one.add_argument("id", metavar="NOTE", help="son identifiant")
    one.add_argument("--commission", metavar="ID", help="celles d'une commission seulement")
    one.set_defaults(run=audience)


def audience(arguments: argparse.Namespace) -> int:
    """Prints the organisations with the reason of each."""
    found = list(open_from(arguments).watch.audience(arguments.id, arguments.commission))
    emit(
        arguments,
        found,
        lambda: (
            "\n".join(f"{one.insee_code or '-':6} {one.name} : {one.reason}" for one in found)
            or "Aucune collectivité n'est concernée."
        ),
    )
    return DONE
