"""What an operation may say: tables, columns, the check of one operation, sealed values, batches.

The check knows shapes only. Whether the row exists, whether the person may write it and whether
a key's envelope is there, the server decides. See PROTOCOL.md, "Operation" and "Column kinds".
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, Literal, NamedTuple, TypeGuard, TypeVar, cast

from sync.clock import is_stamp

Kind = Literal["code", "day", "instant", "int", "bool", "id", "label", "sealed", "text"]
KeyKind = Literal["case", "team", "own", "none"]

MAX_INT = 2**53 - 1
"""The greatest integer both languages hold exactly."""
MAX_BATCH_COUNT = 500
MAX_BATCH_BYTES = 262_144
REQUEST_HEAD_BYTES = 2_048
"""What a request says besides its operations and envelopes fits into this."""
MAX_PADDED = 65_536
"""The longest padded plaintext: the next size would not fit into any batch."""

SEALED_OVERHEAD = 1 + 24 + 24 + 16
"""Version, key id, nonce and authentication tag of a sealed value, in bytes."""

T = TypeVar("T")


class Problem(NamedTuple):
    """Why an operation is refused: a code of `codes.ERRORS`, and the column or part it is about."""

    code: str
    field: str


@dataclass(frozen=True)
class Column:
    """One column: `create` = set once, by the operation that creates the row; `required` = never
    null, and given at creation; `codes` = the values of a `code`; `link` = the table an `id` names.
    """

    kind: Kind
    create: bool = False
    required: bool = False
    codes: Sequence[str] | None = None
    link: str | None = None


@dataclass(frozen=True, eq=False)
class Table:
    """A synced table. `key` says whose key seals it; with `case`, `parent` is the column that holds
    the case's id, or None when the row is the case.

    Raises ValueError when a declaration contradicts itself.
    """

    name: str
    key: KeyKind
    parent: str | None
    columns: Mapping[str, Column]

    def __post_init__(self) -> None:
        kinds = {column.kind for column in self.columns.values()}
        if self.key == "none" and kinds & {"sealed", "text"}:
            raise ValueError(f"{self.name}: a table without a key has no sealed column")
        if any(column.kind == "code" and not column.codes for column in self.columns.values()):
            raise ValueError(f"{self.name}: a code column lists its codes")
        parent = self.columns.get(self.parent or "")
        good_parent = parent and (parent.kind, parent.create, parent.required) == ("id", True, True)
        if self.parent is not None and not good_parent:
            raise ValueError(f"{self.name}: the parent is a required create column of kind id")

    @cached_property
    def text_columns(self) -> frozenset[str]:
        """The columns that keep versions."""
        return frozenset(name for name, column in self.columns.items() if column.kind == "text")

    @cached_property
    def creation(self) -> "_Checks":
        """The checks of an operation that creates a row, compiled once."""
        return _compile(self, creating=True)

    @cached_property
    def change(self) -> "_Checks":
        """The checks of an operation on a row that is there, compiled once."""
        return _compile(self, creating=False)


def check_operation(
    table: Table, op: object, creating: bool, owner: str | None = None
) -> Problem | None:
    """What is wrong with an operation, as it came from JSON; None when nothing is. Never raises.

    `creating` says whether this operation makes the row. `owner` is the id whose keys may seal
    this row: of the case for a change below a case, of the team (key `team`) or the user (`own`).
    The case itself, and a creation below it, name it themselves. With no owner known, sealed
    values are refused as `wrong_key`.
    """
    if type(op) is not dict:
        return Problem("operation_malformed", "operation")
    op = cast("dict[str, Any]", op)
    if field := _malformed(op):
        return Problem("operation_malformed", field)
    if op["table"] != table.name:
        return Problem("unknown_table", "table")
    values: dict[str, Any] = op["set"]
    shape = (table.creation if creating else table.change).of(values)
    if table.key == "case" and table.parent is None:
        owner = op["row"]
    elif table.key == "case" and creating:
        owner = values.get(cast("str", table.parent))
    prefixes = _key_prefixes(owner) if _is_id(owner) else ()
    return (
        _check_values(shape, values)
        or _check_keys(shape, values, prefixes)
        or _check_base(table, op)
    )


def sealed_key_id(value: str) -> str:
    """The key id of a sealed value, 48 hex digits. Raises ValueError when it is malformed."""
    if type(value) is not str or not _is_sealed(value):
        raise ValueError("not a sealed value")
    return urlsafe_b64decode(value[:36])[1:25].hex()


def key_mark(value: str) -> str:
    """The beginning of a well-formed sealed value that all values of the same key share.

    Two marks are equal exactly when `sealed_key_id` is; this decodes nothing.
    """
    # Version byte and key id are 25 bytes: 33 characters and two of the six bits of the next.
    return value[:33] + _UPPER_TWO_BITS[value[33]]


def key_owner(key_id: str) -> str:
    """The id of the case, team or user a key belongs to. Raises ValueError when malformed."""
    if type(key_id) is not str or not _match_key_id(key_id):
        raise ValueError("a key id is 48 lower-case hex digits")
    return key_id[:32]


def padded_length(n: int) -> int:
    """How long `n` bytes of plaintext become: the next of 64, 256, 1024 … above n.

    Raises ValueError when n is negative or more than MAX_PADDED - 1: such a value fits no batch.
    """
    for length in PADDED_LENGTHS:
        if 0 <= n < length:
            return length
    raise ValueError(f"a value has 0 to {MAX_PADDED - 1} bytes")


def split_batches(
    items: Sequence[T],
    max_count: int = MAX_BATCH_COUNT,
    max_bytes: int = MAX_BATCH_BYTES,
    text: Callable[[T], str] = str,
) -> list[list[T]]:
    """Cut a queue into requests of at most `max_count` items and `max_bytes` bytes, order kept.

    `text` gives an item's serialised JSON. Each item counts its UTF-8 bytes and a comma, each
    request REQUEST_HEAD_BYTES besides. An item that is too large alone gets a batch of its own:
    the server refuses that one, and the rest goes on.
    """
    batches: list[list[T]] = []
    size = max_bytes
    for item in items:
        length = len(text(item).encode("utf-8", "surrogatepass")) + 1
        if not batches or len(batches[-1]) >= max_count or size + length > max_bytes:
            batches.append([])
            size = REQUEST_HEAD_BYTES
        batches[-1].append(item)
        size += length
    return batches


# Everything below is what the checks are made of. A check answers with a code, or with None when
# the value is good.

Check = Callable[[Any], str | None]

PADDED_LENGTHS = tuple(64 * 4**k for k in range(6))
# One version byte, key id, nonce, padded text and tag are always a multiple of three bytes,
# so a sealed value has no left-over bits and exactly one spelling.
_SEALED_LENGTHS = frozenset((SEALED_OVERHEAD + length) // 3 * 4 for length in PADDED_LENGTHS)
_BASE64URL = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_SIBLINGS = {
    _BASE64URL[i : i + 1].decode(): _BASE64URL[i : i + 4].decode() for i in range(0, 64, 4)
}
"""The characters whose upper four bits are the same, by the first of them."""
_UPPER_TWO_BITS = {chr(letter): str(i // 16) for i, letter in enumerate(_BASE64URL)}
"""0 to 3, by the character."""

_match_id = re.compile("[0-9a-f]{32}").fullmatch
_match_key_id = re.compile("[0-9a-f]{48}").fullmatch
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_TIME = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_match_day = re.compile(_DAY).fullmatch
_match_instant = re.compile(f"{_DAY}T{_TIME}Z").fullmatch
_match_column = re.compile("[a-z][a-z0-9_]{0,62}").fullmatch


class _Shape(NamedTuple):
    """What all operations have in common that set the same columns in the same order."""

    checks: tuple[tuple[str, Check], ...]
    sealed: tuple[str, ...]
    missing: Problem | None


class _Checks:
    """The checks of a table's operations, put together once for every order of columns."""

    MOST_SHAPES = 200
    """A phone writes a handful; somebody who makes up more of them fills no memory."""

    def __init__(self, columns: Mapping[str, Check], needed: Sequence[str], sealed: Sequence[str]):
        self._columns, self._needed, self._sealed = columns, needed, sealed
        self._shapes: dict[tuple[str, ...], _Shape] = {}

    def of(self, values: Mapping[str, Any]) -> _Shape:
        """The checks of an operation that sets these."""
        names = tuple(values)
        shape = self._shapes.get(names)
        if shape is None:
            shape = self._shape(names)
            if len(self._shapes) < self.MOST_SHAPES:
                self._shapes[names] = shape
        return shape

    def _shape(self, names: tuple[str, ...]) -> _Shape:
        missing = next((name for name in self._needed if name not in names), None)
        return _Shape(
            checks=tuple(self._check(name) for name in names),
            sealed=tuple(name for name in self._sealed if name in names),
            missing=None if missing is None else Problem("column_required", missing),
        )

    def _check(self, name: str) -> tuple[str, Check]:
        if name in self._columns:
            return name, self._columns[name]
        # A verdict is kept for ever: it echoes names only, nothing else somebody wrote.
        return name if _match_column(name) else "set", lambda _: "unknown_column"


