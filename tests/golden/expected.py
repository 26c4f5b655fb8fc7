#!/usr/bin/env python3
"""Writes spec_table_expected.csv with pandas, scikit-learn and statsmodels.

usage: expected.py TABLE.csv > spec_table_expected.csv
TABLE.csv: make_predictions --rows 100000. The file is committed; this script
is here to show where it comes from.
"""
import csv
import itertools
import sys

import numpy as np
import pandas
import statsmodels.api as sm
from sklearn import metrics as sk

THRESHOLD = 0.2
ATTRIBUTES = ["sex", "age_band", "race", "device"]


def calibration(y, score):
    """Slope of y on the score's log-odds; intercept with slope 1."""
    logit = np.log(score / (1 - score))
    family = sm.families.Binomial()
    options = {"tol": 1e-14, "maxiter": 100}
    slope = sm.GLM(y, sm.add_constant(logit), family=family).fit(**options)
    intercept = sm.GLM(y, np.ones(len(y)), family=family, offset=logit).fit(
        **options)
    return slope.params[1], intercept.params[0]


def group_metrics(y, score):
    flagged = (score >= THRESHOLD).astype(int)
    tn, fp, fn, tp = sk.confusion_matrix(y, flagged, labels=[0, 1]).ravel()
    n = len(y)
    slope, intercept = calibration(y, score)
    sensitivity = sk.recall_score(y, flagged)
    specificity = sk.recall_score(y, flagged, pos_label=0)
    return {
        "n": n,
        "events": int(y.sum()),
        "prevalence": y.mean(),
        "selection_rate": flagged.mean(),
        "sensitivity": sensitivity,
        "specificity": specificity,
        "fnr": fn / (fn + tp),
        "fpr": fp / (fp + tn),
        "ppv": sk.precision_score(y, flagged),
        "npv": sk.precision_score(y, flagged, pos_label=0),
        "for": fn / (fn + tn),
        "fdr": fp / (fp + tp),
        "accuracy": sk.accuracy_score(y, flagged),
        "balanced_accuracy": sk.balanced_accuracy_score(y, flagged),
        "f1": sk.f1_score(y, flagged),
        "youden_j": sensitivity + specificity - 1,
        "auroc": sk.roc_auc_score(y, score),
        "auprc": sk.average_precision_score(y, score),
        "brier": sk.brier_score_loss(y, score),
        "log_loss": sk.log_loss(y, score),
        "observed_expected": y.sum() / score.sum(),
        "calibration_slope": slope,
        "calibration_intercept": intercept,
        "net_benefit": tp / n - fp / n * THRESHOLD / (1 - THRESHOLD),
    }


def main():
    table = pandas.read_csv(sys.argv[1])
    writer = None
    for size in range(3):
        for by in itertools.combinations(ATTRIBUTES, size):
            groups = (table.groupby(list(by)) if by
                      else [((), table)])
            for levels, rows in groups:
                levels = levels if isinstance(levels, tuple) else (levels,)
                name = ", ".join(f"{a}={v}" for a, v in zip(by, levels))
                row = {"group": name or "everyone",
                       **group_metrics(rows.y_true.to_numpy(),
                                       rows.score.to_numpy())}
                if writer is None:
                    writer = csv.DictWriter(sys.stdout, row.keys(),
                                            lineterminator="\n")
                    writer.writeheader()
                writer.writerow(row)


if __name__ == "__main__":
    main()
