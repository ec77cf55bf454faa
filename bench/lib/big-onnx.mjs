import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { PbfWriter } from 'pbf'

const ROWS = 4096
const COLUMNS = 4096
const LAYER_BYTES = ROWS * COLUMNS * 4

/**
 * Writes `big.onnx` and `big.onnx.data`: a chain of MatMul layers of 64 MiB each.
 * @returns {string} path of the model
 */
export function writeBigModel(folder, gigabytes) {
  const layers = Math.max(1, Math.round((gigabytes * 1e9) / LAYER_BYTES))
  const data = openSync(join(folder, 'big.onnx.data'), 'w')
  for (let layer = 0; layer < layers; layer++) writeSync(data, layerWeights(layer))
  closeSync(data)
  const path = join(folder, 'big.onnx')
  writeFileSync(path, modelProto(layers))
  return path
}

/** Values of a narrow bell, different in every layer, from a small linear congruential generator. */
function layerWeights(layer) {
  const values = new Float32Array(ROWS * COLUMNS)
  let state = layer + 1
  for (let i = 0; i < values.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    values[i] = (state / 2 ** 32 + ((state >>> 7) & 0xffff) / 65536 - 1) * 0.05
  }
  return new Uint8Array(values.buffer)
}

// Field numbers of onnx.proto: ModelProto, GraphProto, NodeProto, TensorProto, ValueInfoProto.
function modelProto(layers) {
  const pbf = new PbfWriter()
  pbf.writeVarintField(1, 8)
  pbf.writeMessage(7, writeGraph, layers)
  pbf.writeMessage(8, (_, out) => out.writeVarintField(2, 17), null)
  return pbf.finish()
}

function writeGraph(layers, pbf) {
  for (let i = 0; i < layers; i++) {
    pbf.writeMessage(1, (_, out) => {
      out.writeStringField(1, i === 0 ? 'x' : `h${i}`)
      out.writeStringField(1, `w${i}`)
      out.writeStringField(2, i === layers - 1 ? 'y' : `h${i + 1}`)
      out.writeStringField(3, `matmul${i}`)
      out.writeStringField(4, 'MatMul')
    })
  }
  pbf.writeStringField(2, 'big')
  for (let i = 0; i < layers; i++) pbf.writeMessage(5, writeTensor, i)
  pbf.writeMessage(11, writeValue, ['x', ROWS])
  pbf.writeMessage(12, writeValue, ['y', COLUMNS])
}

function writeTensor(index, pbf) {
  pbf.writePackedVarint(1, [ROWS, COLUMNS])
  pbf.writeVarintField(2, 1)
  pbf.writeStringField(8, `w${index}`)
  for (const [key, value] of [
    ['location', 'big.onnx.data'],
    ['offset', String(index * LAYER_BYTES)],
    ['length', String(LAYER_BYTES)],
  ]) {
    pbf.writeMessage(13, (_, out) => {
      out.writeStringField(1, key)
      out.writeStringField(2, value)
    })
  }
  pbf.writeVarintField(14, 1)
}

function writeValue([name, size], pbf) {
  pbf.writeStringField(1, name)
  pbf.writeMessage(2, (_, type) =>
    type.writeMessage(1, (__, tensor) => {
      tensor.writeVarintField(1, 1)
      tensor.writeMessage(2, (___, shape) => {
        for (const dim of [1, size]) shape.writeMessage(1, (____, out) => out.writeVarintField(1, dim))
      })
    }),
  )
}
