"""survey, train, predict and audit on 1,377 films of NIH ChestX-ray14, one command
after the other; prints what the audit says.

usage: nih_pipeline.py BINARY EXAMPLES WORK
The films are those of PLUMBLINE_TEST_DATA; without them the test is skipped.
"""
import json
import os
import subprocess
import sys

from training import Bench, require

NOT_PRESENT = 77
TARGETS = ("No_Finding", "Effusion")


def main():
    bench = Bench()
    films = os.path.join(os.environ.get("PLUMBLINE_TEST_DATA", "../shared/data"),
                         "cxr", "nih_cxr_dev")
    if not os.path.exists(films):
        print(f"{films}: not present")
        return NOT_PRESENT
    cohort = os.path.join(bench.work, "cohort.toml")
    with open(cohort, "w", encoding="utf-8") as file:
        file.write(f"table = \"{os.path.relpath(films, bench.work)}/metadata.csv\"\n"
                   f"folder = \"{os.path.relpath(films, bench.work)}\"\n"
                   "subject = \"patient_id\"\nimage = \"image\"\n"
                   f"labels = {json.dumps(TARGETS)}\n"
                   "attributes = [\"sex\", \"age\"]\ncovariates = [\"view\"]\n"
                   "[bins]\nage = [0, 40, 60, 80]\n")

    def plumbline(*arguments):
        run = subprocess.run([bench.binary, *arguments, "--quiet"], text=True,
                             capture_output=True, cwd=bench.work, timeout=1200)
        require(run.returncode == 0, f"{arguments[0]}: {run.stderr}")
        return run.stdout

    cache = ("--cache", "cache")
    plumbline("survey", "cohort.toml", "-o", "survey", "--side", "64", *cache)
    print(plumbline("train", "cohort.toml", "--side", "64", "--epochs", "25",
                    "--patience", "0", "-o", "run", "--threads", "2", *cache))
    plumbline("predict", "run", "cohort.toml", "--part", "test", "-o", "scores",
              "--embeddings", "scores/features.npy", *cache)
    print(plumbline("audit", "scores/predictions.csv", "--label",
                    ",".join(TARGETS), "--score",
                    ",".join("score_" + t for t in TARGETS), "--subject",
                    "patient_id", "--by", "sex,age", "--bins", "age=0,40,60,80",
                    "--at", "fpr=0.2", "--tune-on-audited", "-o", "audit"))
    with open(os.path.join(bench.work, "audit", "audit.json"),
              encoding="utf-8") as file:
        audit = json.load(file)
    for target in TARGETS:
        found = [g["metrics"]["auroc"] for g in audit["groups"]
                 if g["target"] == target and not g["attributes"]]
        require(len(found) == 1, f"{target}: {len(found)} estimates for everyone")
        print(f"{target}: {found[0]['value']:.3f} "
              f"({found[0]['lo']:.3f} to {found[0]['hi']:.3f})")
        # Far above chance, and not so good that people must have leaked.
        require(found[0]["lo"] > 0.55 and found[0]["value"] < 0.97, str(found[0]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
