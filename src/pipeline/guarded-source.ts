import type { ItemList } from "../data/item-list.ts";
import type { SkippedSource } from "./answer.ts";
import { Breaker } from "./breaker.ts";
import { clean } from "./clean.ts";
import type { ItemMarks } from "./item-marks.ts";
import type { Source, SourceRequest } from "./source.ts";

/** The result of calling a source. Both are set if some of its candidates were invalid. */
export interface Outcome {
  readonly source: GuardedSource;
  readonly candidates: ItemList | undefined;
  readonly skipped: SkippedSource | undefined;
  readonly milliseconds: number;
}

export type Asked = Omit<SourceRequest, "signal">;

/** Default deadline of a source, in milliseconds. */
export const DEFAULT_DEADLINE = 50;

/**
 * Wraps a source so it can't break an answer: enforces its deadline, pauses it after failures, and validates its candidates. All pipelines
 * that use the source share one wrapper.
 */
export class GuardedSource {
  readonly source: Source;
  /** Milliseconds. */
  readonly deadline: number;
  private readonly breaker = new Breaker();

  constructor(source: Source, deadline = DEFAULT_DEADLINE) {
    this.source = source;
    this.deadline = deadline;
  }

  get name(): string {
    return this.source.name;
  }

  /** Never throws or rejects. Returns a promise only if the source did. */
  ask(request: Asked, marks: ItemMarks): Outcome | Promise<Outcome> {
    const { source, breaker } = this;
    const start = performance.now();
    try {
      if (source.ready?.() === false) return this.skip("not-ready", "It has no data to answer from yet.", start);
      if (!breaker.lets(start)) return this.skip("resting", breaker.message(start), start);
      const call = new Call(request);
      const given = source.candidates(call);
      return isPromise(given) ? this.wait(given, call, start, marks) : this.take(given, request, start, marks);
    } catch (error) {
      return this.failed(error, start);
    }
  }

  /** Writes the source's scores of `items`; returns false if it can't score. Never throws. */
  score(request: Asked, items: Uint32Array, out: Float32Array): boolean {
    if (this.source.score === undefined) return false;
    try {
      this.source.score(new Call(request), items, out);
      return true;
    } catch {
      return false;
    }
  }

  /** The history items that speak for an item; empty if the source can't tell. Never throws. */
  explain(request: Asked, item: number): readonly { readonly item: number; readonly weight: number }[] {
    try {
      return this.source.explain?.(new Call(request), item) ?? [];
    } catch {
      return [];
    }
  }

  private wait(given: PromiseLike<ItemList>, call: Call, start: number, marks: ItemMarks): Promise<Outcome> {
    return new Promise((resolve) => {
      let open = true;
      const timer = setTimeout(() => {
        open = false;
        const message = `No answer within ${this.deadline} ms.`;
        this.breaker.failed(performance.now(), message);
        call.abort();
        resolve(this.skip("timed-out", message, start));
      }, this.deadline);
      const settle = (outcome: () => Outcome) => {
        // Ignore anything after the deadline, failures included.
        if (!open) return;
        open = false;
        clearTimeout(timer);
        resolve(outcome());
      };
      given.then(
        (candidates) => settle(() => this.take(candidates, call, start, marks)),
        (error) => settle(() => this.failed(error, start)),
      );
    });
  }

  private take(given: unknown, request: Asked, start: number, marks: ItemMarks): Outcome {
    const end = performance.now();
    let cleaned: ReturnType<typeof clean>;
    try {
      cleaned = clean(given, request.k, request.allowed, marks);
    } catch (error) {
      return this.failed(error, start);
    }
    const { candidates, problem } = cleaned;
    if (end - start > this.deadline) this.breaker.failed(end, `It took ${Math.round(end - start)} ms; ${this.deadline} ms are allowed.`);
    else if (problem !== undefined && candidates.items.length === 0) this.breaker.failed(end, problem);
    else this.breaker.succeeded();
    const skipped: SkippedSource | undefined =
      problem !== undefined
        ? { source: this.name, reason: "failed", message: problem }
        : candidates.items.length === 0
          ? { source: this.name, reason: "empty", message: this.whyNone(request) }
          : undefined;
    return { source: this, candidates, skipped, milliseconds: end - start };
  }

  private whyNone(request: Asked): string {
    if (!request.allowed.includes(1)) return "No item is left: all are unavailable, filtered, seen or excluded, or in the list already.";
    try {
      return this.source.whyNone?.(new Call(request)) ?? "It found no item for this request.";
    } catch {
      return "It found no item for this request.";
    }
  }

  private failed(error: unknown, start: number): Outcome {
    const message = error instanceof Error ? error.message : String(error);
    this.breaker.failed(performance.now(), message);
    return this.skip("failed", message, start);
  }

  private skip(reason: SkippedSource["reason"], message: string, start: number): Outcome {
    return {
      source: this,
      candidates: undefined,
      skipped: { source: this.name, reason, message },
      milliseconds: reason === "not-ready" || reason === "resting" ? 0 : performance.now() - start,
    };
  }
}

/** The request as the source sees it. The signal is created on first use, since sources that only compute don't need one. */
class Call implements SourceRequest {
  readonly history: SourceRequest["history"];
  readonly recent: SourceRequest["recent"];
  readonly older: SourceRequest["older"];
  readonly anchors: Uint32Array;
  readonly allowed: Uint8Array;
  readonly only: Uint32Array | undefined;
  readonly k: number;
  readonly now: number;
  readonly indexOf: SourceRequest["indexOf"];
  readonly user: string | undefined;
  readonly context: SourceRequest["context"];
  readonly random: SourceRequest["random"];
  private controller: AbortController | undefined;
  private over = false;

  constructor(request: Asked) {
    this.history = request.history;
    this.recent = request.recent;
    this.older = request.older;
    this.anchors = request.anchors;
    this.allowed = request.allowed;
    this.only = request.only;
    this.k = request.k;
    this.now = request.now;
    this.indexOf = request.indexOf;
    this.user = request.user;
    this.context = request.context;
    this.random = request.random;
  }

  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController();
      if (this.over) this.controller.abort();
    }
    return this.controller.signal;
  }

  abort(): void {
    this.over = true;
    this.controller?.abort();
  }
}

function isPromise(given: unknown): given is PromiseLike<ItemList> {
  return typeof given === "object" && given !== null && typeof (given as { then?: unknown }).then === "function";
}
