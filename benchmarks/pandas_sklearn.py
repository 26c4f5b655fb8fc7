#!/usr/bin/env python3
"""The audit of the benchmark table as most people write it today.

usage: pandas_sklearn.py TABLE.csv REPLICATES VALUES.json

pandas groups the rows, scikit-learn computes each metric of each group; a
bootstrap replicate does the same on rows drawn with replacement. Prints a JSON
object of seconds and writes the point estimates for comparison.
"""
import itertools
import json
import resource
import sys
import time

import numpy as np
import pandas
from sklearn import metrics as sk

ATTRIBUTES = ["sex", "age_band", "race", "device"]
THRESHOLD = 0.2


def cpu_seconds():
    return sum(resource.getrusage(resource.RUSAGE_SELF)[:2])


def group_metrics(rows):
    sensitivity = sk.recall_score(rows.y_true, rows.flagged, zero_division=0)
    return {
        "n": len(rows),
        "selection_rate": rows.flagged.mean(),
        "sensitivity": sensitivity,
        "fnr": 1 - sensitivity,
        "fpr": 1 - sk.recall_score(rows.y_true, rows.flagged, pos_label=0,
                                   zero_division=0),
        "ppv": sk.precision_score(rows.y_true, rows.flagged, zero_division=0),
        "auroc": (sk.roc_auc_score(rows.y_true, rows.score)
                  if rows.y_true.nunique() == 2 else None)}


def audit(table):
    values = {"everyone": group_metrics(table)}
    for size in (1, 2):
        for by in itertools.combinations(ATTRIBUTES, size):
            for levels, rows in table.groupby(by[0] if size == 1
                                              else list(by)):
                levels = levels if isinstance(levels, tuple) else (levels,)
                name = ", ".join(f"{a}={v}" for a, v in zip(by, levels))
                values[name] = group_metrics(rows)
    return values


def main():
    path, replicates, out = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    table = pandas.read_csv(path)
    table["flagged"] = (table.score >= THRESHOLD).astype(int)
    values = audit(table)
    once, once_wall = cpu_seconds(), time.perf_counter() - START

    random = np.random.default_rng(1)
    began = time.perf_counter()
    for _ in range(replicates):
        audit(table.iloc[random.integers(0, len(table), len(table))])
    print(json.dumps({
        "once_cpu": once, "once_wall": once_wall,
        "replicate_cpu": (cpu_seconds() - once) / replicates,
        "replicate_wall": (time.perf_counter() - began) / replicates,
        "replicates": replicates}))
    with open(out, "w", encoding="utf-8") as file:
        json.dump(values, file, default=float)


if __name__ == "__main__":
    START = time.perf_counter()
    main()
