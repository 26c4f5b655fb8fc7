#!/usr/bin/env python3
"""Golden values of an audit with sampling weights, for
src/plumbline/audit/weighted_test.cc.

Point estimates are scikit-learn's with sample_weight. Variances are written out
here from the definition: the influence of every row by double loops over pairs,
summed by subject, squared, times S / (S - 1). Those of the calibration fit are
also statsmodels' GLM with the weights as variance weights of the score. The
table stands in the file.

usage: weights.py > weights.json
Written with Python 3.11, numpy 1.24, scikit-learn 1.2, statsmodels 0.13.
"""
import json

import numpy as np
import statsmodels.api as sm
from sklearn import metrics

THRESHOLD = 0.5


def short(x):
    return float("%.13g" % x)


def table(rng):
    subjects = np.repeat(np.arange(60), rng.integers(1, 5, 60))
    n = len(subjects)
    group = rng.integers(0, 2, 60)[subjects]
    label = (rng.random(n) < 0.35).astype(int)
    effect = rng.normal(0, 0.7, 60)[subjects]
    logit = -0.6 + 1.3 * label + effect + rng.normal(0, 1, n)
    score = np.round(1 / (1 + np.exp(-logit)), 2)  # ties
    score = np.clip(score, 0.01, 0.99)
    # Positives and group 1 were sampled more often.
    weight = np.round(np.where(label == 1, 1.5, 4.0) *
                      np.where(group == 1, 0.6, 1.0) *
                      rng.uniform(0.5, 2, n), 3)
    return {"label": label, "score": score, "group": group,
            "subject": subjects, "weight": weight}


def of_units(influence, unit):
    """Variance from the influences of rows, by unit."""
    sums = np.array([influence[unit == u].sum() for u in np.unique(unit)])
    return (sums ** 2).sum() * len(sums) / (len(sums) - 1)


def ratio_influence(numerator, denominator, w):
    p = (w * numerator).sum() / (w * denominator).sum()
    return p, w * (numerator - p * denominator) / (w * denominator).sum()


def auroc_influences(y, s, w):
    """Influences of positives and of negatives."""
    w1, w0 = w[y == 1].sum(), w[y == 0].sum()
    area = 0.0
    placement = np.zeros(len(y))
    for i in np.flatnonzero(y == 1):
        for j in np.flatnonzero(y == 0):
            order = 1.0 if s[i] > s[j] else 0.5 if s[i] == s[j] else 0.0
            area += w[i] * w[j] * order / (w1 * w0)
            placement[i] += w[j] * order / w0
            placement[j] += w[i] * order / w1
    total = np.where(y == 1, w1, w0)
    return area, w * (placement - area) / total


def auroc_variance(y, influence, unit):
    """Obuchowski's three sums of squares, each with its own factor."""
    positive = np.array([influence[(unit == u) & (y == 1)].sum()
                         for u in np.unique(unit)])
    negative = np.array([influence[(unit == u) & (y == 0)].sum()
                         for u in np.unique(unit)])

    def factor(count):
        return count / (count - 1)
    i10, i01 = len(np.unique(unit[y == 1])), len(np.unique(unit[y == 0]))
    return (factor(i10) * (positive ** 2).sum() +
            factor(i01) * (negative ** 2).sum() +
            2 * factor(len(np.unique(unit))) * (positive * negative).sum())


def calibration(y, s, w, unit):
    x = np.log(s) - np.log1p(-s)
    both = sm.add_constant(x)

    def sandwich(fit, design):
        mu = fit.fittedvalues
        hessian = (design * (w * mu * (1 - mu))[:, None]).T @ design
        scores = design * (w * (y - mu))[:, None]
        sums = np.array([scores[unit == u].sum(axis=0)
                         for u in np.unique(unit)])
        inverse = np.linalg.inv(hessian)
        units = len(sums)
        return inverse @ (sums.T @ sums) @ inverse * units / (units - 1)
    family = sm.families.Binomial()
    line = sm.GLM(y, both, family=family, var_weights=w).fit(tol=1e-14)
    covariance = sandwich(line, both)
    # statsmodels' own: the same but for the small-sample factor.
    theirs = sm.GLM(y, both, family=family, var_weights=w).fit(
        tol=1e-14, cov_type="cluster",
        cov_kwds={"groups": unit, "use_correction": False})
    units = len(np.unique(unit))
    assert np.allclose(theirs.cov_params() * units / (units - 1), covariance,
                       rtol=1e-8)
    ones = np.ones((len(y), 1))
    shift = sm.GLM(y, ones, family=family, offset=x,
                   var_weights=w).fit(tol=1e-14)
    return {"calibration_slope": [line.params[1], covariance[1, 1]],
            "calibration_intercept": [shift.params[0],
                                      sandwich(shift, ones)[0, 0]]}


