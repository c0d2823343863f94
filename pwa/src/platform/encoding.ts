/**
 * Bytes as text and back: base64url without padding, hex ids, padded JSON. The twin of
 * `server/sealing/encoding.py`.
 *
 * Everything here is strict: one value has exactly one spelling, so that what was signed or used
 * as associated data cannot be written in another way. Written by hand because it runs for every
 * value on the phone: a table is several times as fast as calling into wasm.
 */
import { paddedLength } from "@sync/operation";
import { KeyProblem } from "./key_problems";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const HEX = "0123456789abcdef";
const BAD = 255;
/** For every UTF-16 code what it is worth as a digit, so that no character needs a check first. */
const BASE64_WORTH = worths(ALPHABET);
const HEX_WORTH = worths(HEX);
/** Three bytes are four digits; two digits at a time are looked up. */
const PAIRS = new Uint16Array(4096);

const encoder = new TextEncoder();
const brief = new Uint8Array(4096);
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

for (let i = 0; i < 4096; i++) {
  PAIRS[i] = ALPHABET.charCodeAt(i >> 6) | (ALPHABET.charCodeAt(i & 63) << 8);
}

/** Base64url without padding. */
export function toBase64url(data: Uint8Array): string {
  const text = new Uint8Array(Math.ceil(data.length / 3) * 4);
  for (let i = 0, o = 0; i < data.length; i += 3, o += 4) {
    const bits = (at(data, i) << 16) | ((data[i + 1] ?? 0) << 8) | (data[i + 2] ?? 0);
    const [first, second] = [at(PAIRS, bits >> 12), at(PAIRS, bits & 4095)];
    text[o] = first;
    text[o + 1] = first >> 8;
    text[o + 2] = second;
    text[o + 3] = second >> 8;
  }
  return decoder.decode(text.subarray(0, Math.ceil((data.length * 4) / 3)));
}

/**
 * The bytes of a base64url text without padding, `length` of them if given.
 * @throws KeyProblem `malformed` for anything else, left-over bits included.
 */
export function fromBase64url(text: unknown, length?: number): Uint8Array {
  if (typeof text !== "string") throw new KeyProblem("malformed");
  const data = new Uint8Array((text.length * 3) >> 2);
  if (length !== undefined && data.length !== length) throw new KeyProblem("malformed");
  decodeInto(data, text);
  return data;
}

/**
 * Decode base64url into a buffer that is long enough; answers how many bytes were written.
 * @throws KeyProblem `malformed`, RangeError when the buffer is too short.
 */
export function decodeInto(data: Uint8Array, text: string): number {
  const length = (text.length * 3) >> 2;
  if (text.length % 4 === 1) throw new KeyProblem("malformed");
  if (length > data.length) throw new RangeError("the buffer is too short");
  const whole = text.length & ~3;
  let bad = 0;
  for (let i = 0, o = 0; i < whole; i += 4, o += 3) {
    const a = worth(text, i);
    const b = worth(text, i + 1);
    const c = worth(text, i + 2);
    const d = worth(text, i + 3);
    bad |= a | b | c | d;
    data[o] = (a << 2) | (b >> 4);
    data[o + 1] = (b << 4) | (c >> 2);
    data[o + 2] = (c << 6) | d;
  }
  // A digit is below 64, so anything else shows in the upper bits.
  if (bad > 63 || !lastDigits(text, whole, data)) throw new KeyProblem("malformed");
  return length;
}

export function toHex(data: Uint8Array): string {
  const text = new Uint8Array(2 * data.length);
  for (let i = 0; i < data.length; i++) {
    text[2 * i] = HEX.charCodeAt(at(data, i) >> 4);
    text[2 * i + 1] = HEX.charCodeAt(at(data, i) & 15);
  }
  return decoder.decode(text);
}

/** @throws KeyProblem `malformed` unless the text is whole bytes in lower-case hex. */
export function fromHex(text: string): Uint8Array {
  const data = new Uint8Array(text.length >> 1);
  let bad = text.length % 2 === 0 ? 0 : BAD;
  for (let o = 0; o < data.length; o++) {
    const high = at(HEX_WORTH, text.charCodeAt(2 * o));
    const low = at(HEX_WORTH, text.charCodeAt(2 * o + 1));
    bad |= high | low;
    data[o] = (high << 4) | low;
  }
  if (bad > 15) throw new KeyProblem("malformed");
  return data;
}

/** Text as UTF-8, valid until the next call: associated data is needed once and at once. */
export function briefUtf8(text: string): Uint8Array {
  if (3 * text.length > brief.length) return encoder.encode(text);
  return brief.subarray(0, encoder.encodeInto(text, brief).written);
}

/**
 * A JSON value as UTF-8, padded by ISO 7816-4 to 64, 256, 1,024 … bytes.
 * @throws RangeError when it is too large for any batch, TypeError when it is no JSON value.
 */
export function padJson(value: unknown): Uint8Array {
  const text = JSON.stringify(value);
  if (text === undefined) throw new TypeError("not a JSON value");
  const data = encoder.encode(text);
  const padded = new Uint8Array(paddedLength(data.length));
  padded.set(data);
  padded[data.length] = 0x80;
  data.fill(0);
  return padded;
}

/** The JSON value of padded bytes. @throws an Error when padding, UTF-8 or JSON is broken. */
export function unpadJson(padded: Uint8Array): unknown {
  let end = padded.length - 1;
  while (end >= 0 && padded[end] === 0) end--;
  if (end < 0 || padded[end] !== 0x80 || paddedLength(end) !== padded.length) {
    throw new RangeError("padding");
  }
  return JSON.parse(decoder.decode(padded.subarray(0, end)));
}

/** @throws KeyProblem `malformed` unless JSON gave an object. */
export function checkObject(value: unknown): void {
  if (typeof value !== "object" || value === null) throw new KeyProblem("malformed");
}

const SHAPES = {
  id: /^[0-9a-f]{32}$/,
  keyId: /^[0-9a-f]{48}$/,
  instant: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
};

/** @throws KeyProblem `malformed` unless the value is an id, a key id or an instant. */
export function checkShape(value: unknown, shape: keyof typeof SHAPES): string {
  if (typeof value !== "string" || !SHAPES[shape].test(value)) throw new KeyProblem("malformed");
  return value;
}

/** Read the last two or three digits, if there are any; what they leave over must be zero. */
function lastDigits(text: string, from: number, data: Uint8Array): boolean {
  const left = text.length - from;
  if (left === 0) return true;
  const [a, b] = [worth(text, from), worth(text, from + 1)];
  const c = left === 3 ? worth(text, from + 2) : 0;
  const o = (from / 4) * 3;
  data[o] = (a << 2) | (b >> 4);
  if (left === 3) data[o + 1] = (b << 4) | (c >> 2);
  return (a | b | c) <= 63 && (left === 3 ? (c & 3) === 0 : (b & 15) === 0);
}

function worth(text: string, index: number): number {
  return at(BASE64_WORTH, text.charCodeAt(index));
}

function worths(digits: string): Uint8Array {
  const table = new Uint8Array(65_536).fill(BAD);
  for (let i = 0; i < digits.length; i++) table[digits.charCodeAt(i)] = i;
  return table;
}

/** Within bounds by the caller's arithmetic. */
function at(data: Uint8Array | Uint16Array, index: number): number {
  return data[index] as number;
}
