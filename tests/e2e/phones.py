"""Real phones and a real server for the browser tests: processes that can be killed by id."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Playwright

from tests.chromium import ARGUMENTS, executable
from tests.loopback import free_port, wait_for

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "pwa" / "node_modules" / "axe-core" / "axe.min.js"
PHONE_SIZE = {"width": 390, "height": 844}


class Server:
    """`zuzweit serve` on a data folder of its own; survives being killed, as the data must."""

    program = "server.cli"

    def __init__(self, data: Path, port: int | None = None) -> None:
        self.data = data
        self.port = port or free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "ZUZWEIT_DATA_DIR": str(self.data),
            "ZUZWEIT_ADDRESS": self.address,
            "ZUZWEIT_PORT": str(self.port),
            "ZUZWEIT_LOG_LEVEL": "debug",
        }

    def command(self, *arguments: str) -> str:
        """Run a `zuzweit` command on this server's data and give what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", self.program, *arguments],
            cwd=ROOT, env=self.environment, capture_output=True, text=True,
            timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self) -> None:
        assert self.process is None
        self.log = (self.data / "server.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", self.program, "serve"],
            cwd=ROOT, env=self.environment, stdout=self.log, stderr=self.log,
            start_new_session=True,
        )  # fmt: skip
        wait_for(self.healthy, 30, "the server to answer")

    def healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/health", timeout=2) as answer:
                return answer.status == 200
        except OSError:  # Refused, reset or too slow: not yet.
            return False

    def kill(self) -> None:
        """SIGKILL to the whole process group: no goodbye, as in a power cut."""
        if self.process is None:
            return
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)
        self.process = None
        self.log.close()


class Phone:
    """One service phone: Chromium at 390 × 844 with a profile folder that outlives it."""

    def __init__(self, playwright: Playwright, server: Server, profile: Path, **options: Any):
        self.playwright = playwright
        self.server = server
        self.profile = profile
        self.options = options
        self.context: BrowserContext | None = None
        self.foreign_requests: list[str] = []
        self.console: list[str] = []

    def start(self) -> Page:
        """Start the browser unless it runs; its page, wherever that is."""
        if self.context is None:
            self.context = self._launch()
        page = self.context.pages[0] if self.context.pages else self.context.new_page()
        page.set_default_timeout(30_000)
        return page

    def open(self, path: str = "/") -> Page:
        """Start the browser and go to `path`, also when the server is dead."""
        page = self.start()
        page.goto(self.server.address + path)
        return page

    def _launch(self) -> BrowserContext:
        self.profile.mkdir(parents=True, exist_ok=True)
        context = self.playwright.chromium.launch_persistent_context(
            str(self.profile),
            executable_path=executable(),
            args=ARGUMENTS,
            env={**os.environ, "LANGUAGE": "de", "LANG": "de_DE.UTF-8"},
            **{"viewport": PHONE_SIZE, "has_touch": True} | self.options,
        )
        context.on("request", self._watch_request)
        context.on("console", lambda message: self.console.append(message.text))
        return context

    def _watch_request(self, request: Any) -> None:
        if not request.url.startswith((self.server.address, "data:", "blob:")):
            self.foreign_requests.append(request.url)

    @property
    def page(self) -> Page:
        assert self.context is not None
        return self.context.pages[0]

    def close(self) -> None:
        if self.context is not None:
            self.context.close()
            self.context = None

    def kill(self) -> None:
        """SIGKILL to this phone's browser processes, found by their profile folder."""
        for number in _processes_of(self.profile):
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        wait_for(lambda: not _processes_of(self.profile), 10, "the browser to be gone")
        with contextlib.suppress(Exception):
            self.close()
        self.context = None
        for lock in self.profile.glob("Singleton*"):
            lock.unlink()

    def forget(self) -> None:
        self.close()
        shutil.rmtree(self.profile, ignore_errors=True)


def _processes_of(profile: Path) -> list[int]:
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):
                if f"--user-data-dir={profile}".encode() in (folder / "cmdline").read_bytes():
                    found.append(int(folder.name))
    return found


def axe_violations(page: Page) -> list[str]:
    """axe-core's verdict on the page as it stands: WCAG 2.2 AA and best practices."""
    page.evaluate(AXE.read_text())
    result = page.evaluate(
        "() => axe.run(document, {runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa',"
        "'best-practice']})"
    )
    return [
        f"{finding['id']}: {json.dumps(node['target'])} {node['failureSummary']}"
        for finding in result["violations"]
        for node in finding["nodes"]
    ]
