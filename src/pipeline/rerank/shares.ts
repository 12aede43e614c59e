import { Type } from "typebox";
import type { FeatureTable } from "../../data/features.ts";
import type { Expression } from "../../expression/compile.ts";
import { numbers } from "../../expression/evaluate.ts";
import type { Scope } from "../../expression/scope.ts";
import { expression } from "../references.ts";

export const Shares = Type.Array(
  Type.Object(
    {
      of: expression("boolean", "items", { description: 'An expression that says which items are meant: `season = "spring"`.' }),
      min: Type.Number({
        exclusiveMinimum: 0,
        maximum: 1,
        description: "The least share of a list, above 0 and at most 1, as long as there are such items.",
      }),
    },
    { additionalProperties: false, title: "Share", description: "Gives some items a minimum share of a list." },
  ),
  { maxItems: 20, description: "Lower bounds: at least a fifth from this season." },
);

export interface CompiledShare {
  readonly of: Expression;
  readonly min: number;
}

/**
 * Keeps minimum shares while a list is filled place by place. Places are free until those left are just enough for what the shares still
 * want; from then on they go to items that the shares are about. So the best items keep the first places, and each share is met as long as there are such items.
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
      // 0.3 of 10 is 3, and rounding must not make it 4.
      const minimum = Math.ceil(min * k - 1e-9);
      return { source: of.source, holds, minimum, wanted: minimum, available: holds.reduce((sum, value) => sum + value, 0) };
    });
  }

  /** Counts a member that takes a place of the list. */
  add(position: number): void {
    this.placesLeft--;
    for (const share of this.shares) {
      if (share.holds[position] === 0) continue;
      share.wanted--;
      share.available--;
    }
  }

  /** Counts a member that cannot come into the list any more. */
  drop(position: number): void {
    for (const share of this.shares) share.available -= share.holds[position];
  }

  /**
   * Which shares the next place has to serve; empty while it is free. Where shares together want more places than are left, the first
   * of them comes first.
   */
  demanding(): readonly Share[] {
    const open = this.shares.filter(({ wanted, available }) => wanted > 0 && available > 0);
    const wanted = open.reduce((sum, share) => sum + Math.min(share.wanted, share.available), 0);
    if (wanted < this.placesLeft) return [];
    return wanted === this.placesLeft ? open : open.slice(0, 1);
  }

  /** Members of a list that shares need: for each the first that make up its minimum. */
  needed(list: readonly number[]): Set<number> {
    return new Set(this.shares.flatMap(({ holds, minimum }) => list.filter((position) => holds[position] === 1).slice(0, minimum)));
  }
}

export interface Share {
  /** The expression. */
  readonly source: string;
  /** 1 for members it holds for. */
  readonly holds: Uint8Array;
  /** Members that a full list has to have. */
  readonly minimum: number;
  /** Members that the list still lacks; below 0 when it has more than it needs. */
  wanted: number;
  /** Members not in the list that may still come. */
  available: number;
}
