#!/usr/bin/env python3
"""Writes an audit as docs/audit-json.md describes it, for tests of the report.

The patients are drawn from a seeded generator: two findings, three attributes
with missing values, one small group, and a planted gap (positives of race C
get lower scores). Groups are named A, B, C: they stand for nobody.

    tests/golden/make_audit_fixture.py > tests/golden/audit_fixture.json
    tests/golden/make_audit_fixture.py --targets 14 --all-metrics > big.json
    tests/golden/make_audit_fixture.py --hostile > hostile.json
"""
import argparse
import itertools
import json
import math
import sys

import numpy as np
from scipy import stats

LEVEL = 0.95
Z = stats.norm.ppf(0.5 + LEVEL / 2)
MINIMUM = 10
MARGIN = 0.05

METRICS = {
    "selection_rate": ("Share flagged", "none", "Share of all rows flagged."),
    "fnr": ("False-negative rate (FNR)", "lower_is_better",
            "Share of the positives that the model missed."),
    "fpr": ("False-positive rate (FPR)", "lower_is_better",
            "Share of the negatives that the model flagged."),
    "ppv": ("Positive predictive value (PPV)", "higher_is_better",
            "Share of the flagged that are positive."),
    "accuracy": ("Accuracy", "higher_is_better",
                 "Share of rows that were decided rightly."),
    "auroc": ("Area under the ROC curve (AUROC)", "higher_is_better",
              "Probability that a positive scores above a negative."),
    "brier": ("Brier score", "lower_is_better",
              "Mean squared distance of score and truth."),
    "ece": ("Expected calibration error (ECE)", "lower_is_better",
            "Mean distance of score and observed share over ten bins."),
    "calibration_slope": ("Calibration slope", "one_is_best",
                          "Below one: scores are too extreme."),
    "observed_expected": ("Observed / expected positives", "one_is_best",
                          "Above one: scores are too low."),
}
EXTRA = ["sensitivity", "specificity", "npv", "for", "fdr",
         "balanced_accuracy", "f1", "youden_j", "auprc", "log_loss",
         "calibration_intercept", "d_prime", "criterion_c", "net_benefit",
         "prevalence"]


def number(x, digits=6):
    if x is None or not math.isfinite(x):
        return None
    return float(f"{x:.{digits}g}")


def wilson(k, n):
    p = k / n
    z2 = Z * Z / n
    centre = (p + z2 / 2) / (1 + z2)
    half = Z * math.sqrt(p * (1 - p) / n + z2 / (4 * n)) / (1 + z2)
    return p, max(0, centre - half), min(1, centre + half)


def estimate(value, lo, hi, n, subjects, events, method, reason=None):
    if reason is None and n < MINIMUM:
        reason = "below_minimum"
    if reason == "below_minimum":
        lo, hi, method = None, None, "none"
    if reason == "one_class":
        value, lo, hi, method = None, None, None, "none"
    return {"value": number(value) if value is not None else None,
            "lo": number(lo) if lo is not None else None,
            "hi": number(hi) if hi is not None else None,
            "level": LEVEL, "n": int(n), "subjects": int(subjects),
            "events": None if events is None else int(events),
            "design_effect": 1.08 if reason is None else None,
            "method": method, "reason": reason}


def rate(rows, of, event):
    n = int(of.sum())
    subjects = len(np.unique(rows["subject"][of]))
    k = int((event & of).sum())
    if n == 0:
        return estimate(None, None, None, 0, 0, 0, "none", "one_class")
    return estimate(*wilson(k, n), n, subjects, k, "wilson")


def auroc_of(y, s):
    m, n = int(y.sum()), int((~y).sum())
    if m == 0 or n == 0:
        return None
    ranks = stats.rankdata(s)
    return (ranks[y].sum() - m * (m + 1) / 2) / (m * n)


def normal(value, se, n, subjects, events, method, reason=None):
    if value is None:
        return estimate(None, None, None, n, subjects, events, "none",
                        reason or "one_class")
    return estimate(value, value - Z * se, value + Z * se, n, subjects, events,
                    method, reason)


