"""Envelopes: one key, closed for one reader, signed by the member who closed it.

The box repeats inside what stands outside, so the server can neither swap two boxes nor plant
a key. A `team` key is closed for a user's X25519 key, a `case` key under a team epoch, or for the
X25519 key of somebody the case was handed to.
"""

import secrets
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypedDict

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
    crypto_box_seal,
    crypto_box_seal_open,
)
from nacl.exceptions import CryptoError

from server.sealing.derivations import KEY_BYTES, NONCE_BYTES, Seed
from server.sealing.encoding import (
    check_object,
    check_shape,
    from_base64url,
    pad_json,
    to_base64url,
    unpad_json,
)
from server.sealing.epochs import Epoch
from server.sealing.problems import KeyProblem, Refusal
from server.sealing.trust import Member, Person, Refused, sign, signed_by_ab_pap
from server.sealing.values import CaseKey, SealingKey, TeamKey

_OUTER: tuple[str, ...] = ("purpose", "owner", "key_id", "reader", "author", "at")


class Envelope(TypedDict):
    """An envelope as on the wire, without the sender's `n`."""

    key_id: str
    purpose: str
    owner: str
    reader: str
    author: str
    at: str
    box: str


class Reader(NamedTuple):
    """What a phone opens envelopes with: its own seed, and whom and which epochs it trusts."""

    me: Person
    seed: Seed
    members: Mapping[str, Member]
    epochs: Mapping[str, Epoch]  # trusted ones by key id

    @classmethod
    def of(
        cls, me: Person, seed: Seed, members: Mapping[str, Member], epochs: Iterable[Epoch]
    ) -> "Reader":
        return cls(me, seed, members, {epoch["key_id"]: epoch for epoch in epochs})


def close_team_key(key: TeamKey, me: Person, seed: Seed, reader: Person, at: str) -> Envelope:
    """Close a team key for a user whose public key is pinned."""
    return _close_for("team", key, me, seed, reader, at)


def hand_case_key(key: CaseKey, me: Person, seed: Seed, reader: Person, at: str) -> Envelope:
    """Close a case key for one user, whose public key is pinned: the case was handed to her."""
    return _close_for("case", key, me, seed, reader, at)


def _close_for(
    purpose: str, key: SealingKey, me: Person, seed: Seed, reader: Person, at: str
) -> Envelope:
    padded, outer = _fill(purpose, key, reader.user, me, seed, at)
    box = crypto_box_seal(padded, from_base64url(reader.box_public, 32))
    return Envelope(**outer, box=to_base64url(box))


def close_case_key(
    key: CaseKey, me: Person, seed: Seed, epoch: TeamKey, at: str, nonce: bytes | None = None
) -> Envelope:
    """Close a case key for everybody who holds this epoch of the team key."""
    nonce = nonce or secrets.token_bytes(NONCE_BYTES)
    padded, outer = _fill("case", key, epoch.id, me, seed, at)
    place = _place(key.id, epoch.id)
    box = crypto_aead_xchacha20poly1305_ietf_encrypt(padded, place, nonce, epoch.key)
    return Envelope(**outer, box=to_base64url(nonce + box))


def open_envelope(
    envelope: Mapping[str, Any], reader: Reader, keys: Mapping[str, SealingKey]
) -> SealingKey:
    """The key in an envelope: a TeamKey or a CaseKey. `keys` are those already held, by id.

    Raises KeyProblem: `malformed`, `key_planted`, `box_swapped`, `envelope_author_untrusted`,
    `envelope_forged`, `epoch_untrusted`, or `key_unknown` while the team key is not here yet.
    """
    _check_shape(envelope)
    _check_owner(envelope, reader)
    inner = _open_box(envelope, reader, keys)
    if any(inner.get(name) != envelope[name] for name in _OUTER):
        raise KeyProblem(Refusal.BOX_SWAPPED)
    _check_signature(inner, reader)
    make = TeamKey if envelope["purpose"] == "team" else CaseKey
    key = make(envelope["key_id"], from_base64url(inner.get("key"), KEY_BYTES))
    _check_not_planted(key, reader, keys)
    return key


def open_envelopes(
    envelopes: Iterable[Mapping[str, Any]], reader: Reader, keys: Mapping[str, SealingKey]
) -> tuple[dict[str, SealingKey], list[Refused]]:
    """All keys held afterwards, {key id: key}, and what was refused. Team keys are opened first;
    `key_unknown` among the refused means: not yet, its team key is still to come."""
    ring = dict(keys)
    refused: list[Refused] = []
    for envelope in sorted(envelopes, key=_team_keys_first):
        try:
            key = open_envelope(envelope, reader, ring)
            ring[key.id] = key
        except KeyProblem as problem:
            refused.append(Refused(envelope, problem.code))
    return ring, refused


