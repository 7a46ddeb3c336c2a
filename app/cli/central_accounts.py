"""`central`: the accounts, their devices, and the commissions that are open to them."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from app.cli import DONE
from app.cli.arguments import emit
from app.cli.central_database import database_of, verb, verbs_of
from app.clock import now
from app.domain.dates import local_day
from app.domain.refusals import one_line
from app.domain.wording import count, listed, short_day

if TYPE_CHECKING:
    from app.central.accounts import Account, SignedIn
    from app.central.commissions import Kept

_WHO = "par « central facilitator list »"


def add(parts: Any) -> None:
    """Registers the verbs."""
    _add_facilitator(parts)
    _add_device(parts)
    _add_commission(parts)
    one = verb(parts, "grant", grant, "ouvre une commission à un animateur")
    one.add_argument("--facilitator", metavar="ID", required=True, help=_WHO)
    one.add_argument(
        "--commission", metavar="ID", required=True, help="par « central commission list »"
    )
    one.add_argument(
        "--withdraw", action="store_true",
        help="la lui ferme : ses ordinateurs gardent ce qu'ils en ont",
    )  # fmt: skip
    one = verb(parts, "code", code, "donne un code à usage unique, valable 7 jours")
    one.add_argument("--facilitator", metavar="ID", required=True, help=_WHO)
    one.add_argument(
        "--withdraw", action="store_true", help="annule ses codes qui n'ont pas encore servi"
    )


def _add_facilitator(parts: Any) -> None:
    within = verbs_of(parts, "facilitator", "les comptes des animateurs")
    one = verb(within, "add", add_facilitator, "ouvre un compte, et donne son ID")
    one.add_argument("--name", metavar="NOM", required=True, help="prénom et nom")
    one.add_argument("--email", metavar="COURRIEL", required=True)
    one.add_argument(
        "--role", choices=("facilitator", "gip"), default="facilitator",
        help="« gip » lit et écrit partout ; « facilitator » quand il n'est rien dit",
    )  # fmt: skip
    one.add_argument("--create", action="store_true", help="peut envoyer sa commission")
    verb(within, "list", list_facilitators, "liste les comptes")
    one = verb(
        within,
        "revoke",
        revoke_facilitator,
        "ferme un compte, pour de bon, et refuse ses ordinateurs",
    )
    one.add_argument("id", metavar="ID", help=_WHO)


def _add_device(parts: Any) -> None:
    within = verbs_of(parts, "device", "les ordinateurs rattachés")
    verb(within, "list", list_devices, "liste les ordinateurs, et le jour de leur dernier usage")
    one = verb(within, "revoke", revoke_device, "refuse un ordinateur, perdu ou volé")
    one.add_argument("id", metavar="ID", help="par « central device list »")


def _add_commission(parts: Any) -> None:
    within = verbs_of(parts, "commission", "les commissions du central")
    one = verb(within, "add", add_commission, "ajoute une commission, et donne son ID")
    one.add_argument("--name", metavar="NOM", required=True)
    one.add_argument(
        "--department", metavar="CODE", required=True, nargs="+", action="extend",
        help="un ou plusieurs, comme « 21 71 »",
    )  # fmt: skip
    verb(within, "list", list_commissions, "liste les commissions")


def add_facilitator(arguments: argparse.Namespace) -> int:
    """Prints the new account's id."""
    from app.central import accounts

    with database_of(arguments, may_begin=True) as database, database.writing() as connection:
        made = accounts.add_facilitator(
            connection,
            now(),
            name=arguments.name,
            email=arguments.email,
            role=arguments.role,
            create=arguments.create,
        )
    emit(arguments, {"id": made}, made)
    return DONE


def list_facilitators(arguments: argparse.Namespace) -> int:
    """Prints every account."""
    from app.central import accounts, commissions

    with database_of(arguments) as database, database.reading() as connection:
        found = accounts.list_facilitators(connection)
        names = {one.id: one.name for one in commissions.list_all(connection)}
    emit(arguments, found, lambda: "\n".join(one_line(_line(one, names)) for one in found))
    return DONE


