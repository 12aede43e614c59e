import { type FeatureColumn, type FeatureTable, MISSING } from "../../../data/features.ts";

/** Maximum number of words to read from one text, or names from a list of categories. */
const MOST_WORDS = 200;
/** Up to this many words or names of a property count fully. More are scaled down to the same total. */
const FULL_WORDS = 6;
const FULL_NAMES = 4;
/** Number of quantile bins for numbers, and the weight of the neighboring bins. */
const PARTS = 10;
const BESIDE = 0.5;
/** Numbers are less informative than names and words. */
const NUMBER_WEIGHT = 0.5;
/** Characters of a long text to sample when checking whether it changed. */
const SAMPLED = 64;

/** Receives the features of one item: 32-bit hashes, unique within a property, with weights above 0. */
export type Emit = (feature: number, weight: number) => void;

interface Read {
  readonly name: string;
  readonly seed: number;
  /** Bin edges of a number. */
  readonly edges: Float64Array;
  column: FeatureColumn;
  /** Hashes of names by code. */
  names: Uint32Array;
}

/** Turns item properties other than vectors into features: words, names and bins of numbers. */
export class ItemFeatures {
  private readonly reads: readonly Read[];
  private readonly words = new Map<number, number>();

  /** @param properties column names; the bins of numbers are fixed from their current values */
  constructor(columns: FeatureTable, properties: readonly string[], size: number) {
    this.reads = properties.map((name) => {
      const column = columns[name];
      const edges = column.type === "number" ? edgesOf(column.values, size) : new Float64Array(0);
      return { name, seed: hash(name, 0x811c9dc5), edges, column, names: new Uint32Array(0) };
    });
  }

  /** Updates the columns after a change of the catalog. Names and types must be the same. */
  follow(columns: FeatureTable): void {
    for (const read of this.reads) {
      read.column = columns[read.name];
      read.names = new Uint32Array(0);
    }
  }

  /** Calls `emit` with each feature of an item. */
  of(item: number, emit: Emit): void {
    for (const read of this.reads) {
      const { column, seed, edges } = read;
      if (column.type === "text") this.ofText(column.values[item] ?? "", seed, emit);
      else if (column.type === "category") {
        if (column.codes[item] < MISSING) emit(nameHash(read, column.names, column.codes[item]), 1);
      } else if (column.type === "categories") {
        const count = column.offsets[item + 1] - column.offsets[item];
        const weight = Math.sqrt(Math.min(1, FULL_NAMES / count));
        for (let at = column.offsets[item]; at < column.offsets[item + 1]; at++)
          emit(nameHash(read, column.names, column.codes[at]), weight);
      } else if (column.type === "number" && !Number.isNaN(column.values[item])) {
        const part = partOf(column.values[item], edges);
        emit(mix(seed, part), NUMBER_WEIGHT);
        if (part > 0) emit(mix(seed, part - 1), NUMBER_WEIGHT * BESIDE);
        if (part < edges.length) emit(mix(seed, part + 1), NUMBER_WEIGHT * BESIDE);
      }
    }
  }

  /** Changes when the item's properties change. Only samples the characters of long texts. */
  fingerprint(item: number): number {
    let print = 1;
    for (const { column } of this.reads) {
      if (column.type === "text") print = sample(column.values[item] ?? "", print);
      else if (column.type === "category") print = mix(print, column.codes[item]);
      else if (column.type === "categories") {
        for (let at = column.offsets[item]; at < column.offsets[item + 1]; at++) print = mix(print, column.codes[at]);
      } else if (column.type === "number") print = mixNumber(print, column.values[item]);
      else if (column.type === "vector") {
        const { dimensions, values } = column;
        for (let d = 0; d < dimensions; d += Math.ceil(dimensions / 8)) print = mixNumber(print, values[item * dimensions + d]);
      }
    }
    return print;
  }

  private ofText(text: string, seed: number, emit: Emit): void {
    if (text === "") return;
    const { words } = this;
    words.clear();
    const found =
      text
        .toLowerCase()
        .normalize("NFKD")
        .match(/[\p{L}\p{N}]+/gu) ?? [];
    for (let i = 0; i < found.length && i < MOST_WORDS; i++) {
      const word = hash(found[i], seed);
      words.set(word, (words.get(word) ?? 0) + 1);
    }
    const weight = Math.sqrt(Math.min(1, FULL_WORDS / words.size));
    for (const [word, count] of words) emit(word, weight * (1 + Math.log(count)));
  }
}

function nameHash(read: Read, names: readonly string[], code: number): number {
  if (code >= read.names.length) read.names = Uint32Array.from(names, (name) => hash(name, read.seed));
  return read.names[code];
}

/** FNV-1a, continued from a hash. */
function hash(text: string, seed: number): number {
  let value = seed;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}

function sample(text: string, seed: number): number {
  const step = Math.max(1, text.length / SAMPLED);
  let value = mix(seed, text.length);
  for (let at = 0; at < text.length; at += step) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
}

function mix(value: number, other: number): number {
  const mixed = Math.imul(value ^ Math.imul(other + 1, 0x9e3779b1), 0x85ebca6b);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}

const float = new Float64Array(1);
const halves = new Uint32Array(float.buffer);

function mixNumber(value: number, number: number): number {
  float[0] = number;
  return mix(mix(value, halves[0]), halves[1]);
}

/** Quantile edges from a sample of the values, ascending and distinct. */
function edgesOf(values: Float64Array, size: number): Float64Array {
  const step = Math.max(1, Math.floor(size / 2000));
  const sampled: number[] = [];
  for (let item = 0; item < size; item += step) if (Number.isFinite(values[item])) sampled.push(values[item]);
  const sorted = Float64Array.from(sampled).sort();
  const edges = new Set<number>();
  for (let part = 1; part < PARTS && sorted.length > 0; part++) edges.add(sorted[Math.floor((part * sorted.length) / PARTS)]);
  return Float64Array.from(edges);
}

/** The number of edges at or below a value. */
function partOf(value: number, edges: Float64Array): number {
  let part = 0;
  while (part < edges.length && edges[part] <= value) part++;
  return part;
}
