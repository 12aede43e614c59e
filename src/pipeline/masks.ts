import type { Expression } from "../expression/compile.ts";
import { mask } from "../expression/evaluate.ts";
import { type Scope, scopeValue } from "../expression/scope.ts";
import { partsOf, type Typed } from "../expression/typed.ts";
import type { CatalogView } from "./source.ts";

/** How long to reuse the mask of a filter that depends on the time, in milliseconds. */
const CLOCK_MASK_LIFE = 1000;
/**
 * Number of cached masks for filters that depend on the request, keyed by the values they use. Many requests share a country, for example.
 */
const KEPT = 8;

/**
 * The items that may be returned, as masks over the catalog. Filters that don't depend on the request are evaluated once per catalog
 * change, others once per distinct set of values (cached). A request borrows a copy, crosses out its own exclusions and returns the copy
 * restored, so no request allocates anything the size of the catalog.
 */
export class Masks {
  private readonly fixed: readonly Expression[];
  private readonly perRequest: readonly Expression[];
  private readonly clocked: boolean;
  private shared = new Uint8Array(0);
  private available: Uint8Array | undefined;
  private version = Number.NaN;
  private madeAt = Number.NaN;
  private spare: Uint8Array[] = [];
  /** Least recently used first. */
  private readonly filtered = new Map<string, Uint8Array>();

  /** @param filters items must satisfy all of them */
  constructor(filters: readonly Expression[]) {
    this.fixed = filters.filter((filter) => !filter.dependsOnRequest);
    this.perRequest = filters.filter((filter) => filter.dependsOnRequest);
    this.clocked = this.fixed.some((filter) => filter.dependsOnTime);
  }

  /**
   * Returns a writable mask for one request: available items that pass all filters.
   *
   * @throws RecoError `bad-input` if a filter parameter is missing or has the wrong type
   */
  borrow(available: Uint8Array, catalog: CatalogView, scope: Scope, ofRequest: readonly Expression[]): Borrowed {
    const base = this.base(available, catalog, scope.now);
    const filters = ofRequest.length === 0 ? this.perRequest : [...this.perRequest, ...ofRequest];
    const narrower = filters.length === 0 ? undefined : this.narrowed(base, filters, catalog, scope);
    return new Borrowed(base, this.spare.pop() ?? base.slice(), narrower, this);
  }

  /** Called when a borrowed mask is returned. */
  keep(base: Uint8Array, allowed: Uint8Array): void {
    if (base === this.shared) this.spare.push(allowed);
  }

  private base(available: Uint8Array, { columns, version }: CatalogView, now: number): Uint8Array {
    const aged = this.clocked && !(Math.abs(now - this.madeAt) < CLOCK_MASK_LIFE);
    if (available === this.available && version === this.version && !aged) return this.shared;
    let made = available;
    if (this.fixed.length > 0) {
      made = available.slice();
      for (const filter of this.fixed) mask(filter, columns, made.length, { now }, made, { and: true });
    }
    this.shared = made as Uint8Array<ArrayBuffer>;
    this.available = available;
    this.version = version;
    this.madeAt = now;
    this.spare = [];
    this.filtered.clear();
    return made;
  }

  private narrowed(base: Uint8Array, filters: readonly Expression[], { columns }: CatalogView, scope: Scope): Uint8Array {
    let key = "";
    for (const filter of filters) {
      key += `${filter.source}\n${scopeKey(filter, scope)}\n`;
      if (filter.dependsOnTime) key += `${Math.floor(scope.now / CLOCK_MASK_LIFE)}\n`;
    }
    let made = this.filtered.get(key);
    if (made === undefined) {
      made = base.slice();
      for (const filter of filters) mask(filter, columns, made.length, scope, made, { and: true });
    }
    this.filtered.delete(key);
    this.filtered.set(key, made);
    if (this.filtered.size > KEPT) for (const oldest of [...this.filtered.keys()].slice(0, 1)) this.filtered.delete(oldest);
    return made;
  }
}

/** A mask borrowed by one request. */
export class Borrowed {
  readonly allowed: Uint8Array;
  private readonly base: Uint8Array;
  private readonly owner: Masks;
  private readonly crossed: Uint32Array[] = [];
  private rewritten = false;

  /** @param narrower the mask to use instead of the base */
  constructor(base: Uint8Array, allowed: Uint8Array, narrower: Uint8Array | undefined, owner: Masks) {
    this.base = base;
    this.allowed = allowed;
    this.owner = owner;
    if (narrower === undefined) return;
    allowed.set(narrower);
    this.rewritten = true;
  }

  /** Crosses out these items. Don't change the array until the mask is returned. */
  crossOut(items: Uint32Array): void {
    const { allowed } = this;
    for (let i = 0; i < items.length; i++) if (items[i] < allowed.length) allowed[items[i]] = 0;
    this.crossed.push(items);
  }

  /** Crosses out all other items. */
  keepOnly(items: Uint32Array): void {
    const { allowed } = this;
    const kept = items.filter((item) => allowed[item] === 1);
    allowed.fill(0);
    for (const item of kept) allowed[item] = 1;
    this.rewritten = true;
  }

  giveBack(): void {
    const { base, allowed } = this;
    if (this.rewritten) allowed.set(base);
    else
      for (const items of this.crossed)
        for (let i = 0; i < items.length; i++) if (items[i] < allowed.length) allowed[items[i]] = base[items[i]];
    this.owner.keep(base, allowed);
  }
}

type Scoped = Extract<Typed, { kind: "scoped" }>;

const looks = new WeakMap<Expression, readonly Scoped[]>();

/** The parts of a scope an expression uses, as a cache key. Requests with equal keys get equal results. Time is not included. */
function scopeKey(expression: Expression, scope: Scope): string {
  let scoped = looks.get(expression);
  if (scoped === undefined) {
    scoped = scopedParts(expression.tree);
    looks.set(expression, scoped);
  }
  return JSON.stringify(scoped.map((part) => scopeValue(part, scope)));
}

function scopedParts(node: Typed): Scoped[] {
  return node.kind === "scoped" ? [node] : partsOf(node).flatMap(scopedParts);
}
