import { type FeatureColumn, type FeatureTable, MISSING } from "../../../data/features.ts";

/** Words of one text that are looked at; names of a list of categories. */
const MOST_WORDS = 200;
/** So many words, or names, of one property count fully; of more, all together count as much as these. */
const FULL_WORDS = 6;
const FULL_NAMES = 4;
/** Parts that numbers are cut into, equally many items in each, and how much the parts beside one's own count. */
const PARTS = 10;
const BESIDE = 0.5;
/** Numbers say less than names and words. */
const NUMBER_WEIGHT = 0.5;
/** Characters of a long text that are looked at to see whether it changed. */
const SAMPLED = 64;

/** Receives the features of one item: 32-bit hashes, none twice for one property, with weights above 0. */
export type Emit = (feature: number, weight: number) => void;

interface Read {
  readonly name: string;
  readonly seed: number;
  /** Of a number. */
  readonly edges: Float64Array;
  column: FeatureColumn;
  /** Hashes of names by code. */
  names: Uint32Array;
}

/** Reads properties of items as features: words, names, and parts of ranges of numbers. Vectors are not among them. */
export class ItemFeatures {
  private readonly reads: readonly Read[];
  private readonly words = new Map<number, number>();

  /** @param properties names of columns; numbers are cut into parts by the values that they have now */
  constructor(columns: FeatureTable, properties: readonly string[], size: number) {
    this.reads = properties.map((name) => {
      const column = columns[name];
      const edges = column.type === "number" ? edgesOf(column.values, size) : new Float64Array(0);
      return { name, seed: hash(name, 0x811c9dc5), edges, column, names: new Uint32Array(0) };
    });
  }

  /** Takes the columns as they are after a change of the catalogue; of the same names and types. */
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

  /** Changes when the properties of an item change. Of long texts a sample of characters is looked at. */
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

/** FNV-1a, going on from a hash. */
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

/** Numbers that cut the values of a sample of items into parts of equal size, ascending, none twice. */
function edgesOf(values: Float64Array, size: number): Float64Array {
  const step = Math.max(1, Math.floor(size / 2000));
  const sampled: number[] = [];
  for (let item = 0; item < size; item += step) if (Number.isFinite(values[item])) sampled.push(values[item]);
  const sorted = Float64Array.from(sampled).sort();
  const edges = new Set<number>();
  for (let part = 1; part < PARTS && sorted.length > 0; part++) edges.add(sorted[Math.floor((part * sorted.length) / PARTS)]);
  return Float64Array.from(edges);
}

/** How many edges lie at or below a value. */
function partOf(value: number, edges: Float64Array): number {
  let part = 0;
  while (part < edges.length && edges[part] <= value) part++;
  return part;
}
