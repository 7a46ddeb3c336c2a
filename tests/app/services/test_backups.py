"""Backups that the program makes by itself."""

from __future__ import annotations

import os
import resource
import shutil
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bootstrap import Services, open_services
from app.clock import new_id
from app.domain.erasure import ERASED
from app.domain.retention import kept
from app.errors import AppError, StorageError, UserError
from app.services import workspaces
from app.services.backups import UNHEARD
from app.storage import backup
from app.storage.database import connect
from tests.app.domain.builders import Scene, uid
from tests.app.services.staging import stage
from tests.conftest import FakeClock
from tests.workspaces import light_workspace

TODAY = date(2027, 3, 19)


@pytest.mark.parametrize(
    ("today", "weeks"),
    [(TODAY, [date(2027, 3, 7)]), (date(2027, 3, 26), [date(2027, 3, 14), date(2027, 3, 7)])],
)
def test_a_year_of_days_leaves_seven_days_four_weeks_and_six_months(
    today: date, weeks: list[date]
) -> None:
    days = [today - timedelta(days=back) for back in range(365)]
    assert sorted(kept(days, today), reverse=True) == [
        *(today - timedelta(days=back) for back in range(7)),
        *weeks,
        date(2027, 2, 28),
        date(2027, 1, 31),
        date(2026, 12, 31),
        date(2026, 11, 30),
        date(2026, 10, 31),
    ]


def test_a_year_gone_through_day_by_day_leaves_the_same_copies() -> None:
    days = [TODAY - timedelta(days=back) for back in reversed(range(365))]
    held: set[date] = set()
    for today in days:
        held = kept(held | {today}, today)
    assert held == kept(days, TODAY)


@given(st.sets(st.dates(date(2026, 1, 1), date(2027, 3, 19)), min_size=1))
def test_the_latest_copy_always_stays_and_few_are_kept(days: set[date]) -> None:
    stay = kept(days, TODAY)
    assert max(days) in stay
    assert stay <= days
    assert len(stay) <= 7 + 4 + 6
    assert kept(stay, TODAY) == stay
    assert kept({*days, TODAY + timedelta(days=1)}, TODAY) == stay


@pytest.mark.parametrize("every", [60, 365])
def test_no_copy_of_who_seldom_opens_grows_older_than_six_months_but_the_last_two(
    every: int,
) -> None:
    days = [TODAY - timedelta(days=every * number) for number in range(9)]
    young = {one for one in days if (TODAY - one).days <= 184}
    assert kept(days, TODAY) == young | set(days[:2])


def test_a_clock_wrong_by_years_takes_no_copy_for_too_old_on_the_first_day() -> None:
    days = {TODAY - timedelta(days=back) for back in range(365)}
    wrong = TODAY.replace(year=2038)
    before = sorted(kept(days, TODAY))
    assert sorted(kept({*days, wrong}, wrong))[:2] == before[1:3]
    assert kept({*days, wrong, wrong + timedelta(days=1)}, wrong + timedelta(days=1)) == {
        wrong,
        wrong + timedelta(days=1),
    }


def test_the_first_start_of_a_day_makes_one_copy_that_gives_everything_back(
    services: Services, commission_id: str, clock: FakeClock, tmp_path: Path
) -> None:
    need = services.records.create("need", {"title": "Sauvegarde"})
    file = services.backups.daily()
    assert file is not None
    assert services.backups.daily() is None
    clock.forward(days=1)
    assert services.backups.daily() is not None
    kept = [one.at.date() for one in services.backups.copies()]
    assert kept == [date(2027, 3, 20), date(2027, 3, 19)]
    workspaces.restore(tmp_path / "ailleurs", file, None)
    elsewhere = open_services(tmp_path / "ailleurs")
    assert elsewhere.records.envelope(need.id) == services.records.envelope(need.id)
    elsewhere.close()


def test_a_second_folder_that_the_system_refuses_to_look_for_is_away(
    services: Services, tmp_path: Path
) -> None:
    """As it does where a server no longer answers, or asks for another password."""
    unsound = tmp_path / ("x" * 300)
    with pytest.raises(OSError, match="too long"):
        unsound.stat()
    services.settings.set("backup_folder", str(unsound))
    assert "pas là" in services.backups.keep_up()
    assert "pas là" in services.backups.save_now()
    assert len(services.backups.copies()) == 2
    with pytest.raises(UserError, match="ne peut être lu"):
        services.attachments.add(new_id(), [unsound])


