#!/usr/bin/env python3
"""Golden values for the tests of src/plumbline/stats: normal, proportion, roc,
bootstrap, calibration, poisson_weights.

Everything is computed here by other means than in the C++ code: scipy,
statsmodels and scikit-learn where they have it, otherwise the definition
written out naively (all pairs of a positive and a negative, cluster by
cluster).

usage: stats_intervals.py > stats_intervals.json
Written with Python 3.11, numpy 1.24, scipy 1.10, statsmodels 0.13,
scikit-learn 1.2.
"""
import json
import warnings

import numpy as np
import statsmodels.api as sm
from scipy import optimize, stats
from sklearn.metrics import average_precision_score, roc_auc_score
from statsmodels.stats.proportion import (confint_proportions_2indep,
                                          proportion_confint)


def exact(x):
    """Plain lists and numbers; null for what is not finite."""
    if isinstance(x, (list, tuple, np.ndarray)):
        return [exact(v) for v in x]
    if isinstance(x, (int, np.integer)):
        return int(x)
    return float(x) if np.isfinite(x) else None


# Distributions.

def distributions():
    z = [-37.0, -8.0, -1.96, -0.3, 0.0, 1e-9, 0.7, 2.5758, 6.0]
    p = [1e-300, 1e-12, 0.025, 0.2, 0.5, 0.8, 0.975, 1 - 1e-12]
    chi = [(0.1, 1), (3.84, 1), (25.0, 10), (300.0, 12.5), (0.5, 40)]
    t = [(0.975, 1), (0.975, 4), (0.9, 2.5), (0.01, 30), (0.995, 1e6)]
    return {
        "cdf": [[v, stats.norm.cdf(v)] for v in z],
        "quantile": [[v, exact(stats.norm.ppf(v))] for v in p],
        "two_sided_p": [[v, 2 * stats.norm.sf(abs(v))] for v in z],
        "chi_squared": [[x, d, stats.chi2.sf(x, d)] for x, d in chi],
        "student": [[q, d, stats.t.ppf(q, d)] for q, d in t],
    }


# Proportions.

def koopman(x1, n1, x2, n2, level):
    """Roots of the score equation; the constrained probability is itself found
    as a root, of the derivative of the likelihood."""
    z2 = stats.chi2.ppf(level, 1)

    def chi2(log_ratio):
        ratio = np.exp(log_ratio)
        # d/dp of x1 log(r p) + (n1-x1) log(1-r p) + x2 log p + (n2-x2)
        # log(1-p), times p (1-p) (1-rp): decreasing through its root.
        top = min(1.0, 1.0 / ratio)

        def score(p):
            if x1 == n1:  # the factor 1 - rp cancels
                return (x1 + x2) * (1 - p) - (n2 - x2) * p
            return ((x1 + x2) * (1 - p) * (1 - ratio * p)
                    - (n1 - x1) * ratio * p * (1 - p)
                    - (n2 - x2) * p * (1 - ratio * p))
        p2 = top
        if score(top) < 0:
            p2 = optimize.brentq(score, 0, top, xtol=1e-300, rtol=1e-15)
        p1 = ratio * p2
        variance = p1 * (1 - p1) / n1 + ratio ** 2 * p2 * (1 - p2) / n2
        return (x1 / n1 - ratio * x2 / n2) ** 2 / variance - z2

    start = np.log((x1 / n1) / (x2 / n2)) if x1 and x2 else None
    if x1 and x2:
        low = optimize.brentq(chi2, start - 20, start - 1e-9, xtol=1e-14)
        high = optimize.brentq(chi2, start + 1e-9, start + 20, xtol=1e-14)
    elif x2:
        low, high = -np.inf, optimize.brentq(chi2, -20, 20, xtol=1e-14)
    else:
        low, high = optimize.brentq(chi2, -20, 20, xtol=1e-14), np.inf
    return np.exp(low), np.exp(high)


