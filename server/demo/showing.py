"""The demo from its settings to its end: address, team, what is printed, server, today's visit."""

import os
from collections.abc import Mapping

from flask import Flask

from server import access, demo, in_use
from server.app import create_app
from server.config import Config, read_config
from server.db import close_connection
from server.demo.accounts import DemoAccount
from server.demo.keeping import MINUTES, Keeper
from server.demo.making import open_demo
from server.demo.parent import ending_with
from server.listening import listen, take_address
from server.serving import Server

FOLDER = ".demo"


def show(given: Mapping[str, str], parent: int | None) -> None:
    """Serve the demo until TERM or INT, or until the process `parent` has gone or was told INT.

    `given` are settings that go before the environment's. Raises DemoProblem, AddressProblem,
    ConfigError or DatabaseAddressError before anything is announced.
    """
    # What is printed here are the passwords: nothing but faults may push them off the screen.
    quiet = {"ZUZWEIT_LOG_LEVEL": "warning", "DATA_DIR": FOLDER}
    config = read_config({**quiet, **os.environ, **given})
    with ending_with(parent), take_address(config) as taken:
        accounts = open_demo(config)
        in_use.hold(config.data_dir)
        app = create_app(config)
        _keeping(app, config, accounts).keep_current(access.wall_clock())
        # As `zuzweit worker` begins: the office shows work that was done, not work to come.
        app.extensions["zuzweit_jobs"].run_all()
        close_connection()
        listen(taken, config)
        print(demo.welcome(config, accounts), flush=True)
        Server(lambda: kept_app(config, accounts), config, taken, with_jobs=True).run()


def kept_app(config: Config, accounts: list[DemoAccount]) -> Flask:
    """One process's application, which plans the next day's visit when its time comes."""
    app = create_app(config)
    _keeping(app, config, accounts)
    return app


def _keeping(app: Flask, config: Config, accounts: list[DemoAccount]) -> Keeper:
    keeper = Keeper(app, config.data_dir, config.time_zone, accounts)
    jobs = app.extensions["zuzweit_jobs"]
    jobs.every(MINUTES, keeper.keep_current, "Vorführung: einen Besuch für heute planen")
    return keeper
