#!/usr/bin/env python3
"""Golden values for the tests of src/plumbline/stats: permutation to
heterogeneity.

Everything is computed here by other means than in the C++ code: statsmodels
and scipy where they have it, otherwise the definition written out (double
loops, root finding, quadrature, plain simulation).

usage: stats_testing.py > stats_testing.json
Written with Python 3.11, numpy 1.24, scipy 1.10, statsmodels 0.13.
"""
import json

import numpy as np
from scipy import integrate, optimize, stats
from statsmodels.stats.meta_analysis import combine_effects
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import (normal_power_het,
                                     normal_sample_size_one_tail)
from statsmodels.stats.weightstats import ztost


def short(x):
    """12 significant digits, lists and numbers."""
    if isinstance(x, (list, tuple, np.ndarray)):
        return [short(v) for v in x]
    return float("%.12g" % x)


# Multiple testing.

def multiple_testing(rng):
    families = [
        [0.01, 0.04, 0.03, 0.005],
        [0.02, 0.02, 0.02, 0.5, 1.0, 0.9],
        [0.3],
        list(np.round(rng.beta(0.4, 2.0, 25), 5)),
        list(10.0 ** -rng.uniform(0, 12, 12)),
    ]
    return [{
        "p": short(p),
        "holm": short(multipletests(p, method="holm")[1]),
        "bh": short(multipletests(p, method="fdr_bh")[1]),
        "by": short(multipletests(p, method="fdr_by")[1]),
    } for p in families]


# Equivalence: statsmodels' z version on data whose mean and standard error are
# then given to ours.

def equivalence(rng):
    cases = []
    for n, mean, sd, margin, alpha in [
            (400, 0.00, 0.3, 0.05, 0.05), (400, 0.04, 0.3, 0.05, 0.05),
            (400, -0.02, 0.3, 0.05, 0.05), (900, 0.12, 0.3, 0.05, 0.05),
            (900, -0.12, 0.3, 0.05, 0.01), (12, 0.00, 0.3, 0.05, 0.05)]:
        x = rng.normal(mean, sd, n)
        p, lower, upper = ztost(x, -margin, margin, ddof=1)
        difference, se = x.mean(), x.std(ddof=1) / np.sqrt(n)
        z = stats.norm.ppf(1 - alpha)
        lo, hi = difference - z * se, difference + z * se
        verdict = ("equivalent" if -margin < lo and hi < margin else
                   "different" if lo >= margin or hi <= -margin else
                   "inconclusive")
        cases.append({
            "difference": short(difference), "standard_error": short(se),
            "margin": margin, "alpha": alpha, "p_lower": short(lower[1]),
            "p_upper": short(upper[1]), "p": short(p), "lo": short(lo),
            "hi": short(hi), "verdict": verdict})
    return cases


# Power.

def het_power(p_a, p_b, n_a, n_b, alpha, design_effect):
    std = np.sqrt(p_a * (1 - p_a) + p_b * (1 - p_b) * n_a / n_b)
    return normal_power_het(abs(p_a - p_b), n_a / design_effect, alpha / 2,
                            std_null=std, std_alternative=std,
                            alternative="larger")


def power():
    trials = []
    for p_a, p_b, alpha, wanted, deff in [
            (0.33, 0.38, 0.05, 0.8, 1.0), (0.05, 0.02, 0.05, 0.9, 1.0),
            (0.5, 0.9, 0.01, 0.8, 1.7)]:
        std = np.sqrt(p_a * (1 - p_a) + p_b * (1 - p_b))
        trials.append({
            "p_a": p_a, "p_b": p_b, "alpha": alpha, "power": wanted,
            "design_effect": deff,
            "trials": short(deff * normal_sample_size_one_tail(
                abs(p_a - p_b), wanted, alpha / 2, std_null=std,
                std_alternative=std))})
    powers, smallest = [], []
    for p_a, p_b, n_a, n_b, alpha, deff in [
            (0.33, 0.38, 1434, 1434, 0.05, 1.0), (0.2, 0.3, 150, 900, 0.05, 1),
            (0.2, 0.1, 150, 900, 0.05, 1.5), (0.6, 0.62, 80, 40, 0.01, 1.0)]:
        powers.append({
            "p_a": p_a, "p_b": p_b, "n_a": n_a, "n_b": n_b, "alpha": alpha,
            "design_effect": deff,
            "power": short(het_power(p_a, p_b, n_a, n_b, alpha, deff))})
        for up in (True, False):
            end = 1 - 1e-13 if up else 1e-13
            f = lambda p: het_power(p_a, p, n_a, n_b, alpha, deff) - 0.8
            root = optimize.brentq(f, p_a + (1e-9 if up else -1e-9), end,
                                   xtol=1e-14)
            smallest.append({
                "p_a": p_a, "n_a": n_a, "n_b": n_b, "alpha": alpha,
                "design_effect": deff, "upwards": up,
                "difference": short(abs(root - p_a))})
    return {"trials": trials, "powers": powers, "smallest": smallest}


