import type { Schema } from "../../expression/check.ts";
import { checkSpec } from "../../pipeline/check-spec.ts";
import type { RecommenderSpec } from "../../pipeline/recommender.gen.ts";
import type { PipelineRegistry } from "../../pipeline/registry.ts";
import { allChecks } from "../../util/all-checks.ts";
import { RecoError } from "../../util/errors.ts";
import { MAIN_SLOT, namedSlots } from "../serving/model-slots.ts";
import { checkModel, type ModelTable } from "../training/model-table.ts";

export interface RecommenderContext {
  readonly schema: Schema;
  readonly registry: PipelineRegistry;
  /** Whether custom sources are allowed. */
  readonly custom: boolean;
  readonly models: ModelTable;
  /** The other recommenders of the project. */
  readonly others: Readonly<Record<string, { readonly spec: RecommenderSpec }>>;
}

/**
 * Checks a recommender and its models with their options. Two recommenders can't use one name for different models.
 *
 * @param path where it is in the configuration, for messages
 * @throws RecoError `bad-config`, `bad-expression`, with every problem
 */
export function checkRecommender(
  spec: unknown,
  path: string,
  { schema, registry, custom, others, models }: RecommenderContext,
): asserts spec is RecommenderSpec {
  checkSpec(spec, path, { schema, registry, custom, models: Object.keys(models) });
  const theirs = new Map(namedSlots(others).map((slot) => [slot.slot, slot]));
  allChecks(
    namedSlots({ own: { spec } }).flatMap(({ slot, model, options }) => [
      () => checkModel(models, model, options ?? {}, path),
      () => {
        const other = theirs.get(slot);
        if (
          slot === MAIN_SLOT ||
          (other !== undefined && JSON.stringify([other.model, other.options]) !== JSON.stringify([model, options]))
        )
          throw new RecoError(
            "bad-config",
            `${path} uses the name "${slot}", which already stands for a different model. Give the source another "name".`,
          );
      },
    ]),
  );
}

/**
 * Finds a property in a configured recommender that doesn't exist yet. It may appear later, or its name may be misspelled.
 *
 * @returns where it is, with similar names; undefined if all properties are known
 */
export function unknownProperty(spec: RecommenderSpec, path: string, context: RecommenderContext): string | undefined {
  try {
    checkRecommender(spec, path, { ...context, schema: { ...context.schema, open: false } });
    return undefined;
  } catch (error) {
    // The check passed with unknown names allowed, so an unknown name is the problem.
    if (error instanceof RecoError) return error.message;
    throw error;
  }
}
