"""A disk without a byte left: it is what is said to be wrong, and nothing else."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.bootstrap import Services, open_services
from app.errors import AppError, StorageError
from app.services import doctor, workspaces
from tests.faults.disk import Call, Disk


@pytest.fixture(params=["mount", "calls"])
def small(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MB; a folder, where nothing may be mounted."""
    place = tmp_path / "petit disque"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(place)]
    mounted = (
        request.param == "mount" and root() and not subprocess.run(mount, check=False).returncode
    )
    yield place
    if mounted:
        subprocess.run(["umount", "--lazy", place], check=True)


def root() -> bool:
    return sys.platform == "linux" and os.geteuid() == 0


@contextmanager
def full(place: Path) -> Iterator[None]:
    """Leaves no room on a disk; in a folder, each call that takes some fails as it would there."""
    if place.is_mount():
        with (place / "photos").open("wb", buffering=0) as file, pytest.raises(OSError, match="No"):
            while True:
                file.write(bytes(4096))
        yield
        (place / "photos").unlink()
        return

    def refuse(call: Call) -> int | None:
        takes = call.name in ("open", "write", "mkdir", "link") and call.path.startswith(str(place))
        return errno.ENOSPC if takes else None

    usage = shutil.disk_usage(place)._replace(free=0)
    with Disk(refuse)(), pytest.MonkeyPatch.context() as system:
        system.setattr(shutil, "disk_usage", lambda path: usage)
        yield


def test_a_workspace_that_a_full_disk_keeps_shut_is_not_called_damaged(
    services: Services, commission_id: str, small: Path
) -> None:
    file = services.backups.save()
    folder = small / "espace"
    workspaces.restore(folder, file, None)
    with full(small):
        with pytest.raises(StorageError, match="est plein, rien n'a été modifié"):
            open_services(folder).records.list("commission")
        assert "endommagée" not in doctor.doctor(folder, None)[0][0].sentence
    assert doctor.doctor(folder, None)[0][0].ok
    again = open_services(folder)
    assert [one.id for one in again.records.list("commission")] == [commission_id]
    again.close()


def test_a_full_stick_leaves_the_copy_of_this_computer_and_says_so(
    services: Services, commission_id: str, small: Path
) -> None:
    services.settings.set("backup_folder", str(small))
    told = r"sur cet ordinateur seulement\. Le disque .* est plein"
    for copy in (services.backups.keep_up, services.backups.save_now):
        with full(small), pytest.raises(AppError, match=told):
            copy()
    assert [one.here for one in services.backups.copies()] == [True, True]
    assert "ici et dans" in services.backups.save_now()


@contextmanager
def small_files_only() -> Iterator[None]:
    """Files end at 4 KB, as they do at 4 GB on a stick in FAT32."""
    kept = resource.getrlimit(resource.RLIMIT_FSIZE)
    former = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, kept[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, kept)
        signal.signal(signal.SIGXFSZ, former)


def test_a_stick_that_takes_no_file_as_large_is_told_from_one_that_is_gone(
    services: Services, commission_id: str, tmp_path: Path
) -> None:
    stick = tmp_path / "clé"
    stick.mkdir()
    services.settings.set("backup_folder", str(stick))
    services.backups.daily()
    with small_files_only(), pytest.raises(AppError, match="FAT32"):
        services.backups.keep_up()
    assert list(stick.iterdir()) == []
    file = services.backups.save()
    with small_files_only(), pytest.raises(AppError, match="FAT32"):
        workspaces.restore(stick / "espace", file, None)
    assert list(stick.iterdir()) == []
