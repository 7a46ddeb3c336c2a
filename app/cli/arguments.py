"""What every verb shares: options before or after it, the workspace it opens, what it prints."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import msgspec

from app.domain import json_text
from app.domain.refusals import Refusal, one_line
from app.domain.wording import plain
from app.errors import UserError
from app.paths import default_workspace, present

if TYPE_CHECKING:
    from app.bootstrap import Services

_FRENCH = (
    (r"the following arguments are required: (.*)", r"il manque : \1"),
    (r"unrecognized arguments: (.*)", r"argument inconnu : \1"),
    (r"argument (.*): invalid choice: (['\"])(.*?)\2 \(.*", r"« \1 » n'admet pas « \3 »"),
    (r"argument (.*): expected one argument", r"« \1 » attend une valeur"),
    (r"argument (.*): ignored explicit argument .*", r"« \1 » ne prend pas de valeur"),
    (r"argument (.*): expected at least one argument", r"« \1 » attend au moins une valeur"),
    (r"argument (.*): invalid \w+ value: (['\"])(.*)\2", r"« \1 » n'admet pas « \3 »"),
    (r"argument (.*): not allowed with argument (.*)", r"« \1 » ne va pas avec « \2 »"),
    (r"one of the arguments (.*) is required", r"il manque l'un de : \1"),
    (r"ambiguous option: (\S+) .*", r"option ambiguë : \1"),
    (r"argument (.*?): (.*)", r"« \1 » : \2"),
)


MOST = 256 << 20
"""The most bytes that a file given to a verb may hold."""

VALUED = ("--workspace", "--passphrase-file")
"""The common options that take a value."""

_LINE = 1 << 10  # bytes read of a line in which a code is given
_SENTENCES = frozenset({"sentence", "reason", "what"})
_DATA = frozenset({"fields", "changes"})
"""The keys of a JSON document under which the data of records is never altered."""


class Misused(UserError):
    """Options that do not go together: the usage is wrong, before anything is looked at."""


class Help(argparse.HelpFormatter):
    """The help of a verb, with the space that French has before a colon."""

    def add_usage(
        self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None
    ) -> None:
        super().add_usage(usage, actions, groups, "usage : " if prefix is None else prefix)

    def start_section(self, heading: str | None) -> None:
        super().start_section(f"{heading} ")


class Parser(argparse.ArgumentParser):
    """An argument parser that speaks French and takes the common options at every level."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, formatter_class=Help, add_help=False, allow_abbrev=False)
        self._positionals.title = "arguments"
        self.set_defaults(parser=self)  # of the verb that was understood, to say it is misused
        common = self.add_argument_group("options communes")
        common.add_argument("-h", "--help", action="help", help="montre cette aide")
        quiet = argparse.SUPPRESS  # so that a sub-parser never undoes what stood before the verb
        common.add_argument(
            "--json", action="store_true", default=quiet, help="un seul document JSON en sortie"
        )
        common.add_argument(
            "--workspace", metavar="DOSSIER", type=folder, default=quiet, help="l'espace de travail"
        )
        common.add_argument(
            "--passphrase-file", metavar="FICHIER", type=Path, default=quiet,
            help="où lire sa phrase de passe",
        )  # fmt: skip

    def error(self, message: str) -> NoReturn:
        message = one_line(message)
        for english, french in _FRENCH:
            if re.fullmatch(english, message):
                message = re.sub(english, french, message)
                break
        self.exit(2, f"{self.prog} : {message} ; voyez « {self.prog} --help ».\n")


def typed_code() -> str:
    """The recovery code, read on standard input: an argument would show it to others."""
    if is_typed():
        warn("Code de secours :")
    return given_line()


def is_typed() -> bool:
    """Whether the standard input is a terminal; UserError when it is closed."""
    if sys.stdin is None:
        raise UserError("L'entrée standard est fermée : donnez-y le code.")
    return sys.stdin.isatty()


def given_line() -> str:
    """A line of the standard input; bytes that are not UTF-8 are replaced: no code has any."""
    return sys.stdin.buffer.readline(_LINE).decode("utf-8-sig", "replace").strip()


def blank() -> argparse.Namespace:
    """The common options before any is given."""
    return argparse.Namespace(json=False, workspace=None, passphrase_file=None)


def pair(text: str) -> tuple[str, str]:
    """The two sides of an argument NAME=VALUE."""
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise argparse.ArgumentTypeError(f"« {text} » n'a pas la forme attendue, avec un « = »")
    return name.strip(), value


def given(text: str) -> str:
    """A value that is not empty, as a shell variable that is not set would make it."""
    if not text:
        raise argparse.ArgumentTypeError("la valeur est vide")
    return text


