"""Shared by the rivals' runners: the same data, the same NDCG, one line of JSON."""
import json, os, resource, time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
import numpy as np
import scipy.sparse as sp

CACHE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".cache")


def cached(name):
    return os.path.join(CACHE, name)


def split(name):
    with open(cached(name + ".json")) as file:
        counts = json.load(file)
    shape = (counts["userCount"], counts["itemCount"])

    def part(kind):
        flat = np.fromfile(cached(f"{name}.{kind}"), dtype=np.uint32).astype(np.int32)
        users, items = flat[: len(flat) // 2], flat[len(flat) // 2 :]
        matrix = sp.csr_matrix((np.ones(len(users), np.float32), (users, items)), shape=shape)
        matrix.data[:] = 1
        return matrix

    return part("train"), part("test")


def timed(work):
    start = time.perf_counter()
    value = work()
    return time.perf_counter() - start, value


def ndcg20(recommend, train, test):
    """Mean NDCG@20 over the first 5,000 users with held-out items; recommend(users, rows of train) returns 20 items each."""
    users = np.flatnonzero(np.diff(test.indptr))[:5000]
    lists = recommend(users, train[users])
    gains = 1 / np.log2(np.arange(20) + 2)
    total = 0.0
    for row, user in enumerate(users):
        targets = test.indices[test.indptr[user] : test.indptr[user + 1]]
        hits = np.isin(lists[row][:20], targets)
        total += gains[: len(hits)][hits].sum() / gains[: min(20, len(targets))].sum()
    return total / len(users)


def report(**result):
    result["peakMiB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps(result))
