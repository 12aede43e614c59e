import { type Backend, createBackend } from "../../kernel/backend.ts";
import type { FittedModel } from "../../model/fitted-model.ts";
import type { OnlineModel } from "../../model/online/online-model.ts";
import { onlineModel } from "../../model/online.ts";
import type { ModelSourceSpec, RecommenderSpec } from "../../pipeline/recommender.gen.ts";
import type { Source } from "../../pipeline/source.ts";
import { ModelSource } from "../../pipeline/sources/model.ts";
import type { NamedSlot } from "../training/trainer.ts";

/** The slot for the model that training chooses. */
export const MAIN_SLOT = "main";

/** Model sources by the slot that feeds them, and the live model of each slot. */
export class ModelSlots {
  // One thread: a request is too short to parallelize.
  readonly #backend: Backend = createBackend({ threads: 1 });
  readonly #sources = new Map<ModelSource, string>();
  readonly #serving = new Map<string, { readonly model: OnlineModel; readonly version: string }>();
  /** The newest model published to each slot, live or about to be. */
  readonly #newest = new Map<string, FittedModel>();

  /** Makes a source that answers from the live model of its slot. */
  source(spec: ModelSourceSpec): ModelSource {
    const source = new ModelSource(spec.name ?? spec.model);
    const slot = slotOf(spec);
    this.#sources.set(source, slot);
    const serving = this.#serving.get(slot);
    if (serving !== undefined) source.use(serving.model, serving.version);
    return source;
  }

  /** Makes a model live between two requests. The previous one keeps serving while this one builds its index. */
  async publish(slot: string, model: FittedModel, version: string): Promise<void> {
    this.#newest.set(slot, model);
    const online = onlineModel(model, this.#backend);
    if (this.#serving.has(slot)) await online.prepared;
    if (this.#newest.get(slot) !== model) return;
    this.#serving.set(slot, { model: online, version });
    for (const [source, feeding] of this.#sources) if (feeding === slot) source.use(online, version);
  }

  /** Stops feeding a source. */
  release(source: Source): void {
    if (source instanceof ModelSource) this.#sources.delete(source);
  }

  close(): void {
    this.#backend.close();
  }
}

/** The models that recommenders name, each slot once. */
export function namedSlots(recommenders: Readonly<Record<string, { readonly spec: RecommenderSpec }>>): NamedSlot[] {
  const named = new Map<string, NamedSlot>();
  for (const { spec } of Object.values(recommenders))
    for (const source of [...(spec.sources ?? []), ...(spec.fallbacks ?? [])])
      if (source.kind === "model" && source.model !== undefined)
        named.set(slotOf(source), { slot: slotOf(source), model: source.model, options: source.options });
  return [...named.values()];
}

/** The slot that feeds a source: the source's name if it asks for a specific model, otherwise the main slot. */
function slotOf(spec: ModelSourceSpec): string {
  return spec.model === undefined ? MAIN_SLOT : (spec.name ?? spec.model);
}
