"""What the verbs of `central` share: the options that name a central, and its database."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

from app.cli.arguments import folder, given
from app.clock import now
from app.errors import UserError

if TYPE_CHECKING:
    from app.central.database import Database


def verbs_of(parts: Any, name: str, help_text: str) -> Any:
    """The verbs of a noun, such as « central device »."""
    noun = parts.add_parser(name, help=help_text)
    return noun.add_subparsers(title="verbes", metavar="VERBE", required=True)


def verb(parts: Any, name: str, run: Any, help_text: str) -> Any:
    """A verb that works on a central's data."""
    one = parts.add_parser(name, help=help_text)
    where = one.add_mutually_exclusive_group(required=True)
    where.add_argument("--data", metavar="DOSSIER", type=folder, help="le dossier du central")
    where.add_argument("--database", metavar="URL", type=given, help="sa base : postgresql://…")
    one.set_defaults(run=run)
    return one


def url_of(arguments: argparse.Namespace) -> str:
    """The URL of the central's database; the folder of `--data` is made when missing."""
    from app.central.database import in_folder

    return arguments.database or in_folder(arguments.data)


@contextmanager
def database_of(
    arguments: argparse.Namespace, *, may_begin: bool = False, as_it_is: bool = False
) -> Iterator[Database]:
    """The central's database, brought up to date unless it is to be taken `as_it_is`.

    Without `may_begin`, UserError when there is no central there yet.
    """
    from app.central.database import FILE, explained, open_database
    from app.central.migration import prepare, refuse_newer, version

    if not (may_begin or arguments.database or (arguments.data / FILE).is_file()):
        raise _no_central(arguments)
    with explained(), closing(open_database(url_of(arguments))) as database:
        with database.reading() as connection:
            found = version(connection)
        if found is None and not may_begin:
            raise _no_central(arguments)
        if found is not None and as_it_is:
            refuse_newer(found)
        else:
            prepare(database, now())
        yield database


def _no_central(arguments: argparse.Namespace) -> UserError:
    where = f"Le dossier « {arguments.data} »" if arguments.data else "Cette base"
    return UserError(
        f"{where} ne contient pas de central : vérifiez son nom, ou commencez un central par"
        " « commissions central facilitator add »."
    )