def _team_keys_first(envelope: object) -> bool:
    return not (isinstance(envelope, Mapping) and envelope.get("purpose") == "team")


def _fill(
    purpose: str, key: SealingKey, reader: str, me: Person, seed: Seed, at: str
) -> tuple[bytes, dict[str, str]]:
    """What goes into the box, padded, and what stands outside."""
    values = purpose, key.owner, key.id, reader, me.user, at
    outer = dict(zip(_OUTER, values, strict=True))
    inner = outer | {"key": to_base64url(key.key)}
    return pad_json(inner | {"signature": sign(_text(inner), seed)}), outer


def _text(inner: Mapping[str, Any]) -> str:
    names = ("purpose", "owner", "key_id", "reader", "author", "at", "key")
    return "|".join(["zz1", "box", *(str(inner[name]) for name in names)])


def _place(key_id: str, reader: str) -> bytes:
    return f"zz1|envelope|{key_id}|{reader}".encode()


def _check_shape(envelope: Mapping[str, Any]) -> None:
    check_object(envelope)
    if envelope.get("purpose") not in ("team", "case"):
        raise KeyProblem(Refusal.MALFORMED)
    reader = "id" if _is_for_a_person(envelope) else "key_id"
    shapes = {"owner": "id", "key_id": "key_id", "reader": reader, "author": "id", "at": "instant"}
    for name, shape in shapes.items():
        check_shape(envelope.get(name), shape)


def _is_for_a_person(envelope: Mapping[str, Any]) -> bool:
    """Team keys always are; a case key is, when its reader is no key of an epoch."""
    reader = envelope.get("reader")
    return envelope["purpose"] == "team" or (isinstance(reader, str) and len(reader) == 32)


def _check_owner(envelope: Mapping[str, Any], reader: Reader) -> None:
    """The key id begins with its owner, and a team key is this team's, of a trusted epoch."""
    if envelope["key_id"][:32] != envelope["owner"]:
        raise KeyProblem(Refusal.KEY_PLANTED)
    is_team_key, is_personal = envelope["purpose"] == "team", _is_for_a_person(envelope)
    if is_team_key and envelope["owner"] != reader.me.team:
        raise KeyProblem(Refusal.KEY_PLANTED)
    if is_personal and envelope["reader"] != reader.me.user:
        raise KeyProblem(Refusal.BOX_SWAPPED)
    epoch = envelope["key_id"] if is_team_key else envelope["reader"]
    if (is_team_key or not is_personal) and epoch not in reader.epochs:
        raise KeyProblem(Refusal.EPOCH_UNTRUSTED)


def _open_box(
    envelope: Mapping[str, Any], reader: Reader, keys: Mapping[str, SealingKey]
) -> dict[str, Any]:
    box = from_base64url(envelope.get("box"))
    is_personal = _is_for_a_person(envelope)
    team_key = None if is_personal else keys.get(envelope["reader"])
    if team_key is None and not is_personal:
        raise KeyProblem(Refusal.KEY_UNKNOWN)
    try:
        if team_key is None:
            padded = crypto_box_seal_open(box, reader.seed.box_public, reader.seed.box_secret)
        else:
            padded = crypto_aead_xchacha20poly1305_ietf_decrypt(
                box[NONCE_BYTES:],
                _place(envelope["key_id"], envelope["reader"]),
                box[:NONCE_BYTES],
                team_key.key,
            )
        inner = unpad_json(padded)
    except (CryptoError, ValueError):
        raise KeyProblem(Refusal.BOX_SWAPPED) from None
    check_object(inner)
    return inner


def _check_signature(inner: Mapping[str, Any], reader: Reader) -> None:
    """A case closed under an epoch counts when its author was aB-pAp as that epoch began: her
    phone's clock may have been wrong, and no later epoch was known to her."""
    from_base64url(inner.get("key"), KEY_BYTES)
    signature = inner.get("signature")
    from_base64url(signature, 64)
    epoch = reader.epochs.get(inner["reader"])
    at = inner["at"] if epoch is None else epoch["at"]
    holds = signed_by_ab_pap(reader.members, inner["author"], at, _text(inner), str(signature))
    if holds is None:
        raise KeyProblem(Refusal.ENVELOPE_AUTHOR_UNTRUSTED)
    if not holds:
        raise KeyProblem(Refusal.ENVELOPE_FORGED)


def _check_not_planted(key: SealingKey, reader: Reader, keys: Mapping[str, SealingKey]) -> None:
    """One id is one key for ever, and a team key must give the epoch's public letter box."""
    held = keys.get(key.id)
    if held is not None and held.key != key.key:
        raise KeyProblem(Refusal.KEY_PLANTED)
    if isinstance(key, TeamKey):
        public = reader.epochs[key.id]["public"]
        if to_base64url(key.letter_box[0]) != public:
            raise KeyProblem(Refusal.KEY_PLANTED)
