"""The `commissions` command: without a verb it opens the window, with one it does the job."""

from __future__ import annotations

import sys


def main() -> int:
    """Runs the command line; gives the exit status of CONTRACTS §1."""
    from app.cli import main as run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
