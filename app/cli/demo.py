"""`demo`: a whole meeting on real communes, its papers and pictures, then the window on it."""

from __future__ import annotations

import argparse
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from app.cli import DONE
from app.cli.arguments import emit, progress, written_file
from app.cli.window import has_screen
from app.clock import now
from app.errors import UserError

if TYPE_CHECKING:
    from app.central.database import Database
    from app.services.demonstration.laptop import Laptop
    from app.services.demonstration.play import Played, Role
    from app.services.demonstration.story import Story

_MARK = ".demonstration"
_PARTS = ("captures", "central", "collegue", "documents", "espace", "gip", "summary.json")


def add(verbs: Any) -> None:
    """Registers the verb."""
    one = verbs.add_parser("demo", help="joue une séance entière, puis ouvre la fenêtre dessus")
    one.add_argument(
        "--out", metavar="DOSSIER", type=written_file, default=Path("out"), help="sinon « out »"
    )
    one.add_argument("--no-window", action="store_true", help="n'ouvre pas la fenêtre")
    one.set_defaults(run=demo)


def demo(arguments: argparse.Namespace) -> int:
    """Plays the demonstration afresh; leaves its papers, its pictures and a summary."""
    from app.__main__ import show_window_on, take_pictures
    from app.bootstrap import open_services
    from app.services.demonstration.papers import write_papers
    from app.services.demonstration.play import Evening

    out = arguments.out.absolute()
    watched = has_screen() and os.environ.get("QT_QPA_PLATFORM") not in ("offscreen", "minimal")
    _make_room(out)
    if not watched:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    with _central(out / "central") as centre:
        evening = Evening(
            out,
            centre,
            lambda path, clock: open_services(path, clock=clock),
            lambda laptop, story: _picture_of_the_room(laptop, story, out / "captures"),
        )
        played = evening.play(progress)
        progress("Les documents s'écrivent")
        papers = write_papers(played, out / "documents")
        progress("Chaque page est prise en image")
        meeting = {"meeting": played.story.id_of("seance")}
        pictures = take_pictures(played.laptop.services, out / "captures", meeting)
        summary = _summary(out, played, papers, pictures)
        (out / "summary.json").write_bytes(msgspec.json.format(msgspec.json.encode(summary)))
        emit(arguments, summary, _words(out, papers, pictures))
        if watched and not arguments.no_window:
            show_window_on(played.laptop.services)
        played.laptop.services.close()
    return DONE


def _make_room(out: Path) -> None:
    """Removes the former demonstration; UserError when the folder holds anything else."""
    if out.exists() and not (out / _MARK).exists() and (not out.is_dir() or any(out.iterdir())):
        raise UserError(
            f"« {out} » contient autre chose qu'une démonstration :"
            " choisissez un autre dossier avec --out."
        )
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / _MARK).touch()
        for name in _PARTS:
            part = out / name
            shutil.rmtree(part) if part.is_dir() else part.unlink(missing_ok=True)
    except OSError as error:
        raise UserError(
            f"Le dossier « {out} » ne peut être écrit : choisissez-en un autre avec --out."
        ) from error


@dataclass(frozen=True)
class _Centre:
    """The demonstration's central: its address, its authority, its administration."""

    url: str
    ca: str
    database: Database

    def account(self, name: str, *, role: Role = "facilitator", create: bool = False) -> str:
        from app.central import accounts

        email = f"{name.split(maxsplit=1)[0].lower()}@gip.example"
        with self.database.writing() as connection:
            return accounts.add_facilitator(
                connection, now(), name=name, email=email, role=role, create=create
            )

    def grant(self, account_id: str, commission_id: str) -> None:
        from app.central import accounts

        with self.database.writing() as connection:
            accounts.grant(connection, now(), account_id, commission_id)

    def code(self, account_id: str) -> str:
        from app.central import accounts

        with self.database.writing() as connection:
            return accounts.make_code(connection, now(), account_id)


@contextmanager
def _central(folder: Path) -> Iterator[_Centre]:
    """The reference central on a free port of the loopback, with an authority of its own."""
    from app.central.database import in_folder, open_database
    from app.central.serve import Site, serving
    from app.services.demonstration import authority

    files = authority.make(folder, now())
    url = in_folder(folder / "donnees")
    with serving(Site(url, files.certificate, files.key)) as address:
        database = open_database(url)
        try:
            yield _Centre(address, files.ca.read_text("ascii"), database)
        finally:
            database.close()


def _picture_of_the_room(laptop: Laptop, story: Story, folder: Path) -> None:
    """Takes the pictures of the meeting while it is being held."""
    from app.__main__ import take_pictures

    take_pictures(
        laptop.services, folder / "pendant", {"meeting": story.id_of("seance")}, "meeting"
    )


def _summary(
    out: Path, played: Played, papers: dict[str, Path], pictures: list[Path]
) -> dict[str, Any]:
    """What the demonstration made, its paths relative to the folder."""
    services, story = played.laptop.services, played.story
    check = services.meetings.check(story.id_of("seance"))
    return {
        "workspace": "espace",
        "commission_id": story.id_of("commission"),
        "meeting_id": story.id_of("seance"),
        "latest_sending_on": check.latest_sending_on,
        "quorum": [item.quorum.sentence for item in check.items],
        "ballots": [ballot.sentence for item in check.items for ballot in item.ballots],
        "missing": [one.what for one in check.missing],
        "syncs": {
            name: {
                kind: len(getattr(report, kind))
                for kind in ("sent", "received", "merged", "conflicts", "refused")
            }
            for name, report in played.syncs.items()
        },
        "conflicts": [line.sentence for line in played.syncs["rencontre"].conflicts],
        "documents": {name: str(path.relative_to(out)) for name, path in papers.items()},
        "screenshots": [str(path.relative_to(out)) for path in pictures],
    }


def _words(out: Path, papers: dict[str, Path], pictures: list[Path]) -> str:
    return (
        f"La démonstration est dans « {out} » : {len(papers)} documents dans « documents »,"
        f" {len(pictures)} captures dans « captures », le résumé dans « summary.json »."
    )
