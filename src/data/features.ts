/**
 * Feature columns of items or users, one entry an index of the vocabulary. A missing value is NaN in numbers and times, the code
 * 2^32 - 1 (`MISSING`) in categories, an empty run in several categories, "" in text, NaN in vectors and places.
 */
export type FeatureColumn =
  | { readonly type: "number"; readonly values: Float64Array }
  /** Milliseconds since 1970 (UTC). */
  | { readonly type: "time"; readonly values: Float64Array }
  | { readonly type: "category"; readonly codes: Uint32Array; readonly names: readonly string[] }
  /** Several categories an entry, in compressed rows: entry i has codes[offsets[i]] … codes[offsets[i + 1] - 1]. */
  | { readonly type: "categories"; readonly offsets: Uint32Array; readonly codes: Uint32Array; readonly names: readonly string[] }
  | { readonly type: "text"; readonly values: readonly string[] }
  /** Row-major, `dimensions` numbers an entry. */
  | { readonly type: "vector"; readonly dimensions: number; readonly values: Float32Array }
  /** Degrees: latitude in [-90, 90], longitude in [-180, 180]. */
  | { readonly type: "place"; readonly latitude: Float64Array; readonly longitude: Float64Array };

/** Columns by name. Every column has as many entries as the vocabulary it describes. */
export type FeatureTable = Readonly<Record<string, FeatureColumn>>;

/** The code of a missing category. */
export const MISSING = 0xffffffff;
