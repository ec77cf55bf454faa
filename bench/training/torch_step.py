"""Steps of training in PyTorch (eager, one thread), for bench/training. Reads lines of JSON, answers with lines of JSON."""

import json
import struct
import sys
import time

import torch
from torch import nn

torch.set_num_threads(1)


def floats(problem, key):
    data = bytes.fromhex(problem[key])
    return torch.tensor(struct.unpack(f"<{len(data) // 4}f", data))


def build(problem):
    """The network with the weights that all contestants begin with; [from, to] becomes PyTorch's [to, from]."""
    if problem["network"] == "mlp":
        model = nn.Sequential(nn.Linear(30, 64), nn.ReLU(), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 1))
    else:
        model = nn.Sequential(
            *(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
            *(nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(1568, 10)),
        )
    with torch.no_grad():
        for parameter, given in zip(model.parameters(), problem["parameters"]):
            values = floats(given, "values").reshape(given["shape"])
            parameter.copy_(values.T if values.dim() == 2 else values)
    return model


def stepper(problem):
    model = build(problem)
    batch = problem["batch"]
    x = floats(problem, "samples").reshape([batch, *problem["sample"]])
    if problem["network"] == "mlp":
        y = torch.tensor(problem["targets"], dtype=torch.float32).reshape(batch, 1)
        criterion = nn.BCEWithLogitsLoss()
    else:
        y = torch.tensor(problem["targets"])
        criterion = nn.CrossEntropyLoss()
    adam = torch.optim.Adam(model.parameters(), lr=1e-3)

    def step():
        adam.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        adam.step()
        return loss

    return step


steps = {}
for line in sys.stdin:
    task = json.loads(line)
    key = task["key"]
    if "problem" in task:
        steps[key] = stepper(task["problem"])
        print(json.dumps({"ready": True, "version": torch.__version__}), flush=True)
        continue
    begin = time.perf_counter()
    for _ in range(task["count"]):
        loss = steps[key]()
    value = loss.item()
    print(json.dumps({"loss": value, "ms": 1000 * (time.perf_counter() - begin) / task["count"]}), flush=True)
