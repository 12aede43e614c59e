import { type IntervalHistogram, monitorEventLoopDelay } from "node:perf_hooks";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { Engine } from "../engine/engine.ts";
import type { Answer } from "../pipeline/answer.ts";

/**
 * Prometheus metrics. Counting costs a few microseconds per request. Values that the engine already has are read at scrape time.
 */
export class ServerMetrics {
  private readonly registry = new Registry();
  private readonly loop: IntervalHistogram = monitorEventLoopDelay({ resolution: 10 });
  private readonly requests: Histogram;
  private readonly answers: Counter;
  private readonly skipped: Counter;
  private readonly accepted: Counter;

  constructor(engine: Engine) {
    const registers = [this.registry];
    this.requests = new Histogram({
      name: "recobase_http_request_seconds",
      help: "Time from a request's first byte to the end of its response, by route and status.",
      labelNames: ["method", "route", "status"],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
      registers,
    });
    this.answers = new Counter({
      name: "recobase_answers_total",
      help: "Lists of recommendations returned.",
      labelNames: ["project", "recommender"],
      registers,
    });
    this.skipped = new Counter({
      name: "recobase_skipped_sources_total",
      help: "Sources skipped in an answer, by reason.",
      labelNames: ["project", "source", "reason"],
      registers,
    });
    this.accepted = new Counter({
      name: "recobase_events_total",
      help: "Events received, by outcome (accepted, duplicate, refused).",
      labelNames: ["project", "outcome"],
      registers,
    });
    registerGauges(engine, registers);
    this.registerProcess(registers);
    this.loop.enable();
  }

  requested(method: string, route: string, status: number, seconds: number): void {
    this.requests.observe({ method, route, status }, seconds);
  }

  answered(project: string, { recommender, skipped }: Answer): void {
    this.answers.inc({ project, recommender });
    for (const { source, reason } of skipped) if (reason !== "empty") this.skipped.inc({ project, source, reason });
  }

  ingested(project: string, accepted: number, duplicates: number, refused: number): void {
    this.accepted.inc({ project, outcome: "accepted" }, accepted);
    if (duplicates > 0) this.accepted.inc({ project, outcome: "duplicate" }, duplicates);
    if (refused > 0) this.accepted.inc({ project, outcome: "refused" }, refused);
  }

  /** All metrics in Prometheus text format. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  readonly contentType = Registry.PROMETHEUS_CONTENT_TYPE;

  close(): void {
    this.loop.disable();
  }

  private registerProcess(registers: Registry[]): void {
    const { loop } = this;
    new Gauge({
      name: "recobase_event_loop_lag_seconds",
      help: "Event-loop delay since the last scrape, by quantile.",
      labelNames: ["quantile"],
      registers,
      collect() {
        // The histogram measures the time between ticks that should be 10 ms apart.
        for (const quantile of [50, 99]) this.set({ quantile: quantile / 100 }, Math.max(0, loop.percentile(quantile) / 1e9 - 0.01));
        loop.reset();
      },
    });
    new Gauge({
      name: "process_resident_memory_bytes",
      help: "Resident memory of the process.",
      registers,
      collect() {
        this.set(process.memoryUsage.rss());
      },
    });
    new Gauge({
      name: "process_cpu_seconds_total",
      help: "CPU time of the process, all threads.",
      registers,
      collect() {
        const { user, system } = process.cpuUsage();
        this.set((user + system) / 1e6);
      },
    });
  }
}

/** Gauges that read from the engine at scrape time. */
function registerGauges(engine: Engine, registers: Registry[]): void {
  const projects = () => engine.store.projects().map((name) => ({ name, project: engine.project(name) }));
  new Gauge({
    name: "recobase_store_bytes",
    help: "Size of the store on disk.",
    registers,
    async collect() {
      this.set(await engine.store.bytes());
    },
  });
  new Gauge({
    name: "recobase_stored",
    help: "Stored events, users and items.",
    labelNames: ["project", "kind"],
    registers,
    collect() {
      this.reset();
      for (const { name, project } of projects()) {
        const { events, users, items } = project.stats();
        this.set({ project: name, kind: "events" }, events);
        this.set({ project: name, kind: "users" }, users);
        this.set({ project: name, kind: "items" }, items);
      }
    },
  });
  new Counter({
    name: "recobase_unknown_item_events_total",
    help: "Events of pages about items that the project doesn't know, which are refused.",
    labelNames: ["project"],
    registers,
    collect() {
      this.reset();
      for (const { name, project } of projects()) this.inc({ project: name }, project.health().unknownItems.events);
    },
  });
  new Gauge({
    name: "recobase_model_age_seconds",
    help: "Age of each live model.",
    labelNames: ["project", "slot", "model"],
    registers,
    collect() {
      this.reset();
      for (const { name, project } of projects())
        for (const { slot, model, state, created } of project.models())
          if (state === "in-service") this.set({ project: name, slot, model }, (Date.now() - created) / 1000);
    },
  });
  new Gauge({
    name: "recobase_jobs",
    help: "Recorded jobs, by kind and state.",
    labelNames: ["project", "kind", "state"],
    registers,
    collect() {
      this.reset();
      for (const { name, project } of projects()) for (const { kind, state } of project.jobs()) this.inc({ project: name, kind, state });
    },
  });
}
