#!/usr/bin/env python3
"""Tries to work out hidden counts from the shared version of audits.

usage: attack.py BINARY WORK_FOLDER [TABLES [SEED]] [--integer]

Over many random small tables the binary writes the private and the shared
version. An attacker who has only the shared files (audit.json, groups.csv,
gaps.csv, report.html) collects every count that is shown or can be inverted
from a rate, an interval (Wilson) or a sentence, and solves for the rest along
all sums: everyone = sum of an attribute's levels = sum of a pair's cells, rows =
positives + negatives, and so on, by propagating bounds over whole numbers until
nothing changes. No hidden count of 1 to 10 people may come out, nor be narrowed
to fewer than three values. With --integer, scipy solves for the exact bounds
instead (needs scipy 1.9; not run by ctest).

The same attacker on a naive version, in which small counts alone are hidden,
has to succeed: else the test would show nothing.
"""

import csv
import json
import math
import pathlib
import random
import subprocess
import sys

MINIMUM = 11
NARROW = 3  # fewer reachable values than this is a break
BIG = 10**9
PARTS = ("n", "P", "N", "TP", "FN", "FP", "TN")
# metric: (numerator, denominator)
RATES = {"prevalence": ("P", "n"), "fnr": ("FN", "P"), "sensitivity": ("TP", "P"),
         "fpr": ("FP", "N"), "specificity": ("TN", "N")}


def table(rng):
    """Rows of one random table, with some cells that are small."""
    levels = [[f"a{i}" for i in range(rng.randint(2, 4))],
              [f"b{i}" for i in range(rng.randint(2, 4))]]
    lines = ["y,s,a,b"]
    for a in levels[0]:
        for b in levels[1]:
            size = rng.choice([rng.randint(1, 12), rng.randint(15, 60),
                               rng.randint(60, 200)])
            rate = rng.choice([0.05, 0.2, 0.5])
            for _ in range(size):
                y = int(rng.random() < rate)
                s = min(0.999, max(0.001, rng.gauss(0.62 if y else 0.35, 0.2)))
                lines.append(f"{y},{s:.3f},{a},{b}")
    return "\n".join(lines) + "\n"


def run(binary, folder, *options):
    command = [binary, "audit", "preds.csv", "--label", "y", "--score", "s",
               "--by", "a,b", "--replicates", "0", "-q", *options]
    return subprocess.run(command, cwd=folder, check=True, text=True,
                          stdout=subprocess.PIPE).stdout


def counts_of(group):
    """All counts of a group in the private version."""
    m = group["metrics"]
    count = {"n": group["n"], "P": group["events"]}
    count["N"] = count["n"] - count["P"]
    count["FN"] = m["fnr"]["events"] or 0  # null where nobody is positive
    count["FP"] = m["fpr"]["events"] or 0
    count["TP"], count["TN"] = count["P"] - count["FN"], count["N"] - count["FP"]
    return count


def wilson(events, n, z=1.959963984540054):
    p, zz = events / n, z * z
    centre = (p + zz / (2 * n)) / (1 + zz / n)
    half = z / (1 + zz / n) * math.sqrt(p * (1 - p) / n + zz / (4 * n * n))
    return centre - half, centre + half


def from_interval(estimate):
    """(events, n) that fit value and interval, if there is only one pair."""
    value, lo, hi = (estimate.get(k) for k in ("value", "lo", "hi"))
    if None in (value, lo, hi) or estimate.get("method") != "wilson":
        return None
    fits = []
    for n in range(1, 1500):
        for events in {int(value * n), int(value * n) + 1, round(value * n)}:
            if not 0 <= events <= n or abs(events / n - value) > 0.00051:
                continue
            low, high = wilson(events, n)
            if abs(low - lo) < 0.00051 and abs(high - hi) < 0.00051:
                fits.append((events, n))
    return fits[0] if len(set(fits)) == 1 else None


