#!/usr/bin/env python3
"""Nothing of the parts that a shared audit leaves out is in any of its files.

usage: leaks.py BINARY WORK_FOLDER

An option whose result is left out altogether (--adjust, --slices) must change
nothing in the shared version but the sentences that say so: the same audit
without the option is the yardstick, byte for byte. Classes of a model are
hidden together. Weighted audits are refused.
"""

import csv
import json
import pathlib
import random
import re
import shutil
import subprocess
import sys

MINIMUM = 11
# Findings and limitations about what is left out.
LEFT_OUT = re.compile(r"PB11[0-3]|PB50[1-3]|PB61[01]|PB203|PB106|PB609|"
                      r"PL11[0-8]")
COMMON = ["--by", "sex,site", "--replicates", "0", "-q"]


def table(path):
    """Two models of y, three classes, a site of few people and a rare class."""
    draw = random.Random(5)
    lines = ["y,s1,s2,dx,p_a,p_b,p_c,grade,sex,site,age,w"]
    for i in range(1500):
        kind = "a" if i % 3 else "b"
        if i % 250 == 7:
            kind = "c"
        y = int(draw.random() < 0.3)
        site = "north" if i < 6 else draw.choice(("south", "east"))
        worse = 0.5 if site == "east" and i % 2 else 0
        odds = {c: draw.random() + (1 - worse if c == kind else 0)
                for c in "abc"}
        total = sum(odds.values())
        # The first model misses few, the second many.
        s1 = draw.uniform(0.45, 1) if y else draw.uniform(0, 0.8)
        s2 = draw.uniform(0.1, 1 - worse / 2) if y else draw.uniform(0, 0.8)
        lines.append(
            f"{y},{s1:.4f},{s2:.4f},{kind},"
            + ",".join(f"{odds[c] / total:.4f}" for c in "abc")
            + f",{'high' if i % 5 else 'low'},{'FM'[i % 2]},{site},"
            f"{20 + i * 7 % 60},{1 + i % 3}")
    path.write_text("\n".join(lines) + "\n")


class Runner:
    def __init__(self, binary, folder):
        self.binary, self.folder = binary, folder

    def run(self, *options, code=0):
        done = subprocess.run(
            [self.binary, "audit", "preds.csv", *COMMON, *options],
            cwd=self.folder, text=True, capture_output=True, check=False)
        assert done.returncode == code, (options, done.stderr)
        return done.stdout + done.stderr

    def shared(self, name, *options):
        """All that the shared version writes, by file, and standard output."""
        path = self.folder / name
        text = self.run(*options, "--share", "-o", name)
        files = {p.name: p.read_bytes() for p in sorted(path.iterdir())}
        assert set(files) == {"audit.json", "report.html", "run.json",
                              "groups.csv", "gaps.csv"}, sorted(files)
        for format_ in ("json", "csv", "md"):
            files["stdout." + format_] = self.run(
                *options, "--share", "--format", format_).encode()
        assert files["stdout.json"] == files["audit.json"]
        files["stdout"] = text.encode()
        return files


def has_digits(sentence):
    """Apart from names that the table itself gives."""
    return re.search(r"\d", re.sub(r"\b(s1|s2|F1)\b", "", sentence)) is not None


def check_sentences(document):
    for finding in document["findings"]:
        if LEFT_OUT.fullmatch(finding["code"]):
            assert not has_digits(finding["sentence"]), finding
            assert finding["numbers"] == {}, finding
    for limitation in document["limitations"]:
        if LEFT_OUT.fullmatch(limitation["code"]):
            assert not has_digits(limitation["text"]), limitation


def without_sentences(document):
    """The document without what says that a part is left out."""
    document = json.loads(json.dumps(document))
    del document["shared"]
    for key in ("findings", "limitations"):
        document[key] = [e for e in document[key] if e["code"] != "PL130"
                         and not LEFT_OUT.fullmatch(e["code"])]
    return document


def check_changes_nothing(runner):
    base = ["--label", "y", "--score", "s1,s2"]
    plain = runner.shared("plain", *base)
    more = runner.shared("more", *base, "--adjust", "age,grade", "--slices",
                         "by,grade,age", "--bins", "age=0,40,100",
                         "--slice-minimum", "5")
    before = json.loads(plain["audit.json"])
    after = json.loads(more["audit.json"])
    private = json.loads(runner.run(
        *base, "--adjust", "age,grade", "--slices", "by,grade,age", "--bins",
        "age=0,40,100", "--slice-minimum", "5", "--format", "json"))
    assert private["case_mix"] and private["slices"]["searches"]
    codes = {f["code"] for f in private["findings"]}
    assert any(code.startswith("PB50") for code in codes), codes
    check_sentences(after)
    assert sorted(set(after["shared"]["removed"]) -
                  set(before["shared"]["removed"])) == ["case_mix", "slices"]
    assert "gaps adjusted for case mix and slices" in after["shared"]["text"]
    a, b = without_sentences(before), without_sentences(after)
    # Bins are the user's words, not numbers of people.
    a["options"].pop("bins"), b["options"].pop("bins")
    assert a == b
    for name in ("groups.csv", "gaps.csv", "stdout.csv"):
        assert plain[name] == more[name], name
    run = json.loads(more["run.json"])
    assert not {"arguments", "settings", "input"} & set(run)
    return private, after


