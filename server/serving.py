"""gunicorn inside the program: a few processes with a few threads each.

It finishes the requests at hand on TERM and replaces a process that died. It writes no access
log: who synchronised when, and every row's id, would stand in it.
"""

import gc
import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from server.config import Config
from server.logs import write_log

SECONDS_TO_FINISH = 25
ENDING = {signal.SIGTERM, signal.SIGINT, signal.SIGQUIT}
SECONDS_BEFORE_A_STUCK_PROCESS_IS_REPLACED = 60


class Server(BaseApplication):
    """gunicorn for one installation; each process makes its own application with `load`.

    `listener` is the address it has taken (`server/listening.py`). With `with_jobs` each process
    does the timed work as well, where no `zuzweit worker` runs.
    """

    def __init__(
        self,
        load: Callable[[], Flask],
        config: Config,
        listener: socket.socket,
        with_jobs: bool = False,
    ):
        self._load = load
        self._config = config
        self._listener = listener
        self._with_jobs = with_jobs
        super().__init__(prog="zuzweit serve")

    def load_config(self) -> None:
        """gunicorn's settings; nothing is read from files or its own environment variables."""
        for name, value in gunicorn_settings(self._config).items():
            self.cfg.set(name, value)
        # It closes the number it is given, so it gets one of its own.
        self.cfg.set("bind", f"fd://{os.dup(self._listener.fileno())}")

    def run(self) -> None:
        """Serve until TERM or INT; ends the process."""
        # What is there before the processes part is theirs in common, as long as nobody counts
        # through it: a collection would write into every page and so copy it.
        gc.collect()
        gc.freeze()
        PunctualArbiter(self).run()

    def load(self) -> Any:
        """The WSGI application, made in each process anew."""
        write_log(self._config.log_level)
        app = self._load()
        if self._with_jobs:
            scheduler = BackgroundScheduler(timezone="UTC", daemon=True)
            app.extensions["zuzweit_jobs"].schedule(scheduler)
            scheduler.start()
        return app


class PunctualArbiter(Arbiter):
    """gunicorn's main process, which ends its processes also while they only begin.

    Until a new process has its own handlers it has those of the main process, and they would
    swallow the signal: it then lived on until it was killed.
    """

    def spawn_worker(self) -> Any:
        """One more process; a signal that ends it waits until it can hear it."""
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
        try:
            return super().spawn_worker()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)


def gunicorn_settings(config: Config) -> dict[str, Any]:
    """What gunicorn is told."""
    memory = Path("/dev/shm")  # noqa: S108  A heartbeat on a slow disk would look like a death.
    return {
        "worker_class": "gthread",
        "workers": config.workers,
        "threads": config.threads,
        "keepalive": 30,
        "timeout": SECONDS_BEFORE_A_STUCK_PROCESS_IS_REPLACED,
        "graceful_timeout": SECONDS_TO_FINISH,
        "accesslog": None,
        # Its own hook writes every path at level debug: row ids, or whatever was typed there.
        "pre_request": _say_nothing,
        "post_worker_init": _hear,
        "worker_int": hear_no_more,
        "errorlog": "-",
        "loglevel": config.log_level,
        "control_socket_disable": True,
        "worker_tmp_dir": str(memory) if memory.is_dir() else None,
        # What a proxy says counts by ZUZWEIT_TRUSTED_PROXIES alone (server/app.py).
        "forwarded_allow_ips": "",
        "umask": 0o077,
    }


def _hear(_worker: object) -> None:
    """From here on a process has gunicorn's handlers: see PunctualArbiter."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)


def hear_no_more(_worker: object = None) -> None:
    """This process ends already; told again on its way out, it would print a traceback."""
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)


def _say_nothing(_worker: object, _request: object) -> None:
    """A hook of gunicorn's, before each request."""
