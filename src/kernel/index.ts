export { type Arena, type KernelArray } from "./arena.ts";
export { type ArrayArgument, type Backend, type BackendOptions, createBackend, defaultBackend, read, update, type Work, write } from "./backend.ts";
export { gemm, type GemmArguments } from "./gemm.ts";
export { gram, type GramArguments } from "./gram.ts";
export { axpy, dot } from "./vectors.ts";
export { choleskySolve, type CholeskySolveArguments } from "./cholesky.ts";
export { conjugateGradient, type ConjugateGradientArguments } from "./conjugate-gradient.ts";
export { sparseGram, type SparseGramArguments } from "./sparse-gram.ts";
export type { SparseRows } from "./sparse-rows.ts";
export { sparseScores, type SparseScoresArguments, topKSparse, type TopKSparseArguments } from "./sparse-scores.ts";
export { sparseProductTopK, type SparseProductTopKArguments } from "./sparse-top-k.ts";
export {
  NO_ITEM,
  topKDense,
  type TopKDenseArguments,
  topKInner,
  type TopKInnerArguments,
  type TopKResult,
  topKScores,
  type TopKScoresArguments,
  type TopKSelection,
} from "./top-k.ts";
export { supportRidge, type SupportRidgeArguments } from "./support-ridge.ts";
