"""The three-way merge of records, and the conflicts it leaves."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clock import new_id
from app.domain.erasure import ERASED
from app.domain.records import MAX_TEXT, Envelope
from app.domain.refusals import Refusal
from app.domain.validation import complete, defaults
from app.sync.conflicts import conflict, conflict_id, decided
from app.sync.merge import Clash, Merged, State, merge, merge_ids, merge_map, unit_fields

IDS = [f"00000000-0000-7000-8000-00000000000{digit}" for digit in range(6)]
BASE = defaults("need") | {"title": "Fibre", "words": "On n'a rien.", "organisation_ids": IDS[:2]}


def changed(**fields: Any) -> State:
    return State(BASE | fields)


def swapped(merged: Merged) -> Merged:
    """The same merge seen from the other laptop."""
    clashes = tuple(Clash(c.unit, c.base, c.theirs, c.mine) for c in merged.clashes)
    fields = dict(merged.state.fields)
    for clash in clashes:
        if clash.unit != "deleted":
            fields |= unit_fields("need", clash.unit, clash.theirs)
    return Merged(State(fields, merged.state.deleted), clashes)


def test_different_fields_are_both_kept() -> None:
    merged = merge("need", State(BASE), changed(title="La fibre"), changed(theme="websites"))
    assert merged == Merged(changed(title="La fibre", theme="websites"))


def test_the_same_field_clashes_and_holds_theirs_meanwhile() -> None:
    merged = merge(
        "need", State(BASE), changed(words="Mine.", severity=2), changed(words="Theirs.")
    )
    assert merged.state == changed(words="Theirs.", severity=2)
    assert merged.clashes == (Clash("words", "On n'a rien.", "Mine.", "Theirs."),)


def test_what_one_side_brought_back_lives_with_the_words_of_both() -> None:
    gone = State(BASE, deleted=True)
    theirs = State(BASE | {"theme": "websites"}, deleted=True)
    merged = merge("need", gone, changed(title="La fibre"), theirs)
    assert merged == Merged(changed(title="La fibre", theme="websites"))


def test_a_status_and_its_reason_merge_as_one() -> None:
    mine, theirs = changed(status="set_aside", reason="Trop cher"), changed(reason="Reporté")
    merged = merge("need", State(BASE), mine, theirs)
    assert merged.clashes == (
        Clash(
            "status",
            {"status": "raised", "reason": ""},
            {"status": "set_aside", "reason": "Trop cher"},
            {"status": "raised", "reason": "Reporté"},
        ),
    )
    assert merged.state == theirs


def test_a_ballot_merges_whole_but_for_its_question() -> None:
    base = defaults("ballot")
    mine, theirs = base | {"for_count": 5, "question": "Oui ?"}, base | {"against_count": 2}
    merged = merge("ballot", State(base), State(mine), State(theirs))
    assert [clash.unit for clash in merged.clashes] == ["ballot"]
    assert merged.state.fields == theirs | {"question": "Oui ?"}


def test_the_same_attendance_ticked_twice_is_no_conflict() -> None:
    base = defaults("attendance")
    ticked = State(base | {"status": "excused"})
    assert merge("attendance", State(base), ticked, ticked) == Merged(ticked)


def test_lists_of_ids_merge_as_sets() -> None:
    mine = changed(organisation_ids=[IDS[1], IDS[4]])
    theirs = changed(organisation_ids=[*IDS[:2], IDS[3]])
    merged = merge("need", State(BASE), mine, theirs)
    assert merged == Merged(changed(organisation_ids=[IDS[1], IDS[3], IDS[4]]))


def test_long_texts_merge_by_sentence_and_titles_do_not() -> None:
    base = defaults("watch_note") | {"title": "A. B.", "body": "Un.\nDeux."}
    mine = State(base | {"title": "A1. B.", "body": "Un 1.\nDeux."})
    theirs = State(base | {"title": "A. B1.", "body": "Un.\nDeux 1."})
    merged = merge("watch_note", State(base), mine, theirs)
    assert merged.state.fields["body"] == "Un 1.\nDeux 1."
    assert merged.clashes == (Clash("title", "A. B.", "A1. B.", "A. B1."),)


def test_long_texts_that_would_together_be_too_long_clash() -> None:
    middle = "Ce qui était là.\n"
    base = State({"notes": middle})
    before = State({"notes": "Avant. " * 6_000 + middle})
    after = State({"notes": middle + "Après. " * 9_000})
    merged = merge("agenda_item", base, before, after)
    assert merged.state == after
    assert [(one.unit, one.mine, one.theirs) for one in merged.clashes] == [
        ("notes", before.fields["notes"], after.fields["notes"])
    ]


def test_a_deletion_meets_an_edit_and_the_record_lives_on() -> None:
    gone, edited = State(BASE, deleted=True), changed(title="La fibre")
    assert merge("need", State(BASE), gone, edited) == Merged(
        edited, (Clash("deleted", False, True, False),)
    )
    assert merge("need", State(BASE), edited, gone) == Merged(
        edited, (Clash("deleted", False, False, True),)
    )


def test_a_deletion_of_what_nobody_edited_stands() -> None:
    gone = State(BASE, deleted=True)
    assert merge("need", State(BASE), gone, State(BASE)) == Merged(gone)
    assert merge("need", State(BASE), State(BASE), gone) == Merged(gone)
    assert merge("need", State(BASE), gone, gone) == Merged(gone)


def test_a_record_brought_back_lives_whatever_else_changed() -> None:
    base = State(BASE, deleted=True)
    merged = merge("need", base, changed(title="La fibre"), State(BASE, deleted=True))
    assert merged == Merged(changed(title="La fibre"))


def test_what_a_newer_schema_leaves_out_on_both_sides_stays_out() -> None:
    base = State(defaults("need"))
    mine, theirs = State({"title": "A", "mood": 1}), State({"title": "A", "mood": 2})
    assert merge("need", base, mine, theirs).state == theirs


def test_what_a_newer_schema_leaves_out_on_one_side_stays_as_the_other_has_it() -> None:
    mine, theirs = State({"title": "A", "status": "met"}), changed(theme="websites")
    merged = merge("need", State(BASE), mine, theirs)
    assert merged == Merged(changed(title="A", status="met", theme="websites"))


def test_a_group_of_which_a_newer_schema_leaves_fields_out_merges_all_the_same() -> None:
    base = State({"title": "Fibre", "status": "raised"})
    mine, theirs = (State(base.fields | one) for one in ({"title": "A"}, {"status": "met"}))
    assert merge("need", base, mine, theirs) == Merged(State({"title": "A", "status": "met"}))


def test_fields_of_a_newer_schema_are_carried() -> None:
    merged = merge("need", State(BASE), changed(title="La fibre"), changed(mood="calme"))
    assert merged == Merged(changed(title="La fibre", mood="calme"))
    assert merge("hologram", State({"a": 1}), State({"a": 2}), State({"a": 1, "b": 3})) == Merged(
        State({"a": 2, "b": 3})
    )


def test_who_is_erased_stays_so_where_both_sides_deleted_them() -> None:
    base = defaults("person") | {"first_name": "Paul", "last_name": "Roy"}
    mine = State(base | {"first_name": "", "last_name": ERASED}, deleted=True)
    theirs = State(base | {"email": "paul@roy.fr"}, deleted=True)
    assert merge("person", State(base), mine, theirs) == Merged(mine)
    assert merge("person", State(base), theirs, mine) == Merged(mine)


def test_the_words_that_an_erasure_rewrote_join_what_others_wrote_before_they_deleted_it() -> None:
    base = BASE | {"words": "Paul Roy n'a rien."}
    mine = State(base | {"words": f"{ERASED} n'a rien."}, deleted=True)
    theirs = State(base | {"title": "La fibre"}, deleted=True)
    both = State(mine.fields | {"title": "La fibre"}, deleted=True)
    assert merge("need", State(base), mine, theirs) == Merged(both)


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("Paul Roy n'a plus rien.", f"{ERASED} n'a plus rien."),
        ("Il n'a plus rien.", f"{ERASED} n'a rien."),
    ],
)
def test_the_words_that_an_erasure_rewrote_stand_where_others_deleted_theirs(
    written: str, left: str
) -> None:
    base = BASE | {"words": "Paul Roy n'a rien."}
    mine = State(base | {"words": f"{ERASED} n'a rien."}, deleted=True)
    theirs = State(base | {"words": written}, deleted=True)
    assert merge("need", State(base), mine, theirs).state.fields["words"] == left
    assert merge("need", State(base), mine, theirs).state.deleted


@pytest.mark.parametrize(
    ("mine", "theirs", "clashes"),
    [
        (f"{ERASED} : rien.", "Fibre", False),  # ours was never theirs: it went with the deletion
        (f"{ERASED} : rien.", "Mme Roy : la fibre.", False),
        (f"{ERASED} : rien.", "Madame ROY : rien.", True),  # a name may be left
        (f"Rien, {ERASED}.", "Fibre", True),  # what was taken out cannot be told
        ("Mme Roy : la 4G.", "Fibre", False),  # brought back, changed and deleted again
    ],
)
def test_what_they_brought_back_asks_nothing_of_what_i_deleted_but_of_a_name(
    mine: str, theirs: str, clashes: bool
) -> None:
    base = State(BASE | {"title": "Mme Roy : rien."}, deleted=True)
    erased = State(base.fields | {"title": mine}, deleted=True)
    merged = merge("need", base, erased, changed(title=theirs, severity=2))
    left = theirs.replace("Mme Roy", ERASED)
    clash = Clash("title", "Mme Roy : rien.", mine, theirs)
    assert merged == Merged(changed(title=left, severity=2), (clash,) if clashes else ())


def test_who_was_erased_and_is_brought_back_under_another_name_is_left_to_the_user() -> None:
    base = defaults("person") | {"last_name": "Roy"}
    mine = State(base | {"last_name": ERASED}, deleted=True)
    merged = merge("person", State(base, deleted=True), mine, State(base | {"last_name": "Roux"}))
    assert [clash.unit for clash in merged.clashes] == ["last_name"]


@pytest.mark.parametrize(("kind", "unit"), [("need", "words"), ("agenda_item", "notes")])
def test_a_text_that_would_be_too_long_without_the_name_is_left_to_the_user(
    kind: str, unit: str
) -> None:
    longest = f"M. Roy {'a' * (MAX_TEXT - len(ERASED) - 1)}"
    texts = (longest, longest.replace("M. Roy", ERASED), f"{longest} non")
    merged = merge(kind, *(State(defaults(kind) | {unit: one}) for one in texts))
    assert [clash.unit for clash in merged.clashes] == [unit]


def test_a_group_that_is_no_map_is_refused() -> None:
    with pytest.raises(Refusal, match="illisible"):
        unit_fields("need", "status", "raised")


@pytest.mark.parametrize(
    ("field", "mine", "theirs"),
    [
        ("notes", "Deux.", {"text": "Trois."}),
        ("services", ["acts", {"code": "websites"}], ["gdpr"]),
        ("services", "acts", ["gdpr"]),
    ],
)
def test_what_a_newer_schema_holds_otherwise_on_one_side_clashes_whole(
    field: str, mine: Any, theirs: Any
) -> None:
    base = defaults("organisation")
    sides = [State(base | {field: one}) for one in (mine, theirs)]
    for one, other in (sides, reversed(sides)):
        merged = merge("organisation", State(base), one, other)
        assert merged == Merged(
            other, (Clash(field, base[field], one.fields[field], other.fields[field]),)
        )


def _needs() -> st.SearchStrategy[State]:
    fields = st.fixed_dictionaries(
        {
            "title": st.sampled_from(["Fibre", "La fibre", "Réseau"]),
            "severity": st.sampled_from([1, 2, 3]),
            "status": st.sampled_from(["raised", "set_aside"]),
            "reason": st.sampled_from(["", "Cher"]),
            "organisation_ids": st.lists(st.sampled_from(IDS), unique=True, max_size=4),
        }
    )
    return st.builds(
        lambda values, gone: State(BASE | values, gone),
        fields,
        st.sampled_from([False] * 4 + [True]),
    )


@given(_needs(), _needs(), _needs())
def test_the_merge_does_not_depend_on_the_side(base: State, one: State, other: State) -> None:
    merged = merge("need", base, one, other)
    if one.deleted and other.deleted:
        assert merged.state.deleted and not merged.clashes
    else:
        assert merged == swapped(merge("need", base, other, one))


@given(_needs(), _needs())
def test_an_unchanged_side_gives_the_other(base: State, one: State) -> None:
    assert merge("need", base, one, base) == Merged(one)
    assert merge("need", base, base, one) == Merged(one)
    assert merge("need", base, one, one) == Merged(one)


@given(_needs(), _needs(), _needs())
def test_no_value_vanishes(base: State, one: State, other: State) -> None:
    merged = merge("need", base, one, other)
    if one.deleted or other.deleted:
        return
    clashes = {clash.unit: clash for clash in merged.clashes}
    for name in ("title", "severity"):
        values = {side.fields[name] for side in (one, other)} - {base.fields[name]}
        kept = {merged.state.fields[name]}
        if name in clashes:
            kept |= {clashes[name].mine, clashes[name].theirs}
        assert values <= kept
    for side in (one, other):
        added = set(side.fields["organisation_ids"]) - set(base.fields["organisation_ids"])
        assert added <= set(merged.state.fields["organisation_ids"])


@given(*[st.dictionaries(st.sampled_from("abc"), st.sampled_from([1, 2]))] * 3)
def test_maps_merge_by_key(
    base: dict[str, int], one: dict[str, int], other: dict[str, int]
) -> None:
    mine, theirs = merge_map(base, one, other)
    assert (theirs, mine) == merge_map(base, other, one)
    for key in "abc":
        sides = {side.get(key) for side in (one, other)}
        changes = sides - {base.get(key)}
        if len(changes) <= 1:
            assert mine.get(key) == theirs.get(key) == (changes or sides).pop()
        else:
            assert (mine.get(key), theirs.get(key)) == (one.get(key), other.get(key))


@given(*[st.lists(st.sampled_from(IDS), unique=True)] * 3)
def test_a_set_keeps_what_anyone_added_and_drops_what_anyone_removed(
    base: list[str], one: list[str], other: list[str]
) -> None:
    merged, same = merge_ids(base, one, other)
    assert merged == same == merge_ids(base, other, one)[0]
    for member in IDS:
        was, sides = member in base, [member in one, member in other]
        assert (member in merged) == (all(sides) if was else any(sides))
    survivors = [member for member in base if member in merged]
    added = [member for member in sorted(merged) if member not in base]
    assert merged == survivors + added


def test_two_laptops_make_the_same_conflict_whichever_is_mine() -> None:
    clash = Clash("title", "A", "B", "C")
    turned = Clash("title", "A", "C", "B")
    assert conflict_id(IDS[0], clash, 3) == conflict_id(IDS[0], turned, 3)
    others = [
        conflict_id(IDS[1], clash, 3),
        conflict_id(IDS[0], clash, 4),
        conflict_id(IDS[0], Clash("words", "A", "B", "C"), 3),
        conflict_id(IDS[0], Clash("title", "A", "B", "D"), 3),
    ]
    assert len({conflict_id(IDS[0], clash, 3), *others}) == 5


def test_a_conflict_is_a_valid_record_of_its_space() -> None:
    need = Envelope(kind="need", id=new_id(), commission_id=new_id(), fields=BASE)
    clash = Clash("status", {"status": "raised"}, {"status": "served"}, {"status": "answered"})
    made = conflict(need, clash, 2, ("Mme A", "2027-03-19T18:30:00+01:00"), ("M. B", ""))
    assert made.commission_id == need.commission_id
    assert complete("conflict", made.fields) == made.fields
    assert made.fields["mine"] == {
        "value": {"status": "served"}, "author": "Mme A", "at": "2027-03-19T18:30:00+01:00",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("unit", "mine", "theirs", "both"),
    [
        ("notes", "A.", "B.", "A.\n\nB."),
        (
            "rows",
            [{"kind": "commune"}],
            [{"kind": "epci"}],
            [{"kind": "commune"}, {"kind": "epci"}],
        ),
        ("organisation_ids", IDS[:2], IDS[1:3], IDS[:3]),
    ],
)
def test_both_keeps_two_texts_or_two_lists(unit: str, mine: Any, theirs: Any, both: Any) -> None:
    fields = {"unit": unit, "mine": {"value": mine}, "theirs": {"value": theirs}}
    assert decided(fields, "both") == both
    assert decided(fields, "mine") == mine
    assert decided(fields, "theirs") == theirs


@pytest.mark.parametrize(
    ("unit", "mine", "theirs"), [("title", "A", "B"), ("deleted", True, False)]
)
def test_both_is_refused_where_only_one_can_stand(unit: str, mine: Any, theirs: Any) -> None:
    fields = {"unit": unit, "mine": {"value": mine}, "theirs": {"value": theirs}}
    with pytest.raises(Refusal):
        decided(fields, "both")
