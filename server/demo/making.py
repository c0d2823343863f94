"""How a demo comes into its folder: found, finished, or made anew; never over other data."""

import shutil
from dataclasses import replace
from pathlib import Path

from flask import Flask

from server import access, demo
from server.accounts import Team
from server.app import create_app
from server.config import Config
from server.db import close_connection
from server.db_sqlite import path_of
from server.demo.accounts import DemoAccount, DemoProblem, accounts_file, begin_anew, kept_accounts
from server.demo.alone import alone_in

DATABASE = "zuzweit.sqlite3"


def open_demo(config: Config) -> list[DemoAccount]:
    """The accounts of the demo in `data_dir`, which is made if there is none.

    Raises DemoProblem when something else lies there, or only a part of a demo.
    """
    config.make_data_dir()
    try:
        with alone_in(config.data_dir, wait=False):
            return _opened(config, config.data_dir / "making")
    except BlockingIOError:
        raise DemoProblem(f"In {config.data_dir} wird gerade schon ein Team angelegt.") from None


def _opened(config: Config, making: Path) -> list[DemoAccount]:
    if accounts_file(making).exists() and not (making / DATABASE).exists():
        _move_in(making)
    accounts = kept_accounts(config.data_dir)
    if accounts is None:
        return _make_aside(config, making) if _is_in_folder(config) else _make_elsewhere(config)
    if _is_sqlite(config) and not path_of(config.database_url).exists():
        file = accounts_file(config.data_dir)
        raise DemoProblem(f"Zu {file} fehlt die Datenbank. {begin_anew(config.data_dir)}")
    return accounts


def _make_aside(config: Config, making: Path) -> list[DemoAccount]:
    """Make it aside and move it in place when all is there: an interrupted start leaves nothing."""
    if list(config.data_dir.glob("*.sqlite3")):
        raise DemoProblem(f"In {config.data_dir} liegen schon andere Daten.")
    shutil.rmtree(making, ignore_errors=True)
    aside = replace(config, data_dir=making, database_url="")
    accounts = _create(create_app(aside), aside)
    close_connection()
    _move_in(making)
    return accounts


def _move_in(making: Path) -> None:
    """The accounts come last: as long as they lie aside, the move is to be finished."""
    for file in sorted(making.iterdir(), key=lambda file: file.suffix == ".json"):
        file.rename(making.parent / file.name)
    making.rmdir()


def _make_elsewhere(config: Config) -> list[DemoAccount]:
    """Make it in a database elsewhere; an interrupted start leaves one that has to be emptied."""
    app = create_app(config)
    if Team.select().exists():
        raise DemoProblem(
            "In der Datenbank von DATABASE_URL liegen schon andere Daten, vielleicht von einem "
            "abgebrochenen Anlegen. Die Vorführung braucht eine leere."
        )
    return _create(app, config)


def _create(app: Flask, config: Config) -> list[DemoAccount]:
    print("Das erfundene Team wird angelegt …", flush=True)
    return demo.create(app, config, access.wall_clock())


def _is_sqlite(config: Config) -> bool:
    return config.database_url.startswith("sqlite:")


def _is_in_folder(config: Config) -> bool:
    ours = (config.data_dir / DATABASE).absolute()
    return _is_sqlite(config) and path_of(config.database_url) == ours
