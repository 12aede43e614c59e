import { allChecks } from "../util/all-checks.ts";
import { RecoError } from "../util/errors.ts";
import { explainMisfit, inCode } from "../util/explain-misfit.ts";
import { didYouMean } from "../util/nearest-names.ts";
import { sourcesOf } from "./ready-made.ts";
import type { RecommenderSpec, SourceSpec } from "./recommender.gen.ts";
import { checkReferences, type ReferenceContext } from "./references.ts";
import type { PipelineRegistry } from "./registry.ts";

/** What a spec is checked against. */
export interface SpecContext extends ReferenceContext {
  readonly registry: PipelineRegistry;
  /** Whether sources may be code: allowed in configurations, not over HTTP. */
  readonly custom: boolean;
}

/**
 * Checks a recommender from JSON or a configuration: first its schema, then what a schema can't express (properties, expressions, models,
 * source names).
 *
 * @param path its path in error messages: `recommenders.for-you`
 * @throws RecoError `bad-config` or `bad-expression`, with every problem and its path
 */
export function checkSpec(spec: unknown, path: string, context: SpecContext): asserts spec is RecommenderSpec {
  const { registry, custom } = context;
  const misfits = explainMisfit(registry.configSchema, spec);
  if (misfits.length > 0)
    throw new RecoError("bad-config", misfits.map((misfit) => `${path}${inCode(misfit.path)} ${misfit.message}`).join(" "));
  const { sources = [], fallbacks = [], scorer } = spec as RecommenderSpec;
  for (const [field, list] of Object.entries({ sources, fallbacks }))
    for (const [i, { kind }] of list.entries())
      if (kind === "custom" && !custom)
        fail(`${path}.${field}[${i}]`, 'is of kind "custom", which is code. Define it in a configuration instead.');
  const theirs = sourcesOf(spec as RecommenderSpec);
  const names = theirs.map((source) => registry.nameOf(source));
  allChecks([
    () => checkReferences(registry.configSchema, spec, path, context),
    () => checkNames(theirs, `${path}.sources`, registry),
    () => checkNames(fallbacks, `${path}.fallbacks`, registry),
    ...Object.keys(scorer?.weights ?? {}).map((name) => () => {
      if (!names.includes(name)) fail(`${path}.scorer.weights`, `names "${name}", but no source has that name.${didYouMean(name, names)}`);
    }),
  ]);
}

function fail(path: string, message: string): never {
  throw new RecoError("bad-config", `${path} ${message}`);
}

/** Answers and weights refer to sources by name, so names must be unique. */
function checkNames(sources: readonly SourceSpec[], path: string, registry: PipelineRegistry): void {
  const names = sources.map((source) => registry.nameOf(source));
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) fail(path, `has two sources called "${twice}". Set a different "name" on one of them.`);
}
