"""Keeps a demo current while it runs: past midnight, and whatever people do to its visits."""

from collections.abc import Callable, Sequence
from pathlib import Path

from flask import Flask

from server.accounts import User
from server.demo.accounts import DemoAccount, DemoProblem, begin_anew
from server.demo.alone import alone_in
from server.demo.phone import Phone
from server.demo.today import Marks, Pair, holds, plan_day, planned_for
from server.demo.wires import InProcess, WireProblem
from server.sealing import KeyProblem

MINUTES = 5
AHEAD_MS = 3 * MINUTES * 60 * 1000
"""So long before midnight the next day is planned: a day must not begin without its visit."""


class Keeper:
    """The first aB-pAp's demo phone, which plans her visits. One for each process that serves."""

    def __init__(
        self, app: Flask, data_dir: Path, time_zone: str, accounts: Sequence[DemoAccount]
    ) -> None:
        self._app, self._data_dir, self._zone = app, data_dir, time_zone
        self._first, self._second = [one for one in accounts if one.role == "ab_pap"][:2]
        self._pap = next(one for one in accounts if one.role == "pap")
        self._phone: Phone | None = None
        self._good: dict[int, Marks] = {}

    def keep_current(self, now: int) -> None:
        """See to it that today has its visit, and tomorrow before it begins (milliseconds).

        Any number of processes may ask at once: one plans, the others find it planned. Raises
        DemoProblem when the accounts are not those of the database.
        """
        with alone_in(self._data_dir), self._app.app_context():
            pair = self._pair()
            for ahead in (0, AHEAD_MS):
                if not self._has_visit(pair, now, ahead):
                    plan_day(self._zone, self._signed_in(now), pair, now + ahead)

    def _has_visit(self, pair: Pair, now: int, ahead: int) -> bool:
        planned = planned_for(self._zone, pair, now + ahead)
        # Asking the phone takes a while, and nothing has changed since it was asked.
        if not planned or planned == self._good.get(ahead):
            return bool(planned)
        if not holds(self._signed_in(now), planned):
            return False
        self._good[ahead] = planned
        return True

    def _signed_in(self, now: int) -> Phone:
        """Her phone, synced; it stays signed in as long as the server lets it."""
        try:
            return self._synced(self._phone or self._sign_in(now), now)
        except WireProblem as problem:
            if self._phone is None or problem.status not in {401, 403}:
                raise
        return self._synced(self._sign_in(now), now)

    def _synced(self, phone: Phone, now: int) -> Phone:
        phone.clock = _standing(now)
        phone.sync()
        self._phone = phone
        return phone

    def _sign_in(self, now: int) -> Phone:
        self._phone = None
        wire = InProcess(self._app)
        phone = Phone(wire, self._first.username, _standing(now), label="Demodaten")
        try:
            phone.sign_in_with(self._first.password)
        except (WireProblem, KeyProblem):
            raise self._not_ours() from None
        return phone

    def _pair(self) -> Pair:
        ids = [self._id(account) for account in (self._first, self._second, self._pap)]
        return Pair(*ids)

    def _id(self, account: DemoAccount) -> str:
        user = User.get_or_none(User.name == account.username)
        if user is None:
            raise self._not_ours()
        return user.id

    def _not_ours(self) -> DemoProblem:
        return DemoProblem(
            "Die Konten der Vorführung passen nicht zu den Daten in der Datenbank. "
            f"{begin_anew(self._data_dir)} Steht in DATABASE_URL eine andere Datenbank, "
            "nehmen Sie die Einstellung weg."
        )


def _standing(now: int) -> Callable[[], int]:
    return lambda: now
