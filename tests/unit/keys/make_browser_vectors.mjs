// Writes sync/vectors/seal_browser.json: `node tests/unit/keys/make_browser_vectors.mjs`.
// The browser's half draws real nonces, so every run makes other bytes; both halves open them.

import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { runnerImport } from "vite";

const top = resolve(import.meta.dirname, "../../..");
const alias = { "@sync": resolve(top, "sync"), "@pwa": resolve(top, "pwa/src") };
const maker = resolve(top, "tests/unit/keys/browser_vectors.ts");
const options = { configFile: false, root: top, resolve: { alias } };

const { loadVault, browserVectors } = (await runnerImport(maker, options)).module;
await loadVault();
const about = "Sealed by the browser's half, opened by both; made by make_browser_vectors.mjs.";
const text = JSON.stringify({ about, vectors: browserVectors() }, null, 1);
writeFileSync(resolve(top, "sync/vectors/seal_browser.json"), `${text}\n`);
