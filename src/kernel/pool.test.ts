import { afterAll, expect, test } from "vitest";
import { createBackend, read, write } from "./backend.ts";
import { gemm } from "./gemm.ts";

const backends = [1, 2, 4].map((threads) => createBackend({ threads, deterministic: true }));
afterAll(() => {
  for (const backend of backends) backend.close();
});

test("thousands of small consecutive jobs do every part exactly once", () => {
  // Workers that wake late find jobs that are over; the protocol must hold then too.
  const [, , backend] = backends;
  const a = Float32Array.from({ length: 12 }, (_, i) => i + 1);
  const b = Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
  const out = new Float32Array(12);
  for (let round = 0; round < 3000; round++) {
    a[0] = round;
    out.fill(-1);
    gemm(backend, { a, b, out, m: 4, n: 3, k: 3 });
    expect(out).toEqual(a);
  }
});

test("arrays in an arena are used in place, others are copied in and out", () => {
  const [backend] = backends;
  const arena = backend.arena();
  const inside = arena.float32(5);
  expect(backend.owns(inside)).toBe(true);
  expect(backend.owns(new Float32Array(5))).toBe(false);
  const kept = backend.resident(Float32Array.of(1, 2));
  expect(backend.owns(kept)).toBe(true);
  expect([...kept]).toEqual([1, 2]);
  arena.release();
});

test("an array becomes resident only once", () => {
  const [backend] = backends;
  const array = Float32Array.of(3, 4);
  expect(backend.resident(array)).toBe(backend.resident(array));
});

test("views stay valid when the memory grows", () => {
  const [, backend] = backends;
  const arena = backend.arena();
  const early = arena.float32(4);
  early.set([1, 2, 3, 4]);
  arena.float32(40_000_000);
  expect(backend.owns(early)).toBe(true);
  const out = new Float32Array(4);
  gemm(backend, { a: early, b: Float32Array.of(1, 0, 0, 1), out, m: 2, n: 2, k: 2 });
  expect([...out]).toEqual([1, 2, 3, 4]);
  arena.release();
});

test("freed memory is reused, zeroed", () => {
  const [backend] = backends;
  const first = backend.arena();
  const array = first.float32(1000);
  array.fill(7);
  const { byteOffset } = array;
  first.release();
  const second = backend.arena();
  const again = second.float32(1000);
  expect(again.byteOffset).toBe(byteOffset);
  expect(again.every((value) => value === 0)).toBe(true);
  second.release();
});

test("more than 4 GiB is rejected with advice, and the backend keeps working", () => {
  const backend = createBackend({ threads: 1 });
  const arena = backend.arena();
  expect(() => arena.float64(600_000_000)).toThrow("the limit is 4096 MiB");
  expect(arena.float32(10).length).toBe(10);
  backend.close();
});

test("an unknown kernel is an error", () => {
  expect(() => backends[0].run?.("nothing", { range: 1, grain: 1 }, [read(new Float32Array(1)), write(new Float32Array(1))])).toThrow(
    'Unknown kernel: "nothing"',
  );
});