def metrics_of(rows, names, threshold):
    y, s = rows["y"], rows["s"]
    flagged = s >= threshold
    all_rows = np.ones(len(y), bool)
    n, subjects = len(y), len(np.unique(rows["subject"]))
    out = {}
    for name in names:
        if name == "selection_rate":
            e = rate(rows, all_rows, flagged)
        elif name in ("fnr", "sensitivity"):
            e = rate(rows, y, ~flagged if name == "fnr" else flagged)
        elif name in ("fpr", "specificity"):
            e = rate(rows, ~y, flagged if name == "fpr" else ~flagged)
        elif name in ("ppv", "fdr"):
            e = rate(rows, flagged, y if name == "ppv" else ~y)
        elif name in ("npv", "for"):
            e = rate(rows, ~flagged, ~y if name == "npv" else y)
        elif name == "prevalence":
            e = rate(rows, all_rows, y)
        elif name in ("accuracy", "balanced_accuracy", "f1", "youden_j"):
            e = rate(rows, all_rows, y == flagged)
        elif name == "auroc":
            a = auroc_of(y, s)
            se = 0.29 / math.sqrt(max(1, min(y.sum(), (~y).sum())))
            e = normal(a, se, n, subjects, int(y.sum()), "delong")
            if e["hi"] is not None:
                e["hi"] = min(e["hi"], 1.0)
            if a is not None and y.sum() < MINIMUM:
                e = estimate(a, None, None, int(y.sum()), subjects,
                             int(y.sum()), "none", "below_minimum")
        elif name == "brier":
            d = (s - y) ** 2
            e = normal(d.mean(), d.std() / math.sqrt(n), n, subjects, None,
                       "delta")
        elif name == "ece":
            order = np.argsort(s)
            bins = np.array_split(order, 10)
            value = sum(len(b) / n * abs(s[b].mean() - y[b].mean())
                        for b in bins if len(b))
            e = normal(value, 0.3 * value, n, subjects, None,
                       "percentile_bootstrap")
            e["null_expected"] = number(0.25 / math.sqrt(n))
        elif name == "calibration_slope":
            if y.sum() < 5:
                e = estimate(None, None, None, n, subjects, None, "none",
                             "unstable")
            else:
                e = normal(0.94, 1.6 / math.sqrt(y.sum()), n, subjects, None,
                           "logistic_sandwich")
        elif name == "observed_expected":
            r = y.sum() / s.sum()
            e = normal(r, r / math.sqrt(max(1, y.sum())), n, subjects,
                       int(y.sum()), "delta",
                       "one_class" if y.sum() == 0 else None)
        else:
            v = float(s.mean())
            e = normal(v, s.std() / math.sqrt(n), n, subjects, None, "delta")
        out[name] = e
    return out


def curves_of(rows, target, model, name, attributes):
    y, s = rows["y"], rows["s"]
    order = np.argsort(-s)
    tpr = np.concatenate([[0], np.cumsum(y[order]) / y.sum()])
    fpr = np.concatenate([[0], np.cumsum(~y[order]) / (~y).sum()])
    keep = np.unique(np.linspace(0, len(y), 60).astype(int))
    bins = []
    for b in np.array_split(np.argsort(s), 10):
        p, lo, hi = wilson(int(y[b].sum()), len(b))
        bins.append({"score": number(s[b].mean(), 4), "observed": number(p, 4),
                     "lo": number(lo, 4), "hi": number(hi, 4), "n": len(b)})
    benefit = []
    for t in np.linspace(0.02, 0.5, 25):
        flagged = s >= t
        odds = t / (1 - t)
        nb = ((flagged & y).sum() - (flagged & ~y).sum() * odds) / len(y)
        treat_all = (y.sum() - (~y).sum() * odds) / len(y)
        se = 0.5 * math.sqrt(flagged.mean() / len(y))
        benefit.append({"threshold": number(t, 3), "model": number(nb, 4),
                        "lo": number(nb - Z * se, 4),
                        "hi": number(nb + Z * se, 4),
                        "all": number(treat_all, 4)})
    return {"target": target, "model": model, "name": name,
            "attributes": attributes,
            "roc": [[number(fpr[i], 4), number(tpr[i], 4)] for i in keep],
            "roc_area": number(auroc_of(y, s)), "calibration": bins,
            "net_benefit": benefit}


