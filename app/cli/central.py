"""`central`: the reference central, and its administration."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli import DONE
from app.cli.arguments import emit, folder, given, written_file
from app.clock import now
from app.domain.wording import count, listed, short_day
from app.errors import UserError
from app.storage.files import place_of

if TYPE_CHECKING:
    from app.central.accounts import Access, Account, Event, SignedIn
    from app.central.commissions import Kept
    from app.central.database import Database


_WHO = "par « central facilitator list »"


def add(verbs: Any) -> None:
    """Registers the verbs."""
    central = verbs.add_parser("central", help="le central : le servir et l'administrer")
    parts = central.add_subparsers(title="verbes", metavar="VERBE", required=True)
    _add_serve(parts)
    _add_facilitator(parts)
    _add_device(parts)
    _add_commission(parts)
    one = _verb(parts, "grant", grant, "ouvre une commission à un animateur")
    one.add_argument("--facilitator", metavar="ID", required=True, help=_WHO)
    one.add_argument(
        "--commission", metavar="ID", required=True, help="par « central commission list »"
    )
    one.add_argument(
        "--withdraw", action="store_true",
        help="la lui ferme : ses ordinateurs gardent ce qu'ils en ont",
    )  # fmt: skip
    one = _verb(parts, "code", code, "donne un code à usage unique, valable 7 jours")
    one.add_argument("--facilitator", metavar="ID", required=True, help=_WHO)
    one.add_argument(
        "--withdraw", action="store_true", help="annule ses codes qui n'ont pas encore servi"
    )
    _verb(parts, "renew-key", renew_key, "fait la clé qui signera désormais les accusés")
    one = _verb(parts, "audit", audit, "montre qui a eu accès, d'où, à quoi et quand")
    one.add_argument(
        "--since", metavar="AAAA-MM-JJ", type=date.fromisoformat, default=date.min,
        help="à partir de ce jour ; sinon, tout ce qui est gardé",
    )  # fmt: skip
    one = _verb(parts, "backup", backup, "copie le central, même pendant qu'il sert")
    one.add_argument(
        "--out", metavar="FICHIER", type=written_file, required=True, help="où l'écrire"
    )
    one = _verb(
        parts, "restore", restore, "remplace tout ce que le central tient par une sauvegarde"
    )
    one.add_argument("file", metavar="FICHIER", type=Path, help="la sauvegarde")


def _add_serve(parts: Any) -> None:
    one = _verb(parts, "serve", serve, "sert le central en HTTPS")
    one.add_argument(
        "--host", metavar="ADRESSE", default="127.0.0.1", help="sinon la boucle locale seule"
    )
    one.add_argument(
        "--port", metavar="PORT", type=port, default=8443, help="sinon 8443 ; 0 : un port libre"
    )
    one.add_argument("--workers", metavar="N", type=int, default=1, help="processus, sinon un")
    one.add_argument(
        "--cert", metavar="FICHIER", type=Path, required=True, help="le certificat, en PEM"
    )
    one.add_argument("--key", metavar="FICHIER", type=Path, required=True, help="sa clé, en PEM")


def port(text: str) -> int:
    """A port's number; 0 asks for a free one."""
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"« {text} » n'est pas un port, de 0 à 65535")
    return int(text)


def _inner(parts: Any, name: str, help_text: str) -> Any:
    """The parts of a verb that has verbs of its own."""
    verb = parts.add_parser(name, help=help_text)
    return verb.add_subparsers(title="verbes", metavar="VERBE", required=True)


def _add_commission(parts: Any) -> None:
    inner = _inner(parts, "commission", "les commissions du central")
    one = _verb(inner, "add", add_commission, "ajoute une commission, et donne son ID")
    one.add_argument("--name", metavar="NOM", required=True)
    one.add_argument(
        "--department", metavar="CODE", required=True, nargs="+", action="extend",
        help="un ou plusieurs, comme « 21 71 »",
    )  # fmt: skip
    _verb(inner, "list", list_commissions, "liste les commissions")


def _add_device(parts: Any) -> None:
    inner = _inner(parts, "device", "les ordinateurs rattachés")
    _verb(inner, "list", list_devices, "liste les ordinateurs, et le jour de leur dernier usage")
    one = _verb(inner, "revoke", revoke_device, "refuse un ordinateur, perdu ou volé")
    one.add_argument("id", metavar="ID", help="par « central device list »")


