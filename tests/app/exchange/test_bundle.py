"""The archive in a zip: what a zip may lie about is refused before anything is extracted."""

from __future__ import annotations

import hashlib
import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable

import pytest

from app.domain.refusals import Refusal
from app.exchange import bundle
from app.exchange.bundle import Bundle

CONTENT = b"%PDF-1.7 le devis"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


def written() -> bytes:
    stream = io.BytesIO()
    bundle.write(stream, [b"{", b"}"], [(SHA256, CONTENT)])
    return stream.getvalue()


def with_entry(name: str, content: bytes = b"x", **attributes: int) -> bytes:
    """A good zip with one entry more."""
    stream = io.BytesIO(written())
    entry = zipfile.ZipInfo(name)
    for attribute, value in attributes.items():
        setattr(entry, attribute, value)
    with zipfile.ZipFile(stream, "a") as file:
        file.writestr(entry, content, entry.compress_type)
    return stream.getvalue()


def read_whole(data: bytes) -> None:
    """Opens a zip and reads all that it holds."""
    found = Bundle(io.BytesIO(data))
    found.archive()
    for sha256 in found.blobs:
        found.blob(sha256)


def refusal(data: bytes) -> Refusal:
    with pytest.raises(Refusal) as refused:
        read_whole(data)
    assert refused.value.sentence.endswith(".")
    return refused.value


def test_what_is_written_is_read_back() -> None:
    found = Bundle(io.BytesIO(written()))
    assert found.archive() == b"{}"
    assert found.blobs == {SHA256}
    assert found.blob(SHA256) == CONTENT


def test_the_archive_written_piece_by_piece_is_the_one_written_whole() -> None:
    pieces = [f"{number} {number * 7919 % 10007}\n".encode() for number in range(50_000)]
    written, whole = io.BytesIO(), io.BytesIO()
    bundle.write(written, pieces, [])
    (entry,) = zipfile.ZipFile(written).infolist()
    with zipfile.ZipFile(whole, "w") as file:
        made = zipfile.ZipInfo("archive.json", entry.date_time)
        file.writestr(made, b"".join(pieces), zipfile.ZIP_DEFLATED)
    assert written.getvalue() == whole.getvalue()


def test_a_scan_of_a_blank_page_comes_through() -> None:
    scan, stream = b"\xff" * (8 << 20), io.BytesIO()
    sha256 = hashlib.sha256(scan).hexdigest()
    bundle.write(stream, [b"{", b"}"], [(sha256, scan)])
    assert Bundle(stream).blob(sha256) == scan


def test_a_folder_entry_for_the_blobs_does_no_harm() -> None:
    read_whole(with_entry("blobs/", b"", external_attr=(stat.S_IFDIR | 0o755) << 16))


@pytest.mark.parametrize(
    "name",
    [
        "notes.txt",
        "../archive.json",
        "blobs/../../etc/passwd",
        "/archive.json",
        "C:\\archive.json",
        "blobs\\" + "a" * 64,
        "blobs/" + "A" * 64,
        "blobs/" + "a" * 63,
        "blobs/" + "a" * 64 + "/b",
        "blobs/" + "a" * 64 + "\n",
        "sous/archive.json",
        "ARCHIVE.JSON",
        "dossier/",
    ],
)
def test_an_entry_that_has_no_place_there_is_refused(name: str) -> None:
    assert refusal(with_entry(name)).field == name[:100]


def test_a_link_is_refused() -> None:
    link = with_entry(
        "blobs/" + "a" * 64, b"/etc/passwd", external_attr=(stat.S_IFLNK | 0o777) << 16
    )
    assert "liens" in refusal(link).sentence


def test_a_device_is_refused() -> None:
    device = with_entry("blobs/" + "a" * 64, external_attr=(stat.S_IFCHR | 0o666) << 16)
    assert "ordinaire" in refusal(device).sentence


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_entry_that_stands_twice_is_refused() -> None:
    assert "deux fois" in refusal(with_entry("archive.json")).sentence


