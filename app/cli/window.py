"""Opening the window on a workspace."""

from __future__ import annotations

import argparse
import os
import sys

from app.cli.arguments import named_folder, passphrase_of
from app.errors import UserError


def has_screen() -> bool:
    """Whether a window can be shown here."""
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def open_window(arguments: argparse.Namespace) -> int:
    """Shows the window until it is closed; UserError when there is no screen."""
    if not has_screen():
        raise UserError(
            "Il n'y a pas d'écran ici : voyez « commissions --help » pour la ligne de commande."
        )
    from app.__main__ import show_window

    return show_window(named_folder(arguments), passphrase_of(arguments))
