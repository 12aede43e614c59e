import { RecoError } from "../util/errors.ts";
import type { SourceEnvironment } from "./define-source.ts";
import { GuardedSource } from "./guarded-source.ts";
import type { SourceSpec } from "./recommender.gen.ts";
import type { PipelineRegistry } from "./registry.ts";
import type { Source } from "./source.ts";

/**
 * Creates the source for a checked spec. Feed it events with `source.observe`. Create each source once and share it between recommenders,
 * so they share what it learned and whether it is paused.
 *
 * @throws RecoError `bad-config` if the kind doesn't exist or isn't loaded, or its `create` throws
 */
export function makeSource(spec: SourceSpec, registry: PipelineRegistry, environment: SourceEnvironment): GuardedSource {
  if (spec.kind === "custom") return new GuardedSource(spec.source, spec.deadline);
  const { kind, deadline, ...options } = spec;
  const { create } = registry.sources.get(kind);
  return new GuardedSource(
    created(kind, () => create({ ...options, name: registry.nameOf(spec) } as never, environment)),
    deadline,
  );
}

function created(kind: string, create: () => Source): Source {
  try {
    return create();
  } catch (cause) {
    if (cause instanceof RecoError) throw cause;
    throw new RecoError("bad-config", `Could not create the source "${kind}": ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
}
