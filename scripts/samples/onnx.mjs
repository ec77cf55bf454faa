/** Writes the few ONNX messages that the samples need. Field numbers: onnx.proto (IR 10). */

const bytesOf = (...parts) => Buffer.concat(parts.flat(Infinity))

function varint(value) {
  const out = []
  let rest = BigInt.asUintN(64, BigInt(value))
  for (; rest > 127n; rest >>= 7n) out.push(Number(rest & 127n) | 128)
  return Buffer.from([...out, Number(rest)])
}

const int = (field, value) => bytesOf(varint(field * 8), varint(value))
const message = (field, ...parts) => {
  const body = bytesOf(...parts)
  return bytesOf(varint(field * 8 + 2), varint(body.length), body)
}
const text = (field, value) => message(field, Buffer.from(value))

export const FLOAT = 1
export const INT8 = 3

/** A tensor whose elements stand in `array` (Float32Array, Int8Array, BigInt64Array), as raw_data. */
export const tensor = (name, type, dims, array) =>
  bytesOf(
    dims.map((d) => int(1, d)),
    int(2, type),
    text(8, name),
    message(9, Buffer.from(array.buffer, array.byteOffset, array.byteLength)),
  )

const attribute = (name, value) =>
  Array.isArray(value)
    ? message(
        5,
        text(1, name),
        value.map((v) => int(8, v)),
        int(20, 7),
      )
    : message(5, text(1, name), int(3, value), int(20, 2))

/** @param attributes whole numbers, or arrays of them, by name */
export const node = (opType, name, inputs, outputs, attributes = {}) =>
  bytesOf(
    inputs.map((i) => text(1, i)),
    outputs.map((o) => text(2, o)),
    text(3, name),
    text(4, opType),
    Object.entries(attributes).map(([key, value]) => attribute(key, value)),
  )

/** @param dims sizes, or names of symbolic ones */
const valueInfo = (name, dims) =>
  bytesOf(
    text(1, name),
    message(
      2,
      message(
        1,
        int(1, FLOAT),
        message(
          2,
          dims.map((d) => message(1, typeof d === 'string' ? text(2, d) : int(1, d))),
        ),
      ),
    ),
  )

export function model({ name, doc, opset, nodes, tensors, inputs, outputs }) {
  const graph = [
    nodes.map((n) => message(1, n)),
    text(2, name),
    tensors.map((t) => message(5, t)),
    inputs.map(([input, dims]) => message(11, valueInfo(input, dims))),
    outputs.map(([output, dims]) => message(12, valueInfo(output, dims))),
  ]
  return bytesOf(int(1, 8), text(2, 'plume-samples'), text(6, doc), message(7, graph), message(8, int(2, opset)))
}
