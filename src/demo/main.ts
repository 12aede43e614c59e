import { tour } from "./tour/tour.ts";

await tour({ output: process.stdout, errors: process.stderr, environment: process.env, folder: "demo" });
