"""Freezes what PyTorch's layers compute: outputs, gradients of inputs and of all weights, running statistics.

usage: python layers.py   (torch, safetensors; writes src/engine/nn/layers.fixture.json)

Weights and inputs are waves that any language computes alike; the scalar that is differentiated is the sum of the outputs
times another wave. Everything is computed in float64 and stored with 7 digits.
"""
import base64
import json
import math
import pathlib

import safetensors
import safetensors.torch
import torch
from torch import nn

ROOT = pathlib.Path(__file__).resolve().parents[2] / "src" / "engine" / "nn"
torch.set_default_dtype(torch.float64)


def wave(shape, step=0.7, offset=0.3):
    count = math.prod(shape)
    return torch.tensor([math.sin(step * i + offset) * (1 + i % 3) for i in range(count)]).reshape(shape)


def numbers(tensor):
    return [float(f"{value:.7g}") for value in tensor.detach().double().flatten().tolist()]


def fill(module):
    state = module.state_dict()
    for i, (name, value) in enumerate(state.items()):
        if value.dtype == torch.int64:
            continue
        content = wave(value.shape, 0.37 + 0.11 * i, 0.2 * i) * 0.3
        state[name] = content.abs() + 0.5 if name.endswith("running_var") else content
    module.load_state_dict(state)
    return [[name, list(value.shape)] for name, value in state.items()]


def case(module, *shapes, run=None, training=True, indices=None):
    state = fill(module)
    module.train(training)
    inputs = [torch.tensor(indices)] if indices is not None else [
        wave(shape, 0.7 + 0.1 * i).requires_grad_() for i, shape in enumerate(shapes)
    ]
    output = run(module, *inputs) if run else module(*inputs)
    (output * wave(output.shape, 1.1, 0.5)).sum().backward()
    buffers = {name: numbers(value) for name, value in module.named_buffers()}
    return {
        "state": state,
        "inputs": [list(one.shape) for one in inputs],
        "shape": list(output.shape),
        "output": numbers(output),
        "gradients": [numbers(one.grad) for one in inputs if one.grad is not None],
        "weights": {name: numbers(p.grad) for name, p in module.named_parameters()},
        **({"buffers": buffers} if buffers else {}),
    }


def first(module, x):
    return module(x)[0]


def attended(module, query, key, value, mask=None):
    return module(query, key, value, attn_mask=mask, need_weights=False)[0]


def causal(module, x):
    mask = torch.triu(torch.full((x.shape[1], x.shape[1]), -math.inf), 1)
    return attended(module, x, x, x, mask)


