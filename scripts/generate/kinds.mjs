// @ts-check
// The generated table of kinds for recommenders: sources, scorers, diversity, exploration. A file in their folders is registered automatically.
// Options are TypeBox schemas, so generating executes the files. A server loads a kind's code only when it is used.
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { createJiti } from "jiti";
import { definitionsOf } from "./definitions.mjs";
import { filesUnder, HEADER, kebab, lines } from "./files.mjs";

/** @typedef {import("../../src/pipeline/definition.ts").Definition} Definition */
/** @typedef {import("../../src/pipeline/definition.ts").Part} Part */

/**
 * @typedef {object} PartFiles
 * @property {Part} part
 * @property {string} table The constant of the table.
 * @property {string} folder Under src/pipeline/, one file per kind; folders below it hold helpers.
 * @property {string} maker
 * @property {readonly string[]} traits Fields of a definition that are needed before its code is loaded.
 * @property {string} type Type of the entries.
 */

/** @type {readonly PartFiles[]} */
const parts = [
  {
    part: "Source",
    table: "sources",
    folder: "sources",
    maker: "defineSource",
    traits: ["namedBy", "repeats"],
    type: "Registered<AnySourceDefinition, SourceTraits>",
  },
  {
    part: "Scorer",
    table: "scorers",
    folder: "scorer",
    maker: "defineScorer",
    traits: ["learns"],
    type: "Registered<AnyScorerDefinition, ScorerTraits>",
  },
  {
    part: "Diversity",
    table: "diversities",
    folder: "rerank/diversity",
    maker: "defineDiversity",
    traits: [],
    type: "Registered<AnyDiversityDefinition, unknown>",
  },
  {
    part: "Exploration",
    table: "explorations",
    folder: "rerank/exploration",
    maker: "defineExploration",
    traits: [],
    type: "Registered<AnyExplorationDefinition, unknown>",
  },
];

/**
 * @typedef {object} Kind
 * @property {PartFiles} part
 * @property {string} path
 * @property {string} constant
 * @property {Definition} definition
 * @property {object} schema
 */

/**
 * Error messages for the definitions of one part.
 *
 * @param {readonly { readonly path: string, readonly constant: string, readonly definition: Definition }[]} found
 * @param {(definition: Definition) => readonly string[]} ownProblems
 * @returns {string[]}
 */
export function kindProblems(found, ownProblems) {
  /** @type {Map<string, string>} */
  const places = new Map();
  return found.flatMap(({ path, constant, definition }) => {
    const file = path.replace(/^.*\/|\.ts$/g, "");
    const { kind } = definition;
    const problems = ownProblems(definition).map((problem) => `${path}: ${problem}`);
    if (kind !== file || kebab(constant) !== file)
      problems.push(`${path}: file, constant and kind must match, but are ${file}, ${constant}, ${kind}.`);
    const other = places.get(kind);
    if (other !== undefined) problems.push(`${path}: the kind ${kind} is already defined in ${other}.`);
    places.set(kind, path);
    return problems;
  });
}

/**
 * All kinds in src/pipeline/, by part and name.
 *
 * @param {string[]} problems collects error messages
 * @returns {Promise<Kind[]>}
 */
export async function findKinds(problems) {
  const jiti = createJiti(import.meta.url, { fsCache: false });
  /** @param {string} path @returns {Promise<Record<string, any>>} */
  const load = (path) => jiti.import(resolve(path));
  const { definitionProblems, schemaOf } = await load("src/pipeline/definition.ts");
  const shared = {
    Source: (await load("src/pipeline/define-source.ts")).sourceOptions,
    Scorer: (await load("src/pipeline/scorer/scorer.ts")).scorerOptions,
    Diversity: (await load("src/pipeline/rerank/diversity/define-diversity.ts")).diversityOptions,
    Exploration: {},
  };
  /** @type {Kind[]} */
  const kinds = [];
  for (const part of parts) {
    const found = [];
    for (const path of await filesUnder(`src/pipeline/${part.folder}`)) {
      for (const { constant } of definitionsOf(path, await readFile(path, "utf8"), part.maker)) {
        try {
          found.push({ path, constant, definition: /** @type {Definition} */ ((await load(path))[constant]) });
        } catch (error) {
          problems.push(`${path} cannot be loaded: ${error instanceof Error ? error.message : error}`);
        }
      }
    }
    const wrong = kindProblems(found, (definition) => definitionProblems(definition, shared[part.part]));
    problems.push(...wrong);
    if (wrong.length === 0)
      kinds.push(...found.map((kind) => ({ ...kind, part, schema: schemaOf(part.part, kind.definition, shared[part.part]) })));
  }
  return kinds;
}

/** @param {readonly Kind[]} kinds */
export function kindsFile(kinds) {
  const tables = parts.map((part) => {
    const entries = kinds.filter((kind) => kind.part === part).map(entryOf);
    return `\nexport const ${part.table}: Readonly<Record<string, ${part.type}>> = {\n${lines(entries)}};\n`;
  });
  return `${HEADER}import type { AnySourceDefinition, SourceTraits } from "./define-source.ts";
import type { Registered } from "./definition.ts";
import type { AnyDiversityDefinition } from "./rerank/diversity/define-diversity.ts";
import type { AnyExplorationDefinition } from "./rerank/exploration/define-exploration.ts";
import type { AnyScorerDefinition, ScorerTraits } from "./scorer/scorer.ts";
${tables.join("")}`;
}

/** @param {Kind} kind */
function entryOf({ part, path, constant, definition, schema }) {
  const fields = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (definition));
  const traits = Object.fromEntries(part.traits.flatMap((name) => (fields[name] === undefined ? [] : [[name, fields[name]]])));
  const file = path.replace("src/pipeline/", "./");
  return `  ${JSON.stringify(definition.kind)}: {
    schema: ${JSON.stringify(schema, null, 2).replaceAll("\n", "\n    ")},
    traits: ${JSON.stringify(traits)},
    load: () => import("${file}").then(({ ${constant} }) => ${constant}),
  },`;
}
