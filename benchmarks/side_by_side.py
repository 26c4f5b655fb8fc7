#!/usr/bin/env python3
"""Times `plumbline audit` and what a user would run today on the same table.

usage: side_by_side.py PLUMBLINE TABLE.csv FOLDER [--runs N]

All programs give the same point estimates (checked to 1e-9 before any time is
printed) for 136 groups: everyone, 4 attributes, 6 pairs. Times of the slow
programs for 200 bootstrap replicates are scaled from fewer, as the table says;
their share that does not depend on replicates is measured.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
METRICS = "n,selection_rate,sensitivity,fnr,fpr,ppv,auroc"
REPLICATES = 200
FEW = {"numpy_expert": 5, "pandas_sklearn": 1}


class Run:
    """One process: wall and CPU seconds, peak memory in MB, its output."""

    def __init__(self, command):
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL)
        self.output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        self.wall = time.perf_counter() - began
        self.cpu = usage.ru_utime + usage.ru_stime
        self.memory = usage.ru_maxrss / 1024
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            sys.exit(f"{' '.join(command)}: exit code {process.returncode}")


class Row:
    def __init__(self, name, wall, cpu, memory, note):
        self.name, self.wall, self.cpu = name, wall, cpu
        self.memory, self.note = memory, note


def measure(name, command, runs):
    done = [Run(command) for _ in range(runs)]
    return Row(name, *(statistics.median(getattr(run, what) for run in done)
                       for what in ("wall", "cpu", "memory")),
               f"median of {runs}")


def audit_command(arguments, out, metrics, replicates):
    command = [arguments.plumbline, "audit", arguments.table, "--label",
               "y_true", "--score", "score", "--by",
               "sex,age_band,race,device", "--cross", "2", "--at", "0.2",
               "--replicates", str(replicates), "-o", out]
    return command + (["--metrics", metrics] if metrics else [])


def measure_python(script, arguments):
    """Rows of a Python script: points alone, and with all replicates."""
    few = FEW[script]
    values = os.path.join(arguments.folder, f"{script}.json")
    run = Run([sys.executable, os.path.join(HERE, f"{script}.py"),
               arguments.table, str(few), values])
    took = json.loads(run.output)
    # Starting Python and importing its libraries is part of both.
    start = run.wall - took["once_wall"] - few * took["replicate_wall"]
    rows = [
        Row(f"{script}.py, points", start + took["once_wall"],
            took["once_cpu"], run.memory, "measured once"),
        Row(f"{script}.py, {REPLICATES} replicates",
            start + took["once_wall"] + REPLICATES * took["replicate_wall"],
            took["once_cpu"] + REPLICATES * took["replicate_cpu"], run.memory,
            f"scaled from {few}")]
    with open(values, encoding="utf-8") as file:
        return rows, json.load(file)


def check_equal(audit, values, script):
    """The programs that are compared compute the same thing."""
    with open(audit, encoding="utf-8") as file:
        groups = {g["name"]: g for g in json.load(file)["groups"]}
    if set(groups) != set(values):
        sys.exit(f"{script}: other groups than plumbline's")
    for name, metrics in values.items():
        for metric, expected in metrics.items():
            found = (groups[name]["n"] if metric == "n"
                     else groups[name]["metrics"][metric]["value"])
            if abs(found - expected) > 1e-9:
                sys.exit(f"{script}: {name} {metric} is {expected}, "
                         f"plumbline says {found}")


def print_rows(rows):
    print(f"{'':44}{'wall s':>9}{'CPU s':>9}{'MB':>7}  ")
    for row in rows:
        print(f"{row.name:44}{row.wall:9.2f}{row.cpu:9.2f}{row.memory:7.0f}"
              f"  {row.note}")


def print_ratio(slow, fast):
    print(f"{slow.name} / {fast.name}: wall {slow.wall / fast.wall:.0f}x, "
          f"CPU {slow.cpu / fast.cpu:.0f}x")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("plumbline")
    parser.add_argument("table")
    parser.add_argument("folder")
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()

    out = os.path.join(arguments.folder, "audit")
    bootstrap = measure(
        f"plumbline audit, {REPLICATES} replicates",
        audit_command(arguments, out, METRICS, REPLICATES), arguments.runs)
    rows = [
        bootstrap,
        measure("plumbline audit, closed forms",
                audit_command(arguments, out + "_0", METRICS, 0),
                arguments.runs),
        measure(f"plumbline audit, all metrics, {REPLICATES} replicates",
                audit_command(arguments, out + "_all", "", REPLICATES),
                arguments.runs)]
    closed = rows[1]
    ratios = []
    for script in FEW:
        more, values = measure_python(script, arguments)
        check_equal(os.path.join(out, "audit.json"), values, script)
        rows += more
        ratios += [(more[0], closed), (more[1], bootstrap)]

    load = os.getloadavg()[0]
    print(f"{os.path.basename(arguments.table)}, 136 groups; "
          f"{os.cpu_count()} cores, load {load:.1f}")
    print_rows(rows)
    print()
    for slow, fast in ratios:
        print_ratio(slow, fast)


if __name__ == "__main__":
    main()
