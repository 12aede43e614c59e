// Made by scripts/generate.mjs. Do not edit.

import type { CommandEntry } from "./define-command.ts";

/** Every command, by name. */
export const commands: readonly CommandEntry[] = [
  {
    name: "convert",
    description: "Read interactions, filter them if need be, and write them in another format",
    group: "Data",
    arguments: { "<file...>": 'interactions; "-" for standard input' },
    load: () => import("./commands/convert.ts"),
  },
  {
    name: "evaluate",
    description: "Compare models on a withheld part of a file, with confidence intervals",
    group: "Models",
    arguments: { "<file...>": 'interactions; "-" for standard input' },
    load: () => import("./commands/evaluate.ts"),
  },
  {
    name: "explain",
    description: "Why an item is recommended: what each item of the history adds",
    group: "Models",
    arguments: { "<model>": 'a file that "recobase train" wrote' },
    load: () => import("./commands/explain.ts"),
  },
  {
    name: "import",
    description: "Bring interactions, with the properties of items and users, into a store or to a server that runs",
    group: "Server",
    arguments: { "<file...>": 'interactions; "-" for standard input' },
    load: () => import("./commands/import.ts"),
  },
  {
    name: "init",
    description: "Ask three questions and write the configuration of a server",
    group: "Server",
    load: () => import("./commands/init.ts"),
  },
  {
    name: "inspect",
    description: "What a file of interactions is like, and whether it supports personalised recommendation",
    group: "Data",
    arguments: { "<file...>": 'interactions; "-" for standard input' },
    load: () => import("./commands/inspect.ts"),
  },
  {
    name: "models",
    description: "List the models, or explain one and its options",
    group: "Models",
    arguments: { "[name]": "a model" },
    load: () => import("./commands/models.ts"),
  },
  {
    name: "recommend",
    description: "Recommend items for users or for a history",
    group: "Models",
    arguments: { "<model>": 'a file that "recobase train" wrote' },
    load: () => import("./commands/recommend.ts"),
  },
  {
    name: "serve",
    description: "Run the recommender server: takes events, learns, answers over HTTP",
    group: "Server",
    load: () => import("./commands/serve.ts"),
  },
  {
    name: "similar",
    description: "The items most alike to one",
    group: "Models",
    arguments: { "<model>": 'a file that "recobase train" wrote' },
    load: () => import("./commands/similar.ts"),
  },
  {
    name: "split",
    description: "Cut a file into a training and a test file",
    group: "Data",
    arguments: { "<file...>": 'interactions; "-" for standard input' },
    load: () => import("./commands/split.ts"),
  },
  {
    name: "train",
    description: "Train one model on all of a file, and save it",
    group: "Models",
    arguments: { "<file...>": 'interactions; "-" for standard input' },
    load: () => import("./commands/train.ts"),
  },
];
