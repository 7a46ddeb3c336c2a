"""`backup`, `restore`, `doctor`: copies of a workspace, and how it is."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.cli.arguments import emit, folder_of, passphrase_of


def add(verbs: Any) -> None:
    """Registers the verbs."""
    one = verbs.add_parser("backup", help="copie l'espace de travail")
    one.add_argument("--out", metavar="FICHIER", type=Path)
    one.set_defaults(run=save)
    one = verbs.add_parser("restore", help="revient à une sauvegarde")
    one.add_argument("file", metavar="FICHIER", type=Path)
    one.set_defaults(run=restore)
    one = verbs.add_parser("doctor", help="vérifie la base, le disque, le trousseau, les versions")
    one.set_defaults(run=doctor)


def save(arguments: argparse.Namespace) -> int:
    """Writes a consistent copy."""
    from app.services import workspaces

    file = workspaces.save(folder_of(arguments), passphrase_of(arguments), arguments.out)
    emit(arguments, {"file": str(file)}, f"La sauvegarde est dans « {file} ».")
    return 0


def restore(arguments: argparse.Namespace) -> int:
    """Brings the workspace back."""
    from app.services import workspaces

    folder = folder_of(arguments)
    aside = workspaces.restore(folder, arguments.file, passphrase_of(arguments))
    kept = f" L'état remplacé est gardé dans « {aside} »." if aside else ""
    document = {"workspace": str(folder), "replaced": str(aside) if aside else None}
    emit(arguments, document, f"L'espace de travail « {folder} » est restauré.{kept}")
    return 0


def doctor(arguments: argparse.Namespace) -> int:
    """Prints what was looked at; 3 when something needs the user."""
    from app.services import workspaces

    findings = workspaces.doctor(folder_of(arguments), passphrase_of(arguments))
    well = all(finding.ok for finding in findings)
    emit(
        arguments,
        {"ok": well, "findings": findings},
        lambda: "\n".join(f"{'✓' if one.ok else '✗'} {one.sentence}" for one in findings),
    )
    return 0 if well else 3
