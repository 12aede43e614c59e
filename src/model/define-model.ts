import type { Dataset } from "../data/dataset.ts";
import { RecoError } from "../util/errors.ts";
import { didYouMean } from "../util/nearest-names.ts";
import type { AnyModelDefinition, ModelDefinition, State } from "./definition.ts";
import { type FitOptions, inContext } from "./fit-context.ts";
import { historiesOf } from "./known-histories.ts";
import { Model } from "./model.ts";
import { dataParts } from "./model-parts.ts";
import { checkNeeds, needNames } from "./needs.ts";
import { type OptionSpecs, type OptionValues, resolveOptions } from "./options.ts";

/** A model with its options, not yet fitted: what `als({ factors: 64 })` returns. */
export interface ModelSpec {
  readonly name: string;
  readonly family: string;
  readonly options: Readonly<Record<string, unknown>>;
  /**
   * Fits the model.
   *
   * @throws RecoError `empty-data` if there are no interactions, `bad-input` if the data lacks what the model needs, `aborted` if the signal fires
   */
  fit(data: Dataset, options?: FitOptions): Promise<Model>;
}

/** A registered model. Call it with options to get a {@link ModelSpec}; omitted options take their defaults. */
export interface ModelFactory<O extends OptionSpecs = OptionSpecs> {
  (options?: Partial<OptionValues<O>>): ModelSpec;
  readonly definition: AnyModelDefinition;
}

/**
 * Makes a model from its definition. In this repository, an exported `defineModel` in a file of `src/models/<family>/` is registered
 * automatically.
 *
 * @example
 * ```ts
 * import { Dataset, defineModel, float } from "recobase";
 *
 * const loudest = defineModel({
 *   name: "loudest",
 *   family: "example",
 *   options: { power: float(1, { min: 0, max: 4 }) },
 *   fit(data, { power }) {
 *     const scores = new Float32Array(data.items.size);
 *     data.interactions.item.forEach((item) => scores[item]++);
 *     return { scores: scores.map((count) => count ** power) };
 *   },
 *   score({ scores }, histories, out) {
 *     for (let row = 0; row < histories.rows; row++) out.set(scores, row * scores.length);
 *   },
 * });
 *
 * const data = Dataset.fromRows([{ user: 1, item: "a" }, { user: 2, item: "a" }, { user: 2, item: "b" }]);
 * const model = await loudest({ power: 2 }).fit(data);
 * model.recommend({ history: ["b"] }); // [{ item: "a", score: 4 }]
 * ```
 */
export function defineModel<const O extends OptionSpecs, S extends State>(definition: ModelDefinition<O, S>): ModelFactory<O> {
  checkDefinition(definition);

  const make = (given: Partial<OptionValues<O>> = {}): ModelSpec => {
    const options = resolveOptions(definition.name, definition.options, given as Record<string, unknown>);
    return {
      name: definition.name,
      family: definition.family,
      options,
      async fit(data, fitOptions = {}) {
        if (data.size === 0) throw new RecoError("empty-data", `Cannot fit ${definition.name}: the dataset has no interactions.`);
        checkNeeds(definition, data);
        const histories = historiesOf(data, definition);
        const state = await inContext(definition.name, histories, fitOptions, (context) => definition.fit(data, options, context));
        return new Model({
          ...{ definition, options, state, histories, backend: fitOptions.backend },
          ...dataParts(data, definition.needs),
          provenance: [...data.provenance, { step: "fit", model: definition.name, options, seed: fitOptions.seed ?? 1 }],
        });
      },
    };
  };
  return Object.assign(make, { definition });
}

/** @throws RecoError `bad-input` unless the definition offers exactly one way to score, and its needs are consistent */
function checkDefinition(definition: AnyModelDefinition): void {
  const { name, itemToItem, embed, itemFactors, score, scoreSome, scorePairs, extend, needs } = definition;
  const ways = [itemToItem, embed, score, scoreSome, scorePairs].filter((way) => way !== undefined).length;
  if (ways !== 1 || (embed === undefined) !== (itemFactors === undefined))
    throw new RecoError(
      "bad-input",
      `The model ${name} must offer exactly one of itemToItem, embed with itemFactors, score, scoreSome, or scorePairs.`,
    );
  const unknown = needs?.find((need) => !needNames.includes(need));
  if (unknown !== undefined)
    throw new RecoError("bad-input", `The model ${name} needs "${unknown}", which doesn't exist.${didYouMean(unknown, needNames)}`);
  if (needs?.includes("sessions") && needs.includes("baskets"))
    throw new RecoError("bad-input", `The model ${name} declares both sessions and baskets in needs. Choose one.`);
  if (extend !== undefined && !needs?.includes("itemFeatures"))
    throw new RecoError("bad-input", `The model ${name} has extend, which uses item features. Add itemFeatures to needs.`);
}
