"""EASE with numpy and OpenBLAS: python numpy_ease.py DATA PRECISION"""
import os, sys

os.environ["OPENBLAS_NUM_THREADS"] = str(os.cpu_count())
from runner import ndcg20, report, split, timed
import numpy as np

train, test = split(sys.argv[1])
precision = {"float32": np.float32, "float64": np.float64}[sys.argv[2]]


def fit():
    gram = (train.T @ train).toarray().astype(precision)
    np.fill_diagonal(gram, gram.diagonal() + 500)
    inverse = np.linalg.inv(gram)
    weights = -inverse / inverse.diagonal()
    np.fill_diagonal(weights, 0)
    return weights


seconds, weights = timed(fit)


def recommend(_users, rows):
    scores = np.asarray(rows @ weights)
    scores[rows.nonzero()] = -np.inf
    best = np.argpartition(-scores, 20)[:, :20]
    order = np.take_along_axis(scores, best, 1).argsort(1)[:, ::-1]
    return np.take_along_axis(best, order, 1)


report(seconds=seconds, ndcg=ndcg20(recommend, train, test))
