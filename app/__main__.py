"""The `commissions` command: without a verb it opens the window, with one it does the job."""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> int:
    """Runs the command line; gives the exit status of CONTRACTS §1."""
    from app.cli import main as run

    return run(sys.argv[1:])


def show_window(folder: Path, passphrase: str | None) -> int:
    """Shows the window on a workspace until it is closed."""
    from ui.start import run

    return run(folder, passphrase)


if __name__ == "__main__":
    sys.exit(main())
