#!/usr/bin/env python3
"""Golden values for the tests of src/plumbline/audit/slices: exact tests from
scipy, false-discovery control from statsmodels.

usage: slices.py > slices.json
Written with Python 3.11, numpy 1.24, scipy 1.10, statsmodels 0.13.
"""
import json

import numpy as np
from scipy import stats
from statsmodels.stats.multitest import multipletests


def exact(errors, rows, all_errors, all_rows):
    """fisher_exact where its search ends in reasonable time, else hypergeom."""
    if all_rows <= 20000:
        table = [[errors, rows - errors],
                 [all_errors - errors,
                  all_rows - rows - (all_errors - errors)]]
        return stats.fisher_exact(table, alternative="greater")[1]
    return stats.hypergeom.sf(errors - 1, all_rows, all_errors, rows)


def fisher():
    cases = [
        (2, 2, 3, 6), (1, 2, 3, 6), (5, 30, 12, 100), (12, 30, 12, 100),
        (0, 30, 12, 100), (1, 30, 12, 100), (70, 100, 500, 1000),
        (40, 100, 500, 1000), (50, 100, 500, 1000), (3, 10, 3, 5000),
        (200, 700, 3000, 15000), (150, 700, 3000, 15000),
        (1900, 3700, 14800, 44000), (1300, 3700, 14800, 44000),
        (25000, 410000, 50000, 912000), (10, 40, 200000, 912000),
    ]
    return [{"errors": e, "rows": n, "all_errors": all_e, "all_rows": all_n,
             "p": float("%.13g" % exact(e, n, all_e, all_n))}
            for e, n, all_e, all_n in cases]


def families(rng):
    out = []
    for all_errors, all_rows, count in [(300, 1000, 40), (60, 4000, 25)]:
        slices = []
        for _ in range(count):
            rows = int(rng.integers(30, all_rows // 3))
            # Some slices with twice the rate.
            rate = all_errors / all_rows * (2 if rng.random() < 0.2 else 1)
            errors = min(int(rng.binomial(rows, min(rate, 1))), all_errors)
            slices.append([errors, rows])
        p = [exact(e, n, all_errors, all_rows) for e, n in slices]
        adjusted = multipletests(p, method="fdr_bh")[1]
        out.append({"all_errors": all_errors, "all_rows": all_rows,
                    "slices": slices,
                    "adjusted": [float("%.12g" % a) for a in adjusted]})
    return out


def main():
    rng = np.random.default_rng(20240601)
    print(json.dumps({"fisher": fisher(), "families": families(rng)}))


if __name__ == "__main__":
    main()
