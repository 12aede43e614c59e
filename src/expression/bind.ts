import {
  borrowNumbers,
  borrowTexts,
  type NumberKernel,
  oneNumber,
  oneText,
  returnNumbers,
  returnTexts,
  type TextKernel,
} from "./blocks.ts";
import { categoryIn, categoryText, hasCategory } from "./category-codes.ts";
import { functions } from "./functions.ts";
import { cosine, distance, hasPlace, hasVector, type PlaceKernels, type Vectors } from "./geometry.ts";
import { coalesce, combined, constantNumber, constantText, gather, mapped, negated, textTest } from "./kernels.ts";
import { countNames, type NameList, overlap, textInList } from "./name-lists.ts";
import { arithmeticLoops, compareLoops, finite, logicLoops } from "./number-loops.ts";
import { type Scope, scopeNames, scopeNumber, scopeNumbers, scopeText, scopeValue } from "./scope.ts";
import { columnOf, type Subject } from "./subject.ts";
import type { Typed } from "./typed.ts";
import { isTextual } from "./value-type.ts";

type Node<Kind extends Typed["kind"]> = Extract<Typed, { kind: Kind }>;

/** Prepares a part of type number, boolean, time or null for evaluation. Anything that doesn't depend on the item is computed here, once. */
export function bindNumber(node: Typed, subject: Subject): NumberKernel {
  const kernel = numberKernel(node, subject);
  return node.perItem || node.kind === "constant" || node.kind === "scoped" ? kernel : constantNumber(oneNumber(kernel));
}

/** The same for a part of type text or category. */
export function bindText(node: Typed, subject: Subject): TextKernel {
  const kernel = textKernel(node, subject);
  return node.perItem || node.kind === "constant" || node.kind === "scoped" ? kernel : constantText(oneText(kernel));
}

function numberKernel(node: Typed, subject: Subject): NumberKernel {
  switch (node.kind) {
    case "constant":
      return constantNumber(node.value === null ? Number.NaN : Number(node.value));
    case "scoped":
      return constantNumber(scopeNumber(node, subject.scope));
    case "property": {
      const column = columnOf(node, subject.columns);
      return column?.type === "number" || column?.type === "time" ? gather(column.values) : constantNumber(Number.NaN);
    }
    case "not":
      return negated(bindNumber(node.operand, subject));
    case "negate":
      return mapped(bindNumber(node.operand, subject), (value) => -value);
    case "and":
    case "or":
      return combined(bindNumber(node.left, subject), bindNumber(node.right, subject), logicLoops[node.kind]);
    case "arithmetic":
      return combined(bindNumber(node.left, subject), bindNumber(node.right, subject), arithmeticLoops[node.operator]);
    case "compare":
      return isTextual(node.left.type)
        ? compareTexts(node, subject)
        : combined(bindNumber(node.left, subject), bindNumber(node.right, subject), compareLoops[node.operator]);
    case "in": {
      const kernel = membership(node, subject);
      return node.negated ? negated(kernel) : kernel;
    }
    case "if": {
      const [condition, then, otherwise] = [node.condition, node.consequence, node.otherwise].map((part) => bindNumber(part, subject));
      return (rows, count, out) => {
        const chosen = borrowNumbers();
        const other = borrowNumbers();
        condition(rows, count, chosen);
        then(rows, count, out);
        otherwise(rows, count, other);
        for (let i = 0; i < count; i++) if (chosen[i] !== 1) out[i] = other[i];
        returnNumbers(chosen);
        returnNumbers(other);
      };
    }
    case "call":
      return call(node, subject);
    case "list":
      throw new Error("A list can't be used as a number.");
  }
}

