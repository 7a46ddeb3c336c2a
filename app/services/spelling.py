"""Spelling: the words of a text that no dictionary knows, and what was meant."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from app.domain import spelling
from app.domain.findings import Finding
from app.domain.meeting_file import MeetingFile
from app.domain.names import item_name
from app.domain.naming import Naming
from app.domain.records import Record
from app.domain.search_text import fold
from app.domain.spelling import Word
from app.domain.wording import count, listed
from app.paths import resources
from app.services.settings import KNOWN_WORDS, Settings
from app.services.translation import translated
from app.storage.unit_of_work import UnitOfWork
from app.storage.workspace import Workspace

_MOST = 5
"""Words proposed in the place of another, or named in one finding."""

_LONGEST = 25
"""Letters of a word in which accents are looked for."""

_NAMES = """
    SELECT fields ->> 'name' FROM record JOIN content ON content.n = record.n
        WHERE kind IN ('organisation', 'commission') AND deleted = 0
    UNION SELECT fields ->> 'first_name' FROM record JOIN content ON content.n = record.n
        WHERE kind = 'person' AND deleted = 0
    UNION SELECT fields ->> 'last_name' FROM record JOIN content ON content.n = record.n
        WHERE kind = 'person' AND deleted = 0
    UNION SELECT fields ->> 'provider' FROM record JOIN content ON content.n = record.n
        WHERE kind = 'solution' AND deleted = 0
"""


class Lexicon:
    """The shipped dictionary, the names of a workspace, and the words that its user added.

    A word with a capital inside a sentence is taken for a name. Threads may share the dictionary: a
    call to it holds the interpreter's lock until it returns.
    """

    def __init__(self, names: Iterable[str], added: Iterable[str]) -> None:
        self._dictionary = _dictionary()
        self._names = {part for name in names for part in _pieces(name)}
        self._folded = {fold(part): part for part in self._names}
        self._added: set[str] = set()
        self._judged: dict[str, bool] = {}
        self.learn(added)

    def learn(self, words: Iterable[str]) -> None:
        """Counts words as known from here on."""
        self._added.update(spelling.bare(spelling.plain(word)) for word in words)
        self._judged.clear()

    def unknown(self, text: str) -> Iterator[Word]:
        """The words that may be misspelt, in the order of the text."""
        return (word for word in spelling.words(text) if not self._knows(word))

    def proposals(self, word: str) -> list[str]:
        """What may have been meant by a word, likeliest first; at the most five."""
        plain = spelling.plain(word)
        bare = spelling.bare(plain)
        elided = plain[: len(plain) - len(bare)]
        named = self._folded.get(fold(bare))
        found = [elided + named] if named else []
        found += [elided + one for one in self._hurried(bare)]
        suggest = self._dictionary.suggest
        whole = map(spelling.plain, suggest(plain))
        kept = [one[len(elided) :] for one in whole if one.casefold().startswith(elided.casefold())]
        found += [elided + one for one in kept or (suggest(bare) if elided else ())]
        apostrophe = "’" if "’" in word else "'"
        return list(dict.fromkeys(one.replace("'", apostrophe) for one in found))[:_MOST]

    def _hurried(self, bare: str) -> list[str]:
        """The known words whose accents or apostrophe were left out, which Hunspell may miss."""
        tried = spelling.hurried(bare) if len(bare) <= _LONGEST else ()
        return [one for one in tried if self._judge(one)]

    def _knows(self, word: Word) -> bool:
        plain = spelling.plain(word.text)
        bare = spelling.bare(plain)
        if bare[:1].isupper() and not (word.opens and bare == plain):
            return True
        if plain not in self._judged:
            self._judged[plain] = self._judge(plain)
        return self._judged[plain]

    def _judge(self, plain: str) -> bool:
        bare = spelling.bare(plain)
        return self._holds(plain) or self._holds(bare) or all(map(self._holds, _long(bare)))

    def _holds(self, word: str) -> bool:
        known = {word, word[:1].lower() + word[1:]}
        if not (known.isdisjoint(self._added) and known.isdisjoint(self._names)):
            return True
        return bool(self._dictionary.spell(word))


class Spelling:
    """Reads what a workspace knows of words, and keeps what its user adds to it."""

    def __init__(self, workspace: Workspace, settings: Settings) -> None:
        self.workspace = workspace
        self.settings = settings

    def read(self) -> Lexicon:
        """The lexicon as it now stands."""
        with self.workspace.snapshot() as records:
            names = [name for (name,) in records.rows(_NAMES) if isinstance(name, str)]
        return Lexicon(names, self.words())

    def findings(self, file: MeetingFile) -> list[Finding]:
        """The unknown words of what the minutes of a meeting will say, field by field."""
        lexicon, found = self.read(), []
        for what, record_id, field, text in _texts(file):
            unknown = [word.text for word in lexicon.unknown(text)]
            if unknown:
                found.append(Finding(f"{what} : {_quoted(unknown)}.", record_id, field))
        return found

    def words(self) -> list[str]:
        """The words that were added, in the order of the alphabet."""
        found: list[str] = self.settings.get(KNOWN_WORDS)
        return found

    def keep(self, words: Iterable[str]) -> None:
        """Replaces the words that were added with these."""
        self.settings.set(KNOWN_WORDS, _listed(words))

    def add(self, word: str) -> None:
        """Keeps one word more, beside those that another program of this workspace adds."""
        with translated(self.workspace), self.workspace.unit() as unit:
            unit.set_setting(KNOWN_WORDS, _listed([*unit.setting(KNOWN_WORDS, []), word]))
            unit.commit()


def _listed(words: Iterable[str]) -> list[str]:
    """The words in the order of the alphabet, each once."""
    return sorted({word.strip() for word in words} - {""}, key=fold)


def unlearn(unit: UnitOfWork, naming: Naming) -> None:
    """Removes a person's names, former ones too, from the words that were added."""
    names = (naming.person.first_name, naming.person.last_name)
    gone = {fold(part) for name in names for part in _pieces(name)}
    words: list[str] = unit.setting(KNOWN_WORDS, [])
    left = [
        word
        for word in words
        if gone.isdisjoint(map(fold, _pieces(word))) and not naming.may_name(word)
    ]
    if left != words:
        unit.set_setting(KNOWN_WORDS, left)


