import { demo } from "./demo.ts";

await demo({ output: process.stdout, errors: process.stderr, environment: process.env, folder: "demo" });
