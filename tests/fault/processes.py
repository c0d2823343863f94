"""Real server processes that tests start, kill by id and look into; all on loopback."""

import json
import os
import re
import resource
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from tests.loopback import free_port, wait_for

ROOT = Path(__file__).resolve().parents[2]
SECONDS_TO_START = 60


class Server:
    """`zuzweit serve` on a data folder, in a process group of its own."""

    def __init__(self, data: Path, port: int | None = None) -> None:
        self.data, self.port = data, port or free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        data.mkdir(parents=True, exist_ok=True)

    @property
    def database(self) -> Path:
        """The database's file."""
        return self.data / "zuzweit.sqlite3"

    @property
    def environment(self) -> dict[str, str]:
        """The settings of this server and nothing else of ours."""
        ours = ("ZUZWEIT_", "DATA_DIR", "DATABASE_URL", "PORT")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        return kept | {
            "ZUZWEIT_DATA_DIR": str(self.data),
            "ZUZWEIT_ADDRESS": self.address,
            "ZUZWEIT_PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
        }

    def begin(self, *arguments: str) -> subprocess.Popen[bytes]:
        """A `zuzweit` command in a process group of its own, its output in a file."""
        log = (self.data / f"{arguments[0]}.log").open("ab")
        with log:
            return subprocess.Popen(
                [sys.executable, "-m", "server.cli", *arguments],
                cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def command(self, *arguments: str) -> str:
        """Run a `zuzweit` command to its end and give what it printed."""
        done = self._run(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def refused(self, *arguments: str) -> str:
        """Run a `zuzweit` command that must not be possible now, and give why."""
        done = self._run(*arguments)
        assert done.returncode == 1, done.stdout + done.stderr
        return done.stderr

    def _run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "server.cli", *arguments],
            cwd=ROOT, env=self.environment, capture_output=True, text=True,
            timeout=SECONDS_TO_START, check=False,
        )  # fmt: skip

    def invite(self, name: str, role: str) -> str:
        """An invitation's token, from the command line as in an office."""
        return _token(
            self.command("invite", "--name", name, "--display-name", name.title(), "--role", role)
        )

    def start(self) -> None:
        """Serve; returns when it answers."""
        assert self.process is None
        self.process = self.begin("serve")
        wait_for(self.healthy, SECONDS_TO_START, f"the server to answer, see {self.data}/serve.log")

    def healthy(self) -> bool:
        """Whether it answers and its database does; AssertionError when it has ended."""
        assert self.process is not None
        assert self.process.poll() is None, (self.data / "serve.log").read_text()[-3000:]
        try:
            with urllib.request.urlopen(f"{self.address}/healthz", timeout=2) as answer:
                return json.load(answer) == {"status": "ok"}
        except OSError:  # Refused, reset or too slow: not yet.
            return False

    def kill(self) -> None:
        """SIGKILL to the whole process group, as in a power cut."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)
            self.process = None

    def terminate(self) -> int:
        """TERM to the main process alone, as a service manager does; its exit code."""
        assert self.process is not None
        self.process.terminate()
        code = self.process.wait(40)
        self.process = None
        return code

    def workers(self) -> list[int]:
        """The ids of its worker processes."""
        assert self.process is not None
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [int(child) for child in children]

    def limit_files(self, size: int) -> None:
        """No process of the server may make a file longer than `size` bytes; -1: no limit."""
        assert self.process is not None
        for pid in (self.process.pid, *self.workers()):
            _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, most))


def _token(printed: str) -> str:
    found = re.search(r"/einladung#(\S+)", printed)
    assert found is not None, printed
    return found[1]
