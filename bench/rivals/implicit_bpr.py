"""implicit's BPR, seconds per epoch: python implicit_bpr.py DATA FACTORS EPOCHS"""
import sys
from runner import ndcg20, report, split, timed
from implicit.cpu.bpr import BayesianPersonalizedRanking

name, factors, epochs = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
train, test = split(name)
model = BayesianPersonalizedRanking(factors=factors, iterations=epochs, learning_rate=0.05, regularization=0.01, random_state=1)
seconds, _ = timed(lambda: model.fit(train, show_progress=False))
report(seconds=seconds / epochs, ndcg=ndcg20(lambda users, rows: model.recommend(users, rows, N=20)[0], train, test))
