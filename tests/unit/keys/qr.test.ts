/** The sheet's code says the words that stand beside it, as any reader of codes sees them. */
import { recoveryWords } from "@pwa/platform/recovery_key";
import { loadVault } from "@pwa/platform/vault";
import { encodeQR } from "qr";
import { decodeQR } from "qr/decode.js";
import { beforeAll, expect, it } from "vitest";

const SCALE = 4;
beforeAll(loadVault);

it("is read back by a reader of codes", () => {
  const text = recoveryWords(Uint8Array.from({ length: 16 }, (_, i) => 17 * i)).replaceAll(
    "-",
    " ",
  );
  const rows = encodeQR(text, "raw", { ecc: "medium", border: 2 });
  const side = rows.length * SCALE;
  const data = new Uint8ClampedArray(side * side * 4);
  for (let i = 0; i < side * side; i += 1) {
    const [x, y] = [Math.floor((i % side) / SCALE), Math.floor(i / side / SCALE)];
    data.set(rows[y]?.[x] ? [0, 0, 0, 255] : [255, 255, 255, 255], i * 4);
  }
  expect(decodeQR({ width: side, height: side, data })).toBe(text);
});
