/** The subset of JSON Schema that describes input. */
export interface JsonSchema {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: unknown;
  readonly minProperties?: number;
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
  /** What a pattern or type requires, in words. */
  readonly expects?: string;
}

export function isOf(type: string, value: unknown): boolean {
  if (type === "array") return Array.isArray(value);
  if (type === "null") return value === null;
  if (type === "integer") return Number.isInteger(value);
  if (type === "number") return Number.isFinite(value);
  if (type === "object") return typeof value === "object" && value !== null && !Array.isArray(value);
  return typeof value === type;
}

/**
 * Walks through a value that matches a schema, visiting each part with its schema.
 *
 * @param path a JSON pointer
 */
export function walkValue(
  schema: JsonSchema,
  value: unknown,
  visit: (schema: JsonSchema, value: unknown, path: string) => void,
  path = "",
): void {
  if (value === undefined) return;
  visit(schema, value, path);
  if (schema.anyOf !== undefined) {
    const meant = schema.anyOf.find((branch) => couldBe(branch, value));
    if (meant !== undefined) walkValue(meant, value, visit, path);
  } else if (Array.isArray(value)) {
    for (const [i, entry] of value.entries()) walkValue(schema.items ?? {}, entry, visit, `${path}/${i}`);
  } else if (typeof value === "object" && value !== null) {
    const rest = Object.values(schema.patternProperties ?? {})[0];
    for (const [name, entry] of Object.entries(value)) {
      const inner = Object.hasOwn(schema.properties ?? {}, name) ? schema.properties?.[name] : rest;
      if (inner !== undefined) walkValue(inner, entry, visit, `${path}/${pointerStep(name)}`);
    }
  }
}

/** Whether a value known to match some branch of a union matches this one, judged by its type and constant fields. */
function couldBe(branch: JsonSchema, value: unknown): boolean {
  if (branch.type !== undefined && !isOf(branch.type, value)) return false;
  if (branch.const !== undefined) return branch.const === value;
  return Object.entries(branch.properties ?? {}).every(
    ([name, inner]) => inner.const === undefined || inner.const === (value as Readonly<Record<string, unknown>>)[name],
  );
}

/** One step of a JSON pointer (RFC 6901). */
export function pointerStep(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}
