export type { Arena, KernelArray } from "./arena.ts";
export {
  type ArrayArgument,
  type Backend,
  type BackendOptions,
  createBackend,
  defaultBackend,
  read,
  update,
  type Work,
  write,
} from "./backend.ts";
export { type BprEpochArguments, type BprFoldInArguments, bprEpoch, bprFoldIn } from "./bpr.ts";
export { type CholeskySolveArguments, choleskySolve } from "./cholesky.ts";
export { type ConjugateGradientArguments, conjugateGradient } from "./conjugate-gradient.ts";
export { type FoldInArguments, type FoldInSolver, foldIn, type WeightedRows } from "./fold-in.ts";
export { type GemmArguments, gemm } from "./gemm.ts";
export { type GramArguments, gram } from "./gram.ts";
export { type InvertSymmetricArguments, invertSymmetric } from "./inverse.ts";
export { type SparseGramArguments, sparseGram } from "./sparse-gram.ts";
export type { SparseRows } from "./sparse-rows.ts";
export { type SparseScoresArguments, sparseScores, type TopKSparseArguments, topKSparse } from "./sparse-scores.ts";
export { type SparseProductTopKArguments, sparseProductTopK } from "./sparse-top-k.ts";
export { type SumRowsArguments, sumRows } from "./sum-rows.ts";
export { type SupportRidgeArguments, supportRidge } from "./support-ridge.ts";
export {
  NO_ITEM,
  type TopKDenseArguments,
  type TopKInnerArguments,
  type TopKResult,
  type TopKScoresArguments,
  type TopKSelection,
  topKDense,
  topKInner,
  topKScores,
} from "./top-k.ts";
export { axpy, dot } from "./vectors.ts";
