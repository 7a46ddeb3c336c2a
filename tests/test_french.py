"""The French that people read: in the dictionary that the program ships, and written one way."""

from __future__ import annotations

import ast
import csv
import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from app.domain import spelling
from app.services.spelling import Lexicon
from tests.test_repository import ROOT

HOLE = "0"
"""What stands in a sentence of the code where a value will: a number, which no word is."""

PAGES = (
    "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "docs/central.md",
    "docs/donnees-personnelles.md", "docs/adr/*.md", "resources/[d-w]*/README.md",
)  # fmt: skip
DATA = ("resources/templates/**/*.json", "resources/demo/*.json", "resources/retention/*.json")

KNOWN = (
    "archivable", "both", "Cci", "certbot", "chmod", "Core", "createdb", "cron", "device",
    "Dropbox", "Échap", "facilitator", "false", "Hunspell", "list", "mapshaper", "nginx", "npm",
    "null", "openssl", "passphrase", "person", "postgresql", "préc", "Qt", "root", "schemathesis",
    "suiv", "Suppr", "Synology", "systemd", "Tab", "theirs", "true",
)  # fmt: skip
"""Right words that no dictionary of French holds: keys, options, formats and programs."""

CODE = re.compile(r"\\|\(\?|[A-Z]{4,} [a-z(*?]|[*{}]|[a-z]\(|^/")
"""What patterns and queries have, and no sentence."""

CITED = re.compile(
    r"« (?:commissions [^»]*|sudo -u|\S+) »|(?<!\w)(?:--?[a-z]+(?:-[a-z]+)*|\.[a-z]{2,5}\b)"
)
"""Commands and what stands alone between quotes, options, and endings of files."""

INSTANT = re.compile(r"^\S+ \d\d:\d\d$")
"""An hour of the meeting that the demonstration plays."""

FRENCH = re.compile(
    r"[«»…éèêàùçôîœ]|\b[ldnsjc]'\w|\bqu'\w|\b(?:au|aux|ce|de|des|du|en|est|et|il|la|le|les|ne|ou|pas"
    r"|par|pour|qui|sa|se|son|sont|sur|un|une|vous)\b", re.IGNORECASE,
)  # fmt: skip
"""What a sentence of two words or more seldom lacks."""

LABEL = re.compile(r"[A-ZÀÂÇÉÈÊÎÔ][^\W\d_]+…?")
"""A button, a heading or a column, of one word."""

ENGLISH = ("app/central/openapi.py", "app/central/metrics.py", "ui/words/french.py", "ui/theme.py")
"""The protocol's own document and figures, what Qt says in English, and the faces of a font."""


class Text(NamedTuple):
    """Some French, and the file that it is written in."""

    file: str
    words: str


@cache
def lexicon() -> Lexicon:
    with (ROOT / "resources/territory/communes.csv").open(encoding="utf-8") as file:
        return Lexicon((row["nom"] for row in csv.DictReader(file)), KNOWN)


@cache
def sentences() -> list[Text]:
    """What the code says in French: in the window labels too, elsewhere two words or more."""
    files = [path for folder in ("app", "ui") for path in sorted((ROOT / folder).rglob("*.py"))]
    found = [Text(named(path), words) for path in files for words in literals(path)]
    return [
        one
        for one in found
        if one.file not in ENGLISH
        and (
            is_french(without_code(one.words))
            or (one.file.startswith("ui/") and LABEL.fullmatch(one.words))
        )
    ]


@cache
def texts() -> list[Text]:
    """What the code says, the pages, and the texts that are shipped."""
    pages = [Text(named(path), prose(path)) for path in chosen(PAGES)]
    data = [
        Text(named(path), words)
        for path in chosen(DATA)
        for words in strings(json.loads(path.read_text("utf-8")))
        if " " in words and not INSTANT.search(words)
    ]
    return [*sentences(), *pages, *data]


def chosen(patterns: Iterable[str]) -> list[Path]:
    return [path for pattern in patterns for path in sorted(ROOT.glob(pattern))]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def literals(path: Path) -> Iterator[str]:
    """The texts in a module's code, its docstrings apart."""
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Expr | ast.JoinedStr):
            for child in ast.iter_child_nodes(node):
                yield from said(child)


