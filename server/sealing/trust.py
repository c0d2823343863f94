"""Whom a phone trusts: membership statements, chained from its own signing key.

A phone believes its own seed, then what trusted aB-pAp signed. Trust only grows: a key that a
trusted statement once gave the role aB-pAp stays good for what it signed while she had it.
The newest statement about a person says which keys and which role are hers now.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypedDict, cast

from nacl.bindings import crypto_sign, crypto_sign_open
from nacl.exceptions import BadSignatureError

from server.sealing.derivations import Seed
from server.sealing.encoding import check_object, check_shape, from_base64url, to_base64url
from server.sealing.problems import KeyProblem, Refusal

AB_PAP = "ab_pap"
LEFT = "left"
"""What a colleague signs of somebody whose account has ended: from then on she signs nothing."""
RECOVERY = "recovery"
"""The key on a sheet of paper: whoever an aB-pAp signed it for believes what it admits."""
ADMITTING = frozenset({AB_PAP, RECOVERY})
ROLES = frozenset({AB_PAP, "deputy", "pap", "team_leader", "admin", LEFT, RECOVERY})


class Statement(TypedDict):
    """A membership statement as on the wire."""

    team: str
    subject: str
    role: str
    box_public: str
    sign_public: str
    author: str
    at: str
    signature: str


class Person(NamedTuple):
    """A person and her public keys in base64url, before anybody said who she is."""

    user: str
    team: str
    box_public: str
    sign_public: str

    @classmethod
    def of(cls, seed: Seed, user: str, team: str) -> "Person":
        return cls(user, team, to_base64url(seed.box_public), to_base64url(seed.sign_public))


@dataclass
class Member:
    """A pinned person: what the newest trusted statement says, and every key that was hers."""

    user: str
    role: str
    box_public: str
    sign_public: str
    at: str = ""
    admitters: set[str] = field(default_factory=set[str])  # her keys that may admit others
    ended: str | None = None  # since when she is no longer aB-pAp


class Refused(NamedTuple):
    """Something served that was not believed, and why."""

    what: Any
    code: Refusal


def sign(message: str, seed: Seed) -> str:
    """Ed25519 over the UTF-8 text, detached, base64url."""
    return to_base64url(crypto_sign(message.encode(), seed.sign_secret)[:64])


def signature_holds(signature: str, message: str, sign_public: str) -> bool:
    """Whether this key signed this text. KeyProblem(malformed) when key or signature is none."""
    signed = from_base64url(signature, 64) + message.encode()
    try:
        crypto_sign_open(signed, from_base64url(sign_public, 32))
    except BadSignatureError:
        return False
    return True


def make_statement(me: Person, seed: Seed, subject: Person, role: str, at: str) -> Statement:
    """Sign who `subject` is, after both people compared the safety number. `at` is an instant."""
    statement = Statement(
        team=me.team,
        subject=subject.user,
        role=role,
        box_public=subject.box_public,
        sign_public=subject.sign_public,
        author=me.user,
        at=at,
        signature="",
    )
    statement["signature"] = sign(_statement_text(statement), seed)
    return statement


def statement_holds(statement: Statement, sign_public: str) -> bool:
    """Whether the statement was signed with this key. KeyProblem(malformed) when misshapen."""
    check_statement_shape(statement)
    return signature_holds(statement["signature"], _statement_text(statement), sign_public)


def check_statement_shape(statement: Mapping[str, Any]) -> None:
    """Raise KeyProblem(malformed) unless every field is there in its one spelling."""
    check_object(statement)
    for name, shape in (("team", "id"), ("subject", "id"), ("author", "id"), ("at", "instant")):
        check_shape(statement.get(name), shape)
    if statement.get("role") not in ROLES:
        raise KeyProblem(Refusal.MALFORMED)
    for name, length in (("box_public", 32), ("sign_public", 32), ("signature", 64)):
        from_base64url(statement.get(name), length)


def trusted_members(
    me: Person, statements: Iterable[Statement]
) -> tuple[dict[str, Member], list[Refused]]:
    """The people a phone trusts, {user: Member}, and the statements it refused, each by name.

    The result does not depend on the order of the statements. What another person says about
    herself is neither believed nor refused: it is the colleague's word that counts.
    """
    members = {me.user: Member(me.user, "", me.box_public, me.sign_public, "", {me.sign_public})}
    open_ones, refused = _sort_out(me, statements)
    believed: list[Statement] = []
    grown = True
    while grown:
        grown = False
        for statement in list(open_ones):
            author = members.get(statement["author"])
            if author and any(statement_holds(statement, key) for key in author.admitters):
                open_ones.remove(statement)
                believed.append(statement)
                _believe(members, statement)
                grown = True
    for statement in sorted(believed, key=lambda s: (s["at"], s["signature"])):
        _bring_up_to_date(members, me, statement)
    said = {_claim(statement) for statement in believed}
    said |= {(me.user, role, me.box_public, me.sign_public) for role in ROLES}
    refused += (_refused(members, s) for s in open_ones if _claim(s) not in said)
    return members, refused


def check_served(
    members: Mapping[str, Member], user: str, role: str, box_public: str, sign_public: str
) -> Refusal | None:
    """Whether what the server says of a pinned person is what was signed; None if she is not
    pinned at all or all is well. Only the pinned keys and the signed role are ever used."""
    pinned = members.get(user)
    if pinned is None:
        return None
    if (box_public, sign_public) != (pinned.box_public, pinned.sign_public):
        return Refusal.KEY_SWAPPED
    if pinned.role and role != pinned.role:
        return Refusal.ROLE_SWAPPED
    return None


def signed_by_ab_pap(
    members: Mapping[str, Member], author: str, at: str, text: str, signature: str
) -> bool | None:
    """True when a trusted aB-pAp signed this text; False when her signature does not hold;
    None when the author is not trusted, or no longer was at that time."""
    member = members.get(author)
    if member is None or not member.admitters or (member.ended and at > member.ended):
        return None
    return any(signature_holds(signature, text, key) for key in member.admitters)


def _sort_out(me: Person, statements: Iterable[Statement]) -> tuple[list[Statement], list[Refused]]:
    """The statements worth checking, and the ones refused for their shape or team."""
    good: list[Statement] = []
    refused: list[Refused] = []
    for statement in statements:
        try:
            check_statement_shape(statement)
        except KeyProblem as problem:
            refused.append(Refused(statement, problem.code))
            continue
        if statement["team"] != me.team:
            refused.append(Refused(statement, Refusal.STATEMENT_UNTRUSTED))
        elif statement["author"] != statement["subject"] or statement["author"] == me.user:
            good.append(statement)
    return good, refused


def _believe(members: dict[str, Member], statement: Statement) -> None:
    """Pin the subject, and her key as one that may admit: an aB-pAp's, or that on a sheet."""
    keys = statement["box_public"], statement["sign_public"]
    member = members.setdefault(statement["subject"], Member(statement["subject"], "", *keys))
    if statement["role"] in ADMITTING:
        member.admitters.add(statement["sign_public"])


