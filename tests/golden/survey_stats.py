#!/usr/bin/env python3
"""Golden values for the survey of examples/fixture_cxr128/metadata.csv.

Everything is computed here by other means than in the C++ code: scipy and
statsmodels where they have it, otherwise the definition written out with numpy.
Each case says which row of the survey's JSON it is about and what numbers stand
there.

usage: survey_stats.py examples/fixture_cxr128/metadata.csv > survey_stats.json
Written with Python 3.11, numpy 1.24, scipy 1.10, pandas 1.5, statsmodels 0.13.
"""
import itertools
import json
import math
import sys

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import (confint_proportions_2indep,
                                          proportion_confint,
                                          proportions_ztest)

CASES = []


def short(x):
    """14 significant digits; None for what is not a number."""
    return None if x is None or not np.isfinite(x) else float("%.14g" % x)


def case(survey, path, match, expect, tolerance=1e-9):
    CASES.append({"survey": survey, "path": path, "match": match,
                  "expect": {k: short(v) for k, v in expect.items()},
                  "tolerance": tolerance})


def same_rate_p(k_a, n_a, k_b, n_b):
    """Pooled z, or Fisher where fewer than 5 are expected in a cell."""
    pooled = (k_a + k_b) / (n_a + n_b)
    if min(n_a, n_b) * min(pooled, 1 - pooled) >= 5:
        return proportions_ztest([k_a, k_b], [n_a, n_b])[1]
    return stats.fisher_exact([[k_a, n_a - k_a], [k_b, n_b - k_b]])[1]


def same_mix_p(a, b):
    table = np.array([a, b])
    table = table[:, table.sum(axis=0) > 0]
    if stats.contingency.expected_freq(table).min() >= 5:
        return stats.chi2_contingency(table, correction=False)[1]
    n_a, n_b = table.sum(axis=1)
    p = [same_rate_p(x, n_a, y, n_b) for x, y in table.T]
    return min(1.0, min(p) * (1 if len(p) == 2 else len(p)))


def yekutieli(p):
    return multipletests(p, method="fdr_by")[1]


def groups_of(column):
    """Reference group (most people, the first of those), and the others."""
    counts = column.value_counts().sort_index(
        key=lambda names: pd.Index([NATURAL[name] for name in names]))
    reference = counts.idxmax()
    return reference, [g for g in counts.index if g != reference]


