"""The table with planted bias, 10^6 rows: the search finds what was planted.

Positives of sex=F and race=Black lose 0.7 logits, device=D6 gains 0.6 for all,
age_band=80+ has less signal. Counts are compared with a loop over the rows.

usage: slices_table.py PLUMBLINE FOLDER MAKE_PREDICTIONS
"""
import csv
import json
import os
import shutil
import subprocess
import sys

COLUMNS = ["sex", "age_band", "race", "device", "site"]


def search(binary, table, folder):
    path = os.path.join(folder, "audit.json")
    subprocess.run(
        [binary, "audit", table, "--label", "y_true", "--score", "score",
         "--at", "0.2", "--replicates", "0", "--metrics", "fnr,fpr",
         "--slices", ",".join(COLUMNS), "--json", path, "-q"],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with open(path, encoding="utf-8") as file:
        return json.load(file)["slices"]["searches"]


def shown(found):
    return [s["name"] for s in found if s["outcome"] == "shown"]


def check_counts(table, searches):
    """Both halves together are the rows of the file."""
    with open(table, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for found in (s for search in searches for s in search["found"]):
        n = errors = 0
        label = "1" if found in searches[0]["found"] else "0"
        for row in rows:
            if row["y_true"] != label or any(
                    row[c] != v for c, v in found["conditions"].items()):
                continue
            n += 1
            errors += (float(row["score"]) >= 0.2) != (label == "1")
        counted = [sum(found[half][key] for half in ("held_out", "found_on"))
                   for key in ("n", "events")]
        if counted != [n, errors]:
            sys.exit(f"{found['name']}: {counted}, expected {[n, errors]}")


def main():
    binary, folder, make_predictions = sys.argv[1:]
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    table = os.path.join(folder, "predictions.csv")
    subprocess.run([make_predictions, "--rows", "1000000", "--out", table],
                   check=True, stderr=subprocess.DEVNULL)
    searches = search(binary, table, folder)
    expected = [["sex=F, race=Black", "age_band=80+"], ["device=D6"]]
    names = [shown(s["found"]) for s in searches]
    if names != expected:
        sys.exit(f"shown are {names}, expected {expected}")
    if searches[0]["found"][0]["name"] != "sex=F, race=Black":
        sys.exit("the planted pair does not stand first")
    check_counts(table, searches)
    os.remove(table)


if __name__ == "__main__":
    main()
