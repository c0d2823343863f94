"""gunicorn inside the program: a signal ends it at any moment."""

import subprocess
import sys
import time
from pathlib import Path

from tests.loopback import free_port

ENDED_WHILE_IT_BEGINS = """
import os, signal, sys, time
from pathlib import Path
from server.app import create_app
from server.config import Config
from server.listening import listen, take_address
from server.serving import Server

def told_to_end(arbiter, worker):
    os.kill(arbiter.pid, signal.SIGTERM)
    end = time.monotonic() + 2
    while time.monotonic() < end and signal.SIGTERM not in signal.sigpending():
        time.sleep(0.01)

config = Config(data_dir=Path(sys.argv[1]), port=int(sys.argv[2]), workers=1)
with take_address(config) as taken:
    listen(taken, config)
    server = Server(lambda: create_app(config), config, taken)
    server.cfg.set("post_fork", told_to_end)
    server.run()
"""


def test_a_process_that_only_begins_hears_the_signal_too(tmp_path: Path) -> None:
    began = time.monotonic()
    server = subprocess.run(
        [sys.executable, "-c", ENDED_WHILE_IT_BEGINS, str(tmp_path), str(free_port())],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert server.returncode == 0, server.stderr
    # Far less than the 25 seconds after which it would be killed.
    assert time.monotonic() - began < 15, server.stderr
    assert "Traceback" not in server.stderr