def test_the_second_folder_gets_the_copy_and_its_absence_is_said_once_a_day(
    services: Services, commission_id: str, clock: FakeClock, tmp_path: Path
) -> None:
    stick = tmp_path / "clé usb"
    services.settings.set("backup_folder", str(stick))
    assert "clé USB, la copie y ira" in services.backups.keep_up()
    assert "clé USB puis refaites une copie" in services.backups.save_now()
    assert services.backups.keep_up() == ""
    stick.mkdir()
    assert services.backups.keep_up() == ""
    clock.forward(days=1)
    assert services.backups.keep_up() == ""
    assert sorted(path.name for path in stick.iterdir()) == [
        "commissions-2027-03-19-jour.sauvegarde",
        "commissions-2027-03-20-jour.sauvegarde",
    ]
    if os.name == "posix":
        assert {path.stat().st_mode & 0o777 for path in stick.iterdir()} == {0o600}


def test_files_named_after_days_that_no_calendar_has_are_no_copies(services: Services) -> None:
    folder = services.backups.save().parent
    for stamp in ("2026-13-01", "2026-02-30-jour", "2026-02-03-246060"):
        (folder / f"commissions-{stamp}.sauvegarde").touch()
    assert services.backups.keep_up() == ""
    assert {one.reason for one in services.backups.copies()} == {"", "jour"}


def test_a_copy_that_cannot_be_written_blames_its_own_folder(
    services: Services, tmp_path: Path
) -> None:
    file = tmp_path / "un fichier"
    file.write_text("")
    with pytest.raises(StorageError) as told:
        services.backups.save(file / "copie")
    assert str(told.value).startswith(f"Le dossier « {file} » ne peut être lu ni écrit")


def test_both_folders_keep_the_same_days(
    services: Services, commission_id: str, clock: FakeClock, tmp_path: Path
) -> None:
    services.settings.set("backup_folder", str(tmp_path))
    services.backups.keep_up()
    here = services.workspace.folder / "sauvegardes"
    copy = (here / f"commissions-{TODAY}-jour.sauvegarde").read_bytes()
    for back in range(1, 40):
        name = f"commissions-{TODAY - timedelta(days=back)}-jour.sauvegarde"
        for folder in (here, tmp_path):
            (folder / name).write_bytes(copy)
    (tmp_path / "commissions-mon-essai-jour.sauvegarde").touch()
    clock.forward(days=1)
    services.backups.keep_up()
    stay = kept(
        [TODAY + timedelta(days=1), *(TODAY - timedelta(days=back) for back in range(40))],
        TODAY + timedelta(days=1),
    )
    for folder in (here, tmp_path):
        assert {file.name for file in folder.glob("commissions-2*.sauvegarde")} == {
            f"commissions-{day}-jour.sauvegarde" for day in stay
        }
    assert (tmp_path / "commissions-mon-essai-jour.sauvegarde").exists()


def test_a_stick_that_two_laptops_share_keeps_the_copies_of_both(
    services: Services, commission_id: str, clock: FakeClock, tmp_path: Path
) -> None:
    stick = tmp_path / "clé usb"
    stick.mkdir()
    colleague = Services(light_workspace(tmp_path / "collègue", "collègue", clock))
    for one in (colleague, services):
        one.settings.set("backup_folder", str(stick))
    for _ in range(40):
        for one in (colleague, services):
            assert one.backups.keep_up() == ""
        clock.forward(days=1)
    days = kept([TODAY + timedelta(days=n) for n in range(40)], TODAY + timedelta(days=39))
    for one in (colleague, services):
        away = [copy for copy in one.backups.copies() if not copy.here]
        assert {copy.at.date() for copy in away} == days
        assert {one.backups.compare(copy.file).foreign for copy in away} == {False}
    assert len(list(stick.iterdir())) == 2 * len(days)
    colleague.close()


def test_the_copies_are_listed_with_their_place_and_protection(
    services: Services, commission_id: str, clock: FakeClock, tmp_path: Path
) -> None:
    stick = tmp_path / "clé usb"
    stick.mkdir()
    services.settings.set("backup_folder", str(stick))
    services.backups.keep_up()
    assert "ici et dans" in services.backups.save_now()
    (stick / "commissions-2020-01-01-jour.sauvegarde").write_bytes(b"abc")
    copies = services.backups.copies()
    assert sorted(one.here for one in copies) == [False, False, False, True, True]
    assert [(one.reason, one.mode) for one in copies if one.at.date() == TODAY] == [
        ("jour", "none"),
        ("jour", "none"),
    ]
    assert (copies[-1].at.date(), copies[-1].mode) == (date(2020, 1, 1), "")
    assert all(one.size for one in copies)


