"""implicit's ALS: python implicit_als.py DATA FACTORS EPOCHS"""
import sys
from runner import ndcg20, report, split, timed
from implicit.cpu.als import AlternatingLeastSquares

name, factors, epochs = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
train, test = split(name)
# The options are the best of a search on a validation part (bench/README.md).
model = AlternatingLeastSquares(factors=factors, iterations=epochs, regularization=10, alpha=10, random_state=1)
seconds, _ = timed(lambda: model.fit(train, show_progress=False))
report(seconds=seconds, ndcg=ndcg20(lambda users, rows: model.recommend(users, rows, N=20)[0], train, test))
