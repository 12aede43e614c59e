import type { Csr } from "../data/csr.ts";
import type { Backend } from "../kernel/backend.ts";
import type { AnyModelDefinition, State } from "./definition.ts";

/** Fills the places of a list that has no more items. */
export const NO_ITEM = 0xffffffff;

/** What a ranking may return. */
export interface RankOptions {
  /** Length of each list. */
  readonly k: number;
  /** Rows as the histories, columns are items: what is never returned to that row (its seen items, as a rule). */
  readonly exclude?: Csr;
  /** Indices of the only items that may be returned; all when absent. */
  readonly candidates?: Uint32Array;
}

/** What one block of rows may be returned: {@link RankOptions} with the candidates as a mask. */
export interface Selection {
  readonly k: number;
  readonly exclude?: Csr;
  /** 1 for items that may be returned; all when absent. */
  readonly allowed?: Uint8Array;
}

/** Lists of items, best first, row-major rows x k; padded with {@link NO_ITEM} and -Infinity where items ran out. */
export interface RankedLists {
  readonly k: number;
  readonly items: Uint32Array;
  readonly scores: Float32Array;
}

/** A fitted model as ranking sees it. */
export interface Ranker {
  readonly definition: AnyModelDefinition;
  readonly options: Readonly<Record<string, unknown>>;
  readonly state: State;
  readonly itemCount: number;
  /** Item indices by falling number of training interactions. */
  readonly byPopularity: Uint32Array;
  readonly backend: Backend;
}
