"""The COMPAS table against values that fairlearn and scikit-learn gave.

usage: fairlearn.py PLUMBLINE FOLDER
"""
import os
import sys

import golden

METRICS = {"selection_rate": "selection_rate", "tpr": "sensitivity",
           "tnr": "specificity", "fnr": "fnr", "fpr": "fpr",
           "accuracy": "accuracy"}


def disparities(audit, by):
    """fairlearn's names; its ratios are smallest over largest."""
    def inverse(ratio):
        return None if ratio is None else 1 / ratio

    ratios = [inverse(audit.gap([by], metric, "max_ratio"))
              for metric in ("sensitivity", "fpr")]
    return {
        "demographic_parity_difference":
            audit.gap([by], "selection_rate", "demographic_parity"),
        "demographic_parity_ratio":
            inverse(audit.gap([by], "selection_rate", "max_ratio")),
        "equal_opportunity_difference":
            audit.gap([by], "sensitivity", "equal_opportunity"),
        "equalized_odds_difference": max(
            audit.gap([by], metric, "max_min")
            for metric in ("sensitivity", "fpr")),
        "equalized_odds_ratio": min(ratios),
    }


def main():
    binary, folder = sys.argv[1:]
    expected = golden.read_csv(golden.data_folder(
        "tables", "expected_fairlearn_sklearn_compas.csv"))
    audit = golden.Audit(
        binary, os.path.join(folder, "out"),
        golden.data_folder("tables", "aequitas", "compas_for_aequitas.csv"),
        "--label", "label_value", "--score", "score", "--by",
        "race,sex,age_cat", "--cross", "1", "--at", "0.5", "--minimum", "1",
        "--gaps", "max_min,max_ratio,demographic_parity,equal_opportunity",
        "--replicates", "0")
    by_attribute = {by: disparities(audit, by)
                    for by in ("race", "sex", "age_cat")}
    comparison = golden.Comparison()
    for row in expected:
        attribute, level, metric = row["attribute"], row["group"], row["metric"]
        group = ("everyone" if level == "__overall__"
                 else f"{attribute}={level}")
        if level == "__disparity__":
            found = by_attribute[attribute][metric]
        elif metric == "count":
            found = audit.groups[group]["n"]
        else:
            found = audit.value(group, METRICS[metric])
        comparison.check(f"{attribute} {level} {metric}", found,
                         golden.number(row["value"]))
    comparison.finish(least=113)


if __name__ == "__main__":
    main()