def _compile(table: Table, creating: bool) -> _Checks:
    columns = table.columns.items()
    needed = (name for name, column in columns if column.create or column.required)
    return _Checks(
        columns={name: _check_of(column, creating) for name, column in columns},
        needed=tuple(needed) if creating else (),
        sealed=tuple(name for name, column in columns if column.kind in ("sealed", "text")),
    )


def _check_of(column: Column, creating: bool) -> Check:
    if column.kind == "label":
        return lambda _: "column_given_by_server"
    if column.create and not creating:
        return lambda _: "column_fixed"
    null = "column_required" if column.required else None
    match column.kind:
        case "sealed" | "text":
            return _text_check(null, _is_sealed, "sealed_malformed")
        case "code":
            return _text_check(null, frozenset(column.codes or ()).__contains__, "unknown_code")
        case "id":
            return _text_check(null, _match_id)
        case "day":
            return _text_check(null, _is_day)
        case "instant":
            return _text_check(null, _is_instant)
        case "int":
            return _value_check(null, _is_int)
        case "bool":
            return _value_check(null, _is_bool)


def _text_check(null: str | None, good: Callable[[str], object], bad: str = "wrong_type") -> Check:
    def check(value: Any) -> str | None:
        if type(value) is str:
            return None if good(value) else bad
        return null if value is None else "wrong_type"

    return check


