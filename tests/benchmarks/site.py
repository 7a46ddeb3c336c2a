"""A central in processes of its own and the laptops tied to it, for the measures of the sync."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from app.bootstrap import Services, open_services
from app.central.database import in_folder, open_database
from app.clock import now
from app.services import workspaces
from app.services.changes import Change
from tests.app.central.place import ROOT, new_place
from tests.central_server import Central

PASSPHRASE = "une phrase de passe pour les mesures"


@contextmanager
def central_apart(
    folder: Path, *options: str, database_url: str | None = None
) -> Iterator[Central]:
    """A central as an operator runs it: `central serve` with these options."""
    url = database_url or in_folder(folder / "central")
    command = new_place(folder, "--database", url).command(
        "serve", "--port", "0",
        "--cert", str(folder / "cert.pem"), "--key", str(folder / "key.pem"), *options,
    )  # fmt: skip
    with (
        (folder / "journal").open("wb") as journal,
        subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=journal, text=True
        ) as process,
    ):
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        database = open_database(url)
        try:
            yield Central(address, folder / "ca.pem", database, now)
        finally:
            database.close()
            process.terminate()


class Site:
    """A central and its laptops, whose workspaces are encrypted; all of one account."""

    def __init__(self, folder: Path, central: Central) -> None:
        self.folder = folder
        self.central = central
        self.url = central.url  # that the laptops are told: of a slow line before it, maybe
        self._account = central.facilitator(create=True)
        self.laptops: list[Services] = []

    def laptop(self) -> Services:
        """A laptop not enrolled yet."""
        folder = self.folder / f"portable-{len(self.laptops)}"
        lock = workspaces.choose("passphrase", PASSPHRASE, folder.name)
        workspaces.create(folder, lock).close()
        self.laptops.append(open_services(folder, PASSPHRASE))
        return self.laptops[-1]

    def with_commission(self, fill: Callable[[str], Iterable[Change]]) -> tuple[Services, str]:
        """A laptop enrolled with a commission of its own, and its space; `fill` is to be sent."""
        laptop = self.laptop()
        space = laptop.records.create("commission", {"name": "Essai"}, None).id
        laptop.records.put(fill(space))
        self._enrol(laptop, upload=True)
        return laptop, space

    def adopting(self, space: str) -> Services:
        """A laptop enrolled that knows nothing of the space yet."""
        laptop = self.laptop()
        self._enrol(laptop, adopt=space)
        return laptop

    def _enrol(self, laptop: Services, *, adopt: str | None = None, upload: bool = False) -> None:
        authority = self.central.authority.read_text("ascii")
        code = self.central.code(self._account)
        laptop.sync.enrol(self.url, code, authority, adopt=adopt, upload=upload)

    def close(self) -> None:
        """Closes the laptops."""
        for laptop in self.laptops:
            laptop.close()


@contextmanager
def site(*options: str, database_url: str | None = None) -> Iterator[Site]:
    """A central and its laptops in a folder that goes with them."""
    with (
        tempfile.TemporaryDirectory() as folder,
        central_apart(Path(folder), *options, database_url=database_url) as central,
    ):
        made = Site(Path(folder), central)
        try:
            yield made
        finally:
            made.close()