def _add_facilitator(parts: Any) -> None:
    inner = _inner(parts, "facilitator", "les comptes des animateurs")
    one = _verb(inner, "add", add_facilitator, "ouvre un compte, et donne son ID")
    one.add_argument("--name", metavar="NOM", required=True, help="prénom et nom")
    one.add_argument("--email", metavar="COURRIEL", required=True)
    one.add_argument(
        "--role", choices=("facilitator", "gip"), default="facilitator",
        help="« gip » lit et écrit partout ; « facilitator » quand il n'est rien dit",
    )  # fmt: skip
    one.add_argument("--create", action="store_true", help="peut téléverser sa commission")
    _verb(inner, "list", list_facilitators, "liste les comptes")
    one = _verb(
        inner,
        "revoke",
        revoke_facilitator,
        "ferme un compte, pour de bon, et refuse ses ordinateurs",
    )
    one.add_argument("id", metavar="ID", help=_WHO)


def _verb(parts: Any, name: str, run: Any, help_text: str) -> Any:
    """A verb that works on a central's data."""
    one = parts.add_parser(name, help=help_text)
    where = one.add_mutually_exclusive_group(required=True)
    where.add_argument("--data", metavar="DOSSIER", type=folder, help="le dossier du central")
    where.add_argument("--database", metavar="URL", type=given, help="sa base : postgresql://…")
    one.set_defaults(run=run)
    return one


def _url(arguments: argparse.Namespace) -> str:
    from app.central.database import in_folder

    return arguments.database or in_folder(arguments.data)


@contextmanager
def _database(arguments: argparse.Namespace, *, may_begin: bool = False) -> Iterator[Database]:
    """The central's database, up to date; a central begins there only where the verb may."""
    from app.central.database import FILE, explained, open_database
    from app.central.migration import prepare, version

    if not (may_begin or arguments.database or (arguments.data / FILE).is_file()):
        raise _no_central(arguments)
    with explained(), closing(open_database(_url(arguments))) as database:
        with database.reading() as connection:
            if not may_begin and version(connection) is None:
                raise _no_central(arguments)
        prepare(database, now())
        yield database


def _no_central(arguments: argparse.Namespace) -> UserError:
    where = f"Le dossier « {arguments.data} »" if arguments.data else "Cette base"
    return UserError(
        f"{where} ne contient pas de central : vérifiez son nom, ou commencez un central par"
        " « commissions central facilitator add »."
    )


def serve(arguments: argparse.Namespace) -> int:
    """Serves until a signal; the URL is printed once the central is ready."""
    from app.central.serve import Site, serve

    if arguments.workers < 1:
        raise UserError("Il faut au moins un processus : « --workers 1 ».")
    site = Site(
        database_url=_url(arguments),
        certificate=arguments.cert,
        key=arguments.key,
        host=arguments.host,
        port=arguments.port,
    )
    return serve(site, arguments.workers, lambda url: emit(arguments, {"url": url}, url))


def add_facilitator(arguments: argparse.Namespace) -> int:
    """Prints the new account's id."""
    from app.central import accounts

    with _database(arguments, may_begin=True) as database, database.writing() as connection:
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

    with _database(arguments) as database, database.reading() as connection:
        found = accounts.list_facilitators(connection)
        names = {one.id: one.name for one in commissions.list_all(connection)}
    emit(arguments, found, lambda: "\n".join(_line(one, names) for one in found))
    return DONE


def _line(account: Account, names: Mapping[str, str]) -> str:
    gip = account.role == "gip"
    who = f"{account.id}  {account.name} <{account.email}>, {'GIP' if gip else 'animateur'}"
    if account.revoked:
        return f"{who}, révoqué"
    opened = listed([f"« {names.get(one) or one} »" for one in account.commission_ids])
    where = "toutes les commissions" if gip else opened or "aucune commission"
    return f"{who}, {count(account.devices, 'ordinateur')}, {where}"


_REVOKED = "L'accès est révoqué dès le prochain appel."


def revoke_facilitator(arguments: argparse.Namespace) -> int:
    """Closes an account."""
    from app.central import accounts

    with _database(arguments) as database, database.writing() as connection:
        accounts.revoke_facilitator(connection, now(), arguments.id)
    emit(arguments, {"id": arguments.id}, _REVOKED)
    return DONE


def list_devices(arguments: argparse.Namespace) -> int:
    """Prints every device."""
    from app.central import accounts

    with _database(arguments) as database, database.reading() as connection:
        found = accounts.list_devices(connection)
    emit(arguments, found, lambda: "\n".join(map(_device_line, found)))
    return DONE


def _device_line(device: SignedIn) -> str:
    used = device.last_used_on
    state = f"dernier usage le {short_day(date.fromisoformat(used))}" if used else "jamais utilisé"
    if device.revoked:
        state = "révoqué"
    return f"{device.id}  {device.name}, {device.facilitator}, {state}"


