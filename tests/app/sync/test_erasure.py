"""A person erased from what the central knows: the next sync tells it, and leaves no word here."""

from __future__ import annotations

from app.domain.naming import ERASED
from tests.app.services.test_personal_data import NAME, holding
from tests.app.sync.conftest import Laptop


def test_no_file_holds_the_name_once_the_central_was_told_of_the_erasure(
    pair: tuple[Laptop, Laptop],
) -> None:
    anne, benoit = pair
    person = anne.put("person", first_name="Ondine", last_name=NAME)
    words = f"Ondine {NAME} : il tombe. {'Encore et encore. ' * 40}"
    needs = [anne.put("need", title=f"Besoin {n}", words=words) for n in range(40)]
    anne.sync()
    benoit.sync()
    anne.put("need", needs[0], words="Il tombe.")  # the name is in what this edit stands on alone
    anne.services.erasures.erase(person)
    for need in needs[1:]:
        anne.put("need", need, title="Serveur")
    folder = anne.services.workspace.folder
    assert holding(folder)
    anne.sync()
    assert holding(folder)
    anne.services.erasures.finish()
    assert holding(folder) == []
    assert (folder / "commissions.db-wal").exists()
    benoit.sync()
    assert benoit.get(person)["last_name"] == ERASED
    assert benoit.get(needs[0])["words"] == "Il tombe."
    assert benoit.get(needs[1])["words"].startswith(f"{ERASED} : il tombe.")


def test_what_the_central_does_not_know_yet_is_waited_for(pair: tuple[Laptop, Laptop]) -> None:
    anne, _ = pair
    person = anne.put("person", first_name="Ondine", last_name=NAME)
    need = anne.put("need", words=f"Ondine {NAME} : il tombe.")
    anne.sync()
    anne.services.erasures.erase(person)
    anne.services.erasures.finish()
    assert holding(anne.services.workspace.folder) == ["commissions.db"]
    anne.sync()
    anne.put("need", need, title="Serveur")
    anne.services.erasures.finish()
    assert holding(anne.services.workspace.folder) == []
    anne.sync()
    anne.services.erasures.finish()
    with anne.services.workspace.reading() as unit:
        assert unit.setting("erasures_untold") == []
