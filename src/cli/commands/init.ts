import { access, writeFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { Option } from "commander";
import type { PropertyType } from "../../data/entities.ts";
import { RecoError } from "../../util/errors.ts";
import { didYouMean } from "../../util/nearest-names.ts";
import { defineCommand } from "../define-command.ts";
import { type Terminal, write } from "../terminal.ts";

/** What people do with items, and what of it counts: each the middle part of a configuration. */
const kinds = {
  shop: {
    says: "a shop: people view, put in the cart, buy",
    events: `{ view: 1, cart: 3, purchase: 5 }`,
    objective: `"purchase"`,
    items: "title: text, category: category, price: number",
  },
  video: {
    says: "video or music: people play, for some seconds",
    events: `{ play: { weight: 1 / 60, byValue: true }, like: 3 }, // a play's value is the seconds watched`,
    objective: `{ type: "play", by: "value" }`,
    items: "title: text, genres: categories, published: time",
  },
  articles: {
    says: "articles or posts: people click and read",
    events: `{ click: 1, read: 3, share: 5 }`,
    objective: `"read"`,
    items: "title: text, topics: categories, published: time",
  },
  ratings: {
    says: "ratings: people give stars",
    events: `{ rating: { weight: 1, byValue: true } }`,
    objective: `"rating"`,
    items: "title: text, categories: categories",
  },
} as const;

type Kind = keyof typeof kinds;

const types: readonly PropertyType[] = ["number", "boolean", "text", "time", "category", "categories", "vector", "place"];

interface Flags {
  readonly kind?: Kind;
  readonly store?: string;
  readonly items?: string;
  readonly out: string;
  readonly force?: boolean;
}

/** `recobase init`: asks three questions and writes a configuration. */
export default defineCommand<Flags>({
  name: "init",
  description: "Ask three questions and write the configuration of a server",
  group: "Server",
  flags: (command) =>
    command
      .addOption(new Option("--kind <name>", "answers the first question").choices(Object.keys(kinds)))
      .option("--store <place>", "answers the second: a file, or a postgres:// address")
      .option("--items <list>", 'answers the third: "title: text, price: number"')
      .option("--out <file>", "where it goes", "recobase.config.ts")
      .option("--force", "overwrite a file that is there"),
  run: (_given, flags, terminal) => init(flags, terminal),
});

async function init(flags: Flags, terminal: Terminal): Promise<void> {
  const exists = await access(flags.out).then(
    () => true,
    () => false,
  );
  if (exists && !flags.force) throw new RecoError("conflict", `${flags.out} is there already. Give another name with --out, or --force.`);
  const questions = new Questions(terminal);
  const list = Object.entries(kinds).map(([name, { says }], i) => `  ${i + 1} ${name.padEnd(9)} ${says}`);
  const kind = flags.kind ?? (await questions.ask(`What do people do with your items?\n${list.join("\n")}`, "1", kindOf));
  const store =
    flags.store ?? (await questions.ask("Where is the data kept? A file, or postgres://user@host/database", "recobase.db", storeOf));
  const items =
    flags.items === undefined
      ? await questions.ask("Which properties do items have? Others can come later.", kinds[kind].items, propertiesOf)
      : propertiesOf(flags.items);
  questions.close();
  await writeFile(flags.out, configuration(kind, storeOf(store), items));
  await write(
    terminal.output,
    `Wrote ${flags.out}. Next:\n  recobase serve                     starts the server, and prints a key at its first start\n  recobase import events.csv         brings in what people did so far (before the server starts, or with --server)\n`,
  );
}

function kindOf(answer: string): Kind {
  const names = Object.keys(kinds) as Kind[];
  const kind = names[Number(answer) - 1] ?? names.find((name) => name === answer.toLowerCase());
  if (kind === undefined) throw new RecoError("bad-input", `"${answer}" is none of them. Answer with a number from 1 to ${names.length}.`);
  return kind;
}

function storeOf(answer: string): string {
  if (/^\w+:\/\//.test(answer) && !/^postgres(ql)?:\/\//.test(answer))
    throw new RecoError("bad-input", `"${answer}" is neither a file nor an address that begins with postgres://.`);
  return answer;
}

function propertiesOf(answer: string): Record<string, PropertyType> {
  const properties: Record<string, PropertyType> = {};
  for (const part of answer.split(",").filter((text) => text.trim() !== "")) {
    const [name, type, ...rest] = part.split(":").map((text) => text.trim());
    if (!/^[A-Za-z_]\w*$/.test(name) || type === undefined || rest.length > 0)
      throw new RecoError("bad-input", `"${part.trim()}" is not a property. Write them as in "title: text, price: number".`);
    const known = types.find((candidate) => candidate === type);
    if (known === undefined)
      throw new RecoError("bad-input", `There is no type "${type}".${didYouMean(type, types)} Types: ${types.join(", ")}.`);
    properties[name] = known;
  }
  return properties;
}

function configuration(kind: Kind, store: string, items: Record<string, PropertyType>): string {
  const { events, objective } = kinds[kind];
  const [spec, comment = ""] = events.split(/, (?=\/\/)/);
  const properties = Object.entries(items).map(([name, type]) => `    ${name}: "${type}",\n`);
  return `import { defineConfig } from "recobase/config";

export default defineConfig({
  store: ${JSON.stringify(store)},
  /** What one event of each type says in favour of its item. */
  events: ${spec},${comment && ` ${comment}`}
  /** What success means: models are chosen by it. */
  objective: ${objective},
  /** Types of item properties, for rules such as "price < 20" and for finding items that are alike. */
  items: {
${properties.join("")}  },
});
`;
}

/** Asks on the terminal, again after an answer that makes no sense. Where the input has ended, the suggestion is the answer. */
class Questions {
  private readonly terminal: Terminal;
  private readonly lines: AsyncIterator<string>;
  private readonly reader: ReturnType<typeof createInterface>;

  constructor(terminal: Terminal) {
    this.terminal = terminal;
    this.reader = createInterface({ input: terminal.input });
    this.lines = this.reader[Symbol.asyncIterator]();
  }

  async ask<T>(question: string, suggestion: string, understand: (answer: string) => T): Promise<T> {
    for (;;) {
      await write(this.terminal.errors, `${question}\n[${suggestion}] `);
      const { value, done } = await this.lines.next();
      if (done) await write(this.terminal.errors, "\n");
      const answer = done || value.trim() === "" ? suggestion : value.trim();
      try {
        return understand(answer);
      } catch (error) {
        if (!(error instanceof RecoError) || done) throw error;
        await write(this.terminal.errors, `${error.message}\n`);
      }
    }
  }

  close(): void {
    this.reader.close();
  }
}
