#!/usr/bin/env python3
"""Weights of the dense NightNet (recipe nightnet-dense) as a start for the light nightnet-m: what training then goes on from.
See docs/decisions/0018-light-where-pictures-are-large.md.

    lighter.py DENSE.safetensors LIGHT.safetensors MSRS

MSRS is a folder with visible/ and infrared/: the mean of the attention at a quarter of the size is measured on it, which the light
network has at an eighth, and stems of 8x8 pixels are fitted on it to what those of 12x12 (3x3 blocks) give. Needs NumPy and ffmpeg.
The result is not the same network: stems leave about 3 % of their variance out, and 3x3 layers that became separable take the
nearest product of rank one, which leaves a quarter to a half of their energy out.
"""
import json
import os
import struct
import subprocess
import sys

import numpy as np

EPSILON = 1e-5
OPEN = 1 / (1 + np.exp(-2.0))  # what the new attention begins with


def read(path):
    data = open(path, "rb").read()
    size = struct.unpack("<Q", data[:8])[0]
    tensors = {}
    for name, entry in json.loads(data[8 : 8 + size]).items():
        if name != "__metadata__":
            begin, end = (8 + size + offset for offset in entry["data_offsets"])
            tensors[name] = np.frombuffer(data[begin:end], "<f4").reshape(entry["shape"]).astype(float)
    return tensors


def write(path, tensors):
    header, data = {}, b""
    for name, values in tensors.items():
        raw = values.astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(values.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    open(path, "wb").write(struct.pack("<Q", len(text)) + text + data)


def planes(path, pixels):
    command = ["ffmpeg", "-v", "error", "-i", path, "-vf", "scale=640:480:in_range=pc:out_range=pc"]
    raw = subprocess.run(command + ["-pix_fmt", pixels, "-f", "rawvideo", "-"], stdout=subprocess.PIPE, check=True).stdout
    values = np.frombuffer(raw, np.uint8).astype(float)
    return values[:307200].reshape(480, 640) / 255, (values[307200:].reshape(-1, 240, 320) - 128) / 224


def blocks(x, side):
    h, w = x.shape
    return x.reshape(h // side, side, w // side, side).transpose(1, 3, 0, 2).reshape(side * side, h // side, w // side)


def conv(weight, x):
    c, h, w = x.shape
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1)))
    around = np.stack([padded[:, i : i + h, j : j + w] for i in range(3) for j in range(3)], 1).reshape(9 * c, -1)
    return (weight.reshape(len(weight), -1) @ around).reshape(-1, h, w)


def plain(old, x, name):
    y = conv(old[name + ".conv.weight"], x) - old[name + ".bn.running_mean"][:, None, None]
    return y * gain(old, name)[:, None, None] + old[name + ".bn.bias"][:, None, None]


def gain(old, name):
    return old[name + ".bn.weight"] / np.sqrt(old[name + ".bn.running_var"] + EPSILON)


def pictures(folder):
    """Luma, chroma u and v, and infrared of some pairs."""
    for name in sorted(os.listdir(folder + "/visible"))[::8][:32]:
        y, (u, v) = planes(f"{folder}/visible/{name}", "yuvj420p")
        heat, _ = planes(f"{folder}/infrared/{name}", "gray")
        yield y, u, v, heat


def attention(old, pairs):
    """Mean over pictures of what each channel was multiplied by."""
    found = []
    for y, u, v, heat in pairs:
        chroma = np.stack([blocks(u, 2), blocks(v, 2)], 1).reshape(8, 120, 160)
        visible = plain(old, blocks(y, 4), "stem.luma") + conv(old["stem.chroma.weight"], chroma)
        both = np.concatenate([visible, plain(old, blocks(heat, 4), "stem.infrared")])
        scene = np.maximum(both, 0).mean((1, 2))
        for layer, bend in (("squeeze", lambda x: np.maximum(x, 0)), ("excite", lambda x: 1 / (1 + np.exp(-x)))):
            scene = bend(old[f"stem.attention.{layer}.weight"][:, :, 0, 0] @ scene + old[f"stem.attention.{layer}.bias"])
        found.append(scene)
    return np.mean(found, 0)


def narrower(weight, planes, random):
    """The kernels of 8x8 pixels that come nearest, on these pictures, to those over 3x3 blocks of 4x4."""
    out = len(weight)
    wide = weight.reshape(out, 4, 4, 3, 3).transpose(0, 3, 1, 4, 2).reshape(out, 144)
    patches = np.array([x[i : i + 12, j : j + 12] for x in planes for i, j in zip(random.integers(0, 469, 1000), random.integers(0, 629, 1000))])
    inner = patches[:, 2:10, 2:10].reshape(-1, 64)
    square = inner.T @ inner
    # What tells nearly nothing must not cost large weights.
    square += 1e-6 * np.trace(square) / 64 * np.eye(64)
    fitted = np.linalg.solve(square, inner.T @ (patches.reshape(-1, 144) @ wide.T))
    return fitted.T.reshape(out, 1, 8, 8)


def separate(old, new, name):
    dense = old.pop(name + ".conv.weight")
    out, channels = dense.shape[:2]
    each, every = np.zeros((channels, 1, 3, 3)), np.zeros((out, channels, 1, 1))
    for c in range(channels):
        taps = dense[:, c].reshape(out, 9)
        kernel = np.linalg.svd(taps)[2][0]
        kernel = kernel / np.abs(kernel).sum() * (1 if kernel.sum() >= 0 else -1)
        each[c, 0] = kernel.reshape(3, 3)
        every[:, c, 0, 0] = taps @ kernel / (kernel @ kernel)
    new[name + ".each.weight"], new[name + ".all.conv.weight"] = each, every
    norm(old, new, name, name + ".all")


def norm(old, new, source, target):
    for key in ("weight", "bias", "running_mean", "running_var"):
        new[f"{target}.bn.{key}"] = old.pop(f"{source}.bn.{key}")


def main(source, target, folder):
    old, new, random = read(source), {}, np.random.default_rng(5)
    pairs = list(pictures(folder))
    mean = attention(old, pairs)[None, :, None, None]

    for camera, plane in (("luma", 0), ("infrared", 3)):
        name = f"stem.{camera}.conv.weight"
        old[name] = narrower(old[name], [pair[plane] for pair in pairs], random)
    # One tap for nine, of a smooth picture.
    chroma = old["stem.chroma.weight"].sum((2, 3))
    old["stem.chroma.weight"] = chroma.reshape(-1, 2, 2, 2).transpose(0, 3, 1, 2)
    new["down8.conv.weight"] = old.pop("down8.conv.weight") * mean
    norm(old, new, "down8", "down8")
    for key in ("weight", "bias"):
        new["down8.bn." + key] /= OPEN
    channels = len(new["down8.bn.bias"])
    new["scale8.attention.squeeze.weight"] = random.normal(0, (2 / channels) ** 0.5, (channels // 4, channels, 1, 1))
    new["scale8.attention.squeeze.bias"] = np.zeros(channels // 4)
    new["scale8.attention.excite.weight"] = random.normal(0, 0.01, (channels, channels // 4, 1, 1))
    new["scale8.attention.excite.bias"] = np.full(channels, 2.0)

    separate(old, new, "up4.mix")
    separate(old, new, "head.weigh")
    old["up4.lateral.conv.weight"] *= mean
    old["head.shallow.conv.weight"] *= mean
    new.update({name: values for name, values in old.items() if not name.startswith("stem.attention")})
    write(target, new)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
