// Every kernel of the WebAssembly module, one line per file.
export { gemm, gemmFewDots, gemmFewSums, packColumns } from "./gemm";
export { gramPart, gramReduce, mirror } from "./gram";
export { axpy, dot } from "./vectors";
export { choleskySolve } from "./cholesky";
export { conjugateGradient } from "./conjugate-gradient";
export { sparseGram } from "./sparse-gram";
export { sparseScores, topKSparse } from "./sparse-scores";
export { sparseProductTopK } from "./sparse-top-k";
export { topKDense, topKFew, topKMerge, topKScores } from "./top-k";
export { norms, packItems, topKInner } from "./top-k-inner";
export { supportRidge } from "./support-ridge";
export { sweepFinish, sweepPanel, sweepPivot, sweepUpdate } from "./inverse";
export { foldInBlocks } from "./fold-in-blocks";
export { foldInConjugate } from "./fold-in-conjugate";
export { bprArrange, bprFoldIn, bprRound } from "./bpr";
export { sumRows } from "./sum-rows";
