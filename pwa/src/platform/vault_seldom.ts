/** What the vault seldom does: one file to fetch for all of it. */
export { closedForPasskey, newAccount, rewrapped } from "./vault_account";
export { newSheet, takeOver } from "./vault_recovery";
