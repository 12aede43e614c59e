import type { Schema } from "../../expression/check.ts";
import { checkSpec } from "../../pipeline/check-spec.ts";
import type { RecommenderSpec } from "../../pipeline/recommender.gen.ts";
import type { PipelineRegistry } from "../../pipeline/registry.ts";
import { RecoError } from "../../util/errors.ts";
import { MAIN_SLOT, namedSlots } from "../serving/model-slots.ts";
import type { ModelTable } from "../training/model-table.ts";
import { checkModel } from "./check-model.ts";

export interface RecommenderContext {
  readonly schema: Schema;
  readonly registry: PipelineRegistry;
  /** Whether sources of one's own are allowed. */
  readonly custom: boolean;
  readonly models: ModelTable;
  /** The other recommenders of the project. */
  readonly others: Readonly<Record<string, { readonly spec: RecommenderSpec }>>;
}

/**
 * Checks a recommender, its models with their options, and that no two recommenders mean different models by one name.
 *
 * @param path where it stands, for messages
 * @throws RecoError `bad-config`, `bad-expression`
 */
export function checkRecommender(
  spec: unknown,
  path: string,
  { schema, registry, custom, others, models }: RecommenderContext,
): asserts spec is RecommenderSpec {
  checkSpec(spec, path, { schema, registry, custom, models: Object.keys(models) });
  const theirs = new Map(namedSlots(others).map((slot) => [slot.slot, slot]));
  for (const { slot, model, options } of namedSlots({ own: { spec } })) {
    checkModel(models, model, options ?? {}, path);
    const other = theirs.get(slot);
    if (slot === MAIN_SLOT || (other !== undefined && JSON.stringify([other.model, other.options]) !== JSON.stringify([model, options])))
      throw new RecoError(
        "bad-config",
        `${path} calls a model "${slot}", which is another model elsewhere. Give its source another "name".`,
      );
  }
}

/**
 * Where a recommender of the configuration speaks of a property that is not there now: it may come, or its name may be misspelt.
 *
 * @returns where that is, with the near names; undefined where all are known
 */
export function unknownProperty(spec: RecommenderSpec, path: string, context: RecommenderContext): string | undefined {
  try {
    checkRecommender(spec, path, { ...context, schema: { ...context.schema, open: false } });
    return undefined;
  } catch (error) {
    // It was fine with names that are open, so one of these is what is wrong.
    if (error instanceof RecoError) return error.message;
    throw error;
  }
}
