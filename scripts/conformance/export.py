"""Writes ONNX's own node tests as files that scripts/conformance.mjs runs.

    python scripts/conformance/export.py [FOLDER]        default: build/conformance

Needs the Python package `onnx` (developed with 1.23.2; the version found is recorded) and numpy. Works offline: the
package builds its cases itself. Each case becomes FOLDER/<name>/{model.onnx,input_<i>.pb,output_<i>.pb}, and
FOLDER/index.json lists them with operator, opset, tolerance and, where a case lies outside the engine's coverage, why.
"""

import json
import re
import sys
import warnings
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, numpy_helper

LAST_OPSET = 25

INTEGER_KERNELS = {"ConvInteger", "MatMulInteger", "QLinearConv", "QLinearMatMul"}
TRAINING = {"ai.onnx.preview.training"}


def load_cases():
    # the casting tests overflow on purpose
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from onnx.backend.test.loader import load_model_tests

        return load_model_tests(kind="node")


def opset_of(model, domain=""):
    return next((one.version for one in model.opset_import if one.domain in (domain, "ai.onnx" if domain == "" else domain)), None)


def tensor_types(value):
    """Element types that a type mentions."""
    kind = value.WhichOneof("value")
    if kind in ("tensor_type", "sparse_tensor_type"):
        return {getattr(value, kind).elem_type}
    if kind in ("sequence_type", "optional_type"):
        return tensor_types(getattr(value, kind).elem_type)
    return set()


def all_nodes(graph):
    for node in graph.node:
        yield node
        for attribute in node.attribute:
            if attribute.type == onnx.AttributeProto.GRAPH:
                yield from all_nodes(attribute.g)


def why_outside(model):
    """The reason for which a case is not counted, or None."""
    domains = {node.domain for node in all_nodes(model.graph)}
    operators = {node.op_type for node in all_nodes(model.graph)}
    values = [*model.graph.input, *model.graph.output, *model.graph.value_info]
    kinds = {value.type.WhichOneof("value") for value in values}
    types = set().union(*(tensor_types(value.type) for value in values)) if values else set()
    if domains & TRAINING or any(node.op_type in ("Gradient", "GraphCall") for node in model.graph.node):
        return "training operator"
    if "ai.onnx.ml" in domains:
        return "ai.onnx.ml operator"
    if any(domain not in ("", "ai.onnx") for domain in domains):
        return "preview operator"
    if (opset_of(model) or 1) > LAST_OPSET:
        return f"opset above {LAST_OPSET}"
    if "ImageDecoder" in operators:
        return "image decoding"
    if "optional_type" in kinds or any(name.startswith("Optional") for name in operators):
        return "optional type"
    if "sequence_type" in kinds or any("Sequence" in name and name != "ReverseSequence" for name in operators):
        return "sequence type"
    if TensorProto.STRING in types or any(name.startswith(("String", "Regex")) for name in operators):
        return "string type"
    if operators & INTEGER_KERNELS:
        return "integer-kernel operator"
    return None


def proto_of(value, name):
    if isinstance(value, TensorProto):
        copy = TensorProto()
        copy.CopyFrom(value)
        copy.name = name
        return copy
    if isinstance(value, list) or value is None:
        return None
    return numpy_helper.from_array(np.asarray(value), name)


def main_operator(case, operators):
    """The operator under test; of a test of an expanded function, that of the test it comes from."""
    base = re.sub(r"_expanded(_ver\d+)?$", "", case.name)
    return operators.get(base) or operators[case.name]


def write_case(case, folder):
    at = folder / case.name
    at.mkdir(parents=True, exist_ok=True)
    (at / "model.onnx").write_bytes(case.model.SerializeToString())
    inputs, outputs = case.data_sets[0]
    for side, values, declared in (("input", inputs, case.model.graph.input), ("output", outputs, case.model.graph.output)):
        for i, value in enumerate(values):
            proto = proto_of(value, declared[i].name)
            if proto is None:
                return False
            (at / f"{side}_{i}.pb").write_bytes(proto.SerializeToString())
    return True


def main():
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "build/conformance")
    cases = sorted(load_cases(), key=lambda case: case.name)
    own = {case.name: next((node.op_type for node in case.model.graph.node), "") for case in cases}
    rows = []
    for case in cases:
        outside = why_outside(case.model)
        has_tensors = write_case(case, folder)
        if not has_tensors and outside is None:
            outside = "value that is not a tensor"
        inputs, outputs = case.data_sets[0]
        rows.append(
            {
                "name": case.name,
                "operator": main_operator(case, own),
                "opset": opset_of(case.model) or 1,
                "isExpanded": "_expanded" in case.name,
                "inputs": len(inputs),
                "outputs": len(outputs),
                "rtol": case.rtol,
                "atol": case.atol,
                "outside": outside,
            }
        )
    index = {"onnx": onnx.__version__, "numpy": np.__version__, "lastOpset": LAST_OPSET, "cases": rows}
    (folder / "index.json").write_text(json.dumps(index, indent=1) + "\n")
    inside = [row for row in rows if row["outside"] is None]
    print(f"onnx {onnx.__version__}: {len(rows)} node tests, {len(inside)} inside the coverage, in {folder}")


if __name__ == "__main__":
    main()
