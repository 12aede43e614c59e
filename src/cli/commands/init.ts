import { access, writeFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { Option } from "commander";
import type { PropertyType } from "../../data/entities.ts";
import { RecoError } from "../../util/errors.ts";
import { didYouMean } from "../../util/nearest-names.ts";
import { defineCommand } from "../define-command.ts";
import { type Terminal, write } from "../terminal.ts";

/** The kinds of services, each with its part of the configuration. */
const kinds = {
  shop: {
    says: "a shop: people view items, add them to the cart and buy",
    events: `{ view: 1, cart: 3, purchase: 5 }`,
    objective: `"purchase"`,
    items: "title: text, category: category, price: number",
  },
  video: {
    says: "video or music: people watch or listen",
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
    says: "ratings: people rate items with stars",
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
  description: "Ask three questions and write a server configuration",
  group: "Server",
  flags: (command) =>
    command
      .addOption(new Option("--kind <name>", "answer to the first question").choices(Object.keys(kinds)))
      .option("--store <place>", "answer to the second question: a file, or a postgres:// address")
      .option("--items <list>", 'answer to the third question, such as "title: text, price: number"')
      .option("--out <file>", "file to write", "recobase.config.ts")
      .option("--force", "overwrite an existing file"),
  run: (_given, flags, terminal) => init(flags, terminal),
});

async function init(flags: Flags, terminal: Terminal): Promise<void> {
  const exists = await access(flags.out).then(
    () => true,
    () => false,
  );
  if (exists && !flags.force)
    throw new RecoError("conflict", `${flags.out} already exists. Choose another name with --out, or overwrite it with --force.`);
  const questions = new Questions(terminal);
  const list = Object.entries(kinds).map(([name, { says }], i) => `  ${i + 1} ${name.padEnd(9)} ${says}`);
  const kind = flags.kind ?? (await questions.ask(`What do people do with your items?\n${list.join("\n")}`, "1", kindOf));
  const store =
    flags.store ??
    (await questions.ask("Where should the data be stored? A file, or postgres://user@host/database", "recobase.db", storeOf));
  const items =
    flags.items === undefined
      ? await questions.ask("Which properties do your items have? You can add more later.", kinds[kind].items, propertiesOf)
      : propertiesOf(flags.items);
  questions.close();
  await writeFile(flags.out, configuration(kind, storeOf(store), items));
  await write(
    terminal.output,
    `Wrote ${flags.out}. Next:\n  npx recobase import events.csv   load past events, if you have any (while no server is running)\n  npx recobase serve               start the server; the first start prints an API key\n`,
  );
}

function kindOf(answer: string): Kind {
  const names = Object.keys(kinds) as Kind[];
  const kind = names[Number(answer) - 1] ?? names.find((name) => name === answer.toLowerCase());
  if (kind === undefined)
    throw new RecoError("bad-input", `"${answer}" is not one of the choices. Enter a number from 1 to ${names.length}.`);
  return kind;
}

function storeOf(answer: string): string {
  if (/^\w+:\/\//.test(answer) && !/^postgres(ql)?:\/\//.test(answer))
    throw new RecoError("bad-input", `"${answer}" is neither a file nor a postgres:// address.`);
  return answer;
}

function propertiesOf(answer: string): Record<string, PropertyType> {
  const properties: Record<string, PropertyType> = {};
  for (const part of answer.split(",").filter((text) => text.trim() !== "")) {
    const [name, type, ...rest] = part.split(":").map((text) => text.trim());
    if (!/^[A-Za-z_]\w*$/.test(name) || type === undefined || rest.length > 0)
      throw new RecoError("bad-input", `"${part.trim()}" is not a property. Use the form "title: text, price: number".`);
    const known = types.find((candidate) => candidate === type);
    if (known === undefined)
      throw new RecoError("bad-input", `There is no property type "${type}".${didYouMean(type, types)} Types: ${types.join(", ")}.`);
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
  /** How much one event of each type counts in favor of its item. */
  events: ${spec},${comment && ` ${comment}`}
  /** What counts as success when models are compared. */
  objective: ${objective},
  /** Types of item properties, for rules such as "price < 20" and for finding similar items. */
  items: {
${properties.join("")}  },
});
`;
}

/** Asks on the terminal, and again after an invalid answer. At the end of the input, takes the suggestion. */
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
