"""What a key does to formatted notes: bold, lists, the next item of a list, a phrase.

Every change is a single edit of the text, so that one undo takes it back.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.formatted_text import BLANK, BOLD, MARK, line
from app.domain.search_text import fold

_BARE_MARK = re.compile(rf"{MARK}{BLANK}*")
_COUNTED = re.compile(r"\d+|[a-y]")
_LONGEST_PREFIX = 60


@dataclass(frozen=True)
class Edit:
    """Puts `text` in the place of what stands from `start` to `end`, then selects from `anchor`.

    The cursor ends at `caret`; both are places in the new text.
    """

    start: int
    end: int
    text: str
    anchor: int
    caret: int

    def done(self, text: str) -> str:
        """The text with this edit made."""
        return text[: self.start] + self.text + text[self.end :]


def bold(text: str, start: int, end: int) -> Edit:
    """Makes the selection bold, or plain again; without one, the word that the cursor is in."""
    start, end = _word(text, start) if start == end else _trimmed(text, start, end)
    if start == end:
        return Edit(start, start, BOLD * 2, start + len(BOLD), start + len(BOLD))
    size = len(BOLD)
    chosen = text[start:end]
    if text[start - size : start] == BOLD == text[end : end + size] and start >= size:
        return Edit(start - size, end + size, chosen, start - size, end - size)
    if BOLD in chosen:
        made = chosen.replace(BOLD, "")
    else:
        made = "\n".join(_bold_line(part) for part in chosen.split("\n"))
    return Edit(start, end, made, start, start + len(made))


def bullets(text: str, start: int, end: int) -> Edit:
    """Makes items of the lines that the selection touches, or plain lines again."""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    last = len(text) if last < 0 else last
    lines = text[first:last].split("\n")
    marked = [one for one in lines if one.strip()]
    if marked and all(line(one).kind == "bullet" for one in marked):
        made = "\n".join(line(one).plain for one in lines)
    else:
        made = "\n".join(_item(one) for one in lines)
    place = first + len(made)
    return Edit(first, last, made, place, place)


def next_line(text: str, caret: int) -> Edit | None:
    """What Enter does within a list: begins its next item, or ends it when the item is empty.

    None where Enter only begins a line.
    """
    first = text.rfind("\n", 0, caret) + 1
    last = text.find("\n", caret)
    here = text[first : len(text) if last < 0 else last]
    if here and _BARE_MARK.fullmatch(here) and caret == first + len(here):
        return Edit(first, caret, "", first, first)
    read = line(here)
    if read.kind == "paragraph" or caret < first + read.spans[0].start:
        return None
    mark = _COUNTED.sub(_following, read.mark)
    return Edit(caret, caret, f"\n{mark}", caret + 1 + len(mark), caret + 1 + len(mark))


def completing(text: str, caret: int, phrases: Sequence[str]) -> tuple[int, list[str]]:
    """How many letters before the cursor begin a phrase, and the phrases that they begin.

    The longest run of words that begins a phrase counts; when none does, 0 and every phrase.
    """
    before = text[max(text.rfind("\n", 0, caret) + 1, caret - _LONGEST_PREFIX) : caret]
    for found in re.finditer(r"(?<!\w)\w", before):
        typed = before[found.start() :]
        begun = [one for one in phrases if fold(one).startswith(fold(typed))]
        if begun:
            return len(typed), begun
    return 0, list(phrases)


def written(text: str, start: int, phrase: str) -> str:
    """The phrase as it is written at a place: within a sentence, without its capital."""
    before = text[text.rfind("\n", 0, start) + 1 : start].rstrip()
    within = bool(before) and not _BARE_MARK.fullmatch(before) and before[-1] not in ".?!…"
    return (phrase[:1].lower() + phrase[1:] if within else phrase) + " "


def _word(text: str, place: int) -> tuple[int, int]:
    before = re.search(r"(?<!\w)\w*+\Z", text[:place])  # fast on a long run
    after = re.match(r"\w*", text[place:])
    return (before.start() if before else place), place + (after.end() if after else 0)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The selection without the white at its ends."""
    chosen = text[start:end]
    inner = chosen.strip()
    start += len(chosen) - len(chosen.lstrip()) if inner else 0
    return start, start + len(inner)


def _bold_line(part: str) -> str:
    """One line of a selection in bold, the mark of its item left out."""
    read = line(part)
    words = read.plain.rstrip()
    if not words or _BARE_MARK.fullmatch(part):
        return part
    return f"{read.mark}{BOLD}{words}{BOLD}"


def _following(found: re.Match[str]) -> str:
    """The number, or the letter, of the next item."""
    rank = found[0]
    return str(int(rank) + 1) if rank.isdigit() else chr(ord(rank) + 1)


def _item(one: str) -> str:
    read = line(one)
    return one if not one.strip() or read.kind == "bullet" else f"- {read.plain}"