@cache
def _dictionary() -> Any:
    """Hunspell with the shipped dictionaries, opened once per process; it takes 0.2 s."""
    from hunspell import Hunspell

    folder = resources() / "spelling"
    made = Hunspell("fr", str(folder), system_encoding=sys.getfilesystemencoding())
    made.add_dic(str(folder / "territorial.dic"))
    return made


def _texts(file: MeetingFile) -> Iterator[tuple[str, str, str, str]]:
    """(what it is, record id, field, text) of each text of the minutes, item by item."""
    parts: list[tuple[Record[Any], str, str]] = [
        *((one, "question", "vote") for one in file.ballots),
        *((one, "text", "décision") for one in file.decisions),
        *((one, "text", "suite à donner") for one in file.actions),
        *((one, "title", "titre du besoin") for one in file.needs),
        *((one, "words", "paroles") for one in file.needs),
    ]
    for item in file.items:
        name = item_name(item)
        yield name, item.id, "title", item.fields.title
        yield f"{name}, notes", item.id, "notes", item.fields.notes
        for one, field, what in parts:
            if one.fields.agenda_item_id == item.id:
                yield f"{name}, {what}", one.id, field, getattr(one.fields, field)


def _quoted(words: list[str]) -> str:
    named = [f"« {word} »" for word in dict.fromkeys(words)]
    if len(named) > _MOST + 1:
        named[_MOST:] = [count(len(named) - _MOST, "autre")]
    return listed(named)


def _pieces(name: str) -> list[str]:
    return [part for word in spelling.plain(name).split() for part in _long(word)]


def _long(word: str) -> list[str]:
    """The parts of a word, without single letters such as elided ones, if any is longer."""
    return [part for part in spelling.parts(word) if len(part) > 1] or [word]
