// @ts-check
// A separate process that sends requests and measures the answers: node load-generator.mjs '{"url": …}'. Prints one line of JSON.
import autocannon from "autocannon";

/**
 * @typedef {object} Load
 * @property {string} url
 * @property {"GET" | "POST" | "PUT"} method
 * @property {string} path `{user}` and `{item}` are replaced by random ids
 * @property {string} [body] likewise
 * @property {Record<string, string>} headers
 * @property {number} users ids are `u0`, `u1`, …
 * @property {number} items ids are `i0`, `i1`, …
 * @property {number} connections
 * @property {number} seconds
 * @property {number} [rate] requests per second, sent regardless of answers; by default, as fast as answers arrive
 */

/** @type {Load} */
const load = JSON.parse(process.argv[2]);

/** @param {string} text */
function filled(text) {
  return text
    .replaceAll("{user}", `u${Math.floor(Math.random() * load.users)}`)
    .replaceAll("{item}", `i${Math.floor(Math.random() * load.items)}`)
    .replaceAll("{now}", new Date().toISOString());
}

const { path, body } = load;
const result = await autocannon({
  url: load.url,
  connections: load.connections,
  duration: load.seconds,
  ...(load.rate === undefined ? {} : { overallRate: load.rate }),
  headers: load.headers,
  requests: [
    {
      method: load.method,
      setupRequest: (/** @type {autocannon.Request} */ request) => ({
        ...request,
        path: filled(path),
        ...(body === undefined ? {} : { body: filled(body) }),
      }),
    },
  ],
});
const { requests, latency, errors, timeouts, non2xx } = result;
console.log(
  JSON.stringify({
    perSecond: requests.average,
    p50: latency.p50,
    p99: latency.p99,
    most: latency.max,
    failed: errors + timeouts + non2xx,
  }),
);
