"""The epochs of a team key: one chain from the first, each signed by a trusted aB-pAp."""

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from server.sealing.derivations import Seed
from server.sealing.encoding import check_object, check_shape, from_base64url, to_base64url
from server.sealing.problems import KeyProblem, Refusal
from server.sealing.trust import Member, Person, Refused, sign, signature_holds, signed_by_ab_pap
from server.sealing.values import TeamKey


class Epoch(TypedDict):
    """An epoch of the team key as on the wire; `previous` is "" for epoch 1."""

    team: str
    epoch: int
    key_id: str
    public: str
    previous: str
    author: str
    at: str
    signature: str


def make_epoch(me: Person, seed: Seed, key: TeamKey, previous: Epoch | None, at: str) -> Epoch:
    """Sign a new epoch of the team key; the first has no predecessor."""
    epoch = Epoch(
        team=me.team,
        epoch=previous["epoch"] + 1 if previous else 1,
        key_id=key.id,
        public=to_base64url(key.letter_box[0]),
        previous=previous["key_id"] if previous else "",
        author=me.user,
        at=at,
        signature="",
    )
    epoch["signature"] = sign(_epoch_text(epoch), seed)
    return epoch


def epoch_holds(epoch: Epoch, sign_public: str) -> bool:
    """Whether the epoch was signed with this key. KeyProblem(malformed) when misshapen."""
    _check_epoch_shape(epoch)
    return signature_holds(epoch["signature"], _epoch_text(epoch), sign_public)


def trusted_epochs(
    team: str,
    members: Mapping[str, Member],
    epochs: Sequence[Epoch],
    pinned: Sequence[str] = (),
) -> tuple[list[Epoch], list[Refused]]:
    """The chain of epochs from the first on as far as it can be trusted, and what was refused.

    `pinned` are the key ids of the epochs this phone has already used, in order: a chain that
    leaves them is `epoch_forked`, one that ends before them `epoch_rolled_back`.
    """
    chain: list[Epoch] = []
    for epoch in epochs:
        code = _epoch_refusal(team, members, epoch, chain, pinned)
        if code:
            return chain, [Refused(epoch, code)]
        chain.append(epoch)
    if len(chain) < len(pinned):
        return chain, [Refused(None, Refusal.EPOCH_ROLLED_BACK)]
    return chain, []


def _epoch_refusal(
    team: str,
    members: Mapping[str, Member],
    epoch: Epoch,
    chain: Sequence[Epoch],
    pinned: Sequence[str],
) -> Refusal | None:
    try:
        _check_epoch_shape(epoch)
        ours = epoch["team"] == team and epoch["key_id"][:32] == team
        follows = epoch["epoch"] == len(chain) + 1 and epoch["previous"] == (
            chain[-1]["key_id"] if chain else ""
        )
        fields = epoch["author"], epoch["at"], _epoch_text(epoch), epoch["signature"]
        # Whoever has left can date nothing between the epochs of those who stayed.
        dated = not chain or epoch["at"] >= chain[-1]["at"]
        if not (ours and follows and dated and signed_by_ab_pap(members, *fields)):
            return Refusal.EPOCH_UNTRUSTED
    except KeyProblem as problem:
        return problem.code
    forked = len(chain) < len(pinned) and pinned[len(chain)] != epoch["key_id"]
    return Refusal.EPOCH_FORKED if forked else None


def _check_epoch_shape(epoch: Mapping[str, Any]) -> None:
    check_object(epoch)
    shapes = [("team", "id"), ("key_id", "key_id"), ("author", "id"), ("at", "instant")]
    if epoch.get("previous") != "":
        shapes.append(("previous", "key_id"))
    for name, shape in shapes:
        check_shape(epoch.get(name), shape)
    from_base64url(epoch.get("public"), 32)
    from_base64url(epoch.get("signature"), 64)
    if type(epoch.get("epoch")) is not int:
        raise KeyProblem(Refusal.MALFORMED)


def _epoch_text(e: Mapping[str, Any]) -> str:
    names = ("team", "epoch", "key_id", "public", "previous", "author", "at")
    return "|".join(["zz1", "epoch", *(str(e[name]) for name in names)])
