"""Group counts, rates and disparities against aequitas' own expected files.

usage: aequitas.py PLUMBLINE FOLDER
"""
import os
import sys

import golden

# aequitas' name: ours.
RATES = {"tpr": "sensitivity", "tnr": "specificity", "for": "for",
         "fdr": "fdr", "fpr": "fpr", "fnr": "fnr", "npv": "npv",
         "precision": "ppv", "pprev": "selection_rate"}
COUNTS = {"tp": "sensitivity", "fp": "fpr", "fn": "fnr", "tn": "specificity",
          "pp": "selection_rate"}
CASES = [1, 2, 3, 4, 5, 6, 7, 8, 10]


def run(binary, folder, table, by, *more):
    return golden.Audit(binary, folder, table, "--label", "label_value",
                        "--score", "score", "--by", ",".join(by), "--cross",
                        "1", "--at", "0.5", "--replicates", "0", *more)


def check_group(comparison, audit, row):
    """One row of an expected file; columns that it lacks are not compared."""
    name = f"{row['attribute_name']}={row['attribute_value']}"
    group = audit.groups[name]

    def check(column, found):
        if column in row:
            comparison.check(f"{name} {column}", found,
                             golden.number(row[column]))

    check("group_size", group["n"])
    check("group_label_pos", group["events"])
    check("group_label_neg", group["n"] - group["events"])
    check("prev", group["prevalence"])
    for column, metric in RATES.items():
        check(column, audit.value(name, metric))
    for column, metric in COUNTS.items():
        check(column, audit.events(name, metric) or 0)
    flagged = audit.events("everyone", "selection_rate")
    if flagged:
        check("ppr", audit.events(name, "selection_rate") / flagged)


def check_disparities(comparison, audit, rows):
    """Ratios to the reference group, Caucasian, Male, 25 - 45."""
    ours = {(gap["metric"], tuple(gap["group"].items())[0]): gap["value"]
            for gap in audit.document["gaps"]
            if gap["measure"] == "ratio_reference"}
    for row in rows:
        group = (row["attribute_name"], row["attribute_value"])
        for column, metric in RATES.items():
            if (metric, group) in ours:
                comparison.check(f"{group} {column}_disparity",
                                 ours[metric, group],
                                 golden.number(row[f"{column}_disparity"]),
                                 1e-9)


def main():
    binary, folder = sys.argv[1:]
    comparison = golden.Comparison()

    expected = golden.read_csv(
        golden.data_folder("tables", "aequitas", "expected_compas_aequitas.csv"))
    audit = run(binary, os.path.join(folder, "compas"),
                golden.data_folder("tables", "aequitas",
                                   "compas_for_aequitas.csv"),
                ["race", "sex", "age_cat"], "--minimum", "1", "--gaps",
                "ratio_reference", "--reference", "race=Caucasian",
                "--reference", "sex=Male", "--reference", "age_cat=25 - 45")
    for row in expected:
        check_group(comparison, audit, row)
    before = comparison.compared
    check_disparities(comparison, audit, expected)
    if comparison.compared - before < 60:
        sys.exit("too few disparities compared: "
                 f"{comparison.compared - before}")

    for case in CASES:
        tests = golden.data_folder("tables", "aequitas", "tests_expected")
        expected = golden.read_csv(
            os.path.join(tests, f"expected_output_test_{case}.csv"))
        by = list(dict.fromkeys(row["attribute_name"] for row in expected))
        audit = run(binary, os.path.join(folder, f"case_{case}"),
                    os.path.join(tests, f"test_{case}.csv"), by)
        for row in expected:
            if case == 2:
                # Its flagged rows are counted once for each attribute.
                del row["ppr"]
            check_group(comparison, audit, row)
    comparison.finish(least=450)


if __name__ == "__main__":
    main()