def _line(account: Account, names: Mapping[str, str]) -> str:
    gip = account.role == "gip"
    who = f"{account.id}  {account.name} <{account.email}>, {'GIP' if gip else 'animateur'}"
    if account.revoked:
        return f"{who}, révoqué"
    opened = listed([f"« {names.get(one) or one} »" for one in account.commission_ids])
    where = "toutes les commissions" if gip else opened or "aucune commission"
    may = ", peut envoyer sa commission" if account.create and not gip else ""
    return f"{who}, {count(account.devices, 'ordinateur')}, {where}{may}"


_REVOKED = "L'accès est révoqué dès le prochain appel."


def revoke_facilitator(arguments: argparse.Namespace) -> int:
    """Closes an account."""
    from app.central import accounts

    with database_of(arguments) as database, database.writing() as connection:
        accounts.revoke_facilitator(connection, now(), arguments.id)
    emit(arguments, {"id": arguments.id}, _REVOKED)
    return DONE


def list_devices(arguments: argparse.Namespace) -> int:
    """Prints every device."""
    from app.central import accounts

    with database_of(arguments) as database, database.reading() as connection:
        found = accounts.list_devices(connection)
    emit(arguments, found, lambda: "\n".join(map(_device_line, found)))
    return DONE


def _device_line(device: SignedIn) -> str:
    used = device.last_used_on
    state = f"dernier usage le {short_day(date.fromisoformat(used))}" if used else "jamais utilisé"
    if device.revoked:
        state = "révoqué"
    since = short_day(local_day(device.enrolled_at))
    return f"{device.id}  {device.name}, {device.facilitator}, rattaché le {since}, {state}"


def revoke_device(arguments: argparse.Namespace) -> int:
    """Ends a device's access."""
    from app.central import accounts

    with database_of(arguments) as database, database.writing() as connection:
        accounts.revoke_device(connection, now(), arguments.id)
    emit(arguments, {"id": arguments.id}, _REVOKED)
    return DONE


def add_commission(arguments: argparse.Namespace) -> int:
    """Prints the new commission's id."""
    from app.central import commissions
    from app.services.workspaces import check_departments

    check_departments(arguments.department)
    departments = list(dict.fromkeys(arguments.department))
    with database_of(arguments, may_begin=True) as database, database.writing() as connection:
        made = commissions.add(connection, now(), arguments.name, departments)
    emit(arguments, {"id": made}, made)
    return DONE


def list_commissions(arguments: argparse.Namespace) -> int:
    """Prints every commission."""
    from app.central import commissions

    with database_of(arguments) as database, database.reading() as connection:
        found = commissions.list_all(connection)
    emit(arguments, found, lambda: "\n".join(one_line(_commission_line(one)) for one in found))
    return DONE


def _commission_line(commission: Kept) -> str:
    where = ", ".join(commission.departments)
    state = "supprimée" if commission.deleted else count(commission.records, "enregistrement")
    return f"{commission.id}  {commission.name} ({where}), {state}"


def grant(arguments: argparse.Namespace) -> int:
    """Opens a commission to a facilitator, or closes it."""
    from app.central import accounts

    move, done = accounts.grant, "La commission est ouverte à cet animateur."
    if arguments.withdraw:
        move, done = accounts.withdraw, "La commission n'est plus ouverte à cet animateur."
    with database_of(arguments) as database, database.writing() as connection:
        move(connection, now(), arguments.facilitator, arguments.commission)
    emit(arguments, {"id": arguments.commission}, done)
    return DONE


def code(arguments: argparse.Namespace) -> int:
    """Prints a one-time code, or cancels the unused ones."""
    from app.central import accounts

    who = arguments.facilitator
    with database_of(arguments) as database, database.writing() as connection:
        if arguments.withdraw:
            accounts.void_codes(connection, now(), who)
            document, words = {"id": who}, "Les codes qui n'avaient pas servi sont annulés."
        else:
            words = accounts.make_code(connection, now(), who)
            document = {"code": words}
    emit(arguments, document, words)
    return DONE
