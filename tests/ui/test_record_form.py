"""A form that saves itself: only what was edited, never over what was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from pytestqt.qtbot import QtBot

from app.domain.refusals import Refusal
from app.errors import StorageError, UserError
from tests.ui.acting import activate, shown
from tests.ui.keyboard import type_text
from ui.tasks import Tasks
from ui.text_places import followed, typed_on
from ui.widgets.autosave import Autosave, Saving
from ui.widgets.dates import DateField
from ui.widgets.fields import Choice, LongField, TextField
from ui.widgets.pick import Option, PickField, PicksField
from ui.widgets.record_form import RecordForm


class Bench:
    """A form of two fields over a store that can refuse."""

    def __init__(self, tasks: Tasks) -> None:
        self.saved: list[tuple[str, dict[str, Any]]] = []
        self.refusal: Exception | None = None
        self.form = RecordForm(self.save, tasks)
        self.title, self.due = TextField(), DateField()
        self.words = LongField()
        self.form.add("title", "Titre", self.title)
        self.form.add("due_on", "Échéance", self.due)
        self.form.add("words", "Paroles", self.words)

    def save(self, record_id: str, fields: dict[str, Any], over: dict[str, Any]) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.saved.append((record_id, fields))

    def said(self) -> str:
        return shown(self.form)


@pytest.fixture
def bench(tasks: Tasks, qtbot: QtBot) -> Bench:
    made = Bench(tasks)
    qtbot.addWidget(made.form)
    made.form.show()
    made.form.load("a", {"title": "Sauvegarde", "due_on": None, "words": "Une clé USB"})
    return made


def test_only_the_fields_edited_are_saved(bench: Bench, qtbot: QtBot) -> None:
    type_text(bench.words, "Oui. ")
    qtbot.waitUntil(lambda: bench.form.autosave.state is Saving.SAVED and bool(bench.saved))
    assert bench.saved[-1] == ("a", {"words": "Oui. Une clé USB"})


def test_turning_to_another_record_saves_the_words_of_the_first_one(
    bench: Bench, tasks: Tasks, qtbot: QtBot
) -> None:
    type_text(bench.title, "Ma ")
    bench.form.load("b", {"title": "Autre", "due_on": None, "words": ""})
    qtbot.waitUntil(lambda: bench.saved == [("a", {"title": "Ma Sauvegarde"})])
    bench.form.autosave.flush()
    tasks.finish()
    assert len(bench.saved) == 1


def test_what_changed_elsewhere_is_shown_but_never_over_words_not_yet_saved(
    bench: Bench, qtbot: QtBot
) -> None:
    bench.form.load(
        "a", {"title": "Venu d'ailleurs", "due_on": "2027-06-30", "words": "Une clé USB"}
    )
    assert (bench.title.text(), bench.due.line.text()) == ("Venu d'ailleurs", "30/06/2027")
    type_text(bench.words, "Non. ")
    bench.form.load("a", {"title": "Encore", "due_on": None, "words": "Écrasé"})
    assert bench.words.toPlainText() == "Non. Une clé USB"
    qtbot.waitUntil(lambda: bool(bench.saved))
    assert bench.saved == [("a", {"words": "Non. Une clé USB"})]


def test_what_changed_elsewhere_leaves_the_cursor_by_the_words_typed(
    bench: Bench, qtbot: QtBot
) -> None:
    activate(bench.form)
    bench.words.setFocus()
    for stored, words in (
        ("Oui.\nUne clé USB\nNon.", "Oui.\nUne !clé USB\nNon."),
        ("Bien. Une !clé USB", "Bien. Une !!clé USB"),
        ("Une !!clé USB sûre", "Une !!!clé USB sûre"),
        ("", "!"),
    ):
        if bench.words.toPlainText() == "Une clé USB":
            bench.words.moveCursor(QTextCursor.MoveOperation.NextWord)
        bench.form.load("a", {"title": "Sauvegarde", "due_on": None, "words": stored})
        qtbot.keyClicks(bench.words, "!")
        assert bench.words.toPlainText() == words
        qtbot.waitUntil(lambda: bench.form.autosave.state is Saving.SAVED)


@pytest.mark.parametrize(
    ("typed", "came", "left"),
    [
        ("Une clé ", "Une clé\nNon.", "Une clé USB\nNon."),
        ("Une clé\n", "Une clé\nNon.", "Une clé\nUSB\nNon."),
        ("Une clé\n\n", "Non.\nUne clé", "Non.\nUne clé\n\nUSB"),
        ("Une clé ", "", "USB"),
    ],
)
def test_the_space_just_typed_stays_as_what_changed_elsewhere_comes(
    bench: Bench, qtbot: QtBot, typed: str, came: str, left: str
) -> None:
    activate(bench.form)
    bench.words.setFocus()
    bench.words.selectAll()
    type_text(bench.words, typed)
    qtbot.waitUntil(lambda: bench.form.autosave.state is Saving.SAVED)
    for _ in range(3):
        bench.form.load("a", {"title": "Sauvegarde", "due_on": None, "words": came})
    assert bench.form.autosave.state is Saving.SAVED
    qtbot.keyClicks(bench.words, "USB")
    assert bench.words.value() == left


def test_the_space_just_typed_cuts_no_word_of_others() -> None:
    assert typed_on("Une clé ", "Une clés.", 8)[0] == "Une clés."
    assert typed_on("🙂 ", "🙂\nNon.", 3) == ("🙂 \nNon.", 3)


def test_a_place_in_a_long_text_is_followed_past_a_word_that_comes_again() -> None:
    said = [f"mot{number * number % 701}" for number in range(300)]
    said[100] = said[250] = "fibre"
    came = [*said[:100], "câbles", *said[101:]]
    place = len(" ".join(said[:150]))
    assert followed(" ".join(said), " ".join(came), place) == place + 1


def test_a_place_is_followed_by_its_words_in_a_long_text_changed_in_many_places() -> None:
    said = [f"Phrase {n} de la séance, où l'on parle de la fibre." for n in range(1500)]
    came = [f"Ajout. {one}" if n % 7 == 0 else one for n, one in enumerate(said)]
    came[701:703], came[900:900] = [], ["Encore.", "Encore."]
    before, after = "\n".join(said), "\n".join(came)
    for words in ("Phrase 0 ", "Phrase 699 de", "Phrase 1001 de la séance", "Phrase 1499 de"):
        place = before.index(words) + len(words)
        assert followed(before, after, place) == after.index(words) + len(words)
    gone = before.index("Phrase 702")
    assert after.index("Phrase 700") < followed(before, after, gone) <= after.index("703")


def test_a_place_is_followed_in_a_long_text_of_few_words() -> None:
    before, after = "Oui. Non. " * 9000, "Oui. Oui. Non. " * 6000
    assert followed(before, after, 5) == 5
    assert followed(before, after, len(before)) == len(after)
    assert 0 <= followed(before, after, 45_000) <= len(after)
    added = before[:40_000] + "Abstention. " + before[40_000:]
    assert followed(before, added, 45_000) == 45_000 + len("Abstention. ")


def test_a_date_that_cannot_be_read_is_said_once_left_and_kept_while_the_rest_is_saved(
    bench: Bench, qtbot: QtBot
) -> None:
    type_text(bench.due.line, "31/02")
    assert "n'est pas" not in bench.said()
    qtbot.keyClick(bench.due.line, Qt.Key.Key_Return)
    assert "« 31/02 » n'est pas une date du calendrier." in bench.said()
    type_text(bench.title, "Ma ")
    qtbot.waitUntil(lambda: bench.saved == [("a", {"title": "Ma Sauvegarde"})])
    bench.form.load("a", {"title": "Ma Sauvegarde", "due_on": None, "words": "Une clé USB"})
    assert bench.due.line.text() == "31/02"


def test_what_is_wrong_with_a_field_is_said_once_as_it_is_left_or_refused(
    bench: Bench, qtbot: QtBot, heard: list[str]
) -> None:
    type_text(bench.due.line, "31/02")
    qtbot.keyClick(bench.due.line, Qt.Key.Key_Return)  # as when it is left
    assert heard == ["Échéance, « 31/02 » n'est pas une date du calendrier."]
    bench.due.line.clear()
    refused = UserError("…")
    refused.__cause__ = Refusal("ce titre est déjà pris.", field="title")
    bench.refusal = refused
    for _ in range(2):
        type_text(bench.title, "Ma ")
        qtbot.waitUntil(lambda: bench.form.autosave.state is Saving.FAILED)
    assert heard[1:] == ["Titre, Ce titre est déjà pris."]


def test_a_field_that_the_rules_refuse_is_said_under_it_and_saved_once_mended(
    bench: Bench, qtbot: QtBot
) -> None:
    refused = UserError("…")
    refused.__cause__ = Refusal("ce titre est déjà pris.", field="title")
    bench.refusal = refused
    type_text(bench.title, "Ma ")
    qtbot.waitUntil(lambda: "Ce titre est déjà pris." in bench.said())
    bench.refusal = None
    type_text(bench.title, "x")
    qtbot.waitUntil(lambda: bench.form.autosave.state is Saving.SAVED)
    assert bench.saved[-1][1] == {"title": bench.title.text()}


def test_a_fault_of_the_disk_is_told_to_the_page(bench: Bench, qtbot: QtBot) -> None:
    bench.refusal = StorageError("Le disque est plein.")
    with qtbot.waitSignal(bench.form.failed) as heard:
        type_text(bench.title, "Ma ")
    assert str(heard.args[0]) == "Le disque est plein."
    assert bench.form.autosave.state is Saving.FAILED


def test_what_was_chosen_stays_where_the_next_record_does_not_offer_it(
    bench: Bench, qtbot: QtBot
) -> None:
    theme = Choice([(None, "Sans thème")])
    bench.form.add("theme", "Thème", theme)
    bench.form.load("b", {"theme": "fax"}, {"theme": [(None, "Sans thème"), ("fax", "Fax")]})
    assert theme.value() == "fax"
    bench.form.load("c", {"theme": None}, {"theme": [(None, "Sans thème")]})
    qtbot.waitUntil(lambda: bench.form.autosave.settled)
    assert bench.saved == []


def test_what_was_chosen_last_is_saved_before_the_next_record_is_shown(
    bench: Bench, qtbot: QtBot
) -> None:
    theme = Choice([(None, "Sans thème")])
    bench.form.add("theme", "Thème", theme)
    bench.form.load("b", {"theme": None}, {"theme": [(None, "Sans thème"), ("fax", "Fax")]})
    theme.setCurrentIndex(1)
    theme.activated.emit(1)
    bench.form.load("c", {"theme": None}, {"theme": [(None, "Sans thème")]})
    qtbot.waitUntil(lambda: bool(bench.saved))
    assert bench.saved == [("b", {"theme": "fax"})]


def test_a_choice_offered_no_more_stays_while_words_typed_beside_it_are_on_their_way(
    bench: Bench, qtbot: QtBot
) -> None:
    theme = Choice([(None, "Sans thème")])
    bench.form.add("theme", "Thème", theme)
    values = {"title": "Sauvegarde", "theme": "fax"}
    bench.form.load("b", values, {"theme": [(None, "Sans thème"), ("fax", "Fax")]})
    type_text(bench.title, "Ma ")
    bench.form.load("b", values, {"theme": [(None, "Sans thème")]})
    qtbot.waitUntil(lambda: bench.form.autosave.settled)
    assert bench.saved == [("b", {"title": "Ma Sauvegarde"})]


def test_a_name_being_typed_in_a_list_stays_and_is_stored_as_its_record_is_shown_again(
    bench: Bench, qtbot: QtBot
) -> None:
    services = PicksField([Option("fax", "Fax")])
    bench.form.add("services", "Services", services)
    bench.form.load("b", {"services": []})
    type_text(services.line, "Fax")
    bench.form.load("b", {"services": []})
    assert services.line.text() == "Fax"
    qtbot.waitUntil(lambda: bench.saved[-1:] == [("b", {"services": ["fax"]})])


def refuse_title(bench: Bench) -> None:
    bench.refusal = UserError("…")
    bench.refusal.__cause__ = Refusal("ce titre est déjà pris.", field="title")


def test_words_refused_once_their_record_is_left_are_told_and_there_as_it_comes_back(
    bench: Bench, qtbot: QtBot
) -> None:
    refuse_title(bench)
    type_text(bench.title, "Ma ")
    with qtbot.waitSignal(bench.form.left_behind) as heard:
        bench.form.load("b", {"title": "Autre", "due_on": None, "words": ""})
    assert heard.args[0] == "a"
    assert bench.title.text() == "Autre"
    assert "déjà pris" not in bench.said()
    bench.form.load("a", {"title": "Sauvegarde", "due_on": "2027-06-30", "words": "Une clé USB"})
    assert (bench.title.text(), bench.due.value()) == ("Ma Sauvegarde", "2027-06-30")
    qtbot.waitUntil(lambda: "Ce titre est déjà pris." in bench.said())
    bench.refusal = None
    type_text(bench.title, "!")
    qtbot.waitUntil(lambda: bench.form.autosave.state is Saving.SAVED)
    assert bench.saved == [("a", {"title": bench.title.text()})]
    assert bench.form.findChildren(Autosave) == [bench.form.autosave]


def test_words_refused_before_their_record_is_left_are_told_once_more(
    bench: Bench, qtbot: QtBot
) -> None:
    refuse_title(bench)
    type_text(bench.title, "Ma ")
    qtbot.waitUntil(lambda: bench.form.autosave.state is Saving.FAILED)
    with qtbot.waitSignal(bench.form.left_behind):
        bench.form.load("b", {"title": "Autre", "due_on": None, "words": ""})


def test_words_that_the_disk_did_not_take_are_stored_behind_the_next_record(
    bench: Bench, qtbot: QtBot
) -> None:
    bench.refusal = StorageError("Le disque est plein.")
    type_text(bench.title, "Ma ")
    with qtbot.waitSignal(bench.form.failed):
        bench.form.load("b", {"title": "Autre", "due_on": None, "words": ""})
    states = {one.state for one in bench.form.findChildren(Autosave)}
    assert Saving.FAILED in states  # the window tells that, and closes over it only when told to
    bench.refusal = None
    qtbot.waitUntil(lambda: bench.saved == [("a", {"title": "Ma Sauvegarde"})])
    qtbot.waitUntil(lambda: bench.form.findChildren(Autosave) == [bench.form.autosave])
    assert bench.title.text() == "Autre"


def test_words_that_the_disk_did_not_take_wait_no_more_once_stored_where_they_came_back(
    bench: Bench, qtbot: QtBot
) -> None:
    waiting: list[Callable[[], bool]] = []
    bench.form.failed.connect(lambda error, record_id, waits: waiting.append(waits))
    bench.refusal = StorageError("Le disque est plein.")
    type_text(bench.title, "Ma ")
    bench.form.load("b", {"title": "Autre", "due_on": None, "words": ""})
    qtbot.waitUntil(lambda: [one() for one in waiting] == [True])
    bench.form.load("a", {"title": "Sauvegarde", "due_on": None, "words": "Une clé USB"})
    qtbot.waitUntil(lambda: [one() for one in waiting] == [False, True])
    bench.refusal = None
    qtbot.waitUntil(lambda: bench.saved == [("a", {"title": "Ma Sauvegarde"})])
    qtbot.waitUntil(lambda: not any(one() for one in waiting))


def test_what_cannot_be_read_waits_in_the_record_where_it_was_typed(
    bench: Bench, qtbot: QtBot
) -> None:
    type_text(bench.due.line, "31/02")
    type_text(bench.title, "Ma ")
    with qtbot.waitSignal(bench.form.left_behind) as heard:
        bench.form.load("b", {"title": "Autre", "due_on": "2027-06-30", "words": ""})
    assert heard.args[0] == "a" and "31/02" in str(heard.args[1])
    assert bench.due.line.text() == "30/06/2027"
    assert bench.form.unread() == ["31/02"]
    qtbot.waitUntil(lambda: bench.saved == [("a", {"title": "Ma Sauvegarde"})])
    bench.form.load("a", {"title": "Ma Sauvegarde", "due_on": None, "words": "Une clé USB"})
    assert bench.due.line.text() == "31/02"
    assert "n'est pas une date du calendrier" in bench.said()
    bench.due.line.clear()
    type_text(bench.due.line, "28/02/2027")
    qtbot.waitUntil(lambda: bench.saved[1:] == [("a", {"due_on": "2027-02-28"})])
    assert bench.form.unread() == []


def test_a_pause_in_a_name_that_goes_on_stores_none(bench: Bench, qtbot: QtBot) -> None:
    who, services = PickField([]), PicksField([])
    bench.form.add("who", "Qui", who)
    bench.form.add("services", "Services", services)
    names = [Option("a", "Agencourt"), Option("b", "Beaune")]
    values = {"who": None, "services": []}
    bench.form.load("b", values, {"who": names, "services": names})
    qtbot.waitUntil(lambda: bench.form.findChildren(Autosave) == [bench.form.autosave])
    bench.saved.clear()
    activate(bench.form)
    for line, name in ((who, "who"), (services.line, "services")):
        line.setFocus()
        type_text(line, "Agen")
        bench.form.autosave.edited()
        for _ in range(2):  # a sync ends before the pause does, and another after it
            bench.form.load("b", values, {"who": names, "services": names})
            qtbot.waitUntil(lambda: bench.form.autosave.state is Saving.SAVED)
            assert (bench.saved, line.text()) == ([], "Agen")
        type_text(line, "c")
        qtbot.keyClick(line, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: bool(bench.saved))
        values[name] = "a" if line is who else ["a"]
        assert bench.saved == [("b", {name: values[name]})]
        bench.saved.clear()
    assert who.text() == "Agencourt"


def test_a_name_begun_counts_as_its_record_is_left(bench: Bench, qtbot: QtBot) -> None:
    who = PickField([Option("a", "Agencourt"), Option("b", "Beaune")])
    bench.form.add("who", "Qui", who)
    bench.form.load("b", {"who": None})
    activate(bench.form)
    who.setFocus()
    type_text(who, "Agen")
    bench.form.load("c", {"who": None})
    qtbot.waitUntil(lambda: bench.saved == [("b", {"who": "a"})])
    assert who.text() == ""
