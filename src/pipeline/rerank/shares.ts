import { Type } from "typebox";
import type { FeatureTable } from "../../data/features.ts";
import type { Expression } from "../../expression/compile.ts";
import { numbers } from "../../expression/evaluate.ts";
import type { Scope } from "../../expression/scope.ts";
import { expression } from "../references.ts";

export const Shares = Type.Array(
  Type.Object(
    {
      of: expression("boolean", "items", { description: 'An expression that selects the items: `season = "spring"`.' }),
      min: Type.Number({
        exclusiveMinimum: 0,
        maximum: 1,
        description: "The minimum share of the list, above 0 and at most 1. Met as far as there are such items.",
      }),
    },
    { additionalProperties: false, title: "Share", description: "Gives some items a minimum share of a list." },
  ),
  { maxItems: 20, description: "Lower limits, for example at least a fifth from this season." },
);

export interface CompiledShare {
  readonly of: Expression;
  readonly min: number;
}

/**
 * Enforces minimum shares while a list is filled place by place. Places are free until the remaining ones are just enough for what the
 * shares still need. From then on they go to items of those shares. So the best items keep the first places, and each share is met as far
 * as there are such items.
 *
 * Positions are those of `members`: all items that may come into the list.
 */
export class ShareCounts {
  private readonly shares: readonly Share[];
  private placesLeft: number;

  constructor(specs: readonly CompiledShare[], columns: FeatureTable, members: Uint32Array, scope: Scope, k: number) {
    const values = new Float64Array(members.length);
    this.placesLeft = k;
    this.shares = specs.map(({ of, min }) => {
      numbers(of, columns, members, scope, values);
      const holds = Uint8Array.from(values, (value) => (value === 1 ? 1 : 0));
      // 0.3 of 10 is 3; don't let floating-point error make it 4.
      const minimum = Math.ceil(min * k - 1e-9);
      return { source: of.source, holds, minimum, wanted: minimum, available: holds.reduce((sum, value) => sum + value, 0) };
    });
  }

  /** Counts a member that is added to the list. */
  add(position: number): void {
    this.placesLeft--;
    for (const share of this.shares) {
      if (share.holds[position] === 0) continue;
      share.wanted--;
      share.available--;
    }
  }

  /** Counts a member that can no longer be added. */
  drop(position: number): void {
    for (const share of this.shares) share.available -= share.holds[position];
  }

  /**
   * The shares that the next place must serve; empty while it is free. If shares need more places than are left, earlier shares have
   * priority.
   */
  demanding(): readonly Share[] {
    const open = this.shares.filter(({ wanted, available }) => wanted > 0 && available > 0);
    const wanted = open.reduce((sum, share) => sum + Math.min(share.wanted, share.available), 0);
    if (wanted < this.placesLeft) return [];
    return wanted === this.placesLeft ? open : open.slice(0, 1);
  }

  /** Members that shares need: for each share, the first ones that make up its minimum. */
  needed(list: readonly number[]): Set<number> {
    return new Set(this.shares.flatMap(({ holds, minimum }) => list.filter((position) => holds[position] === 1).slice(0, minimum)));
  }
}

export interface Share {
  /** The expression. */
  readonly source: string;
  /** 1 for members that satisfy the expression. */
  readonly holds: Uint8Array;
  /** Number of members a full list must have. */
  readonly minimum: number;
  /** Number of members still needed; negative if the list has more than the minimum. */
  wanted: number;
  /** Number of members that can still be added. */
  available: number;
}
