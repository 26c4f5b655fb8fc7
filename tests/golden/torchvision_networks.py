"""torchvision's networks that Plumbline has too, under Plumbline's names."""
import re

import torch
import torchvision
from torchvision.models.vision_transformer import VisionTransformer

VERSION = torchvision.__version__

# timm's names for torchvision's VisionTransformer.
VIT_NAMES = [(r"^class_token$", "cls_token"),
             (r"^encoder\.pos_embedding$", "pos_embed"),
             (r"^conv_proj\.", "patch_embed.proj."),
             (r"^encoder\.layers\.encoder_layer_", "blocks."),
             (r"\.ln_([12])\.", r".norm\1."),
             (r"\.self_attention\.in_proj_", ".attn.qkv."),
             (r"\.self_attention\.out_proj\.", ".attn.proj."),
             (r"\.mlp\.(0|linear_1)\.", ".mlp.fc1."),
             (r"\.mlp\.(3|linear_2)\.", ".mlp.fc2."),
             (r"^encoder\.ln\.", "norm."),
             (r"^heads\.head\.", "head.")]


class Network:
    def __init__(self, name, model, last_layer, side):
        self.name = name
        self.model = model
        self.last_layer = last_layer
        self.side = side

    def name_here(self, name):
        if self.name == "vit-s16":
            for pattern, replacement in VIT_NAMES:
                name = re.sub(pattern, replacement, name)
        return name

    def remove_last_layer(self):
        """From then on it gives features."""
        parent, _, name = self.torchvision_last_layer.rpartition(".")
        module = self.model.get_submodule(parent)
        setattr(module, name, torch.nn.Identity())

    @property
    def torchvision_last_layer(self):
        return "heads.head" if self.name == "vit-s16" else self.last_layer


def all_networks(outputs):
    models = torchvision.models
    for name in ("resnet18", "resnet34", "resnet50"):
        yield Network(name, getattr(models, name)(num_classes=outputs), "fc", 64)
    yield Network("densenet121", models.densenet121(num_classes=outputs),
                  "classifier", 64)
    yield Network("efficientnet-b0", models.efficientnet_b0(num_classes=outputs),
                  "classifier.1", 64)
    yield Network("vit-s16", VisionTransformer(
        image_size=96, patch_size=16, num_layers=12, num_heads=6,
        hidden_dim=384, mlp_dim=1536, num_classes=outputs), "head", 96)
