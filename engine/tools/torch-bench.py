#!/usr/bin/env python3
"""Runs a model folder of Nightfuse in PyTorch, for comparison with its own engines on the same card.

    engine/tools/torch-bench.py MODEL_FOLDER [--batch 1,4,8] [--seconds 3] [--device cuda]

Every node of model.onnx becomes the PyTorch function of the same meaning, in the element type that the graph says, so an
FP16 model is computed in FP16 where the engines do so too. Measured are plain execution, a CUDA graph of it, and
torch.compile, each with pictures from pinned memory and back. Prints one JSON object. Needs PyTorch 2, nothing else.
"""
import argparse
import json
import math
import operator
import os
import statistics
import struct
import sys
import time

try:
    import torch
    import torch.nn.functional as F
    from torch import fx
except ImportError as e:
    print(json.dumps({"error": "PyTorch is not installed: %s" % e}))
    sys.exit(0)

TYPES = {1: torch.float32, 2: torch.uint8, 7: torch.int64, 10: torch.float16}
WARM_UP = 10
TIMED = 50


# --- the ONNX file: as much of protobuf as it takes; field numbers are onnx.proto's ---


def fields(data):
    """Yields (number, value) of a message: integers, four bytes, or a view."""
    at = 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value - (1 << 64) if value >> 63 else value
            shift += 7

    while at < len(data):
        key = varint()
        size = {0: 0, 1: 8, 5: 4}.get(key & 7)
        if key & 7 == 0:
            yield key >> 3, varint()
            continue
        if size is None:
            size = varint()
        at += size
        yield key >> 3, data[at - size : at]


def all_of(data, number):
    return [value for n, value in fields(data) if n == number]


def first(data, number, otherwise=None):
    return next(iter(all_of(data, number)), otherwise)


def text(view):
    return bytes(view).decode()


def attribute(data):
    kind = first(data, 20)
    value = {
        1: lambda: struct.unpack("<f", first(data, 2))[0],
        2: lambda: first(data, 3),
        3: lambda: text(first(data, 4)),
        7: lambda: all_of(data, 8),
    }[kind]()
    return text(first(data, 1)), value


def tensor(data):
    raw = bytearray(first(data, 9))
    return torch.frombuffer(raw, dtype=TYPES[first(data, 2)]).reshape(all_of(data, 1))


# --- the operators ---


def resize(x, scales, sizes, mode, align):
    if sizes is None:
        sizes = [int(side * scale) for side, scale in zip(x.shape, scales)]
    extra = {} if mode == "nearest" else {"align_corners": align}
    return F.interpolate(x, size=sizes[2:], mode=mode, **extra)


