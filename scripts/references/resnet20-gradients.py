"""Freezes gradients of a real network: python scripts/references/resnet20-gradients.py (torch, onnx, numpy)

Reads ../shared/data/cifar10-resnet20/cifar10-resnet20.onnx, computes it node by node in PyTorch in float64, and writes
src/engine/train/resnet20-gradients.fixture.json: the loss (mean cross-entropy) on four pictures that are waves, and of every
weight the norm of its gradient and some of its elements.
"""
import json
import math
import pathlib

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODEL = ROOT.parent / "shared" / "data" / "cifar10-resnet20" / "cifar10-resnet20.onnx"
LABELS = [3, 8, 0, 5]
SAMPLES = 6


def wave(shape):
    """sin(0.37 i) + 0.5 sin(0.011 i), rounded to float32, as the test makes it."""
    i = np.arange(math.prod(shape), dtype=np.float64)
    return torch.tensor((np.sin(0.37 * i) + 0.5 * np.sin(0.011 * i)).astype(np.float32).astype(np.float64)).reshape(shape)


def attributes(node):
    return {one.name: onnx.helper.get_attribute_value(one) for one in node.attribute}


def conv(x, weight, bias=None, *, pads, strides, group=1, **_):
    top, left, bottom, right = pads
    return F.conv2d(F.pad(x, (left, right, top, bottom)), weight, bias, stride=strides, groups=group)


def end_of(end, step):
    """What stands before the first element is nothing in Python."""
    return None if step < 0 and end < -(2**31) else end


def sliced(x, starts, ends, axes, steps=None):
    for k, axis in enumerate(axes.tolist()):
        step = 1 if steps is None else int(steps[k])
        places = list(range(x.shape[axis]))[slice(int(starts[k]), end_of(int(ends[k]), step), step)]
        x = x.index_select(axis, torch.tensor(places))
    return x


def padded(x, pads, value=None, *, mode=b"constant", **_):
    amounts = pads.tolist()
    rank = len(amounts) // 2
    return F.pad(x, [n for axis in reversed(range(rank)) for n in (amounts[axis], amounts[axis + rank])])


OPERATORS = {
    "Conv": conv,
    "Relu": lambda x: F.relu(x),
    "Add": lambda a, b: a + b,
    "GlobalAveragePool": lambda x: x.mean((2, 3), keepdim=True),
    "Flatten": lambda x, axis=1: x.flatten(axis),
    "Gemm": lambda x, w, b, transB=0, **_: x @ (w.T if transB else w) + b,
    "Slice": sliced,
    "Pad": padded,
    "Concat": lambda *parts, axis: torch.cat(parts, axis),
    "Reshape": lambda x, shape, **_: x.reshape(shape.tolist()),
    "Transpose": lambda x, perm: x.permute(perm),
    "Cast": lambda x, to: x.to({6: torch.int32, 7: torch.int64}[to]),
    "ConstantOfShape": lambda shape, value: torch.full(shape.tolist(), numpy_helper.to_array(value).item()).long(),
    "Constant": lambda value: torch.tensor(numpy_helper.to_array(value)),
}


def numbers(values):
    return [float(f"{value:.9g}") for value in values]


def main():
    graph = onnx.load(MODEL).graph
    values, weights = {"": None}, {}
    for tensor in graph.initializer:
        array = torch.tensor(numpy_helper.to_array(tensor))
        if array.dtype == torch.float32 and array.dim() > 0:
            array = weights[tensor.name] = array.double().requires_grad_()
        values[tensor.name] = array
    values[graph.input[0].name] = wave((len(LABELS), 3, 32, 32))
    for node in graph.node:
        values[node.output[0]] = OPERATORS[node.op_type](*(values[name] for name in node.input), **attributes(node))
    logits = values[graph.output[0].name]
    loss = F.cross_entropy(logits, torch.tensor(LABELS))
    loss.backward()
    gradients = {}
    for name, weight in weights.items():
        flat = weight.grad.flatten()
        indices = [(k * 7919 + 5) % flat.numel() for k in range(min(SAMPLES, flat.numel()))]
        gradients[name] = {"norm": numbers([flat.norm()])[0], "indices": indices, "values": numbers(flat[indices])}
    fixture = {
        "versions": {"torch": torch.__version__, "onnx": onnx.__version__},
        "labels": LABELS,
        "loss": numbers([loss])[0],
        "logits": numbers(logits.detach().flatten()),
        "gradients": gradients,
    }
    target = ROOT / "src" / "engine" / "train" / "resnet20-gradients.fixture.json"
    target.write_text(json.dumps(fixture, indent=1) + "\n")


main()
