#!/usr/bin/python3
"""Makes compare.json: two models on the same rows, and what numpy and
statsmodels say of their differences, from the definitions and not from our
formulas. Needs numpy, scipy and statsmodels; the tests read the file alone.

usage: compare.py > compare.json
"""
import json
import math
import sys

import numpy as np
from scipy.stats import t as student
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint

LEVEL = 0.95
THRESHOLD = 0.5


def make_table(rows, per_subject, seed):
    draw = np.random.default_rng(seed)
    subjects = np.arange(rows) // per_subject
    effect = draw.normal(0, 0.8, subjects.max() + 1)[subjects]
    label = (draw.random(rows) < 0.4).astype(int)
    group = np.where(subjects % 3 == 0, "F", "M")
    common = draw.normal(0, 1, rows) + effect

    def scores(shift, noise):
        logit = -0.6 + shift * label + common + draw.normal(0, noise, rows)
        return np.round(1 / (1 + np.exp(-logit)), 2)  # so that scores tie

    return {"label": label, "group": group, "subject": subjects,
            "a": scores(1.2, 0.7), "b": scores(1.6, 0.5)}


def wins(positive, negative):
    """Of every pair: 1 if in the right order, a half if tied."""
    p = positive[:, None]
    n = negative[None, :]
    return (p > n) + 0.5 * (p == n)


def auroc_difference(label, subject, a, b, clustered):
    """Obuchowski 1997, section 2, of the difference b - a; DeLong if every row
    is a cluster of its own."""
    y = label == 1
    v = wins(b[y], b[~y]) - wins(a[y], a[~y])
    theta = v.mean()
    v10 = v.mean(axis=1) - theta  # of positives
    v01 = v.mean(axis=0) - theta  # of negatives
    m, n = v.shape
    ids = subject if clustered else np.arange(len(label))
    clusters = np.unique(ids)
    x = np.array([v10[ids[y] == c].sum() for c in clusters])
    z = np.array([v01[ids[~y] == c].sum() for c in clusters])
    has10 = np.array([(ids[y] == c).any() for c in clusters])
    has01 = np.array([(ids[~y] == c).any() for c in clusters])
    i10, i01, i = has10.sum(), has01.sum(), len(clusters)
    variance = (i10 / (i10 - 1) * (x ** 2).sum() / m ** 2
                + i01 / (i01 - 1) * (z ** 2).sum() / n ** 2
                + 2 * i / (i - 1) * (x * z).sum() / (m * n))
    return interval(theta, variance, min(i10, i01))


def interval(value, variance, subjects):
    degrees = int(subjects) - 1
    reach = student.ppf(0.5 + LEVEL / 2, degrees)
    se = math.sqrt(variance)
    return {"value": value, "se": se, "lo": value - reach * se,
            "hi": value + reach * se,
            "p": 2 * student.sf(abs(value / se), degrees)}


def ratio_difference(numerators, denominators, subject, clustered):
    """b - a of two ratios of sums, linearised by subject: the influence of a
    subject is the sum of (numerator - ratio * denominator) / total."""
    influence = np.zeros(len(subject))
    ratios = []
    for sign, num, den in zip((-1, 1), numerators, denominators):
        ratio = num.sum() / den.sum()
        ratios.append(ratio)
        influence += sign * (num - ratio * den) / den.sum()
    ids = subject if clustered else np.arange(len(subject))
    sums = np.array([influence[ids == c].sum() for c in np.unique(ids)])
    s = len(sums)
    counted = min(len(np.unique(ids[den > 0])) for den in denominators)
    return interval(ratios[1] - ratios[0], s / (s - 1) * (sums ** 2).sum(),
                    counted)


def newcombe_paired(event_a, event_b):
    """Method 10 of Newcombe 1998c, written out of the paper."""
    e = int((event_a & event_b).sum())
    f = int((event_b & ~event_a).sum())
    g = int((event_a & ~event_b).sum())
    h = int((~event_a & ~event_b).sum())
    n = e + f + g + h
    wilson = [proportion_confint(k, n, 1 - LEVEL, "wilson")
              for k in (e + f, e + g)]
    p1, p2 = (e + f) / n, (e + g) / n
    product = (e + f) * (g + h) * (e + g) * (f + h)
    b = e * h - f * g
    if product == 0:
        phi = 0
    elif b > n / 2:
        phi = (b - n / 2) / math.sqrt(product)
    elif b >= 0:
        phi = 0
    else:
        phi = b / math.sqrt(product)
    (l1, u1), (l2, u2) = wilson
    lo = p1 - p2 - math.sqrt((p1 - l1) ** 2 - 2 * phi * (p1 - l1) * (u2 - p2)
                             + (u2 - p2) ** 2)
    hi = p1 - p2 + math.sqrt((u1 - p1) ** 2 - 2 * phi * (u1 - p1) * (p2 - l2)
                             + (p2 - l2) ** 2)
    p = mcnemar([[e, g], [f, h]], exact=True).pvalue
    return {"value": p1 - p2, "lo": lo, "hi": hi, "p": min(1.0, float(p)),
            "counts": [e, g, f, h]}


def expected(table, rows, clustered):
    label = table["label"][rows]
    subject = table["subject"][rows]
    scores = [table[k][rows] for k in "ab"]
    flags = [s >= THRESHOLD for s in scores]
    y = label == 1
    missed = [~f & y for f in flags]
    result = {
        "auroc": auroc_difference(label, subject, *scores, clustered),
        "fnr": ratio_difference([m.astype(float) for m in missed],
                                [y.astype(float)] * 2, subject, clustered),
        "ppv": ratio_difference([(f & y).astype(float) for f in flags],
                                [f.astype(float) for f in flags], subject,
                                clustered),
        "brier": ratio_difference([(s - label) ** 2 for s in scores],
                                  [np.ones(len(label))] * 2, subject,
                                  clustered),
    }
    if not clustered:
        result["fnr_paired"] = newcombe_paired(missed[0][y], missed[1][y])
    return result


def main():
    cases = []
    for rows, per_subject in ((180, 1), (240, 4)):
        table = make_table(rows, per_subject, rows)
        clustered = per_subject > 1
        groups = {"everyone": np.ones(rows, bool),
                  "F": table["group"] == "F", "M": table["group"] == "M"}
        cases.append({
            "clustered": clustered,
            "rows": {k: v.tolist() for k, v in table.items()},
            "expected": {name: expected(table, mask, clustered)
                         for name, mask in groups.items()}})
    tables = []
    for e, g, f, h in ((36, 2, 12, 0), (10, 3, 9, 28), (0, 0, 0, 12),
                       (50, 0, 0, 0), (3, 7, 1, 40), (1, 5, 6, 1)):
        a = np.array([True] * (e + g) + [False] * (f + h))
        b = np.array([True] * e + [False] * g + [True] * f + [False] * h)
        tables.append(newcombe_paired(a, b))
    json.dump({"level": LEVEL, "threshold": THRESHOLD, "cases": cases,
               "paired_tables": tables}, sys.stdout)
    print()


if __name__ == "__main__":
    main()
