export { type ModelCheck, modelSuite } from "./model-suite.ts";
export { realData } from "./real-data.ts";
