import { createServer } from "node:net";
import { expect, test } from "vitest";
import type { ModelRecord } from "../../engine/engine.ts";
import type { Job } from "../../engine/jobs/job.ts";
import { inkFor } from "../screen.ts";
import { freePort } from "./open-server.ts";
import { clickRate, lift, type Status, statusBlock, statusLog } from "./status.ts";
import { Pace } from "./status-view.ts";

const model: ModelRecord = {
  id: "m1",
  slot: "main",
  model: "ease",
  options: {},
  state: "in-service",
  created: 0,
  events: 26_218,
  bytes: 1,
  fitSeconds: 1,
  metrics: { "ndcg@10": 0.2134 },
  metricsBefore: undefined,
  reason: "",
};
const job: Job = {
  id: "j1",
  kind: "train",
  state: "running",
  trigger: "first",
  created: 0,
  started: 0,
  finished: undefined,
  progress: 0.42,
  task: "fitting als",
  error: undefined,
  result: undefined,
};
const status: Status = {
  seconds: 65.4,
  visits: 1234,
  visitsPerSecond: 9.8,
  events: 4321,
  eventsPerSecond: 34.6,
  service: { shown: 10_000, clicked: 840 },
  popular: { shown: 10_000, clicked: 500 },
  newItems: { arrived: 6, shown: 4 },
  models: [{ ...model, state: "kept", model: "als" }, model],
  jobs: [job],
  failures: 0,
  lastFailure: undefined,
};

test("a click rate comes with half of its 95% interval", () => {
  // 1.96 * sqrt(0.084 * 0.916 / 10,000) = 0.0054
  expect(clickRate({ shown: 10_000, clicked: 840 })).toBe("8.4% ±0.5");
  expect(clickRate({ shown: 0, clicked: 0 })).toBe("–");
});

test("a lift needs enough clicks for both rates", () => {
  expect(lift({ shown: 1000, clicked: 80 }, { shown: 2000, clicked: 100 })).toBe("+60%");
  expect(lift({ shown: 1000, clicked: 60 }, { shown: 1000, clicked: 80 })).toBe("–25%");
  expect(lift({ shown: 1000, clicked: 49 }, { shown: 1000, clicked: 80 })).toBeUndefined();
});

test("a log line has everything", () => {
  const line = statusLog(status);
  expect(line).not.toContain("\n");
  expect(line).toBe(
    "01:05 1,234 visits · 4,321 events (35/s) · click rate: recommended 8.4% ±0.5, popular 5.0% ±0.4 (+68%) · new items: 6 (4 recommended) · model: ease (26,218 events, ndcg@10 0.213) · job: train 42% fitting als",
  );
  expect(statusLog({ ...status, models: [], jobs: [{ ...job, state: "failed", error: "no room" }] })).toContain(
    "model: none yet, showing popular items · job: train failed: no room",
  );
  expect(statusLog({ ...status, failures: 2, lastFailure: "refused" })).toContain("failed visits: 2 (refused)");
});

test("a block fits the terminal, however long the names are", () => {
  const long = { ...status, models: [{ ...model, model: "x".repeat(200) }], jobs: [{ ...job, task: "y".repeat(200) }] };
  for (const line of statusBlock(long, inkFor({ write() {} }), 80).split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  const block = statusBlock(status, inkFor({ write() {} }), 100);
  for (const part of [
    "1,234",
    "10 per second",
    "8.4% ±0.5",
    "+68% compared with popular",
    "ease (26,218 events",
    "42% fitting als",
    "4 of them recommended",
  ])
    expect(block).toContain(part);
});

test("a rate covers the last ten seconds", () => {
  const pace = new Pace();
  expect(pace.at(0, 0)).toBe(0);
  expect(pace.at(2000, 10)).toBe(5);
  for (let second = 3; second <= 20; second++) pace.at(1000 * second, 10);
  expect(pace.at(21_000, 120)).toBeCloseTo(11, 5);
});

test("skips ports in use", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as { port: number };
  expect(await freePort(port, "127.0.0.1")).toBeGreaterThan(port);
  await new Promise((resolve) => other.close(resolve));
  expect(await freePort(port, "127.0.0.1")).toBe(port);
});
