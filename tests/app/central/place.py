"""A central as an operator has it: a folder, a command line, a process that serves."""

from __future__ import annotations

import json
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import trustme

ROOT = Path(__file__).parents[3]
PATIENCE = 60


@dataclass
class Place:
    """A folder with certificates and a central's data, and its command line."""

    folder: Path
    where: tuple[str, str]

    def command(self, *verb: str) -> list[str]:
        return [sys.executable, "-m", "app", "central", *verb, *self.where]

    def run(self, *verb: str) -> Any:
        """The JSON document of an administration verb."""
        run = subprocess.run(
            [*self.command(*verb), "--json"], cwd=ROOT, capture_output=True, check=True
        )
        return json.loads(run.stdout)

    @contextmanager
    def serve(self, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
        """The process that serves, and its URL; it is ended whatever happens."""
        cert, key = self.folder / "cert.pem", self.folder / "key.pem"
        command = self.command("serve", "--port", "0", "--cert", str(cert), "--key", str(key))
        with subprocess.Popen(
            [*command, *options],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                assert process.stdout is not None
                yield process, process.stdout.readline().strip()
            finally:
                if process.poll() is None:
                    process.kill()

    def client(self, url: str, token: str = "") -> httpx2.Client:
        context = ssl.create_default_context(cafile=str(self.folder / "ca.pem"))
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx2.Client(base_url=url, verify=context, headers=headers, timeout=PATIENCE)


def new_place(folder: Path, *where: str) -> Place:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    issued = authority.issue_cert("127.0.0.1")
    issued.private_key_pem.write_to_path(folder / "key.pem")
    issued.cert_chain_pems[0].write_to_path(folder / "cert.pem")
    return Place(folder, (where[0], where[1]))
