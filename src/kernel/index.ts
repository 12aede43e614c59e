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
export { bprEpoch, bprFoldIn } from "./bpr.ts";
export { choleskySolve } from "./cholesky.ts";
export { conjugateGradient } from "./conjugate-gradient.ts";
export { foldIn } from "./fold-in.ts";
export { gemm } from "./gemm.ts";
export { gram } from "./gram.ts";
export { invertSymmetric } from "./inverse.ts";
export type { BprEpochArguments, BprFoldInArguments } from "./reference/bpr.ts";
export type { CholeskySolveArguments } from "./reference/cholesky.ts";
export type { ConjugateGradientArguments } from "./reference/conjugate-gradient.ts";
export type { FoldInArguments, FoldInSolver } from "./reference/fold-in.ts";
export type { GemmArguments } from "./reference/gemm.ts";
export type { GramArguments } from "./reference/gram.ts";
export type { InvertSymmetricArguments } from "./reference/inverse.ts";
export type { TopKSparseArguments } from "./reference/sparse-scores.ts";
export type { SparseProductTopKArguments } from "./reference/sparse-top-k.ts";
export type { SumRowsArguments } from "./reference/sum-rows.ts";
export type { SupportRidgeArguments } from "./reference/support-ridge.ts";
export type { TopKResult, TopKSelection } from "./reference/top-k.ts";
export { type SparseGramArguments, sparseGram } from "./sparse-gram.ts";
export type { SparseRows, WeightedRows } from "./sparse-rows.ts";
export { type SparseScoresArguments, sparseScores, topKSparse } from "./sparse-scores.ts";
export { sparseProductTopK } from "./sparse-top-k.ts";
export { sumRows } from "./sum-rows.ts";
export { supportRidge } from "./support-ridge.ts";
export {
  NO_ITEM,
  type TopKDenseArguments,
  type TopKInnerArguments,
  type TopKScoresArguments,
  topKDense,
  topKInner,
  topKScores,
} from "./top-k.ts";
export { axpy, dot } from "./vectors.ts";