# Shrinkage.

def paule_mandel(y, se):
    def excess(t):
        w = 1 / (se**2 + t)
        return np.sum(w * (y - np.sum(w * y) / np.sum(w))**2) - (len(y) - 1)
    if excess(0.0) <= 0:
        return 0.0
    return optimize.brentq(excess, 0, 100 * np.ptp(y)**2, xtol=1e-17)


def joint_posterior(y, se, t):
    """Of (mean, theta_1, ...) with a flat prior on the mean, from their joint
    normal distribution: no scalar formula is used."""
    groups = len(y)
    if t == 0:  # all groups are the common mean
        w = 1 / se**2
        return (np.full(groups + 1, np.average(y, weights=w)),
                np.full(groups + 1, np.sum(w)**-0.5))
    precision = np.zeros((groups + 1, groups + 1))
    precision[0, 0] = groups / t
    precision[0, 1:] = precision[1:, 0] = -1 / t
    precision[1:, 1:] = np.diag(1 / se**2 + 1 / t)
    covariance = np.linalg.inv(precision)
    return covariance @ np.r_[0, y / se**2], np.sqrt(np.diag(covariance))


def shrink_normal(rng):
    cases = []
    for groups, tau, scale in [(8, 0.1, 0.05), (40, 0.03, 0.03),
                               (5, 0.0, 0.1)]:
        se = scale * rng.uniform(0.3, 3, groups)
        y = 0.8 + tau * rng.standard_normal(groups) + \
            se * rng.standard_normal(groups)
        if tau == 0.0:  # closer together than their errors: tau^2 must be 0
            y = 0.8 + 0.3 * (y - 0.8)
        t = paule_mandel(y, se)
        iterated = combine_effects(y, se**2, method_re="iterated", atol=1e-14)
        assert abs(iterated.tau2 - t) < 1e-8, (iterated.tau2, t)
        mean, sd = joint_posterior(y, se, t)
        cases.append({
            "y": short(y), "se": short(se), "tau2": short(t),
            "mu": short(mean[0]), "mean": short(mean[1:]),
            "sd": short(sd[1:])})
    return cases


def kleinman_step(p, n, w):
    """Matches sum w (p - mean)^2 to its expectation; by root finding."""
    share = w / w.sum()
    mean = np.sum(share * p)
    observed = np.sum(w * (p - mean)**2)

    def expected(g):
        variance = mean * (1 - mean) * (g + (1 - g) / n)
        total = 0.0
        for i in range(len(n)):  # Var(p_i - mean), term by term
            weights = -share.copy()
            weights[i] += 1
            total += w[i] * np.sum(weights**2 * variance)
        return total
    root = optimize.brentq(lambda g: expected(g) - observed, -50, 50,
                           xtol=1e-15)
    return mean, root


def shrink_proportions(rng):
    cases = []
    for a, b, trials in [(2, 6, [3, 8, 40, 200, 17, 90, 5, 60, 33]),
                         (30, 70, [50, 80, 400, 25, 170, 900]),
                         (0.3, 0.2, [9, 30, 14.5, 61, 25])]:
        n = np.array(trials, float)
        s = np.round(n * rng.beta(a, b, len(n)))
        p = s / n
        mean, g = kleinman_step(p, n, n)
        bounds = (1 / (1e6 + 1), 0.5)
        g = np.clip(g, *bounds)
        mean, g = kleinman_step(p, n, n / (1 + g * (n - 1)))
        g = np.clip(g, *bounds)
        strength = 1 / g - 1
        w = n / (1 + g * (n - 1))
        share = w / w.sum()
        mean_variance = np.sum(share**2 * mean * (1 - mean) *
                               (g + (1 - g) / n))
        post_mean, post_sd = [], []
        for x, m in zip(s, n):
            beta = stats.beta(mean * strength + x,
                              (1 - mean) * strength + m - x)
            pull = strength / (strength + m)
            post_mean.append(beta.mean())
            post_sd.append(np.sqrt(beta.var() + pull**2 * mean_variance))
        cases.append({
            "successes": short(s), "trials": short(n),
            "prior_mean": short(mean),
            "prior_variance": short(mean * (1 - mean) / (strength + 1)),
            "mean": short(post_mean), "sd": short(post_sd)})
    return cases


