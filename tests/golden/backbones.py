"""What torchvision's networks give for weights that a formula makes: writes
backbones.json, which src/plumbline/model/backbones_golden_test.cc reads.

usage: /usr/bin/python3 backbones.py > backbones.json

Every number is a hash of its tensor's name and its place, so that both sides
can make all of them without a file. Computed in double.
"""
import json
import sys

import numpy as np
import torch

import torchvision_networks

IMAGES = 2
CHANNELS = 3


def uniform(name, count):
    """`count` numbers in [-1, 1): FNV-1a of the name, then lowbias32."""
    seed = 0x811C9DC5
    for byte in name.encode():
        seed = ((seed ^ byte) * 0x01000193) & 0xFFFFFFFF
    with np.errstate(over="ignore"):
        x = np.uint32(seed) + np.arange(count, dtype=np.uint32) * np.uint32(
            2654435761)
        x ^= x >> np.uint32(16)
        x *= np.uint32(0x7FEB352D)
        x ^= x >> np.uint32(15)
        x *= np.uint32(0x846CA68B)
        x ^= x >> np.uint32(16)
    return x.astype(np.float64) / 2.0**31 - 1


def value(name, shape):
    u = uniform(name, int(np.prod(shape)))
    if name.endswith("running_var"):
        u = 1 + 0.5 * u
    elif len(shape) == 1 and name.endswith("weight"):
        u = 1 + 0.2 * u
    elif len(shape) == 1:
        u = 0.2 * u
    elif len(shape) in (2, 4):
        # Activations keep their size after ReLU (4) or without it (2).
        fan_in = np.prod(shape[1:])
        u = u * np.sqrt((6 if len(shape) == 4 else 3) / fan_in)
    else:
        u = 0.5 * u
    # Both sides begin with the same floats.
    return torch.from_numpy(u.astype(np.float32).reshape(shape)).double()


def few(values):
    """Eight of them, as decimals that a float keeps."""
    flat = values.flatten()
    step = max(1, flat.numel() // 8)
    return [float(f"{v:.10g}") for v in flat[::step][:8]]


def main():
    result = {"source": f"torchvision {torchvision_networks.VERSION}, torch "
                        f"{torch.__version__}, in double"}
    for network in torchvision_networks.all_networks(outputs=8):
        model = network.model.double().eval()
        state = {}
        for name, tensor in model.state_dict().items():
            if tensor.dtype == torch.int64:
                continue
            here = network.name_here(name)
            state[name] = value(here, tuple(tensor.shape))
        model.load_state_dict(state, strict=False)
        images = value("images", (IMAGES, CHANNELS, network.side, network.side))
        with torch.no_grad():
            outputs = model(images)
            network.remove_last_layer()
            features = model(images)
        result[network.name] = {
            "side": network.side, "last_layer": network.last_layer,
            "features": few(features), "outputs": few(outputs),
            "largest_feature": float(f"{features.abs().max():.6g}"),
            "largest_output": float(f"{outputs.abs().max():.6g}")}
    json.dump(result, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
