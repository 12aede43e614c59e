import { mask } from "../expression/evaluate.ts";
import type { AnswerTrace } from "./answer.ts";
import type { Answering } from "./answering.ts";

/** How a list was made. Items are catalog indices. */
export interface PipelineTrace {
  /** Newest first. */
  readonly history: readonly { readonly item: number; readonly weight: number }[];
  /** Items left after each step, starting with the whole catalog. */
  readonly steps: readonly { readonly step: string; readonly left: number }[];
  readonly sources: readonly { readonly source: string; readonly candidates: number; readonly milliseconds: number }[];
  readonly scorer: AnswerTrace["scorer"];
  /** The version of each model used. */
  readonly models: Readonly<Record<string, string>>;
  readonly milliseconds: number;
}

export function traceOf(answering: Answering): PipelineTrace {
  const { request, outcomes, learned, started } = answering;
  const models: Record<string, string> = {};
  for (const { source } of outcomes) if (source.source.version) models[source.name] = source.source.version;
  return {
    history: Array.from(request.history.items, (item, i) => ({ item, weight: request.history.weights[i] })),
    steps: stepsOf(answering),
    sources: outcomes.map(({ source, candidates, milliseconds }) => ({
      source: source.name,
      candidates: candidates?.items.length ?? 0,
      milliseconds,
    })),
    scorer: { kind: learned?.scorer === undefined ? "blend" : "learned", ...(learned && { note: learned.reason }) },
    models,
    milliseconds: performance.now() - started,
  };
}

/** Repeats the filter steps and counts what is left. */
function stepsOf({ parts, request, anchors }: Answering): { step: string; left: number }[] {
  const { catalog, available, includeSeen } = parts;
  const left = available(request.scope.now).slice();
  const steps = [{ step: "catalog", left: catalog.size }];
  const count = (step: string) => steps.push({ step, left: countAllowed(left) });
  const crossOut = (items: Uint32Array) => {
    for (const item of items) if (item < left.length) left[item] = 0;
  };
  count("available");
  for (const filter of [...parts.filters, ...request.filters]) {
    mask(filter, catalog.columns, left.length, request.scope, left, { and: true });
    count(`filter ${filter.source}`);
  }
  if (request.candidates !== undefined) {
    const wanted = new Set(request.candidates);
    for (let item = 0; item < left.length; item++) if (!wanted.has(item)) left[item] = 0;
    count("candidates in the request");
  }
  if (!includeSeen) {
    crossOut(request.seen);
    count("not seen");
  }
  crossOut(request.exclude);
  crossOut(anchors);
  count("not excluded");
  return steps;
}

function countAllowed(allowed: Uint8Array): number {
  let count = 0;
  for (let item = 0; item < allowed.length; item++) count += allowed[item];
  return count;
}