def space_to_depth(x, b):
    n, c, h, w = x.shape
    return x.reshape(n, c, h // b, b, w // b, b).permute(0, 3, 5, 1, 2, 4).reshape(n, c * b * b, h // b, w // b)


def depth_to_space(x, b):
    n, c, h, w = x.shape
    return x.reshape(n, b, b, c // (b * b), h, w).permute(0, 3, 4, 1, 5, 2).reshape(n, c // (b * b), h * b, w * b)


def reshape(x, target):
    return x.reshape([x.shape[i] if side == 0 else side for i, side in enumerate(target)])


def cut(x, start, end, axis):
    return x.narrow(axis, start, min(end, x.shape[axis]) - start)


def cast(x, kind):
    return x.to(kind)


def identity(x):
    return x


def layer_norm(x, weight, bias, eps):
    return F.layer_norm(x, x.shape[-1:], weight, bias, eps)


def prelu(x, slope):
    return torch.where(x >= 0, x, x * slope)


SIMPLE = {
    "Add": operator.add,
    "Sub": operator.sub,
    "Mul": operator.mul,
    "Div": operator.truediv,
    "Max": torch.maximum,
    "Min": torch.minimum,
    "Abs": torch.abs,
    "Exp": torch.exp,
    "Sqrt": torch.sqrt,
    "Erf": torch.erf,
    "Relu": F.relu,
    "Sigmoid": torch.sigmoid,
    "Tanh": torch.tanh,
    "MatMul": torch.matmul,
    "PRelu": prelu,
}
REDUCE = {"ReduceMean": torch.mean, "ReduceSum": torch.sum, "ReduceMax": torch.amax}
INTERPOLATION = {"nearest": "nearest", "linear": "bilinear", "cubic": "bicubic"}
PADDING = {"constant": "constant", "edge": "replicate", "reflect": "reflect"}


def call(op, x, a, value):
    """Function, arguments and named arguments of a node. x: its inputs; a: attributes; value(i): constant input i as numbers."""
    if op in SIMPLE:
        return SIMPLE[op], tuple(x), {}
    if op in REDUCE:
        return REDUCE[op], (x[0], tuple(value(1))), {"keepdim": True}
    if op == "Identity":
        return identity, (x[0],), {}
    if op == "Conv":
        pads = a["pads"]
        assert pads[:2] == pads[2:], "uneven padding"
        bias = x[2] if len(x) > 2 else None
        return F.conv2d, (x[0], x[1], bias, a["strides"], pads[:2], a["dilations"], a["group"]), {}
    if op == "BatchNormalization":
        return F.batch_norm, (x[0], x[3], x[4], x[1], x[2]), {"eps": a["epsilon"]}
    if op == "InstanceNormalization":
        return F.instance_norm, (x[0],), {"weight": x[1], "bias": x[2], "eps": a["epsilon"]}
    if op == "LayerNormalization":
        return layer_norm, (x[0], x[1], x[2], a["epsilon"]), {}
    if op == "LeakyRelu":
        return F.leaky_relu, (x[0], a["alpha"]), {}
    if op == "Clip":
        return torch.clamp, (x[0], value(1), value(2)), {}
    if op == "Softmax":
        return torch.softmax, (x[0], a["axis"]), {}
    if op == "ArgMax":
        return torch.argmax, (x[0], a["axis"]), {"keepdim": True}
    if op == "MaxPool":
        return F.max_pool2d, (x[0], a["kernel_shape"], a["strides"], a["pads"][:2]), {}
    if op == "AveragePool":
        return F.avg_pool2d, (x[0], a["kernel_shape"], a["strides"], a["pads"][:2]), {"count_include_pad": False}
    if op == "Resize":
        align = a["coordinate_transformation_mode"] == "align_corners"
        scales = value(2) if x[2] is not None else None
        sizes = value(3) if len(x) > 3 else None
        return resize, (x[0], scales, sizes, INTERPOLATION[a["mode"]], align), {}
    if op == "Pad":
        p = value(1)
        return F.pad, (x[0], (p[3], p[7], p[2], p[6]), PADDING[a["mode"]]), {}
    if op == "SpaceToDepth":
        return space_to_depth, (x[0], a["blocksize"]), {}
    if op == "DepthToSpace":
        assert a["mode"] == "DCR"
        return depth_to_space, (x[0], a["blocksize"]), {}
    if op == "Reshape":
        return reshape, (x[0], value(1)), {}
    if op == "Transpose":
        return torch.permute, (x[0], a["perm"]), {}
    if op == "Concat":
        return torch.cat, (list(x), a["axis"]), {}
    if op == "Slice":
        return cut, (x[0], value(1)[0], value(2)[0], value(3)[0]), {}
    if op == "Cast":
        return cast, (x[0], TYPES[a["to"]]), {}
    raise NotImplementedError("operator " + op)


def module(path):
    """The graph as a module of straight Python code, and names and sizes of its inputs and outputs."""
    with open(path, "rb") as file:
        graph = first(memoryview(file.read()), 7)
    constants = {text(first(c, 8)): tensor(c) for c in all_of(graph, 5)}
    root = torch.nn.Module()
    code = fx.Graph()
    nodes = {}
    inputs = []
    for declared in all_of(graph, 11):
        name = text(first(declared, 1))
        shape = first(first(first(declared, 2), 1), 2)
        inputs.append((name, [first(side, 1, -1) for side in all_of(shape, 1)]))
        nodes[name] = code.placeholder(name)

    def node_of(name):
        if name == "":
            return None
        if name not in nodes:
            attr = "c%d" % len(nodes)
            root.register_buffer(attr, constants[name])
            nodes[name] = code.get_attr(attr)
        return nodes[name]

    for node in all_of(graph, 1):
        names = [text(n) for n in all_of(node, 1)]
        attributes = dict(attribute(a) for a in all_of(node, 5))

        def value(i):
            return constants[names[i]].tolist()

        op = text(first(node, 4))
        # Only what is used as a tensor becomes one: the rest is numbers in the code.
        wanted = {"Clip": 1, "Resize": 1, "Pad": 1, "Reshape": 1, "Slice": 1, "ReduceMean": 1, "ReduceSum": 1, "ReduceMax": 1}
        tensors = [node_of(n) if i < wanted.get(op, 99) else (n or None) for i, n in enumerate(names)]
        function, args, named = call(op, tensors, attributes, value)
        nodes[text(first(node, 2))] = code.call_function(function, args, named)
    outputs = [text(first(o, 1)) for o in all_of(graph, 12)]
    code.output(tuple(nodes[name] for name in outputs))
    return fx.GraphModule(root, code).eval(), inputs, outputs


# --- a known pair, the one that the outputs beside the model are of ---


def known_pair(width, height):
    x = torch.arange(width).repeat(height, 1)
    y = torch.arange(height).reshape(-1, 1).repeat(1, width)
    div = lambda a, b: torch.div(a, b, rounding_mode="floor")
    shade = 16 + div(150 * y, height)
    texture = div((7 * x + 3 * y + div(x * y, 5)) % 256, 8)
    edge = ((div(x, 24) + div(y, 40)) % 3 == 0) * 30
    radius = max(2, min(height, width) // 5)
    warm = (x - width // 3) ** 2 + (y - height // 2) ** 2 < radius * radius
    heat = torch.where(warm, 215 + (x + y) % 25, 40 + div(80 * x, width) + (3 * x + 5 * y) % 16)
    w, h = (width + 1) // 2, (height + 1) // 2
    cx = torch.arange(w).repeat(h, 1)
    cy = torch.arange(h).reshape(-1, 1).repeat(1, w)
    planes = {
        "visible_y": (shade + texture + edge).clamp(max=235),
        "visible_u": 100 + div(56 * cx, w),
        "visible_v": 150 - div(50 * cy, h),
        "infrared": heat,
    }
    return {name: plane.to(torch.uint8)[None, None] for name, plane in planes.items()}


def golden(folder, name):
    """An output that the FP32 graph gave for that pair, or None where none is recorded."""
    path = os.path.join(folder, "golden.safetensors")
    if not os.path.exists(path):
        return None
    with open(path, "rb") as file:
        data = file.read()
    start = 8 + struct.unpack("<Q", data[:8])[0]
    entry = json.loads(data[8:start]).get(name + "0")
    if entry is None:
        return None
    begin, end = entry["data_offsets"]
    return torch.frombuffer(bytearray(data[start + begin : start + end]), dtype=torch.float32)


def compare(folder, outputs, results):
    row = {}
    for name, result in zip(outputs, results):
        expected = golden(folder, name)
        if expected is None:
            continue
        found = result[0].float().flatten().cpu()
        if name == "labels":
            row["labels_equal"] = (found == expected).float().mean().item()
        else:
            error = ((found - expected) ** 2).mean().item()
            row["fused_psnr_db"] = 100.0 if error == 0 else min(100.0, 10 * math.log10(255**2 / error))
    return row


# --- measuring ---


def captured(run, pictures):
    """The same as one CUDA graph, on pictures that stay where they are."""
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(3):
            run(*pictures)
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        results = run(*pictures)

    def replay(*_):
        graph.replay()
        return results

    return replay


def measure(run, host, pictures, seconds, cuda):
    """Frames in a second and GPU milliseconds of a frame, copies from and to pinned memory included."""
    batch = host[0].shape[0]
    results = run(*pictures)
    back = [torch.empty(r.shape, dtype=r.dtype, pin_memory=cuda) for r in results]

    def once():
        for to, source in zip(pictures, host):
            to.copy_(source, non_blocking=True)
        for to, source in zip(back, run(*pictures)):
            to.copy_(source, non_blocking=True)

    def wait():
        if cuda:
            torch.cuda.synchronize()

    for _ in range(WARM_UP if cuda else 1):
        once()
    wait()
    gpu_ms = []
    for _ in range(TIMED if cuda else 0):
        start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        start.record()
        once()
        end.record()
        end.synchronize()
        gpu_ms.append(start.elapsed_time(end))
    done = 0
    begun = time.perf_counter()
    while time.perf_counter() - begun < seconds:
        # Two at a time are handed over before one is waited for, as the engines do.
        once()
        once()
        wait()
        done += 2
    row = {"frames_per_second": done * batch / (time.perf_counter() - begun)}
    if gpu_ms:
        row["gpu_ms_per_frame"] = statistics.median(gpu_ms) / batch
    return row, back


def rows(folder, batches, seconds, device):
    cuda = device == "cuda"
    graph, inputs, outputs = module(os.path.join(folder, "model.onnx"))
    graph = graph.to(device)
    if cuda:
        graph = graph.to(memory_format=torch.channels_last)
    height, width = next(shape[2:] for name, shape in inputs if name in ("visible_y", "infrared"))
    pair = known_pair(width, height)
    modes = ["eager"] + (["cuda graph"] if cuda else []) + (["compile"] if hasattr(torch, "compile") else [])
    for batch in batches:
        host = [pair[name].repeat(batch, 1, 1, 1) for name, _ in inputs]
        if cuda:
            host = [plane.pin_memory() for plane in host]
        pictures = [plane.to(device) for plane in host]
        for mode in modes:
            row = {"mode": mode, "batch": batch}
            try:
                run = graph
                if mode == "compile":
                    run = torch.compile(graph, mode="max-autotune-no-cudagraphs" if cuda else None, dynamic=False)
                    run(*pictures)
                if cuda and mode != "eager":
                    run = captured(run, pictures)
                figures, back = measure(run, host, pictures, seconds, cuda)
                row.update(figures)
                row.update(compare(folder, outputs, back))
            except Exception as e:  # A mode that does not work on this card or version is a result, too.
                row["error"] = ("%s: %s" % (type(e).__name__, e))[:400]
            yield row


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--batch", default="1,4,8")
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--device", default="cuda", choices=["cuda", "cpu"])
    wanted = parser.parse_args()
    report = {"torch": torch.__version__}
    if wanted.device == "cuda":
        if not torch.cuda.is_available():
            print(json.dumps(dict(report, error="this PyTorch has no GPU")))
            return
        report.update(cuda=torch.version.cuda, gpu=torch.cuda.get_device_name())
        # As the engines: what the graph calls FP32 is FP32.
        torch.backends.cuda.matmul.allow_tf32 = False
        torch.backends.cudnn.allow_tf32 = False
        torch.backends.cudnn.benchmark = True
    with torch.inference_mode():
        try:
            report["rows"] = list(rows(wanted.folder, [int(n) for n in wanted.batch.split(",")], wanted.seconds, wanted.device))
        except Exception as e:
            report["error"] = "%s: %s" % (type(e).__name__, e)
    print(json.dumps(report))


if __name__ == "__main__":
    main()
