#!/usr/bin/env python3
"""Golden values for src/plumbline/audit/multiclass_test.cc.

Values come from scikit-learn, group by group, of the rows as they are and with
sample weights, some of which are 0. Standard errors come from
influences that are numerical derivatives, by the weight of each row, of each
metric's definition written out over all pairs of rows; no formula of the C++
code is repeated.

usage: multiclass.py > multiclass.json
Written with Python 3.11, numpy 1.24, scikit-learn 1.2.
"""
import json

import numpy as np
from sklearn import metrics as sk

CLASSES = 3
SUBJECTS = 90
ROWS_EACH = 3
STEP = 1e-4


def make_rows():
    draw = np.random.default_rng(20260101)
    rows = []
    for subject in range(SUBJECTS):
        group = int(draw.random() < 0.45)
        shift = draw.normal(0, 0.7, CLASSES)
        usual = int(draw.choice(CLASSES, p=[0.5, 0.3, 0.2]))
        for _ in range(ROWS_EACH):
            again = draw.random() < 0.7
            label = usual if again else int(draw.integers(CLASSES))
            logits = shift + draw.normal(0, 1, CLASSES)
            logits[label] += 1.6 - 0.5 * group
            # Coarse steps, so that scores tie.
            odds = np.exp(np.round(logits * 2) / 2)
            rows.append((subject, group, label, (odds / odds.sum()).tolist()))
    return rows


def below(s, a, b):
    """P(score of a row of a > one of b) + P(equal) / 2, by row weights."""
    return (s[a][:, None] > s[b][None, :]) + \
        0.5 * (s[a][:, None] == s[b][None, :])


def definitions(y, p, d):
    """Each metric as a function of row weights."""
    onehot = np.eye(CLASSES)[y]

    def area(score, a, b, w):
        wa, wb = w[a], w[b]
        return wa @ below(score, a, b) @ wb / (wa.sum() * wb.sum())

    def matrix(w):
        m = np.zeros((CLASSES, CLASSES))
        np.add.at(m, (y, d), w)
        return m

    def against_rest(w):
        return np.array([area(p[:, k], y == k, y != k, w)
                         for k in range(CLASSES)])

    def hand_till(w):
        pairs = [area(p[:, i], y == i, y == j, w)
                 for i in range(CLASSES) for j in range(CLASSES) if i != j]
        return np.mean(pairs)

    def f1(w):
        m = matrix(w)
        return np.mean(2 * np.diag(m) / (m.sum(0) + m.sum(1)))

    def kappa(cost):
        def value(w):
            m = matrix(w) / w.sum()
            return 1 - (cost * m).sum() / \
                (cost * np.outer(m.sum(1), m.sum(0))).sum()
        return value

    grades = np.arange(CLASSES)
    squared = (grades[:, None] - grades[None, :]) ** 2.0
    return {
        "accuracy": lambda w: w @ (y == d) / w.sum(),
        "balanced_accuracy": lambda w: np.mean(
            np.diag(matrix(w)) / matrix(w).sum(1)),
        "macro_f1": f1,
        "kappa": kappa((squared > 0).astype(float)),
        "quadratic_kappa": kappa(squared),
        "macro_auroc": lambda w: against_rest(w).mean(),
        "weighted_auroc": lambda w: against_rest(w) @ (w @ onehot) / w.sum(),
        "hand_till_m": hand_till,
        "brier": lambda w: w @ ((p - onehot) ** 2).sum(1) / w.sum(),
        "log_loss": lambda w: -(w @ np.log(p[np.arange(len(y)), y])) / w.sum(),
    }


def by_sklearn(y, p, d, w=None):
    labels = list(range(CLASSES))
    result = {
        "accuracy": sk.accuracy_score(y, d, sample_weight=w),
        "balanced_accuracy": sk.balanced_accuracy_score(y, d,
                                                        sample_weight=w),
        "macro_f1": sk.f1_score(y, d, average="macro", sample_weight=w),
        "kappa": sk.cohen_kappa_score(y, d, sample_weight=w),
        "quadratic_kappa": sk.cohen_kappa_score(y, d, weights="quadratic",
                                                sample_weight=w),
        "macro_auroc": sk.roc_auc_score(y, p, multi_class="ovr",
                                        sample_weight=w),
        "weighted_auroc": sk.roc_auc_score(y, p, multi_class="ovr",
                                           average="weighted",
                                           sample_weight=w),
        "brier": np.average(np.sum((p - np.eye(CLASSES)[y]) ** 2, axis=1),
                            weights=w),
        "log_loss": sk.log_loss(y, p, labels=labels, sample_weight=w),
    }
    if w is None:  # scikit-learn has no weights for pairs of classes
        result["hand_till_m"] = sk.roc_auc_score(y, p, multi_class="ovo")
    return result