class Attack:
    """Bounds of every count, known ones and all sums."""

    def __init__(self, groups):
        self.bounds = {}
        self.sums = []  # (whole, parts)
        by = {}
        for name, attributes in groups.items():
            for part in PARTS:
                self.bounds[name, part] = [0, BIG]
            by.setdefault(tuple(attributes), []).append(name)
            # A group that is listed has somebody in it.
            self.bounds[name, "n"][0] = 1
            for whole, a, b in (("n", "P", "N"), ("P", "TP", "FN"),
                                ("N", "FP", "TN")):
                self.sums.append(((name, whole), [(name, a), (name, b)]))
        for name, attributes in groups.items():
            for keys, names in by.items():
                if len(keys) <= len(attributes) or not set(attributes) <= set(keys):
                    continue
                parts = [other for other in names if
                         all(groups[other][k] == v for k, v in attributes.items())]
                for part in PARTS:
                    self.sums.append(((name, part), [(p, part) for p in parts]))

    def know(self, name, part, value):
        self.narrow((name, part), value, value)

    def narrow(self, key, lo, hi):
        bounds = self.bounds[key]
        if lo > bounds[0] or hi < bounds[1]:
            bounds[0], bounds[1] = max(lo, bounds[0]), min(hi, bounds[1])
            assert bounds[0] <= bounds[1], (key, bounds)
            return True
        return False

    def solve(self):
        changed = True
        while changed:
            changed = False
            for whole, parts in self.sums:
                lo = sum(self.bounds[p][0] for p in parts)
                hi = sum(self.bounds[p][1] for p in parts)
                changed |= self.narrow(whole, lo, min(hi, BIG))
                for part in parts:
                    changed |= self.narrow(
                        part,
                        self.bounds[whole][0] - (hi - self.bounds[part][1]),
                        self.bounds[whole][1] - (lo - self.bounds[part][0]))

    def solve_exactly(self, wanted):
        """Exact integer bounds of the wanted counts."""
        import numpy
        from scipy import optimize
        index = {key: i for i, key in enumerate(self.bounds)}
        rows = numpy.zeros((len(self.sums), len(index)))
        for r, (whole, parts) in enumerate(self.sums):
            rows[r, index[whole]] = 1
            for part in parts:
                rows[r, index[part]] -= 1
        lower, upper = (numpy.array([b[i] for b in self.bounds.values()], float)
                        for i in (0, 1))
        for key in wanted:
            ends = []
            for sign in (1, -1):
                cost = numpy.zeros(len(index))
                cost[index[key]] = sign
                answer = optimize.milp(
                    cost, integrality=numpy.ones(len(index)),
                    bounds=optimize.Bounds(lower, upper),
                    constraints=optimize.LinearConstraint(rows, 0, 0))
                ends.append(round(sign * answer.fun))
            self.bounds[key] = ends


def facts_of_document(audit, attack):
    """Counts that a document shows or gives away by its rates."""
    for group in audit["groups"]:
        name = group["name"]
        if group["n"] is not None:
            attack.know(name, "n", group["n"])
        if group["events"] is not None:
            attack.know(name, "P", group["events"])
        for metric, (part, whole) in RATES.items():
            estimate = group["metrics"].get(metric)
            if not estimate:
                continue
            pair = from_interval(estimate) if estimate["n"] is None else None
            if pair:
                attack.know(name, part, pair[0])
                attack.know(name, whole, pair[1])
            if estimate["n"] is not None:
                attack.know(name, whole, estimate["n"])
                if estimate["value"] is not None:
                    attack.know(name, part,
                                round(estimate["value"] * estimate["n"]))
            if estimate["events"] is not None:
                attack.know(name, part, estimate["events"])
    for attribute in audit["attributes"]:
        for level in attribute["levels"]:
            if level["rows"] is not None and level["level"] is not None:
                attack.know(f"{attribute['attribute']}={level['level']}", "n",
                            level["rows"])
    target = audit["targets"][0]
    for key, part in (("rows", "n"), ("positives", "P")):
        if target[key] is not None:
            attack.know("everyone", part, target[key])


def facts_of_csv(folder, attack):
    with open(folder / "groups.csv", newline="") as file:
        for row in csv.DictReader(file):
            if row["group_rows"]:
                attack.know(row["group"], "n", int(row["group_rows"]))
            if row["group_events"]:
                attack.know(row["group"], "P", int(row["group_events"]))
            if row["metric"] in RATES and row["n"]:
                part, whole = RATES[row["metric"]]
                attack.know(row["group"], whole, int(row["n"]))
                if row["events"]:
                    attack.know(row["group"], part, int(row["events"]))


