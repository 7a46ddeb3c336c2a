"""E-mail drafts (RFC 5322) with a document attached, for the user's own mail program to send."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from email.header import Header
from email.headerregistry import (
    Address,
    HeaderRegistry,
    UniqueAddressHeader,
    UniqueUnstructuredHeader,
)
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime
from urllib.parse import quote

from app.documents.document import DRAFT, Document
from app.domain.mail_addresses import is_address

LONGEST_LINE = 76
"""Characters of a line that holds encoded words (RFC 2047, 2)."""


class _Subject(UniqueUnstructuredHeader):
    """A subject folded as one text: left to itself, EmailMessage loses spaces between accented
    words when it folds them.
    """

    name: str

    def fold(self, *, policy: Policy) -> str:
        return _folded(self.name, [(str(self), "utf-8")], policy)


class _Recipients(UniqueAddressHeader):
    """Recipients whose names are folded in the same way, each before its address."""

    name: str

    def fold(self, *, policy: Policy) -> str:
        parts: list[tuple[str, str]] = []
        for rank, one in enumerate(self.addresses, 1):
            more = "," if rank < len(self.addresses) else ""
            parts += [(one.display_name, "utf-8"), (f"<{one.addr_spec}>{more}", "us-ascii")]
        return _folded(self.name, parts, policy)


def _folded(name: str, parts: Sequence[tuple[str, str]], policy: Policy) -> str:
    header = Header(maxlinelen=LONGEST_LINE, header_name=name)
    for words, charset in parts:
        if words:
            header.append(words, charset)
    return f"{name}: {header.encode(linesep=policy.linesep)}{policy.linesep}"


_HEADERS = HeaderRegistry()
for _name, _kind in (("subject", _Subject), ("to", _Recipients), ("bcc", _Recipients)):
    _HEADERS.map_to_type(_name, _kind)  # type: ignore[arg-type]  # the registry adds BaseHeader
_POLICY = SMTP.clone(header_factory=_HEADERS)


def draft(
    document: Document, subject: str, body: str, recipients: Sequence[tuple[str, str]],
    made_at: datetime, *, also: Sequence[Document] = (),
) -> Document:  # fmt: skip
    """An unsent message to (name, e-mail) pairs; an invalid e-mail is left out.

    Several stand in blind copy, so that none of them is given the addresses of the others.
    `also` are attached after the document, which names the file.
    """
    message = EmailMessage(policy=_POLICY)
    message["Subject"] = " ".join(subject.split())
    addresses = [
        Address(" ".join(name.split()), addr_spec=email.strip())
        for name, email in recipients
        if is_address(email)
    ]
    if addresses:
        message["To" if len(addresses) == 1 else "Bcc"] = addresses
    message["Date"] = format_datetime(made_at)
    message["X-Unsent"] = "1"  # mail programs open it for writing
    message.set_content(body)
    for one in (document, *also):
        kind, subtype = one.media_type.split("/")
        parameters = {"charset": "utf-8", "method": "PUBLISH"} if subtype == "calendar" else {}
        message.add_attachment(
            one.data, maintype=kind, subtype=subtype, filename=one.file_name, params=parameters
        )
    # the boundary is random by default: the same draft must have the same bytes
    message.set_boundary(f"=_{hashlib.sha256(document.data).hexdigest()[:32]}")
    name = f"{document.file_name.rpartition('.')[0]}.eml"
    return Document(message.as_bytes(), DRAFT, name, document.missing_glyphs)


def mailto(email: str, subject: str, body: str) -> str:
    """The address that opens a new message in the user's mail program (RFC 6068).

    Such an address carries no attachment.
    """
    words = {"subject": " ".join(subject.split()), "body": body.replace("\n", "\r\n")}
    fields = "&".join(f"{name}={quote(text, safe='')}" for name, text in words.items())
    return f"mailto:{quote(email.strip(), safe='@')}?{fields}"