def _bring_up_to_date(members: dict[str, Member], me: Person, statement: Statement) -> None:
    """Apply a believed statement, called oldest first: the newest decides what holds now.

    One's own keys are those of one's own seed, whatever anybody signs.
    """
    member = members[statement["subject"]]
    member.at = statement["at"]
    member.role = statement["role"]
    if member.user != me.user:
        member.box_public = statement["box_public"]
        member.sign_public = statement["sign_public"]
        never_left = member.role in ADMITTING or not member.admitters
        member.ended = None if never_left else member.ended or member.at


def _claim(statement: Statement) -> tuple[str, str, str, str]:
    """What a statement says. One that nobody has to believe but that says nothing new is a
    newcomer's or a pAp's own word about a colleague: it matters on her phone alone."""
    keys = statement["box_public"], statement["sign_public"]
    return statement["subject"], statement["role"], *keys


def _refused(members: Mapping[str, Member], statement: Statement) -> Refused:
    author = members.get(statement["author"])
    forged = author is not None and bool(author.admitters)
    return Refused(statement, Refusal.STATEMENT_FORGED if forged else Refusal.STATEMENT_UNTRUSTED)


def _statement_text(s: Mapping[str, Any]) -> str:
    names = ("team", "subject", "role", "box_public", "sign_public", "author", "at")
    return "|".join(["zz1", "member", *(cast("str", s[name]) for name in names)])
