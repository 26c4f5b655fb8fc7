#!/usr/bin/env python3
"""Golden values for the tests of src/plumbline/audit/power.

Exact powers: the definition written out with scipy's binomial and statsmodels'
Wilson limits. Normal powers: statsmodels.

usage: power.py > power.json
Written with Python 3.11, numpy 1.24, scipy 1.10, statsmodels 0.13.
"""
import json

import numpy as np
from scipy import stats
from statsmodels.stats.power import normal_power_het
from statsmodels.stats.proportion import proportion_confint


def limits(n, alpha):
    k = np.arange(n + 1)
    lo, hi = proportion_confint(k, n, alpha=alpha, method="wilson")
    return k / n, lo, hi


def exact(goal, p_a, n_a, p_b, n_b, margin, z):
    alpha = 2 * stats.norm.sf(z)
    a, a_lo, a_hi = (x[None, :] for x in limits(n_a, alpha))
    b, b_lo, b_hi = (x[:, None] for x in limits(n_b, alpha))
    d = b - a
    lo = d - np.sqrt((b - b_lo) ** 2 + (a_hi - a) ** 2)
    hi = d + np.sqrt((b_hi - b) ** 2 + (a - a_lo) ** 2)
    reached = {"difference": lo > 0,
               "equivalence": (lo > -margin) & (hi < margin),
               "non-inferiority": hi < margin}[goal]
    mass = (stats.binom.pmf(np.arange(n_b + 1), n_b, p_b)[:, None]
            * stats.binom.pmf(np.arange(n_a + 1), n_a, p_a)[None, :])
    return float((mass * reached).sum())


def main():
    cases = []
    for goal, p_a, n_a, p_b, n_b, margin, z in [
            ("difference", 0.1, 60, 0.3, 60, 0.2, 1.959964),
            ("difference", 0.02, 150, 0.10, 90, 0.08, 1.959964),
            ("difference", 0.33, 400, 0.43, 350, 0.10, 2.343700),
            ("equivalence", 0.1, 500, 0.1, 500, 0.06, 1.644854),
            ("equivalence", 0.02, 200, 0.03, 180, 0.05, 1.644854),
            ("non-inferiority", 0.3, 300, 0.3, 200, 0.10, 1.644854),
            ("non-inferiority", 0.05, 40, 0.05, 40, 0.10, 1.644854)]:
        cases.append({"goal": goal, "p_a": p_a, "n_a": n_a, "p_b": p_b,
                      "n_b": n_b, "margin": margin, "z": z,
                      "power": exact(goal, p_a, n_a, p_b, n_b, margin, z)})
    normal = []
    for p_a, p_b, n in [(0.33, 0.38, 1434), (0.1, 0.15, 700), (0.5, 0.6, 2000)]:
        sd = np.sqrt(p_a * (1 - p_a) + p_b * (1 - p_b))
        normal.append({"p_a": p_a, "p_b": p_b, "n": n,
                       "power": normal_power_het(p_b - p_a, n, 0.05,
                                                 std_null=sd, std_alternative=sd,
                                                 alternative="larger")})
        # One-sided at 0.05 stands for two-sided at 0.1.
    print(json.dumps({"exact": cases, "normal": normal}))


if __name__ == "__main__":
    main()
