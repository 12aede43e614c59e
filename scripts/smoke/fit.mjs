// @ts-check
// What the smoke tests run in every runtime, including browsers: fit every model on the simulated cinema and compute checksums of the results.
import { createBackend } from "recobase";
import { registry } from "recobase/models";
import { simulateCinema } from "recobase/simulate";

/**
 * @typedef {object} Fitted
 * @property {string} model
 * @property {string} checksum of the learned state and of the lists made from it, bit for bit
 * @property {string[]} list what it recommends to the first person
 * @property {number} milliseconds
 *
 * @typedef {object} Smoke
 * @property {string} backend the fastest one of this runtime
 * @property {number} threads
 * @property {string} deterministic the backend that fitted the models
 * @property {string} cinema checksum of the simulated data
 * @property {string} checksum of everything
 * @property {Fitted[]} models
 */

/** @returns {Promise<Smoke>} */
export async function smoke() {
  const { data } = simulateCinema({ people: 300, films: 150, days: 365, seed: 1 });
  const { user, item, weight, time } = data.interactions;
  const fastest = createBackend();
  const { name, threads } = fastest;
  fastest.close();
  const backend = createBackend({ deterministic: true });
  /** @type {Fitted[]} */
  const models = [];
  for (const [model, factory] of Object.entries(registry)) {
    const started = performance.now();
    const fitted = await factory().fit(data, { backend });
    const lists = fitted.recommendBatch(data.users.ids.map((id) => ({ user: id })));
    const milliseconds = performance.now() - started;
    const scores = Float64Array.from(lists.flatMap((list) => list.map((entry) => entry.score)));
    const items = Uint32Array.from(lists.flatMap((list) => list.map((entry) => data.items.indexOf(entry.item))));
    const state = Object.keys(fitted.state)
      .sort()
      .map((key) => fitted.state[key]);
    models.push({ model, checksum: checksum([...state, scores, items]), list: lists[0].map((entry) => String(entry.item)), milliseconds });
  }
  backend.close();
  const cinema = checksum([user, item, weight ?? 1, time ?? 1]);
  const all = checksum([cinema, ...models.map((fitted) => fitted.checksum)]);
  return { backend: name, threads, deterministic: backend.name, cinema, models, checksum: all };
}

/**
 * FNV-1a (Fowler, Noll and Vo 1991) over numbers, texts and the bytes of arrays. Not crypto.subtle, which insecure pages lack.
 *
 * @param {readonly (number | string | boolean | ArrayBufferView)[]} values
 */
function checksum(values) {
  let hash = 0x811c9dc5;
  for (const value of values) {
    const bytes = ArrayBuffer.isView(value)
      ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
      : new TextEncoder().encode(String(value));
    for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}
