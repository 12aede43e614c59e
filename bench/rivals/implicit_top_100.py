"""implicit's recommend for every user, 100 items, seen ones masked: python implicit_top_100.py DATA FACTORS. Leaves its factors in the cache."""
import os, sys
from runner import cached, report, split, timed
import numpy as np
from implicit.cpu.als import AlternatingLeastSquares

name, factors = sys.argv[1], int(sys.argv[2])
train, _ = split(name)
model = AlternatingLeastSquares(factors=factors, iterations=10, regularization=10, alpha=40, random_state=1)
if os.path.exists(cached(f"{name}.{factors}.users")):
    model.user_factors = np.fromfile(cached(f"{name}.{factors}.users"), np.float32).reshape(-1, factors)
    model.item_factors = np.fromfile(cached(f"{name}.{factors}.items"), np.float32).reshape(-1, factors)
else:
    model.fit(train, show_progress=False)
    model.user_factors.tofile(cached(f"{name}.{factors}.users"))
    model.item_factors.tofile(cached(f"{name}.{factors}.items"))
users = np.arange(train.shape[0])
seconds, (_, scores) = timed(lambda: model.recommend(users, train, N=100, filter_already_liked_items=True))
report(seconds=seconds, scores=float(scores.mean()))
