"""What the tests of this folder share."""
import csv
import os
import shutil
import subprocess
import sys

FILES = ("model.safetensors", "history.csv", "train.json", "split.csv")


class Bench:
    """The binary, the examples and an empty folder to work in."""

    def __init__(self):
        self.binary, examples, self.work = sys.argv[1:4]
        self.cohort = os.path.join(examples, "fixture_cxr128", "cohort.toml")
        shutil.rmtree(self.work, ignore_errors=True)
        os.makedirs(self.work)

    def command(self, folder, *options, epochs=3, batch=32):
        return [self.binary, "train", self.cohort, "--label",
                "Effusion,No_Finding", "--side", "32", "--epochs", str(epochs),
                "--batch", str(batch), "--threads", "1", "--precision", "fp32",
                "--layout", "channels-first", "--cache",
                os.path.join(self.work, "cache"), "--quiet", "-o",
                os.path.join(self.work, folder), *options]

    def train(self, folder, *options, before=()):
        run = subprocess.run([*before, *self.command(folder, *options)],
                             capture_output=True, text=True, timeout=300)
        if run.returncode != 0:
            sys.exit(f"exit code {run.returncode}\n{run.stderr}")

    def read(self, folder, name):
        with open(os.path.join(self.work, folder, name), "rb") as file:
            return file.read()

    def losses(self, folder):
        text = self.read(folder, "history.csv").decode().splitlines()
        return [float(row["train_loss"]) for row in csv.DictReader(text)]


def require(good, message):
    if not good:
        sys.exit(message)
