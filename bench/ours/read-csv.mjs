// @ts-check
// Reads the CSV file of 20 million rows into a Dataset: node read-csv.mjs FILE
import { loadDataset } from "recobase";
import { report, timed } from "./runner.mjs";

const { seconds, value } = await timed(() =>
  loadDataset(process.argv[2], { user: "user", item: "item", weight: "rating", time: "time", repeats: "all" }),
);
report({ seconds, rows: value.size });
