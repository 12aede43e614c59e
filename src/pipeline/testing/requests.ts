import type { EventColumns } from "../../data/event-columns.ts";
import { Random } from "../../util/random.ts";
import { noActivity } from "../history.ts";
import type { PipelineRequest } from "../pipeline-parts.ts";
import { readyMade } from "../ready-made.ts";
import { PipelineRegistry } from "../registry.ts";
import type { CatalogView, History, Source, SourceRequest } from "../source.ts";

/** A history of these items, newest first, with weight 1 and unknown times, for tests. */
export function historyOf(...items: number[]): History {
  return {
    items: Uint32Array.from(items),
    weights: new Float32Array(items.length).fill(1),
    times: new Float64Array(items.length).fill(Number.NaN),
  };
}

/** A request about nothing in particular, with what a test cares about put in its place. */
export function pipelineRequest(parts: Partial<PipelineRequest> = {}): PipelineRequest {
  return {
    k: 10,
    history: historyOf(),
    recent: noActivity,
    seen: new Uint32Array(0),
    hidden: new Uint32Array(0),
    anchors: new Uint32Array(0),
    exclude: new Uint32Array(0),
    filters: [],
    boosts: [],
    trace: false,
    why: new Uint32Array(0),
    user: undefined,
    scope: { now: 0 },
    context: {},
    random: new Random(1),
    ...parts,
  };
}

/** What a source is asked: all of `size` items allowed, ten wanted. */
export function sourceRequest(size: number, parts: Partial<SourceRequest> = {}): SourceRequest {
  return {
    history: historyOf(),
    recent: noActivity,
    anchors: new Uint32Array(0),
    allowed: new Uint8Array(size).fill(1),
    k: 10,
    now: 0,
    indexOf: () => -1,
    user: undefined,
    context: {},
    random: new Random(1),
    signal: new AbortController().signal,
    ...parts,
  };
}

/** Events as columns. `type` is 0 and `value` 1 where not given. */
export function eventsOf(
  rows: readonly {
    readonly user?: number;
    readonly item: number;
    readonly time: number;
    readonly type?: number;
    readonly value?: number;
  }[],
): EventColumns {
  return {
    length: rows.length,
    user: Uint32Array.from(rows, ({ user }) => user ?? 0),
    item: Uint32Array.from(rows, ({ item }) => item),
    type: Uint8Array.from(rows, ({ type }) => type ?? 0),
    value: Float64Array.from(rows, ({ value }) => value ?? 1),
    time: Float64Array.from(rows, ({ time }) => time),
  };
}

/** A catalog without properties. */
export function plainCatalog(size: number): CatalogView {
  return { size, version: 1, columns: {}, firstSeen: new Float64Array(size).fill(Number.NaN) };
}

/** A source that gives these items with falling scores, as far as they are allowed. */
export function fixedSource(name: string, items: readonly number[]): Source {
  return {
    name,
    candidates: ({ allowed, k }) => {
      const given = items.filter((item) => allowed[item] === 1).slice(0, k);
      return { items: Uint32Array.from(given), scores: Float32Array.from(given, (_, i) => given.length - i) };
    },
  };
}

/** A registry that has loaded every built-in kind. */
export async function loadedRegistry(): Promise<PipelineRegistry> {
  const registry = new PipelineRegistry();
  for (const spec of Object.values(readyMade)) await registry.load(spec);
  for (const kind of ["mmr", "dpp"] as const) await registry.load({ diversity: { kind, strength: 0 } });
  for (const kind of ["epsilon", "thompson"]) await registry.explorations.load(kind);
  return registry;
}
