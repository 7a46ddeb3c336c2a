"""What an erasure took out of texts, told from the texts alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.erasure import ERASED, taken_out, with_names_out, without


@pytest.mark.parametrize(
    ("base", "written", "erased", "merged"),
    [
        ("Site de M. Roy", "Nouveau site de M. Roy", "Site de {}", "Nouveau site de {}"),
        ("Roy tombe. Roy part.", "Roy tombe. Roy part tôt.", "{} tombe. {} part.",
         "{} tombe. {} part tôt."),
        ("M. Roy et Mme Roy-Durand", "M. Roy, Mme Roy-Durand", "{} et Mme Roy-Durand",
         "{}, Mme Roy-Durand"),
        ("M. Roy, Anne Roy", "Anne Roy, M. Roy", "{}, {}", "{}, {}"),
        ("{} et M. Roy", "M. Roy et {}", "{} et {}", "{} et {}"),
        ("M. Roy et Paul", "{} et Paul", "M. Roy et {}", "{} et {}"),
        ("Voir {} 0380.", "Voir {} 0380 demain.", "Voir {} {}.", "Voir {} {} demain."),
        ("Par a@x.fr.", "Par a@x.fr ou b.a@x.fr.", "Par {}.", "Par {} ou b.a@x.fr."),
    ],
)  # fmt: skip
def test_what_an_erasure_took_out_goes_from_what_was_written_meanwhile(
    base: str, written: str, erased: str, merged: str
) -> None:
    base, written, erased, merged = (
        one.format(ERASED, ERASED) for one in (base, written, erased, merged)
    )
    assert with_names_out(base, written, erased) == merged
    assert with_names_out(base, erased, written) == merged


@pytest.mark.parametrize(
    ("base", "written", "other"),
    [
        ("M. Roy part.", "M. Roy reste.", "M. Roy part tôt."),  # no erasure
        ("M. Roy part.", "M. Roy reste.", "{} part tôt."),  # more than an erasure
        ("M. Roy part.", "M. Roy reste.", "Hier {} part."),
        ("M. Roy part.", "Le maire reste.", "{} part."),  # no name left to take out
        ("M. Roy part.", "M. Roy-Durand reste.", "{} part."),  # somebody else's
        ("Vu {} hier.", "Vu {} hier soir.", "Vu {} {} hier."),  # one more, in the place of nobody
        ("Anne Roy 0380", "Anne Roy 0380, Anne Lu", "{} {}"),  # whose words « Roy » is of
        ("Élus : … Fin", "Élus : … Voix : … Fin", "Élus : {} Fin"),
        ("{} et Paul partent.", "{} et Paul partent tôt.", "{} partent."),  # a deletion
    ],
)
def test_what_is_no_erasure_alone_is_left_to_the_user(base: str, written: str, other: str) -> None:
    base, written, other = (one.format(ERASED, ERASED) for one in (base, written, other))
    assert with_names_out(base, written, other) is None
    assert with_names_out(base, other, written) is None


def test_what_was_taken_out_of_a_value_is_known_where_it_is_all_that_changed() -> None:
    before = {"words": ["Vu M. Roy, Anne Roy.", "M. Petit"], "title": "M. Roy part. Paul reste."}
    after = {"words": [f"Vu {ERASED}, {ERASED}.", "M. Petit"], "title": f"{ERASED} reste."}
    assert taken_out(before, after) == {"M. Roy", "Anne Roy"}
    assert taken_out(before, after["words"]) == set()
    assert taken_out(["M. Roy", "M. Petit"], ["M. Petit", ERASED]) == set()
    said = {"said": ["M. Roy, M. Roy-Petit", 3, None]}
    assert without(said, {"M. Roy"}) == {"said": [f"{ERASED}, M. Roy-Petit", 3, None]}
    assert without(said, set()) == said


def test_a_long_list_of_names_erased_meanwhile_goes_too() -> None:
    names = [f"M. Roy{n}" for n in range(5_000)]
    base, erased = ", ".join(names), ", ".join([ERASED] * len(names))
    assert with_names_out(base, f"{base} partent", erased) == f"{erased} partent"


_SAID = st.text("ab .,\n", max_size=6)
_NAMED = st.sampled_from(["M. Roy", "Mme Roy", "03 80 12 34 56", "Ève d'Or"])


@given(st.lists(st.tuples(_SAID, _NAMED), min_size=1, max_size=4), _SAID, _SAID, _SAID)
def test_an_erasure_and_words_around_the_names_both_hold(
    named: list[tuple[str, str]], end: str, before: str, after: str
) -> None:
    base = "".join(f"{said} {name} " for said, name in named) + end
    erased = "".join(f"{said} {ERASED} " for said, _ in named) + end
    written, merged = f"{before} {base}{after}", f"{before} {erased}{after}"
    assert with_names_out(base, written, erased) == merged
    assert with_names_out(base, erased, written) == merged
