"""What was erased, written down beside the backups: a backup that is older does not know it.

`erased.jsonl`, one line of JSON for each id, only ever added to. A line is on the disk before the
erasure is: whatever happens in between, a restore rather erases once more.
"""

import fcntl
import json
import os
from collections.abc import Iterable
from pathlib import Path

from server import erasure
from server.erasure import Erasure

NAME = "erased.jsonl"


def append(folder: Path, erasures: Iterable[Erasure]) -> None:
    """Adds lines, on the disk when it returns. Raises OSError where they cannot be written."""
    lines = "".join(f"{json.dumps(erasure._asdict())}\n" for erasure in erasures)
    if not lines:
        return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND
    with os.fdopen(os.open(folder / NAME, flags, 0o600), "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        # A line that was cut off by a crash ends here; it must not swallow the next one.
        length = file.seek(0, os.SEEK_END)
        if length:
            file.seek(length - 1)
        whole = not length or file.read(1) == b"\n"
        file.write((lines if whole else f"\n{lines}").encode())
        file.flush()
        os.fsync(file.fileno())


def read(folder: Path) -> list[Erasure]:
    """All lines; one that was cut off by a crash stands for nothing that happened."""
    path = folder / NAME
    return list(filter(None, map(_read, path.read_text().splitlines()))) if path.exists() else []


def keep_level(folder: Path) -> int:
    """The list gets what only the database knows, the database what only the list knows.

    Answers how many ids were erased by it.
    """
    listed = read(folder)
    known = {(one.team, one.id) for one in listed}
    append(folder, (one for one in erasure.all_erasures() if (one.team, one.id) not in known))
    return erasure.erase_again(listed)


def _read(line: str) -> Erasure | None:
    try:
        parts = json.loads(line)
        return Erasure(parts["team"], parts["id"], parts["at"])
    except (ValueError, KeyError, TypeError):
        return None
