import type { Csr } from "../data/csr.ts";
import type { Backend } from "../kernel/backend.ts";
import type { AnyModelDefinition, State } from "./definition.ts";

/** Marks the empty places of a list that ran out of items. */
export const NO_ITEM = 0xffffffff;

/** How long the lists are, and which items they may contain. */
export interface RankOptions {
  /** Length of each list. */
  readonly k: number;
  /** Items never to return, one row per history; usually its seen items. */
  readonly exclude?: Csr;
  /** Indices of the only items that may be returned. Default: all. */
  readonly candidates?: Uint32Array;
}

/** {@link RankOptions} for one block of rows, with the candidates as a mask. */
export interface Selection {
  readonly k: number;
  readonly exclude?: Csr;
  /** 1 for items that may be returned. Default: all. */
  readonly allowed?: Uint8Array;
}

/** Lists of items, best first, row-major rows x k. Short lists are padded with {@link NO_ITEM} and -Infinity. */
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
  /** Item indices, most training interactions first. */
  readonly byPopularity: Uint32Array;
  readonly backend: Backend;
}
