"""What a file's name tells of its format."""

from __future__ import annotations

import mimetypes

UNKNOWN = "application/octet-stream"
"""The media type of a file whose name tells none."""

AGENDA = "application/vnd.commissions.agenda+json"
TEMPLATE = "application/vnd.commissions.document+json"
LOGO = "application/vnd.commissions.logo+png"
"""The media types of what the program itself keeps as attachments."""

_KINDS = mimetypes.MimeTypes()
"""The same types on every system: Windows would ask its registry, where CSV may be Excel's."""

for _ending, _kind in {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odp": "application/vnd.oasis.opendocument.presentation",
    ".rtf": "application/rtf",
    ".ics": "text/calendar",
    ".md": "text/markdown",
    ".webp": "image/webp",
    ".heic": "image/heic",
    ".m4a": "audio/mp4",
}.items():
    _KINDS.add_type(_kind, _ending)


def kind_of(name: str) -> str:
    """The media type that a file's name tells."""
    return _KINDS.guess_type(name)[0] or UNKNOWN