def cases():
    picture, row, block = (2, 4, 7, 6), (2, 3, 9), (1, 2, 5, 4, 6)
    return {
        "Linear": case(nn.Linear(5, 3), (4, 5)),
        "Linear, sequences": case(nn.Linear(5, 3, bias=False), (2, 3, 5)),
        "Bilinear": case(nn.Bilinear(3, 4, 2), (5, 3), (5, 4)),
        "Conv1d": case(nn.Conv1d(3, 4, 3, stride=2, padding=1), row),
        "Conv2d": case(nn.Conv2d(4, 6, (3, 2), stride=(2, 1), padding=(1, 0), dilation=(1, 2), groups=2), picture),
        "Conv2d, same": case(nn.Conv2d(4, 3, 4, padding="same", bias=False), picture),
        "Conv3d": case(nn.Conv3d(2, 3, 2, padding=1), block),
        "ConvTranspose1d": case(nn.ConvTranspose1d(3, 2, 4, stride=3, padding=1, output_padding=1), row),
        "ConvTranspose2d": case(nn.ConvTranspose2d(4, 6, 3, stride=2, groups=2), picture),
        "ConvTranspose3d": case(nn.ConvTranspose3d(2, 2, 2, stride=2), block),
        "MaxPool1d": case(nn.MaxPool1d(3, stride=2, padding=1), row),
        "MaxPool2d": case(nn.MaxPool2d(2, ceil_mode=True), picture),
        "MaxPool3d": case(nn.MaxPool3d(2, stride=1), block),
        "AvgPool1d": case(nn.AvgPool1d(3, padding=1), row),
        "AvgPool2d": case(nn.AvgPool2d(3, stride=2, padding=1, count_include_pad=False), picture),
        "AvgPool3d": case(nn.AvgPool3d(2), block),
        "AdaptiveAvgPool1d": case(nn.AdaptiveAvgPool1d(4), row),
        "AdaptiveAvgPool2d": case(nn.AdaptiveAvgPool2d(4), picture),
        "AdaptiveAvgPool2d, one": case(nn.AdaptiveAvgPool2d(1), picture),
        "AdaptiveMaxPool2d": case(nn.AdaptiveMaxPool2d(3), picture),
        "AdaptiveMaxPool3d": case(nn.AdaptiveMaxPool3d(2), block),
        "BatchNorm1d": case(nn.BatchNorm1d(5), (4, 5)),
        "BatchNorm2d": case(nn.BatchNorm2d(4, momentum=0.3, eps=1e-3), picture),
        "BatchNorm2d, used": case(nn.BatchNorm2d(4), picture, training=False),
        "BatchNorm2d, plain": case(nn.BatchNorm2d(4, affine=False), picture),
        "LayerNorm": case(nn.LayerNorm(6), (2, 3, 6)),
        "LayerNorm, two axes": case(nn.LayerNorm((3, 6), eps=1e-3), (2, 3, 6)),
        "GroupNorm": case(nn.GroupNorm(2, 4), picture),
        "InstanceNorm2d": case(nn.InstanceNorm2d(4, affine=True), picture),
        "InstanceNorm1d, plain": case(nn.InstanceNorm1d(3), row),
        "RMSNorm": case(nn.RMSNorm(6, eps=1e-5), (2, 3, 6)),
        "Embedding": case(nn.Embedding(7, 3), indices=[[3, 0, 6], [3, 3, 1]]),
        "RNN": case(nn.RNN(4, 3, batch_first=True, nonlinearity="relu"), (2, 5, 4), run=first),
        "LSTM": case(nn.LSTM(4, 3, batch_first=True), (2, 5, 4), run=first),
        "LSTM, two layers, both ways": case(nn.LSTM(4, 3, num_layers=2, bidirectional=True), (5, 2, 4), run=first),
        "GRU": case(nn.GRU(4, 3, batch_first=True, bidirectional=True), (2, 5, 4), run=first),
        "GRU, two layers": case(nn.GRU(4, 3, num_layers=2, bias=False, batch_first=True), (2, 5, 4), run=first),
        "MultiheadAttention": case(
            nn.MultiheadAttention(6, 2, batch_first=True), (2, 5, 6), (2, 4, 6), (2, 4, 6), run=attended
        ),
        "MultiheadAttention, causal": case(nn.MultiheadAttention(6, 3, batch_first=True), (2, 5, 6), run=causal),
        "ReLU": case(nn.ReLU(), (3, 4)),
        "LeakyReLU": case(nn.LeakyReLU(0.2), (3, 4)),
        "ELU": case(nn.ELU(1.3), (3, 4)),
        "SELU": case(nn.SELU(), (3, 4)),
        "CELU": case(nn.CELU(0.7), (3, 4)),
        "GELU": case(nn.GELU(), (3, 4)),
        "GELU, tanh": case(nn.GELU("tanh"), (3, 4)),
        "SiLU": case(nn.SiLU(), (3, 4)),
        "Mish": case(nn.Mish(), (3, 4)),
        "Sigmoid": case(nn.Sigmoid(), (3, 4)),
        "Tanh": case(nn.Tanh(), (3, 4)),
        "Softplus": case(nn.Softplus(), (3, 4)),
        "Softsign": case(nn.Softsign(), (3, 4)),
        "Hardsigmoid": case(nn.Hardsigmoid(), (3, 4)),
        "Hardswish": case(nn.Hardswish(), (3, 4)),
        "Softmax": case(nn.Softmax(1), (3, 4, 2)),
        "LogSoftmax": case(nn.LogSoftmax(-1), (3, 4)),
        "PReLU": case(nn.PReLU(), (3, 4)),
        "PReLU, channels": case(nn.PReLU(4), picture),
    }


def training():
    """Ten steps of a whole network. A bias before BatchNorm has gradients of rounding errors only, which Adam enlarges: none."""
    x, labels = wave((7, 5)), torch.tensor([2, 0, 1, 1, 2, 0, 1])
    found = {}
    for name, make in {
        "adamw": lambda p: torch.optim.AdamW(p, 0.05, weight_decay=0.1),
        "sgd": lambda p: torch.optim.SGD(p, 0.1, momentum=0.9, nesterov=True),
    }.items():
        net = nn.Sequential(nn.Linear(5, 4, bias=False), nn.BatchNorm1d(4), nn.Tanh(), nn.Linear(4, 3))
        fill(net)
        optimizer = make(net.parameters())
        losses = []
        for _ in range(10):
            loss = nn.functional.cross_entropy(net(x), labels, label_smoothing=0.1)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
            optimizer.step()
            losses.append(float(f"{loss.item():.9g}"))
        net.eval()
        found[name] = {"losses": losses, "after": numbers(net(x))}
    return found


small = nn.Sequential(nn.Linear(2, 1), nn.BatchNorm1d(1)).float()
fill(small)
content = {
    "about": {
        "torch": torch.__version__.split("+")[0],
        "safetensors": safetensors.__version__,
        "script": "scripts/references/layers.py",
    },
    "cases": cases(),
    "training": training(),
    "safetensors": base64.b64encode(safetensors.torch.save(small.state_dict(), {"format": "pt"})).decode(),
}
text = json.dumps(content, separators=(",", ":"))
(ROOT / "layers.fixture.json").write_text(text.replace('},"', '},\n"') + "\n")