def fifths(numbers):
    """Codes by fifths of equal counts; edges are values of the table."""
    ordered = np.sort(numbers)
    edges = []
    for fifth in range(1, 5):
        edge = ordered[len(ordered) * fifth // 5]
        if edge > (edges[-1] if edges else ordered[0]):
            edges.append(edge)
    return np.searchsorted(edges, numbers, side="right")


# Prevalence: one family over all labels, attributes and groups.

def prevalence(survey, data, labels, attributes, sensitivity=0.8,
               specificity=0.95):
    rows = []
    for label, attribute in itertools.product(labels, attributes):
        reference, others = groups_of(data[attribute])
        y = data[label]
        for group in [reference] + others:
            a = y[data[attribute] == group].dropna()
            k_a, n_a = int(a.sum()), len(a)
            lo, hi = proportion_confint(k_a, n_a, method="wilson")
            expect = {"rate.value": k_a / n_a, "rate.lo": lo, "rate.hi": hi,
                      "rate.n": n_a, "rate.events": k_a, "design_effect": 1}
            match = {"label": label, "attribute": attribute, "group": group}
            behind = [(k_a / n_a + sp - 1) / (se + sp - 1)
                      for se in (sensitivity, 1) for sp in (specificity, 1)]
            behind = np.clip(behind, 0, 1)
            case(survey, "disparities.labels.bounds", match,
                 {"apparent": k_a / n_a, "lowest": min(behind),
                  "highest": max(behind)})
            if group == reference:
                case(survey, "disparities.labels.prevalence", match, expect)
                continue
            b = y[data[attribute] == reference].dropna()
            k_b, n_b = int(b.sum()), len(b)
            p_a, p_b = k_a / n_a, k_b / n_b
            lo, hi = confint_proportions_2indep(
                k_a, n_a, k_b, n_b, compare="diff", method="newcomb")
            spread = math.sqrt((p_a * (1 - p_a) + p_b * (1 - p_b)) / 2)
            expect.update({
                "difference.value": p_a - p_b, "difference.lo": lo,
                "difference.hi": hi, "smd.value": (p_a - p_b) / spread,
                "smd.lo": lo / spread, "smd.hi": hi / spread,
                "smd.p": same_rate_p(k_a, n_a, k_b, n_b)})
            rows.append((match, expect))
    for (match, expect), p in zip(
            rows, yekutieli([e["smd.p"] for _, e in rows])):
        case(survey, "disparities.labels.prevalence", match,
             {**expect, "smd.p_adjusted": p})


def missing(survey, data, labels, attributes):
    for label, attribute in itertools.product(labels, attributes):
        reference, others = groups_of(data[attribute])

        def counts(group):
            y = data[label][data[attribute] == group]
            return y.isna().sum(), len(y), y.sum()
        m_b, n_b, y_b = counts(reference)
        for group in others:
            m_a, n_a, y_a = counts(group)
            match = {"label": label, "attribute": attribute, "group": group}
            lo, hi = proportion_confint(m_a, n_a, method="wilson")
            r_lo, r_hi = confint_proportions_2indep(
                m_a, n_a, m_b, n_b, compare="ratio", method="score",
                correction=False)
            case(survey, "disparities.labels.missing", match,
                 {"missing.value": m_a / n_a, "missing.lo": lo,
                  "missing.hi": hi, "ratio.value": (m_a / n_a) / (m_b / n_b),
                  "ratio.p": same_rate_p(m_a, n_a, m_b, n_b)})
            # statsmodels finds the limits by a search.
            case(survey, "disparities.labels.missing", match,
                 {"ratio.lo": r_lo, "ratio.hi": r_hi}, 1e-5)
            rate = lambda y, m, n, x: (y + x * m) / n
            case(survey, "disparities.labels.recodings", match, {
                "left_out": y_a / (n_a - m_a) - y_b / (n_b - m_b),
                "as_negative": rate(y_a, m_a, n_a, 0) - rate(y_b, m_b, n_b, 0),
                "as_positive": rate(y_a, m_a, n_a, 1) - rate(y_b, m_b, n_b, 1),
                "lowest": rate(y_a, m_a, n_a, 0) - rate(y_b, m_b, n_b, 1),
                "highest": rate(y_a, m_a, n_a, 1) - rate(y_b, m_b, n_b, 0)})
        table = pd.crosstab(data[attribute], data[label].isna()).to_numpy()
        case(survey, "disparities.labels.missing_information",
             {"label": label, "attribute": attribute},
             {"bits": corrected_bits(table)})


# Associations.

def corrected_bits(table):
    n = table.sum()
    expected = stats.contingency.expected_freq(table)
    seen = table > 0
    plain = np.sum(table[seen] / n * np.log2(table[seen] / expected[seen]))
    rows, columns = table.shape
    return max(0.0, plain + (rows + columns - seen.sum() - 1) /
               (2 * n * math.log(2)))


def association(survey, data, x, y, x_name, y_name):
    table = pd.crosstab(x, y).to_numpy()
    n, (r, c) = table.sum(), table.shape
    chi2, p, degrees, expected = stats.chi2_contingency(table,
                                                        correction=False)
    phi = max(0, chi2 / n - (r - 1) * (c - 1) / (n - 1))
    r_, c_ = (k - (k - 1)**2 / (n - 1) for k in (r, c))
    seen = table > 0
    plain = np.sum(table[seen] / n * np.log(table[seen] / expected[seen]))
    of = lambda axis: stats.entropy(table.sum(axis=axis))
    expect = {"subjects": n, "chi_squared": chi2, "degrees": degrees,
              "v": stats.contingency.association(table, method="cramer"),
              "corrected_v": math.sqrt(phi / min(r_ - 1, c_ - 1)),
              "bits": corrected_bits(table), "y_tells_x": plain / of(1),
              "x_tells_y": plain / of(0)}
    if expected.min() >= 5:
        expect["p"] = p
    case(survey, "drivers.associations", {"x": x_name, "y": y_name}, expect)


# Acquisition: one family over all covariates and groups.

def acquisition(survey, data, words, numbers, attributes):
    rows = []
    for name in words + numbers:
        for attribute in attributes:
            reference, others = groups_of(data[attribute])
            for group in others:
                a = data[name][data[attribute] == group]
                b = data[name][data[attribute] == reference]
                match = {"covariate": name, "attribute": attribute,
                         "group": group}
                rows.append((match, compare_words(a, b) if name in words
                             else compare_numbers(a, b)))
    for (match, expect), p in zip(
            rows, yekutieli([e["smd.p"] for _, e in rows])):
        case(survey, "disparities.acquisition", match,
             {**expect, "smd.p_adjusted": p})


def compare_words(a, b):
    levels = sorted(set(a) | set(b))
    count = [np.array([(x == level).sum() for level in levels])
             for x in (a, b)]
    p, q = (k / k.sum() for k in count)
    covariance = sum(np.diag(s) - np.outer(s, s) for s in (p, q)) / 2
    d = p - q
    # Of the whole singular matrix; the C++ code leaves out one level.
    return {"smd.value": math.sqrt(d @ np.linalg.pinv(covariance) @ d),
            "smd.p": same_mix_p(*count)}


def compare_numbers(a, b):
    spread = math.sqrt((a.var(ddof=1) + b.var(ddof=1)) / 2)
    smd = (a.mean() - b.mean()) / spread
    n_a, n_b = len(a), len(b)
    u, v = a.var(ddof=1) / n_a, b.var(ddof=1) / n_b
    degrees = (u + v)**2 / (u**2 / (n_a - 1) + v**2 / (n_b - 1))
    error = math.sqrt((n_a + n_b) / (n_a * n_b) + smd**2 / (2 * (n_a + n_b)))
    half = stats.t.ppf(0.975, degrees) * error
    return {"mean": a.mean(), "reference_mean": b.mean(), "smd.value": smd,
            "smd.lo": smd - half, "smd.hi": smd + half,
            "smd.p": stats.ttest_ind(a, b, equal_var=False)[1]}


# Decompositions of the difference in `label` between two groups.

def kitagawa_of(counts):
    """counts: group x stratum x (negative, positive)."""
    rows = counts.sum(axis=2)
    both = (rows[0].real > 0) & (rows[1].real > 0)
    counts, rows = counts[:, both], rows[:, both]
    w = rows / rows.sum(axis=1, keepdims=True)
    r = counts[:, :, 1] / rows
    return np.array([np.sum(w[0] * r[0] - w[1] * r[1]),
                     np.sum((w[0] - w[1]) * (r[0] + r[1]) / 2),
                     np.sum((r[0] - r[1]) * (w[0] + w[1]) / 2)])


def kitagawa(survey, data, label, attribute, group, reference, name, codes):
    levels = np.unique(codes)
    index = {"side": (data[attribute] != group).astype(int),
             "stratum": np.searchsorted(levels, codes),
             "y": data[label].astype(int)}
    counts = np.zeros((2, len(levels), 2), complex)
    np.add.at(counts, tuple(index.values()), 1)
    # Derivatives by a complex step; one row a person.
    moved = np.zeros(counts.shape + (3,))
    for cell in np.ndindex(counts.shape):
        if counts[cell] == 0:
            continue
        stepped = counts.copy()
        stepped[cell] += 1e-30j
        moved[cell] = kitagawa_of(stepped).imag / 1e-30
    n = counts.sum().real
    weights = counts.real[..., None]
    errors = np.sqrt((weights * moved**2).sum(axis=(0, 1, 2)) * n / (n - 1))
    values = kitagawa_of(counts).real
    match = {"label": label, "attribute": attribute, "group": group,
             "reference": reference, "covariate": name}
    parts = ("difference", "composition", "rate")
    path = "drivers.decompositions.kitagawa"
    case(survey, path, match,
         {part + ".value": v for part, v in zip(parts, values)})
    z = stats.norm.ppf(0.975)
    # The C++ code takes central differences.
    case(survey, path, match,
         {part + ".hi": v + z * e
          for part, v, e in zip(parts, values, errors)}, 1e-6)


def oaxaca(survey, data, label, attribute, group, reference, factors):
    """factors: name to codes."""
    is_a = (data[attribute] == group).to_numpy()
    keep = np.ones(len(data), bool)
    for codes in factors.values():
        keep &= np.isin(codes, list(set(codes[is_a]) & set(codes[~is_a])))
    block = np.arange(len(data)) % 50  # one row a person, in order

    def values(rows):
        dummies = {name: pd.get_dummies(pd.Series(codes[rows]),
                                        drop_first=True).to_numpy(float)
                   for name, codes in factors.items()}
        side = is_a[rows]

        def explained(names):
            if not names:
                return 0.0, {}
            x = np.hstack([dummies[name] for name in names])
            fit = sm.OLS(data[label].to_numpy(float)[rows],
                         np.column_stack([np.ones(len(x)), ~side, x])).fit()
            beta, parts = fit.params[2:], {}
            for name in names:
                k = dummies[name].shape[1]
                shift = (dummies[name][side].mean(axis=0) -
                         dummies[name][~side].mean(axis=0))
                parts[name] = float(shift @ beta[:k])
                beta = beta[k:]
            return sum(parts.values()), parts
        y = data[label].to_numpy(float)[rows]
        difference = y[side].mean() - y[~side].mean()
        total, parts = explained(list(factors))
        shapley = dict.fromkeys(factors, 0.0)
        orders = list(itertools.permutations(factors))
        for order in orders:
            for i, name in enumerate(order):
                shapley[name] += (explained(order[:i + 1])[0] -
                                  explained(order[:i])[0]) / len(orders)
        return np.array([difference, total, difference - total,
                         *(parts[f] for f in factors),
                         *(shapley[f] for f in factors)])
    all_values = values(keep)
    without = np.array([values(keep & (block != b)) for b in range(50)])
    errors = np.sqrt(49 / 50 * ((without - without.mean(axis=0))**2).sum(0))
    z = stats.norm.ppf(0.975)
    match = {"label": label, "attribute": attribute, "group": group,
             "reference": reference}
    expect = {}
    for i, part in enumerate(("difference", "explained", "unexplained")):
        expect[part + ".value"] = all_values[i]
        expect[part + ".hi"] = all_values[i] + z * errors[i]
    case(survey, "drivers.decompositions.oaxaca", match, expect)
    for i, name in enumerate(factors):
        case(survey, "drivers.decompositions.oaxaca",
             {**match, "factors": {"covariate": name}},
             {"explained.value": all_values[3 + i],
              "shapley.value": all_values[3 + len(factors) + i],
              "shapley.hi": all_values[3 + len(factors) + i] +
              z * errors[3 + len(factors) + i]})


def mix(survey, data, attribute, by, column):
    table = pd.crosstab(data[column], data[attribute])
    for level in table.index:
        here = table.loc[level].to_numpy(float)
        rest = table.drop(level).sum().to_numpy(float)
        lacks = (here == 0) | (rest == 0)
        q, p = here + lacks / 2, rest + lacks / 2
        q, p = q / q.sum(), p / p.sum()
        case(survey, "drivers.mix",
             {"attribute": attribute, "by": by, "level": level},
             {"stability_index": stats.entropy(q, p) + stats.entropy(p, q),
              "subjects": here.sum()})


NATURAL = {"F": 0, "M": 1, "AP": 0, "PA": 1, "0-39": 0, "40-59": 1,
           "60-79": 2, "80+": 3}


def main():
    data = pd.read_csv(sys.argv[1])
    columns = list(data.columns)
    labels = columns[columns.index("Atelectasis"):
                     columns.index("No_Finding") + 1]
    data["age"] = np.array(["0-39", "40-59", "60-79", "80+"])[
        np.digitize(data["age"], [40, 60, 80])]
    followup = fifths(data["followup"].to_numpy())

    # As its cohort.toml has it.
    prevalence("fixture", data, labels, ["sex", "age"])
    acquisition("fixture", data, ["view", "source"], ["followup"],
                ["sex", "age"])
    for x, y in [("sex", "view"), ("sex", "No_Finding"), ("age", "view"),
                 ("No_Finding", "view"), ("Effusion", "No_Finding"),
                 ("sex", "source"), ("No_Finding", "source")]:
        association("fixture", data, data[x], data[y], x, y)
    association("fixture", data, data["sex"], followup, "sex", "followup")
    mix("fixture", data, "sex", "site", "source")
    mix("fixture", data, "age", "site", "source")

    # The view as if it were a group: its difference is large.
    sex = (data["sex"] == "M").astype(int).to_numpy()
    source = pd.factorize(data["source"], sort=True)[0]
    for name, codes in [("sex", sex), ("followup", followup),
                        ("source", source)]:
        kitagawa("view", data, "No_Finding", "view", "AP", "PA", name, codes)
    oaxaca("view", data, "No_Finding", "view", "AP", "PA",
           {"sex": sex, "followup": followup, "source": source})

    # Labels taken away: blank and uncertain (survey_golden_test.cc does the
    # same).
    some = data.copy()
    some["Effusion"] = data["Effusion"].where(
        ~(((data["view"] == "AP") & (data["patient_id"] % 4 == 0)) |
          (data["patient_id"] % 7 == 1)))
    missing("missing", some, ["Effusion"], ["sex", "age"])
    prevalence("missing", some, ["Effusion"], ["sex", "age"])

    print("[")
    print(",\n".join(json.dumps(c) for c in CASES))
    print("]")


if __name__ == "__main__":
    main()