def test_a_blob_that_is_not_what_its_name_says_is_refused() -> None:
    assert refusal(with_entry("blobs/" + "a" * 64)).field == "blobs/" + "a" * 64


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_compression_whose_growth_cannot_be_bounded_is_refused(method: int) -> None:
    assert "compression" in refusal(with_entry("blobs/" + "a" * 64, compress_type=method)).sentence


def test_a_bomb_is_refused_before_it_is_extracted() -> None:
    bomb = with_entry("blobs/" + "a" * 64, bytes(8 << 20), compress_type=zipfile.ZIP_DEFLATED)
    assert len(bomb) < 20_000
    with pytest.raises(Refusal) as refused:
        Bundle(io.BytesIO(bomb))
    assert "bombe" in refused.value.sentence


def rewritten(change: Callable[[bytearray, int, int], None]) -> bytes:
    """The zip after a change, given where the blob's local and central headers stand."""
    data = bytearray(written())
    local = data.index(b"PK\x03\x04", 4)
    central = data.rindex(b"PK\x01\x02")
    change(data, local, central)
    return bytes(data)


def lie_in_both(data: bytearray, local: int, central: int) -> None:
    data[local + 22 : local + 26] = data[central + 24 : central + 28] = struct.pack("<I", 5)


def lie_in_both_and_in_the_checksum(data: bytearray, local: int, central: int) -> None:
    """All agrees, and the name with it: only the end of the compressed stream tells the truth."""
    lie_in_both(data, local, central)
    crc = struct.pack("<I", zlib.crc32(CONTENT[:5]))
    data[local + 14 : local + 18] = data[central + 16 : central + 20] = crc
    name = hashlib.sha256(CONTENT[:5]).hexdigest().encode()
    data[local + 36 : local + 100] = data[central + 52 : central + 116] = name


def compressed_to(data: bytearray, local: int, central: int, more: int) -> None:
    (size,) = struct.unpack("<I", data[local + 18 : local + 22])
    told = struct.pack("<I", size + more)
    data[local + 18 : local + 22] = data[central + 20 : central + 24] = told


def hide_bytes_behind(data: bytearray, local: int, central: int) -> None:
    compressed_to(data, local, central, 4)


def cut_the_end(data: bytearray, local: int, central: int) -> None:
    compressed_to(data, local, central, -1)


def wrong_checksum_of_the_archive(data: bytearray, local: int, central: int) -> None:
    first = data.index(b"PK\x01\x02")
    data[14:18] = data[first + 16 : first + 20] = b"\0\0\0\0"


def lie_larger(data: bytearray, local: int, central: int) -> None:
    data[local + 22 : local + 26] = data[central + 24 : central + 28] = struct.pack("<I", 5000)


def lie_in_the_local_header(data: bytearray, local: int, central: int) -> None:
    data[local + 22 : local + 26] = struct.pack("<I", 5)


def lie_in_the_directory(data: bytearray, local: int, central: int) -> None:
    data[central + 24 : central + 28] = struct.pack("<I", 5)


def huge(data: bytearray, local: int, central: int) -> None:
    data[central + 24 : central + 28] = struct.pack("<I", 0xFFFFFFF0)


def another_name(data: bytearray, local: int, central: int) -> None:
    data[local + 30 : local + 35] = b"clobs"


def locked(data: bytearray, local: int, central: int) -> None:
    data[central + 8] |= 1


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (lie_in_both, "taille"),
        (lie_in_both_and_in_the_checksum, "taille"),
        (lie_larger, "taille"),
        (hide_bytes_behind, "taille"),
        (cut_the_end, "taille"),
        (wrong_checksum_of_the_archive, "endommagé"),
        (lie_in_the_local_header, "partout"),
        (lie_in_the_directory, "partout"),
        (huge, "Mo"),
        (another_name, "endommagé"),
        (locked, "chiffrée"),
    ],
)
def test_a_zip_that_lies_is_refused(
    change: Callable[[bytearray, int, int], None], part: str
) -> None:
    assert part in refusal(rewritten(change)).sentence


@pytest.mark.parametrize("data", [b"", b"PK", b"{}", written()[:-30], b"PK\x05\x06" + bytes(18)])
def test_what_is_no_zip_of_ours_is_refused(data: bytes) -> None:
    refusal(data)
