"""Pictures of the pages are of the real window, in both themes."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from tests.ui.world import World
from ui.window import screenshots
from ui.window.places import PLACES

SETTINGS_TABS = 5


def test_each_page_is_taken_in_both_themes(
    qapp: QApplication, world: World, tmp_path: Path
) -> None:
    taken = screenshots.take(world.services, tmp_path / "images", {})
    assert len(taken) == 2 * (len(PLACES) - 1 + SETTINGS_TABS)
    for path in taken:
        image = QImage(str(path))
        assert (image.width(), image.height()) == (screenshots.WIDTH, screenshots.HEIGHT)
        dark = image.pixelColor(screenshots.WIDTH - 1, 0).lightness() < 128
        assert dark == path.stem.endswith("-sombre")


def test_a_page_behind_another_is_taken_with_its_record(
    qapp: QApplication, world: World, tmp_path: Path
) -> None:
    meeting = world.make("meeting", title="Séance", starts_at="2027-03-25T18:30:00+01:00")
    taken = screenshots.take(world.services, tmp_path / "images", {"meeting": meeting.id})
    names = {path.name for path in taken}
    for tab in ("preparer", "tenir-la-seance", "conclure"):
        assert {f"seance-{tab}-clair.png", f"seance-{tab}-sombre.png"} <= names


def test_one_place_alone_can_be_taken(qapp: QApplication, world: World, tmp_path: Path) -> None:
    taken = screenshots.take(world.services, tmp_path, {}, "home")
    assert [path.name for path in taken] == ["accueil-clair.png", "accueil-sombre.png"]


def test_the_first_picture_says_what_waits_as_the_last_one_does(
    qapp: QApplication, world: World, tmp_path: Path
) -> None:
    need = world.make("need", title="Fibre")

    def foot() -> QImage:
        first, _ = screenshots.take(world.services, tmp_path, {}, "home")
        return QImage(str(first)).copy(0, screenshots.HEIGHT - 100, 200, 60)

    before = foot()
    sides = {side: {"value": side, "author": "Anne"} for side in ("mine", "theirs")}
    world.make("conflict", record_id=need.id, record_kind="need", unit="title", base="", **sides)
    assert foot() != before
