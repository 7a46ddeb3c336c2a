"""What a verb says, wherever its answer goes and whatever the terminal can show."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.app.cli.conftest import Runner

PLAIN = {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
"""A terminal that has only ASCII."""


def command(
    run: Runner,
    words: str,
    redirection: str,
    program: tuple[str, ...] = ("-m", "app"),
    **env: str,
) -> subprocess.CompletedProcess[bytes]:
    """A verb run by a shell, with its streams where the redirection says."""
    return subprocess.run(
        ["sh", "-c", f'exec "$0" "$@" {words} {redirection}', sys.executable, *program],
        env=os.environ | env | {"COMMISSIONS_WORKSPACE": str(run.folder)},
        capture_output=True,
        check=False,
    )


def one_sentence(answer: subprocess.CompletedProcess[bytes]) -> str:
    """The line of a verb that must exit with 1 and say one thing."""
    assert answer.returncode == 1, answer
    (line,) = answer.stderr.decode().splitlines()
    return line


@pytest.mark.parametrize("words", ["records list theme", "records list theme --json"])
def test_an_answer_that_cannot_be_written_is_told_in_one_line(run: Runner, words: str) -> None:
    assert "est fermée" in one_sentence(command(run, words, ">&-"))
    assert "jusqu'au bout" in one_sentence(command(run, words, "> /dev/full"))


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_leaves_is_told_in_one_line(run: Runner, unbuffered: str) -> None:
    words = "records list organisation --json"
    answer = command(run, words, "| head -c 9 > /dev/null", PYTHONUNBUFFERED=unbuffered)
    (line,) = answer.stderr.decode().splitlines()
    assert "jusqu'au bout" in line


def test_a_closed_input_or_error_stream_loses_nothing_else(run: Runner) -> None:
    assert "entrée standard" in one_sentence(command(run, "records put -", "<&-"))
    for words in ("unlock", "enrol https://localhost:1"):
        assert "entrée standard" in one_sentence(command(run, words, "<&-"))
    silent = command(run, "records list nothing --json", "2>&-")
    assert (silent.returncode, silent.stdout) == (1, b"")


def test_a_code_that_is_not_utf_8_is_told_in_one_line(run: Runner, tmp_path: Path) -> None:
    (tmp_path / "code").write_bytes(b"\xff\n")
    given = f"< '{tmp_path / 'code'}'"
    answer = command(run, "enrol https://localhost:1", given, LC_ALL="C.UTF-8")
    assert "localhost" in one_sentence(answer)


def test_french_is_written_whole_on_a_terminal_that_has_only_ascii(run: Runner) -> None:
    run.json("records", "put", "-", stdin='{"kind": "need", "fields": {"title": "Été"}}')
    assert "Été" in command(run, "records list need", "", **PLAIN).stdout.decode()
    assert "« rien »" in one_sentence(command(run, "records list rien", "", **PLAIN))


@pytest.mark.parametrize("code_page", ["cp1252", "cp850", "cp437", "iso8859-15"])
def test_a_windows_code_page_gets_what_looks_like_the_letters_it_lacks(
    run: Runner, code_page: str
) -> None:
    title = "L’œuvre… 1\u202f200\u202f€ → 3 ≤ 5 ŵ 東 ⅓ Ø ¤"
    run.json("records", "put", "-", stdin=f'{{"kind": "need", "fields": {{"title": "{title}"}}}}')
    told = command(run, "records list need", "", PYTHONIOENCODING=code_page).stdout
    nearest = {
        "cp1252": "L’œuvre… 1 200 € -> 3 <= 5 w \\u6771 1/3 Ø ¤",
        "cp850": "L'oeuvre... 1 200 EUR -> 3 <= 5 w \\u6771 1/3 Ø ¤",
        "cp437": "L'oeuvre... 1 200 EUR -> 3 ≤ 5 w \\u6771 1/3 \\xd8 \\xa4",
        "iso8859-15": "L'œuvre... 1 200 € -> 3 <= 5 w \\u6771 1/3 Ø \\xa4",
    }
    assert nearest[code_page] in told.decode(code_page)
    checked = command(run, "doctor", "", PYTHONIOENCODING=code_page).stdout.decode(code_page)
    assert "OK L" in checked and "\\u" not in checked


def test_a_code_saved_by_a_windows_notepad_has_no_mark_before_it(
    run: Runner, tmp_path: Path
) -> None:
    (tmp_path / "code").write_bytes("\N{ZERO WIDTH NO-BREAK SPACE}ABCD\r\n".encode())
    read = ("-c", "from app.cli.arguments import given_line; print(ascii(given_line()))")
    answer = command(run, "", f"< '{tmp_path / 'code'}'", read)
    assert answer.stdout.decode().strip() == "'ABCD'"


@pytest.mark.parametrize("word", ["besoin\nautre", "besoin\r\x1b[31m", "besoin\u2028autre"])
def test_a_quoted_argument_neither_breaks_the_line_nor_commands_the_terminal(
    run: Runner, word: str
) -> None:
    assert "« besoin" in run.refused("records", "list", word)
    misused = run("records", "list", "need", word)
    assert misused.status == 2
    assert len(misused.err.splitlines()) == 1
    assert "\x1b" not in misused.err


@pytest.mark.parametrize("words", ["search fibre --kind", "central serve --data d --workers"])
@pytest.mark.parametrize("value", ["besoin", "l'idée"])
def test_a_value_of_no_choice_is_quoted_in_french(bare: Runner, words: str, value: str) -> None:
    misused = bare(*words.split(), value)
    assert misused.status == 2
    assert f" » n'admet pas « {value} » ; voyez « commissions " in misused.err


def test_an_argument_that_is_not_utf_8_is_a_wrong_usage(run: Runner) -> None:
    misused = run("search", "\udcff")
    assert (misused.status, misused.out) == (2, "")
    assert "UTF-8" in misused.err


@pytest.mark.parametrize("words", ["records list need", "new --protect none", "doctor", "backup"])
def test_a_folder_out_of_reach_is_told_in_one_line(bare: Runner, words: str) -> None:
    bare.folder = bare.folder.with_name("x" * 300)
    assert "vérifiez ce nom" in bare.refused(*words.split())


def test_a_file_of_a_name_too_long_is_told_in_one_line(run: Runner) -> None:
    out = run.folder / ("x" * 300 + ".json")
    assert "ne peut être écrit" in run.refused("export", "--out", str(out))


@pytest.mark.parametrize("words", ["share", "records put", "records list need --passphrase-file"])
def test_a_file_without_end_is_read_to_a_bound_and_told_in_one_line(
    run: Runner, words: str
) -> None:
    assert "256 Mo" in run.refused(*words.split(), "/dev/zero")
    assert "256 Mo" in one_sentence(command(run, "share -", "< /dev/zero"))


def test_a_code_without_end_is_told_in_one_line(run: Runner) -> None:
    assert one_sentence(command(run, "enrol https://localhost:1", "< /dev/zero"))


def test_an_empty_name_is_never_the_folder_where_the_command_runs(run: Runner) -> None:
    answer = command(run, "records list need --workspace ''", "")
    assert (answer.returncode, answer.stdout) == (2, b"")
    assert "la valeur est vide" in answer.stderr.decode()


INTERRUPTED = """
import os, signal, sys

class Interruption:
    def find_spec(self, name, *_):
        if name == os.environ["INTERRUPTED_AT"]:
            os.kill(os.getpid(), signal.SIGINT)

signal.signal(signal.SIGINT, signal.default_int_handler)
sys.meta_path.insert(0, Interruption())
from app.__main__ import main
sys.exit(main())
"""
"""The command, interrupted as it comes to import the module named INTERRUPTED_AT."""


def interrupted(run: Runner, module: str) -> subprocess.CompletedProcess[bytes]:
    program = ("-c", INTERRUPTED)
    return command(run, "records list theme", "", program, INTERRUPTED_AT=module)


@pytest.mark.parametrize("module", ["app.cli", "app.cli.arguments", "app.cli.records"])
def test_an_interruption_before_the_verb_runs_shows_nothing(run: Runner, module: str) -> None:
    answer = interrupted(run, module)
    assert (answer.returncode, answer.stdout, answer.stderr) == (-signal.SIGINT, b"", b"")


def test_an_interruption_of_the_verb_is_told_in_one_line(run: Runner) -> None:
    assert one_sentence(interrupted(run, "app.bootstrap")).startswith("Interrompu")
