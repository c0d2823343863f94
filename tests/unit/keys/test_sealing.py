"""What the vectors cannot show: all values, all orders, flipped bits, and silence about keys."""

import itertools
import math
import random
import secrets
import traceback
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.sealing import (
    CaseKey,
    KeyProblem,
    Place,
    Reader,
    Refusal,
    Seed,
    TeamKey,
    derivations,
    derive_master,
    from_base64url,
    generate_password,
    make_account,
    open_envelopes,
    open_value,
    password_problem,
    passwords,
    seal_value,
    to_base64url,
    trusted_epochs,
    trusted_members,
    unwrap_seed,
)
from server.sealing.encoding import pad_json, unpad_json
from tests.unit.keys.vector_world import (
    ANNA,
    BERTA,
    CASE,
    CASE_KEY,
    EPOCHS,
    FIRST,
    MALLORY,
    NORA,
    OTHER_CASE_KEY,
    PAUL,
    PLACE,
    STATEMENTS,
    TEAM,
    day,
    for_case,
    for_user,
)

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(ANY_JSON)
def test_every_value_comes_back(value: Any) -> None:
    assert open_value(seal_value(value, PLACE, CASE_KEY), PLACE, CASE_KEY) == value


@given(st.binary(max_size=80))
def test_base64url_has_one_spelling(data: bytes) -> None:
    text = to_base64url(data)
    assert from_base64url(text) == data
    for wrong in (text + "=", text + "\n", " " + text, text[:-1] + "!", text + "ü"):
        with pytest.raises(KeyProblem, match=r"^malformed$"):
            from_base64url(wrong)
    for left_over in ("AB", "AAB", "A"):
        with pytest.raises(KeyProblem, match=r"^malformed$"):
            from_base64url(left_over)


@pytest.mark.parametrize(
    ("length", "padded"), [(0, 64), (63, 64), (64, 256), (255, 256), (256, 1024), (1023, 1024)]
)
def test_padding_grows_at_its_borders(length: int, padded: int) -> None:
    """A JSON text has two quotes; the first byte of the padding counts."""
    if length >= 2:
        text = "x" * (length - 2)
        assert len(pad_json(text)) == padded
        assert unpad_json(pad_json(text)) == text
    with pytest.raises(ValueError, match="padding"):
        unpad_json(bytes(padded))


@settings(deadline=None)
@given(st.randoms(use_true_random=False))
def test_trust_does_not_depend_on_the_order(chance: random.Random) -> None:
    statements = [
        *STATEMENTS,
        MALLORY.says(NORA, "ab_pap", day(6)),
        BERTA.says(PAUL, "ab_pap", day(7)),
        PAUL.says(NORA, "pap", day(8)),
        ANNA.says(PAUL, "pap", day(9)),
    ]
    straight, refused = trusted_members(ANNA.person, statements)
    assert [one.code for one in refused] == [Refusal.STATEMENT_UNTRUSTED]
    chance.shuffle(statements)
    assert trusted_members(ANNA.person, statements)[0] == straight
    assert straight[PAUL.user].role == "pap"
    assert straight[PAUL.user].ended == day(9)
    assert straight[NORA.user].role == "pap"


def test_every_flipped_bit_is_noticed() -> None:
    """Wherever the server flips a bit of an envelope's box, the key does not come out."""
    members, _ = trusted_members(BERTA.person, STATEMENTS)
    epochs, _ = trusted_epochs(TEAM, members, EPOCHS)
    reader = Reader.of(BERTA.person, BERTA.seed, members, epochs)
    for envelope, held in ((for_user(FIRST, ANNA, BERTA), {}), (for_case(CASE_KEY, ANNA), ring())):
        box = from_base64url(envelope["box"])
        for index in range(0, len(box), 7):
            flipped = bytearray(box)
            flipped[index] ^= 1 << index % 8
            broken = envelope | {"box": to_base64url(bytes(flipped))}
            _, refused = open_envelopes([broken], reader, held)
            assert [one.code for one in refused] == [Refusal.BOX_SWAPPED]


def ring() -> dict[str, Any]:
    return {FIRST.id: FIRST}


