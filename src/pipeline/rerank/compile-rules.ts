import type { Schema } from "../../expression/check.ts";
import { compile, type Expression } from "../../expression/compile.ts";
import type { CalibrationSpec, CapSpec, DiversitySpec, ExplorationSpec, RecommenderSpec } from "../recommender.gen.ts";
import { ofRequest } from "../references.ts";
import type { PipelineRegistry } from "../registry.ts";
import { type AnyDiversityDefinition, STRENGTH } from "./diversity/define-diversity.ts";
import type { Explore } from "./exploration/define-exploration.ts";
import type { CompiledPin } from "./pins.ts";
import type { CompiledShare } from "./shares.ts";

/** The rules of a recommender, with their expressions compiled. */
export interface RerankRules {
  /** Each evaluates to a number. */
  readonly boosts: readonly Expression[];
  readonly pins: readonly CompiledPin[];
  readonly caps: readonly CapSpec[];
  readonly shares: readonly CompiledShare[];
  readonly diversity:
    | { readonly spec: DiversitySpec & { readonly strength: number }; readonly definition: AnyDiversityDefinition }
    | undefined;
  readonly calibration: CalibrationSpec | undefined;
  readonly exploration: { readonly words: string; readonly explore: Explore } | undefined;
}

/** The parts of a recommender that re-ranking uses. */
export type RerankSpec = Pick<RecommenderSpec, "boosts" | "pins" | "caps" | "shares" | "diversity" | "calibration" | "exploration">;

/**
 * Compiles the rules of a checked recommender.
 *
 * @throws RecoError `bad-expression`; `bad-config` if a kind isn't loaded
 */
export function compileRules(spec: RerankSpec, schema: Schema, registry: PipelineRegistry): RerankRules {
  const { boosts = [], pins = [], caps = [], shares = [], diversity, calibration, exploration } = spec;
  const onRequest = ofRequest(schema);
  return {
    boosts: boosts.map(({ by }) => compile(by, { ...schema, result: "number" })),
    pins: pins.map(({ item, place, when }) => ({
      item,
      place,
      when: when === undefined ? undefined : compile(when, { ...onRequest, result: "boolean" }),
    })),
    caps,
    shares: shares.map(({ of, min }) => ({ of: compile(of, { ...schema, result: "boolean" }), min })),
    diversity: diversity && { spec: { strength: STRENGTH, ...diversity }, definition: registry.diversities.get(diversity.kind) },
    calibration,
    exploration: exploration && exploring(exploration, registry),
  };
}

function exploring(spec: ExplorationSpec, registry: PipelineRegistry): RerankRules["exploration"] {
  const definition = registry.explorations.get(spec.kind);
  return { words: definition.words, explore: definition.create(spec as never) };
}
