import { type FeatureTable, MISSING } from "../../data/features.ts";
import type { Scope } from "../scope.ts";
import type { Syntax } from "../syntax.ts";

/** An item as an object, null for missing properties. Columns are built from it, and the slow interpreter reads it. */
export interface Item {
  readonly price: number | null;
  readonly stock: number | null;
  readonly fresh: boolean | null;
  readonly published: number | null;
  readonly title: string | null;
  readonly category: string | null;
  readonly brand: string | null;
  readonly tags: readonly string[];
  readonly moods: readonly string[];
  readonly location: readonly number[] | null;
  readonly embedding: readonly number[] | null;
}

/** Types of the item properties. */
export const properties = {
  price: "number",
  stock: "number",
  fresh: "boolean",
  published: "time",
  title: "text",
  category: "category",
  brand: "category",
  tags: "categories",
  moods: "categories",
  location: "place",
  embedding: "vector",
} as const;

/** Items as columns, with a name that no item has, and room for more items. */
export function columnsOf(items: readonly Item[]): FeatureTable {
  const floats = (of: (item: Item) => number | null) => Float64Array.from(items, (item) => of(item) ?? Number.NaN);
  const room = (values: Float64Array) => Float64Array.from([...values, 1, 2]);
  const names: string[] = ["never used"];
  const code = (name: string) => (names.includes(name) ? names.indexOf(name) : names.push(name) - 1);
  const categories = (of: (item: Item) => readonly string[]) => {
    const own: string[] = [];
    const codes = items.flatMap((item) => of(item).map((name) => (own.includes(name) ? own.indexOf(name) : own.push(name) - 1)));
    let end = 0;
    const offsets = Uint32Array.from([0, ...items.map((item) => (end += of(item).length))]);
    return { type: "categories" as const, offsets, codes: Uint32Array.from(codes), names: own };
  };
  return {
    price: { type: "number", values: room(floats((item) => item.price)) },
    stock: { type: "number", values: floats((item) => item.stock) },
    fresh: { type: "number", values: floats((item) => (item.fresh === null ? null : Number(item.fresh))) },
    published: { type: "time", values: floats((item) => item.published) },
    title: { type: "text", values: items.map((item) => item.title ?? "") },
    category: { type: "category", codes: Uint32Array.from(items, ({ category }) => (category === null ? MISSING : code(category))), names },
    brand: { type: "category", codes: Uint32Array.from(items, ({ brand }) => (brand === null ? MISSING : code(brand))), names },
    tags: categories((item) => item.tags),
    moods: categories((item) => item.moods),
    location: {
      type: "place",
      latitude: floats((item) => item.location?.[0] ?? null),
      longitude: floats((item) => item.location?.[1] ?? null),
    },
    embedding: {
      type: "vector",
      dimensions: 3,
      values: Float32Array.from(items.flatMap((item) => item.embedding ?? [Number.NaN, Number.NaN, Number.NaN])),
    },
  };
}

export type Value = number | string | boolean | null | readonly Value[];

const numeric: Readonly<Record<string, (values: readonly number[]) => number>> = {
  min: (values) => Math.min(...values),
  max: (values) => Math.max(...values),
  abs: ([x]) => Math.abs(x),
  floor: ([x]) => Math.floor(x),
  ceil: ([x]) => Math.ceil(x),
  round: ([x]) => Math.round(x),
  log: ([x]) => Math.log(x),
  exp: ([x]) => Math.exp(x),
  sqrt: ([x]) => Math.sqrt(x),
  days: ([x]) => x * 86_400_000,
  hours: ([x]) => x * 3_600_000,
  "+": ([x, y]) => x + y,
  "-": ([x, y]) => x - y,
  "*": ([x, y]) => x * y,
  "/": ([x, y]) => x / y,
  "%": ([x, y]) => x % y,
  negate: ([x]) => -x,
};