def check_models(private, shared):
    """Each of two models of one label is hidden by its own counts."""
    assert len(shared["groups"]) == len(private["groups"])
    hidden = shown = 0
    for before, after in zip(private["groups"], shared["groups"]):
        assert (before["name"], before["model"]) == (after["name"],
                                                     after["model"])
        for metric in ("fnr", "fpr"):
            few = before["metrics"][metric]["events"] or 0
            all_ = before["metrics"][metric]["n"]
            is_small = any(0 < n < MINIMUM for n in (before["n"], few,
                                                     all_ - few))
            estimate = after["metrics"][metric]
            if is_small:
                hidden += 1
                assert estimate["value"] is None, (after["name"], metric)
                assert estimate["n"] is None and estimate["lo"] is None
            shown += estimate["value"] is not None
    assert hidden >= 4 and shown >= 4, (hidden, shown)


def check_classes(runner):
    """One class is what the others leave: all are hidden."""
    options = ["--label", "dx", "--score", "p_*"]
    private = json.loads(runner.run(*options, "--format", "json"))
    files = runner.shared("classes", *options, "--slices", "by")
    document = json.loads(files["audit.json"])
    assert "multiclass" in private and "multiclass" not in document
    rare = [t for t in private["targets"] if t["target"] == "c"][0]
    assert 0 < rare["positives"] < MINIMUM, rare
    check_sentences(document)
    for target in document["targets"]:
        assert target["positives"] is None and target["prevalence"] is None
    for group in document["groups"]:
        assert group["events"] is None and group["prevalence"] is None
        for estimate in group["metrics"].values():
            assert all(estimate[key] is None
                       for key in ("value", "lo", "hi", "n", "events"))
    for gap in document["gaps"]:
        assert gap["value"] is None and gap["worst"] is None
    for row in csv.DictReader(files["groups.csv"].decode().splitlines()):
        assert row["value"] == row["n"] == row["group_events"] == "", row
    assert b"averages over classes" in files["report.html"]
    assert any(g["n"] for g in document["groups"])


def check_parquet(runner):
    """The same tables as Parquet, where DuckDB's library is."""
    options = ["--label", "y", "--score", "s1", "--adjust", "age", "--slices",
               "grade", "--share"]
    done = subprocess.run(
        [runner.binary, "audit", "preds.csv", *COMMON, *options, "--tables",
         "parquet", "-o", "parquet"],
        cwd=runner.folder, text=True, capture_output=True, check=False)
    if done.returncode == 2 and "DuckDB's library" in done.stderr:
        print("Parquet is not tried: " + done.stderr.strip())
        return
    assert done.returncode == 0, done.stderr
    runner.run(*options, "-o", "csv")
    names = {p.name for p in (runner.folder / "parquet").iterdir()}
    assert names == {"audit.json", "report.html", "run.json",
                     "groups.parquet", "gaps.parquet"}, names
    for name in ("groups", "gaps"):
        texts = []
        for path in (f"parquet/{name}.parquet", f"csv/{name}.csv"):
            subprocess.run([runner.binary, "convert", path, "-o", "back.csv"],
                           cwd=runner.folder, check=True)
            texts.append((runner.folder / "back.csv").read_bytes())
        assert texts[0] == texts[1], name


def check_refused(runner):
    said = runner.run("--label", "y", "--score", "s1", "--weight", "w",
                      "--slices", "by", "--share", "-o", "weighted", code=2)
    assert "a weighted audit has no shared version" in said, said
    assert not (runner.folder / "weighted").exists()
    # Beside files of a private version nothing is shared.
    runner.run("--label", "y", "--score", "s1", "--slices", "by", "-o", "old")
    said = runner.run("--label", "y", "--score", "s1", "--share", "-o", "old",
                      code=2)
    assert "old: this folder holds slices.csv" in said, said


def main():
    folder = pathlib.Path(sys.argv[2])
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    table(folder / "preds.csv")
    runner = Runner(str(pathlib.Path(sys.argv[1]).resolve()), folder)
    private, shared = check_changes_nothing(runner)
    check_models(private, shared)
    check_classes(runner)
    check_parquet(runner)
    check_refused(runner)


main()