def proportions():
    one, two = [], []
    for x, n in [(81, 263), (15, 148), (0, 20), (1, 29), (20, 20), (1, 1),
                 (5000, 1000000), (37, 80)]:
        for level in (0.8, 0.95, 0.999):
            wilson = proportion_confint(x, n, 1 - level, "wilson")
            beta = proportion_confint(x, n, 1 - level, "beta")
            lo = 0.0 if x == 0 else beta[0]
            hi = 1.0 if x == n else beta[1]
            one.append({"x": x, "n": n, "level": level,
                        "wilson": exact(wilson), "exact": exact([lo, hi])})
    # Clusters: the counts divided by the design effect.
    clustered = []
    for x, n, deff in [(40, 100, 4.0), (7, 150, 1.7), (0, 30, 2.5)]:
        a, b = x / deff, (n - x) / deff
        clustered.append({
            "x": x, "n": n, "design_effect": deff,
            "wilson": exact(proportion_confint(a, a + b, 0.05, "wilson")),
            "exact": exact([stats.beta.ppf(0.025, a, b + 1) if x else 0.0,
                            stats.beta.ppf(0.975, a + 1, b)])})
    for x1, n1, x2, n2 in [(56, 70, 48, 80), (9, 10, 3, 10), (6, 7, 2, 7),
                           (5, 56, 1, 29), (36, 40, 16, 80), (3, 9000, 7, 800),
                           (70, 71, 1, 90), (0, 20, 4, 30), (6, 20, 0, 15),
                           (20, 20, 9, 12)]:
        for level in (0.9, 0.95):
            newcombe = confint_proportions_2indep(
                x1, n1, x2, n2, "newcomb", "diff", 1 - level)
            case = {"a": [x1, n1], "b": [x2, n2], "level": level,
                    "newcombe": exact(newcombe),
                    "koopman": exact(koopman(x1, n1, x2, n2, level))}
            if x1 and x2 and x1 < n1:
                published = confint_proportions_2indep(
                    x1, n1, x2, n2, "score", "ratio", 1 - level,
                    correction=False)
                np.testing.assert_allclose(
                    published, koopman(x1, n1, x2, n2, level), rtol=1e-7)
            two.append(case)
    return {"one": one, "clustered": clustered, "two": two}


# ROC: every pair of a positive and a negative.

def placements(scores, labels):
    pos, neg = scores[labels == 1], scores[labels == 0]
    kernel = (pos[:, None] > neg[None, :]) + 0.5 * (pos[:, None] == neg)
    return kernel.mean(), kernel.mean(axis=1), kernel.mean(axis=0)


def delong_covariance(scores_list, labels):
    v10 = np.array([placements(s, labels)[1] for s in scores_list])
    v01 = np.array([placements(s, labels)[2] for s in scores_list])
    return (np.atleast_2d(np.cov(v10)) / v10.shape[1]
            + np.atleast_2d(np.cov(v01)) / v01.shape[1])


def obuchowski_covariance(scores_list, labels, clusters):
    ids = np.unique(clusters)
    i_all = len(ids)
    i10 = len(np.unique(clusters[labels == 1]))
    i01 = len(np.unique(clusters[labels == 0]))
    m, n = (labels == 1).sum(), (labels == 0).sum()
    of_pos, of_neg = [], []
    for s in scores_list:
        area, v10, v01 = placements(s, labels)
        pos_ids, neg_ids = clusters[labels == 1], clusters[labels == 0]
        of_pos.append([(v10[pos_ids == c] - area).sum() for c in ids])
        of_neg.append([(v01[neg_ids == c] - area).sum() for c in ids])
    x, y = np.array(of_pos), np.array(of_neg)
    s10 = i10 / ((i10 - 1) * m) * x @ x.T
    s01 = i01 / ((i01 - 1) * n) * y @ y.T
    s11 = i_all / (i_all - 1) * x @ y.T
    return s10 / m + s01 / n + (s11 + s11.T) / (m * n)