def said(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(
            str(one.value) if isinstance(one, ast.Constant) else HOLE for one in node.values
        )


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for one in value.values() if isinstance(value, dict) else value:
            yield from strings(one)


def prose(path: Path) -> str:
    """A page without its code, its links' targets and what it says in English."""
    page = path.read_text("utf-8").partition("**In English.**")[0]
    page = re.sub(r"```.*?```", "", page, flags=re.DOTALL)
    return re.sub(r"`[^`]*`|\]\([^)]*\)|<http[^>]*>", HOLE, page).replace("**", "")


def without_code(words: str) -> str:
    """The text without the commands, options, names and endings of files that it quotes."""
    return CITED.sub(HOLE, words.replace("&", ""))


def is_french(words: str) -> bool:
    """Whether a text is in French: by its small words, or as a label whose words are known."""
    read = list(spelling.words(words))
    if len(read) < 2 or CODE.search(words):
        return False
    most_known = 2 * sum(1 for _ in lexicon().unknown(words)) <= len(read)
    return most_known and (bool(FRENCH.search(words)) or words[0].isupper())


def test_every_word_is_in_the_dictionary() -> None:
    unknown = {
        f"{one.file} : {word.text}"
        for one in texts()
        for word in lexicon().unknown(without_code(one.words))
    }
    assert unknown == set(), "spell it as the dictionary does, or add it to KNOWN"


@pytest.mark.parametrize(
    ("pattern", "wrong", "advice"),
    [
        (r"\.\.\.", "Choisir...", "an ellipsis is one character: …"),
        (r"[\w)»][;:!?](?:\s|$)", "Lieu: mairie", "a space stands before ; : ! ?"),
        (r"«\S|\S»", "«Lieu»", "a space stands inside « »"),
        (r"\w [.,](?:\s|$)", "la fin .", "none stands before . and ,"),
        (r"[a-zé,;:] {2,}[a-zé]", "la  fin", "one space is enough"),
        (r"\w - \w", "Saulieu - Morvan", "a dash is –"),
        (r"[“”‘’]", "l’accueil", "an apostrophe is straight, what is quoted stands in « »"),
        (r"\w !", "Bravo !", "nothing exclaims"),
        (r"\b\d{1,2}h\b|\b\d{1,2} h \d\b", "à 18h", "an hour is 18 h 05"),
        (r"\b1 (?:jan|fév|mars|avr|mai|juin|juil|août|sept|oct|nov|déc)", "1 mai", "it is 1er"),
        (r"\d[€%]|\b\d{5,}(?= (?:€|habitants|communes)\b)", "20%", "1 200 €, 12,5 %"),
        (r"(?<![-\w])(?:[DdLlNnSs]e|[Ll]a|[Qq]ue) (?!une? à|onze|oui\b)[aàâeéèêëiîïoôuûœ]\w",
         "de ici", "de, la, le, ne, que and se are elided"),
        (r"\b(?:[Dd]e|[Àà]) les? (?!\w+[eoi][ir]r?e?\b)[a-z]", "de le lieu", "du, des, au, aux"),
        (r"\betc\b|\w\(s\)", "besoin(s)", "say the words whole"),
    ],
)  # fmt: skip
def test_french_is_set_alike_everywhere(pattern: str, wrong: str, advice: str) -> None:
    wanted = re.compile(pattern)
    assert wanted.search(wrong)
    assert found(wanted, texts()) == [], advice


@pytest.mark.parametrize(
    ("other", "word", "elsewhere"),
    [
        (r"clefs?", "clé", ()),
        (r"e-?mails?|adresses? électroniques?", "courriel", ("app/exchange/titles.py",)),
        (r"histoires?", "historique", ()),
        (
            r"(?<!\.)sauvegardes?",
            "copie",
            ("app/central", "app/cli/central", "app/services/erasure.py"),
        ),
        (r"téléverse\w+|uploade\w+", "envoyer", ()),
        (r"ce poste|cette machine", "cet ordinateur", ()),
        (r"réunions?|comptes?[- ]rendus?", "séance, procès-verbal", ()),
        (r"(?:vote|mode de vote) secret|mode de vote", "scrutin", ()),
        (r"rebâti\w+|régénér\w+", "reconstruire", ()),
        (r"répond à ces? (?:filtre|lettres|mots)", "ne correspond à", ()),
        (r"valide[rz]|cliquez|sélectionne[rz]", "enregistrer, choisir", ()),
    ],
)
def test_one_word_says_one_thing(other: str, word: str, elsewhere: tuple[str, ...]) -> None:
    wanted = re.compile(rf"\b(?:{other})\b", re.IGNORECASE)
    here = [one for one in sentences() if not one.file.startswith(elsewhere)]
    assert found(wanted, here) == [], f"say « {word} »"


def found(wanted: re.Pattern[str], among: Iterable[Text]) -> list[str]:
    return [
        f"{one.file} : {line.strip()}"
        for one in among
        for line in without_code(one.words).splitlines()
        if wanted.search(line)
    ]
