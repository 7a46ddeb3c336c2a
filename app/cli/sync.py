"""`enrol`, `sync`, `conflicts`: the exchange with the central, from the command line."""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path
from typing import Any

from app.cli import DONE, NEEDS_USER
from app.cli.arguments import (
    emit,
    given_line,
    is_typed,
    open_from,
    progress,
    read_text,
    warn,
)
from app.domain.wording import agree, count, of
from app.services.sync_report import Line, Report
from app.services.sync_status import Status


def add(verbs: Any) -> None:
    """Registers the verbs."""
    one = verbs.add_parser("enrol", help="rattache l'espace de travail à un central")
    one.add_argument("url", metavar="URL", help="l'adresse du central, en https://")
    one.add_argument("--code", metavar="CODE", help="donné par le GIP ; sinon il est demandé")
    one.add_argument("--ca", metavar="FICHIER", type=Path, help="autorité privée, en PEM")
    choice = one.add_mutually_exclusive_group()
    choice.add_argument(
        "--adopt", metavar="COMMISSION_ID", help="prend celle-ci, quand plusieurs sont ouvertes"
    )
    choice.add_argument("--upload", action="store_true", help="envoie la commission d'ici")
    one.set_defaults(run=enrol)
    one = verbs.add_parser("sync", help="échange avec le central")
    choice = one.add_mutually_exclusive_group()
    choice.add_argument("--preview", action="store_true", help="dit ce qui partirait")
    choice.add_argument(
        "--accept-deletions", action="store_true",
        help="fait aussi les suppressions qui attendaient votre accord",
    )  # fmt: skip
    one.set_defaults(run=sync)
    one = verbs.add_parser("conflicts", help="les conflits ouverts")
    one.set_defaults(run=list_conflicts)
    actions = one.add_subparsers(metavar="ACTION", title="actions")
    one = actions.add_parser("resolve", help="décide un conflit")
    one.add_argument("id", metavar="ID")
    one.add_argument(
        "--keep", choices=("mine", "theirs", "both"), required=True,
        help="ce que dit le conflit de l'ordinateur qui l'a trouvé, du central, ou l'un et l'autre",
    )  # fmt: skip
    one.set_defaults(run=resolve)


def enrol(arguments: argparse.Namespace) -> int:
    """Ties the workspace to a central."""
    services = open_from(arguments)
    ca = None if arguments.ca is None else read_text(arguments.ca)
    status = services.sync.status()
    code = arguments.code
    if code is None and not (status.signed_in or status.silent_keyring):
        code = _asked()
    done = services.sync.enrol(
        arguments.url, code, ca, adopt=arguments.adopt, upload=arguments.upload
    )
    for note in done.notes:
        warn(note)
    if done.kept_in == "process":
        warn(
            "Ni trousseau de clés ni phrase de passe : le rattachement ne vaut que pour cette"
            " commande, protégez l'espace de travail par « commissions protect »."
        )
    document = {
        "facilitator": done.facilitator,
        "commission_ids": list(done.commission_ids),
    }
    emit(arguments, document, f"Rattaché au central, au nom {of(done.facilitator.name)}.")
    return DONE


def _asked() -> str:
    """The code, typed on the terminal or read from the standard input."""
    if is_typed():
        return getpass.getpass("Code : ", sys.stderr).strip()
    return given_line()


def sync(arguments: argparse.Namespace) -> int:
    """One sync, or what it would send."""
    services = open_from(arguments)
    if arguments.preview:
        waiting = _closed(services.sync.status())
        report = Report(sent=services.sync.departure().lines, notes=waiting)
    else:
        report = services.sync.run_noted(
            lambda words, share: progress(f"{words} {share:.0%}"),
            accept_deletions=arguments.accept_deletions,
        )
    for note in [*report.warnings, *_kept_here(services.sync.status())]:
        warn(note)
    document = {
        name: [
            {"kind": one.kind, "id": one.id, "sentence": one.sentence}
            for one in getattr(report, name)
        ]
        for name in ("sent", "received", "merged", "conflicts", "refused")
    }
    emit(arguments, document, lambda: _told(report, preview=arguments.preview))
    if report.deletions:
        warn(
            f"Le central supprimerait {count(len(report.deletions), 'enregistrement')}, rien n'est"
            " supprimé : vérifiez-les, puis relancez avec --accept-deletions."
        )
    return NEEDS_USER if report.needs_user else DONE


def _kept_here(status: Status) -> list[str]:
    """A sentence for each commission of which nothing is sent, with the command that sends it."""
    return [
        f"La commission « {name} » n'est pas au central, rien n'en part : « commissions enrol"
        f" {status.url} --upload » l'y envoie si votre compte en a le droit."
        for name in status.kept_here
    ]


def _closed(status: Status) -> list[str]:
    """A sentence for each commission closed to the account in which something waits."""
    return [
        f"La commission « {name} » ne vous est plus ouverte au central :"
        f" {count(number, 'modification')} y {agree(number, 'attend', 'attendent')}, rien n'en"
        " part. Voyez avec le GIP."
        for name, number in status.closed
        if number
    ]


def _told(report: Report, *, preview: bool) -> str:
    words = {
        "sent": ("à envoyer", "à envoyer") if preview else ("envoyé", "envoyés"),
        "received": ("reçu", "reçus"),
        "merged": ("réuni", "réunis"),
        "conflicts": ("conflit", "conflits"),
        "refused": ("refusé", "refusés"),
    }
    lines: list[Line] = []
    counts = []
    for attribute, (singular, plural) in words.items():
        found = getattr(report, attribute)
        counts.append(count(len(found), singular, plural))
        lines += found
    told = [line.sentence for line in lines]
    told += [f"{report.carried}."] if report.carried else []
    told += [f"À confirmer : suppression, {one.name}." for one in report.deletions]
    return "\n".join([*told, ", ".join(counts) + "."])


def list_conflicts(arguments: argparse.Namespace) -> int:
    """Prints the open conflicts."""
    from app.services.conflict_words import conflict_sentence

    services = open_from(arguments)
    found = list(services.conflicts.open())
    emit(
        arguments,
        found,
        lambda: "\n".join(f"{one.id}  {conflict_sentence(services.records, one)}" for one in found),
    )
    return DONE


def resolve(arguments: argparse.Namespace) -> int:
    """Decides one conflict."""
    services = open_from(arguments)
    done = services.conflicts.resolve(arguments.id, arguments.keep)
    emit(arguments, done, "Le conflit est résolu.")
    return DONE
