import fc from "fast-check";

/** The part of JSON Schema that the server's OpenAPI document uses. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: unknown;
  readonly maxProperties?: number;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
}

/**
 * Meaningful texts by field name, so that requests find something; "" for all other fields.
 */
export type Known = Readonly<Record<string, readonly string[]>>;

/** Values that match a schema without references, for a field with this name. */
export function fitting(schema: JsonSchema, known: Known, name = ""): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((branch) => fitting(branch, known, name)));
  switch (schema.type) {
    case "string":
      return text(schema, known[name] ?? known[""]);
    case "integer":
      return fc.integer({ min: schema.minimum ?? -1000, max: Math.min(schema.maximum ?? 1000, (schema.minimum ?? 0) + 1e12) });
    case "number":
      return fc.double({
        min: schema.minimum ?? schema.exclusiveMinimum ?? -1e6,
        max: schema.maximum ?? (schema.minimum ?? 0) + 1e12,
        minExcluded: schema.exclusiveMinimum !== undefined,
        noNaN: true,
      });
    case "boolean":
      return fc.boolean();
    case "null":
      return fc.constant(null);
    case "array":
      return fc.array(fitting(schema.items ?? {}, known, name), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 5, 5),
      });
    case "object":
      return object(schema, known);
    default:
      return fc.jsonValue();
  }
}

function text({ pattern, minLength = 0, maxLength = 30 }: JsonSchema, known: readonly string[]): fc.Arbitrary<string> {
  const fits = (value: string) =>
    value.length >= minLength && value.length <= maxLength && (pattern === undefined || new RegExp(pattern, "u").test(value));
  const usable = known.filter(fits);
  const free = fc.string({ unit: "binary", minLength, maxLength: Math.min(maxLength, 20) }).filter(fits);
  if (usable.length === 0) return free;
  const good = fc.constantFrom(...usable);
  // Random text rarely matches a narrow pattern.
  return pattern === undefined || fits("é😀") ? fc.oneof({ arbitrary: good, weight: 20 }, free) : good;
}

function object(schema: JsonSchema, known: Known): fc.Arbitrary<unknown> {
  const { properties = {}, required = [], patternProperties = {} } = schema;
  const [pattern] = Object.entries(patternProperties);
  if (pattern !== undefined)
    return fc.dictionary(text({ pattern: pattern[0], minLength: 1 }, known[""]), fitting(pattern[1], known), { maxKeys: 4 });
  const fields = Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, fitting(inner, known, name)]));
  return fc.record(fields, { requiredKeys: [...required] });
}

/** Values like the given ones, changed so that they are most likely invalid. */
export function spoiled(values: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const nasty = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom<unknown>(
      -1,
      1e308,
      "",
      "\u0000",
      "\ud800",
      "../..",
      "__proto__",
      [],
      {},
      null,
      "x".repeat(10_000),
      Number.MAX_SAFE_INTEGER,
    ),
  );
  return fc.tuple(values, nasty, fc.nat(), fc.string({ maxLength: 10 }), fc.boolean()).map(([value, bad, place, name, add]) => {
    const copy: unknown = structuredClone(value);
    const places = placesOf(copy);
    if (places.length === 0) return bad;
    const { holder, key } = places[place % places.length];
    if (add && !Array.isArray(holder))
      Object.defineProperty(holder, name, { value: bad, enumerable: true, configurable: true, writable: true });
    else holder[key] = bad;
    return copy;
  });
}

/** Every writable place in a value. */
function placesOf(value: unknown): { holder: Record<string, unknown>; key: string }[] {
  if (typeof value !== "object" || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesOf(holder[key])]);
}
