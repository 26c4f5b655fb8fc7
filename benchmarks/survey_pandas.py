#!/usr/bin/env python3
"""A survey of a million rows and thirty columns by `plumbline survey`, beside
what a user would write today with pandas and scipy: the share of each label and
of missing labels by group, the standardised differences, and Cramer's V of
every pair of columns. (Plumbline does that and the rest of its checks.)

usage: survey_pandas.py PLUMBLINE [ROWS]
"""
import itertools
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
import pandas as pd
from scipy import stats

LABELS = [f"y_{i:02d}" for i in range(14)]
NUMBERS = [f"num{i}" for i in range(6)]


def make_table(path, rows):
    draw = np.random.default_rng(1)
    people = int(rows * 0.4)
    of_person = {
        "sex": np.array(["F", "M"])[draw.integers(0, 2, people)],
        "race": np.array(["A", "B", "C", "D", "unknown"])[
            draw.choice(5, people, p=[.6, .15, .1, .1, .05])],
        "age": draw.integers(18, 95, people)}
    columns = {"patient_id": draw.integers(0, people, rows)}
    for name, values in of_person.items():
        columns[name] = values[columns["patient_id"]]
    for i, label in enumerate(LABELS):
        rate = (.02 + .01 * i) * (1 + .3 * (columns["race"] == "B"))
        values = (draw.random(rows) < rate).astype(float)
        gap = draw.random(rows)
        values[gap < .05] = np.nan
        values[(gap > .05) & (gap < .08)] = -1
        columns[label] = values
    for name, levels in (("view", ["AP", "PA", "LL"]), ("site", ["x", "y", "z"]),
                         ("device", [f"dev{k}" for k in range(8)]),
                         ("ward", ["u", "v", "w"])):
        columns[name] = np.array(levels)[draw.integers(0, len(levels), rows)]
    columns["year"] = draw.integers(2010, 2020, rows)
    for name in NUMBERS:
        columns[name] = np.round(draw.normal(size=rows), 3)
    columns["part"] = np.array(["train", "test"])[
        (columns["patient_id"] % 10 > 6).astype(int)]
    pd.DataFrame(columns).to_csv(path, index=False)
    return len(columns)


def cramers_v(x, y):
    table = pd.crosstab(x, y).to_numpy()
    n, chi = table.sum(), stats.chi2_contingency(table, correction=False)[0]
    r, k = table.shape
    phi = max(0, chi / n - (r - 1) * (k - 1) / (n - 1))
    return np.sqrt(phi / min(r - (r - 1) ** 2 / (n - 1) - 1,
                             k - (k - 1) ** 2 / (n - 1) - 1))


def survey(path):
    table = pd.read_csv(path)
    table["age"] = pd.cut(table["age"], [0, 40, 60, 80, 200], right=False)
    results = []
    for group in ("sex", "race", "age"):
        for label in LABELS:
            known = table[label].where(table[label] >= 0)
            rates = known.groupby(table[group], observed=True).mean()
            missing = known.isna().groupby(table[group], observed=True).mean()
            p = rates.to_numpy()
            spread = np.sqrt((p * (1 - p) + p[0] * (1 - p[0])) / 2)
            results += [missing, (p - p[0]) / spread]
    one_each = table.drop_duplicates("patient_id")
    words = {c: one_each[c] for c in ("sex", "race", "age", "view", "site",
                                      "device", "ward", "year")}
    words |= {c: one_each[c].where(one_each[c] >= 0) for c in LABELS}
    words |= {c: pd.qcut(one_each[c], 5, duplicates="drop") for c in NUMBERS}
    results += [cramers_v(words[x], words[y])
                for x, y in itertools.combinations(words, 2)]
    return len(results)


def timed(work, times):
    seconds = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def main():
    binary = sys.argv[1]
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "t.csv")
        columns = make_table(path, rows)
        command = [binary, "survey", path, "--subject", "patient_id", "--by",
                   "sex,race,age", "--bins", "age=0,40,60,80", "--label", "y_*",
                   "--covariates", ",".join(["view", "ward", *NUMBERS]),
                   "--device", "device", "--site", "site", "--time", "year",
                   "--split", "part", "-o", os.path.join(folder, "out"), "-q"]
        ours = timed(lambda: subprocess.run(
            command, check=True, stdout=subprocess.DEVNULL), 3)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6
        pandas = timed(lambda: survey(path), 3)
    print(f"{rows:,} rows x {columns} columns, medians of 3")
    print(f"plumbline survey, all checks, with its page: {ours:.1f} s, "
          f"{peak:.1f} GB")
    print(f"pandas and scipy, rates, differences and Cramer's V: {pandas:.1f} s")


if __name__ == "__main__":
    main()
