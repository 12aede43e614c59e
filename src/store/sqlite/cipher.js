// @ts-check
// Plain JavaScript, because the writer thread imports it too.
import { createCipheriv, createHash, randomFillSync } from "node:crypto";

/** Each key encrypts a single value, so the counter can start anywhere. */
const START = new Uint8Array(16);
export const KEY_BYTES = 16;

/** Random bytes drawn in advance: drawing them key by key costs more than the rest of a write. */
const drawn = new Uint8Array(256 * KEY_BYTES);
let used = drawn.length;

/** @returns {Uint8Array} */
export function newKey() {
  if (used === drawn.length) {
    randomFillSync(drawn);
    used = 0;
  }
  used += KEY_BYTES;
  return drawn.slice(used - KEY_BYTES, used);
}

/**
 * Encrypts or decrypts (AES-128 in counter mode) into new memory.
 *
 * @param {Uint8Array} bytes
 * @param {Uint8Array} key
 * @returns {Uint8Array}
 */
export function cipher(bytes, key) {
  const out = createCipheriv("aes-128-ctr", key, START).update(bytes);
  return out.byteLength === out.buffer.byteLength ? new Uint8Array(out.buffer) : new Uint8Array(out);
}

/**
 * The hash that a document is found by: without the secret and a guess, it doesn't reveal the name.
 *
 * @param {Uint8Array} secret
 * @param {string} kind
 * @param {string} key
 * @returns {Uint8Array} 16 bytes
 */
export function nameOf(secret, kind, key) {
  return createHash("sha256").update(secret).update(`${kind}\0${key}`).digest().subarray(0, 16);
}
