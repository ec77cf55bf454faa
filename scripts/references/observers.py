"""Freezes ranges that other programs choose, for src/engine/observers/observers.test.ts.

usage: python observers.py > ../../src/engine/observers/observers.fixture.json   (numpy)

Values are quantiles (i + 0.5) / n of known distributions, which any language computes alike, so only the ranges are stored.
- percentile: numpy.quantile of |x|.
- entropy: Migacz's loop as on his slides (GTC 2017, "8-bit inference with TensorRT"): 2048 bins of |x|, 128 levels, every
  number of bins from 128 on. The bin of zero keeps its own level. onnxruntime's version is no reference: its last level takes all
  bins that are left over, so its thresholds fall on multiples of the number of levels.
- error: brute force over all values (not bins): least sum of |x - x'|^p over thresholds, int8 symmetric and uint8 asymmetric.
"""
import json

import numpy as np

N = 50_000


def quantiles(inverse):
    u = (np.arange(N) + 0.5) / N
    return inverse(u).astype(np.float32)


DISTRIBUTIONS = {
    "laplace": lambda u: np.where(u < 0.5, np.log(2 * u), -np.log(2 * (1 - u))),
    "logistic": lambda u: np.log(u / (1 - u)) - 0.7,
    "exponential": lambda u: -np.log(1 - u),
    "relu": lambda u: np.maximum(0, np.log(u / (1 - u))),
    "heavy": lambda u: np.where(u < 0.5, -1, 1) * ((1 - np.abs(2 * u - 1)) ** -0.5 - 1),
}


def entropy(x, bins=2048, levels=128):
    x = np.abs(x)
    x = x[x > 0]
    counts, edges = np.histogram(x, bins=bins, range=(0, x.max()))
    best = None
    for i in range(levels, bins + 1):
        inside = counts[:i]
        p = inside.astype(float)
        p[-1] += counts[i:].sum()
        level = np.arange(i) * levels // i
        held = np.bincount(level, weights=inside, minlength=levels)
        used = np.bincount(level, weights=inside > 0, minlength=levels)
        q = np.where(inside > 0, (held / np.maximum(used, 1))[level], 0)
        if p[-1] > 0 and q[-1] == 0:
            continue
        keep = p > 0
        p, q = p[keep] / p.sum(), q[keep] / q.sum()
        divergence = float((p * np.log(p / q)).sum())
        if best is None or divergence <= best[0]:
            best = (divergence, float(edges[i]))
    return best[1]


def grid(low, high, kind):
    low, high = min(0.0, low), max(0.0, high)
    if kind == "int8":
        return max(-low, high) / 127, -127, 127
    scale = (high - low) / 255
    zero = round(-low / scale)
    return scale, -zero, 255 - zero


def error(x, low, high, kind, power):
    scale, least, most = grid(low, high, kind)
    back = np.clip(np.rint(x / scale), least, most) * scale
    return float((np.abs(x - back) ** power).sum())


def threshold(x, kind, power):
    x = x.astype(np.float64)
    largest = np.abs(x).max()
    tries = largest * np.arange(1, 2001) / 2000
    costs = [error(x, max(x.min(), -t), min(x.max(), t), kind, power) for t in tries]
    return {"threshold": float(tries[int(np.argmin(costs))]), "error": min(costs)}


def main():
    result = {}
    for name, inverse in DISTRIBUTIONS.items():
        x = quantiles(inverse)
        result[name] = {
            "min": float(x.min()),
            "max": float(x.max()),
            "percentile": {str(s): float(np.quantile(np.abs(x), s)) for s in (0.99, 0.999, 0.9999)},
            "entropy": entropy(x),
            "int8": {str(p): threshold(x, "int8", p) for p in (1, 2, 4)},
            "uint8": {str(p): threshold(x, "uint8", p) for p in (2,)},
        }
    print(json.dumps({"n": N, "distributions": result}, indent=1))


main()
