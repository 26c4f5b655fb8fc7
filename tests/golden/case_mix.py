#!/usr/bin/env python3
"""Makes case_mix.json: standardised gaps of one small table as numpy, pandas,
statsmodels and scikit-learn compute them, for the tests of audit/case_mix/ and
solve/. usage: case_mix.py > case_mix.json

Standard errors are infinitesimal jackknives: every estimate is written as a
function of row weights, its derivative by each subject's weight is taken
numerically (the propensity model is fitted anew each time), and the squares are
summed. For stratified estimates the deviations within a stratum are inflated by
n / (n - 1) besides, which no derivative gives; there the analytic influence
function is checked against the derivative first.
"""
import itertools
import json
import math
import sys

import numpy as np
import pandas as pd
import statsmodels.api as sm
from sklearn.metrics import roc_auc_score

ROWS = 900
EDGES = [0, 40, 60]


def make_table():
    draw = np.random.default_rng(20240611)
    subject = np.arange(ROWS) // 2
    base = draw.normal(size=ROWS // 2)
    group = (draw.random(ROWS // 2)[subject] * 3).astype(int)
    severity = np.clip(
        np.round(1 + 0.6 * (group - 1) + draw.normal(size=ROWS)), 0, 2)
    age = np.round(np.clip(45 + 8 * group + 15 * draw.normal(size=ROWS), 18,
                           90))
    age[draw.random(ROWS) < 0.05] = np.nan
    positive = (draw.random(ROWS) < 0.45).astype(int)
    logit = (-0.6 + 1.4 * positive - 0.7 * severity * positive + 0.25 * group
             + 0.01 * (np.nan_to_num(age, nan=50) - 50) + 0.5 * base[subject]
             + draw.normal(size=ROWS))
    score = np.round(1 / (1 + np.exp(-logit)), 2)
    return pd.DataFrame({
        "subject": subject, "group": group, "severity": severity.astype(int),
        "age": age, "positive": positive, "score": score,
        "flagged": (score >= 0.5).astype(int)})


def stratum(table, names):
    parts = []
    for name in names:
        if name == "age":
            codes = np.digitize(table["age"].fillna(-1), EDGES)
            parts.append(np.where(table["age"].isna(), 99, codes))
        else:
            parts.append(table[name].to_numpy())
    if not parts:
        return pd.Series("", index=table.index)
    return pd.Series(["/".join(map(str, row)) for row in np.array(parts).T],
                     index=table.index)


def design(table):
    missing = table["age"].isna().to_numpy()
    z = (table["age"].fillna(50).to_numpy() - 50) / 10
    z[missing] = 0
    severity = table["severity"].to_numpy()
    return np.column_stack([np.ones(len(table)), severity == 1, severity == 2,
                            z, z * z, missing]).astype(float)


def fit(x, group, classes, weights):
    """Weighted multinomial logistic regression by Newton's method."""
    k, p = classes - 1, x.shape[1]
    beta = np.zeros((k, p))
    onehot = np.eye(classes)[group]
    for _ in range(60):
        eta = np.column_stack([np.zeros(len(x)), x @ beta.T])
        e = np.exp(eta - eta.max(axis=1, keepdims=True))
        e /= e.sum(axis=1, keepdims=True)
        gradient = ((onehot - e)[:, 1:] * weights[:, None]).T @ x
        hessian = np.zeros((k * p, k * p))
        for a in range(k):
            for b in range(k):
                v = weights * e[:, a + 1] * ((a == b) - e[:, b + 1])
                hessian[a * p:(a + 1) * p, b * p:(b + 1) * p] = \
                    (x * v[:, None]).T @ x
        step = np.linalg.solve(hessian, gradient.ravel()).reshape(k, p)
        beta += step
        if abs(step).max() < 1e-13:
            break
    return beta, e


def rows_of(table, denominator):
    if denominator == "positives":
        return table[table.positive == 1]
    if denominator == "negatives":
        return table[table.positive == 0]
    return table


def outcome(metric, t):
    return {"fnr": 1 - t.flagged, "fpr": t.flagged,
            "accuracy": (t.flagged == t.positive).astype(int),
            "brier": (t.score - t.positive) ** 2}[metric].to_numpy(float)


def propensity_weights(t, groups, target, weights):
    index = {g: i for i, g in enumerate(groups)}
    code = t.group.map(index).to_numpy()
    _, e = fit(design(t), code, len(groups), weights)
    top = 1 if target is None else e[:, index[target]]
    return top / e[np.arange(len(t)), code]


def direct_weights(t, groups, compared, target, names, weights):
    s = stratum(t, names)
    w = pd.Series(weights, index=t.index)
    in_target = t.group.isin(groups if target is None else [target])
    share = w[in_target].groupby(s[in_target]).sum()
    cells = w.groupby([t.group, s]).sum().to_dict()
    common = [k for k in share.index
              if all((g, k) in cells for g in compared)]
    share = share[common] / share[common].sum()
    result = np.zeros(len(t))
    for i, (g, k) in enumerate(zip(t.group, s)):
        if k in share.index and g in compared:
            result[i] = share[k] / cells[(g, k)]
    return result


def means(t, compared, y, w):
    return [np.sum(w[t.group == g] * y[t.group == g])
            / np.sum(w[t.group == g]) for g in compared]


def estimates(table, metric, denominator, groups, compared, target, names,
              weights):
    """Crude, direct and weighted mean of each compared group."""
    t = rows_of(table, denominator)
    keep = t.group.isin(groups).to_numpy()
    rw = weights[t.index.to_numpy()][keep]
    t = t[keep]
    y = outcome(metric, t)
    direct = direct_weights(t, groups, compared, target, names, rw) * rw
    ipw = propensity_weights(t, groups, target, rw) * rw
    return np.array([means(t, compared, y, rw), means(t, compared, y, direct),
                     means(t, compared, y, ipw)])


def aurocs(table, groups, compared, names, weights):
    w = {"crude": np.zeros(len(table)), "direct": np.zeros(len(table)),
         "ipw": np.zeros(len(table))}
    for denominator in ("positives", "negatives"):
        t = rows_of(table, denominator)
        t = t[t.group.isin(groups)]
        at = t.index.to_numpy()
        rw = weights[at]
        w["crude"][at] = rw
        w["direct"][at] = rw * direct_weights(t, groups, compared, None, names,
                                              rw)
        w["ipw"][at] = rw * propensity_weights(t, groups, None, rw)
    result = []
    for name in ("crude", "direct", "ipw"):
        row = []
        for g in compared:
            m = (table.group == g).to_numpy() & (w[name] > 0)
            row.append(roc_auc_score(table.positive[m], table.score[m],
                                     sample_weight=w[name][m]))
        result.append(row)
    return np.array(result)


def jackknife(table, estimate):
    """Derivatives of `estimate(weights)` by each subject's weight."""
    subjects = np.unique(table.subject)
    h = 1e-4
    out = []
    for s in subjects:
        w = np.ones(len(table))
        at = (table.subject == s).to_numpy()
        w[at] = 1 + h
        up = estimate(w)
        w[at] = 1 - h
        out.append((up - estimate(w)) / (2 * h))
    return np.array(out)


def standard_error(errors, m):
    return math.sqrt(m / (m - 1) * float(np.sum(errors ** 2)))


def direct_errors(table, metric, denominator, groups, compared, target, names,
                  inflate):
    """Subject sums of the analytic influence of each group's direct mean."""
    t = rows_of(table, denominator)
    t = t[t.group.isin(groups)]
    y = outcome(metric, t)
    s = stratum(t, names)
    w = direct_weights(t, groups, compared, target, names, np.ones(len(t)))
    in_target = t.group.isin(groups if target is None else [target]).to_numpy()
    cells = pd.Series(y, index=t.index).groupby([t.group, s])
    cell_mean, cell_size = cells.mean().to_dict(), cells.size().to_dict()
    covered = s.isin(set(s[w > 0])).to_numpy()
    total = (in_target & covered).sum()
    sums = np.zeros((len(np.unique(table.subject)), len(compared)))
    for j, g in enumerate(compared):
        mean = means(t, [g], y, w)[0]
        crude = y[(t.group == g).to_numpy()].mean()
        for i, (h, k, subject) in enumerate(zip(t.group, s, t.subject)):
            if not covered[i]:
                continue
            error = 0
            if h == g:
                n = cell_size[g, k]
                if n > 1:
                    scale = math.sqrt(n / (n - 1)) if inflate else 1
                    error += w[i] * scale * (y[i] - cell_mean[g, k])
                elif inflate:
                    error += w[i] * (y[i] - crude)
            if in_target[i]:
                error += (cell_mean[g, k] - mean) / total
            sums[subject, j] += error
    return sums


def shapley(table, metric, denominator, groups, names):
    """Mean contribution over all orders."""
    ones = np.ones(len(table))

    def gap(subset):
        d = estimates(table, metric, denominator, groups, groups, None,
                      list(subset), ones)[1]
        return d[0] - d[1]

    shares = dict.fromkeys(names, 0.0)
    orders = list(itertools.permutations(names))
    for order in orders:
        for i, name in enumerate(order):
            shares[name] += (gap(sorted(order[:i])) -
                             gap(sorted(order[:i + 1]))) / len(orders)
    return [shares[name] for name in names]


def balance(table, a, b, groups):
    t = table[table.group.isin(groups)]
    w = propensity_weights(t, groups, None, np.ones(len(t)))
    rows = []
    numbers = [("severity", str(k), (t.severity == k).to_numpy(float))
               for k in range(3)]
    age = t.age.to_numpy()
    numbers.append(("age", "", age))
    for covariate, level, x in numbers:
        known = ~np.isnan(x)
        of = {}
        for g in (a, b):
            m = (t.group == g).to_numpy() & known
            of[g] = (x[m].mean(), x[m].var(), np.average(x[m], weights=w[m]))
        sd = math.sqrt((of[a][1] + of[b][1]) / 2)
        rows.append({"covariate": covariate, "level": level,
                     "before": (of[a][0] - of[b][0]) / sd,
                     "after": (of[a][2] - of[b][2]) / sd})
    return rows


def effective(t, groups, g):
    w = propensity_weights(t, groups, None, np.ones(len(t)))
    w = w[(t.group == g).to_numpy()]
    return w.sum() ** 2 / (w ** 2).sum()


def case(table, metric, denominator, groups, compared, target):
    names = ["severity", "age"]
    ones = np.ones(len(table))

    def estimate(w):
        return estimates(table, metric, denominator, groups, compared, target,
                         names, w)

    value = estimate(ones)
    errors = jackknife(table, estimate)  # subjects x 3 x compared
    part = rows_of(table, denominator)
    m = part[part.group.isin(compared)].subject.nunique()
    plain = direct_errors(table, metric, denominator, groups, compared, target,
                          names, False)
    assert abs(plain - errors[:, 1]).max() < 1e-7, "direct influence"
    inflated = direct_errors(table, metric, denominator, groups, compared,
                             target, names, True)
    errors[:, 1] = inflated
    gap = errors[:, :, 0] - errors[:, :, 1]
    return {"metric": metric, "groups": groups, "compared": compared,
            "target": target, "values": value.tolist(), "subjects": m,
            "se": [standard_error(gap[:, e], m) for e in range(3)],
            "se_explained": standard_error(gap[:, 0] - gap[:, 1], m)}


def auroc_case(table, groups):
    names = ["severity", "age"]
    value = aurocs(table, groups, groups, names, np.ones(len(table)))
    errors = jackknife(
        table, lambda w: aurocs(table, groups, groups, names, w))
    m = table[table.group.isin(groups)].subject.nunique()
    gap = errors[:, :, 0] - errors[:, :, 1]
    return {"groups": groups, "values": value.tolist(),
            "se": [standard_error(gap[:, e], m) for e in range(3)]}


def logistic(table):
    x = design(table)
    model = sm.MNLogit(table.group.to_numpy(), x).fit(
        method="newton", maxiter=100, tol=1e-12, disp=0)
    twice = pd.concat([table, table[table.severity == 1]])
    repeated = sm.MNLogit(twice.group.to_numpy(), design(twice)).fit(
        method="newton", maxiter=100, tol=1e-12, disp=0)
    return {"coefficients": model.params.T.tolist(),
            "log_likelihood": model.llf, "covariance":
            np.asarray(model.cov_params()).tolist(),
            "with_severity_1_twice": repeated.params.T.tolist()}


def main():
    table = make_table()
    cases = [case(table, "fnr", "positives", [0, 1], [0, 1], None),
             case(table, "fpr", "negatives", [0, 2], [0, 2], None),
             case(table, "accuracy", "all", [0, 1], [0, 1], 1),
             case(table, "brier", "all", [0, 1, 2], [0, 1], 2)]
    columns = {name: table[name].tolist() for name in
               ("subject", "group", "severity", "positive", "score")}
    columns["age"] = [None if math.isnan(a) else a for a in table.age]
    two = table[table.group.isin([0, 1])]
    document = {
        "table": columns, "edges": EDGES, "logistic": logistic(table),
        "cases": cases, "auroc": auroc_case(table, [0, 1]),
        "shapley": {"metric": "fnr", "groups": [0, 1],
                    "values": shapley(table, "fnr", "positives", [0, 1],
                                      ["severity", "age"])},
        "balance": {"groups": [0, 1], "rows": balance(table, 1, 0, [0, 1])},
        "effective": [effective(two, [0, 1], g) for g in (0, 1)]}
    json.dump(document, sys.stdout, separators=(",", ":"))
    print()


if __name__ == "__main__":
    main()
