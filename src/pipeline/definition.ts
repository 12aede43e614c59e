import { type Static, type TObject, type TProperties, type TSchema, Type } from "typebox";
import { isPathName, PATH_NAME_RULE } from "../util/path-name.ts";

/** One kind of recommender part (a source, a scorer, …) with its options. */
export interface Definition<P extends TProperties = TProperties> {
  /** The name recommenders use for it, which is also its file name. */
  readonly kind: string;
  /** One or two sentences for the documentation. */
  readonly description: string;
  /** A TypeBox schema with a `description` for each option. */
  readonly options: P;
}

/** Option values as `create` receives them. */
export type OptionsOf<P extends TProperties> = DeepReadonly<Static<TObject<P>>>;

type DeepReadonly<T> = T extends (...given: never) => unknown ? T : T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

/** The parts of a recommender that come in kinds. */
export type Part = "Source" | "Scorer" | "Diversity" | "Exploration";

/**
 * The schema of one kind within a recommender.
 *
 * @param shared options of every kind of this part
 */
export function schemaOf(part: Part, { kind, description, options }: Definition, shared: TProperties): TSchema {
  const title = `${kind.replaceAll(/(?:^|[-_])(\w)/g, (_, letter: string) => letter.toUpperCase())}${part}`;
  return Type.Object({ kind: Type.Literal(kind), ...options, ...shared }, { additionalProperties: false, title, description });
}

/** Everything wrong with a definition, one sentence each. */
export function definitionProblems({ kind, description, options }: Definition, shared: TProperties): string[] {
  const problems: string[] = [];
  if (typeof kind !== "string" || !isPathName(kind)) problems.push(`The kind ${PATH_NAME_RULE}`);
  if (typeof description !== "string" || description.trim() === "") problems.push("Its description is missing.");
  for (const [name, option] of Object.entries(options)) {
    if (name === "kind" || Object.hasOwn(shared, name))
      problems.push(`The option ${name} is already an option of every kind. Rename yours.`);
    const { description: text } = option as { description?: string };
    if (text === undefined || text.trim() === "") problems.push(`The option ${name} needs a description.`);
  }
  return problems;
}

/** What is known of a kind before its code is loaded. `registry.gen.ts` has one for each built-in kind. */
export interface Registered<D, T> {
  /** Made by `schemaOf`. */
  readonly schema: object;
  readonly traits: T;
  readonly load: () => Promise<D>;
}
