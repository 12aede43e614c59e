import { type FeatureColumn, type FeatureTable, MISSING } from "../features.ts";
import type { Interactions } from "../interactions.ts";
import { shown } from "./bad-rows.ts";
import type { Batch } from "./batch.ts";
import type { ColumnChoice, ColumnChoices } from "./columns.ts";
import { grown, IdEncoder } from "./id-encoder.ts";
import { parseNumberText } from "./numbers.ts";

/** The code of an empty field, the first that every encoder here gives out. */
const EMPTY = 0;

/** Sessions or baskets by id, numbered in order of appearance. Rows without an id are groups of their own. */
export class GroupIds {
  readonly ids = encoder("group");
  /** By code of the id. */
  private readonly numbers: number[] = [];
  private next = 0;

  /** The ids by number of the group. Groups of rows without an id have none. */
  names(): ReadonlyMap<number, string> {
    const ids = this.ids.ids();
    return new Map(this.numbers.flatMap((number, code) => (code === EMPTY ? [] : [[number, String(ids[code])] as const])));
  }

  /** The number of each row's group. */
  numbersOf(codes: Uint32Array): Uint32Array {
    return codes.map((code) => {
      if (code === EMPTY) return this.next++;
      this.numbers[code] ??= this.next++;
      return this.numbers[code];
    });
  }
}

/** The groups that several files share. Files read with the same object give equal numbers to equal ids. */
export class Groups {
  readonly session = new GroupIds();
  readonly basket = new GroupIds();
}

interface MomentColumn {
  readonly role: "session" | "basket" | "context";
  readonly choice: ColumnChoice;
  readonly ids: IdEncoder;
  /** One code a row. */
  codes: Uint32Array<ArrayBuffer>;
  /** Whether a value that isn't a number came in a format with types. Its numbers are then categories. */
  typedText: boolean;
}

/** Gathers the columns that say which interactions belong together and what the moment was like. They are read only on request. */
export class Moments {
  /** In the order of the columns that batches and rows of values have. */
  readonly columns: readonly MomentColumn[];
  private readonly groups: Groups;

  constructor(choices: ColumnChoices, groups: Groups) {
    this.groups = groups;
    const column = (role: MomentColumn["role"], choice: ColumnChoice, ids: IdEncoder): MomentColumn => {
      return { role, choice, ids, codes: new Uint32Array(0), typedText: false };
    };
    const { session, basket, context = [] } = choices;
    this.columns = [
      ...(session ? [column("session", session, groups.session.ids)] : []),
      ...(basket ? [column("basket", basket, groups.basket.ids)] : []),
      ...context.map((choice) => column("context", choice, encoder("context"))),
    ];
  }

  /** Makes room for this many rows. */
  reserve(rows: number): void {
    for (const column of this.columns) column.codes = grown(column.codes, rows);
  }

  /** Takes the rows of a batch, which become the rows from `at` on. */
  addBatch(bytes: Uint8Array, { moments, count }: Batch, at: number): void {
    this.columns.forEach(({ ids, codes }, c) => {
      ids.encodeBatch(bytes, moments[c].starts, moments[c].ends, count, codes.subarray(at, at + count));
    });
  }

  /** What is wrong with the values of a row; undefined if nothing is. */
  flaw(values: readonly unknown[]): string | undefined {
    for (const [c, { role, choice }] of this.columns.entries()) {
      const value = values[c];
      if (value === undefined || value === null || typeof value === "string" || typeof value === "bigint") continue;
      // Writers of Parquet store unknown numbers as NaN.
      if (typeof value === "number" && (Number.isFinite(value) || Number.isNaN(value))) continue;
      if (typeof value === "boolean" && role === "context") continue;
      const text = shown(typeof value === "object" ? JSON.stringify(value) : String(value));
      if (role === "context") return `the context "${choice.name}" is ${text}, which is not text, a finite number, true or false`;
      return `the ${role} ${text} is not a valid id`;
    }
    return undefined;
  }

  /** Takes the values of one row without a {@link flaw}, which becomes row `at`. */
  addValues(values: readonly unknown[], at: number): void {
    for (const [c, column] of this.columns.entries()) {
      const value = values[c] as string | number | bigint | boolean | null | undefined;
      const missing = value === undefined || value === null || value === "" || Number.isNaN(value);
      if (!missing && (typeof value === "string" || typeof value === "boolean")) column.typedText = true;
      column.codes[at] = missing ? EMPTY : column.ids.encodeValue(typeof value === "boolean" ? String(value) : value);
    }
  }

  /** The columns of the first `rows` rows. */
  finish(rows: number): Pick<Interactions, "session" | "basket" | "context"> {
    const found: { session?: Uint32Array; basket?: Uint32Array } = {};
    const context: [string, FeatureColumn][] = [];
    for (const column of this.columns) {
      const codes = column.codes.subarray(0, rows);
      if (column.role === "context") context.push([column.choice.name, featureColumn(column, codes)]);
      else found[column.role] = this.groups[column.role].numbersOf(codes);
    }
    const table: FeatureTable = Object.fromEntries(context);
    return { ...found, ...(context.length > 0 && { context: table }) };
  }
}

/** Numbers if every value is one, otherwise categories. "007" is not a number, as in ids. */
function featureColumn({ ids, typedText }: MomentColumn, codes: Uint32Array): FeatureColumn {
  const [, ...names] = ids.ids().map(String);
  const isNumber = (text: string) => !/^[+-]?0\d/.test(text) && !Number.isNaN(parseNumberText(text));
  if (!typedText && names.length > 0 && names.every(isNumber)) {
    const numbers = Float64Array.from(["", ...names], parseNumberText);
    return { type: "number", values: Float64Array.from(codes, (code) => numbers[code]) };
  }
  return { type: "category", codes: codes.map((code) => (code === EMPTY ? MISSING : code - 1)), names };
}

function encoder(kind: string): IdEncoder {
  const ids = new IdEncoder(kind);
  ids.encodeValue("");
  return ids;
}
