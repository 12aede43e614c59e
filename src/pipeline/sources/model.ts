import { Type } from "typebox";
import { type ItemList, noItems } from "../../data/item-list.ts";
import { TopItems } from "../../model/online/top-items.ts";
import type { OnlineHistory, OnlineModel } from "../../model/online.ts";
import { defineSource } from "../define-source.ts";
import { modelName } from "../references.ts";
import type { Source, SourceRequest } from "../source.ts";

export const model = defineSource({
  kind: "model",
  description: "What a fitted model thinks this person wants: the model that training chose, or one by name.",
  options: {
    model: Type.Optional(modelName("A model by name, which is then trained beside the chosen one. Default: the one training chose.")),
    options: Type.Optional(
      Type.Record(
        Type.String({ pattern: "^[A-Za-z]\\w{0,63}$" }),
        Type.Union([Type.Number(), Type.String({ maxLength: 256 }), Type.Boolean()]),
        { additionalProperties: false, maxProperties: 64, description: "Options of that model." },
      ),
    ),
  },
  namedBy: "model",
  create: (options, { model }) => model({ kind: "model", ...options }),
});

/**
 * A fitted model. Its items are the first items of the catalogue, under the same indices; items that came after its fit are for other
 * sources. Another model can take its place at any time, between two requests.
 *
 * Asked with anchors, it answers with what somebody wants whose history is these anchors.
 */
export class ModelSource implements Source {
  readonly name: string;
  private model: OnlineModel | undefined;
  private served = "";
  private anchors: Uint32Array | undefined;
  private ofAnchors: OnlineHistory | undefined;
  private readonly top = new TopItems();

  /** @param name `model` by default */
  constructor(name = "model") {
    this.name = name;
  }

  /** The version in service, "" before the first. */
  get version(): string {
    return this.served;
  }

  /** Puts a model in service, or takes it out of service. */
  use(model: OnlineModel | undefined, version: string): void {
    this.model = model;
    this.served = model === undefined ? "" : version;
  }

  ready(): boolean {
    return this.model !== undefined;
  }

  candidates(request: SourceRequest): ItemList {
    if (this.model === undefined) return noItems;
    const { k, allowed, only } = request;
    const history = this.historyOf(request);
    return only === undefined ? this.model.top(history, { k, allowed }) : this.best(this.model, history, only, allowed, k);
  }

  score(request: SourceRequest, items: Uint32Array, out: Float32Array): void {
    if (this.model === undefined) out.fill(Number.NaN);
    else this.model.score(this.historyOf(request), items, out);
  }

  explain(request: SourceRequest, item: number): readonly { readonly item: number; readonly weight: number }[] {
    const history = this.historyOf(request);
    const contributions = this.model?.explain?.(history, item);
    if (contributions === undefined) return [];
    const reasons: { item: number; weight: number }[] = [];
    for (let i = 0; i < contributions.length; i++)
      if (contributions[i] > 0) reasons.push({ item: history.items[i], weight: contributions[i] });
    return reasons.sort((a, b) => b.weight - a.weight || a.item - b.item);
  }

  /** The best of a few items. A score of 0 is that of an item of which the model has nothing to say. */
  private best(model: OnlineModel, history: OnlineHistory, items: Uint32Array, allowed: Uint8Array, k: number): ItemList {
    const scores = new Float32Array(items.length);
    model.score(history, items, scores);
    this.top.start(k);
    for (let i = 0; i < items.length; i++) if (scores[i] !== 0 && allowed[items[i]] === 1) this.top.offer(items[i], scores[i]);
    return this.top.take();
  }

  /** The same object for the same request, since models remember what they made of the last history. */
  private historyOf({ anchors, history }: SourceRequest): OnlineHistory {
    if (anchors.length === 0) return history;
    if (anchors !== this.anchors || this.ofAnchors === undefined) {
      this.anchors = anchors;
      this.ofAnchors = { items: anchors, weights: new Float32Array(anchors.length).fill(1) };
    }
    return this.ofAnchors;
  }
}
