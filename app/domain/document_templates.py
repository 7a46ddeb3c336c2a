"""Document templates: the order of sections, their headings, phrases and signature blocks.

A template is data. One that is broken is refused by a sentence that names the template, the place
and what to do; `field` of the refusal is the same place as a path, `sections[2].text`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

import msgspec

from app.domain.document_kinds import KINDS, SectionKind
from app.domain.json_object import JsonObject
from app.domain.json_text import decode
from app.domain.records import Part
from app.domain.refusals import Refusal
from app.domain.wording import listed

Value = str | tuple[str, ...]
"""What a variable stands for: words, or the names of several people."""

Values = Mapping[str, Value]

MOST_BYTES = 200_000
MOST_HEADING, MOST_PHRASE, MOST_SIGNERS = 200, 5_000, 4

_VARIABLE = re.compile(r"\{([^{}]*)\}")
_RANK = re.compile(r"sections\[(\d+)\](?:\.signers\[(\d+)\])?")
_WORDS = {
    "heading": "titre", "text": "texte", "signers": "signatures", "role": "qualité",
    "name": "nom", "shown": "présence", "kind": "genre", "sections": "sections",
}  # fmt: skip


class Signer(Part, frozen=True, kw_only=True):
    """A signature block: the capacity in which one signs, and the name, often a variable."""

    role: str
    name: str = ""


class Section(Part, frozen=True, kw_only=True):
    """A part of a document; one that is not `shown` keeps its words for later."""

    name: str
    heading: str = ""
    text: str = ""
    signers: tuple[Signer, ...] = ()
    shown: bool = True


class Template(Part, frozen=True, kw_only=True):
    """The sections of a kind of document, in their order."""

    kind: str
    sections: tuple[Section, ...]

    def shown(self) -> Iterator[Section]:
        return (section for section in self.sections if section.shown)


def written(template: Template) -> bytes:
    """The template as a JSON file that people can read."""
    return msgspec.json.format(msgspec.json.encode(template), indent=2) + b"\n"


def read(kind: str, data: bytes) -> Template:
    """The template of a JSON file, for a kind of document; Refusal when it is broken."""
    names: list[str] = []
    try:
        if len(data) > MOST_BYTES:
            raise Refusal("le fichier est trop grand.")
        found = JsonObject(decode(data), "", ("kind", "sections"))
        template = _template(kind, found, names)
    except Refusal as refusal:
        raise _placed(kind, refusal, names) from refusal
    return checked(template)


def checked(template: Template) -> Template:
    """The same template, its words normalised; Refusal when a document could not follow it."""
    names = [section.name for section in template.sections]
    try:
        sections = tuple(
            _section(template.kind, section, f"sections[{rank}]")
            for rank, section in enumerate(template.sections)
        )
        _whole(template.kind, sections)
    except Refusal as refusal:
        raise _placed(template.kind, refusal, names) from refusal
    return Template(kind=template.kind, sections=sections)


def completed(template: Template, shipped: Template) -> Template:
    """The template, with the sections that it lacks added from the shipped one but not shown."""
    known = {section.name for section in template.sections}
    missing = (one for one in shipped.sections if one.name not in known)
    rest = (msgspec.structs.replace(one, shown=False) for one in missing)
    return msgspec.structs.replace(template, sections=(*template.sections, *rest))


def filled(words: str, values: Values) -> str:
    """The words with the variables replaced; a line with a variable of no value is left out."""
    said = {name: _said(value) for name, value in values.items()}
    lines = []
    for line in words.split("\n"):
        names = _VARIABLE.findall(line)
        if all(said.get(name, "").strip() for name in names):
            lines.append(_VARIABLE.sub(lambda found: said[found[1]], line))
    return "\n".join(lines)


def each_filled(words: str, values: Values) -> list[str]:
    """The words filled once for each person whom a variable stands for; else once."""
    for name in _VARIABLE.findall(words):
        people = values.get(name)
        if isinstance(people, tuple) and people:
            return [line for one in people for line in each_filled(words, {**values, name: one})]
    return [filled(words, values)]


def _said(value: Value) -> str:
    return listed(value) if isinstance(value, tuple) else value


def _template(kind: str, found: JsonObject, names: list[str]) -> Template:
    if found.text("kind") != kind:
        raise found.refusal("kind", f"il faut « {kind} ».")
    sections = []
    known = ("name", "heading", "text", "signers", "shown")
    for one in found.children("sections", known):
        name = one.choice("name", tuple(KINDS[kind].sections))
        names.append(name)
        signers = tuple(
            Signer(role=signer.text("role", ""), name=signer.text("name", ""))
            for signer in one.children("signers", ("role", "name"))
        )
        heading, text = one.text("heading", ""), one.text("text", "")
        shown = one.flag("shown", True)
        sections.append(
            Section(name=name, heading=heading, text=text, signers=signers, shown=shown)
        )
    return Template(kind=kind, sections=tuple(sections))


def _section(kind: str, section: Section, path: str) -> Section:
    rules = KINDS[kind].sections[section.name]
    heading = _words(kind, section.heading, f"{path}.heading", MOST_HEADING, one_line=True)
    text = _words(kind, section.text, f"{path}.text", MOST_PHRASE)
    if rules.heading == "yes" and not heading:
        raise Refusal("le titre manque, écrivez-en un.", field=f"{path}.heading")
    if rules.required and not section.shown:
        raise Refusal("cette section ne peut pas être retirée, cochez-la.", field=path)
    return msgspec.structs.replace(
        section, heading=heading if rules.heading != "no" else "", text=text if rules.text else "",
        signers=_signers(kind, rules, section, path),
    )  # fmt: skip


def _signers(kind: str, rules: SectionKind, section: Section, path: str) -> tuple[Signer, ...]:
    if not rules.signers:
        return ()
    if not 0 < len(section.signers) <= MOST_SIGNERS:
        sentence = f"il faut de une à {MOST_SIGNERS} signatures."
        raise Refusal(sentence, field=f"{path}.signers")
    signers = []
    for rank, signer in enumerate(section.signers):
        place = f"{path}.signers[{rank}]"
        role = _words(kind, signer.role, f"{place}.role", MOST_HEADING, one_line=True)
        name = _words(kind, signer.name, f"{place}.name", MOST_HEADING, one_line=True)
        if not role and not name:
            raise Refusal("la qualité manque, écrivez-la.", field=f"{place}.role")
        signers.append(Signer(role=role, name=name))
    return tuple(signers)


def _words(kind: str, words: str, path: str, most: int, *, one_line: bool = False) -> str:
    """The words in NFC and without white at their ends."""
    words = unicodedata.normalize("NFC", words.replace("\r\n", "\n")).strip()
    if len(words) > most:
        raise Refusal(f"il ne peut compter que {most} caractères, raccourcissez-le.", field=path)
    if one_line and "\n" in words:
        raise Refusal("il tient sur une ligne, retirez le retour.", field=path)
    for name in _VARIABLE.findall(words):
        if name not in KINDS[kind].variables:
            raise Refusal(_unknown(name, KINDS[kind].variables), field=path)
    if set("{}") & set(_VARIABLE.sub("", words)):
        raise Refusal("une accolade y est seule, fermez-la ou retirez-la.", field=path)
    return words


def _unknown(name: str, variables: Mapping[str, str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, variables, 1)
    instead = f"écrivez {{{near[0]}}}" if near else "choisissez-en une de la liste"
    return f"la variable {{{name[:40]}}} n'existe pas, {instead} ou retirez-la."


def _whole(kind: str, sections: tuple[Section, ...]) -> None:
    names = [section.name for section in sections]
    for rank, name in enumerate(names):
        if name in names[:rank]:
            raise Refusal("elle est là deux fois, retirez-en une.", field=f"sections[{rank}]")
    for name, rules in KINDS[kind].sections.items():
        if rules.required and name not in names:
            raise Refusal(f"la section « {rules.label} » manque, ajoutez-la.", field="sections")


def _placed(kind: str, refusal: Refusal, names: list[str]) -> Refusal:
    """The refusal with the template and the place named in its sentence."""
    where = [f"Modèle « {KINDS[kind].label} »"]
    path = refusal.field
    if found := _RANK.match(path):
        rank = int(found[1])
        name = names[rank] if rank < len(names) else ""
        rules = KINDS[kind].sections.get(name)
        where.append(f"section « {rules.label} »" if rules else f"section n° {rank + 1}")
        if found[2]:
            where.append(f"signature n° {int(found[2]) + 1}")
        path = path[found.end() :].lstrip(".")
    if path:
        where.append(_WORDS.get(path, f"« {path[:60]} »"))
    return Refusal(f"{', '.join(where)} : {refusal.sentence}", field=refusal.field)
