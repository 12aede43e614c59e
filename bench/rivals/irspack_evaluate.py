"""irspack's evaluator on the factors that RecoBase learned: python irspack_evaluate.py DATA"""
import os, sys
from runner import cached, report, split, timed
import numpy as np
from irspack import Evaluator
from irspack.recommenders.base import BaseRecommender

name = sys.argv[1]
train, test = split(name)
users = np.fromfile(cached(f"{name}.evaluated.users"), np.float32).reshape(-1, 64)
items = np.fromfile(cached(f"{name}.evaluated.items"), np.float32).reshape(-1, 64)


class Factors(BaseRecommender):
    def _learn(self):
        pass

    def get_score(self, user_indices):
        return users[user_indices] @ items.T

    def get_score_block(self, begin, end):
        return users[begin:end] @ items.T


model = Factors(train).learn()
evaluator = Evaluator(test, cutoff=20, target_metric="ndcg", n_threads=os.cpu_count(), masked_interactions=train)
seconds, scores = timed(lambda: evaluator.get_scores(model, [20]))
report(seconds=seconds, ndcg=scores["ndcg@20"], recall=scores["recall@20"])