def draw(args, rng, index):
    n = args.rows
    subject = rng.integers(0, int(n * 0.8), n)
    subjects = int(n * 0.8)
    race = rng.choice(["A", "B", "C", "D", None], subjects,
                      p=[0.56, 0.22, 0.14, 0.02, 0.06])
    sex = rng.choice(["F", "M", None], subjects, p=[0.48, 0.49, 0.03])
    age = rng.choice(["[0,40)", "[40,65)", "[65,inf)"], subjects,
                     p=[0.22, 0.43, 0.35])
    rows = {"subject": subject, "race": race[subject], "sex": sex[subject],
            "age_band": age[subject]}
    y = rng.random(n) < (0.11 if index % 2 == 0 else 0.05)
    shift = np.where((rows["race"] == "C") & y, -0.9 if index == 0 else -0.2, 0)
    latent = rng.normal(size=n) + np.where(y, 1.7, 0) + shift
    rows["y"] = y
    rows["s"] = 1 / (1 + np.exp(-(1.6 * latent - 3.6)))
    return rows


def take(rows, mask):
    return {k: v[mask] for k, v in rows.items()}


def label_of(attributes):
    if not attributes:
        return "everyone"
    return ", ".join(f"{a}={'missing' if v is None else v}"
                     for a, v in attributes.items())


def gap_of(target, model, by, metric, groups, rng):
    usable = [g for g in groups if None not in g["attributes"].values()
              and g["metrics"][metric]["lo"] is not None]
    left_out = [{"name": g["name"],
                 "reason": g["metrics"][metric]["reason"] or "missing"}
                for g in groups if g not in usable]
    out = {"target": target, "model": model, "by": by, "metric": metric,
           "measure": "max_min", "level": LEVEL, "margin": MARGIN,
           "n": sum(g["metrics"][metric]["n"] for g in usable),
           "subjects": sum(g["metrics"][metric]["subjects"] for g in usable),
           "adjustment": "holm", "groups_used": len(usable),
           "groups_left_out": left_out}
    if len(usable) < 2:
        out.update({k: None for k in (
            "value", "lo", "hi", "p", "p_adjusted", "null_expected",
            "null_p95", "smallest_detectable", "outcome", "worst", "best")})
        out.update({"method": "none", "reason": "below_minimum"})
        return out
    values = np.array([g["metrics"][metric]["value"] for g in usable])
    se = np.array([(g["metrics"][metric]["hi"] - g["metrics"][metric]["lo"])
                   / (2 * Z) for g in usable])
    null = np.ptp(rng.normal(size=(4000, len(se))) * se, axis=1)
    draws = values + rng.normal(size=(4000, len(se))) * se
    gap = float(np.ptp(values))
    lo, hi = np.quantile(np.ptp(draws, axis=1), [0.025, 0.975])
    lo = max(0.0, min(lo - null.mean() * 0.7, gap))
    p = float((1 + (null >= gap).sum()) / 4001)
    adjusted = min(1.0, p * 6)
    higher = METRICS.get(metric, ("", "lower_is_better"))[1] != "lower_is_better"
    worst = int(values.argmin() if higher else values.argmax())
    best = int(values.argmax() if higher else values.argmin())
    hits = (draws.argmin(1) if higher else draws.argmax(1)) == worst
    outcome = ("shown" if adjusted <= 1 - LEVEL else
               "none_above_margin" if hi <= MARGIN else "insufficient")
    out.update({
        "value": number(gap), "lo": number(lo), "hi": number(hi),
        "method": "percentile_bootstrap", "p": number(p),
        "p_adjusted": number(adjusted), "null_expected": number(null.mean()),
        "null_p95": number(np.quantile(null, 0.95)),
        "smallest_detectable": number(np.quantile(null, 0.95)
                                      + 0.84 * float(se.max())),
        "outcome": outcome, "reason": None,
        "worst": {"name": usable[worst]["name"],
                  "attributes": usable[worst]["attributes"],
                  "probability": number(hits.mean())},
        "best": {"name": usable[best]["name"],
                 "attributes": usable[best]["attributes"]}})
    return out