function textKernel(node: Typed, subject: Subject): TextKernel {
  switch (node.kind) {
    case "constant":
      return constantText(node.value === null ? "" : String(node.value));
    case "scoped":
      return constantText(scopeText(node, subject.scope));
    case "property": {
      const column = columnOf(node, subject.columns);
      if (column?.type === "category") return categoryText(column);
      if (column?.type !== "text") return constantText("");
      const { values } = column;
      return (rows, count, out) => {
        for (let i = 0; i < count; i++) out[i] = values[rows[i]] ?? "";
      };
    }
    case "if": {
      const condition = bindNumber(node.condition, subject);
      const then = bindText(node.consequence, subject);
      const otherwise = bindText(node.otherwise, subject);
      return (rows, count, out) => {
        const chosen = borrowNumbers();
        const other = borrowTexts();
        condition(rows, count, chosen);
        then(rows, count, out);
        otherwise(rows, count, other);
        for (let i = 0; i < count; i++) if (chosen[i] !== 1) out[i] = other[i];
        returnNumbers(chosen);
        returnTexts(other);
      };
    }
    case "call": {
      const [first, ...rest] = node.arguments.map((argument) => bindText(argument, subject));
      if (node.name === "lower") {
        return (rows, count, out) => {
          first(rows, count, out);
          for (let i = 0; i < count; i++) out[i] = out[i].toLowerCase();
        };
      }
      // coalesce
      return (rows, count, out) => {
        const other = borrowTexts();
        first(rows, count, out);
        for (const kernel of rest) {
          kernel(rows, count, other);
          for (let i = 0; i < count; i++) if (out[i] === "") out[i] = other[i];
        }
        returnTexts(other);
      };
    }
    default:
      throw new Error(`A part of kind ${node.kind} can't be used as text.`);
  }
}

function compareTexts(node: Node<"compare">, subject: Subject): NumberKernel {
  const [property, constant] = node.left.perItem ? [node.left, node.right] : [node.right, node.left];
  if (property.kind === "property" && property.type === "category" && !constant.perItem) {
    const column = columnOf(property, subject.columns);
    const text = oneText(bindText(constant, subject));
    if (column?.type !== "category" || text === "") return constantNumber(Number.NaN);
    const equal = categoryIn(column, [text]);
    return node.operator === "=" ? equal : negated(equal);
  }
  const left = bindText(node.left, subject);
  const right = bindText(node.right, subject);
  const equal = node.operator === "=" ? 1 : 0;
  return textTest(left, right, (a, b) => (a === b ? equal : 1 - equal));
}

function membership({ left, right }: Node<"in">, subject: Subject): NumberKernel {
  if (left.type === "null") return constantNumber(Number.NaN);
  if (left.type === "number") {
    const members = new Set(numbersOf(right, subject.scope));
    return mapped(bindNumber(left, subject), (value) => (Number.isNaN(value) ? value : members.has(value) ? 1 : 0));
  }
  const list = nameList(right, subject);
  if (left.kind === "property" && left.type === "category" && list instanceof Set) {
    const column = columnOf(left, subject.columns);
    return column?.type === "category" ? categoryIn(column, list) : constantNumber(Number.NaN);
  }
  if (!left.perItem && !(list instanceof Set)) {
    const text = oneText(bindText(left, subject));
    return text === "" ? constantNumber(Number.NaN) : overlap(list, new Set([text]));
  }
  return textInList(bindText(left, subject), list);
}

function call(node: Node<"call">, subject: Subject): NumberKernel {
  const [first, second] = node.arguments;
  const compute = functions.get(node.name)?.compute;
  if (compute !== undefined) return computed(node, compute, subject);
  switch (node.name) {
    case "has":
      return has(first, subject);
    case "coalesce":
      return coalesce(node.arguments.map((argument) => bindNumber(argument, subject)));
    case "contains":
      return textTest(bindText(first, subject), bindText(second, subject), (text, part) => (text.includes(part) ? 1 : 0));
    case "starts_with":
      return textTest(bindText(first, subject), bindText(second, subject), (text, part) => (text.startsWith(part) ? 1 : 0));
    case "count":
      return countNames(nameList(first, subject));
    case "overlap":
      return overlap(nameList(first, subject), nameList(second, subject));
    case "now":
      return constantNumber(subject.scope.now);
    case "age": {
      const { now } = subject.scope;
      return mapped(bindNumber(first, subject), (time) => now - time);
    }
    case "distance":
      return distance(placeKernels(first, subject), placeKernels(second, subject));
    case "cosine":
      return cosine(vectors(first, subject), vectors(second, subject));
    default:
      throw new Error(`The function ${node.name} is not implemented.`);
  }
}

