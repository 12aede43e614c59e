export { type ModelCheck, modelSuite } from "./model-suite.ts";
export { realData } from "./real-data.ts";
export { type StorageCheck, storageSuite } from "./storage-suite.ts";
export { type StoreCheck, type StorePlace, storeSuite } from "./store-suite.ts";
