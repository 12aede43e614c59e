import type { FeatureColumn, FeatureTable } from "../data/features.ts";
import { RecoError } from "../util/errors.ts";
import type { Scope } from "./scope.ts";
import type { ValueType } from "./value-type.ts";

/** The data that an expression is evaluated on. */
export interface Subject {
  readonly columns: FeatureTable;
  readonly scope: Scope;
}

/** The column of a property; undefined if the catalog doesn't have one yet, so all items lack it. */
export function columnOf(
  { name, type }: { readonly name: string; readonly type: ValueType },
  columns: FeatureTable,
): FeatureColumn | undefined {
  if (!Object.hasOwn(columns, name)) return undefined;
  const column = columns[name];
  if (column.type === (type === "boolean" ? "number" : type)) return column;
  throw new RecoError(
    "bad-expression",
    `The property ${name} had type ${type} when the expression was compiled, but now has type ${column.type}. Compile it again.`,
  );
}
