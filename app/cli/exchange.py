"""`export` and `import`: the archive, and the tables of a kind, by the ending of the file."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from os.path import realpath
from pathlib import Path
from typing import Any

from app.cli import DONE, FAILED, NEEDS_USER
from app.cli.arguments import Misused, emit, open_from, pair, progress, warn, written_file
from app.domain.wording import count, whole
from app.services.imports import Report

_ARCHIVES = (".json", ".zip")
_TABLES = (".csv", ".xlsx", ".txt", ".tsv")
_READ = (*_TABLES, ".ods", ".xls")
"""The endings that `import` takes for a table; .xls too, so that a sentence says what to do."""


def add(verbs: Any) -> None:
    """Registers the verbs."""
    one = verbs.add_parser("export", help="écrit une archive, ou le tableau d'un genre")
    one.add_argument(
        "--out", required=True, metavar="FICHIER", type=written_file,
        help="en .json ou .zip (avec les pièces jointes) l'archive, en .csv ou .xlsx un tableau",
    )  # fmt: skip
    one.add_argument(
        "--kind", metavar="GENRE", help="ce genre seul ; pour .csv et .xlsx il le faut"
    )
    one.add_argument(
        "--history", action="store_true", help="avec les supprimés et l'historique de chacun"
    )
    one.add_argument(
        "--comma", action="store_true", help="CSV à virgules au lieu de points-virgules"
    )
    one.set_defaults(run=export)
    one = verbs.add_parser("import", help="lit une archive, ou le tableau d'un genre")
    one.add_argument("file", metavar="FICHIER", type=Path)
    one.add_argument("--kind", metavar="GENRE", help="le genre des lignes du tableau")
    one.add_argument(
        "--map", action="append", default=[], type=pair, metavar="CHAMP=COLONNE",
        help="la colonne d'un champ, au lieu de celle qui est devinée ; se répète",
    )  # fmt: skip
    one.add_argument(
        "--seats", action="store_true",
        help="les personnes du tableau siègent pour leur collectivité, si leur place est libre",
    )  # fmt: skip
    one.add_argument("--dry-run", action="store_true", help="dit ce qui se ferait, sans le faire")
    for name, words in (("--refused", "les lignes refusées"), ("--accepted", "les autres lignes")):
        help_ = f"y garde {words} d'un tableau refusé"
        one.add_argument(name, metavar="FICHIER", type=written_file, help=help_)
    one.set_defaults(run=import_file)


def export(arguments: argparse.Namespace) -> int:
    """Writes the file, whole or not at all."""
    path: Path = arguments.out
    ending = path.suffix.lower()
    absent = 0
    if ending in _ARCHIVES:
        written, absent = open_from(arguments).exports.archive(
            path, arguments.kind, history=arguments.history
        )
    elif ending in _TABLES and arguments.kind and not arguments.history:
        separator = "\t" if ending == ".tsv" else "," if arguments.comma else ";"
        written = open_from(arguments).exports.table(path, arguments.kind, separator)
    else:
        raise _misused(ending, "--out")
    emit(
        arguments,
        {"out": str(path), "records": written},
        f"{count(written, 'enregistrement')} dans « {path} ».",
    )
    if absent:
        warn(
            f"Il manque à l'archive {count(absent, 'fichier')} que ses enregistrements nomment :"
            " synchronisez, ou importez l'archive « .zip » d'où ils viennent, puis recommencez."
        )
    return DONE


def import_file(arguments: argparse.Namespace) -> int:
    """Takes the file in, whole or not at all, and says what became of each record or line."""
    path: Path = arguments.file
    ending = path.suffix.lower()
    named = (arguments.kind, arguments.map, arguments.refused, arguments.accepted, arguments.seats)
    of_tables = any(named)
    if ending in _ARCHIVES and not of_tables:
        report = open_from(arguments).imports.archive(path, dry_run=arguments.dry_run)
        emit(arguments, report, lambda: "\n".join(_page(report, arguments.dry_run)))
        return DONE
    if ending in _READ and arguments.kind:
        return _import_table(arguments, path)
    raise _misused(ending, "FICHIER")


def _import_table(arguments: argparse.Namespace, path: Path) -> int:
    told = _told_once(arguments.map)
    if arguments.seats and arguments.kind != "person":
        raise Misused("« --seats » ne vaut que pour « --kind person »")
    files = [one for one in (path, arguments.refused, arguments.accepted) if one is not None]
    if len({realpath(one) for one in files}) < len(files):
        raise Misused(
            "« --refused » et « --accepted » nomment chacun un fichier qui n'est ni le tableau ni"
            " l'autre"
        )
    tables = open_from(arguments).table_imports
    found = tables.take(
        path, arguments.kind, told, seats=arguments.seats, dry_run=arguments.dry_run
    )
    for field, heading in found.columns.items():
        progress(f"{heading} → {field}")
    for remark in found.remarks if found.done or arguments.dry_run else ():
        warn(remark)
    for file, refused in ((arguments.refused, True), (arguments.accepted, False)):
        if file is not None and found.refused_rows:
            kept = tables.keep(file, found, refused=refused)
            progress(f"{count(kept, 'ligne')} dans « {file} ».")
    report = (
        found.report if found.done or arguments.dry_run else Report(refused=found.report.refused)
    )
    emit(arguments, report, lambda: "\n".join(_page(report, arguments.dry_run)))
    if not found.refused_rows:
        return DONE
    if arguments.dry_run:
        return NEEDS_USER
    warn(_nothing_done(path, report))
    return FAILED


def _told_once(pairs: list[tuple[str, str]]) -> dict[str, str]:
    told: dict[str, str] = {}
    for field, heading in pairs:
        if field in told:
            raise Misused(f"« --map » dit deux fois d'où vient « {field} » : n'en gardez qu'une")
        told[field] = heading
    return told


def _nothing_done(path: Path, report: Report) -> str:
    lines = count(len(report.refused), "ligne refusée", "lignes refusées")
    them = "la" if len(report.refused) == 1 else "les"
    return (
        f"Rien n'a été importé de « {path} », {lines} : corrigez-{them}, ou gardez-{them} à part"
        f" par --refused et les autres par --accepted. {report.refused[0].sentence}"
    )


def _misused(ending: str, name: str) -> Misused:
    if ending in (_READ if name == "FICHIER" else _TABLES):
        return Misused("un tableau demande son genre par « --kind », et ne porte pas d'historique")
    if ending in _ARCHIVES:
        return Misused(
            "« --kind », « --map », « --seats », « --refused » et « --accepted » ne servent qu'à"
            " lire des tableaux"
        )
    tables = ".csv, .xlsx ou .ods" if name == "FICHIER" else ".csv ou .xlsx"
    return Misused(f"« {name} » doit finir par .json, .zip, {tables}")


def _page(report: Report, dry_run: bool) -> Iterator[str]:
    for outcome in (*report.created, *report.changed, *report.refused):
        yield outcome.sentence
    kept = f"{whole(len(report.skipped))} sans changement, {count(len(report.refused), 'refusé')}"
    if dry_run:
        created, changed = whole(len(report.created)), whole(len(report.changed))
        yield f"{created} à créer, {changed} à modifier, {kept}."
    else:
        made = f"{count(len(report.created), 'créé')}, {count(len(report.changed), 'modifié')}"
        yield f"{made}, {kept}."