def revoke_device(arguments: argparse.Namespace) -> int:
    """Ends a device's access."""
    from app.central import accounts

    with _database(arguments) as database, database.writing() as connection:
        accounts.revoke_device(connection, now(), arguments.id)
    emit(arguments, {"id": arguments.id}, _REVOKED)
    return DONE


def add_commission(arguments: argparse.Namespace) -> int:
    """Prints the new commission's id."""
    from app.central import commissions
    from app.services.workspaces import check_departments

    check_departments(arguments.department)
    with _database(arguments, may_begin=True) as database, database.writing() as connection:
        made = commissions.add(connection, now(), arguments.name, arguments.department)
    emit(arguments, {"id": made}, made)
    return DONE


def list_commissions(arguments: argparse.Namespace) -> int:
    """Prints every commission."""
    from app.central import commissions

    with _database(arguments) as database, database.reading() as connection:
        found = commissions.list_all(connection)
    emit(arguments, found, lambda: "\n".join(map(_commission_line, found)))
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
    with _database(arguments) as database, database.writing() as connection:
        move(connection, now(), arguments.facilitator, arguments.commission)
    emit(arguments, {"id": arguments.commission}, done)
    return DONE


def code(arguments: argparse.Namespace) -> int:
    """Prints a one-time code, or makes those that wait good for nothing."""
    from app.central import accounts

    who = arguments.facilitator
    with _database(arguments) as database, database.writing() as connection:
        if arguments.withdraw:
            accounts.void_codes(connection, now(), who)
            document, words = {"id": who}, "Les codes qui n'avaient pas servi sont annulés."
        else:
            words = accounts.make_code(connection, now(), who)
            document = {"code": words}
    emit(arguments, document, words)
    return DONE


def renew_key(arguments: argparse.Namespace) -> int:
    """Makes a new signing key, endorsed by the present one; prints its id."""
    from app.central import accounts, signing

    with _database(arguments) as database, database.writing() as connection:
        made = signing.make_key(connection, now())
        accounts.note(connection, now(), "key-renewed")
    emit(arguments, {"key_id": made}, _renewed(made))
    return DONE


def _renewed(key_id: str) -> str:
    return (
        f"Les accusés de réception sont signés par la clé {key_id} : faites une sauvegarde, les"
        " précédentes ne l'ont pas."
    )


def audit(arguments: argparse.Namespace) -> int:
    """Prints the trail of access."""
    from app.central import accounts

    with _database(arguments) as database, database.reading() as connection:
        found = accounts.trail(connection, arguments.since)
    emit(arguments, found, lambda: "\n".join(map(_told, found)))
    return DONE


EVENTS: dict[Event, str] = {
    "facilitator-added": "compte ouvert",
    "facilitator-revoked": "compte fermé",
    "commission-added": "commission ajoutée",
    "granted": "commission ouverte",
    "withdrawn": "commission fermée",
    "code-made": "code donné",
    "codes-voided": "codes annulés",
    "code-refused": "code refusé",
    "enrolled": "rattachement",
    "token-rotated": "jeton renouvelé",
    "signed-out": "rattachement fini",
    "device-revoked": "ordinateur refusé",
    "space-opened": "commission téléversée",
    "key-renewed": "clé de signature changée",
    "restored": "restauration",
    "used": "usage",
    "wrote": "écritures",
}
"""What each event of the trail is called; JSON keeps its name."""


def _told(access: Access) -> str:
    event = EVENTS[access.event]
    what = f"{event} ({access.changes})" if access.changes else event
    return f"{access.at}  {what}  {access.facilitator or '-'}, {access.device or '-'}" + (
        f", {access.space}" if access.space else ""
    )


def backup(arguments: argparse.Namespace) -> int:
    """Writes a consistent copy of the central."""
    from app.central import backup

    out = place_of(arguments.out)
    with _database(arguments) as database:
        backup.save(database, out, now())
    emit(arguments, {"file": str(arguments.out)}, f"La sauvegarde est dans « {arguments.out} ».")
    return DONE


def restore(arguments: argparse.Namespace) -> int:
    """Brings the central back to a copy, under a new epoch."""
    from app.central import accounts, backup

    backup.check(arguments.file)  # before a folder is made for it
    with _database(arguments, may_begin=True) as database:
        epoch = backup.restore(database, arguments.file)
        with database.writing() as connection:
            accounts.note(connection, now(), "restored")
    emit(arguments, {"epoch": epoch}, "Le central est restauré ; les ordinateurs le compareront.")
    return DONE
