import type { Expression } from "../expression/compile.ts";
import { mask } from "../expression/evaluate.ts";
import type { Scope } from "../expression/scope.ts";
import type { CatalogueView } from "./source.ts";

/** How long a mask of a filter that looks at the clock is used, in milliseconds. */
const CLOCK_MASK_LIFE = 1000;

/**
 * The items that may be returned, as masks over the catalogue. What does not depend on the request is worked out once a change of the
 * catalogue; a request borrows a copy to cross out what it alone leaves out, and gives it back as it was, so that nothing as large as the
 * catalogue is made for a request.
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

  /** @param filters all must hold */
  constructor(filters: readonly Expression[]) {
    this.fixed = filters.filter((filter) => !filter.dependsOnRequest);
    this.perRequest = filters.filter((filter) => filter.dependsOnRequest);
    this.clocked = this.fixed.some((filter) => filter.dependsOnTime);
  }

  /** The filters that are looked at anew in each request. */
  get requestFilters(): readonly Expression[] {
    return this.perRequest;
  }

  /** Available items past all filters that do not depend on the request. Not to be written to. */
  base(available: Uint8Array, { columns, version }: CatalogueView, now: number): Uint8Array {
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
    return made;
  }

  /** A copy of a mask of `base`, to write to. */
  borrow(base: Uint8Array): Borrowed {
    const ready = base === this.shared ? this.spare.pop() : undefined;
    return new Borrowed(base, ready ?? base.slice(), this);
  }

  /** Called by what was borrowed. */
  keep(base: Uint8Array, allowed: Uint8Array): void {
    if (base === this.shared) this.spare.push(allowed);
  }
}

/** A mask on loan to one request. */
export class Borrowed {
  readonly allowed: Uint8Array;
  private readonly base: Uint8Array;
  private readonly owner: Masks;
  private crossed: Uint32Array[] = [];
  private narrowed = false;

  constructor(base: Uint8Array, allowed: Uint8Array, owner: Masks) {
    this.base = base;
    this.allowed = allowed;
    this.owner = owner;
  }

  /** Leaves these items out. The array must not change until the mask is back. */
  crossOut(items: Uint32Array): void {
    const { allowed } = this;
    for (let i = 0; i < items.length; i++) if (items[i] < allowed.length) allowed[items[i]] = 0;
    this.crossed.push(items);
  }

  /** Leaves out all but these items. */
  keepOnly(items: Uint32Array): void {
    const { allowed, base } = this;
    allowed.fill(0);
    for (const item of items) if (base[item] === 1) allowed[item] = 1;
    this.narrowed = true;
  }

  narrow(filter: Expression, { columns }: CatalogueView, scope: Scope): void {
    this.narrowed = true;
    mask(filter, columns, this.allowed.length, scope, this.allowed, { and: true });
  }

  giveBack(): void {
    const { base, allowed } = this;
    if (this.narrowed) allowed.set(base);
    else
      for (const items of this.crossed)
        for (let i = 0; i < items.length; i++) if (items[i] < allowed.length) allowed[items[i]] = base[items[i]];
    this.owner.keep(base, allowed);
  }
}
