"""Anki on the same work: its public package and its own server, in an environment apart.

Two collections that know each other take the records as notes, one by one; no TLS.
"""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

_PROGRAM = """
import json, os, socket, subprocess, sys, time
from pathlib import Path
from anki.collection import AddNoteRequest, Collection

folder, texts = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text())
with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
url = f"http://127.0.0.1:{port}/"
server = subprocess.Popen(
    [sys.executable, "-m", "anki.syncserver"],
    env=os.environ | {"SYNC_USER1": "u:p", "SYNC_BASE": str(folder / "server"),
                      "SYNC_HOST": "127.0.0.1", "SYNC_PORT": str(port), "RUST_LOG": "anki=warn",
                      "MAX_SYNC_PAYLOAD_MEGS": "1000"})

def sync(collection, whole=None):
    known = collection.sync_login("u", "p", url)
    known.endpoint = url
    start = time.perf_counter()
    answer = collection.sync_collection(known, False)
    if whole is not None:
        collection.close_for_full_sync()
        collection.full_upload_or_download(auth=known, server_usn=None, upload=whole)
        collection.reopen(after_full_sync=True)
    else:
        assert answer.required == answer.NORMAL_SYNC or answer.required == 0
    return (time.perf_counter() - start) * 1000

try:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 0.5).close()
            break
        except OSError:
            time.sleep(0.1)
    one, other = (Collection(str(folder / f"{name}.anki2")) for name in "ab")
    sync(one, True)
    sync(other, False)
    kind = one.models.by_name("Basic")
    notes = []
    for text in texts:
        note = one.new_note(kind)
        note["Front"], note["Back"] = text[:40], text
        notes.append(AddNoteRequest(note=note, deck_id=1))
    one.add_notes(notes)
    up, down = sync(one), sync(other)
    assert other.note_count() == len(texts)
    print(json.dumps([up, down]))
finally:
    server.terminate()
"""


def install(folder: Path) -> str:
    """An environment with Anki; gives its Python. CalledProcessError when it cannot be had."""
    venv.create(folder, with_pip=True)
    python = str(folder / ("Scripts" if sys.platform == "win32" else "bin") / "python")
    pip = [python, "-m", "pip", "install", "--quiet", "anki"]
    subprocess.run(pip, check=True, capture_output=True, timeout=300)
    return python


def first_sync(python: str, folder: Path, texts: Sequence[str]) -> tuple[float, float]:
    """The milliseconds that the texts take to go up, then down."""
    folder.mkdir()
    (folder / "texts").write_text(json.dumps(texts))
    command = [python, "-c", _PROGRAM, str(folder), str(folder / "texts")]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=300)
    up, down = json.loads(done.stdout)
    return up, down