def test_going_back_while_it_is_open_says_what_is_left_and_can_be_undone(
    services: Services, commission_id: str
) -> None:
    need = services.records.create("need", {"title": "Fibre"})
    file = services.backups.daily()
    assert file is not None
    services.records.update(need.id, {"title": "La fibre"})
    later = services.records.create("need", {"title": "Serveur"})
    found = services.backups.compare(file)
    assert (found.foreign, found.records, found.changes) == (False, 2, 2)
    assert list(found.changed) == ["besoin « Serveur »", "besoin « La fibre »"]
    replaced, erased, notes = services.backups.restore(file)
    assert (erased, notes) == (0, [])
    assert services.records.get(need.id).fields.title == "Fibre"
    assert replaced is not None
    assert "avant-restauration" in replaced.name
    services.backups.restore(replaced)
    assert services.records.get(later.id).fields.title == "Serveur"
    assert {one.reason for one in services.backups.copies()} == {"jour", "avant-restauration"}
    assert not list((services.workspace.folder / "sauvegardes").glob("remplace-*"))


@pytest.fixture
def erased_since(services: Services, commission_id: str) -> Path:
    """A copy that names somebody in their record and in a text, both erased since."""
    person = services.records.create("person", {"first_name": "Odile", "last_name": "Fusain"})
    services.records.create("need", {"words": "Mme Fusain perd ses mots de passe."})
    services.records.create("person", {"first_name": "Luc", "last_name": "Orme"})
    file = services.backups.daily()
    assert file is not None
    services.erasures.erase(person.id)
    return file


def persons(services: Services) -> list[str]:
    return sorted(one.fields.last_name for one in services.records.list("person"))


def test_going_back_to_a_copy_brings_nobody_back_who_was_erased_since(
    services: Services, erased_since: Path
) -> None:
    assert services.backups.restore(erased_since).erased == 1
    assert persons(services) == ["Orme", ERASED]
    (need,) = services.records.list("need")
    assert need.fields.words == f"{ERASED} perd ses mots de passe."
    services.workspace.let_go()
    content = (services.workspace.folder / "commissions.db").read_bytes()
    assert b"Fusain" not in content
    assert b"Orme" in content
    assert services.backups.restore(erased_since).erased == 1


def test_who_was_in_the_trash_of_the_copy_is_erased_there(
    services: Services, commission_id: str
) -> None:
    person = services.records.create("person", {"first_name": "Odile", "last_name": "Fusain"})
    services.records.delete(person.id)
    file = services.backups.save()
    services.trash.restore(person.id)
    services.erasures.erase(person.id)
    assert services.backups.restore(file).erased == 1
    assert [one.title for one in services.trash.list()] == [ERASED]
    services.workspace.let_go()
    assert b"Fusain" not in (services.workspace.folder / "commissions.db").read_bytes()


def test_a_copy_that_brings_somebody_back_for_want_of_room_says_so(
    services: Services, erased_since: Path
) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)

    def told(words: str, share: float) -> None:
        if share > 0.5:  # the copy stands
            resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))

    try:
        with pytest.raises(StorageError, match=r"effacez-les de nouveau\. Le dossier"):
            services.backups.restore(erased_since, told=told)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert persons(services) == ["Fusain", "Orme"]


def test_a_copy_that_brings_back_an_alternate_whose_seat_voted_says_what_to_do(
    services: Services, clock: FakeClock
) -> None:
    scene = Scene(1)
    scene.seat(2, alternate=True)
    scene.sheet(2, role="alternate")
    scene.ballot(scene.item(), for_count=1)
    stage(services, scene)
    file = services.backups.daily()
    assert file is not None
    with pytest.raises(UserError, match=r"il y aurait 1 voix pour 0 .* donnez-en le jour"):
        services.erasures.erase(uid("alternate 2"))
    services.records.update(uid("seat 2"), {"until": "2027-03-20"})
    clock.forward(days=2)
    services.erasures.erase(uid("alternate 2"))
    with pytest.raises(StorageError, match=r"effacez-les de nouveau\. .* donnez-en le jour"):
        services.backups.restore(file)
    assert services.records.get(uid("alternate 2")).fields.first_name == "Suppléant"


