"""Which column of a table holds which field: guessed from its heading, or as told."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise, zip_longest

from app.domain.refusals import Refusal
from app.domain.search_text import fold, spaced
from app.domain.validation import is_id
from app.exchange import titles
from app.exchange.cells import NO, YES, Shape, shape
from app.exchange.sheet import MOST_TITLES, Sheet, under
from app.exchange.titles import ALTERNATES, SEAT, WHOLE_NAMES, columns_of, said, synonyms, title

Columns = dict[str, int]
"""The rank of the column that holds each of `columns_of`."""

_SURE = 2

_OF_COMMUNES = ("code commune", "code insee", "insee", "n insee", "prenom", "civilite", "fonction")
"""How a folded heading begins beside which « Nom » is somebody's and « Commune » names the line's
organisation, as it does before « Nom »; else that may be the seat of a syndicate called as « Nom »
says.
"""

_COMMUNE = [("name", "commune"), ("name", "nom de la commune")]

_ASIDE = re.compile(r"\([^)]*\)")


def headed(kind: str, sheet: Sheet, told: Mapping[str, str]) -> Sheet:
    """The table under whichever of its first lines names most fields, those `told` included.

    This passes over a title of several cells, and joins headings of two levels. A line must name
    two fields to be taken for the headings in place of the first; but where that names none, they
    are a line of one cell that was taken for a title, if it names a field.
    """
    lines = [sheet.written(), *(row.cells for row in sheet.rows[:MOST_TITLES])]
    below = [_together(above, each) for above, each in pairwise(lines)]
    wanted = set(map(spaced, told.values()))

    def named(names: Sequence[str]) -> int:
        return len(_recognised(kind, names, {})) + len(wanted.intersection(map(spaced, names)))

    known = [named(names) for names in (sheet.headings, *below)]
    called = {spaced(name) for names in _names(kind) for _, name in names}
    for rank, cells in enumerate(
        lines[1:] if not told else (), 1
    ):  # a line of known names alone, as « NOM Prénom », beats a first line that names as many
        if known[rank] == known[0] and called.issuperset({*map(spaced, cells)} - {""}):
            known[rank] += 1
    best = known.index(max(known))
    if best > 0 and known[best] >= _SURE:
        return under(below[best - 1], sheet.rows[best:])._replace(notes=sheet.notes)
    for rank, row in enumerate(sheet.titled if known[0] == 0 else (), 1):
        if named(row.cells):
            rows = [*sheet.titled[rank:], *sheet.rows]
            return under(row.cells, rows)._replace(notes=sheet.notes)
    return sheet


def _together(above: Sequence[str], names: Sequence[str]) -> list[str]:
    """Joins headings of two levels: an empty cell of the second takes the one above it, and a name
    that stands under several is told apart, as « Nom (Suppléant) ».
    """
    cells = list(zip_longest(names, above, fillvalue=""))
    groups: list[str] = []
    for _, over in cells:
        groups.append(over.strip() or (groups[-1] if groups else ""))
    keys = [spaced(name) for name, _ in cells]
    standing = Counter(keys)
    apart = Counter(key for key, group in set(zip(keys, groups, strict=True)) if key and group)
    return [
        f"{name.strip()} ({group})" if 1 < standing[key] == apart[key] else name.strip() or over
        for (name, over), group, key in zip(cells, groups, keys, strict=True)
    ]


def guess(kind: str, headings: Sequence[str], told: Mapping[str, str]) -> Columns:
    """The columns told as {field: heading}, and the others whose heading names a field.

    A heading names a field by its French title, its field name or a synonym, with or without its
    words in brackets; the first column wins, or the first that says whose field it is, as « Nom du
    délégué » does. Raises Refusal when a field or a heading that was told does not exist, or when
    no column is known.
    """
    columns = {field: _told(kind, headings, field, heading) for field, heading in told.items()}
    columns |= _recognised(kind, headings, columns)
    if not columns:
        raise Refusal(
            "aucune colonne n'est reconnue : donnez-les par --map CHAMP=COLONNE, la première ligne"
            f" du tableau étant ses titres ({', '.join(headings)[:200]})."
        )
    return dict(sorted(columns.items(), key=lambda item: item[1]))


def _recognised(kind: str, headings: Sequence[str], told: Columns) -> Columns:
    """The columns told, and those whose heading names another field."""
    columns = dict(told)
    backwards = list(enumerate(_with_alternates(kind, headings)))[::-1]
    own = [(rank, each) for rank, each in backwards if not titles.is_alternate(kind, each)]
    ranks = {spaced(_ASIDE.sub(" ", heading)): rank for rank, heading in own}
    ranks |= {spaced(heading): rank for rank, heading in own}
    ranks |= {
        name: rank
        for rank, each in backwards
        if (name := said(kind, each)) != spaced(each) or (rank, each) not in own
    }
    of_communes = any(name.startswith(_OF_COMMUNES) for name in ranks)
    of_communes |= any(name in ranks and ranks[name] < ranks.get("nom", 0) for _, name in _COMMUNE)
    surest = [_COMMUNE] if kind == "organisation" and of_communes else []
    for names in (*surest, *_names(kind)):
        for field, name in names:
            rank = ranks.get(spaced(name))
            if _doubles(field, columns):
                continue
            if rank is not None and field not in columns and rank not in columns.values():
                columns[field] = rank
    return columns


def _with_alternates(kind: str, headings: Sequence[str]) -> list[str]:
    """The headings, where those repeated to the right of a deputy's become the deputy's too."""
    names = list(headings)
    of_deputies = [rank for rank, each in enumerate(names) if titles.is_alternate(kind, each)]
    if of_deputies:
        before = {spaced(each) for each in names[: of_deputies[0]]} - {""}
        for rank in range(of_deputies[0] + 1, len(names)):
            if spaced(names[rank]) in before:
                names[rank] += " du suppléant"
    return names


def _doubles(field: str, columns: Columns) -> bool:
    """Whether a field of whole names would only repeat the names of another column."""
    whose = "alternate_" if field in ALTERNATES else ""
    names = [f"{whose}{name}" for name in WHOLE_NAMES]
    return field in names and not columns.keys().isdisjoint((f"{whose}last_name", *names))


def parted(columns: Columns) -> Columns:
    """The columns, less last and first names where the same persons have one of whole names."""
    parts = {
        f"{whose}{part}"
        for whose in ("", "alternate_")
        if not columns.keys().isdisjoint(f"{whose}{name}" for name in WHOLE_NAMES)
        for part in ("last_name", "first_name")
    }
    return {field: rank for field, rank in columns.items() if field not in parts}


def with_flags(columns: Columns, sheet: Sheet) -> Columns:
    """The columns; one of deputies' names that only says yes or no becomes the `SEAT` column."""
    found = dict(columns)
    for field in columns.keys() & {f"alternate_{name}" for name in WHOLE_NAMES}:
        said = {fold(row.cells[columns[field]].strip()) for row in sheet.rows} - {""}
        if said and said <= YES | NO:
            found.setdefault(SEAT, found.pop(field))
    return found