def check_words(folder, private):
    """No text may name a number of a group that is hidden there."""
    page = (folder / "report.html").read_text()
    assert "<polyline class=\"roc" not in page
    shared = json.loads((folder / "audit.json").read_text())
    assert shared["curves"] == []
    for group, original in zip(shared["groups"], private["groups"]):
        assert group["name"] == original["name"]
        if group["n"] is None:
            for metric in group["metrics"].values():
                assert metric["value"] is None and metric["n"] is None
        for finding in shared["findings"]:
            if group["n"] is None and group["name"] != "everyone":
                assert group["name"] + " (" not in finding["sentence"]
    hidden = {g["name"] for g in shared["groups"] if g["n"] is None}
    for gap in shared["gaps"]:
        assert gap["groups_left_out"] == []
        for end in ("worst", "best"):
            assert not (gap[end] and gap[end]["name"] in hidden), gap


def naive(private):
    """Small counts alone are hidden."""
    document = json.loads(json.dumps(private))
    for group, original in zip(document["groups"], private["groups"]):
        count = counts_of(original)
        small = {k for k, v in count.items() if 0 < v < MINIMUM}
        if "n" in small:
            group["n"] = None
        if small & {"n", "P", "N"}:
            group["events"] = None
        for metric, (part, whole) in RATES.items():
            rest = {"P": "N", "FN": "TP", "TP": "FN", "FP": "TN", "TN": "FP"}[part]
            if small & {part, whole, rest, "n"}:
                for key in ("value", "lo", "hi", "n", "events"):
                    group["metrics"][metric][key] = None
    for attribute in document["attributes"]:
        for level in attribute["levels"]:
            if 0 < level["rows"] < MINIMUM:
                level["rows"] = None
    return document


def broken(attack, private, exactly):
    """Hidden small counts that the attacker has pinned down, and how many
    there are."""
    small = {}
    for group in private["groups"]:
        for part, value in counts_of(group).items():
            if 0 < value < MINIMUM:
                small[group["name"], part] = value
    attack.solve()
    if exactly:
        attack.solve_exactly(small)
    found = []
    for key, value in small.items():
        lo, hi = attack.bounds[key]
        assert lo <= value <= hi, (key, value, lo, hi)
        name, part = key
        whole = {"TP": "P", "FN": "P", "FP": "N", "TN": "N"}.get(part)
        # Nobody can be uncertain about more than the whole, and that is hidden.
        whole_is_small = whole and (name, whole) in small
        if hi - lo + 1 < NARROW and not (whole_is_small and hi > lo):
            found.append((key, value, lo, hi))
    return found, len(small)


def main():
    arguments = [a for a in sys.argv[1:] if a != "--integer"]
    exactly = "--integer" in sys.argv
    binary = str(pathlib.Path(arguments[0]).resolve())
    folder = pathlib.Path(arguments[1])
    folder.mkdir(parents=True, exist_ok=True)
    tables = int(arguments[2]) if len(arguments) > 2 else 40
    rng = random.Random(int(arguments[3]) if len(arguments) > 3 else 1)
    breaks, naive_breaks, cells, shown = [], 0, 0, 0
    for number in range(tables):
        (folder / "preds.csv").write_text(table(rng))
        private = json.loads(run(binary, folder, "--format", "json"))
        run(binary, folder, "--share", "-o", "shared")
        shared_folder = folder / "shared"
        shared = json.loads((shared_folder / "audit.json").read_text())
        check_words(shared_folder, private)
        groups = {g["name"]: g["attributes"] for g in shared["groups"]}
        attack = Attack(groups)
        facts_of_document(shared, attack)
        facts_of_csv(shared_folder, attack)
        found, small = broken(attack, private, exactly)
        breaks += [(number, *f) for f in found]
        cells += small
        shown += sum(g["n"] is not None for g in shared["groups"])
        attack = Attack(groups)
        facts_of_document(naive(private), attack)
        naive_breaks += len(broken(attack, private, False)[0])
    print(f"{tables} tables, {cells} small counts, {shown} groups shown: "
          f"{len(breaks)} recovered from the shared version, {naive_breaks} from "
          "the naive one")
    for one in breaks[:20]:
        print("  recovered:", one)
    if breaks:
        sys.exit(1)
    if cells < 5 * tables or naive_breaks < cells // 20 or shown < 3 * tables:
        print("the attack is no test: too few small counts, too little shown, or "
              "the naive version held")
        sys.exit(1)


main()