@pytest.mark.parametrize("in_the_window", [True, False])
def test_a_folder_that_cannot_be_removed_leaves_the_return_done_and_is_named(
    services: Services, erased_since: Path, monkeypatch: pytest.MonkeyPatch, in_the_window: bool
) -> None:
    folder = services.workspace.folder
    remove = shutil.rmtree

    def held(path: Path, **options: bool) -> None:  # as an antivirus does on Windows
        if "remplace-" in str(path):
            raise PermissionError(13, "busy", str(path))
        remove(path, **options)

    monkeypatch.setattr(backup.shutil, "rmtree", held)
    if in_the_window:
        to = services.backups.restore(erased_since)
        (said,) = to.notes
        assert to.erased == 1
        assert persons(services) == ["Orme", ERASED]
    else:
        services.close()
        said = workspaces.restore(folder, erased_since, None).warning
    (left,) = (folder / "sauvegardes").glob("remplace-*")
    assert said.startswith(f"Le dossier « {left} », où est l'état d'avant,")


def test_a_copy_is_the_way_out_of_damage_to_a_person(
    services: Services, erased_since: Path
) -> None:
    folder = services.workspace.folder
    services.workspace.let_go()
    driver = connect(folder / "commissions.db", None)
    driver.execute("UPDATE content SET fields = substr(fields, 1, 20) WHERE fields LIKE '%Orme%'")
    driver.close()
    to = services.backups.restore(erased_since)
    assert (to.erased, list(to.notes)) == (0, [UNHEARD])
    assert persons(services) == ["Fusain", "Orme"]


def test_all_that_was_done_here_is_left_by_a_copy_of_another_computer(
    services: Services, commission_id: str, tmp_path: Path
) -> None:
    other = Services(light_workspace(tmp_path / "volé", "volé"))
    for name in ("Commission d'avant", "Une autre", "Une troisième"):
        other.records.create("commission", {"name": name}, None)
    file = other.backups.save()
    other.close()
    services.records.create("need", {"title": "Fibre"})
    found = services.backups.compare(file)
    assert (found.foreign, found.records, found.changes) == (True, 3, 2)
    assert found.changed[0] == "besoin « Fibre »"


def test_a_copy_of_before_the_passphrase_changed_opens_under_the_present_one(
    services: Services, commission_id: str, tmp_path: Path
) -> None:
    folder = services.workspace.folder
    services.close()
    workspaces.protect(folder, "passphrase", None, "une première phrase")
    old = workspaces.save(folder, "une première phrase", tmp_path / "copie")
    workspaces.protect(folder, "passphrase", "une première phrase", "une seconde phrase")
    again = open_services(folder, "une seconde phrase")
    again.backups.restore(old)
    again.close()
    open_services(folder, "une seconde phrase").close()


def test_a_copy_from_a_newer_program_is_refused_and_nothing_changes(
    services: Services, commission_id: str
) -> None:
    with services.workspace.unit() as unit:
        unit.connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        unit.commit()
    file = services.backups.save()
    with pytest.raises(UserError, match="plus récente"):
        services.backups.restore(file)
    assert services.records.get(commission_id).fields.name == "Commission de l'Auxois"


@pytest.mark.parametrize(
    ("bloated", "words"),
    [
        ("commissions.db", "ne tient pas sur le disque"),
        ("protection.json", "n'est pas une copie"),
    ],
)
def test_a_bomb_is_refused_before_it_is_unpacked(
    services: Services, monkeypatch: pytest.MonkeyPatch, bloated: str, words: str
) -> None:
    folder = services.workspace.folder
    bomb = folder.with_name("commissions-2027-03-19.sauvegarde")
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("commissions.db", "protection.json"):
            archive.writestr(name, bytes(32 << 20 if name == bloated else 10))
    assert bomb.stat().st_size < 100_000
    services.workspace.let_go()
    before = sorted(folder.rglob("*"))
    usage = shutil.disk_usage(folder)._replace(free=16 << 20)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    with pytest.raises(AppError, match=words):
        services.backups.restore(bomb)
    assert backup.mode_of(bomb) == ""
    assert sorted(folder.rglob("*")) == before
