"""Finds a word anywhere in a folder, however a browser or a database may have written it down.

A file is searched as it lies there and as what can be unpacked from it: gzip streams, the members
of ZIP archives, the records of LevelDB's logs, the blocks of its tables (Snappy), and the cells of
SQLite files, whose long values are torn apart by pages.
"""

import base64
import contextlib
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

GZIP_START = b"\x1f\x8b\x08"
GZIP_FORMAT = 31
MAX_UNPACKED = 1 << 24
ZIP_START = b"PK\x03\x04"
SQLITE_START = b"SQLite format 3\0"
TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
LOG_BLOCK = 1 << 15
TABLE_MAGIC = bytes.fromhex("57fb808b247547db")
TABLE_FOOTER = 48
SNAPPY, LAST_FRAGMENT = 1, 4


def traces(folder: Path, words: Iterable[str]) -> list[str]:
    """`file: word (form)` for each of `words` in each file below `folder`; empty when clean."""
    wanted = [(word, form, data) for word in words for form, data in forms(word).items()]
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            views = b"\0\0\0".join(_views(path))
            hits = {f"{word} ({form})" for word, form, data in wanted if data in views}
            found += [f"{path.relative_to(folder)}: {hit}" for hit in sorted(hits)]
    return found


def forms(word: str) -> dict[str, bytes]:
    """The bytes a word may stand as; of base64 what does not depend on its neighbours."""
    spelled = {"as it is": word, "small": word.lower(), "large": word.upper()}
    plain = {form: text.encode() for form, text in spelled.items()}
    plain |= {f"{form}, UTF-16": text.encode("utf-16-le") for form, text in spelled.items()}
    plain |= {"backwards": word[::-1].encode(), "hex": word.encode().hex().encode()}
    for shift in range(3):
        data = b"\0" * shift + word.encode()
        whole = slice(-(-shift * 8 // 6), len(data) * 8 // 6)
        plain[f"base64, {shift}"] = base64.b64encode(data)[whole]
        plain[f"base64url, {shift}"] = base64.urlsafe_b64encode(data)[whole]
    # The same bytes under two names are looked for once.
    return {form: data for data, form in {data: form for form, data in plain.items()}.items()}


def _views(path: Path) -> Iterator[bytes]:
    data = path.read_bytes()
    yield str(path.name).encode()
    yield data
    yield from _unzipped(data)
    if data.startswith(ZIP_START):
        yield from _members(path)
    if data.endswith(TABLE_MAGIC):
        yield from _table_blocks(data)
    if path.suffix == ".log" and path.with_name("CURRENT").exists():
        yield _log_records(data)
    if data.startswith(SQLITE_START):
        yield _cells(path)


def _unzipped(data: bytes) -> Iterator[bytes]:
    start = data.find(GZIP_START)
    while start >= 0:
        # Three bytes may be there by chance; what is no stream ends at once.
        with contextlib.suppress(zlib.error):
            yield zlib.decompressobj(GZIP_FORMAT).decompress(data[start:], MAX_UNPACKED)
        start = data.find(GZIP_START, start + 1)


def _members(path: Path) -> Iterator[bytes]:
    """The files of an archive, each searched like any other; closed ones as they lie there."""
    with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory() as folder:
        for number, member in enumerate(archive.infolist()):
            yield member.filename.encode()
            if not member.flag_bits & 1:  # Closed with a password.
                unpacked = Path(folder) / str(number)
                unpacked.write_bytes(archive.read(member))
                yield from _views(unpacked)


def _cells(path: Path) -> bytes:
    """All values of a SQLite file with its journals; read from a copy, for reading mends it."""
    pieces: list[bytes] = []
    with tempfile.TemporaryDirectory() as folder:
        for part in (path, *path.parent.glob(f"{path.name}-*")):
            shutil.copy(part, folder)
        with contextlib.closing(sqlite3.connect(Path(folder) / path.name)) as database:
            database.text_factory = bytes
            for (name,) in database.execute(TABLES).fetchall():
                for row in database.execute(f'SELECT * FROM "{name.decode()}"'):
                    pieces += [v if isinstance(v, bytes) else str(v).encode() for v in row]
    return b"\0".join(pieces)


def _log_records(data: bytes) -> bytes:
    """A LevelDB log without the headers that stand inside long records."""
    pieces = []
    for start in range(0, len(data), LOG_BLOCK):
        block = data[start : start + LOG_BLOCK]
        at = 0
        while at + 7 <= len(block):
            length = int.from_bytes(block[at + 4 : at + 6], "little")
            kind = block[at + 6]
            if not 1 <= kind <= LAST_FRAGMENT:
                break
            pieces.append(block[at + 7 : at + 7 + length])
            at += 7 + length
    return b"".join(pieces)


def _table_blocks(data: bytes) -> Iterator[bytes]:
    """The blocks of a LevelDB table, unpacked."""
    footer = data[-TABLE_FOOTER:]
    at = 0
    for _ in range(2):  # The handle of an index of indexes, which says nothing.
        _, at = _varint(footer, at)
    offset, at = _varint(footer, at)
    size, _ = _varint(footer, at)
    for value in _values(_block(data, offset, size)):
        block_offset, at = _varint(value, 0)
        block_size, _ = _varint(value, at)
        yield _block(data, block_offset, block_size)


def _block(data: bytes, offset: int, size: int) -> bytes:
    block = data[offset : offset + size]
    return unsnappy(block) if data[offset + size] == SNAPPY else block


def _values(block: bytes) -> Iterator[bytes]:
    restarts = int.from_bytes(block[-4:], "little")
    at, end = 0, len(block) - 4 * (restarts + 1)
    while at < end:
        _, at = _varint(block, at)
        key, at = _varint(block, at)
        length, at = _varint(block, at)
        at += key
        yield block[at : at + length]
        at += length


def unsnappy(data: bytes) -> bytes:
    """What was packed with Snappy's block format."""
    size, at = _varint(data, 0)
    out = bytearray()
    while at < len(data):
        tag = data[at]
        at += 1
        if tag & 3 == 0:
            length = (tag >> 2) + 1
            if length > 60:
                extra = length - 60
                length = int.from_bytes(data[at : at + extra], "little") + 1
                at += extra
            out += data[at : at + length]
            at += length
            continue
        if tag & 3 == 1:
            length, back = (tag >> 2 & 7) + 4, (tag >> 5) << 8 | data[at]
            at += 1
        else:
            width = 2 if tag & 3 == 2 else 4
            length, back = (tag >> 2) + 1, int.from_bytes(data[at : at + width], "little")
            at += width
        for _ in range(length):
            out.append(out[-back])
    assert len(out) == size, "not Snappy"
    return bytes(out)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at
