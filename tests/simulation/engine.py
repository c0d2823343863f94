"""The real engine in this process, on its database, as a server that can be killed.

`POST /api/sync` goes straight into the engine, every other call through the whole application.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

from server import access, sync_endpoint
from server.access import SESSION_KEY, Caller
from server.db import close_connection, database, rows_of
from server.demo.wires import Answer
from server.errors import ApiError
from server.session_cookie import SessionCookie
from tests.simulation.office import Office


class ServerKilled(BaseException):
    """No exception the server could catch: its process is gone.

    `inside` says whether it died inside a transaction, which is gone with it.
    """

    def __init__(self, inside: bool) -> None:
        super().__init__()
        self.inside = inside


class Request(NamedTuple):
    """What a phone sent: enough to send it once more, later."""

    method: str
    path: str
    data: bytes
    cookie: str
    token: str


class Fuse:
    """Kills the server before one of its next statements, or right after its next commit."""

    def __init__(self) -> None:
        self.statements: int | None = None
        self.after_commit = False
        self.fired = 0
        db: Any = database.obj
        self._undo = {name: getattr(db, name) for name in ("cursor", "commit")}
        db.cursor = self._watched(db.cursor, before=self._count)
        db.commit = self._watched(db.commit, after=self._committed)

    def remove(self) -> None:
        """Leave the database as it was."""
        for name, whole in self._undo.items():
            setattr(database.obj, name, whole)

    def defuse(self) -> None:
        """Nobody is killed until it is set again."""
        self.statements, self.after_commit = None, False

    def _watched(
        self,
        work: Callable[..., Any],
        before: Callable[[], None] = lambda: None,
        after: Callable[[], None] = lambda: None,
    ) -> Callable[..., Any]:
        def watched(*args: Any, **named: Any) -> Any:
            before()
            done = work(*args, **named)
            after()
            return done

        return watched

    def _count(self) -> None:
        if self.statements is None:
            return
        self.statements -= 1
        if self.statements < 0:
            self._fire()

    def _committed(self) -> None:
        if self.after_commit:
            self._fire()

    def _fire(self) -> None:
        self.defuse()
        self.fired += 1
        raise ServerKilled(inside=database.obj.transaction_depth() > 0)


class Engine:
    """Answers requests like the server; raises ServerKilled when the fuse fires."""

    def __init__(self, office: Office) -> None:
        self.office = office
        cookies = SessionCookie().get_signing_serializer(office.app)
        assert cookies is not None
        self.cookies = cookies
        self.client = office.app.test_client(use_cookies=False)
        rows_of("SELECT 1")
        self.fuse = Fuse()

    def close(self) -> None:
        """End without a trace."""
        self.fuse.remove()
        self.restart()

    def restart(self) -> None:
        """What is left after a kill: the database."""
        self.fuse.defuse()
        close_connection()
        sync_endpoint._states.clear()

    def answer(self, request: Request) -> Answer:
        """The whole answer, or the end of the process."""
        if request.path == "/api/sync":
            return self._sync(request)
        headers = {"Cookie": request.cookie, "X-CSRFToken": request.token}
        if request.method == "POST":
            headers["Content-Type"] = "application/json"
        answer = self.client.open(
            request.path, method=request.method, data=request.data, headers=headers
        )
        return Answer(answer.status_code, answer.headers.getlist("Set-Cookie"), answer.data)

    def _sync(self, request: Request) -> Answer:
        try:
            message = sync_endpoint.read_request(request.data)
            caller = self._caller(request.cookie)
            done = sync_endpoint.sync(caller, message, self.office.clock.now)
        except ApiError as problem:
            return Answer(problem.status, (), msgspec.json.encode(problem.body()))
        return Answer(200, (), msgspec.json.encode(done))

    def _caller(self, cookie: str) -> Caller:
        content: dict[str, Any] = self.cookies.loads(cookie.partition("=")[2]) if cookie else {}
        session = content.get(SESSION_KEY, "")
        user, _, device = content.get("_user_id", "").partition(":")
        found = rows_of(access.LIVING_SESSION, (session, user, device))
        if not found:
            out = rows_of(access.LOCKED_OUT, (session,))
            raise ApiError("device_locked" if out else "sign_in_needed")
        _, team, role, admitted, _ = found[0]
        return Caller(user, device, team, role, admitted is not None)
