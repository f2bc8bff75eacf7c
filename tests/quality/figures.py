"""Figures of match quality from ranks: means, and 95 % intervals by a paired bootstrap.

A query's ranks are those of its relevant candidates, from 1, tie-aware (half of a tie stands before). Figures are as those of
engine/score/ranking_quality.h. The bootstrap draws queries with replacement, the same ones for every method; queries that bear
one id (an item asked in several languages) are drawn together.
"""

import math
import random
from collections import defaultdict

ROUNDS = 1000
SEED = 21


def recall_at_10(ranks):
    return sum(rank <= 10 for rank in ranks) / len(ranks)


def reciprocal_rank(ranks):
    return 1 / min(ranks)


def ndcg_at_10(ranks):
    gain = sum(1 / math.log2(rank + 1) for rank in ranks if rank <= 10)
    return gain / sum(1 / math.log2(place + 1) for place in range(1, min(len(ranks), 10) + 1))


FIGURES = {"recall@10": recall_at_10, "MRR": reciprocal_rank, "nDCG@10": ndcg_at_10}


def macro_weights(owners):
    """Of each query, such that every owner weighs the same in a mean."""
    count = defaultdict(int)
    for owner in owners:
        count[owner] += 1
    return [1 / count[owner] for owner in owners]


def mean(values, weights):
    return sum(map(lambda value, weight: value * weight, values, weights)) / sum(weights)


class Resampled:
    """Means of one set of queries over ROUNDS draws. Two means of one Resampled are paired: they saw the same draws."""

    def __init__(self, ids, weights, rounds=ROUNDS, seed=SEED):
        drawn_together = defaultdict(list)
        for place, one in enumerate(ids):
            drawn_together[one].append(place)
        self.clusters = list(drawn_together.values())
        self.weights = weights
        rng = random.Random(seed)
        size = len(self.clusters)
        self.draws = [rng.choices(range(size), k=size) for _ in range(rounds)]
        self.sizes = self.sums([1] * len(weights))

    def sums(self, values):
        of_cluster = [sum(values[place] * self.weights[place] for place in cluster) for cluster in self.clusters]
        return [sum(map(of_cluster.__getitem__, draw)) for draw in self.draws]

    def means(self, values):
        return [total / size for total, size in zip(self.sums(values), self.sizes)]


def interval(values):
    """The middle 95 %. Values that are no numbers (a ratio to 0) stand at the upper end."""
    ordered = sorted(math.inf if math.isnan(value) else value for value in values)
    low = max(0, round(0.025 * len(ordered)) - 1)
    return ordered[low], ordered[len(ordered) - 1 - low]


def ratio(value, base):
    return value / base if base else math.inf
