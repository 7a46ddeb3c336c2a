"""Where a workspace should not be: on a network share, or in a folder that another program copies.

SQLite cannot lock files over a network, and a synchroniser may copy the database and its log at two
different instants, or bring back an older one (SQLite, « How To Corrupt », §2).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal

NETWORK_TYPES = frozenset(
    {
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "davfs", "ncpfs", "fuse.sshfs",
        "fuse.rclone", "fuse.gvfsd-fuse", "fuse.davfs2", "fuse.glusterfs", "fuse.s3fs",
        "fuse.smbnetfs", "fuse.cifs", "fuse.kio-fuse",
    }
)  # fmt: skip
"""Types of mounted file systems that lie on another machine."""

_FOLDERS = (
    (r"onedrive( - .+)?", "OneDrive"),
    (r"dropbox( \(.+\))?", "Dropbox"),
    (r"google ?drive|googledrive-.+|drivefs", "Google Drive"),
    (r"iclouddrive|icloud drive|com~apple~clouddocs|mobile documents", "iCloud"),
    (r"nextcloud\d*", "Nextcloud"),
    (r"owncloud\d*", "ownCloud"),
    (r"kdrive\d*", "kDrive"),
    (r"pclouddrive|pcloud drive|pcloudsync", "pCloud"),
    (r"mega|megasync( downloads)?", "MEGA"),
    (r"synologydrive", "Synology Drive"),
)
_MARKERS = (
    (r"\.dropbox(\.cache)?", "Dropbox"),
    (r"\.849c9593-d756-4e56-8d6e-42412f2a707b", "OneDrive"),
    (r"\.tmp\.drive(upload|download)", "Google Drive"),
    (r"\.?_?\.?sync_[0-9a-f]+\.db|\.nextcloudsync\.log", "Nextcloud"),
    (r"\.owncloudsync\.log", "ownCloud"),
    (r"\.stfolder", "Syncthing"),
    (r"\.synologyworkingdirectory", "Synology Drive"),
)
_VARIABLES = {
    "OneDrive": "OneDrive",
    "OneDriveConsumer": "OneDrive",
    "OneDriveCommercial": "OneDrive",
}


@dataclass(frozen=True)
class Hazard:
    """Why a folder is no place for a workspace; `by` names the program or the file system."""

    kind: Literal["network", "synchronised"]
    by: str

    @property
    def sentence(self) -> str:
        """What it is, and what to do."""
        if self.kind == "network":
            return (
                f"L'espace de travail est sur un dossier du réseau ({self.by}), où une coupure peut"
                " l'endommager : déplacez-le sur le disque de cet ordinateur."
            )
        return (
            f"L'espace de travail est dans un dossier synchronisé par {self.by}, qui peut mêler"
            " deux versions et l'endommager : déplacez-le hors de ce dossier."
        )


def network_type(folder: str, mounts: str) -> str | None:
    """The type of the network file system that holds a folder, by a text like /proc/mounts."""
    best, found = "", ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), fields[1])
        inside = folder == point or folder.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):  # of two on one point the last mounted is seen
            best, found = point, fields[2]
    return found if found in NETWORK_TYPES else None


def is_share(folder: str) -> bool:
    """Whether a Windows path names another machine: \\\\server\\share."""
    path = folder.replace("/", "\\")
    if path.upper().startswith("\\\\?\\UNC\\"):
        return True
    return path.startswith("\\\\") and not path.startswith(("\\\\?\\", "\\\\.\\"))


def synchronised_by(
    folder: PurePath, variables: Mapping[str, str], markers: Collection[str] = ()
) -> str | None:
    """The program that synchronises a folder, told by its own variables, names and files.

    `markers` are the names of files in the folder and in those above it.
    """
    for name, program in _VARIABLES.items():
        root = variables.get(name)
        if root and folder.is_relative_to(type(folder)(root)):
            return program
    for names, known in ((folder.parts, _FOLDERS), (markers, _MARKERS)):
        for pattern, program in known:
            if any(re.fullmatch(pattern, one, re.IGNORECASE) for one in names):
                return program
    return None
