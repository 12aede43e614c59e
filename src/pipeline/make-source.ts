import type { SourceEnvironment } from "./define-source.ts";
import { GuardedSource } from "./guarded-source.ts";
import type { SourceSpec } from "./recommender.gen.ts";
import type { PipelineRegistry } from "./registry.ts";

/**
 * Creates the source for a checked spec. Feed it events with `source.observe`. Create each source once and share it between recommenders,
 * so they share what it learned and whether it is paused.
 *
 * @throws RecoError `bad-config` if the kind doesn't exist or isn't loaded
 */
export function makeSource(spec: SourceSpec, registry: PipelineRegistry, environment: SourceEnvironment): GuardedSource {
  if (spec.kind === "custom") return new GuardedSource(spec.source, spec.deadline);
  const { kind, deadline, ...options } = spec;
  const { create } = registry.sources.get(kind);
  return new GuardedSource(create({ ...options, name: registry.nameOf(spec) } as never, environment), deadline);
}