def test_a_batch_opens_team_keys_first() -> None:
    members, _ = trusted_members(BERTA.person, STATEMENTS)
    epochs, _ = trusted_epochs(TEAM, members, EPOCHS)
    reader = Reader.of(BERTA.person, BERTA.seed, members, epochs)
    batch: list[Any] = [
        for_case(CASE_KEY, ANNA),
        {"purpose": "case"},
        None,
        for_user(FIRST, ANNA, BERTA),
    ]
    keys, refused = open_envelopes(batch, reader, {})
    assert set(keys) == {FIRST.id, CASE_KEY.id}
    assert isinstance(keys[FIRST.id], TeamKey)
    assert isinstance(keys[CASE_KEY.id], CaseKey)
    assert [one.code for one in refused] == [Refusal.MALFORMED] * 2


def derive_nothing(*_: object, **__: object) -> None:
    pytest.fail("something was derived")


def test_nothing_is_derived_from_weak_parameters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(derivations.nacl.pwhash.argon2id, "kdf", derive_nothing)
    for opslimit, memlimit in ((2, 64 << 20), (3, (64 << 20) - 1), (0, 0), (11, 64 << 20)):
        with pytest.raises(KeyProblem):
            derive_master("vierzehn Zeichen", bytes(16), opslimit, memlimit)


def test_an_account_opens_with_its_password_alone() -> None:
    password = generate_password()
    account = make_account(ANNA.user, password)
    salt = from_base64url(account.wire["salt"])
    master = derive_master(password.replace("-", " ").title(), salt, 3, 64 << 20)
    wrapped = str(account.wire["wrapped_seed"])
    assert unwrap_seed(master, wrapped, ANNA.user) == account.seed
    assert to_base64url(derivations.login_key(master)) == account.wire["login_key"]
    with pytest.raises(KeyProblem, match=r"^wrong_password$"):
        unwrap_seed(secrets.token_bytes(32), wrapped, ANNA.user)


def test_nonces_and_keys_are_never_twice_the_same() -> None:
    assert len({seal_value("x", PLACE, CASE_KEY) for _ in range(100)}) == 100
    assert len({CaseKey.new(CASE).id for _ in range(100)}) == 100


def test_no_secret_shows_in_a_failure() -> None:
    """Neither a key, nor a seed, nor the plaintext stands in what a log might print."""
    seed, key = Seed.new(), CaseKey.new(CASE)
    shown = repr(seed) + repr(key) + repr(make_account(ANNA.user, "ein langes Passwort"))
    sealed = seal_value("Kanarienvogel", PLACE, key)
    for broken in (
        lambda: open_value(sealed, PLACE._replace(column="wish"), key),
        lambda: open_value(sealed, PLACE, CaseKey(key.id, OTHER_CASE_KEY.key)),
        lambda: CaseKey(key.id, key.key[:31]),
        lambda: from_base64url(to_base64url(key.key), 31),
    ):
        with pytest.raises(KeyProblem) as caught:
            broken()
        shown += "".join(traceback.format_exception(caught.value))
    for secret in (seed.secret, key.key):
        for spelling in (secret.hex(), to_base64url(secret), repr(secret)):
            assert spelling not in shown
    assert "Kanarienvogel" not in shown


def test_generated_passwords_have_sixty_bits_and_speak_clean() -> None:
    syllables = passwords.SYLLABLES
    assert len(set(syllables)) == 64
    assert 10 * math.log2(len(syllables)) >= 60
    words = {a + b for a, b in itertools.product(syllables, repeat=2)}
    assert len(words) == 64 * 64, "two pairs of syllables spell the same word"
    assert all(word.isascii() and word.islower() for word in words)
    assert not {word for word in words if any(bad in word for bad in UNSPEAKABLE.split())}
    assert password_problem(generate_password()) is None


UNSPEAKABLE = (
    "arsch depp fick foze fuck fuk geil gaga hitl hode homo hure idio jude kack kaka kike loli "
    "mord mist moese mose muschi nazi nega nege nego nige nut pedo penis pimmel pipi pisse popo "
    "puta rape sado sau sex suka suff tit tod tunte tusi wichs zigeu"
)


def test_a_place_is_unambiguous() -> None:
    """Neighbouring fields that run together differently are different places."""
    one = Place(*PLACE[:1], "visit", "a", "bc", *PLACE[4:])
    other = Place(*PLACE[:1], "visit", "ab", "c", *PLACE[4:])
    with pytest.raises(KeyProblem, match=r"^unreadable$"):
        open_value(seal_value(1, one, CASE_KEY), other, CASE_KEY)
