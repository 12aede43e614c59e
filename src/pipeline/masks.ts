import type { Expression } from "../expression/compile.ts";
import { mask } from "../expression/evaluate.ts";
import { type Scope, scopeValue } from "../expression/scope.ts";
import { partsOf, type Typed } from "../expression/typed.ts";
import type { CatalogueView } from "./source.ts";

/** How long a mask of a filter that looks at the clock is used, in milliseconds. */
const CLOCK_MASK_LIFE = 1000;
/** Masks kept for filters that depend on the request, by what they looked at: many requests look from the same country. */
const KEPT = 8;

/**
 * The items that may be returned, as masks over the catalogue. What does not depend on the request is worked out once a change of the
 * catalogue, what depends on it once for each of its values while these are asked for. A request borrows a copy to cross out what it alone
 * leaves out, and gives it back as it was, so that nothing as large as the catalogue is made for a request.
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
  /** The least recently used first. */
  private readonly filtered = new Map<string, Uint8Array>();

  /** @param filters all must hold */
  constructor(filters: readonly Expression[]) {
    this.fixed = filters.filter((filter) => !filter.dependsOnRequest);
    this.perRequest = filters.filter((filter) => filter.dependsOnRequest);
    this.clocked = this.fixed.some((filter) => filter.dependsOnTime);
  }

  /**
   * A mask for one request, to write to: available items past all filters.
   *
   * @throws RecoError `bad-input` where a parameter of a filter is missing or of the wrong type
   */
  borrow(available: Uint8Array, catalogue: CatalogueView, scope: Scope, ofRequest: readonly Expression[]): Borrowed {
    const base = this.base(available, catalogue, scope.now);
    const filters = ofRequest.length === 0 ? this.perRequest : [...this.perRequest, ...ofRequest];
    const narrower = filters.length === 0 ? undefined : this.narrowed(base, filters, catalogue, scope);
    return new Borrowed(base, this.spare.pop() ?? base.slice(), narrower, this);
  }

  /** Called by what was borrowed. */
  keep(base: Uint8Array, allowed: Uint8Array): void {
    if (base === this.shared) this.spare.push(allowed);
  }

  private base(available: Uint8Array, { columns, version }: CatalogueView, now: number): Uint8Array {
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

  private narrowed(base: Uint8Array, filters: readonly Expression[], { columns }: CatalogueView, scope: Scope): Uint8Array {
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

/** A mask on loan to one request. */
export class Borrowed {
  readonly allowed: Uint8Array;
  private readonly base: Uint8Array;
  private readonly owner: Masks;
  private readonly crossed: Uint32Array[] = [];
  private rewritten = false;

  /** @param narrower what the mask is to be, where not the base */
  constructor(base: Uint8Array, allowed: Uint8Array, narrower: Uint8Array | undefined, owner: Masks) {
    this.base = base;
    this.allowed = allowed;
    this.owner = owner;
    if (narrower === undefined) return;
    allowed.set(narrower);
    this.rewritten = true;
  }

  /** Leaves these items out. The array must not change until the mask is back. */
  crossOut(items: Uint32Array): void {
    const { allowed } = this;
    for (let i = 0; i < items.length; i++) if (items[i] < allowed.length) allowed[items[i]] = 0;
    this.crossed.push(items);
  }

  /** Leaves out all but these items. */
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

/** What an expression sees of a scope, as text: it gives the same for requests with the same key. The clock is not in it. */
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
