"""Tables that phones and server share, each declared once as a Peewee model.

    @synced_table(key="case", parent="case", create={"ab_pap"}, change={"ab_pap"}, see={"ab_pap"})
    class Visit(SyncedModel):
        case = Link("client_case", create=True, required=True, meaning="…", why="…")
        outcome = Sealed("…", codes="outcome")

From the declaration come the database's columns, the `sync.operation.Table` both ends check
operations against, `sync/tables.ts` and the documentation. A column is clear only if a named
server job or a refusal reads it: a clear column without its `why` stops the program.

A table is known from the moment its module is imported; `server/app.py` imports all features.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Self, TypeVar

from peewee import BigIntegerField, CompositeKey, Field, IntegerField, Model, TextField

from server.db import database
from sync.codes import CODES, ROLES
from sync.operation import Column, Table

SCHEMA = 2
"""The number of the tables' declarations, sent by phones; grows when a table or column joins."""


class SyncedColumn(Field):
    """A register of a row: a database column that knows what it means and who may read it.

    `meaning` says in German what it holds, `why` which server job or refusal needs it clear.
    `typescript` is the type of the value once it is open on a phone.
    """

    kind: ClassVar[Any]
    sealed: ClassVar[bool] = False

    # Peewee's own constructors have another signature; type checkers look at this one first.
    def __new__(cls, *_args: Any, **_options: Any) -> Self:
        return super().__new__(cls)

    def __init__(
        self,
        meaning: str,
        *,
        why: str | None = None,
        create: bool = False,
        required: bool = False,
        codes: str | None = None,
        link: str | None = None,
        typescript: str = "string",
    ):
        # Every register may be empty in the database: it is until somebody wrote it.
        super().__init__(null=True)
        if not self.sealed and not why:
            raise ValueError(f"{meaning}: a clear column says why it is clear")
        if codes is not None and codes not in CODES:
            raise ValueError(f"{meaning}: {codes} is not in the catalogue")
        self.meaning, self.why = meaning, why
        self.create, self.required = create, required
        self.codes, self.link, self.typescript = codes, link, typescript

    def declared(self) -> Column:
        """What both ends check values of this column against."""
        # What is inside a seal only the phone can check.
        codes = None if self.codes is None or self.sealed else tuple(CODES[self.codes])
        return Column(self.kind, self.create, self.required, codes, self.link)


class Code(SyncedColumn, TextField):
    """One code of a list of the catalogue."""

    kind = "code"


class Day(SyncedColumn, TextField):
    """`YYYY-MM-DD`."""

    kind = "day"


class Instant(SyncedColumn, TextField):
    """`YYYY-MM-DDTHH:MM:SSZ`, UTC."""

    kind = "instant"


class Whole(SyncedColumn, BigIntegerField):
    """A whole number: cents, tenths of a kilometre, minutes."""

    kind = "int"


class YesNo(SyncedColumn, IntegerField):
    """True or false, stored as 1 or 0 on every database."""

    kind = "bool"


class Link(SyncedColumn, TextField):
    """The id of a person, or of a row of the table `link`."""

    kind = "id"


class Numbered(SyncedColumn, TextField):
    """A name the server gives at creation: `pattern` with the next number of the team."""

    kind = "label"

    def __init__(self, pattern: str, meaning: str, *, why: str):
        super().__init__(meaning, why=why)
        self.pattern = pattern


class Sealed(SyncedColumn, TextField):
    """A value closed on the phone; nobody but the readers of its key learns it."""

    kind = "sealed"
    sealed = True


class Words(Sealed):
    """What a person wrote in words: sealed, and competing versions are kept."""

    kind = "text"


class SyncedModel(Model):
    """A row of registers. All columns share one stamp until one of them is written alone.

    `own_stamps` ({column: [claimed, effective, author]}), `versions`, `named` (JSON as in
    `sync.registers.RowState`) and `empties` (the columns that were written as null) stay null
    while they would say nothing.
    """

    team = TextField(help_text="Team, dem der Eintrag gehört")
    id = TextField(help_text="Kennung des Eintrags")
    seq = BigIntegerField(help_text="Zählerstand der letzten Änderung")
    created_by = TextField(help_text="Person, die den Eintrag angelegt hat")
    stamp_claimed = TextField(help_text="Zeitstempel des Telefons, den die meisten Angaben teilen")
    stamp_effective = TextField(help_text="Wirksamer Zeitstempel dazu")
    stamp_author = TextField(help_text="Person, von der diese Angaben stammen")
    own_stamps = TextField(null=True, help_text="Zeitstempel einzelner, später geänderter Angaben")
    versions = TextField(
        null=True, help_text="Nebeneinander bestehende Fassungen eines Textes, versiegelt"
    )
    named = TextField(
        null=True, help_text="Zeitstempel der Fassungen, die jemand beim Schreiben vor sich hatte"
    )
    empties = TextField(null=True, help_text="Namen der Angaben, die leer gelassen wurden")
    deleted_at = Instant(
        "Zeitpunkt, zu dem der Eintrag gelöscht wurde",
        why="Der Server räumt Gelöschtes nach der Aufbewahrungsfrist endgültig ab.",
    )

    class Meta:
        database = database
        primary_key = CompositeKey("team", "id")
        indexes = ((("team", "seq"), True),)


