"""implicit's ALS: python implicit_als.py DATA FACTORS EPOCHS"""
import sys
from runner import ndcg20, report, split, timed
from implicit.cpu.als import AlternatingLeastSquares

name, factors, epochs = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
train, test = split(name)
# The best of nine pairs of regularization (0.1 to 40) and alpha (1 to 200) on 10% of the training part of Gowalla, at 64 factors.
model = AlternatingLeastSquares(factors=factors, iterations=epochs, regularization=10, alpha=40, random_state=1)
seconds, _ = timed(lambda: model.fit(train, show_progress=False))
report(seconds=seconds, ndcg=ndcg20(lambda users, rows: model.recommend(users, rows, N=20)[0], train, test))
