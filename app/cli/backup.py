"""`backup`, `restore`, `doctor`: copies of a workspace, and checks of its health."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence, Set
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli import DONE, NEEDS_USER
from app.cli.arguments import (
    Misused,
    emit,
    folder_of,
    passphrase_of,
    typed_code,
    warn,
    written_file,
)
from app.cli.workspaces import MODES, new_passphrase
from app.errors import AppError, UserError

if TYPE_CHECKING:
    from app.services.doctor import Finding, Repair
    from app.services.losses import Lost

_OPENS = {
    "keyring": " Il s'ouvre désormais avec le trousseau de cet ordinateur ; le code reste valable.",
    "passphrase": " Il s'ouvre désormais avec la nouvelle phrase de passe ; le code reste valable.",
    "none": " Il n'est plus protégé.",
    None: " Cet ordinateur n'a pas de trousseau : choisissez maintenant une phrase de passe par"
    " « commissions unlock passphrase --new-passphrase-file FICHIER », avec le même code.",
}

_CLEAR = " Il n'est pas protégé : « commissions protect » le protège."
"""Told when the workspace replaced could not be opened, and so its protection not be kept."""


def add(verbs: Any) -> None:
    """Registers the verbs."""
    one = verbs.add_parser("backup", help="copie l'espace de travail")
    one.add_argument(
        "--out", metavar="FICHIER", type=written_file,
        help="en .sauvegarde ; sinon parmi ses copies",
    )  # fmt: skip
    one.set_defaults(run=save)
    one = verbs.add_parser("restore", help="revient à une copie")
    one.add_argument("file", metavar="FICHIER", type=Path)
    one.add_argument(
        "--code", action="store_true",
        help="ouvre la copie d'un autre ordinateur par son code de secours, lu sur l'entrée"
        " standard",
    )  # fmt: skip
    one.add_argument(
        "--protect", choices=MODES,
        help="avec --code, la nouvelle protection ; le trousseau quand il n'est rien dit",
    )  # fmt: skip
    one.add_argument(
        "--new-passphrase-file", metavar="FICHIER", type=Path,
        help="avec --protect passphrase, la nouvelle phrase de passe",
    )  # fmt: skip
    one.set_defaults(run=restore)
    one = verbs.add_parser(
        "doctor",
        help="vérifie la base, le disque, l'emplacement, le trousseau, les versions, le central,"
        " l'horloge",
    )
    one.add_argument("--repair", action="store_true", help="reconstruit une base endommagée")
    one.add_argument(
        "--from", dest="elsewhere", metavar="CHEMIN", type=Path,
        help="une copie, ou un dossier de copies, où puiser aussi (clé USB)",
    )  # fmt: skip
    one.set_defaults(run=doctor)


def save(arguments: argparse.Namespace) -> int:
    """Writes a consistent copy."""
    from app.services import workspaces

    out: Path | None = arguments.out
    if out is not None and not out.parent.exists():
        raise UserError(
            f"Le dossier « {out.parent} » n'existe pas : branchez le disque ou la clé USB, ou"
            " vérifiez le nom."
        )
    file = workspaces.save(folder_of(arguments), passphrase_of(arguments), out)
    emit(arguments, {"file": str(file)}, f"La copie est dans « {file} ».")
    return DONE


def restore(arguments: argparse.Namespace) -> int:
    """Restores a copy, except persons erased since; 3 when something is left to the user."""
    from app.services import workspaces
    from app.services.backups import UNHEARD
    from app.services.erasure import erased_again

    folder, passphrase = folder_of(arguments), passphrase_of(arguments)
    then, new = "", passphrase
    erased = _erased_in(folder, passphrase)
    if arguments.code:
        new = new_passphrase(arguments, arguments.protect or "keyring")
        done = workspaces.restore_by_code(
            folder,
            arguments.file,
            typed_code(),
            arguments.protect,
            new,
            passphrase=passphrase,
        )
        then = _OPENS[done.mode]
    elif arguments.protect or arguments.new_passphrase_file:
        raise Misused("« --protect » et « --new-passphrase-file » vont avec « --code »")
    else:
        done = workspaces.restore(folder, arguments.file, passphrase)
        if erased is None and workspaces.protection_of(folder) == "none":
            then = _CLEAR
    aside = done.replaced
    kept = f" L'état remplacé est gardé dans « {aside} »." if aside else ""
    opens = not arguments.code or done.mode is not None
    again = _erase_again(folder, new, erased) if opens or not erased else None
    whom = erased_again(again) if again is not None else f" {UNHEARD}"
    document = {
        "workspace": str(folder),
        "replaced": str(aside) if aside else None,
        "erased_again": again,
    }
    if done.warning:
        warn(done.warning)
    emit(arguments, document, f"L'espace de travail « {folder} » est restauré.{kept}{then}{whom}")
    return DONE if opens and not done.warning else NEEDS_USER


def _erased_in(folder: Path, passphrase: str | None) -> Set[str] | None:
    """The persons erased in the workspace about to be replaced; None when it cannot be read."""
    from app.bootstrap import open_services
    from app.services import workspaces

    if not workspaces.is_one(folder):
        return frozenset()
    try:
        with closing(open_services(folder, passphrase)) as services:
            return services.erasures.known()
    except AppError:
        return None


def _erase_again(folder: Path, passphrase: str | None, erased: Set[str] | None) -> int | None:
    """Erases the persons that the copy brought back; gives how many, None if unknown who."""
    from app.bootstrap import open_services

    if not erased:
        return None if erased is None else 0
    with closing(open_services(folder, passphrase)) as services:
        return services.erasures.renew(erased)


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
    return DONE if well else NEEDS_USER


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
