import { type Static, type TObject, type TProperties, type TSchema, Type } from "typebox";
import { isPathName, PATH_NAME_RULE } from "../util/path-name.ts";

/** One kind of a part of a recommender (a source, a scorer, …), with the options of its own. */
export interface Definition<P extends TProperties = TProperties> {
  /** What recommenders name it by: the name of its file. */
  readonly kind: string;
  /** What it does, in a sentence or two, for the documentation. */
  readonly description: string;
  /** A TypeBox schema for each option, with a `description`. */
  readonly options: P;
}

/** The values of options, as `create` receives them. */
export type OptionsOf<P extends TProperties> = DeepReadonly<Static<TObject<P>>>;

type DeepReadonly<T> = T extends (...given: never) => unknown ? T : T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

/** The parts of a recommender that come in kinds. */
export type Part = "Source" | "Scorer" | "Diversity" | "Exploration";

/**
 * The schema of one kind as it stands in a recommender.
 *
 * @param shared options that every kind of the part has
 */
export function schemaOf(part: Part, { kind, description, options }: Definition, shared: TProperties): TSchema {
  const title = `${kind.replaceAll(/(?:^|[-_])(\w)/g, (_, letter: string) => letter.toUpperCase())}${part}`;
  return Type.Object({ kind: Type.Literal(kind), ...options, ...shared }, { additionalProperties: false, title, description });
}

/** What is wrong with a definition, in sentences. */
export function definitionProblems({ kind, description, options }: Definition, shared: TProperties): string[] {
  const problems: string[] = [];
  if (typeof kind !== "string" || !isPathName(kind)) problems.push(`The kind ${PATH_NAME_RULE}`);
  if (typeof description !== "string" || description.trim() === "") problems.push("It has no description.");
  for (const [name, option] of Object.entries(options)) {
    if (name === "kind" || Object.hasOwn(shared, name))
      problems.push(`The option ${name} is there already, and means the same for every kind.`);
    const { description: text } = option as { description?: string };
    if (text === undefined || text.trim() === "") problems.push(`The option ${name} has no description.`);
  }
  return problems;
}

/** One kind as it is known before its code is loaded: `registry.gen.ts` has one for each built-in kind. */
export interface Registered<D, T> {
  /** Made by `schemaOf`. */
  readonly schema: object;
  readonly traits: T;
  readonly load: () => Promise<D>;
}
