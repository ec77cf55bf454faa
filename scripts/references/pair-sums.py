"""Freezes what onnxruntime's processor provider computes on x86 without VNNI, where pairs of products saturate.

    qemu-x86_64 -cpu Haswell python scripts/references/pair-sums.py > src/engine/saturating/saturating.frozen.json

Needs onnx, onnxruntime and numpy, and a processor with AVX2 and without VNNI: Haswell, emulated where the real one is newer
(on one with VNNI the sums are exact, and the script refuses). Of each case: the model, its input and its output, in base64.
"""

import base64
import json
import sys

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto as T
from onnx import helper as h
from onnx import numpy_helper

SEED = 20
rng = np.random.default_rng(SEED)
TYPES = {np.dtype("uint8"): T.UINT8, np.dtype("int8"): T.INT8, np.dtype("float32"): T.FLOAT, np.dtype("int32"): T.INT32}


def text(array):
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def case(name, nodes, x, constants, output):
    graph = h.make_graph(
        nodes,
        "g",
        [h.make_tensor_value_info("x", TYPES[x.dtype], x.shape)],
        [h.make_tensor_value_info("y", output, None)],
        [numpy_helper.from_array(np.asarray(value), key) for key, value in constants.items()],
    )
    opsets = [h.make_opsetid("", 13), h.make_opsetid("com.microsoft", 1)]
    model = h.make_model(graph, opset_imports=opsets, ir_version=8, producer_name="references").SerializeToString()
    options = ort.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = 1
    session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    y = session.run(None, {"x": x})[0]
    return {
        "name": name,
        "model": base64.b64encode(model).decode(),
        "input": {"dtype": x.dtype.name, "shape": x.shape, "data": text(x)},
        "output": {"dtype": y.dtype.name, "shape": y.shape, "data": text(y)},
    }


def weights(shape):
    w = rng.integers(-128, 128, shape).astype(np.int8)
    w[0] = 0
    return w


def scales(count):
    return (0.001 + 0.004 * rng.random(count)).astype(np.float32)


def bytes_of(shape, dtype):
    low = 0 if dtype == np.uint8 else -128
    return rng.integers(low, low + 256, shape).astype(dtype)


