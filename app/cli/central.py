"""`central`: the reference central, and its administration."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli import DONE, central_accounts
from app.cli.arguments import emit, given, written_file
from app.cli.central_database import database_of, url_of, verb
from app.clock import now
from app.domain.wording import count, day_and_hour, listed
from app.errors import UserError
from app.storage.files import place_of

if TYPE_CHECKING:
    from app.central.accounts import Access, Event
    from app.central.backup import Contents


def add(verbs: Any) -> None:
    """Registers the verbs."""
    central = verbs.add_parser("central", help="le central : le servir et l'administrer")
    parts = central.add_subparsers(title="verbes", metavar="VERBE", required=True)
    _add_serve(parts)
    central_accounts.add(parts)
    verb(parts, "renew-key", renew_key, "fait la clé qui signera désormais les accusés")
    one = verb(parts, "audit", audit, "montre qui a eu accès, d'où, à quoi et quand")
    one.add_argument(
        "--since", metavar="AAAA-MM-JJ", type=date.fromisoformat, default=date.min,
        help="à partir de ce jour ; sinon, tout ce qui est gardé",
    )  # fmt: skip
    one = verb(parts, "backup", backup, "copie le central, même pendant qu'il sert")
    one.add_argument(
        "--out", metavar="FICHIER", type=written_file, required=True, help="où l'écrire"
    )
    one = parts.add_parser("verify", help="vérifie qu'une sauvegarde est entière, et dit sa date")
    one.add_argument("file", metavar="FICHIER", type=Path, help="la sauvegarde")
    one.set_defaults(run=verify)
    one = verb(
        parts, "restore", restore, "remplace tout ce que le central tient par une sauvegarde"
    )
    one.add_argument("file", metavar="FICHIER", type=Path, help="la sauvegarde")


def _add_serve(parts: Any) -> None:
    one = verb(parts, "serve", serve, "sert le central en HTTPS")
    one.add_argument(
        "--host", metavar="ADRESSE", type=given, default="127.0.0.1",
        help="sinon la boucle locale seule",
    )  # fmt: skip
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


def serve(arguments: argparse.Namespace) -> int:
    """Serves until a signal; the URL is printed once the central is ready."""
    from app.central.serve import Site, serve

    if arguments.workers < 1:
        raise UserError("Il faut au moins un processus : « --workers 1 ».")
    site = Site(
        database_url=url_of(arguments),
        certificate=arguments.cert,
        key=arguments.key,
        host=arguments.host,
        port=arguments.port,
    )
    return serve(site, arguments.workers, lambda url: emit(arguments, {"url": url}, url))


def renew_key(arguments: argparse.Namespace) -> int:
    """Makes a new signing key, endorsed by the present one; prints its id."""
    from app.central import accounts, signing

    with database_of(arguments) as database, database.writing() as connection:
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

    with database_of(arguments) as database:
        found = accounts.trail(database, arguments.since)
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
    "signed-out": "rattachement terminé",
    "device-revoked": "ordinateur refusé",
    "space-opened": "commission envoyée",
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
    with database_of(arguments, as_it_is=True) as database:  # the older program can restore it
        backup.save(database, out, now())
    emit(arguments, {"file": str(arguments.out)}, f"La sauvegarde est dans « {arguments.out} ».")
    return DONE


def verify(arguments: argparse.Namespace) -> int:
    """Reads a copy whole and says what it holds; no central is touched."""
    from app.central import backup

    found = backup.contents(arguments.file)
    emit(arguments, found, lambda: _held(found))
    return DONE


def _held(found: Contents) -> str:
    held = [
        count(found.rows.get(table, 0), word)
        for table, word in (("facilitators", "compte"), ("records", "enregistrement"))
    ]
    held.append(count(found.rows.get("blobs", 0), "fichier joint", "fichiers joints"))
    return (
        f"La sauvegarde est entière : faite le {day_and_hour(found.made_at)}, elle tient"
        f" {listed(held)}."
    )


def restore(arguments: argparse.Namespace) -> int:
    """Brings the central back to a copy, under a new epoch."""
    from app.central import accounts, backup

    backup.check(arguments.file)  # before a folder is made for it
    with database_of(arguments, may_begin=True) as database:
        epoch = backup.restore(database, arguments.file)
        with database.writing() as connection:
            accounts.note(connection, now(), "restored")
    emit(arguments, {"epoch": epoch}, "Le central est restauré ; les ordinateurs le compareront.")
    return DONE