def standard_error(value, y, subjects, by_class, weights):
    n = len(y)
    influence = np.empty(n)
    for i in range(n):
        w = weights.copy()
        w[i] = weights[i] * (1 + STEP)
        up = value(w)
        w[i] = weights[i] * (1 - STEP)
        influence[i] = (up - value(w)) / (2 * STEP)
    ids = np.unique(subjects)
    if by_class:
        for k in range(CLASSES):
            m = len(np.unique(subjects[y == k]))
            influence[y == k] *= np.sqrt(m / (m - 1))
    sums = np.array([influence[subjects == s].sum() for s in ids])
    factor = 1 if by_class else len(ids) / (len(ids) - 1)
    return np.sqrt(factor * (sums ** 2).sum())


BY_CLASS = ("balanced_accuracy", "macro_auroc", "weighted_auroc",
            "hand_till_m")


def jackknife(value, subjects):
    """Over subjects, for orientation: close to the above, not equal."""
    ids = np.unique(subjects)
    left = np.array([value((subjects != s).astype(float)) for s in ids])
    return np.sqrt((len(ids) - 1) / len(ids) *
                   ((left - left.mean()) ** 2).sum())


def weighted_entry(y, p, d, subjects, weights):
    """The same with weights; rows of weight 0 are no rows."""
    kept = weights > 0
    values = by_sklearn(y, p, d, weights)
    y, p, d, s, w = y[kept], p[kept], d[kept], subjects[kept], weights[kept]
    defined = definitions(y, p, d)
    values["hand_till_m"] = defined["hand_till_m"](w)
    entry = {"rows": int(kept.sum()), "subjects": len(np.unique(s)),
             "class_rows": np.bincount(y, minlength=CLASSES).tolist(),
             "recall": sk.recall_score(y, d, average=None,
                                       sample_weight=w).tolist(),
             "metrics": {}}
    for metric, value in values.items():
        own = defined[metric](w)
        assert abs(own - value) < 1e-10, (metric, own, value)
        entry["metrics"][metric] = {
            "value": float(value),
            "standard_error": float("%.9g" % standard_error(
                defined[metric], y, s, metric in BY_CLASS, w))}
    return entry


def make_weights(rows):
    """Between 0.5 and 4; every seventh row is left out."""
    draw = np.random.default_rng(20260102)
    weight = np.round(draw.uniform(0.5, 4, rows), 3)
    weight[::7] = 0
    return weight


def main():
    rows = make_rows()
    weight = make_weights(len(rows))
    subject = np.array([r[0] for r in rows])
    group = np.array([r[1] for r in rows])
    label = np.array([r[2] for r in rows])
    scores = np.array([r[3] for r in rows])
    decision = scores.argmax(1)
    out = []
    for name, take in (("everyone", group >= 0), ("group=0", group == 0),
                       ("group=1", group == 1)):
        y, p, d, s = label[take], scores[take], decision[take], subject[take]
        values = by_sklearn(y, p, d)
        defined = definitions(y, p, d)
        entry = {"name": name, "rows": int(take.sum()),
                 "subjects": len(np.unique(s)),
                 "confusion": sk.confusion_matrix(y, d).tolist(),
                 "recall": sk.recall_score(y, d, average=None).tolist(),
                 "metrics": {}}
        for metric, value in values.items():
            own = defined[metric](np.ones(len(y)))
            assert abs(own - value) < 1e-10, (name, metric, own, value)
            entry["metrics"][metric] = {
                "value": float(value),
                "standard_error": float("%.9g" % standard_error(
                    defined[metric], y, s, metric in BY_CLASS,
                    np.ones(len(y)))),
                "jackknife": float("%.9g" % jackknife(defined[metric], s))}
        entry["weighted"] = weighted_entry(y, p, d, s, weight[take])
        out.append(entry)
    print(json.dumps({
        "table": {"subject": subject.tolist(), "group": group.tolist(),
                  "label": label.tolist(), "weight": weight.tolist(),
                  "scores": [r[3] for r in rows]},
        "groups": out}))


main()
