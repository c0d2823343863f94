"""Defects put on purpose into what becomes of a phone that is locked out."""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import Any
from unittest import mock

from server import access, held, surrender
from server.acceptance import Judge

Defect = Callable[[], AbstractContextManager[Any]]


def _hear_on() -> AbstractContextManager[Any]:
    """A lock ends no sign-in: the phone goes on learning everything."""
    stack = ExitStack()
    careless = access.LIVING_SESSION.replace("AND d.revoked_at IS NULL", "")
    stack.enter_context(mock.patch.object(access, "LIVING_SESSION", careless))
    stack.enter_context(mock.patch.object(access, "end_sessions"))
    return stack


def _merge_at_once() -> AbstractContextManager[Any]:
    """What a lost phone says is believed."""
    accept = Judge._accept

    def believe(self: Judge, *args: Any) -> Any:
        self.locked_out = False
        return accept(self, *args)

    return mock.patch.object(Judge, "_accept", believe)


def _drop_keys() -> AbstractContextManager[Any]:
    """Only operations are taken: nobody can read what is kept aside."""
    take = surrender.take

    def keyless(who: Any, sends: Any, *rest: Any) -> Any:
        left = [send for send in sends if not send.is_envelope]
        return take(who, left, *rest) if left or not sends else []

    return mock.patch.object(surrender, "take", keyless)


def _refuse_below() -> AbstractContextManager[Any]:
    """What hangs on something that is kept aside has no place to go."""
    return mock.patch.object(Judge, "_held_case", return_value=None)


def _keep_unseen() -> AbstractContextManager[Any]:
    """Nobody looks at what follows on something that is kept aside."""

    def unseen(self: Judge, n: int, declared: Any, op: Any) -> Any:
        case = self._held_case(op["row"], declared.name)
        return self._hold(n, case, op) if case else None

    return mock.patch.object(Judge, "_hold_more", unseen)


def _decide_apart() -> AbstractContextManager[Any]:
    """A case that waits and what hangs below it are decided about one by one."""
    return mock.patch.object(held, "_case_waiting_for", return_value=None)


def _forget_who_gave_up() -> AbstractContextManager[Any]:
    """A phone that gave up everything and did not hear so is known by its cookie only."""
    begin = access.begin_locked_out

    def once(device: Any, session_id: str) -> None:
        if device.surrendered_at is None:
            begin(device, session_id)

    return mock.patch.object(access, "begin_locked_out", once)


LOCKED: dict[str, Defect] = {
    "a locked phone hears on": _hear_on,
    "a locked phone's words merged": _merge_at_once,
    "a locked phone's keys dropped": _drop_keys,
    "below what is kept aside refused": _refuse_below,
    "kept aside and never looked at": _keep_unseen,
    "a waiting case decided about alone": _decide_apart,
    "a locked phone that cannot end": _forget_who_gave_up,
}
