"""Light formatting: what is bold, what is a list, and everything else as it was typed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.formatted_text import blocks, line, lines

TYPED = st.text("*- \n1.a)–•\té<b>&", max_size=60) | st.text(max_size=60)


@pytest.mark.parametrize(
    ("typed", "kind", "runs"),
    [
        ("Un **mot** gras.", "paragraph", [("Un ", False), ("mot", True), (" gras.", False)]),
        ("- Sauvegarde", "bullet", [("Sauvegarde", False)]),
        ("12. **Douze**", "number", [("Douze", True)]),
        ("2 ** 3 et 4 ** 5", "paragraph", [("2 ** 3 et 4 ** 5", False)]),
        ("**sans fin", "paragraph", [("**sans fin", False)]),
        ("<b>&amp;</b>", "paragraph", [("<b>&amp;</b>", False)]),
        ("– Sauvegarde", "bullet", [("Sauvegarde", False)]),
        ("•\tcollé de Word", "bullet", [("collé de Word", False)]),
        ("  - en retrait", "bullet", [("en retrait", False)]),
        ("1) Un", "number", [("Un", False)]),
        ("a) Premier", "letter", [("Premier", False)]),
        ("-5 degrés", "paragraph", [("-5 degrés", False)]),
        ("2027. Une année", "paragraph", [("2027. Une année", False)]),
        ("A. Martin", "paragraph", [("A. Martin", False)]),
        ("(a) cité", "paragraph", [("(a) cité", False)]),
        ("- ", "paragraph", [("- ", False)]),
        ("****", "paragraph", [("****", False)]),
        ("", "paragraph", []),
    ],
)
def test_a_line_is_formatted_by_its_marks_alone(
    typed: str, kind: str, runs: list[tuple[str, bool]]
) -> None:
    read = line(typed)
    assert (read.kind, list(read.runs)) == (kind, runs)


@given(TYPED)
def test_no_letter_is_lost_but_the_marks(typed: str) -> None:
    for one in lines(typed):
        places = [0, *(place for span in one.spans for place in (span.start, span.end))]
        left_out = [
            one.text[start:end]
            for start, end in zip(places[::2], [*places[1::2], len(one.text)], strict=False)
        ]
        mark, *inside = left_out
        assert one.text == one.mark + one.plain
        assert mark in (one.mark, f"{one.mark}**"), one
        assert re.fullmatch(r"(\s*([-–•]|\d{1,3}[.)]|[a-z]\))\s+)?", one.mark), one
        assert set("".join(inside)) <= {"*"}, one
    assert "\n".join(one.text for one in lines(typed)) == typed


@given(st.text("* ab", max_size=30))
def test_bold_is_what_a_plain_expression_finds(typed: str) -> None:
    typed = re.sub(r"\*{3,}", "**", typed)  # a row of stars has no one meaning
    expected = re.findall(r"\*\*(?=\S)(.+?)(?<=\S)\*\*", typed)
    assert [words for words, bold in line(typed).runs if bold] == expected


@given(TYPED)
def test_the_blocks_hold_every_line_once(typed: str) -> None:
    assert [one for _, members in blocks(typed) for one in members] == list(lines(typed))


def test_a_blank_line_parts_two_lists() -> None:
    kinds = [(kind, len(members)) for kind, members in blocks("- a\n- b\n\n- c\n1. d\n2. e")]
    assert kinds == [("bullet", 2), ("paragraph", 1), ("bullet", 1), ("number", 2)]