def difference_of(target, model, by, metric, group, reference):
    a, b = group["metrics"][metric], reference["metrics"][metric]
    out = {"target": target, "model": model, "by": by, "metric": metric,
           "measure": "difference_reference", "group": group["attributes"],
           "reference": reference["attributes"], "level": LEVEL,
           "n": a["n"] + b["n"], "subjects": a["subjects"] + b["subjects"],
           "adjustment": "holm", "margin": MARGIN, "null_expected": None,
           "null_p95": None, "smallest_detectable": None, "worst": None,
           "best": None, "groups_used": 2, "groups_left_out": []}
    if a["lo"] is None or b["lo"] is None:
        out.update({k: None for k in ("value", "lo", "hi", "p", "p_adjusted",
                                      "outcome")})
        out.update({"method": "none", "reason": "below_minimum"})
        return out
    d = a["value"] - b["value"]
    lo = d - math.hypot(a["value"] - a["lo"], b["hi"] - b["value"])
    hi = d + math.hypot(a["hi"] - a["value"], b["value"] - b["lo"])
    p = float(2 * stats.norm.sf(abs(d) / ((hi - lo) / (2 * Z))))
    adjusted = min(1.0, 8 * p)
    outcome = ("shown" if adjusted <= 1 - LEVEL else
               "none_above_margin" if max(-lo, hi) <= MARGIN
               else "insufficient")
    out.update({"value": number(d), "lo": number(lo), "hi": number(hi),
                "method": "wilson", "p": number(p),
                "p_adjusted": number(adjusted), "outcome": outcome,
                "reason": None})
    return out


ATTRIBUTES = ["race", "sex", "age_band"]


def audit_target(args, rng, index, names, out):
    target = ["Effusion", "Pneumothorax"][index] if index < 2 else \
        f"Finding {index + 1}"
    model = f"score_{target.lower().replace(' ', '_')}"
    rows = draw(args, rng, index)
    negatives = np.sort(rows["s"][~rows["y"]])
    threshold = float(negatives[int(0.8 * len(negatives))])
    groupings = [[]] + [[a] for a in ATTRIBUTES] + \
        [list(p) for p in itertools.combinations(ATTRIBUTES, 2)]
    for by in groupings:
        groups = []
        levels = [sorted(set(rows[a]), key=lambda v: (v is None, v or ""))
                  for a in by]
        for combination in itertools.product(*levels):
            mask = np.ones(args.rows, bool)
            for a, level in zip(by, combination):
                mask &= rows[a] == level
            if not mask.any():
                continue
            part = take(rows, mask)
            attributes = dict(zip(by, combination))
            groups.append({
                "target": target, "model": model, "attributes": attributes,
                "name": label_of(attributes), "grouping": by,
                "n": int(mask.sum()),
                "subjects": len(np.unique(part["subject"])),
                "events": int(part["y"].sum()),
                "prevalence": number(part["y"].mean()),
                "metrics": metrics_of(part, names, threshold)})
            if len(by) <= 1 and part["y"].sum() >= MINIMUM:
                out["curves"].append(curves_of(
                    part, target, model, label_of(attributes), attributes))
        out["groups"] += groups
        for metric in names if by else []:
            if metric not in ("calibration_slope", "observed_expected"):
                out["gaps"].append(
                    gap_of(target, model, by, metric, groups, rng))
        if len(by) == 1:
            reference = max(groups, key=lambda g: g["n"])
            for metric in ("fnr", "auroc"):
                out["gaps"] += [
                    difference_of(target, model, by, metric, g, reference)
                    for g in groups if g is not reference
                    and None not in g["attributes"].values()]
    for attribute in ("race", "sex"):
        missing = rows[attribute] == np.array(None)
        wrong = (rows["s"] >= threshold) != rows["y"]
        everyone = np.ones(args.rows, bool)
        out["missingness"].append({
            "target": target, "attribute": attribute,
            "rows": int(missing.sum()), "share": number(missing.mean()),
            "error_rate_missing": rate(take(rows, missing),
                                       everyone[missing], wrong[missing]),
            "error_rate_known": rate(take(rows, ~missing),
                                     everyone[~missing], wrong[~missing]),
            "p": 0.41, "bounds": [
                {"metric": "fnr", "max_min": 0.187, "lowest": 0.121,
                 "highest": 0.264}]})
    out["targets"].append({
        "target": target, "label": target.lower(), "score": model,
        "rows": args.rows, "positives": int(rows["y"].sum()),
        "prevalence": number(rows["y"].mean()), "missing_labels": 12 * index,
        "missing_scores": 3, "hard_decisions": False,
        "threshold": {"rule": "fpr=0.2", "value": number(threshold),
                      "fitted_on": "audited_rows", "rows": args.rows}})
    if index == 0:
        for attribute in ATTRIBUTES:
            levels = sorted(set(rows[attribute]),
                            key=lambda v: (v is None, v or ""))
            missing = rows[attribute] == np.array(None)
            out["attributes"].append({
                "attribute": attribute,
                "levels": [{"level": v,
                            "rows": int((rows[attribute] == v).sum()),
                            "subjects": len(np.unique(
                                rows["subject"][rows[attribute] == v]))}
                           for v in levels],
                "missing_rows": int(missing.sum()),
                "missing_subjects": len(np.unique(rows["subject"][missing])),
                "subjects_in_several_groups": 4 if attribute == "age_band"
                else 0, "reference": {"race": "A", "sex": "M",
                                      "age_band": "[40,65)"}[attribute]})


