import type { SourceEnvironment } from "./define-source.ts";
import { GuardedSource } from "./guarded-source.ts";
import type { SourceSpec } from "./recommender.gen.ts";
import type { PipelineRegistry } from "./registry.ts";

/**
 * Makes the source that a checked spec asks for. It has still to be told of events (`source.observe`). Make each once, however many
 * recommenders ask for it, so that they share what it has learned and whether it rests.
 *
 * @throws RecoError `bad-config` for a kind that does not exist or is not loaded
 */
export function makeSource(spec: SourceSpec, registry: PipelineRegistry, environment: SourceEnvironment): GuardedSource {
  if (spec.kind === "custom") return new GuardedSource(spec.source, spec.deadline);
  const { kind, deadline, ...options } = spec;
  const { create } = registry.sources.get(kind);
  return new GuardedSource(create({ ...options, name: registry.nameOf(spec) } as never, environment), deadline);
}
