"""Why a key, a box or a value is refused: one name per reason, the same on both sides.

A KeyProblem carries its name and nothing else: no key, no password and no plaintext ever gets
into a message or a log line. The German sentences for people stand in `key_problems.ts`.
"""

from enum import StrEnum


class Refusal(StrEnum):
    """Every reason by name. Docstrings would not travel; the comment says what happened."""

    MALFORMED = "malformed"  # not the shape PROTOCOL.md gives it
    KDF_TOO_WEAK = "kdf_too_weak"  # below 3 passes or 64 MiB: refused before anything is derived
    KDF_TOO_STRONG = "kdf_too_strong"  # more than a phone can compute: it would hang
    WRONG_PASSWORD = "wrong_password"  # the seed does not open
    KEY_UNKNOWN = "key_unknown"  # no envelope with this key has come yet: the value waits
    UNREADABLE = "unreadable"  # the value does not open in this place
    STATEMENT_FORGED = "statement_forged"  # named author is trusted, the signature is not hers
    STATEMENT_UNTRUSTED = "statement_untrusted"  # its author is no trusted aB-pAp
    KEY_SWAPPED = "key_swapped"  # served public keys differ from the pinned ones
    ROLE_SWAPPED = "role_swapped"  # the served role is not the signed one
    EPOCH_UNTRUSTED = "epoch_untrusted"  # not chained from epoch 1, or by no trusted aB-pAp
    EPOCH_FORKED = "epoch_forked"  # another epoch stands where this phone has pinned one
    EPOCH_ROLLED_BACK = "epoch_rolled_back"  # the served chain is shorter than the pinned one
    BOX_SWAPPED = "box_swapped"  # the box was not closed for this place and reader
    ENVELOPE_AUTHOR_UNTRUSTED = "envelope_author_untrusted"  # no pinned aB-pAp closed it
    ENVELOPE_FORGED = "envelope_forged"  # the author is pinned, the signature is not hers
    KEY_PLANTED = "key_planted"  # the key is not its owner's, or contradicts one already known


class KeyProblem(ValueError):
    """A refusal by name; `code` is one of `Refusal`."""

    def __init__(self, code: Refusal):
        super().__init__(code.value)
        self.code = code