/** The language as docs/expressions.md describes it, on the untyped tree, one item at a time. */
export function interpret(node: Syntax, item: Item, scope: Scope): Value {
  const of = (part: Syntax) => interpret(part, item, scope);
  const list = (part: Syntax) => (of(part) ?? []) as readonly Value[];
  const compute = (name: string, parts: readonly Syntax[]) => {
    const values = parts.map(of);
    if (values.includes(null)) return null;
    const value = numeric[name](values as number[]);
    return Number.isFinite(value) ? value : null;
  };
  switch (node.kind) {
    case "constant":
      return node.value === "" ? null : node.value;
    case "property":
      return item[node.name as keyof Item];
    case "scoped":
      return scope[node.root === "parameter" ? "parameters" : node.root]?.[node.name] ?? null;
    case "list":
      return node.items.map(of).filter((value) => value !== null);
    case "not": {
      const value = of(node.operand);
      return value === null ? null : !value;
    }
    case "negate":
      return compute("negate", [node.operand]);
    case "and": {
      const values = [of(node.left), of(node.right)];
      return values.includes(false) ? false : values.includes(null) ? null : true;
    }
    case "or": {
      const values = [of(node.left), of(node.right)];
      return values.includes(true) ? true : values.includes(null) ? null : false;
    }
    case "compare": {
      const left = of(node.left);
      const right = of(node.right);
      if (left === null || right === null) return null;
      if (node.operator === "=") return left === right;
      if (node.operator === "!=") return left !== right;
      if (node.operator === "<") return left < right;
      if (node.operator === "<=") return left <= right;
      return node.operator === ">" ? left > right : left >= right;
    }
    case "in": {
      const value = of(node.left);
      return value === null ? null : list(node.right).includes(value) !== node.negated;
    }
    case "arithmetic":
      return compute(node.operator, [node.left, node.right]);
    case "if":
      return of(node.condition) === true ? of(node.consequence) : of(node.otherwise);
    case "call": {
      const [first, second] = node.arguments;
      switch (node.name) {
        case "has": {
          const value = of(first);
          return value !== null && !(Array.isArray(value) && value.length === 0);
        }
        case "coalesce":
          return node.arguments.map(of).find((value) => value !== null) ?? null;
        case "count":
          return new Set(list(first)).size;
        case "overlap":
          return new Set(list(first).filter((name) => list(second).includes(name))).size;
        case "lower": {
          const text = of(first) as string | null;
          return text === null ? null : text.toLowerCase();
        }
        case "contains":
        case "starts_with": {
          const text = of(first) as string | null;
          const part = of(second) as string | null;
          if (text === null || part === null) return null;
          return node.name === "contains" ? text.split(part).length > 1 : text.slice(0, part.length) === part;
        }
        case "now":
          return scope.now;
        case "age": {
          const time = of(first) as number | null;
          return time === null ? null : scope.now - time;
        }
        case "place": {
          const [latitude, longitude] = node.arguments.map(of) as (number | null)[];
          if (latitude === null || longitude === null || Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return null;
          return [latitude, longitude];
        }
        case "distance": {
          const [a, b] = node.arguments.map(of) as (number[] | null)[];
          if (a === null || b === null) return null;
          // From the angle between two unit vectors, unlike the haversine formula.
          const [u, v] = [a, b].map(([latitude, longitude]) => {
            const [phi, lambda] = [(latitude * Math.PI) / 180, (longitude * Math.PI) / 180];
            return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)];
          });
          const cross = Math.hypot(u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]);
          return 6371.0088 * Math.atan2(cross, u[0] * v[0] + u[1] * v[1] + u[2] * v[2]);
        }
        case "cosine": {
          const [a, b] = node.arguments.map(of) as (number[] | null)[];
          if (a === null || b === null || a.length !== b.length) return null;
          const value = a.reduce((sum, x, d) => sum + x * b[d], 0) / (Math.hypot(...a) * Math.hypot(...b));
          return Number.isNaN(value) ? null : value;
        }
        default:
          return compute(node.name, node.arguments);
      }
    }
  }
}
