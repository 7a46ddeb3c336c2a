"""A table out of a file of any format, told by its content and by its name's ending."""

from __future__ import annotations

import codecs

from app.domain.refusals import Refusal
from app.exchange import csv_file, ods_file, xlsx_file
from app.exchange.pages import Known, nothing
from app.exchange.sheet import Sheet

_SAVE = "ouvrez-le dans un tableur et enregistrez-le au format .xlsx"
_ZIP = b"PK\x03\x04"
_OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
"""What the zip of such a workbook begins with, after 30 bytes (ISO/IEC 26300-2 §3.3)."""


def read(data: bytes, ending: str, known: Known = nothing) -> Sheet:
    """The table of a file whose name has this ending, in lower case; Refusal when it holds none.

    A workbook is recognised by its content, so that one which was renamed is read all the same;
    `pages.chosen` finds its sheet by the `known` columns.
    """
    if not data.strip():
        raise Refusal("le fichier est vide : vérifiez que c'est le bon.")
    if data.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"<"):
        raise Refusal(f"c'est une page web : {_SAVE}.")
    if ending == ".ods" or data[30:].startswith(_OPEN_DOCUMENT):
        return ods_file.read(data, known)
    if ending == ".xls" and not data.startswith((_ZIP, xlsx_file.OLD_OR_LOCKED)):
        raise Refusal(f"ce format de classeur ne se lit pas : {_SAVE} ou .csv.")
    if ending == ".xlsx" or data.startswith((_ZIP, xlsx_file.OLD_OR_LOCKED)):
        return xlsx_file.read(data, known)
    return csv_file.read(data)
