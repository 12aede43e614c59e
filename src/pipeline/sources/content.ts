import { Type } from "typebox";
import type { FeatureTable } from "../../data/features.ts";
import { gather, type ItemList, noItems } from "../../data/item-list.ts";
import { defineSource, type SourceOptions } from "../define-source.ts";
import { propertyName } from "../references.ts";
import type { CatalogView, Source, SourceRequest } from "../source.ts";
import { AskedAbout, nothingToGoBy } from "./asked-about.ts";
import { ContentIndex } from "./content/content-index.ts";
import { NeighborLists } from "./content/neighbor-lists.ts";
import { ItemSums } from "./item-sums.ts";

const usable = ["text", "category", "categories", "number", "vector"];

const options = {
  properties: Type.Optional(
    Type.Array(propertyName(usable, "The name of a property."), {
      maxItems: 100,
      description: "Properties to compare by. Default: all of type text, category, categories, number and vector.",
    }),
  ),
};

/** Catalogs up to this size are reindexed immediately; larger ones in slices between requests. */
const AT_ONCE = 1000;
/** Up to this many new items are indexed immediately. */
const NEW_AT_ONCE = 100;
/** Length of a slice, and the time between passes over the catalog, in milliseconds. */
const SLICE = 3;
const BETWEEN_PASSES = 1000;
/** Neighbor lists that one request computes in a large catalog, newest items first. Later requests compute the others. */
const LISTS_AT_ONCE = 1;

export const content = defineSource({
  kind: "content",
  description: "Items with similar properties: text, categories, numbers, vectors. Works for new items as soon as they have properties.",
  options,
  create: (options, { catalog }) => new ContentSource(catalog, options),
});

/**
 * Items with properties similar to those of the anchors or of the newest history items. New items are included from the next request on,
 * without any events. In a large catalog, changes of existing items take a second or two.
 */
export class ContentSource implements Source {
  readonly name: string;
  private readonly catalog: CatalogView;
  private readonly wanted: readonly string[] | undefined;
  private index: ContentIndex | undefined;
  private lists = new NeighborLists();
  private signature = "";
  private followed = Number.NaN;
  private pass: Promise<void> | undefined;
  private readonly sums = new ItemSums();
  private readonly asked = new AskedAbout();
  private everything = new Uint8Array(0);
  private failure: unknown;

  constructor(catalog: CatalogView, { name = "content", properties }: SourceOptions<typeof options> = {}) {
    this.name = name;
    this.catalog = catalog;
    this.wanted = properties;
  }

  /** Resolves when all catalog changes so far are indexed. */
  get settled(): Promise<void> {
    this.follow();
    return this.pass ?? Promise.resolve();
  }

  ready(): boolean {
    this.follow();
    return this.index !== undefined;
  }

  candidates(request: SourceRequest): ItemList {
    this.follow();
    if (this.index === undefined) return noItems;
    if (request.anchors.length > 0) {
      this.about(this.index, request);
      return this.index.search(request.k, request.allowed);
    }
    return this.fromLists(this.index, request);
  }

  whyNone(request: SourceRequest): string {
    return nothingToGoBy(request) ?? "No allowed item has properties like those of these items.";
  }

  score(request: SourceRequest, items: Uint32Array, out: Float32Array): void {
    this.follow();
    if (this.index === undefined) {
      out.fill(Number.NaN);
      return;
    }
    this.about(this.index, request);
    for (let i = 0; i < items.length; i++) out[i] = this.index.similarity(items[i]);
  }

  explain(request: SourceRequest, item: number): readonly { readonly item: number; readonly weight: number }[] {
    this.follow();
    const { asked, index } = this;
    asked.read(request);
    const reasons: { item: number; weight: number }[] = [];
    for (let i = 0; i < asked.count && index !== undefined; i++) {
      index.about([asked.items[i]], [asked.weights[i]], 1);
      const weight = index.similarity(item);
      if (weight > 0) reasons.push({ item: asked.items[i], weight });
    }
    return reasons.sort((a, b) => b.weight - a.weight);
  }

  private about(index: ContentIndex, request: SourceRequest): void {
    this.asked.read(request);
    index.about(this.asked.items, this.asked.weights, this.asked.count);
  }

  /** Adds up the neighbors of the newest history items. */
  private fromLists(index: ContentIndex, request: SourceRequest): ItemList {
    const { lists, sums, asked } = this;
    const { allowed, k, now } = request;
    const available = this.catalog.available?.(now) ?? this.all(index.size);
    const most = index.size <= AT_ONCE ? Number.POSITIVE_INFINITY : LISTS_AT_ONCE;
    asked.read(request);
    let made = 0;
    sums.start(index.room);
    for (let i = 0; i < asked.count; i++) {
      const anchor = asked.items[i];
      if (anchor >= index.size) continue;
      if (!lists.has(anchor)) {
        if (made++ >= most) continue;
        this.makeList(index, anchor, available);
      }
      const weight = asked.weights[i];
      const end = lists.end(anchor);
      let gone = 0;
      for (let at = lists.first(anchor); at < end; at++) {
        const item = lists.itemAt(at);
        if (available[item] !== 1) gone++;
        sums.add(item, weight * lists.scoreAt(at));
      }
      // If too many of its items are unavailable, recompute the list next time.
      if (gone > NeighborLists.length / 3) lists.forget(anchor);
    }
    return sums.top(k, allowed);
  }

