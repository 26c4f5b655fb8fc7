"""The table with planted bias: 136 groups against scikit-learn and statsmodels.

usage: spec_table.py PLUMBLINE FOLDER MAKE_PREDICTIONS
"""
import hashlib
import os
import shutil
import subprocess
import sys

import golden

# Of 100,000 rows with the default seed.
SHA256 = "0a9717368ed40b8bf8cdb60401c0d9af8082173f88af405553b21093b3519021"
# Iterative fits stop at slightly different places.
FITTED = {"calibration_slope": 1e-6, "calibration_intercept": 1e-6}


def check_generator(table):
    with open(table, "rb") as file:
        found = hashlib.sha256(file.read()).hexdigest()
    if found != SHA256:
        sys.exit(f"{table} has sha256 {found}, expected {SHA256}")


def check_groups(comparison, audit, expected):
    comparison.check("groups", len(audit.groups), len(expected))
    for row in expected:
        name = row.pop("group")
        group = audit.groups[name]
        for key in ("n", "events", "prevalence"):
            comparison.check(f"{name} {key}", group[key],
                             golden.number(row.pop(key)))
        for metric, text in row.items():
            comparison.check(f"{name} {metric}", audit.value(name, metric),
                             golden.number(text), FITTED.get(metric, 1e-10))


def check_planted(audit):
    """The bias that was put in is the bias that is found."""
    def interval(group, metric):
        estimate = audit.groups[group]["metrics"][metric]
        return estimate["lo"], estimate["hi"]

    black_women = interval("sex=F, race=Black", "sensitivity")
    everyone = interval("everyone", "sensitivity")
    if black_women[1] >= everyone[0]:
        sys.exit(f"sensitivity of sex=F, race=Black {black_women} should lie "
                 f"below everyone's {everyone}")
    device = interval("device=D6", "fpr")
    if device[0] <= interval("everyone", "fpr")[1]:
        sys.exit(f"FPR of device=D6 {device} should lie above everyone's")
    old = interval("age_band=80+", "auroc")
    if old[1] >= interval("everyone", "auroc")[0]:
        sys.exit(f"AUROC of age_band=80+ {old} should lie below everyone's")


def main():
    binary, folder, make_predictions = sys.argv[1:]
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    table = os.path.join(folder, "predictions.csv")
    subprocess.run([make_predictions, "--rows", "100000", "--out", table],
                   check=True, stderr=subprocess.DEVNULL)
    check_generator(table)
    audit = golden.Audit(
        binary, os.path.join(folder, "out"), table, "--label", "y_true",
        "--score", "score", "--by", "sex,age_band,race,device", "--cross", "2",
        "--at", "0.2", "--replicates", "0")
    check_planted(audit)
    comparison = golden.Comparison()
    check_groups(comparison, audit, golden.read_csv(os.path.join(
        os.path.dirname(os.path.abspath(__file__)),
        "spec_table_expected.csv")))
    comparison.finish(least=136 * 20)


if __name__ == "__main__":
    main()
