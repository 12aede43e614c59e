import { connect } from "node:net";
import { setTimeout } from "node:timers/promises";
import Fastify from "fastify";
import { expect, test } from "vitest";
import { limitBodyTime } from "./body-time.ts";

const app = Fastify();
limitBodyTime(app as never, 100);
app.post("/slow", async () => "done");
app.post("/streamed", { config: { streamed: true } }, async () => "done");

/** Sends a body of ten bytes, one every 30 milliseconds. @returns what came back before the connection ended */
async function drip(port: number, path: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  const chunks: Buffer[] = [];
  const ended = new Promise((resolve) => socket.on("data", (chunk) => chunks.push(chunk)).on("close", resolve));
  socket.on("error", () => {});
  socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 10\r\nConnection: close\r\n\r\n`);
  for (let i = 0; i < 10 && !socket.destroyed; i++) {
    await setTimeout(30);
    socket.write("x");
  }
  await ended;
  return Buffer.concat(chunks).toString();
}

test("a body that comes too slowly ends with its connection, and a stream may take its time", async () => {
  await app.listen({ port: 0, host: "127.0.0.1" });
  const { port } = app.server.address() as { port: number };
  const [slow, streamed] = await Promise.all([drip(port, "/slow"), drip(port, "/streamed")]);
  expect(slow).toBe("");
  expect(streamed).toMatch(/^HTTP\/1.1 200 /);
  await app.close();
});