@dataclass(frozen=True)
class SyncedTable:
    """A declared table: its model, what both ends check, and which roles may do what."""

    model: type[SyncedModel]
    table: Table
    creators: frozenset[str]
    changers: frozenset[str]
    readers: frozenset[str]
    shared: frozenset[str]
    """The columns that travel with a case handed to a deputy; none: the table stays at home."""

    @property
    def name(self) -> str:
        """The table's name, the same in messages, database and TypeScript."""
        return self.table.name

    @cached_property
    def columns(self) -> dict[str, SyncedColumn]:
        """The registers by name, in the order of declaration."""
        fields = self.model._meta.sorted_fields
        return {field.name: field for field in fields if isinstance(field, SyncedColumn)}

    @cached_property
    def create_columns(self) -> frozenset[str]:
        """An operation on an unknown row that sets one of these means to create it."""
        return frozenset(name for name, column in self.columns.items() if column.create)

    @cached_property
    def sealed_columns(self) -> frozenset[str]:
        """The columns whose values carry the id of a key."""
        return frozenset(name for name, column in self.columns.items() if column.sealed)

    @cached_property
    def person_columns(self) -> frozenset[str]:
        """The columns that name somebody of the team."""
        columns = self.columns.items()
        return frozenset(
            name for name, column in columns if isinstance(column, Link) and column.link is None
        )

    @cached_property
    def numbered_columns(self) -> dict[str, Numbered]:
        """The columns that the server fills at creation."""
        columns = self.columns.items()
        return {name: column for name, column in columns if isinstance(column, Numbered)}


Model_ = TypeVar("Model_", bound=type[SyncedModel])
_declared: dict[str, SyncedTable] = {}


def synced_table(
    *,
    key: Any,
    parent: str | None,
    create: Collection[str],
    change: Collection[str],
    see: Collection[str],
    share: Collection[str] = (),
) -> Callable[[Model_], Model_]:
    """Declares a model as a synced table; `create`, `change` and `see` are sets of roles.

    `share` names the columns that somebody sees of a case handed to her (`server/grants.py`);
    of what she wrote herself she sees all. Roles that see only what was handed to them stand in
    `create` and `change` without standing in `see`.

    Raises ValueError for a declaration that contradicts itself, so an odd one stops the start.
    """

    def declare(model: Model_) -> Model_:
        name: str = model._meta.table_name
        if unknown := {*create, *change, *see} - ROLES.keys():
            raise ValueError(f"{name}: nobody has the role {', '.join(sorted(unknown))}")
        roles = (frozenset(create), frozenset(change), frozenset(see))
        table = _table_of(model, name, key, parent)
        if unknown := {*share} - table.columns.keys():
            raise ValueError(f"{name}: shares unknown columns {', '.join(sorted(unknown))}")
        declared = SyncedTable(model, table, *roles, frozenset(share))
        if not declared.create_columns:
            raise ValueError(f"{name}: without a create column no operation could create a row")
        if not model.__doc__ or model.__doc__ == SyncedModel.__doc__:
            raise ValueError(f"{name}: a table says in German what it holds")
        _declared[name] = declared
        return model

    return declare


def _table_of(model: type[SyncedModel], name: str, key: Any, parent: str | None) -> Table:
    registers = [f for f in model._meta.sorted_fields if isinstance(f, SyncedColumn)]
    if shadowed := {field.name for field in registers} & _TECHNICAL:
        raise ValueError(f"{name}: {', '.join(sorted(shadowed))} has a meaning of its own")
    return Table(name, key, parent, {field.name: field.declared() for field in registers})


def tables() -> dict[str, SyncedTable]:
    """The declared tables by name, a case's before those that hang below it."""
    order = sorted(_declared.values(), key=lambda t: (t.table.parent is not None, t.name))
    return {declared.name: declared for declared in order}


_TECHNICAL = {
    name for name, field in SyncedModel._meta.fields.items() if not isinstance(field, SyncedColumn)
}
