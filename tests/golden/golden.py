"""What the golden tests share: run an audit, find its numbers, compare."""
import csv
import json
import os
import subprocess
import sys

TOLERANCE = 1e-10


class Comparison:
    """Counts comparisons and keeps what differs."""

    def __init__(self):
        self.compared = 0
        self.wrong = []

    def check(self, what, found, expected, tolerance=TOLERANCE):
        self.compared += 1
        if expected is None or found is None:
            equal = expected is None and found is None
        else:
            equal = abs(found - expected) <= tolerance
        if not equal:
            self.wrong.append(f"{what}: found {found}, expected {expected}")

    def finish(self, least):
        """Ends the test; `least` comparisons must have been made."""
        for line in self.wrong[:20]:
            print(line)
        print(f"{self.compared} values compared, {len(self.wrong)} differ")
        if self.compared < least:
            sys.exit(f"expected at least {least} comparisons")
        sys.exit(1 if self.wrong else 0)


class Audit:
    """One run of `plumbline audit`, and its audit.json."""

    def __init__(self, binary, out, *arguments):
        command = [binary, "audit", *arguments, "-o", out]
        ran = subprocess.run(command, capture_output=True, text=True)
        if ran.returncode != 0:
            sys.exit(f"{' '.join(command)}\nexit code {ran.returncode}\n"
                     f"{ran.stderr}")
        with open(os.path.join(out, "audit.json"), encoding="utf-8") as file:
            self.document = json.load(file)
        self.groups = {group["name"]: group
                       for group in self.document["groups"]}

    def value(self, group, metric):
        return self.groups[group]["metrics"][metric]["value"]

    def events(self, group, metric):
        return self.groups[group]["metrics"][metric]["events"]

    def gap(self, by, metric, measure):
        found = [gap["value"] for gap in self.document["gaps"]
                 if gap["by"] == by and gap["metric"] == metric
                 and gap["measure"] == measure]
        if len(found) != 1:
            sys.exit(f"expected one gap {metric} {measure} by {by}, "
                     f"found {len(found)}")
        return found[0]


def read_csv(path):
    """Rows as dictionaries."""
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def number(text):
    """The number, or None for what other programs write for 'undefined'."""
    return None if text in ("", "NaN", "NA", "nan") else float(text)


def data_folder(*parts):
    """A path of the test data; ends the test as skipped if it is absent."""
    root = os.environ.get("PLUMBLINE_TEST_DATA") or os.path.join(
        os.path.dirname(os.path.abspath(__file__)), "..", "..", "..",
        "shared", "data")
    path = os.path.join(root, *parts)
    if not os.path.exists(path):
        print(f"not present: {path} (PLUMBLINE_TEST_DATA)")
        sys.exit(77)
    return path