def add_verdict(out):
    shown = [g for g in out["gaps"] if g["outcome"] == "shown"
             and g["measure"] == "max_min" and len(g["by"]) == 1
             and g["metric"] == "fnr"]
    first = max(shown, key=lambda g: g["value"])
    out["gates"] = [
        {"gate": "fnr gap by race <= 0.05", "metric": "fnr", "kind": "gap",
         "target": first["target"], "by": ["race"], "limit": 0.05,
         "relation": "<=", "value": first["value"], "lo": first["lo"],
         "hi": first["hi"], "outcome": "failed",
         "sentence": "The gap in FNR by race is above 0.05, all of its "
                     "interval."},
        {"gate": "fnr gap by sex <= 0.05", "metric": "fnr", "kind": "gap",
         "target": first["target"], "by": ["sex"], "limit": 0.05,
         "relation": "<=", "value": 0.031, "lo": 0.004, "hi": 0.071,
         "outcome": "cannot_tell",
         "sentence": "The interval of the gap in FNR by sex, 0.004 to 0.071, "
                     "holds 0.05: more positives are needed."},
        {"gate": "auroc worst by sex >= 0.8", "metric": "auroc",
         "kind": "worst", "target": first["target"], "by": ["sex"],
         "limit": 0.8, "relation": ">=", "value": 0.864, "lo": 0.842,
         "hi": 0.886, "outcome": "met",
         "sentence": "The lowest AUROC by sex is 0.864 (0.842 to 0.886), "
                     "all of its interval above 0.8."}]
    worst = first["worst"]
    out["findings"] = [
        {"code": "PB101", "severity": "high", "target": first["target"],
         "sentence": f"{first['target']} is missed more often in "
                     f"{worst['name']} than in {first['best']['name']}: the "
                     f"gap in the false-negative rate is "
                     f"{100 * first['value']:.1f} percentage points "
                     f"({100 * first['lo']:.1f} to {100 * first['hi']:.1f}); "
                     "chance alone would give "
                     f"{100 * first['null_expected']:.1f}.",
         "action": "Do not use the model for this group at this threshold; "
                   "look at the images that were missed.",
         "numbers": {"gap": first["value"]}},
        {"code": "PB601", "severity": "medium", "target": None,
         "sentence": "Race is missing in 6.1 % of the rows.",
         "action": "Complete the records or read the bounds in the section "
                   "on missing demographics.", "numbers": {"share": 0.061}},
        {"code": "PB701", "severity": "low", "target": "Pneumothorax",
         "sentence": "race=D has too few positives for a false-negative rate: "
                     "fewer than 10.",
         "action": "Collect more positives of this group before use.",
         "numbers": {"positives": 6}},
        {"code": "PB603", "severity": "info", "target": None,
         "sentence": "4 subjects change their age_band between images.",
         "action": "Nothing, if that is expected.",
         "numbers": {"subjects": 4}}]
    out["limitations"] = [
        {"code": "threshold_on_audited_rows",
         "text": "The threshold was fitted on the audited rows: error rates "
                 "are slightly optimistic."},
        {"code": "small_groups",
         "text": "race=D has too few positives: its error rates and gaps "
                 "cannot be judged."}]