def folder(text: str) -> Path:
    """The folder that an option names; an empty value is refused, not taken for the current one."""
    return Path(given(text))


def written_file(text: str) -> Path:
    """The file that an option names to be written; « - », the standard output, is refused."""
    if text in ("", "-"):
        other = ", et non « - »" if text else ""
        raise argparse.ArgumentTypeError(f"donnez le nom d'un fichier{other}")
    return Path(text)


def named_folder(arguments: argparse.Namespace) -> Path:
    """Where a workspace is looked for: the option's, the variable's or the platform's folder."""
    return Path(arguments.workspace or default_workspace())


def folder_of(arguments: argparse.Namespace) -> Path:
    """The workspace's folder, where it is now."""
    return present(named_folder(arguments))


def passphrase_of(arguments: argparse.Namespace) -> str | None:
    """The passphrase of `--passphrase-file`, if the option was given."""
    return None if arguments.passphrase_file is None else read_secret(arguments.passphrase_file)


def read_secret(path: Path) -> str:
    """The first line of a file."""
    return read_text(path).split("\n", 1)[0].rstrip("\r")


def read_bytes(path: Path) -> bytes:
    """A file's bytes, `-` being the standard input; UserError when it cannot be read or is huge."""
    if str(path) == "-" and sys.stdin is None:
        raise UserError("L'entrée standard est fermée : donnez le nom d'un fichier.")
    try:
        with nullcontext(sys.stdin.buffer) if str(path) == "-" else path.open("rb") as stream:
            data = stream.read(MOST + 1)
    except OSError as error:
        raise UserError(f"Le fichier « {path} » ne peut être lu : vérifiez son nom.") from error
    if len(data) > MOST:
        raise UserError(f"« {path} » dépasse {MOST >> 20} Mo : coupez-le en plusieurs.")
    return data


def read_text(path: Path) -> str:
    """A file's text in UTF-8, as `read_bytes` reads it."""
    try:
        return read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(
            f"Le fichier « {path} » n'est pas du texte en UTF-8 (octet {error.start}) :"
            " enregistrez-le en UTF-8."
        ) from error


def read_json(path: Path) -> Any:
    """A file's JSON value; UserError with the place of the fault when it is broken."""
    try:
        return json_text.decode(read_bytes(path))
    except Refusal as refusal:
        where = f", champ « {refusal.field} »" if refusal.field else ""
        raise UserError(
            f"« {path} »{where} : {refusal.sentence.removesuffix('.')}, rien n'a été modifié."
        ) from refusal


def open_from(arguments: argparse.Namespace) -> Services:
    """The services over the workspace that the options name, closed when the verb is done."""
    from app.bootstrap import open_services

    services = open_services(folder_of(arguments), passphrase_of(arguments))
    arguments.closing.callback(services.close)
    return services


def emit(arguments: argparse.Namespace, document: Any, human: Callable[[], str] | str) -> None:
    """Prints the JSON document with --json, else the words for people."""
    if arguments.json:
        if not isinstance(document, msgspec.Raw):  # JSON already
            document = _spoken(msgspec.to_builtins(document))
        with _answering():
            left = memoryview(msgspec.json.encode(document) + b"\n")
            while left:  # an unbuffered output may take only a part
                left = left[sys.stdout.buffer.write(left) :]
            sys.stdout.buffer.flush()
    else:
        say(human if isinstance(human, str) else human())


def _spoken(value: Any, name: str = "") -> Any:
    """A part of a JSON document, its sentences (quotations too) made plain, its records as is."""
    if isinstance(value, dict):
        return {key: one if key in _DATA else _spoken(one, key) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_spoken(one, name) for one in value]
    return plain(value) if isinstance(value, str) and name in _SENTENCES else value


def say(text: str) -> None:
    """Prints words for people on the standard output."""
    if text:
        with _answering():
            print(text, flush=True)  # noqa: T201 - the answer


@contextmanager
def _answering() -> Iterator[None]:
    """UserError when the answer cannot be written whole; what was asked is done all the same."""
    if sys.stdout is None:
        raise UserError("La sortie standard est fermée : la réponse ne peut être donnée.")
    try:
        yield
    except OSError as error:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())  # so that flushing at exit does not fail again
        raise UserError(
            "La réponse n'a pu être écrite jusqu'au bout sur la sortie standard : vérifiez où elle"
            " va, et qu'il y reste de la place."
        ) from error


def warn(text: str) -> None:
    """Prints a message as one line on the standard error, or nowhere when that is closed."""
    if sys.stderr is not None:
        print(one_line(text), file=sys.stderr)  # noqa: T201 - the message


def progress(text: str) -> None:
    """Prints progress, on a terminal only."""
    if sys.stderr is not None and sys.stderr.isatty():
        warn(text)
