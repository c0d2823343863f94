"""The least a server can do, under the same gunicorn: what a round trip costs by itself.

python -m tests.bench.bare_server PORT
"""

import sys
from collections.abc import Callable, Iterable
from typing import Any

from server.config import read_config
from server.listening import listen, take_address
from server.serving import Server

BODY = b'{"status": "ok"}'


class BareServer(Server):
    """gunicorn as it is shipped, around an application that does nothing."""

    def load(self) -> Any:
        """The application instead of Zuzweit's."""
        return _answer


def _answer(_environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(BODY)))])
    return [BODY]


def _nothing_to_load() -> Any:
    raise AssertionError("BareServer.load stands in for this")


if __name__ == "__main__":
    config = read_config({"PORT": sys.argv[1]})
    with take_address(config) as taken:
        listen(taken, config)
        BareServer(_nothing_to_load, config, taken).run()