def rename(value, names):
    if isinstance(value, dict):
        return {names.get(k, k): rename(v, names) for k, v in value.items()}
    if isinstance(value, list):
        return [rename(v, names) for v in value]
    if isinstance(value, str):
        if value in names:
            return names[value]
        for old in ("race=A", "race=B", "race=C", "race=D"):
            value = value.replace(old, "race=" + names[old[-1]])
        return value.replace("race=", names["race"] + "=")
    return value


HOSTILE = {
    "race": "<script>alert('race')</script>", "A": "\"><img src=x onerror=y>",
    "B": "\u05d0\u05d1\u05d2\u202e evil, \"quoted\" & 'single'",
    "C": "\U0001f9ec emoji \u6f22\u5b57 " + "very long level name " * 12,
    "D": "=HYPERLINK(\"x\")\n\x1b[31mred\x00 | pipe", "Effusion":
    "</title></svg><svg onload=alert(1)>", "sex": "s" * 300}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--targets", type=int, default=2)
    parser.add_argument("--rows", type=int, default=6000)
    parser.add_argument("--all-metrics", action="store_true")
    parser.add_argument("--hostile", action="store_true")
    args = parser.parse_args()
    names = list(METRICS) + (EXTRA if args.all_metrics else [])
    rng = np.random.default_rng(20240501)
    out = {
        "schema": "plumbline.audit/1", "plumbline": "0.1.0",
        "title": "Chest radiograph triage, version 2.3, held-out site",
        "input": {"files": [{"file": "predictions.csv", "rows": args.rows,
                             "sha256": "0a971736" * 8}],
                  "rows": args.rows, "subjects": 0,
                  "subject_column": "patient_id", "clustered": True,
                  "max_rows_per_subject": 7, "duplicate_rows": 2},
        "options": {"by": ATTRIBUTES, "bins": {"age": [0, 40, 65]},
                    "cross": 2, "at": "fpr=0.2", "metrics": names,
                    "gaps": ["max_min", "difference_reference"],
                    "replicates": 2000, "interval": "percentile",
                    "level": LEVEL, "margin": MARGIN, "minimum": MINIMUM,
                    "seed": 1, "reference": {"race": "A"}},
        "threshold": {"rule": "fpr=0.2", "value": None,
                      "fitted_on": "audited_rows"},
        "targets": [], "attributes": [],
        "metrics": [{"name": m, "label": METRICS.get(m, (m,))[0],
                     "direction": METRICS.get(m, ("", "none"))[1], "unit": "",
                     "summary": METRICS.get(m, ("", "", m))[2]}
                    for m in names],
        "groups": [], "gaps": [], "curves": [], "missingness": []}
    for index in range(args.targets):
        audit_target(args, rng, index, names, out)
    out["input"]["subjects"] = out["groups"][0]["subjects"]
    add_verdict(out)
    if args.hostile:
        out = rename(out, HOSTILE)
    # One line per entry of the long lists: small, and a diff stays readable.
    text = json.dumps(out, ensure_ascii=False, separators=(",", ":"))
    for start in ('{"target":', '{"attribute":', '"groups":', '"gaps":'):
        text = text.replace(start, "\n" + start)
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