def conv_case(name, channels, outputs, kernel, form, dtype=np.uint8, wdtype=np.int8, act=None, zero=None, **attributes):
    group = attributes.get("group", 1)
    spatial = [5, 6][: len(kernel)]
    w = weights([outputs, channels // group, *kernel])
    if wdtype == np.uint8:
        w = (w.astype(np.int16) + 128).astype(np.uint8)
    za, zy = (13, 120) if dtype == np.uint8 else (-9, -4)
    zy = zy if zero is None else zero
    sx, sw, sy = np.float32(0.037), scales(outputs), np.float32(0.06 * np.sqrt(w[0].size))
    zw = np.full(outputs, 128 if wdtype == np.uint8 else 0, wdtype)
    b = rng.integers(-2000, 2000, outputs).astype(np.int32)
    shape = [2, channels, *spatial]
    constants = {"sx": sx, "zx": dtype(za), "w": w, "sw": sw, "zw": zw, "sy": sy, "zy": dtype(zy), "b": b}
    if form == "qoperator":
        node = h.make_node("QLinearConv", ["x", "sx", "zx", "w", "sw", "zw", "sy", "zy", "b"], ["y"], **attributes)
        return case(name, [node], bytes_of(shape, dtype), constants, TYPES[np.dtype(dtype)])
    constants |= {"sb": (sx * sw).astype(np.float32), "zb": np.zeros(outputs, np.int32)}
    x = rng.normal(3, 4, shape).astype(np.float32)
    return case(name, qdq("Conv", act, constants, 0, **attributes), x, constants, T.FLOAT)


def qdq(op, act, constants, axis, has_q=True, has_bias=True, **attributes):
    dq = lambda name, s, z, out, **more: h.make_node("DequantizeLinear", [name, s, z], [out], **more)
    nodes = [h.make_node("QuantizeLinear", ["x", "sx", "zx"], ["xq"]), dq("xq", "sx", "zx", "xf")]
    nodes.append(dq("w", "sw", "zw", "wf", axis=axis))
    inputs = ["xf", "wf"]
    if has_bias:
        nodes.append(dq("b", "sb", "zb", "bf", axis=0))
        inputs.append("bf")
    nodes.append(h.make_node(op, inputs, ["c" if has_q else "y"], **attributes))
    last = "c"
    if act == "Relu":
        nodes.append(h.make_node("Relu", ["c"], ["r"]))
    if act == "Clip":
        constants |= {"low": np.float32(0), "high": np.float32(6)}
        nodes.append(h.make_node("Clip", ["c", "low", "high"], ["r"]))
    if act:
        last = "r"
    if has_q:
        nodes += [h.make_node("QuantizeLinear", [last, "sy", "zy"], ["yq"]), dq("yq", "sy", "zy", "y")]
    return nodes


def matrix_case(name, op, form, dtype=np.uint8, has_q=True, trans=False, zero_b=0, per_channel=True, rows=(3, 33, 7)):
    m, k, n = rows
    w = weights([k, n])
    za, zy = (13, 120) if dtype == np.uint8 else (-9, -4)
    sx, sy = np.float32(0.037), np.float32(2.5)
    sw = scales(n) if per_channel else np.float32(0.003)
    zw = np.full(n, zero_b, np.int8) if per_channel else np.int8(zero_b)
    b = rng.integers(-2000, 2000, n).astype(np.int32)
    constants = {"sx": sx, "zx": dtype(za), "sw": sw, "zw": zw, "sy": sy, "zy": dtype(zy)}
    constants |= {"w": w.T.copy() if trans else w}
    if op == "Gemm":
        constants |= {"b": b, "sb": (sx * sw).astype(np.float32), "zb": np.zeros_like(sw, np.int32)}
    more = {"transB": 1} if trans else {}
    if form == "qdq":
        x = rng.normal(3, 4, [m, k]).astype(np.float32)
        nodes = qdq(op, None, constants, 0 if trans else 1, has_q, op == "Gemm", **more)
        return case(name, nodes, x, constants, T.FLOAT)
    x = bytes_of([m, k], dtype)
    kind = TYPES[np.dtype(dtype)]
    if op == "MatMulInteger":
        return case(name, [h.make_node(op, ["x", "w", "zx", "zw"], ["y"])], x, constants, T.INT32)
    if op == "QLinearMatMul":
        inputs = ["x", "sx", "zx", "w", "sw", "zw", "sy", "zy"]
        return case(name, [h.make_node(op, inputs, ["y"])], x, constants, kind)
    if op == "QGemm":
        constants["b"] = b
        inputs = ["x", "sx", "zx", "w", "sw", "zw", "b"] + (["sy", "zy"] if has_q else [])
        node = h.make_node(op, inputs, ["y"], domain="com.microsoft", **more)
        return case(name, [node], x, constants, kind if has_q else T.FLOAT)
    constants["bf"] = (b * np.float32(0.001)).astype(np.float32)
    inputs = ["x", "w", "sx", "sw", "zx", "zw", "bf"]
    return case(name, [h.make_node(op, inputs, ["y"], domain="com.microsoft")], x, constants, T.FLOAT)


def dynamic_case():
    w = weights([33, 7])
    nodes = [
        h.make_node("DynamicQuantizeLinear", ["x"], ["xq", "sx", "zx"]),
        h.make_node("MatMulInteger", ["xq", "w", "zx"], ["i"]),
        h.make_node("Cast", ["i"], ["f"], to=T.FLOAT),
        h.make_node("Mul", ["sx", "sw"], ["s"]),
        h.make_node("Mul", ["f", "s"], ["y"]),
    ]
    x = rng.normal(1, 3, [3, 33]).astype(np.float32)
    return case("MatMulInteger behind DynamicQuantizeLinear", nodes, x, {"w": w, "sw": scales(7)}, T.FLOAT)


def refuse_vnni():
    x, w = np.full([1, 8], 255, np.uint8), np.full([8, 16], 127, np.int8)
    found = case("", [h.make_node("MatMulInteger", ["x", "w"], ["y"])], x, {"w": w}, T.INT32)
    if np.frombuffer(base64.b64decode(found["output"]["data"]), np.int32)[0] != 4 * 32767:
        sys.exit("This processor does not saturate. Run the script on an emulated Haswell, as its first lines say.")


def all_cases():
    for form in ("qoperator", "qdq"):
        same = dict(form=form, pads=[1, 1, 1, 1])
        yield conv_case(f"Conv, odd channels, {form}", 3, 5, [3, 3], **same)
        yield conv_case(f"Conv, stride 2, {form}", 8, 12, [3, 3], strides=[2, 2], **same)
        yield conv_case(f"Conv, dilated, {form}", 5, 7, [3, 3], form, pads=[2, 2, 2, 2], dilations=[2, 2])
        yield conv_case(f"Conv, 1 × 1, {form}", 16, 9, [1, 1], form)
        yield conv_case(f"Conv, asymmetric kernel and pads, {form}", 4, 6, [1, 3], form, pads=[0, 2, 0, 1])
        yield conv_case(f"Conv, two groups, {form}", 6, 4, [3, 3], group=2, **same)
        yield conv_case(f"Conv, groups of one channel and two outputs, {form}", 4, 8, [3, 3], group=4, **same)
        yield conv_case(f"Conv, depthwise, {form}", 8, 8, [3, 3], group=8, **same)
        yield conv_case(f"Conv, one axis, {form}", 6, 5, [3], form, pads=[1, 1])
        yield conv_case(f"Conv, int8 activations, {form}", 8, 6, [3, 3], dtype=np.int8, **same)
        yield conv_case(f"Conv, uint8 weights, {form}", 8, 6, [3, 3], wdtype=np.uint8, **same)
    for act, dtype, zero in (
        ("Relu", np.uint8, 0),
        ("Relu", np.int8, -128),
        ("Relu", np.uint8, 120),
        ("Clip", np.uint8, 0),
    ):
        name = f"Conv, {act}, {np.dtype(dtype).name} with zero point {zero}"
        yield conv_case(name, 8, 6, [3, 3], "qdq", dtype=dtype, act=act, zero=zero, pads=[1, 1, 1, 1])
    for dtype in (np.uint8, np.int8):
        kind = np.dtype(dtype).name
        for op in ("MatMul", "Gemm"):
            yield matrix_case(f"{op}, {kind}", op, "qdq", dtype)
            yield matrix_case(f"{op}, {kind}, to float", op, "qdq", dtype, has_q=False)
        for op in ("MatMulInteger", "QLinearMatMul", "QGemm", "MatMulIntegerToFloat"):
            yield matrix_case(f"{op}, {kind}", op, "integer", dtype)
    yield matrix_case("Gemm, transposed", "Gemm", "qdq", trans=True)
    yield matrix_case("Gemm, one scale", "Gemm", "qdq", per_channel=False)
    yield matrix_case("QGemm to float", "QGemm", "integer", has_q=False)
    yield matrix_case("MatMulInteger, zero point of weights", "MatMulInteger", "integer", zero_b=3)
    yield matrix_case("MatMulInteger, one row", "MatMulInteger", "integer", rows=(1, 40, 5))
    yield matrix_case("MatMulInteger, one column", "MatMulInteger", "integer", rows=(5, 40, 1))
    yield dynamic_case()


refuse_vnni()
cases = list(all_cases())
print(json.dumps({"versions": {"onnxruntime": ort.__version__, "onnx": onnx.__version__, "seed": SEED}, "cases": cases}))