def rates(y, flagged, w, unit):
    """Value, variance and the variance of as many equal rows."""
    result = {}
    for name, numerator, denominator in [
            ("prevalence", y == 1, y >= 0), ("selection_rate", flagged, y >= 0),
            ("fnr", (y == 1) & ~flagged, y == 1),
            ("fpr", (y == 0) & flagged, y == 0),
            ("ppv", (y == 1) & flagged, flagged),
            ("npv", (y == 0) & ~flagged, ~flagged),
            ("accuracy", (y == 1) == flagged, y >= 0)]:
        p, influence = ratio_influence(numerator.astype(float),
                                       denominator.astype(float), w)
        # Of independent rows no unit has a factor for their number.
        by_row = (influence ** 2).sum()
        by_unit = (of_units(influence, unit) if len(np.unique(unit)) < len(y)
                   else by_row)
        effect = by_row / (p * (1 - p) / denominator.sum())
        effect *= max(1.0, by_unit / by_row)
        result[name] = [p, effect, int(denominator.sum())]
    return result


def group_values(rows, clustered):
    y, s, w = rows["label"], rows["score"], rows["weight"]
    unit = rows["subject"] if clustered else np.arange(len(y))
    flagged = s >= THRESHOLD
    area, influence = auroc_influences(y, s, w)
    assert abs(area - metrics.roc_auc_score(y, s, sample_weight=w)) < 1e-12
    confusion = metrics.confusion_matrix(y, flagged, sample_weight=w)
    (tn, fp), (fn, tp) = confusion
    ratio = rates(y, flagged, w, unit)
    assert abs(ratio["fnr"][0] - fn / (fn + tp)) < 1e-12
    brier, brier_influence = ratio_influence((s - y) ** 2, np.ones(len(y)), w)
    assert abs(brier - metrics.brier_score_loss(y, s, sample_weight=w)) < 1e-12
    loss = -np.log(np.where(y == 1, s, 1 - s))
    log_loss, loss_influence = ratio_influence(loss, np.ones(len(y)), w)
    assert abs(log_loss - metrics.log_loss(y, s, sample_weight=w)) < 1e-12
    observed, oe_influence = ratio_influence(y.astype(float), s, w)
    odds = THRESHOLD / (1 - THRESHOLD)
    benefit, benefit_influence = ratio_influence(
        ((y == 1) & flagged) - odds * ((y == 0) & flagged), np.ones(len(y)), w)
    return {
        "n": len(y),
        "weight_sum": short(w.sum()),
        "effective_n": short(w.sum() ** 2 / (w ** 2).sum()),
        "rates": {k: [short(v[0]), short(v[1]), v[2]]
                  for k, v in ratio.items()},
        "values": {
            "f1": short(metrics.f1_score(y, flagged, sample_weight=w)),
            "balanced_accuracy": short(metrics.balanced_accuracy_score(
                y, flagged, sample_weight=w)),
            "auprc": short(metrics.average_precision_score(
                y, s, sample_weight=w)),
        },
        "with_variance": {
            k: [short(v[0]), short(v[1])] for k, v in {
                "auroc": [area, auroc_variance(y, influence, unit)],
                "brier": [brier, of_units(brier_influence, unit)],
                "log_loss": [log_loss, of_units(loss_influence, unit)],
                "observed_expected": [observed, of_units(oe_influence, unit)],
                "net_benefit": [benefit, of_units(benefit_influence, unit)],
                **calibration(y, s, w, unit)}.items()},
    }


def thresholds(rows):
    """Of every rule, by trying every threshold."""
    y, s, w = rows["label"], rows["score"], rows["weight"]
    candidates = [np.inf] + sorted(set(s), reverse=True)

    def stats(t):
        flagged = s >= t
        return (w[flagged & (y == 1)].sum(), w[flagged & (y == 0)].sum(),
                int(flagged.sum()))
    positives, negatives = w[y == 1].sum(), w[y == 0].sum()
    everyone = positives + negatives

    def lowest(allowed):
        return float(min(t for t in candidates if allowed(*stats(t))))

    def best(merit):
        values = [merit(*stats(t)) for t in candidates]
        return float(candidates[int(np.argmax(np.round(values, 12)))])
    return {
        "fpr=0.2": lowest(lambda tp, fp, k: fp / negatives <= 0.2),
        "sensitivity=0.9": float(max(
            t for t in candidates if stats(t)[0] / positives >= 0.9)),
        "youden": best(lambda tp, fp, k: tp / positives - fp / negatives),
        "best-f1": best(lambda tp, fp, k:
                        2 * tp / (tp + fp + positives)),
        "top=20": lowest(lambda tp, fp, k: k <= 20),
        "top=10%": lowest(lambda tp, fp, k: (tp + fp) / everyone <= 0.1),
    }


def main():
    rows = table(np.random.default_rng(20240611))
    groups = [np.ones(len(rows["label"]), bool), rows["group"] == 0,
              rows["group"] == 1]
    document = {"rows": {k: v.tolist() for k, v in rows.items()},
                "threshold": THRESHOLD,
                "fitted": thresholds(rows)}
    for name, clustered in [("independent", False), ("clustered", True)]:
        document[name] = [
            group_values({k: v[mask] for k, v in rows.items()}, clustered)
            for mask in groups]
    print(json.dumps(document, indent=None, separators=(",", ":"))
          .replace('],"', '],\n"').replace('},"', '},\n"'))


main()
