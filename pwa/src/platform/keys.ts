/**
 * The cryptographic half of Zuzweit in the browser, in one place to import from. Everything here
 * needs `await loadVault()` first and belongs into a worker; `passwords.ts` and `key_problems.ts`
 * do without libsodium and may be imported anywhere.
 */
export * from "./derivations";
export * from "./envelopes";
export * from "./epochs";
export * from "./key_problems";
export * from "./rescue_seal";
export * from "./safety_number";
export * from "./sealing";
export * from "./trust";
export { KEY_BYTES, type KeyPair, loadVault, NONCE_BYTES, randomBytes, wipe } from "./vault";
