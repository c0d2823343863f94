"""The search of the canary test finds a word however it was written down."""

import base64
import contextlib
import gzip
import io
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.canaries import LOG_BLOCK, TABLE_MAGIC, traces, unsnappy

WORD = "Qvarzkanjarywx"
AROUND = "vorher {} nachher"


def plain(text: str) -> bytes:
    return text.encode()


def utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


def shifted(shift: int, encode: Callable[[bytes], bytes]) -> Callable[[str], bytes]:
    return lambda text: encode(b"x" * shift + text.encode())


def packed(text: str) -> bytes:
    return b"\x1f\x8b\x08 by chance" + gzip.compress(b"y" * 5000 + text.encode()) + b"more"


def archive(text: str) -> bytes:
    """A ZIP archive within another one: the word is found where it was packed twice."""
    content = text.encode() * 50
    for name in ("inner.zip", "outer.zip"):
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packing:
            packing.writestr(name, content)
        content = made.getvalue()
    return content


def torn_log(text: str) -> bytes:
    """A LevelDB log: the end of a block tears the word apart."""
    head, tail = text[: len(text) // 2].encode(), text[len(text) // 2 :].encode()
    first = b"z" * (LOG_BLOCK - 7 - len(head)) + head
    return _record(2, first) + _record(4, tail)


def _record(kind: int, data: bytes) -> bytes:
    return b"\0" * 4 + len(data).to_bytes(2, "little") + bytes([kind]) + data


def table(text: str) -> bytes:
    """A LevelDB table whose only block is packed: the second half of the word is said before it."""
    half = len(text) // 2
    head, tail = text[:half].encode(), text[half:].encode()
    content = tail + head + tail
    # The repetition is a reference to the beginning.
    snappy = bytes([len(content)]) + _literal(tail + head) + _copy(len(tail), len(text))
    assert unsnappy(snappy) == content
    block = snappy + b"\1" + b"\0" * 4
    handle = bytes([0]) + _varint(len(snappy))
    index = bytes([0, 1, len(handle)]) + b"k" + handle + b"\0" * 4 + b"\1\0\0\0" + b"\0" + b"\0" * 4
    where = _varint(len(block)) + _varint(len(index) - 5)
    footer = (b"\0\0" + where).ljust(40, b"\0") + TABLE_MAGIC
    return block + index + footer


def _literal(data: bytes) -> bytes:
    return bytes([(len(data) - 1) << 2]) + data


def _copy(length: int, back: int) -> bytes:
    return bytes([(length - 1) << 2 | 2]) + back.to_bytes(2, "little")


def _varint(value: int) -> bytes:
    return bytes([value]) if value < 128 else bytes([value & 127 | 128, value >> 7])


FILES: dict[str, Callable[[str], bytes]] = {
    "notes.txt": plain,
    "Session_1": utf16,
    "small.txt": lambda text: plain(text.lower()),
    "hex.txt": lambda text: text.encode().hex().encode(),
    **{f"base64-{n}.txt": shifted(n, base64.b64encode) for n in range(3)},
    **{f"base64url-{n}.txt": shifted(n, base64.urlsafe_b64encode) for n in range(3)},
    "cache_0": packed,
    "backup.zip": archive,
    "000003.log": torn_log,
    "000005.ldb": table,
}


@pytest.mark.parametrize("name", FILES)
def test_a_word_is_found(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "profile" / "leveldb"
    folder.mkdir(parents=True)
    (folder / "CURRENT").write_text("MANIFEST-000001\n")
    (folder / name).write_bytes(FILES[name](AROUND.format("Nothing")))
    assert traces(tmp_path, [WORD]) == []
    (folder / name).write_bytes(FILES[name](AROUND.format(WORD)))
    [trace] = traces(tmp_path, [WORD])
    assert trace.startswith(f"profile/leveldb/{name}: {WORD}")


def test_a_word_is_found_in_a_files_name(tmp_path: Path) -> None:
    (tmp_path / f"{WORD}.tmp").touch()
    assert len(traces(tmp_path, [WORD])) == 1


def test_a_word_is_found_across_the_pages_of_a_database(tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / "History")) as database:
        database.execute("PRAGMA page_size = 512")
        database.execute("CREATE TABLE urls (title TEXT)")
        for length in range(400, 600, 5):
            database.execute("INSERT INTO urls VALUES (?)", ("x" * length + WORD + "y" * 400,))
        database.commit()
    assert traces(tmp_path, [WORD]) == [f"History: {WORD} (as it is)"]