def roc_case(rng, rows, subjects, digits, strength):
    clusters = rng.integers(0, subjects, rows) * 1000003 % 4294967291
    ids = np.unique(clusters, return_inverse=True)[1]
    subject = rng.normal(0, 1, ids.max() + 1)[ids]
    labels = (subject + rng.normal(0, 1.5, rows) > 0.8).astype(int)
    a = strength * labels + 0.6 * subject + rng.normal(0, 1, rows)
    b = 0.7 * a + 0.3 * labels + rng.normal(0, 0.7, rows)
    a, b = np.round(a, digits), np.round(b, digits)
    plain = delong_covariance([a, b], labels)
    clustered = obuchowski_covariance([a, b], labels, clusters)
    area = [placements(s, labels)[0] for s in (a, b)]
    np.testing.assert_allclose(area[0], roc_auc_score(labels, a), atol=1e-14)
    out = {"scores_a": exact(a), "scores_b": exact(b),
           "labels": exact(labels), "clusters": exact(clusters),
           "auroc": exact(area),
           "average_precision": [average_precision_score(labels, s)
                                 for s in (a, b)]}
    for name, c in (("delong", plain), ("obuchowski", clustered)):
        d = area[0] - area[1]
        se = np.sqrt(c[0, 0] + c[1, 1] - 2 * c[0, 1])
        z = stats.norm.ppf(0.975)
        se_a = np.sqrt(c[0, 0])
        logit = np.log(area[0] / (1 - area[0]))
        half = z * se_a / (area[0] * (1 - area[0]))
        out[name] = {
            "variance": [c[0, 0], c[1, 1]], "covariance": c[0, 1],
            "difference": exact([d, d - z * se, d + z * se]),
            "p": 2 * stats.norm.sf(abs(d) / se),
            "interval": exact(1 / (1 + np.exp(-np.array(
                [logit - half, logit + half])))),
        }
    return out


def roc(rng):
    return [roc_case(rng, 60, 25, 1, 1.0), roc_case(rng, 90, 90, 6, 0.5),
            roc_case(rng, 120, 12, 0, 0.8), roc_case(rng, 40, 30, 2, 2.5)]


# Bootstrap intervals from given replicates.

def bootstrap(rng):
    cases = []
    for count, digits, jack, level in [(499, 6, 40, 0.95), (200, 1, 25, 0.9),
                                       (101, 3, 20, 0.99)]:
        data = np.round(rng.exponential(1.0, jack), 4)
        estimate = round(data.var(), digits)
        replicates = np.round([rng.choice(data, jack).var()
                               for _ in range(count)], digits)
        left_out = np.array([np.delete(data, i).var() for i in range(jack)])
        tail = (1 - level) / 2
        below = ((replicates < estimate).mean()
                 + (replicates <= estimate).mean()) / 2
        z0 = stats.norm.ppf(below)
        u = left_out.mean() - left_out
        a = (u ** 3).sum() / (6 * (u ** 2).sum() ** 1.5)
        z = z0 + stats.norm.ppf([tail, 1 - tail])
        bca = stats.norm.cdf(z0 + z / (1 - a * z))
        cases.append({
            "estimate": estimate, "level": level,
            "replicates": exact(replicates), "jackknife": exact(left_out),
            "standard_error": replicates.std(ddof=1),
            "percentile": exact(np.quantile(replicates, [tail, 1 - tail])),
            "bca": exact(np.quantile(replicates, bca))})
    return cases


# Calibration: statsmodels GLM (offset for the intercept), cluster-robust
# covariance without its small-sample correction, times S / (S - 1).

def robust(model, groups):
    fit = model.fit(tol=1e-14, maxiter=200, cov_type="cluster", cov_kwds={
        "groups": groups, "use_correction": False})
    count = len(np.unique(groups))
    return fit.params[-1], fit.bse[-1] * np.sqrt(count / (count - 1))


