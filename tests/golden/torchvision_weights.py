"""Random weights of torchvision's networks, written as safetensors, against
what torchvision itself makes of them.

usage: torchvision_weights.py NETWORK_OUTPUTS FOLDER
"""
import json
import os
import struct
import subprocess
import sys

import numpy as np

try:
    import torch

    import torchvision_networks
except ImportError as error:
    print(f"torchvision: not present ({error})")
    sys.exit(77)

IMAGES = 3
OUTPUTS = 8
TOLERANCE = 1e-5  # of the largest output
TYPES = {np.dtype("float32"): "F32", np.dtype("int64"): "I64"}


def write_safetensors(path, tensors):
    header, end = {}, 0
    for name, array in tensors.items():
        header[name] = {"dtype": TYPES[array.dtype], "shape": array.shape,
                        "data_offsets": [end, end + array.nbytes]}
        end += array.nbytes
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for array in tensors.values():
            file.write(np.ascontiguousarray(array).tobytes())


def settle(model, images):
    """Running statistics of these images, so that activations stay sane."""
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.momentum = 1.0
    with torch.no_grad():
        model.train()(images)
    model.eval()


def main():
    program, folder = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    torch.set_num_threads(1)
    torch.manual_seed(20)
    weights = os.path.join(folder, "weights.safetensors")
    pictures = os.path.join(folder, "images.safetensors")
    failed = False
    for network in torchvision_networks.all_networks(OUTPUTS):
        images = torch.randn(IMAGES, 3, network.side, network.side)
        if network.name == "vit-s16":  # torchvision begins with zeros
            torch.nn.init.normal_(network.model.heads.head.weight, std=0.05)
            network.model.eval()
        else:
            settle(network.model, images)
        write_safetensors(weights, {name: tensor.numpy() for name, tensor in
                                    network.model.state_dict().items()})
        write_safetensors(pictures, {"images": images.numpy()})
        with torch.no_grad():
            expected = network.model(images).numpy()
        printed = subprocess.run([program, network.name, weights, pictures],
                                 check=True, capture_output=True, text=True)
        found = np.array(printed.stdout.split(), dtype=np.float64)
        difference = np.abs(found.reshape(expected.shape) - expected).max()
        relative = difference / np.abs(expected).max()
        print(f"{network.name}: differs by {relative:.1e} of the largest output")
        failed |= not relative <= TOLERANCE
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
