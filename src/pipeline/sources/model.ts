import { Type } from "typebox";
import { type ItemList, noItems } from "../../data/item-list.ts";
import { Histories } from "../../model/histories.ts";
import { seesEntries } from "../../model/needs.ts";
import type { OnlineModel } from "../../model/online/online-model.ts";
import { TopItems } from "../../model/top-items.ts";
import { defineSource } from "../define-source.ts";
import { modelName } from "../references.ts";
import type { History, Source, SourceRequest } from "../source.ts";
import { nothingToGoBy } from "./asked-about.ts";

export const model = defineSource({
  kind: "model",
  description: "Recommendations from a fitted model: the one selected by training, or one by name.",
  options: {
    model: Type.Optional(
      modelName("The model to use, which is then trained in addition to the selected one. Default: the model selected by training."),
    ),
    options: Type.Optional(
      Type.Record(
        Type.String({ pattern: "^[A-Za-z]\\w{0,63}$" }),
        Type.Union([Type.Number(), Type.String({ maxLength: 256 }), Type.Boolean()]),
        { additionalProperties: false, maxProperties: 64, description: "Options of the named model." },
      ),
    ),
  },
  namedBy: "model",
  create: (options, { model }) => model({ kind: "model", ...options }),
});

/**
 * A fitted model. Its items are the first items of the catalog, with the same indices. Items added after its fit are left to other
 * sources. The model can be replaced at any time between requests.
 *
 * If a request has anchors, they are used as the history.
 */
export class ModelSource implements Source {
  readonly name: string;
  private model: OnlineModel | undefined;
  private served = "";
  /** The anchors or history of the last request, and the model input made from it. */
  private asked: Uint32Array | History | undefined;
  private made: Histories | undefined;
  private readonly top = new TopItems();

  /** @param name default `model` */
  constructor(name = "model") {
    this.name = name;
  }

  /** The version in service; "" before the first. */
  get version(): string {
    return this.served;
  }

  /** Puts a model in service, or takes it out of service. */
  use(model: OnlineModel | undefined, version: string): void {
    this.model = model;
    this.served = model === undefined ? "" : version;
    this.made = undefined;
  }

  ready(): boolean {
    return this.model !== undefined;
  }

  candidates(request: SourceRequest): ItemList {
    if (this.model === undefined) return noItems;
    const { k, allowed, only } = request;
    const history = this.historyOf(request, this.model);
    return only === undefined ? this.model.top(history, { k, allowed }) : this.best(this.model, history, only, allowed, k);
  }

  whyNone(request: SourceRequest): string {
    return nothingToGoBy(request) ?? "The model knows nothing that goes with these items.";
  }

  score(request: SourceRequest, items: Uint32Array, out: Float32Array): void {
    if (this.model === undefined) out.fill(Number.NaN);
    else this.model.score(this.historyOf(request, this.model), items, out);
  }

  explain(request: SourceRequest, item: number): readonly { readonly item: number; readonly weight: number }[] {
    if (this.model?.explain === undefined) return [];
    const history = this.historyOf(request, this.model);
    const contributions = this.model.explain(history, item);
    const reasons: { item: number; weight: number }[] = [];
    for (let i = 0; i < contributions.length; i++)
      if (contributions[i] > 0) reasons.push({ item: history.item[i], weight: contributions[i] });
    return reasons.sort((a, b) => b.weight - a.weight || a.item - b.item);
  }

  /** The best of a few items. A score of 0 means that the model knows nothing about an item. */
  private best(model: OnlineModel, history: Histories, items: Uint32Array, allowed: Uint8Array, k: number): ItemList {
    const scores = new Float32Array(items.length);
    model.score(history, items, scores);
    this.top.start(k);
    for (let i = 0; i < items.length; i++) if (scores[i] !== 0 && allowed[items[i]] === 1) this.top.offer(items[i], scores[i]);
    return this.top.take();
  }

  /** Returns the same object for the same request, because models cache what they computed for the last history. */
  private historyOf({ anchors, history, now }: SourceRequest, { model }: OnlineModel): Histories {
    const asked = anchors.length > 0 ? anchors : history;
    if (asked !== this.asked || this.made === undefined) {
      this.asked = asked;
      const { items, weights, times } = asked === history ? history : anchored(anchors);
      const columns = { rows: 1, items: ANY_ITEM, offsets: Uint32Array.of(0, items.length), item: items, weight: weights };
      // Requests have the newest item first. Order only matters to models that use it.
      this.made = new Histories(
        seesEntries(model.needs)
          ? { ...columns, item: items.toReversed(), weight: weights.toReversed(), time: times.toReversed(), at: Float64Array.of(now) }
          : columns,
        model.repeats,
      );
    }
    return this.made;
  }
}

/** Upper bound of item indices, since the catalog can grow independently of the model. */
const ANY_ITEM = 2 ** 32;

function anchored(anchors: Uint32Array): History {
  return { items: anchors, weights: new Float32Array(anchors.length).fill(1), times: new Float64Array(anchors.length).fill(Number.NaN) };
}