def calibration(rng):
    cases = []
    for rows, subjects, slope, shift in [(80, 30, 0.6, 0.4),
                                         (150, 20, 1.4, -0.5),
                                         (60, 55, 1.0, 0.0)]:
        clusters = rng.integers(0, subjects, rows)
        effect = rng.normal(0, 0.7, subjects)[clusters]
        logit = rng.normal(-0.5, 1.5, rows)
        scores = np.round(1 / (1 + np.exp(-logit)), 5)
        scores[0], scores[1] = 0.0, 1.0  # clipped
        labels = (rng.uniform(size=rows)
                  < 1 / (1 + np.exp(-(slope * logit + shift + effect)))
                  ).astype(int)
        labels[:2] = [0, 1]
        with np.errstate(divide="ignore"):
            limit = np.log((1 - 1e-12) / 1e-12)
            x = np.clip(np.log(scores) - np.log1p(-scores), -limit, limit)
        case = {"scores": exact(scores), "labels": exact(labels),
                "clusters": exact(clusters)}
        for name, groups in (("clustered", clusters),
                             ("independent", np.arange(rows))):
            binomial = sm.families.Binomial()
            b, b_se = robust(sm.GLM(labels, sm.add_constant(x),
                                    family=binomial), groups)
            a, a_se = robust(sm.GLM(labels, np.ones(rows), family=binomial,
                                    offset=x), groups)
            case[name] = {"slope": b, "slope_se": b_se,
                          "intercept": a, "intercept_se": a_se}
        # The Brier score minus its expectation, over its standard deviation
        # under calibration, found by writing both outcomes out.
        mean = (scores * (1 - scores) ** 2 + (1 - scores) * scores ** 2)
        variance = (scores * ((1 - scores) ** 2 - mean) ** 2
                    + (1 - scores) * (scores ** 2 - mean) ** 2)
        brier = (labels - scores) ** 2
        case["spiegelhalter"] = (brier - mean).sum() / np.sqrt(variance.sum())
        cases.append(case)
    return cases


# Bootstrap weights: Philox4x32-10 as published (Salmon et al. 2011), and
# inversion of the Poisson distribution.

def philox(counter, key):
    c, k = list(counter), list(key)
    for _ in range(10):
        a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(b >> 32) ^ c[1] ^ k[0], b & 0xFFFFFFFF,
             (a >> 32) ^ c[3] ^ k[1], a & 0xFFFFFFFF]
        k = [(k[0] + 0x9E3779B9) & 0xFFFFFFFF,
             (k[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return c


def poisson_weights():
    # Known answers of the Random123 library.
    ones = 0xFFFFFFFF
    assert philox([0] * 4, [0] * 2) == [
        0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]
    assert philox([ones] * 4, [ones] * 2) == [
        0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]
    steps = np.round(65536 * stats.poisson.cdf(np.arange(8), 1))
    cases = []
    for key, block, subject in [((1, 2), 0, 0), ((1, 2), 0, 1),
                                ((1, 2), 7, 123456789),
                                ((0xDEADBEEF, 0xFEEDFACE), ones, ones)]:
        words = [philox([subject, block, i, 0x504C4257], key)
                 for i in range(8)]
        weights = []
        for lane in range(64):
            word = words[lane % 32 // 4][2 * (lane // 32) + lane // 2 % 2]
            bits = word >> 16 if lane % 2 else word & 0xFFFF
            weights.append(int((bits >= steps).sum()))
        cases.append({"key": list(key), "block": block, "subject": subject,
                      "weights": "".join(map(str, weights))})
    return cases


def main():
    warnings.simplefilter("ignore")
    rng = np.random.default_rng(20240607)
    golden = {"distributions": distributions(), "proportions": proportions(),
              "poisson_weights": poisson_weights(),
              "roc": roc(rng), "bootstrap": bootstrap(rng),
              "calibration": calibration(rng)}
    lines = ",\n".join(f'"{name}": {json.dumps(value)}'
                       for name, value in golden.items())
    print("{\n" + lines + "\n}")


if __name__ == "__main__":
    main()
