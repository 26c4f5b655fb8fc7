#!/usr/bin/env python3
"""The search for slices that a user would write today: pandas groupby over
every combination of columns, Fisher's exact test, Benjamini and Hochberg.

No pruning, no held-out half: the sorted list of all that is significant.

usage: slices_pandas.py TABLE COLUMN,... LABEL SCORE THRESHOLD DEPTH
"""
import itertools
import json
import resource
import sys
import time

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.multitest import multipletests


def search(rows, error, columns, depth, minimum=30):
    names, tables = [], []
    frame = rows[columns].copy()
    frame["error"] = error.to_numpy()
    all_rows, all_errors = len(frame), int(frame["error"].sum())
    for size in range(1, depth + 1):
        for chosen in itertools.combinations(columns, size):
            sums = frame.groupby(list(chosen), observed=True,
                                 dropna=False)["error"].agg(["size", "sum"])
            for level, n, errors in sums.itertuples():
                if n < minimum or all_rows - n < minimum:
                    continue
                level = level if isinstance(level, tuple) else (level,)
                names.append(", ".join(f"{c}={v}"
                                       for c, v in zip(chosen, level)))
                tables.append((errors, n))
    tables = np.array(tables)
    p = stats.hypergeom.sf(tables[:, 0] - 1, all_rows, all_errors,
                           tables[:, 1])
    significant = multipletests(p, alpha=0.05, method="fdr_bh")[0]
    rate = all_errors / all_rows
    excess = tables[:, 0] - rate * tables[:, 1]
    order = [i for i in np.argsort(-excess) if significant[i]]
    return len(names), [names[i] for i in order]


def main():
    path, columns, label, score, threshold, depth = sys.argv[1:]
    columns = columns.split(",")
    table = pd.read_csv(path, usecols=columns + [label, score],
                        dtype={c: "category" for c in columns})
    read = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start, cpu = time.perf_counter(), time.process_time()
    flagged = table[score] >= float(threshold)
    result = {}
    for metric, rows in (("fnr", table[label] == 1), ("fpr", table[label] == 0)):
        error = (~flagged if metric == "fnr" else flagged)[rows]
        tested, found = search(table[rows], error, columns, int(depth))
        result[metric] = {"tested": tested, "significant": len(found),
                          "first": found[:5]}
    result["wall_s"] = round(time.perf_counter() - start, 3)
    result["cpu_s"] = round(time.process_time() - cpu, 3)
    result["peak_mb_after_reading"] = read // 1024
    result["peak_mb"] = resource.getrusage(
        resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
