// @ts-check
// A process that runs one fit and shares nothing with its caller but standard input and output: node fit-process.js. It is sent frames of a
// kind (one byte), a length (four bytes, little endian) and bytes: an order as JSON (o), segments (s), the live model of the first
// slot (c), and the end (e). It answers with frames: outcomes as JSON (j), each followed by the bytes of its model (a).
import { readFile } from "node:fs/promises";
import { createJiti } from "jiti";

const jiti = createJiti(import.meta.url);
/** @type {typeof import("../training/fit-here.ts")} */
const { fitHere } = await jiti.import("../training/fit-here.ts");

/** @type {Buffer[]} */
const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const input = Buffer.concat(chunks);
/** @type {Record<string, Buffer[]>} */
const frames = { o: [], s: [], c: [], e: [] };
for (let at = 0; at < input.length; ) {
  const length = input.readUInt32LE(at + 1);
  frames[String.fromCharCode(input[at])].push(input.subarray(at + 5, at + 5 + length));
  at += 5 + length;
}

/** @param {string} kind @param {Uint8Array} bytes */
function send(kind, bytes) {
  const head = Buffer.alloc(5);
  head.write(kind);
  head.writeUInt32LE(bytes.length, 1);
  process.stdout.write(Buffer.concat([head, bytes]));
}

const outcomes = fitHere({
  order: JSON.parse(String(frames.o[0])),
  features: { items: {}, users: {} },
  segments: (async function* () {
    yield* frames.s;
  })(),
  current: async function* () {
    yield* frames.c;
  },
  signal: new AbortController().signal,
  report: () => {},
});
for await (const { fitted, ...outcome } of outcomes) {
  send("j", Buffer.from(JSON.stringify(outcome)));
  send("a", fitted === undefined ? new Uint8Array(0) : await readFile(String(fitted.artifact)));
}
