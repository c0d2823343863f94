/** The one form of a rescue file: signed by its person, closed for one server. The twin of
 * `server/sealing/rescue.py`; PROTOCOL.md, "Rescue files". Used in the vault alone. */
import { fromBase64url, toBase64url } from "./encoding";
import { boxSeal, type KeyPair, signText } from "./vault";

export const RESCUE_HEAD = "zuzweit-rescue 1\n";

/** The file's text: `content` with the person's signature, which `to` (X25519, public) opens. */
export function closeRescue(content: string, sign: KeyPair, to: string): string {
  const signature = signRescue(content, sign);
  const said = new TextEncoder().encode(content);
  const inner = new Uint8Array(signature.length + said.length);
  inner.set(signature);
  inner.set(said, signature.length);
  return `${RESCUE_HEAD}${toBase64url(boxSeal(inner, fromBase64url(to, 32)))}\n`;
}

/** 64 bytes. */
export function signRescue(content: string, sign: KeyPair): Uint8Array {
  return signText(`zz1|rescue|${content}`, sign.secretKey);
}
