"""The `commissions` command: without a verb it opens the window, with one it does the job."""

from __future__ import annotations

import signal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:  # importing `typing` takes time, before `main` can handle an interruption
    from collections.abc import Mapping
    from pathlib import Path

    from app.bootstrap import Services


def main() -> int:
    """Runs the command line; gives the exit status of CONTRACTS §1."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        # Ctrl+C during the imports must show no stack trace: until a verb runs, the command ends.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from app.cli import main as run

    _speak_plainly()
    return run(sys.argv[1:])


_NEAREST = {
    "’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-",
    "œ": "oe", "Œ": "OE", "€": "EUR", "•": "-", "→": "->", "←": "<-", "≤": "<=", "≥": ">=",
    "✓": "OK", "✗": "NON",
}  # fmt: skip
"""What is written for a character missing from the code page of a Windows console or file."""


def _speak_plainly() -> None:
    """Lets standard output and error take any character, whatever the terminal's encoding."""
    import codecs
    import io

    codecs.register_error("nearest", _nearest)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            ascii_only = codecs.lookup(stream.encoding).name == "ascii"
            stream.reconfigure(encoding="utf-8" if ascii_only else None, errors="nearest")


def _nearest(error: UnicodeError) -> tuple[str, int]:
    """Replaces characters that a stream cannot encode: by ones that look alike, else by escapes."""
    import unicodedata

    assert isinstance(error, UnicodeEncodeError)
    written = ""
    for letter in error.object[error.start : error.end]:
        near = _NEAREST.get(letter) or unicodedata.normalize("NFKD", letter).replace("⁄", "/")
        left = near.encode("ascii", "ignore") or letter.encode("ascii", "backslashreplace")
        written += left.decode("ascii")
    return written, error.end


def show_window(folder: Path, passphrase: str | None) -> int:
    """Shows the window on a workspace until it is closed."""
    from ui.window.start import run

    return run(folder, passphrase)


def show_window_on(services: Services) -> int:
    """Shows the window on an open workspace until it is closed."""
    from ui.window.start import run_on

    return run_on(services)


def take_pictures(
    services: Services, folder: Path, records: Mapping[str, str], only: str = ""
) -> list[Path]:
    """Saves a picture of each page, or of one; see `ui.window.screenshots`."""
    from ui.window.screenshots import take

    return take(services, folder, records, only)


if __name__ == "__main__":
    sys.exit(main())
