#!/usr/bin/env python3
"""Makes the models of tests/data/onnx with random weights, and what PyTorch says
they give. Run once with Debian's python3-torch 1.13; the files are committed
because tests run without Python's torch.

usage: onnx_model.py FOLDER
"""
import json
import pathlib
import sys

import torch
from torch import nn

SIDE = 16
MEAN, DEVIATION = 0.5, 0.25


class Net(nn.Module):
    """Two findings and the four features that they come from."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(1, 4, 3, stride=2, padding=1)
        self.second = nn.Conv2d(4, 4, 3, stride=2, padding=1)
        self.last = nn.Linear(4, 2)

    def forward(self, x):
        x = torch.relu(self.first(x))
        features = torch.relu(self.second(x)).mean((2, 3))
        return self.last(features), features


class ScoresAlone(nn.Module):
    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, x):
        return self.net(x)[0]


class TwoInputs(nn.Module):
    def forward(self, image, age):
        return image.mean((2, 3)) + age


class OfBytes(nn.Module):
    def forward(self, image):
        return image.float().mean((2, 3))


class ChannelsLast(nn.Module):
    def forward(self, image):
        return image.mean((1, 2, 3)).unsqueeze(1)


def reference_picture(side):
    """As ReferenceImage() of infer/preprocessing.cc has it, one channel."""
    y, x = torch.meshgrid(torch.arange(side), torch.arange(side),
                          indexing="ij")
    return (x * 255 // side + (y // 8 + x // 8) % 2 * 64 + y) % 256


def export(net, inputs, path, names, outputs, free=None):
    torch.onnx.export(net, inputs, path, input_names=names,
                      output_names=outputs, dynamic_axes=free,
                      opset_version=13)


def main():
    folder = pathlib.Path(sys.argv[1])
    torch.manual_seed(20)
    net = Net().eval()
    with torch.no_grad():
        for weight in net.parameters():  # so that scores differ well
            weight.mul_(3)
    picture = torch.zeros(1, 1, SIDE, SIDE)
    free = {name: {0: "n"} for name in ("image", "logits", "features")}
    export(net, picture, folder / "net.onnx", ["image"],
           ["logits", "features"], free)
    export(net, picture, folder / "one_at_a_time.onnx", ["image"],
           ["logits", "features"])
    export(net, picture.expand(4, -1, -1, -1), folder / "four.onnx",
           ["image"], ["logits", "features"])
    torch.jit.script(ScoresAlone(net)).save(str(folder / "net.pt"))
    export(TwoInputs(), (picture, torch.zeros(1, 1)),
           folder / "two_inputs.onnx", ["image", "age"], ["logit"])
    export(OfBytes(), picture.byte(), folder / "of_bytes.onnx", ["image"],
           ["logit"])
    export(ChannelsLast(), torch.zeros(1, SIDE, SIDE, 3),
           folder / "channels_last.onnx", ["image"], ["logit"])

    pictures = reference_picture(SIDE)[None, None]
    pictures = torch.cat([pictures, 255 - pictures, pictures.flip(3)]) / 255
    with torch.no_grad():
        logits, features = net((pictures - MEAN) / DEVIATION)
    (folder / "expected.json").write_text(json.dumps(
        {"pictures": "the reference picture, its negative, its mirror image",
         "torch": torch.__version__, "mean": MEAN, "deviation": DEVIATION,
         "scores": torch.sigmoid(logits).flatten().tolist(),
         "features": features.flatten().tolist()}, indent=1) + "\n")


if __name__ == "__main__":
    main()
