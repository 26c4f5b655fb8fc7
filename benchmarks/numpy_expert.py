#!/usr/bin/env python3
"""What a careful numpy user can reach for the audit of the benchmark table.

usage: numpy_expert.py TABLE.csv REPLICATES VALUES.json

Scores are sorted once; every grouping gets its own order, sorted by group and
then by score. A replicate is a vector of Poisson(1) weights; counts come from
one bincount over the finest cells, AUROCs from sums over tie blocks. Point
estimates are the same code with weights of one. Prints a JSON object of seconds
and writes the point estimates for comparison.
"""
import itertools
import json
import resource
import sys
import time

import numpy as np
import pandas

ATTRIBUTES = ["sex", "age_band", "race", "device"]
THRESHOLD = 0.2


def cpu_seconds():
    return sum(resource.getrusage(resource.RUSAGE_SELF)[:2])


class Grouping:
    """Rows in the order (group, score), and where groups and ties begin."""

    def __init__(self, codes, score, sizes, by):
        self.by = by
        shape = [sizes[a] for a in by]
        group = np.zeros(len(score), np.int64)
        for a in by:
            group = group * sizes[a] + codes[a]
        self.rows = np.argsort(group, kind="stable")
        group, score = group[self.rows], score[self.rows]
        new_group = np.r_[True, group[1:] != group[:-1]]
        ties = new_group | np.r_[True, score[1:] != score[:-1]]
        self.ties = np.flatnonzero(ties)
        self.groups = np.flatnonzero(new_group)
        self.first_tie = np.searchsorted(self.ties, self.groups)
        self.tie_count = np.diff(np.r_[self.first_tie, len(self.ties)])
        self.ids = group[self.groups]
        # Cells of the full cross are summed over the other attributes.
        self.others = tuple(i for i, a in enumerate(ATTRIBUTES) if a not in by)
        self.size = int(np.prod(shape)) if by else 1

    def counts(self, cells):
        """FN, TP, TN, FP of each group from those of the cells."""
        return cells.sum(axis=self.others).reshape(self.size, 4)[self.ids]

    def auroc(self, positive, negative):
        p = np.add.reduceat(positive[self.rows], self.ties)
        n = np.add.reduceat(negative[self.rows], self.ties)
        below = np.cumsum(n) - n
        below -= np.repeat(below[self.first_tie], self.tie_count)
        u = np.add.reduceat(p * (below + 0.5 * n), self.first_tie)
        return u / (np.add.reduceat(p, self.first_tie) *
                    np.add.reduceat(n, self.first_tie))


class Audit:
    def __init__(self, table):
        order = np.argsort(table.score.to_numpy(), kind="stable")
        table = table.iloc[order]
        score = table.score.to_numpy()
        self.y = table.y_true.to_numpy().astype(np.float64)
        self.levels = {a: list(table[a].cat.categories) for a in ATTRIBUTES}
        sizes = {a: len(self.levels[a]) for a in ATTRIBUTES}
        codes = {a: table[a].cat.codes.to_numpy() for a in ATTRIBUTES}
        cell = np.zeros(len(score), np.int64)
        for a in ATTRIBUTES:
            cell = cell * sizes[a] + codes[a]
        flagged = score >= THRESHOLD
        kind = np.where(self.y == 1, np.where(flagged, 1, 0),
                        np.where(flagged, 3, 2))
        self.cell_kind = cell * 4 + kind
        self.shape = [sizes[a] for a in ATTRIBUTES] + [4]
        self.groupings = [Grouping(codes, score, sizes, by)
                          for size in range(3)
                          for by in itertools.combinations(ATTRIBUTES, size)]

    def metrics(self, weight):
        """Arrays by grouping and metric."""
        cells = np.bincount(self.cell_kind, weight,
                            int(np.prod(self.shape))).reshape(self.shape)
        positive = weight * self.y
        negative = weight - positive
        result = []
        for grouping in self.groupings:
            fn, tp, tn, fp = grouping.counts(cells).T
            result.append({
                "n": fn + tp + tn + fp,
                "selection_rate": (tp + fp) / (fn + tp + tn + fp),
                "sensitivity": tp / (tp + fn),
                "fnr": fn / (tp + fn),
                "fpr": fp / (fp + tn),
                "ppv": tp / (tp + fp),
                "auroc": grouping.auroc(positive, negative)})
        return result

    def names(self, grouping):
        sizes = [len(self.levels[a]) for a in grouping.by]
        for i in grouping.ids:
            at = np.unravel_index(i, sizes) if grouping.by else ()
            yield ", ".join(f"{a}={self.levels[a][j]}" for a, j
                            in zip(grouping.by, at)) or "everyone"


def main():
    path, replicates, out = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    table = pandas.read_csv(path, usecols=ATTRIBUTES + ["y_true", "score"],
                            dtype={a: "category" for a in ATTRIBUTES})
    audit = Audit(table)
    point = audit.metrics(np.ones(len(table)))
    once = cpu_seconds()
    once_wall = time.perf_counter() - START

    random = np.random.default_rng(1)
    began = time.perf_counter()
    for _ in range(replicates):
        audit.metrics(random.poisson(1.0, len(table)).astype(np.float64))
    values = {name: {m: float(v[i]) for m, v in metrics.items()}
              for grouping, metrics in zip(audit.groupings, point)
              for i, name in enumerate(audit.names(grouping))}
    print(json.dumps({
        "once_cpu": once, "once_wall": once_wall,
        "replicate_cpu": (cpu_seconds() - once) / replicates,
        "replicate_wall": (time.perf_counter() - began) / replicates,
        "replicates": replicates}))
    with open(out, "w", encoding="utf-8") as file:
        json.dump(values, file)


if __name__ == "__main__":
    START = time.perf_counter()
    main()