/** A function of numbers. If it takes many, they are combined two at a time. */
function computed(node: Node<"call">, compute: (a: number, b: number) => number, subject: Subject): NumberKernel {
  const [first, ...rest] = node.arguments.map((argument) => bindNumber(argument, subject));
  if (rest.length === 0) return mapped(first, (value) => finite(compute(value, value)));
  const loop = (a: Float64Array, b: Float64Array, count: number) => {
    for (let i = 0; i < count; i++) a[i] = finite(compute(a[i], b[i]));
  };
  return rest.reduce((left, right) => combined(left, right, loop), first);
}

function has(node: Typed, subject: Subject): NumberKernel {
  if (node.kind === "scoped" && node.type === "unknown") {
    const value = scopeValue(node, subject.scope);
    const there = typeof value === "object" ? value !== null && value.length > 0 : value !== "" && !Number.isNaN(value);
    return constantNumber(there ? 1 : 0);
  }
  switch (node.type) {
    case "text":
    case "category": {
      const column = node.kind === "property" ? columnOf(node, subject.columns) : undefined;
      if (column?.type === "category") return hasCategory(column);
      const text = bindText(node, subject);
      return (rows, count, out) => {
        const texts = borrowTexts();
        text(rows, count, texts);
        for (let i = 0; i < count; i++) out[i] = texts[i] === "" ? 0 : 1;
        returnTexts(texts);
      };
    }
    case "categories":
      return mapped(countNames(nameList(node, subject)), (size) => (size > 0 ? 1 : 0));
    case "numbers":
      return constantNumber(numbersOf(node, subject.scope).length > 0 ? 1 : 0);
    case "place":
      return hasPlace(placeKernels(node, subject));
    case "vector":
      return hasVector(vectors(node, subject));
    default:
      return mapped(bindNumber(node, subject), (value) => (Number.isFinite(value) ? 1 : 0));
  }
}

function nameList(node: Typed, subject: Subject): NameList {
  switch (node.kind) {
    case "scoped":
      return new Set(scopeNames(node, subject.scope));
    case "list":
      return new Set(node.items.map((item) => oneText(bindText(item, subject))).filter((text) => text !== ""));
    case "property": {
      const column = columnOf(node, subject.columns);
      return column?.type === "categories" ? column : new Set();
    }
    default:
      return new Set();
  }
}

function numbersOf(node: Typed, scope: Scope): readonly number[] {
  if (node.kind === "scoped") return scopeNumbers(node, scope);
  if (node.kind !== "list") return [];
  return node.items.map((item) => oneNumber(bindNumber(item, { columns: {}, scope }))).filter((value) => !Number.isNaN(value));
}

function placeKernels(node: Typed, subject: Subject): PlaceKernels {
  if (node.kind === "call") {
    const [latitude, longitude] = node.arguments.map((argument) => bindNumber(argument, subject));
    return { latitude, longitude };
  }
  if (node.kind === "property") {
    const column = columnOf(node, subject.columns);
    if (column?.type === "place") return { latitude: gather(column.latitude), longitude: gather(column.longitude) };
  }
  const [latitude = Number.NaN, longitude = Number.NaN] = node.kind === "scoped" ? scopeNumbers(node, subject.scope) : [];
  return { latitude: constantNumber(latitude), longitude: constantNumber(longitude) };
}

function vectors(node: Typed, subject: Subject): Vectors {
  if (node.kind === "property") {
    const column = columnOf(node, subject.columns);
    if (column?.type === "vector") return { values: column.values, dimensions: column.dimensions, stride: column.dimensions };
    return { values: [], dimensions: 0, stride: 0 };
  }
  const values = numbersOf(node, subject.scope);
  return { values, dimensions: values.length, stride: 0 };
}
