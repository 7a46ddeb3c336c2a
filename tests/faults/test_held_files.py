"""A file that another program holds open, which Windows then refuses to rename or to replace.

An antivirus lets go of it soon; a reader of PDF, or a second window, does not.
"""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from app.bootstrap import open_services
from app.documents.document import Document
from app.errors import StorageError, UserError
from app.services import workspaces
from app.services.documents import write_document
from app.storage.faults import french_storage_errors
from tests.faults.disk import Call, Disk
from tests.workspaces import light_workspace

PAPER = Document(b"la suite", "application/pdf", "pv.pdf")


def held(times: int) -> Disk:
    """A disk that refuses to rename anything so many times, as Windows does: by its own number."""
    refusals = iter(range(times))

    def act(call: Call) -> None:
        if call.name == "rename" and next(refusals, None) is not None:
            refused = PermissionError(errno.EACCES, "Accès refusé", call.path)
            refused.winerror = 5
            raise refused

    return Disk(act)


def test_a_paper_is_written_once_the_antivirus_has_let_go_of_it(tmp_path: Path) -> None:
    with held(times=2)():
        write_document(PAPER, tmp_path / "pv.pdf")
    assert (tmp_path / "pv.pdf").read_bytes() == PAPER.data


def test_a_paper_open_in_its_reader_stays_as_it_was_and_is_to_be_closed(tmp_path: Path) -> None:
    (tmp_path / "pv.pdf").write_bytes(b"avant")
    with held(times=99)(), pytest.raises(UserError, match="fermez-le puis recommencez") as told:
        write_document(PAPER, tmp_path / "pv.pdf")
    assert "est ouvert dans un autre programme" in str(told.value)
    assert [path.name for path in tmp_path.iterdir()] == ["pv.pdf"]
    assert (tmp_path / "pv.pdf").read_bytes() == b"avant"


@pytest.mark.parametrize("number", [errno.EPERM, errno.EACCES])
def test_a_paper_that_rights_keep_from_being_replaced_is_not_said_to_be_open(
    tmp_path: Path, number: int
) -> None:
    (tmp_path / "pv.pdf").write_bytes(b"avant")
    disk = Disk(lambda call: number if call.name == "rename" else None)
    with disk(), pytest.raises(UserError, match="verrouillé ou appartient à un autre compte"):
        write_document(PAPER, tmp_path / "pv.pdf")
    assert (tmp_path / "pv.pdf").read_bytes() == b"avant"


def test_a_restoration_waits_for_the_antivirus_and_names_what_stays_open(tmp_path: Path) -> None:
    folder, copy = tmp_path / "espace", tmp_path / "copie.sauvegarde"
    light_workspace(folder).close()
    services = open_services(folder)
    services.records.create("commission", {"name": "Commission de l'Auxois"})
    services.records.create("need", {"title": "Fibre"})
    services.backups.save(copy)
    services.records.create("need", {"title": "Site"})
    services.close()
    with held(times=99)(), pytest.raises(StorageError, match="est ouvert dans une fenêtre"):
        workspaces.restore(folder, copy, None)
    with held(times=1)():
        workspaces.restore(folder, copy, None)
    services = open_services(folder)
    try:
        assert [one.fields.title for one in services.records.list("need")] == ["Fibre"]
    finally:
        services.close()


@pytest.mark.parametrize(
    ("number", "words", "told"),
    [
        (errno.ENOSPC, "Espace insuffisant sur le disque", "est plein"),
        (errno.EDQUOT, "Dépassement de quota", "est plein"),
        (errno.EROFS, "Système accessible en lecture seulement", "est en lecture seule"),
        (errno.EACCES, "[WinError 5] Accès refusé", "est en lecture seule"),
        (errno.EACCES, "[WinError 32] Le processus ne peut pas", "est ouvert dans"),
        (errno.EBUSY, "Périphérique ou ressource occupé", "est ouvert dans"),
        (errno.EIO, "Erreur d'entrée/sortie", "ne peut être lu ni écrit"),
    ],
)
def test_a_fault_is_told_alike_in_whatever_language_the_system_speaks(
    tmp_path: Path, number: int, words: str, told: str
) -> None:
    with pytest.raises(StorageError, match=told), french_storage_errors(tmp_path):
        raise OSError(number, words)
