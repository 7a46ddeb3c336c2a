"""`backup`, `restore`, `doctor`: copies of a workspace, and how it is."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli.arguments import emit, folder_of, passphrase_of, typed_code

if TYPE_CHECKING:
    from app.services.doctor import Finding, Repair
    from app.services.losses import Lost


def add(verbs: Any) -> None:
    """Registers the verbs."""
    one = verbs.add_parser("backup", help="copie l'espace de travail")
    one.add_argument("--out", metavar="FICHIER", type=Path)
    one.set_defaults(run=save)
    one = verbs.add_parser("restore", help="revient à une sauvegarde")
    one.add_argument("file", metavar="FICHIER", type=Path)
    one.add_argument(
        "--code", action="store_true",
        help="ouvre la copie d'un autre ordinateur par son code de secours, lu sur l'entrée"
        " standard",
    )  # fmt: skip
    one.set_defaults(run=restore)
    one = verbs.add_parser("doctor", help="vérifie la base, le disque, le trousseau, les versions")
    one.add_argument("--repair", action="store_true", help="reconstruit une base endommagée")
    one.add_argument(
        "--from", dest="elsewhere", metavar="CHEMIN", type=Path,
        help="une copie, ou un dossier de copies, où puiser aussi (clé USB)",
    )  # fmt: skip
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
    code = typed_code() if arguments.code else None
    aside = workspaces.restore(folder, arguments.file, passphrase_of(arguments), code)
    kept = f" L'état remplacé est gardé dans « {aside} »." if aside else ""
    then = " Ouvrez-le maintenant par « commissions unlock », avec le même code." if code else ""
    document = {"workspace": str(folder), "replaced": str(aside) if aside else None}
    emit(arguments, document, f"L'espace de travail « {folder} » est restauré.{kept}{then}")
    return 0


def doctor(arguments: argparse.Namespace) -> int:
    """Prints what was looked at, and repairs when asked; 3 when something needs the user."""
    from app.services import doctor as practice

    folder, passphrase = folder_of(arguments), passphrase_of(arguments)
    elsewhere = arguments.elsewhere
    repair = practice.mend(folder, passphrase, elsewhere=elsewhere) if arguments.repair else None
    findings, losable = practice.doctor(folder, passphrase, elsewhere)
    lost = repair.lost if repair else losable
    well = all(finding.ok for finding in findings) and not lost
    document = {
        "ok": well,
        "findings": findings,
        "lost": lost,
        "aside": repair and repair.aside and str(repair.aside),
        "copy": repair and repair.copy and str(repair.copy),
    }
    emit(arguments, document, lambda: "\n".join(_report(findings, repair, lost)))
    return 0 if well else 3


def _report(
    findings: Sequence[Finding], repair: Repair | None, lost: Sequence[Lost]
) -> Iterator[str]:
    if repair is not None:
        yield repair.sentence
    for finding in findings:
        yield f"{'✓' if finding.ok else '✗'} {finding.sentence}"
    if not lost and repair is not None:
        yield "Rien n'est perdu."
    if lost and repair is None:
        yield "Une réparation laisserait ceci :"
    for one in lost:
        yield f"• {one.sentence}"
