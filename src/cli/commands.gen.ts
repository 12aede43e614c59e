// Made by scripts/generate.mjs. Do not edit.

import type { CommandEntry } from "./define-command.ts";

/** Every command, by name. */
export const commands: readonly CommandEntry[] = [
  {
    name: "convert",
    description: "Convert interactions to another format, optionally filtered",
    group: "Data",
    arguments: { "<file...>": 'interactions; "-" for standard input' },
    load: () => import("./commands/convert.ts"),
  },
  {
    name: "evaluate",
    description: "Compare models on held-out data, with confidence intervals",
    group: "Models",
    arguments: { "<file...>": 'interactions; "-" for standard input' },
    load: () => import("./commands/evaluate.ts"),
  },
  {
    name: "explain",
    description: "Show how much each item of the history contributes to a recommendation",
    group: "Models",
    arguments: { "<model>": 'a file that "recobase train" wrote' },
    load: () => import("./commands/explain.ts"),
  },
  {
    name: "import",
    description: "Load interactions, and properties of items and users, into a store or a running server",
    group: "Server",
    arguments: { "[file...]": 'interactions; "-" for standard input' },
    load: () => import("./commands/import.ts"),
  },
  {
    name: "init",
    description: "Ask three questions and write a server configuration",
    group: "Server",
    load: () => import("./commands/init.ts"),
  },
  {
    name: "inspect",
    description: "Describe interactions, and check whether they support personalized recommendations",
    group: "Data",
    arguments: { "<file...>": 'interactions; "-" for standard input' },
    load: () => import("./commands/inspect.ts"),
  },
  {
    name: "models",
    description: "List the models, or show one with its options",
    group: "Models",
    arguments: { "[name]": "name of a model" },
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
    description: "Run the recommender server: takes events, trains models, answers over HTTP",
    group: "Server",
    load: () => import("./commands/serve.ts"),
  },
  {
    name: "similar",
    description: "Find the items most similar to an item",
    group: "Models",
    arguments: { "<model>": 'a file that "recobase train" wrote' },
    load: () => import("./commands/similar.ts"),
  },
  {
    name: "split",
    description: "Split interactions into training and test files",
    group: "Data",
    arguments: { "<file...>": 'interactions; "-" for standard input' },
    load: () => import("./commands/split.ts"),
  },
  {
    name: "train",
    description: "Train a model on all of the data and save it",
    group: "Models",
    arguments: { "<file...>": 'interactions; "-" for standard input' },
    load: () => import("./commands/train.ts"),
  },
];
