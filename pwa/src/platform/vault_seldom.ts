/** What the vault seldom does: one file to fetch for all of it. */
export { closedForPasskey, newAccount, rewrapped } from "./vault_account";
export { openNotes, sealNote } from "./vault_note";
export { newSheet, takeOver } from "./vault_recovery";