def with_identifiers(kind: str, columns: Columns, sheet: Sheet, told: Iterable[str]) -> Columns:
    """The columns without those guessed (not `told`) to hold identifiers that hold words alone: a
    list exported from the window names a meeting by its day.
    """

    def worded(rank: int) -> bool:
        filled = [text for row in sheet.rows if (text := row.cells[rank].strip())]
        return bool(filled) and not any(map(is_id, filled))

    guessed = set(titles.fields_of(kind)).difference(told)
    named = {field for field in guessed if shape(kind, field) is Shape.REFERENCE}
    return {
        field: rank for field, rank in columns.items() if field not in named or not worded(rank)
    }


def overlooked(headings: Sequence[str], columns: Columns) -> list[str]:
    """The headings of columns that are not read because another of the same heading is."""
    read = set(columns.values())
    names = {spaced(headings[rank]) for rank in read} - {""}
    again = [each for rank, each in enumerate(headings) if rank not in read]
    return list(dict.fromkeys(each for each in again if spaced(each) in names))


def unread(headings: Sequence[str], columns: Columns) -> list[str]:
    """The headings of the columns that no field takes, except those of `overlooked`."""
    left = [each for rank, each in enumerate(headings) if rank not in columns.values()]
    said = overlooked(headings, columns)
    return [each for each in left if each.strip() and each not in said]


def _names(kind: str) -> Iterable[list[tuple[str, str]]]:
    """The names of every field, in lists from the surest to the least sure."""
    fields = columns_of(kind)
    yield [(field, title(kind, field)) for field in fields]
    yield [(field, field) for field in fields]
    yield [(field, name) for field in fields for name in synonyms(kind, field)]
    yield [
        (field, f"{name} du suppléant")
        for field in fields
        for name in synonyms(kind, ALTERNATES.get(field, ""))
    ]


def _told(kind: str, headings: Sequence[str], field: str, heading: str) -> int:
    if field not in columns_of(kind):
        raise Refusal(f"le genre « {kind} » n'a pas de champ « {field[:60]} ».")
    for wanted, found in ((heading, list(headings)), (spaced(heading), map(spaced, headings))):
        ranks = [rank for rank, each in enumerate(found) if each == wanted]
        if ranks:
            return ranks[0]
    raise Refusal(
        f"le tableau n'a pas de colonne « {heading[:60]} » : il a {', '.join(headings)[:200]}."
    )
