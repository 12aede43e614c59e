export { type CreatedServer, type CreateServerOptions, createServer } from "./create-server.ts";
export { type KeyRecord, Keys, type Scope } from "./keys.ts";
export { type Flaw, type Problem, type ProblemCode, statuses } from "./problem.ts";
export { closeOnSignals, type RunningServer, type ServeOptions, serveEngine } from "./serve-engine.ts";
export { startServer } from "./start-server.ts";
