"""Six RecTools metrics on lists from implicit's recommend: python rectools_evaluate.py DATA"""
import sys
from runner import cached, report, split, timed
import numpy as np
import pandas as pd
from implicit.cpu.als import AlternatingLeastSquares
from rectools.metrics import HitRate, MAP, MRR, NDCG, Precision, Recall, calc_metrics

name = sys.argv[1]
train, test = split(name)
model = AlternatingLeastSquares(factors=64)
model.user_factors = np.fromfile(cached(f"{name}.evaluated.users"), np.float32).reshape(-1, 64)
model.item_factors = np.fromfile(cached(f"{name}.evaluated.items"), np.float32).reshape(-1, 64)
wanted = test.tocoo()
interactions = pd.DataFrame({"user_id": wanted.row, "item_id": wanted.col})
kinds = {"precision": Precision, "recall": Recall, "hit-rate": HitRate, "ndcg": NDCG, "map": MAP, "mrr": MRR}


def evaluate():
    users = np.arange(train.shape[0])
    items, _ = model.recommend(users, train, N=20)
    lists = pd.DataFrame({"user_id": np.repeat(users, 20), "item_id": items.ravel(), "rank": np.tile(np.arange(1, 21), len(users))})
    return calc_metrics({name: kind(k=20) for name, kind in kinds.items()}, lists, interactions)


seconds, scores = timed(evaluate)
report(seconds=seconds, ndcg=scores["ndcg"], recall=scores["recall"])
