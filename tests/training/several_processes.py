"""Two processes share the images of each step and have the losses of one, where
batch norm is frozen or synchronised.

usage: several_processes.py BINARY EXAMPLES WORK
"""
import os
import subprocess
import sys

from training import Bench, require


def main():
    bench = Bench()
    os.environ["OMPI_ALLOW_RUN_AS_ROOT"] = "1"
    os.environ["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1"
    mpirun = ("mpirun", "--oversubscribe", "-np", "2")
    for batch_norm in ("frozen", "synchronised"):
        options = ("--batch-norm", batch_norm, "--seed", "3")
        bench.train(f"{batch_norm}-1", *options)
        bench.train(f"{batch_norm}-2", *options, before=mpirun)
        one = bench.losses(f"{batch_norm}-1")
        two = bench.losses(f"{batch_norm}-2")
        require(len(one) == len(two) == 3, "not three epochs")
        for a, b in zip(one, two):
            require(abs(a - b) < 2e-4, f"{batch_norm}: {one} against {two}")
    # Each process has statistics of its own images: another curve, no error.
    bench.train("batch-2", before=mpirun)
    run = subprocess.run(
        ["mpirun", "--oversubscribe", "-np", "3",
         *bench.command("many", batch=2)],
        capture_output=True, text=True, timeout=300)
    require(run.returncode == 2, f"exit code {run.returncode}")
    wanted = "a step of 2 images cannot be shared among 3 processes"
    require(wanted in run.stderr, run.stderr)
    print("the same losses")


if __name__ == "__main__":
    sys.exit(main())
