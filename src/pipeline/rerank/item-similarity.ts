import { type FeatureColumn, type FeatureTable, MISSING } from "../../data/features.ts";

/** Similarity by one property: adds `weight` times the similarity of one member to every member to `out`. */
type PropertySimilarity = (member: number, weight: number, out: Float64Array) => void;

/**
 * Similarity of items: the mean over properties of
 *
 * - category: 1 if equal, else 0;
 * - categories: the cosine of the two sets, |A and B| / sqrt(|A| |B|);
 * - number and time: 1 - |a - b| / range, with the range over the items compared;
 * - vector: the cosine.
 *
 * A missing value has similarity 0 to everything, and an item has similarity 1 to itself. The similarity matrix is positive semidefinite,
 * as a determinantal point process requires: each part is an inner product or the triangular kernel.
 */
export class ItemSimilarity {
  private readonly properties: readonly PropertySimilarity[];

  /**
   * @param by property names. Default: all of type category, categories and vector
   * @param members item indices; similarities use positions in this array
   */
  constructor(columns: FeatureTable, by: readonly string[] | undefined, members: Uint32Array) {
    const names = by ?? Object.keys(columns).filter((name) => ["category", "categories", "vector"].includes(columns[name].type));
    this.properties = names.flatMap((name) => {
      const property = Object.hasOwn(columns, name) ? propertySimilarity(columns[name], members) : undefined;
      return property === undefined ? [] : [property];
    });
  }

  /** Whether there is a property to compare by. */
  get usable(): boolean {
    return this.properties.length > 0;
  }

  /** Writes the similarity of one member to every member, in [-1, 1]. */
  toAll(member: number, out: Float64Array): void {
    out.fill(0);
    for (const property of this.properties) property(member, 1 / this.properties.length, out);
    out[member] = 1;
  }
}

function propertySimilarity(column: FeatureColumn, members: Uint32Array): PropertySimilarity | undefined {
  switch (column.type) {
    case "category":
      return categorySimilarity(Uint32Array.from(members, (item) => column.codes[item]));
    case "categories":
      return categoriesSimilarity(column, members);
    case "number":
    case "time":
      return numberSimilarity(Float64Array.from(members, (item) => column.values[item]));
    case "vector":
      return vectorSimilarity(column, members);
    default:
      return undefined;
  }
}

function categorySimilarity(codes: Uint32Array): PropertySimilarity {
  return (member, weight, out) => {
    const code = codes[member];
    if (code === MISSING) return;
    for (let i = 0; i < codes.length; i++) if (codes[i] === code) out[i] += weight;
  };
}

function categoriesSimilarity(column: Extract<FeatureColumn, { type: "categories" }>, members: Uint32Array): PropertySimilarity {
  const { offsets, codes } = column;
  const marked = new Uint8Array(column.names.length);
  return (member, weight, out) => {
    const from = offsets[members[member]];
    const to = offsets[members[member] + 1];
    if (from === to) return;
    for (let at = from; at < to; at++) marked[codes[at]] = 1;
    for (let i = 0; i < members.length; i++) {
      const start = offsets[members[i]];
      const end = offsets[members[i] + 1];
      let shared = 0;
      for (let at = start; at < end; at++) shared += marked[codes[at]];
      if (shared > 0) out[i] += (weight * shared) / Math.sqrt((to - from) * (end - start));
    }
    for (let at = from; at < to; at++) marked[codes[at]] = 0;
  };
}

function numberSimilarity(values: Float64Array): PropertySimilarity {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const scale = most > least ? 1 / (most - least) : 0;
  return (member, weight, out) => {
    const value = values[member];
    if (!Number.isFinite(value)) return;
    for (let i = 0; i < values.length; i++) {
      if (Number.isFinite(values[i])) out[i] += weight * (1 - Math.abs(values[i] - value) * scale);
    }
  };
}

function vectorSimilarity(column: Extract<FeatureColumn, { type: "vector" }>, members: Uint32Array): PropertySimilarity {
  const { dimensions } = column;
  // Unit vectors. A missing or all-zero vector becomes 0, with similarity 0 to everything.
  const units = new Float32Array(members.length * dimensions);
  for (let i = 0; i < members.length; i++) {
    const vector = column.values.subarray(members[i] * dimensions, (members[i] + 1) * dimensions);
    let square = 0;
    for (let d = 0; d < dimensions; d++) square += vector[d] * vector[d];
    if (!(square > 0 && square < Number.POSITIVE_INFINITY)) continue;
    const scale = 1 / Math.sqrt(square);
    for (let d = 0; d < dimensions; d++) units[i * dimensions + d] = vector[d] * scale;
  }
  return (member, weight, out) => {
    for (let i = 0; i < members.length; i++) {
      let dot = 0;
      for (let d = 0; d < dimensions; d++) dot += units[member * dimensions + d] * units[i * dimensions + d];
      out[i] += weight * dot;
    }
  };
}
