"""Lists as offices send them, and the closed archive the app gives out, opened without the app.

A workbook is put together part by part; an archive is opened with nothing but what the standard
of WinZip's AES says: other programs must be able to do the same.
"""

import hashlib
import hmac
import io
import struct
import zipfile
import zlib
from collections.abc import Sequence
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
XLSX = f"{KIND}.sheet"

Rows = Sequence[Sequence[str | int]]
"""Texts as they are; whole numbers are days as Excel counts them."""

STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs>'
    "</styleSheet>"
)


def workbook(**sheets: Rows) -> bytes:
    """An Excel file with these sheets."""
    names = list(sheets)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{XLSX}.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{KIND}.styles+xml"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{i}.xml" ContentType="{KIND}.worksheet+xml"/>'
            for i in range(len(names))
        )
        + "</Types>",
        "_rels/.rels": _links({"book": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        + "".join(
            f'<sheet name="{escape(name)}" sheetId="{i + 1}" r:id="s{i}"/>'
            for i, name in enumerate(names)
        )
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": _links(
            {f"s{i}": ("worksheet", f"worksheets/sheet{i}.xml") for i in range(len(names))}
            | {"styles": ("styles", "styles.xml")}
        ),
        "xl/styles.xml": STYLES,
    }
    for i, rows in enumerate(sheets.values()):
        parts[f"xl/worksheets/sheet{i}.xml"] = _sheet(rows)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{text}')
    return made.getvalue()


def _links(links: dict[str, tuple[str, str]]) -> str:
    inner = "".join(
        f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for key, (kind, target) in links.items()
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{inner}</Relationships>'


def _sheet(rows: Rows) -> str:
    lines = "".join(f"<row>{''.join(_cell(value) for value in row)}</row>" for row in rows)
    return f'<worksheet xmlns="{MAIN}"><sheetData>{lines}</sheetData></worksheet>'


def _cell(value: str | int) -> str:
    if isinstance(value, int):
        return f'<c s="1"><v>{value}</v></c>'
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def texts(book: bytes) -> dict[str, list[list[str]]]:
    """What stands in the cells of a workbook, by sheet."""
    space = {"m": MAIN}
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        shared = [
            "".join(node.itertext())
            for node in ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))
        ]
        names = [
            sheet.attrib["name"]
            for sheet in ElementTree.fromstring(archive.read("xl/workbook.xml")).iterfind(
                ".//m:sheet", space
            )
        ]
        read: dict[str, list[list[str]]] = {}
        for i, name in enumerate(names, 1):
            sheet = ElementTree.fromstring(archive.read(f"xl/worksheets/sheet{i}.xml"))
            assert sheet.find(".//m:f", space) is None, "a formula"
            read[name] = [
                [
                    shared[int(cell.findtext("m:v", "", space))]
                    for cell in row.iterfind("m:c[@t='s']", space)
                ]
                for row in sheet.iterfind(".//m:row", space)
            ]
    return read


class WrongPassword(Exception):
    """The archive says so itself."""


def open_archive(closed: bytes, password: str) -> dict[str, bytes]:
    """The files of an archive closed with WinZip's AES (vendor version 1 or 2)."""
    opened = {}
    with zipfile.ZipFile(io.BytesIO(closed)) as archive:
        for entry in archive.infolist():
            start = entry.header_offset
            name_length, extra_length = struct.unpack_from("<HH", closed, start + 26)
            body = start + 30 + name_length + extra_length
            data = closed[body : body + entry.compress_size]
            strength, method = _aes_extra(entry.extra)
            plain = _decrypt(data, password, strength)
            opened[entry.filename] = zlib.decompress(plain, -15) if method else plain
    return opened


def _aes_extra(extra: bytes) -> tuple[int, int]:
    """Strength (3: 256 bits) and the true method of compression."""
    while extra:
        kind, length = struct.unpack_from("<HH", extra)
        if kind == 0x9901:
            _version, vendor, strength, method = struct.unpack_from("<H2sBH", extra, 4)
            assert vendor == b"AE"
            return strength, method
        extra = extra[4 + length :]
    raise AssertionError("not closed with AES")


def _decrypt(data: bytes, password: str, strength: int) -> bytes:
    size = {1: 16, 2: 24, 3: 32}[strength]
    salt, rest = data[: size // 2], data[size // 2 :]
    check, sealed, code = rest[:2], rest[2:-10], rest[-10:]
    keys = hashlib.pbkdf2_hmac("sha1", password.encode(), salt, 1000, 2 * size + 2)
    if keys[2 * size :] != check:
        raise WrongPassword
    assert hmac.digest(keys[size : 2 * size], sealed, "sha1")[:10] == code
    # Its counter begins at 1 and runs little-endian, which no ready-made mode does.
    blocks = (len(sealed) + 15) // 16
    counters = b"".join(i.to_bytes(16, "little") for i in range(1, blocks + 1))
    stream = Cipher(algorithms.AES(keys[:size]), modes.ECB()).encryptor().update(counters)
    return bytes(a ^ b for a, b in zip(sealed, stream, strict=False))
