"""plumbline train and predict beside PyTorch scripts as people write them, on the
same images, the same network and the same threads, one after the other.

usage: train_torch.py PLUMBLINE COHORT.toml [--side 64] [--network small-cnn]
                      [--epochs 4] [--batch 32] [--threads 2] [--rounds 3]

COHORT.toml: nih_cxr_dev's. PyTorch reads the files with PIL in a DataLoader of
as many workers as threads; both train Effusion and No_Finding without changes to
images, with AdamW. Medians of the rounds; an epoch is from the second on.
"""
import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib

LABELS = ("Effusion", "No_Finding")


def cohort(path):
    with open(path, "rb") as file:
        roles = tomllib.load(file)
    table = os.path.join(os.path.dirname(path), roles["table"])
    with open(table, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    folder = os.path.join(os.path.dirname(path), roles.get("folder", "."))
    return [(os.path.join(folder, row[roles["image"]]), row[roles["subject"]],
             [float(row[label]) for label in LABELS]) for row in rows]


def peer(arguments):
    """The script: run in a process of its own, prints its times as JSON."""
    start = float(os.environ["PEER_START"])
    import torch
    import torchvision
    from PIL import Image
    from torch import nn
    from torchvision import transforms

    torch.set_num_threads(arguments.threads)
    torch.manual_seed(1)
    rows = cohort(arguments.cohort)
    split = json.loads(os.environ["PEER_SPLIT"])
    transform = transforms.Compose([
        transforms.Resize((arguments.side, arguments.side)),
        transforms.ToTensor(), transforms.Normalize(0.5, 0.25)])
    channels = 1 if arguments.network == "small-cnn" else 3

    class Films(torch.utils.data.Dataset):
        def __init__(self, part):
            self.rows = [r for r in rows if split.get(r[1]) == part]

        def __len__(self):
            return len(self.rows)

        def __getitem__(self, i):
            path, _, labels = self.rows[i]
            image = Image.open(path).convert("L" if channels == 1 else "RGB")
            return transform(image), torch.tensor(labels)

    if arguments.network == "small-cnn":
        layers, width = [], 1
        for out in (16, 32, 64, 128):
            layers += [nn.Conv2d(width, out, 3, padding=1, bias=False),
                       nn.BatchNorm2d(out), nn.ReLU(), nn.MaxPool2d(2)]
            width = out
        model = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(),
                              nn.Linear(width, len(LABELS)))
    else:
        model = getattr(torchvision.models, arguments.network)(
            num_classes=len(LABELS))
    load = {"batch_size": arguments.batch, "num_workers": arguments.threads}
    train = torch.utils.data.DataLoader(Films("train"), shuffle=True, **load)
    tune = torch.utils.data.DataLoader(Films("tune"), **load)
    test = torch.utils.data.DataLoader(Films("test"), **load)
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-3)
    loss_of = nn.BCEWithLogitsLoss()
    times = {"epochs": []}
    for _ in range(arguments.epochs):
        begin = time.time()
        model.train()
        for images, labels in train:
            optimiser.zero_grad()
            loss_of(model(images), labels).backward()
            optimiser.step()
            times.setdefault("first_step", time.time() - start)
        model.eval()
        with torch.no_grad():
            for images, labels in tune:
                model(images)
        times["epochs"].append(time.time() - begin)
    begin = time.time()
    with torch.no_grad():
        for images, _ in test:
            model(images)
    times["images_per_second"] = len(test.dataset) / (time.time() - begin)
    print(json.dumps(times))


def ours(arguments, work, number):
    folder = os.path.join(work, f"run{number}")
    common = ["--threads", str(arguments.threads), "--cache",
              os.path.join(work, "cache"), "--quiet"]
    begin = time.time()
    subprocess.run(
        [arguments.plumbline, "train", arguments.cohort, "--label",
         ",".join(LABELS), "--side", str(arguments.side), "--network",
         arguments.network, "--epochs", str(arguments.epochs), "--batch",
         str(arguments.batch), "--augment", "none", "--patience", "0", "-o",
         folder, *common],
        check=True, stdout=subprocess.DEVNULL)
    whole = time.time() - begin
    with open(os.path.join(folder, "run.json"), encoding="utf-8") as file:
        times = json.load(file)["times"]
    scores = os.path.join(work, f"scores{number}")
    subprocess.run(
        [arguments.plumbline, "predict", folder, arguments.cohort, "-o", scores,
         "--part", "test", *common],
        check=True, stdout=subprocess.DEVNULL)
    with open(os.path.join(scores, "predict.json"), encoding="utf-8") as file:
        predicted = json.load(file)
    return {"epochs": times["epoch_seconds"],
            "first_step": whole - times["seconds"] +
            times["seconds_to_first_step"],
            "images_per_second": predicted["images_per_second"],
            "waiting": times["seconds_waiting_for_images"] / times["seconds"],
            "folder": folder}


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("plumbline")
    parser.add_argument("cohort")
    parser.add_argument("--side", type=int, default=64)
    parser.add_argument("--network", default="small-cnn")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peer", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.peer:
        return peer(arguments)
    with tempfile.TemporaryDirectory() as work:
        first = ours(arguments, work, 0)  # packs the images
        with open(os.path.join(first["folder"], "split.csv"), newline="",
                  encoding="utf-8") as file:
            split = {row[0]: row[1] for row in list(csv.reader(file))[1:]}
        rounds = {"plumbline": [], "PyTorch": []}
        for number in range(1, arguments.rounds + 1):
            rounds["plumbline"].append(ours(arguments, work, number))
            environment = {**os.environ, "PEER_SPLIT": json.dumps(split),
                           "PEER_START": str(time.time())}
            output = subprocess.run(
                [sys.executable, *sys.argv, "--peer"], check=True, text=True,
                capture_output=True, env=environment).stdout
            rounds["PyTorch"].append(json.loads(output))

    def median(name, value):
        return statistics.median(value(times) for times in rounds[name])

    epoch = {name: median(name, lambda t: statistics.median(t["epochs"][1:]))
             for name in rounds}
    start = {name: median(name, lambda t: t["first_step"]) for name in rounds}
    speed = {name: median(name, lambda t: t["images_per_second"])
             for name in rounds}
    print(f"{arguments.network}, {arguments.side} px, batch {arguments.batch}, "
          f"{arguments.threads} threads, {arguments.rounds} rounds")
    print(f"{'':12}{'epoch':>10}{'first step':>12}{'predict':>14}")
    for name in rounds:
        print(f"{name:12}{epoch[name]:8.2f} s{start[name]:10.2f} s"
              f"{speed[name]:8.0f} img/s")
    print(f"{'':12}{epoch['PyTorch'] / epoch['plumbline']:8.1f} x"
          f"{start['PyTorch'] / start['plumbline']:10.1f} x"
          f"{speed['plumbline'] / speed['PyTorch']:8.1f} x")
    print(f"waiting for images: "
          f"{100 * median('plumbline', lambda t: t['waiting']):.1f} %")
    return 0


if __name__ == "__main__":
    sys.exit(main())
