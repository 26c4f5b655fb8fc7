#!/usr/bin/env python3
"""Golden values for src/plumbline/stats/betting: e-values and confidence
sequences written out from their definitions with numpy and scipy.

The wealth of each gambler is multiplied up one observation after the other, the
least over the baseline's mean is searched on a dense grid and polished, and
intervals are found by root search. For zeros and ones the same wealth is also
computed as a likelihood ratio of binomial distributions, and compared here.

usage: stats_betting.py > stats_betting.json
Written with Python 3.11, numpy 1.24, scipy 1.10.
"""
import json

import numpy as np
from scipy import optimize, special, stats

SHARES = 2.0 ** (-0.5 * np.arange(1, 29))


def short(x):
    if isinstance(x, (list, tuple, np.ndarray)):
        return [short(v) for v in x]
    return float("%.12g" % x)


def log_above(x, m):
    wealth = np.zeros(len(SHARES))
    for value in x:
        wealth += np.log(1 - SHARES + SHARES * value / m)
    return special.logsumexp(wealth) - np.log(len(SHARES))


def log_below(x, m):
    return log_above([1 - value for value in x], 1 - m)


def log_binomial(x, m):
    """The same for zeros and ones, as a mixture likelihood ratio."""
    s, n = sum(x), len(x)
    return (special.logsumexp(stats.binom.logpmf(s, n, m + SHARES * (1 - m)))
            - stats.binom.logpmf(s, n, m) - np.log(len(SHARES)))


def least(function, lo, hi):
    grid = lo + (hi - lo) * special.expit(np.linspace(-20, 20, 801))
    values = [function(m) for m in grid]
    best = int(np.argmin(values))
    found = optimize.minimize_scalar(
        function, bounds=(grid[max(best - 1, 0)],
                          grid[min(best + 1, len(grid) - 1)]),
        method="bounded", options={"xatol": 1e-10})
    return min(found.fun, values[best])


def log_mean(a, b):
    return special.logsumexp([a, b]) - np.log(2)


def drift_above(base, later, d):
    return least(lambda m: log_below(base, m) + log_above(later, m + d),
                 max(0, -d), min(1, 1 - d))


def drift_below(base, later, d):
    return least(lambda m: log_above(base, m) + log_below(later, m + d),
                 max(0, -d), min(1, 1 - d))


def interval(x, level):
    def excess(m):
        return log_mean(log_above(x, m), log_below(x, m)) + np.log(1 - level)
    mean = min(max(np.mean(x), 1e-9), 1 - 1e-9)
    lo = optimize.brentq(excess, 1e-12, mean, xtol=1e-12) if max(x) > 0 else 0
    hi = optimize.brentq(excess, mean, 1 - 1e-12, xtol=1e-12) \
        if min(x) < 1 else 1
    return [lo, hi]


def drift_interval(base, later, level):
    limit = -np.log((1 - level) / 2)
    return [optimize.brentq(lambda d: drift_above(base, later, d) - limit,
                            -0.999, 0.999, xtol=1e-9),
            optimize.brentq(lambda d: drift_below(base, later, d) - limit,
                            -0.999, 0.999, xtol=1e-9)]


def sample(rng, kind, n, p):
    if kind == "binary":
        return (rng.random(n) < p).astype(float)
    rows = rng.integers(1, 7, n)
    return rng.binomial(rows, p) / rows


def main():
    rng = np.random.default_rng(20240611)
    one, two = [], []
    for kind, n, p, m in [("binary", 40, 0.3, 0.2), ("binary", 200, 0.05, 0.05),
                          ("means", 60, 0.4, 0.5), ("means", 150, 0.9, 0.85),
                          ("binary", 1, 0.5, 0.4)]:
        x = sample(rng, kind, n, p)
        if kind == "binary":
            assert abs(log_binomial(x, m) - log_above(x, m)) < 1e-9
        one.append({"x": short(x), "m": m, "above": short(log_above(x, m)),
                    "below": short(log_below(x, m)),
                    "interval": short(interval(x, 0.95))})
    for kind, n_base, p_base, n, p, margin in [
            ("binary", 50, 0.2, 60, 0.2, 0), ("binary", 120, 0.2, 90, 0.5, 0),
            ("binary", 120, 0.2, 90, 0.5, 0.05),
            ("means", 40, 0.7, 70, 0.4, 0), ("means", 80, 0.1, 30, 0.1, 0.02)]:
        base = sample(rng, kind, n_base, p_base)
        later = sample(rng, kind, n, p)
        above = drift_above(base, later, margin)
        below = drift_below(base, later, -margin)
        case = {"base": short(base), "later": short(later), "margin": margin,
                "above": short(above), "below": short(below),
                "both": short(log_mean(above, below))}
        if margin == 0:
            case["interval"] = short(drift_interval(base, later, 0.9))
        two.append(case)
    parts = ['"%s": [\n%s\n]' % (name, ",\n".join(map(json.dumps, cases)))
             for name, cases in [("one_sample", one), ("two_samples", two)]]
    print("{%s}" % ",\n".join(parts))


if __name__ == "__main__":
    main()
