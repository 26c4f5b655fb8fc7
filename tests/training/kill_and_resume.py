"""A training that is killed again and again, at any moment, ends with the bytes
of one that was left alone.

usage: kill_and_resume.py BINARY EXAMPLES WORK
"""
import os
import signal
import subprocess
import time

from training import FILES, Bench, require


def main():
    bench = Bench()
    options = ("--ema", "0.9", "--checkpoint", "0")
    bench.train("whole", *options)
    folder = os.path.join(bench.work, "killed")
    checkpoint = os.path.join(folder, "checkpoint.safetensors")
    kills, resumed = 0, 0
    # Later each time, so that the run comes to an end.
    delay = 0.4
    while True:
        resumed += os.path.exists(checkpoint)
        run = subprocess.Popen(bench.command("killed", *options),
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            _, error = run.communicate(timeout=delay)
        except subprocess.TimeoutExpired:
            run.send_signal(signal.SIGKILL)
            run.communicate()
            kills += 1
            delay = delay * 1.25
            require(kills < 60, "the run never came to an end")
            continue
        require(run.returncode == 0, error.decode())
        break
    require(resumed > 0, "no run was resumed: it was killed too early each time")
    for name in FILES:
        require(bench.read("whole", name) == bench.read("killed", name),
                f"{name} differs after {kills} kills")
    require(not os.path.exists(checkpoint), "the checkpoint was left behind")

    # Ctrl-C leaves a checkpoint, whatever the time between them.
    run = subprocess.Popen(bench.command("stopped", epochs=200),
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    stopped = os.path.join(bench.work, "stopped", "checkpoint.safetensors")
    for _ in range(600):
        if os.path.exists(stopped):
            break
        time.sleep(0.05)
    time.sleep(0.3)
    run.send_signal(signal.SIGINT)
    _, error = run.communicate(timeout=60)
    require(run.returncode == 130, f"exit code {run.returncode}: {error}")
    require(os.path.exists(stopped), "no checkpoint after Ctrl-C")
    print(f"{kills} kills, {resumed} resumed: the same bytes")


if __name__ == "__main__":
    main()