def _value_check(null: str | None, good: Callable[[Any], bool]) -> Check:
    def check(value: Any) -> str | None:
        if value is None:
            return null
        return None if good(value) else "wrong_type"

    return check


def _is_sealed(value: str) -> bool:
    """The form only: length, alphabet, version byte. Decodes nothing: this runs for every value."""
    return (
        len(value) in _SEALED_LENGTHS
        and value[0] == "A"
        and value[1] in "QRSTUVWXYZabcdef"
        and value.isascii()
        and not value.encode().translate(None, _BASE64URL)
    )


@lru_cache(maxsize=1024)
def _key_prefixes(owner: str) -> tuple[str, ...]:
    """The four ways a value sealed with one of `owner`'s keys can begin.

    Version byte and owner are 17 bytes: 22 characters and four of the six bits of the next.
    """
    text = urlsafe_b64encode(bytes.fromhex(f"01{owner}00")).decode()
    head = text[:22]
    a, b, c, d = _SIBLINGS[text[22]]
    return head + a, head + b, head + c, head + d


def _is_id(value: Any) -> TypeGuard[str]:
    return type(value) is str and _match_id(value) is not None


def _is_int(value: Any) -> bool:
    return type(value) is int and -MAX_INT <= value <= MAX_INT


def _is_bool(value: Any) -> bool:
    return type(value) is bool


def _is_day(value: str) -> bool:
    return _match_day(value) is not None and _in_calendar(value)


def _is_instant(value: str) -> bool:
    return _match_instant(value) is not None and _in_calendar(value[:10])


def _in_calendar(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True


def _malformed(op: dict[str, Any]) -> str | None:
    """The part of an operation that is not what it must be, or None."""
    n: Any = op.get("n")
    values, base = op.get("set"), op.get("base", {})
    if not _is_int(n) or n < 1:
        return "n"
    if not _is_id(op.get("row")):
        return "row"
    if not is_stamp(op.get("stamp")):
        return "stamp"
    if type(values) is not dict or not values:
        return "set"
    if type(base) is not dict:
        return "base"
    if len(op) != 5 + ("base" in op) or "table" not in op:
        return "operation"
    return None


def _check_values(shape: _Shape, values: dict[str, Any]) -> Problem | None:
    for (name, check), value in zip(shape.checks, values.values(), strict=True):
        code = check(value)
        if code is not None:
            return Problem(code, name)
    return shape.missing


def _check_keys(shape: _Shape, values: dict[str, Any], prefixes: tuple[str, ...]) -> Problem | None:
    for name in shape.sealed:
        value: str | None = values[name]
        if value is not None and not value.startswith(prefixes):
            return Problem("wrong_key", name)
    return None


def _check_base(table: Table, op: dict[str, Any]) -> Problem | None:
    for name, stamps in op.get("base", {}).items():
        if name not in table.text_columns:
            known = name in table.columns
            return Problem("base_not_text", name if known else "base")
        if name not in op["set"] or not _is_base(stamps) or op["stamp"] in stamps:
            return Problem("operation_malformed", "base")
    return None


def _is_base(stamps: Any) -> bool:
    return type(stamps) is list and all(map(is_stamp, cast("list[Any]", stamps)))
