"""`new`, `protect`, `unlock`: making a workspace, and who may open it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli import DONE, NEEDS_USER
from app.cli.arguments import (
    Misused,
    emit,
    folder_of,
    passphrase_of,
    read_secret,
    typed_code,
    warn,
    written_file,
)
from app.clock import new_id
from app.errors import UserError
from app.storage import files

if TYPE_CHECKING:
    from app.services.workspaces import Changed

MODES = ("keyring", "passphrase", "none")


def add(verbs: Any) -> None:
    """Registers the verbs."""
    one = verbs.add_parser("new", help="crée un espace de travail")
    one.add_argument("--commission", metavar="NOM", help="avec une commission de ce nom")
    one.add_argument(
        "--department", metavar="CODE", nargs="+", action="extend", default=[],
        help="ses départements",
    )  # fmt: skip
    one.add_argument(
        "--profile", choices=("commission", "deliberative"),
        help="« deliberative » refuse ce que les règles interdisent",
    )  # fmt: skip
    one.add_argument(
        "--protect", choices=MODES, default="keyring",
        help="ce qui le protège ; le trousseau quand il n'est rien dit",
    )  # fmt: skip
    one.add_argument(
        "--recovery-file", metavar="FICHIER", type=written_file,
        help="y écrit le code de secours, au lieu de le montrer",
    )  # fmt: skip
    one.set_defaults(run=new)
    for verb, run, text in (
        ("protect", protect, "change la protection"),
        ("unlock", unlock, "ouvre avec le code de secours, lu sur l'entrée standard"),
    ):
        one = verbs.add_parser(verb, help=text)
        one.add_argument(
            "mode", choices=MODES, nargs="?" if verb == "unlock" else None,
            help="la nouvelle protection" + ("" if verb == "protect" else ", sinon la même"),
        )  # fmt: skip
        one.add_argument(
            "--new-passphrase-file", metavar="FICHIER", type=Path,
            help="où lire la nouvelle phrase de passe",
        )  # fmt: skip
        one.add_argument(
            "--recovery-file", metavar="FICHIER", type=written_file,
            help="y écrit le nouveau code de secours, s'il y en a un, au lieu de le montrer",
        )  # fmt: skip
        one.set_defaults(run=run)


def new(arguments: argparse.Namespace) -> int:
    """Makes a workspace, with one commission when it is named."""
    from app.bootstrap import Services
    from app.services import records, workspaces

    folder = folder_of(arguments)
    for option in ("department", "profile"):
        if getattr(arguments, option) and arguments.commission is None:
            raise Misused(f"« --{option} » va avec « --commission »")
    name = (arguments.commission or "").strip()
    if arguments.commission is not None and not name:
        raise Misused("« --commission » attend un nom")
    workspaces.check_departments(arguments.department)
    fields = {
        "name": name,
        "departments": list(dict.fromkeys(arguments.department)),
        "profile": arguments.profile or "commission",
    }
    records.check("commission", fields)
    lock = workspaces.choose(arguments.protect, passphrase_of(arguments), new_id())
    workspaces.check_free(folder)
    try:
        if lock.recovery_code is not None:
            hand_over(lock.recovery_code, arguments.recovery_file, must=True)
        services = Services(workspaces.create(folder, lock))
    except BaseException:
        workspaces.forget(lock)
        raise
    services.settings.sign_changes()
    commission_id = None
    if name:
        commission_id = services.records.create_first_commission(fields).id
    services.close()
    document = {"workspace": str(folder), "commission_id": commission_id}
    emit(arguments, document, f"L'espace de travail est prêt dans « {folder} ».")
    return DONE


def protect(arguments: argparse.Namespace) -> int:
    """Changes the protection of a workspace."""
    from app.services import workspaces

    done = workspaces.protect(
        folder_of(arguments),
        arguments.mode,
        passphrase_of(arguments),
        new_passphrase(arguments, arguments.mode),
        lambda code: hand_over(code, arguments.recovery_file, must=False),
    )
    return _protected(arguments, done)


def unlock(arguments: argparse.Namespace) -> int:
    """Opens with the recovery code, and protects anew."""
    from app.services import workspaces

    folder = folder_of(arguments)
    mode = arguments.mode or workspaces.protection_of(folder)
    done = workspaces.unlock(
        folder,
        typed_code(),
        mode,
        new_passphrase(arguments, mode),
        lambda code: hand_over(code, arguments.recovery_file, must=False),
    )
    return _protected(arguments, done)


def _protected(arguments: argparse.Namespace, done: Changed) -> int:
    if done.warning:
        warn(done.warning)
    emit(arguments, {"protection": done.mode}, done.told)
    return NEEDS_USER if done.warning else DONE


def new_passphrase(arguments: argparse.Namespace, mode: str) -> str | None:
    """The passphrase of `--new-passphrase-file`; Misused when the new protection takes none."""
    path = arguments.new_passphrase_file
    if path is not None and mode != "passphrase":
        raise Misused(
            f"« --new-passphrase-file » va avec la protection « passphrase », non « {mode} »"
        )
    return None if path is None else read_secret(path)


def hand_over(code: str, file: Path | None, *, must: bool) -> None:
    """Gives the recovery code once, in the file or else on standard error, before any other write.

    With `must`, UserError when there is neither a file nor a terminal. Without it, a program may
    be reading the standard error.
    """
    if file is not None:
        try:
            files.write_new(file, f"{code}\n".encode())
        except OSError as error:
            raise UserError(
                f"Le code de secours ne peut être écrit dans « {file} » :"
                " donnez le nom d'un fichier nouveau, sur un disque où il reste de la place."
            ) from error
        return
    if must and not (sys.stderr and sys.stderr.isatty()):
        raise UserError(
            "Le code de secours n'a ni terminal ni fichier où paraître, rien n'a été créé :"
            " ajoutez --recovery-file FICHIER."
        )
    warn(f"Code de secours, à garder en lieu sûr, il ne sera plus montré : {code}")
