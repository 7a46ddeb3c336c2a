"""The key of a workspace: random, and wrapped in a header file once for each way of opening it.

The database is encrypted by SQLCipher with a random data key. The header, `protection.json`, holds
that key wrapped (ChaCha20-Poly1305) by a key in the system's keyring, by a passphrase or by the
recovery code (both through scrypt, RFC 7914). Nothing in it is secret by itself.
"""

from __future__ import annotations

import base64
import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from unicodedata import normalize

import msgspec

from app.domain.refusals import Refusal
from app.errors import Damaged, Locked, UserError
from app.storage import files
from app.storage.files import drafting, make_private, take_place

HEADER = files.HEADER
Mode = Literal["keyring", "passphrase", "none"]
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
_BETWEEN = re.compile(r"[\s.\u2010-\u2015\u2212\ufeff-]")
"""Separators between the characters of a code, those that phones and text editors put included."""
_COST = {"n": 2**15, "r": 8, "p": 1}
_MOST_BLOCKS = 1 << 21  # the most blocks of 128 bytes that scrypt may use: 256 MB

UNPROTECTED = "Cet espace de travail n'est pas protégé : il s'ouvre sans code de secours."
_LOST = "si elle est perdue, « commissions unlock » ouvre avec le code de secours"


class Wrapped(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The data key wrapped for one way of opening; texts are base64.

    `n`, `r` and `p` are the cost of scrypt (RFC 7914), 0 when the wrapping key is used as it is.
    """

    nonce: str
    sealed: str
    salt: str = ""
    n: int = 0
    r: int = 0
    p: int = 0

    def __post_init__(self) -> None:
        for text in (self.nonce, self.sealed, self.salt):
            base64.b64decode(text, validate=True)  # a ValueError makes it no header
        costs = (self.n, self.r, self.p)
        sound = self.n > 1 and not self.n & (self.n - 1) and self.r > 0 and 0 < self.p <= 16
        if any(costs) and not (sound and self.n * self.r <= _MOST_BLOCKS):
            raise ValueError("no cost of scrypt")


class Header(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The content of protection.json. `workspace` names the entry in the keyring."""

    version: Literal[1] = 1
    workspace: str
    mode: Mode
    keyring: Wrapped | None = None
    passphrase: Wrapped | None = None
    recovery: Wrapped | None = None


@dataclass(frozen=True)
class Protection:
    """A chosen protection, written or not: the header and the data key that it wraps.

    `recovery_code` is to be shown to the user once; None for an unprotected workspace. `new_entry`
    tells that the workspace's key was added to the keyring just now.
    """

    header: Header
    data_key: bytes | None = field(repr=False)
    recovery_code: str | None = field(default=None, repr=False)
    new_entry: bool = False


def choose(
    mode: Mode,
    passphrase: str | None = None,
    *,
    workspace: str,
    data_key: bytes | None = None,
    option: str = "--passphrase-file",
) -> Protection:
    """Prepares a protection; writes nothing but the keyring's entry in mode `keyring`.

    UserError when there is no usable keyring, or when the passphrase is missing or too short;
    `option` is the command-line option that gives it.
    """
    if mode == "none":
        return Protection(Header(workspace=workspace, mode=mode), None)
    key = data_key or secrets.token_bytes(32)
    code = new_recovery_code()
    recovery = _wrap_by_text(key, normal_code(code))
    if mode == "passphrase":
        if passphrase is None or len(passphrase) < 12:
            raise UserError(
                f"Il faut une phrase de passe d'au moins 12 caractères : donnez-la avec {option}"
                " FICHIER."
            ) from Refusal("il faut au moins 12 caractères.", field="passphrase")
        header = Header(
            workspace=workspace,
            mode=mode,
            passphrase=_wrap_by_text(key, passphrase),
            recovery=recovery,
        )
    else:
        wrapping, new_entry = _keyring_key(workspace, option)
        wrapped = _wrap(key, wrapping)
        header = Header(workspace=workspace, mode=mode, keyring=wrapped, recovery=recovery)
        return Protection(header, key, code, new_entry)
    return Protection(header, key, code)


def _keyring_key(workspace: str, option: str) -> tuple[bytes, bool]:
    """The key in the keyring under a workspace's name, and whether it was made just now.

    An existing key is kept, as the previous header, and copies in other folders of this computer,
    still need it to open.
    """
    from app.storage.keyrings import read_secret, store_secret

    held = _key_in(read_secret(workspace))
    if held is not None:
        return held, False
    made = secrets.token_bytes(32)
    store_secret(workspace, _text(made), option)
    return made, True


def _key_in(secret: str | None) -> bytes | None:
    """The key in the text of a keyring entry; None when there is none."""
    try:
        key = base64.b64decode(secret or "", validate=True)
    except ValueError:
        return None
    return key if len(key) == 32 else None


def renewed(header: Header, data_key: bytes) -> Protection:
    """The same protection with a new recovery code; the old one still opens older copies."""
    code = new_recovery_code()
    recovery = _wrap_by_text(data_key, normal_code(code))
    return Protection(msgspec.structs.replace(header, recovery=recovery), data_key, code)


def passed_on(header: Header, data_key: bytes, workspace: str) -> Protection:
    """The same protection, with the same code, for the workspace that takes the place of one."""
    keyring, new_entry = header.keyring, False
    if header.mode == "keyring":
        wrapping, new_entry = _keyring_key(workspace, "--passphrase-file")
        keyring = _wrap(data_key, wrapping)
    header = msgspec.structs.replace(header, workspace=workspace, keyring=keyring)
    return Protection(header, data_key, new_entry=new_entry)


def read_header(folder: Path) -> Header:
    """The header of a workspace; Damaged when it is unreadable or missing."""
    try:
        return msgspec.json.decode((folder / HEADER).read_bytes(), type=Header)
    except (msgspec.DecodeError, UnicodeDecodeError, FileNotFoundError) as error:
        state = "manque" if isinstance(error, FileNotFoundError) else "est endommagé"
        raise Damaged(
            f"Le fichier « {folder / HEADER} » {state} :"
            " « commissions doctor --repair » le reprend d'une copie."
        ) from error


def write_header(folder: Path, protection: Protection) -> None:
    """Replaces the header in one step: the former one stays until the new one is durable."""
    put_header(folder, msgspec.json.format(msgspec.json.encode(protection.header), indent=1))


def put_header(folder: Path, content: bytes) -> None:
    """As `write_header`, given the header's bytes."""
    with drafting(folder / HEADER) as draft:
        make_private(draft)
        draft.write_bytes(content)
        take_place(draft, folder / HEADER)


def unlock(folder: Path, passphrase: str | None) -> bytes | None:
    """The data key of a workspace, None for an unprotected one.

    Locked when the passphrase is missing or wrong, or when the keyring has lost its key.
    """
    header = read_header(folder)
    if header.mode == "none":
        return None
    if header.mode == "passphrase":
        return _unlock_with_passphrase(header, passphrase)
    return _unlock_with_keyring(header)


def _unlock_with_passphrase(header: Header, passphrase: str | None) -> bytes:
    if passphrase is None:
        raise Locked(
            "Cet espace de travail est protégé par une phrase de passe : donnez-la avec"
            f" --passphrase-file ; {_LOST}.",
            "passphrase",
        )
    key = _open(header.passphrase, passphrase)
    if key is None:
        raise Locked(
            f"La phrase de passe n'est pas la bonne, rien n'a été modifié : vérifiez-la ; {_LOST}.",
            "passphrase",
        ) from Refusal(
            "la phrase de passe n'est pas la bonne : vérifiez puis recommencez ; si elle est"
            " perdue, le code de secours de la fiche ouvre aussi."
        )
    return key


def _unlock_with_keyring(header: Header) -> bytes:
    from app.storage.keyrings import read_secret

    held = _key_in(read_secret(header.workspace))
    if held is None or header.keyring is None:
        raise Locked(
            "La clé de cet espace de travail n'est plus dans le trousseau du système :"
            " ouvrez-le avec le code de secours par « commissions unlock ».",
            "recovery",
        )
    key = _unwrap(header.keyring, held)
    if key is None:
        raise Locked(
            "La clé du trousseau n'ouvre pas cet espace de travail :"
            " ouvrez-le avec le code de secours par « commissions unlock ».",
            "recovery",
        )
    return key


def unlock_with_code(folder: Path, code: str) -> bytes:
    """The data key, by the recovery code; UserError when that is mistyped, Locked when wrong."""
    header = read_header(folder)
    if header.recovery is None:
        raise UserError(UNPROTECTED)
    key = _open(header.recovery, normal_code(code))
    if key is None:
        raise Locked(
            "Le code de secours n'est pas le bon, rien n'a été modifié : prenez la fiche de cet"
            " espace de travail, ou de l'ordinateur dont vient la copie, puis recommencez.",
            "recovery",
        )
    return key


def _open(wrapped: Wrapped | None, text: str) -> bytes | None:
    """The key that a text opens, in NFC or, for older headers, as typed or in NFD."""
    if not wrapped or not wrapped.n:
        return None
    forms = dict.fromkeys([normalize("NFC", text), text, normalize("NFD", text)])
    keys = (_unwrap(wrapped, _stretch(form, wrapped)) for form in forms)
    return next((key for key in keys if key is not None), None)


# The recovery code


def new_recovery_code() -> str:
    """Seven groups of five characters; the last of each group checks the four before it."""
    groups = []
    for _ in range(7):
        letters = "".join(secrets.choice(_ALPHABET) for _ in range(4))
        groups.append(letters + _check_character(letters))
    return "-".join(groups)


def _check_character(letters: str) -> str:
    # With odd weights modulo 32, any single wrong letter changes the sum.
    total = sum((2 * place + 1) * _ALPHABET.index(letter) for place, letter in enumerate(letters))
    return _ALPHABET[total % 32]


def bare_code(typed: str) -> str:
    """A typed code in capitals, without separators."""
    return _BETWEEN.sub("", typed).upper()


def normal_code(typed: str, *, whole: bool = True) -> str:
    """A typed code (if not `whole`, its beginning) in normal form; UserError names a bad group."""
    text = bare_code(typed).translate(str.maketrans("ILOU", "110V"))
    groups = [text[start : start + 5] for start in range(0, len(text), 5)]
    for number, group in enumerate(groups[:7], 1):
        foreign = any(letter not in _ALPHABET for letter in group)
        if foreign or (len(group) == 5 and _check_character(group[:4]) != group[4]):
            raise UserError(
                f"Le groupe n° {number} du code de secours est mal recopié :"
                " comparez-le à la fiche imprimée."
            )
    if len(text) > 35 or (whole and len(text) < 35):
        raise UserError(
            "Le code de secours compte 7 groupes de 5 caractères :"
            " recopiez-le depuis la fiche imprimée."
        )
    return "-".join(groups)


# Wrapping


def _wrap(key: bytes, wrapping: bytes, **parameters: str | int) -> Wrapped:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    nonce = secrets.token_bytes(12)
    sealed = ChaCha20Poly1305(wrapping).encrypt(nonce, key, None)
    return msgspec.convert({"nonce": _text(nonce), "sealed": _text(sealed), **parameters}, Wrapped)


def _unwrap(wrapped: Wrapped, wrapping: bytes) -> bytes | None:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    try:
        cipher = ChaCha20Poly1305(wrapping)
        return cipher.decrypt(
            base64.b64decode(wrapped.nonce), base64.b64decode(wrapped.sealed), None
        )
    except (InvalidTag, ValueError):
        return None


def _wrap_by_text(key: bytes, text: str) -> Wrapped:
    salt = _text(secrets.token_bytes(16))
    blank = Wrapped(nonce="", sealed="", salt=salt, **_COST)
    typed = normalize("NFC", text)  # an accented letter has several encodings (RFC 8265)
    return _wrap(key, _stretch(typed, blank), salt=salt, **_COST)


def _stretch(text: str, wrapped: Wrapped) -> bytes:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    salt = base64.b64decode(wrapped.salt)
    return Scrypt(salt=salt, length=32, n=wrapped.n, r=wrapped.r, p=wrapped.p).derive(text.encode())


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
