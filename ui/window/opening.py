"""Makes or opens a workspace from the values of a form; every function may wait on the disk."""

from __future__ import annotations

from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.domain.refusals import Refusal
from app.errors import UserError

if TYPE_CHECKING:
    from app.bootstrap import Services
    from app.documents.document import Document
    from app.services.workspaces import Lock

OPENING = "Ouverture de l'espace de travail…"
"""What is said while a workspace opens."""


def choose_lock(folder: Path, values: dict[str, Any]) -> Lock:
    """What will protect a new workspace; UserError where the folder is not free."""
    from app.clock import new_id
    from app.services import workspaces

    workspaces.check_free(folder)
    return workspaces.choose(values["mode"], values["passphrase"] or None, new_id())


def choose_lock_to_join(folder: Path, values: dict[str, Any]) -> Lock:
    """As `choose_lock`, to join a central: refuses first an address that cannot be one."""
    from app.services.sync import check_address

    check_address(values["url"], pem(values["ca"]))
    return choose_lock(folder, values)


def pem(name: str) -> str | None:
    """The text of the authority's file; UserError when it cannot be read."""
    if not name:
        return None
    try:
        return Path(name).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(
            f"Le fichier « {name} » ne peut être lu : choisissez-en un autre."
        ) from error


def recovery_sheet(code: str, name: str, folder: Path) -> Document:
    from app.services import workspaces

    return workspaces.recovery_sheet(code, name, folder, None)


def give_up(lock: Lock) -> None:
    """Takes the key back from the keyring, for a workspace that was not made after all."""
    from app.services import workspaces

    workspaces.forget(lock)


def make(place: Path, lock: Lock, folder: Path) -> Services:
    """A new workspace in `place`, without a commission; `folder` then points to it."""
    from app.bootstrap import Services
    from app.services import workspaces

    services = Services(workspaces.create(place, lock))
    if place != folder:
        workspaces.point_to(place, folder)
    return services


def make_commission(place: Path, lock: Lock, folder: Path, values: dict[str, Any]) -> Services:
    """A new workspace with its first commission and the name of the user."""
    services = make(place, lock, folder)
    services.settings.set("author_name", values["author_name"])
    fields = {
        "name": values["name"],
        "departments": [values["department"]],
        "profile": values["profile"],
    }
    services.records.create_first_commission(fields)
    return services


def free_place(folder: Path) -> Path:
    """Where another workspace can be made: the folder, or one beside it that holds nothing."""
    from app.services import workspaces

    beside = (folder.with_name(f"{folder.name}-{number}") for number in count(2))
    return next(one for one in chain([folder], beside) if workspaces.is_free(one))


def bring_back(folder: Path, values: dict[str, Any]) -> tuple[Services, str]:
    """Brings back another computer's copy in the folder chosen; `folder` then points to it.

    Gives what to tell of it besides, if anything.
    What is written from then on is signed by the name given here, whoever wrote what it holds.
    """
    from app.services import workspaces

    place, file = Path(values["folder"]), Path(values["file"])
    passphrase = values["passphrase"] or None
    if not place.is_absolute() or not workspaces.is_free(place):
        raise Refusal(
            "il faut un dossier nouveau ou vide : choisissez-en un autre.", field="folder"
        )
    if values["code"]:
        done = workspaces.restore_by_code(place, file, values["code"], values["mode"], passphrase)
    else:
        done = workspaces.restore(place, file, None)
    if place != folder:
        workspaces.point_to(place, folder)
    services = open_by(place, passphrase)
    services.settings.set("author_name", values["author_name"])
    return services, done.warning


def point_to(place: Path, folder: Path) -> Path:
    """Has `folder` point to the workspace that moved to `place`, and returns `place`."""
    from app.services import workspaces

    if not workspaces.is_one(place):
        raise Refusal(
            "il n'y a pas d'espace de travail dans ce dossier : choisissez-en un autre.",
            field="place",
        )
    workspaces.point_to(place, folder)
    return place


def unlock(folder: Path, values: dict[str, Any]) -> tuple[Services, str]:
    """Opens by the recovery code, and protects the workspace anew as chosen.

    Gives what to tell of it besides, if anything.
    """
    from app.services import workspaces

    passphrase = values["passphrase"] or None
    done = workspaces.unlock(folder, values["code"], values["mode"], passphrase)
    return open_by(folder, passphrase), done.warning


def open_by(folder: Path, passphrase: str | None) -> Services:
    """Opens by the passphrase, or by the system's keyring."""
    from app.bootstrap import open_services

    return open_services(folder, passphrase)