  private makeList(index: ContentIndex, item: number, available: Uint8Array): void {
    index.about([item], [1], 1);
    const found = index.search(NeighborLists.length + 1, available);
    const others = [...found.items.keys()].filter((i) => found.items[i] !== item).slice(0, NeighborLists.length);
    this.lists.keep(item, gather(found, others));
  }

  /** Indexes what has changed in the catalog, or starts to. */
  private follow(): void {
    const { catalog, failure } = this;
    this.failure = undefined;
    if (failure !== undefined) throw failure;
    if (catalog.version === this.followed) return;
    this.followed = catalog.version;
    const properties = propertiesOf(catalog.columns, this.wanted);
    const signature = properties.map((name) => `${name} ${catalog.columns[name].type}`).join("\n");
    const { index } = this;
    const another = index === undefined || signature !== this.signature || index.outgrownBy(catalog.size) || index.worn;
    if (another && catalog.size > AT_ONCE) {
      // The current index keeps answering while another is built, as long as its columns still exist.
      const present = new Set(signature.split("\n"));
      if (!this.signature.split("\n").every((property) => present.has(property))) this.index = undefined;
      else index?.follow(catalog.columns);
      this.beginPass();
      return;
    }
    if (another || index === undefined) {
      this.start(properties, signature);
      return;
    }
    index.follow(catalog.columns);
    if (catalog.size <= AT_ONCE) for (let item = 0; item < catalog.size; item++) this.look(index, item);
    else {
      const from = index.size;
      for (let item = from; item < Math.min(catalog.size, from + NEW_AT_ONCE); item++) this.look(index, item);
      this.beginPass();
    }
  }

  private start(properties: readonly string[], signature: string): void {
    const { catalog } = this;
    this.signature = signature;
    this.lists = new NeighborLists();
    const index = new ContentIndex(catalog.columns, properties, catalog.size, 2 * Math.max(64, catalog.size));
    for (let item = 0; item < catalog.size; item++) index.look(item);
    this.index = index;
  }

  /** Indexes one item. If it is new or changed, computes its list and adds it to its neighbors' lists. */
  private look(index: ContentIndex, item: number): void {
    if (!index.look(item)) return;
    this.lists.forget(item);
    if (index === this.index) this.makeList(index, item, this.catalog.available?.(Date.now()) ?? this.all(index.size));
  }

  /** A mask that allows everything. */
  private all(size: number): Uint8Array {
    if (this.everything.length < size) this.everything = new Uint8Array(2 * size).fill(1);
    return this.everything;
  }

  private beginPass(): void {
    this.pass ??= this.goThrough()
      .catch((error) => {
        this.failure = error;
        // The next request tries again.
        this.followed = Number.NaN;
      })
      .finally(() => {
        this.pass = undefined;
      });
  }

  /** Goes through the whole catalog in slices, and repeats until nothing has changed in the meantime. */
  private async goThrough(): Promise<void> {
    for (let passed = Number.NaN; passed !== this.catalog.version; ) {
      const { catalog } = this;
      passed = catalog.version;
      const properties = propertiesOf(catalog.columns, this.wanted);
      const signature = properties.map((name) => `${name} ${catalog.columns[name].type}`).join("\n");
      const kept = this.index !== undefined && signature === this.signature && !this.index.outgrownBy(catalog.size) && !this.index.worn;
      const index =
        kept && this.index !== undefined ? this.index : new ContentIndex(catalog.columns, properties, catalog.size, 2 * catalog.size);
      index.follow(catalog.columns);
      await inSlices(catalog.size, (item) => this.look(index, item));
      if (index !== this.index) {
        this.index = index;
        this.lists = new NeighborLists();
        this.signature = signature;
      }
      this.followed = passed;
      if (passed !== this.catalog.version) await pause(BETWEEN_PASSES);
    }
  }
}

function propertiesOf(columns: FeatureTable, wanted: readonly string[] | undefined): string[] {
  const names = wanted ?? Object.keys(columns).sort();
  return names.filter((name) => Object.hasOwn(columns, name) && usable.includes(columns[name].type));
}

async function inSlices(size: number, look: (item: number) => void): Promise<void> {
  let until = performance.now() + SLICE;
  for (let item = 0; item < size; item++) {
    look(item);
    if (item % 64 !== 63 || performance.now() < until) continue;
    await pause(0);
    until = performance.now() + SLICE;
  }
}

/** Lets other work run. Doesn't keep the process alive. */
function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref?.();
  });
}
