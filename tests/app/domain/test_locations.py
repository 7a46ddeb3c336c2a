"""Folders that are no place for a workspace, told from tables of mounts, names and files."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath

import pytest

from app.domain.locations import Hazard, is_share, network_type, synchronised_by

MOUNTS = r"""
sysfs /sys sysfs rw 0 0
/dev/sda2 / ext4 rw,relatime 0 0
srv:/export /mnt/partage nfs4 rw,vers=4.2 0 0
//srv/commun /mnt/Mes\040documents cifs rw 0 0
anne@srv: /mnt/ssh fuse.sshfs rw 0 0
gvfsd-fuse /run/user/1000/gvfs fuse.gvfsd-fuse rw 0 0
/dev/sdb1 /mnt/partage/local ext4 rw 0 0
/dev/sdc1 /media/usb vfat rw 0 0
tmpfs /mnt/cache nfs rw 0 0
tmpfs /mnt/cache tmpfs rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "found"),
    [
        ("/donnees/espace", None),
        ("/mnt/partage", "nfs4"),
        ("/mnt/partage/espace", "nfs4"),
        ("/mnt/partage2/espace", None),
        ("/mnt/partage/local/espace", None),
        ("/mnt/Mes documents/espace", "cifs"),
        ("/mnt/ssh/a/b", "fuse.sshfs"),
        ("/run/user/1000/gvfs/smb-share:server=srv/espace", "fuse.gvfsd-fuse"),
        ("/media/usb/espace", None),
        ("/mnt/cache/espace", None),
    ],
)
def test_a_network_folder_is_told_by_the_mount_that_holds_it(folder: str, found: str) -> None:
    assert network_type(folder, MOUNTS) == found


@pytest.mark.parametrize(
    ("path", "share"),
    [
        (r"\\srv\commun\espace", True),
        ("//srv/commun/espace", True),
        (r"\\?\UNC\srv\commun", True),
        (r"\\?\C:\espace", False),
        (r"\\.\pipe\x", False),
        (r"C:\Users\anne\espace", False),
    ],
)
def test_a_share_of_windows_is_told_by_its_path(path: str, share: bool) -> None:
    assert is_share(path) is share


@pytest.mark.parametrize(
    ("folder", "program"),
    [
        (r"C:\Users\anne\OneDrive\espace", "OneDrive"),
        (r"C:\Users\anne\OneDrive - GIP Territoires\Documents\espace", "OneDrive"),
        (r"D:\Nuage\espace", "OneDrive"),
        (r"C:\Users\anne\Dropbox (Personnel)\espace", "Dropbox"),
        (r"C:\Users\anne\iCloudDrive\espace", "iCloud"),
        (r"G:\Mon Drive\espace", None),
        (r"C:\Users\anne\Documents\onedriver\espace", None),
    ],
)
def test_a_synchronised_folder_of_windows_is_told(folder: str, program: str | None) -> None:
    variables = {"OneDriveCommercial": r"D:\Nuage", "OneDrive": ""}
    assert synchronised_by(PureWindowsPath(folder), variables) == program


@pytest.mark.parametrize(
    ("folder", "program"),
    [
        ("/donnees/anne/Nextcloud2/espace", "Nextcloud"),
        ("/donnees/anne/kDrive/espace", "kDrive"),
        ("/donnees/anne/Library/Mobile Documents/com~apple~CloudDocs/espace", "iCloud"),
        ("/donnees/anne/Library/CloudStorage/GoogleDrive-a@b.fr/Mon Drive", "Google Drive"),
        ("/donnees/anne/.local/share/commissions-numeriques/espace", None),
    ],
)
def test_a_synchronised_folder_is_told_by_its_name(folder: str, program: str | None) -> None:
    assert synchronised_by(PurePosixPath(folder), {}) == program


@pytest.mark.parametrize(
    ("marker", "program"),
    [
        (".dropbox.cache", "Dropbox"),
        (".849C9593-D756-4E56-8D6E-42412F2A707B", "OneDrive"),
        (".sync_2f8a61b0c3d4.db", "Nextcloud"),
        ("._sync_2f8a61b0c3d4.db", "Nextcloud"),
        (".stfolder", "Syncthing"),
        (".git", None),
        ("_sync_notes.txt", None),
    ],
)
def test_a_synchronised_folder_is_told_by_what_its_program_leaves(
    marker: str, program: str | None
) -> None:
    assert synchronised_by(PurePosixPath("/donnees/travail"), {}, {".bashrc", marker}) == program


def test_a_hazard_says_what_to_do() -> None:
    assert "réseau (nfs4)" in Hazard("network", "nfs4").sentence
    assert "synchronisé par OneDrive" in Hazard("synchronised", "OneDrive").sentence
    assert Hazard("network", "cifs").sentence.count("déplacez-le") == 1
