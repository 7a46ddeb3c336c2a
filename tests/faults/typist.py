"""Types into a workspace until it is killed, saying on standard output what it was told is saved.

Usage: python -m tests.faults.typist FOLDER RECORD_ID [PASSPHRASE]
"""

from __future__ import annotations

import sys
from pathlib import Path

from app.bootstrap import open_services


def main() -> None:
    folder, record_id, *passphrase = sys.argv[1:]
    services = open_services(Path(folder), *passphrase)
    number = len(services.records.get(record_id).fields.words)
    while True:
        number += 1
        services.records.update(record_id, {"words": "m" * number}, burst="frappe")
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
