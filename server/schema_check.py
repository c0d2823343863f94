"""Whether the open database has the tables and columns that the models declare."""

from collections.abc import Iterator

from peewee import Model

import server.records  # noqa: F401 (its tables are asked in plain SQL: nobody else needs the models)
from server.db import database


def declared_models() -> list[type[Model]]:
    """Every model of the server that has a table, by the table's name."""
    found = [model for model in _below(Model) if not model.__subclasses__() and _is_ours(model)]
    return sorted(found, key=lambda model: model._meta.table_name)


def schema_problems() -> list[str]:
    """What is missing, in German words, one thing each; empty when all is there."""
    stored = set(database.get_tables())
    problems: list[str] = []
    for model in declared_models():
        table = model._meta.table_name
        if table not in stored:
            problems.append(f"Der Datenbank fehlt die Tabelle {table}.")
        else:
            problems += _column_problems(model, table)
    return problems


def _column_problems(model: type[Model], table: str) -> Iterator[str]:
    stored = {column.name: column for column in database.get_columns(table)}
    for field in model._meta.sorted_fields:
        column = stored.pop(field.column_name, None)
        declared = field.ddl_datatype(database.get_sql_context()).sql
        if column is None:
            yield f"Der Tabelle {table} fehlt die Spalte {field.column_name}."
        elif column.data_type.upper() != declared or column.null != field.null:
            yield f"Die Spalte {table}.{field.column_name} ist anders angelegt als vorgesehen."
    for name in stored:
        yield f"Die Spalte {table}.{name} ist unbekannt."


def _below(model: type[Model]) -> Iterator[type[Model]]:
    for subclass in model.__subclasses__():
        yield subclass
        yield from _below(subclass)


def _is_ours(model: type[Model]) -> bool:
    """Migrations and tests declare tables too, the former on the database itself."""
    return model._meta.database is database and model.__module__.startswith("server.")
