"""Writes src/core/minifloat.frozen.json: what ml_dtypes says of floats of 8 and 4 bits.

    python scripts/references/minifloat.py        needs: numpy, ml_dtypes

Per type: `values`, the float32 of every code; `inputs`, float32 numbers, and their codes with and without saturation.
All as base64 of little-endian bytes.
"""

import base64
import json

import ml_dtypes
import numpy as np

SEED = 20
TYPES = {
    "float8e4m3fn": ml_dtypes.float8_e4m3fn,
    "float8e4m3fnuz": ml_dtypes.float8_e4m3fnuz,
    "float8e5m2": ml_dtypes.float8_e5m2,
    "float8e5m2fnuz": ml_dtypes.float8_e5m2fnuz,
    "float4e2m1": ml_dtypes.float4_e2m1fn,
}


def text(array):
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def inputs_of(values, random):
    """Every value, every middle between neighbours, what lies beside them, and numbers of all sizes."""
    finite = np.unique(values[np.isfinite(values)])
    middles = ((finite[1:].astype(np.float64) + finite[:-1]) / 2).astype(np.float32)
    beside = np.concatenate([np.nextafter(middles, np.float32(np.inf)), np.nextafter(middles, np.float32(-np.inf))])
    sizes = (random.standard_normal(100) * 2.0 ** random.uniform(-20, 20, 100)).astype(np.float32)
    edge = np.float32(finite[-1]) * np.float32([1.01, 1.03125, 1.0625, 1.07, 1.125, 1.13, 1.25, 2])
    return np.concatenate([finite, middles, beside, sizes, edge, -edge]).astype(np.float32)


def main():
    random = np.random.default_rng(SEED)
    frozen = {"versions": {"ml_dtypes": ml_dtypes.__version__, "numpy": np.__version__}, "seed": SEED, "types": {}}
    for name, dtype in TYPES.items():
        count = 16 if name == "float4e2m1" else 256
        values = np.arange(count, dtype=np.uint8).view(dtype).astype(np.float32)
        inputs = inputs_of(values, random)
        largest = np.float32(ml_dtypes.finfo(dtype).max)
        frozen["types"][name] = {
            "values": text(values),
            "inputs": text(inputs),
            "saturated": text(np.clip(inputs, -largest, largest).astype(dtype).view(np.uint8)),
            "plain": text(inputs.astype(dtype).view(np.uint8)),
        }
    values = np.arange(256, dtype=np.uint8).view(ml_dtypes.float8_e8m0fnu).astype(np.float32)
    frozen["types"]["float8e8m0"] = {"values": text(values)}
    with open("src/core/minifloat.frozen.json", "w") as file:
        file.write(json.dumps(frozen, indent=2) + "\n")


if __name__ == "__main__":
    main()