def probability_of_extreme(rng):
    cases = []
    for groups in (2, 6):
        mean = 0.3 + 0.05 * rng.standard_normal(groups)
        sd = rng.uniform(0.02, 0.08, groups)
        case = {"mean": short(mean), "sd": short(sd)}
        for name, sign in (("largest", 1), ("smallest", -1)):
            values = []
            for g in range(groups):
                def density(x):
                    others = [stats.norm.cdf(sign * (x - mean[j]) / sd[j])
                              for j in range(groups) if j != g]
                    return stats.norm.pdf(x, mean[g], sd[g]) * np.prod(others)
                values.append(integrate.quad(density, mean[g] - 9 * sd[g],
                                             mean[g] + 9 * sd[g])[0])
            assert abs(sum(values) - 1) < 1e-7
            case[name] = short(values)
        cases.append(case)
    return cases


# Inequality: the definitions as double loops.

def inequality(rng):
    cases = []
    for values, weights in [
            ([1, 1, 1], [5, 1, 2]), ([0, 0, 0, 1], [1, 1, 1, 1]),
            ([0.2, 0.5, 0.9], [10, 20, 5]),
            (rng.gamma(2, 1, 30), rng.uniform(0, 50, 30))]:
        x, w = np.array(values, float), np.array(weights, float)
        total, mean = w.sum(), np.sum(w * x) / w.sum()
        gini = sum(w[i] * w[j] * abs(x[i] - x[j]) for i in range(len(x))
                   for j in range(len(x))) / (2 * total**2 * mean)
        theil = sum(w[i] * x[i] / mean * np.log(x[i] / mean)
                    for i in range(len(x)) if x[i] > 0) / total
        cases.append({"values": short(x), "weights": short(w),
                      "gini": short(gini), "theil": short(theil)})
    return cases


# Heterogeneity.

def cochran_q(rng):
    cases = []
    for groups in (2, 5, 30):
        se = rng.uniform(0.01, 0.2, groups)
        y = 0.7 + 1.3 * se * rng.standard_normal(groups)
        w = 1 / se**2
        q = np.sum(w * (y - np.average(y, weights=w))**2)
        assert abs(q - combine_effects(y, se**2).q) < 1e-9
        cases.append({"y": short(y), "se": short(se), "q": short(q),
                      "degrees": groups - 1,
                      "p": short(stats.chi2.sf(q, groups - 1))})
    return cases


# The synthetic table of the benchmark (predictions with planted bias): counts
# of positives in the 30 age x device cells, and the pooled sensitivity at 0.5.
# Every value is a pure function of (seed, row, stream) through splitmix64.

