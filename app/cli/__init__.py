"""The `commissions` command, a module per group of verbs.

Each module has `add(verbs)`, which registers its verbs on argparse's sub-parsers with
`set_defaults(run=function)`; the function takes the parsed arguments and gives the exit status.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib import import_module

from app.cli.arguments import VALUED, Misused, Parser, blank, warn
from app.cli.window import open_window
from app.errors import AppError

GROUPS = {
    "demo": "demo",
    "new": "workspaces",
    "protect": "workspaces",
    "unlock": "workspaces",
    "records": "records",
    "search": "search",
    "meeting": "meeting",
    "documents": "documents",
    "share": "share",
    "audience": "audience",
    "export": "exchange",
    "import": "exchange",
    "enrol": "sync",
    "sync": "sync",
    "conflicts": "sync",
    "backup": "backup",
    "restore": "backup",
    "doctor": "backup",
    "central": "central",
}
"""Each verb's module: only the one asked for is imported, all of them to show the help."""

DONE, FAILED, NEEDS_USER = 0, 1, 3
"""The exit statuses of CONTRACTS §1; a wrong usage is 2, given by the parser."""


def main(argv: Sequence[str]) -> int:
    """Runs one verb; without a verb, the window. Errors are one French line on standard error."""
    parser = _parser(argv)
    if any("\ud800" <= character <= "\udfff" for word in argv for character in word):
        parser.error("un argument n'est pas de l'UTF-8")
    arguments = parser.parse_args(argv, blank())
    try:
        with _interruptible(), ExitStack() as arguments.closing:
            return int(arguments.run(arguments))
    except Misused as error:
        of_the_verb: Parser = arguments.parser
        of_the_verb.error(error.sentence)
    except AppError as error:
        warn(error.sentence)
        return FAILED
    except OSError as error:
        warn(_out_of_reach(error))
        return FAILED
    except KeyboardInterrupt:
        warn("Interrompu, rien n'est resté à moitié fait.")
        return FAILED
    except Exception as error:  # noqa: BLE001 - the last boundary: a sentence, not a trace
        warn(_unexpected(error))
        return FAILED


@contextmanager
def _interruptible() -> Iterator[None]:
    """Makes SIGINT raise KeyboardInterrupt in the verb where it would end the process at once."""
    ends_all = signal.getsignal(signal.SIGINT) is signal.SIG_DFL
    if ends_all:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        if ends_all:
            signal.signal(signal.SIGINT, signal.SIG_DFL)


def _verb(argv: Sequence[str]) -> Sequence[str]:
    """The verb alone in a list: the first word after the common options; empty without one."""
    words = iter(argv)
    for word in words:
        if word in VALUED:
            next(words, None)
        elif not word.startswith("-"):
            return [word]
    return []


def _out_of_reach(error: OSError) -> str:
    """The sentence for a file or a folder that cannot be read or written."""
    if error.filename is None:
        return _unexpected(error)
    return (
        f"« {error.filename} » ne peut être lu ni écrit : vérifiez ce nom, et que vous avez accès"
        " au dossier."
    )


def _unexpected(error: Exception) -> str:
    """The sentence for a fault of ours: its kind and place, never the data it was about."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_name}, ligne {place.tb_lineno}" if place else "?"
    return (
        f"Une erreur imprévue a arrêté la commande ({type(error).__name__}, {where}), vos données"
        " sont intactes : signalez-la avec ces mots."
    )


def _parser(argv: Sequence[str]) -> Parser:
    parser = Parser(
        prog="commissions",
        description="L'outil des commissions numériques locales ; sans verbe, ouvre la fenêtre.",
    )
    parser.set_defaults(run=open_window)
    verbs = parser.add_subparsers(title="verbes", metavar="VERBE")
    asked = [GROUPS[word] for word in _verb(argv) if word in GROUPS]
    helped = {"-h", "--help"} & set(argv)
    for module in asked or (dict.fromkeys(GROUPS.values()) if helped else ()):
        import_module(f"app.cli.{module}").add(verbs)
    return parser
