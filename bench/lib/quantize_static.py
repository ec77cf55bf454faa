"""onnxruntime's own static quantizer on given inputs, in a process of its own; prints one JSON line.

    python quantize_static.py MODEL.onnx INPUTS.npz OUT.onnx --calibrator minmax|entropy|percentile [--reduce-range]

INPUTS.npz holds one array [samples, ...] per input. A model below opset 13 is lifted by onnx's converter first, since
the quantizer writes per-channel files below it that do not load. Options are the tool's defaults, except QDQ form, u8
activations and per-channel s8 weights: what the other side does too. Peak memory is that of this process above what it
held when model and inputs were loaded.
"""

import argparse
import json
import resource
import time

import numpy as np
import onnx
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quant_pre_process,
    quantize_static,
)

METHODS = {
    "minmax": CalibrationMethod.MinMax,
    "entropy": CalibrationMethod.Entropy,
    "percentile": CalibrationMethod.Percentile,
}


class Samples(CalibrationDataReader):
    def __init__(self, arrays):
        self.arrays = arrays
        self.count = len(next(iter(arrays.values())))
        self.at = 0

    def get_next(self):
        if self.at == self.count:
            return None
        self.at += 1
        return {name: array[self.at - 1 : self.at] for name, array in self.arrays.items()}


def peak_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("inputs")
    parser.add_argument("output")
    parser.add_argument("--calibrator", choices=METHODS, required=True)
    parser.add_argument("--reduce-range", action="store_true")
    options = parser.parse_args()

    model = onnx.load(options.model)
    opset = next(entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx"))
    source = options.model
    if opset < 13:
        source = options.output + ".lifted.onnx"
        onnx.save(onnx.version_converter.convert_version(model, 13), source)
    prepared = options.output + ".prepared.onnx"
    quant_pre_process(source, prepared, skip_symbolic_shape=True)
    with np.load(options.inputs) as file:
        reader = Samples({name: file[name] for name in file.files})
    before = peak_mb()
    start = time.perf_counter()
    quantize_static(
        prepared,
        options.output,
        reader,
        quant_format=QuantFormat.QDQ,
        per_channel=True,
        reduce_range=options.reduce_range,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        calibrate_method=METHODS[options.calibrator],
    )
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "addedMb": peak_mb() - before, "peakMb": peak_mb()}))


main()