def u01(seed, n, stream):
    x = (np.arange(n, dtype=np.uint64) * np.uint64(16) + np.uint64(stream) +
         np.uint64((seed * 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF))
    with np.errstate(over="ignore"):
        x = x * np.uint64(0x9E3779B97F4A7C15) + np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        x = x ^ (x >> np.uint64(31))
    return ((x >> np.uint64(11)).astype(float) + 0.5) / 9007199254740992.0


LEVELS = [[0.47, 0.53], [0.14, 0.27, 0.24, 0.22, 0.13],
          [0.61, 0.18, 0.11, 0.07, 0.03],
          [0.35, 0.25, 0.15, 0.12, 0.09, 0.04]]


def benchmark_cells(n, seed=20240601):
    sex, age, race, device = (
        np.searchsorted(np.cumsum(p)[:-1], u01(seed, n, s), side="right")
        for s, p in enumerate(LEVELS))
    prevalence = 0.05 + 0.015 * age + 0.01 * (sex == 1) + 0.02 * (race == 1)
    y = u01(seed, n, 8) < prevalence
    u = u01(seed, n, 9)
    z = (-1.6 + np.where(age == 4, 1.5, 2.4) * y +
         (np.log(u) - np.log1p(-u)) * 0.9)
    z = z - 0.7 * (y & (sex == 0) & (race == 1)) + 0.6 * (device == 5)
    hit = np.round(1 / (1 + np.exp(-z)), 6) >= 0.5
    cell = age * 6 + device
    positives = np.bincount(cell[y], minlength=30)
    hits = np.bincount(cell[y & hit], minlength=30)
    rates = hits / positives
    return positives, hits.sum() / positives.sum(), np.ptp(rates)


def simulate_range(rng, draw, pooled, groups, shifted, up, draws=200000):
    """draw(g, centre) gives `draws` values of group g around centre."""
    values = np.array([draw(g, pooled) for g in range(groups)])
    ranges = np.ptp(values, axis=0)
    p95 = np.quantile(ranges, 0.95, method="inverted_cdf")
    others = np.delete(values, shifted, axis=0)
    high, low = others.max(axis=0), others.min(axis=0)

    def power(shift):
        v = draw(shifted, pooled + (shift if up else -shift))
        return np.mean(np.maximum(high, v) - np.minimum(low, v) > p95 + 1e-12)
    return ranges.mean(), p95, power


def range_null(rng):
    table = []
    for rows in (10000, 100000, 1000000):
        positives, pooled, observed = benchmark_cells(rows)
        draw = lambda g, c: rng.binomial(positives[g], c, 200000) / positives[g]
        mean, p95, _ = simulate_range(rng, draw, pooled, 30, 0, False)
        table.append({
            "rows": rows, "positives": [int(n) for n in positives],
            "pooled": short(pooled), "observed": short(observed),
            "expected": round(mean, 4), "p95": round(p95, 4)})
    cases = []
    for trials, pooled, shifted, up in [
            ([40, 90, 300, 1000, 55], 0.7, 1, False),
            ([250, 400, 100], 0.06, 0, True),
            ([60, 4000000, 30000, 800], 0.3, 2, True)]:
        draw = lambda g, c: rng.binomial(trials[g], c, 200000) / trials[g]
        cases.append(detectable(rng, draw, trials, [], pooled, shifted, up))
    for errors, pooled, shifted, up in [
            ([0.02, 0.03, 0.05, 0.01, 0.02, 0.04], 0.8, 0, False),
            ([0.1, 0.2, 0.1], -0.3, 1, True)]:
        draw = lambda g, c: rng.normal(c, errors[g], 200000)
        cases.append(detectable(rng, draw, [], errors, pooled, shifted, up))
    return {"benchmark": table, "tails": range_tails(),
            "cases": cases}


def binomial_range_tail(trials, pooled, observed):
    """Every outcome of three binomials."""
    counts = [np.arange(n + 1) for n in trials]
    rates = np.meshgrid(*[k / n for k, n in zip(counts, trials)],
                        indexing="ij")
    chance = 1.0
    for axis, (k, n) in enumerate(zip(counts, trials)):
        shape = [1, 1, 1]
        shape[axis] = -1
        chance = chance * stats.binom.pmf(k, n, pooled).reshape(shape)
    width = np.max(rates, axis=0) - np.min(rates, axis=0)
    return chance[width >= observed - 1e-9].sum()


def range_tails():
    cases = []
    for trials, pooled, observed in [
            ([10, 14, 8], 0.2, 0.75), ([40, 60, 150], 0.1, 0.3),
            ([40, 60, 150], 0.65, 0.5), ([25, 90, 30], 0.02, 0.24)]:
        cases.append({
            "trials": trials, "errors": [], "pooled": pooled,
            "observed": observed,
            "p": short(binomial_range_tail(trials, pooled, observed))})
    for groups, q in [(2, 6.0), (5, 6.5), (30, 8.0)]:
        cases.append({
            "trials": [], "errors": [0.05] * groups, "pooled": 0.7,
            "observed": short(0.05 * q),
            "p": short(stats.studentized_range.sf(q, groups, np.inf))})
    return cases


def detectable(rng, draw, trials, errors, pooled, shifted, up):
    groups = len(trials) or len(errors)
    mean, p95, power = simulate_range(rng, draw, pooled, groups, shifted, up)
    reach = 3.0 if errors else (1 - pooled if up else pooled)
    lo, hi = 0.0, reach
    for _ in range(14):
        middle = (lo + hi) / 2
        lo, hi = (lo, middle) if power(middle) >= 0.8 else (middle, hi)
    return {"trials": trials, "errors": errors, "pooled": pooled,
            "shifted": shifted, "up": up, "expected": short(round(mean, 5)),
            "p95": short(round(p95, 5)), "detectable": short(round(hi, 4))}


def write(parts):
    """One case a line, so that a change shows as the lines it changed."""
    flat = {}
    for name, part in parts.items():
        for key, cases in (part.items() if isinstance(part, dict)
                           else [("", part)]):
            flat[name + ("_" + key if key else "")] = cases
    print("{")
    for i, (name, cases) in enumerate(flat.items()):
        lines = ",\n".join("  " + json.dumps(case) for case in cases)
        print(f' "{name}": [\n{lines}\n ]' + ("," if i + 1 < len(flat) else ""))
    print("}")


def main():
    rng = np.random.default_rng(20240601)
    write({
        "multiple_testing": multiple_testing(rng),
        "equivalence": equivalence(rng),
        "power": power(),
        "shrink_normal": shrink_normal(rng),
        "shrink_proportions": shrink_proportions(rng),
        "probability_of_extreme": probability_of_extreme(rng),
        "inequality": inequality(rng),
        "cochran_q": cochran_q(rng),
        "range_null": range_null(rng),
    })


if __name__ == "__main__":
    main()
