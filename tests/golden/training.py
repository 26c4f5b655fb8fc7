"""What PyTorch's own layers, losses and optimisers make of a tiny training:
writes training.json, which src/plumbline/train/training_golden_test.cc reads.

usage: /usr/bin/python3 training.py > training.json

The network is small-cnn, its weights and the images come from the formula of
backbones.py; every step takes all images, so that no order of rows matters.
Computed in double.
"""
import json
import math
import sys

import torch
from torch import nn

from backbones import uniform, value

IMAGES = 24
SIDE = 32
STEPS = 10


class SmallCnn(nn.Module):
    def __init__(self, outputs):
        super().__init__()
        blocks, width_in = [], 1
        for number, width in enumerate((16, 32, 64, 128), 1):
            block = nn.Module()
            block.conv = nn.Conv2d(width_in, width, 3, padding=1, bias=False)
            block.norm = nn.BatchNorm2d(width)
            setattr(self, f"block{number}", block)
            blocks.append(block)
            width_in = width
        self.head = nn.Linear(width_in, outputs)

    def forward(self, x):
        for number in range(1, 5):
            block = getattr(self, f"block{number}")
            x = torch.relu(nn.functional.max_pool2d(
                block.norm(block.conv(x)), 2))
        return self.head(x.mean((2, 3)))


def network():
    model = SmallCnn(5).double()
    with torch.no_grad():
        for name, tensor in model.state_dict().items():
            if tensor.dtype != torch.int64:
                tensor.copy_(value(name, tuple(tensor.shape)))
    return model.train()


def pictures():
    """8-bit samples, as a file would have them."""
    u = uniform("pictures", IMAGES * SIDE * SIDE)
    samples = ((u + 1) * 127.999).astype(int).reshape(IMAGES, 1, SIDE, SIDE)
    return torch.from_numpy(samples).double()


# Row i: a finding that every fifth row says nothing of, one of three views,
# and an age that every fourth row lacks.
FINDING = [None if i % 5 == 2 else i % 2 for i in range(IMAGES)]
VIEW = [i % 3 for i in range(IMAGES)]
AGE = [None if i % 4 == 1 else 40.0 + i for i in range(IMAGES)]
AGE_MEAN, AGE_DEVIATION = 50.0, 8.0


def loss_of(outputs):
    has = [i for i in range(IMAGES) if FINDING[i] is not None]
    finding = nn.functional.binary_cross_entropy_with_logits(
        outputs[has, 0], torch.tensor([float(FINDING[i]) for i in has]).double())
    view = nn.functional.cross_entropy(outputs[:, 1:4], torch.tensor(VIEW))
    old = [i for i in range(IMAGES) if AGE[i] is not None]
    wanted = torch.tensor([(AGE[i] - AGE_MEAN) / AGE_DEVIATION for i in old])
    age = 0.5 * nn.functional.mse_loss(outputs[old, 4], wanted.double())
    return (finding + view + age) / 3


def curve(optimiser_of, batch_norm):
    model = network()
    if batch_norm == "frozen":
        for module in model.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.eval()
    optimiser = optimiser_of(model.parameters())
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda s: 0.5 * (1 + math.cos(math.pi * s / STEPS)))
    images = (pictures() / 255 - 0.4) / 0.2
    losses = []
    for _ in range(STEPS):
        optimiser.zero_grad()
        loss = loss_of(model(images))
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        losses.append(float(f"{loss.item():.10g}"))
    return losses


def main():
    def adamw(parameters):
        return torch.optim.AdamW(parameters, lr=1e-3, weight_decay=0.01)

    def sgd(parameters):
        return torch.optim.SGD(parameters, lr=1e-2, momentum=0.9,
                               weight_decay=1e-4)

    result = {"source": f"torch {torch.__version__}, in double",
              "images": IMAGES, "side": SIDE, "steps": STEPS,
              "adamw": curve(adamw, "batch"), "sgd": curve(sgd, "batch"),
              "sgd_frozen": curve(sgd, "frozen")}
    json.dump(result, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
