"""The cryptographic half of Zuzweit in Python: for demo data, tools and the shared vectors.

The server itself never opens anything. It uses this package to check signatures and shapes only;
`pwa/src/platform/keys.ts` is the same in the browser, held together by `sync/vectors/seal.json`.
"""

from server.sealing.derivations import (
    MEMLIMIT,
    OPSLIMIT,
    Account,
    Seed,
    derive_master,
    login_key,
    make_account,
    unwrap_seed,
    wrap_seed,
)
from server.sealing.encoding import from_base64url, to_base64url
from server.sealing.envelopes import (
    Envelope,
    Reader,
    close_case_key,
    close_team_key,
    hand_case_key,
    open_envelope,
    open_envelopes,
)
from server.sealing.epochs import Epoch, epoch_holds, make_epoch, trusted_epochs
from server.sealing.passwords import canonical_password, generate_password, password_problem
from server.sealing.problems import KeyProblem, Refusal
from server.sealing.recovery import recovery_secret, recovery_seed, recovery_words
from server.sealing.rescue import (
    close_rescue,
    open_rescue,
    rescue_pair,
    rescue_signed_by,
    sign_rescue,
)
from server.sealing.safety_number import safety_number
from server.sealing.trust import (
    LEFT,
    RECOVERY,
    Member,
    Person,
    Refused,
    Statement,
    check_served,
    make_statement,
    statement_holds,
    trusted_members,
)
from server.sealing.values import (
    CaseKey,
    Place,
    SealingKey,
    TeamKey,
    new_key_id,
    open_value,
    own_key,
    seal_value,
)

__all__ = [
    "LEFT",
    "MEMLIMIT",
    "OPSLIMIT",
    "RECOVERY",
    "Account",
    "CaseKey",
    "Envelope",
    "Epoch",
    "KeyProblem",
    "Member",
    "Person",
    "Place",
    "Reader",
    "Refusal",
    "Refused",
    "SealingKey",
    "Seed",
    "Statement",
    "TeamKey",
    "canonical_password",
    "check_served",
    "close_case_key",
    "close_rescue",
    "close_team_key",
    "derive_master",
    "epoch_holds",
    "from_base64url",
    "generate_password",
    "hand_case_key",
    "login_key",
    "make_account",
    "make_epoch",
    "make_statement",
    "new_key_id",
    "open_envelope",
    "open_envelopes",
    "open_rescue",
    "open_value",
    "own_key",
    "password_problem",
    "recovery_secret",
    "recovery_seed",
    "recovery_words",
    "rescue_pair",
    "rescue_signed_by",
    "safety_number",
    "seal_value",
    "sign_rescue",
    "statement_holds",
    "to_base64url",
    "trusted_epochs",
    "trusted_members",
    "unwrap_seed",
    "wrap_seed",
]
