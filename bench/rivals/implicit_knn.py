"""implicit's CosineRecommender, 100 neighbors: python implicit_knn.py DATA"""
import sys
from runner import ndcg20, report, split, timed
from implicit.nearest_neighbours import CosineRecommender

train, test = split(sys.argv[1])
model = CosineRecommender(K=101)  # its lists contain the item itself
seconds, _ = timed(lambda: model.fit(train, show_progress=False))
report(seconds=seconds, ndcg=ndcg20(lambda users, rows: model.recommend(users, rows, N=20)[0], train, test))
