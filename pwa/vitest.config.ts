import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

const top = resolve(import.meta.dirname, "..");

// The TypeScript tests lie beside the Python ones, outside pwa/; the link node_modules at the
// top of the tree (made by the Makefile) lets them find what pwa/package.json installs.
export default defineConfig({
  root: top,
  resolve: {
    alias: { "@sync": resolve(top, "sync"), "@pwa": resolve(top, "pwa/src") },
  },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  server: { fs: { allow: [top] } },
  test: {
    include: ["tests/{unit,property,simulation}/**/*.test.{ts,tsx}"],
    // A busy machine is slow, not wrong: what waits for a condition may wait long.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    sequence: { shuffle: true },
    restoreMocks: true,
    unstubGlobals: true,
  },
});
